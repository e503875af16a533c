"""One question from its sending to its checked and kept answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from rag.errors import ReplyDeskError, StoreError
from rag.filters import NOTHING, Filters
from rag.records import Turn
from screens.chat.exchange import Exchange
from screens.chat.stream import StoppableStream
from screens.seams import Desk
from screens.texts import texts_for

QUESTION_AT_MOST = 2000  # characters
DRAFT_EVERY_SECONDS = 0.12  # a draft is redrawn this often at most

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is sent."""

    question: str
    owner: str
    conversation_id: str  # empty: begin one
    exchanges: tuple[Exchange, ...]  # before it
    language: str
    replaces: str = ""  # ticket of the exchange that is asked in other words
    filters: Filters = NOTHING


@dataclass(frozen=True, slots=True)
class Moment:
    """The conversation while a question is answered."""

    conversation_id: str  # empty: it could not be kept
    exchanges: tuple[Exchange, ...]  # the finished ones
    current: Exchange


class Asking:
    """All questions that are being answered."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._running: dict[str, StoppableStream] = {}  # by ticket
        self._left: set[str] = set()

    def stop(self, ticket: str) -> None:
        """End the answer; what was proved by then stays."""
        if stream := self._running.get(ticket):
            stream.stop()

    def leave(self, ticket: str) -> None:
        """The reader looks at another conversation: the answer goes on unseen and is kept."""
        if ticket in self._running:
            self._left.add(ticket)

    def follow(self, asked: Asked) -> Iterator[Moment]:
        """Every state of the question's exchange, the last one done; nothing more once the reader has left."""
        texts = texts_for(asked.language)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        exchange = Exchange(asked.question, ticket=uuid4().hex, asked_at=now, filters=asked.filters)
        asked, fault = self._open_conversation(asked)
        number, before = asked.conversation_id, asked.exchanges
        yield Moment(number, before, exchange)
        if len(asked.question) > QUESTION_AT_MOST:
            reason = texts.chat.too_long.format(length=len(asked.question), limit=QUESTION_AT_MOST)
            yield self._finish(asked, replace(exchange, question=asked.question[:200] + "…", error=reason))
            return
        stream = self._running[exchange.ticket] = StoppableStream(self._desk.ask(asked.question, _history(before), asked.filters))
        try:
            for exchange in _read(stream, exchange):  # noqa: B020 - each is the next state of the same exchange
                if exchange.ticket not in self._left:
                    yield Moment(number, before, exchange)
        except ReplyDeskError as error:
            _log.warning("Question failed: %s", error)
            exchange = replace(exchange, error=say(error, asked.language))
        except GeneratorExit:  # the page was closed
            self._finish(asked, replace(exchange, is_stopped=True))
            raise
        finally:
            del self._running[exchange.ticket]
        moment = self._finish(asked, replace(exchange, is_stopped=stream.is_stopped, warning=fault))
        if exchange.ticket in self._left:
            self._left.discard(exchange.ticket)
            return
        yield moment

    def fail(self, asked: Asked, exchange: Exchange) -> Moment:
        """A fault of the program: said plainly, the details are in the terminal."""
        return self._finish(asked, replace(exchange, error=texts_for(asked.language).chat.error_unknown))

    def _open_conversation(self, asked: Asked) -> tuple[Asked, str]:
        """The question with its conversation begun or cut back, and why that did not work."""
        kept = self._desk.chat.conversations
        try:
            if not asked.conversation_id:
                return replace(asked, conversation_id=kept.begin(asked.owner, asked.question)), ""
            if asked.replaces:
                kept.cut(asked.owner, asked.conversation_id, asked.replaces)
        except StoreError as error:
            _log.warning("Not kept: %s", error)
            return asked, texts_for(asked.language).conversations.not_kept.format(reason=say(error, asked.language))
        tickets = [exchange.ticket for exchange in asked.exchanges]
        if asked.replaces in tickets:
            asked = replace(asked, exchanges=asked.exchanges[: tickets.index(asked.replaces)])
        return asked, ""

    def _finish(self, asked: Asked, exchange: Exchange) -> Moment:
        """The exchange joins the conversation; the next question may be asked."""
        done = replace(exchange, is_done=True, draft="")
        if asked.conversation_id:
            try:
                self._desk.chat.conversations.add(asked.owner, asked.conversation_id, done)
            except StoreError as error:
                _log.warning("Not kept: %s", error)
                reason = say(error, asked.language)
                done = replace(done, warning=texts_for(asked.language).conversations.not_kept.format(reason=reason))
        return Moment(asked.conversation_id, (*asked.exchanges, done), done)


def _read(stream: StoppableStream, exchange: Exchange) -> Iterator[Exchange]:
    """The exchange after each event; drafts thinned out to what an eye can follow."""
    from rag.pipeline import Draft  # with all that answers; the page is up before that is loaded

    shown_at = 0.0
    for event in stream:
        if isinstance(event, Draft):
            exchange = replace(exchange, draft=event.text)
            if time.monotonic() - shown_at < DRAFT_EVERY_SECONDS:
                continue
            shown_at = time.monotonic()
        else:
            exchange = replace(exchange, answer=event.answer)
        yield exchange


def _history(exchanges: Sequence[Exchange]) -> list[Turn]:
    return [Turn(exchange.question, exchange.answer.text) for exchange in exchanges if exchange.answer]


def say(error: ReplyDeskError, language: str) -> str:
    """What went wrong, in the reader's language."""
    return error.chinese if language == "zh" else str(error)
