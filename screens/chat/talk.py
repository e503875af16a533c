"""What the tab 问答 does: each act of a visitor, told as what changes on the tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import gradio as gr

from rag.errors import StoreError
from rag.filters import NOTHING, Filters
from screens.access import caller_of_event, show_to
from screens.chat.asking import Asked, Asking, Moment, say
from screens.chat.composer import render_editing, render_tools
from screens.chat.conversation_list import render_conversations
from screens.chat.exchange import Exchange
from screens.chat.thread import render_failure, render_thread, render_welcome
from screens.seams import Desk
from screens.texts import Texts, texts_for

Update = Any  # gradio's updates have no type of their own
_STAYS: Update = object()


@dataclass(frozen=True, slots=True)
class Shown:
    """What changes on the tab, in the order of `screens.chat.tab.Parts`; what is left out stays."""

    past: Update = _STAYS
    present: Update = _STAYS
    question: Update = _STAYS
    send: Update = _STAYS
    stop: Update = _STAYS
    fresh: Update = _STAYS
    find: Update = _STAYS
    conversations: Update = _STAYS
    tools: Update = _STAYS
    editing: Update = _STAYS
    exchanges: Update = _STAYS
    current: Update = _STAYS
    conversation: Update = _STAYS
    replaces: Update = _STAYS

    def in_order(self) -> tuple[Update, ...]:
        """As gradio takes it."""
        updates = [getattr(self, field.name) for field in fields(self)]
        return tuple(gr.skip() if update is _STAYS else update for update in updates)


@dataclass(frozen=True, slots=True)
class Visit:
    """What the tab remembers."""

    exchanges: tuple[Exchange, ...] = ()
    current: Exchange | None = None
    conversation: str = ""
    replaces: str = ""
    search: str | None = ""
    filters: Filters = NOTHING


@dataclass(frozen=True, slots=True)
class Act:
    """A click on a button within the conversation or the list; which fields count depends on `do`."""

    do: str = ""  # ask, edit, keep, open, rename, delete
    id: str = ""  # of a conversation
    title: str = ""
    question: str = ""
    ticket: str = ""  # of an exchange

    @classmethod
    def read(cls, sent: Mapping[str, object]) -> Act:
        """From what the page sends; what it does not know is left out."""
        return cls(*(str(sent.get(field.name, "")) for field in fields(cls)))


class Talk:
    """What the tab does; each of its acts tells what changes on it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asking = Asking(desk)

    def ask(self, owner: str, question: str, visit: Visit, language: str) -> Iterator[Shown]:
        """One question from its sending to its verified answer; stopped, what was proved by then stays."""
        question = question.strip()
        if not question or visit.current is not None:
            yield Shown()
            return
        texts = texts_for(language)
        is_first = True
        for moment in self._asking.follow(
            Asked(question, owner, visit.conversation, visit.exchanges, language, visit.replaces, visit.filters)
        ):
            if is_first:
                yield self._show_sent(owner, moment, visit, texts)
                is_first = False
            elif moment.current.is_done:
                yield self._show_done(owner, moment, visit, texts)
            else:
                yield Shown(present=render_thread([moment.current], texts), current=moment.current)

    def act(self, owner: str, act: Act, visit: Visit, language: str) -> Iterator[Shown]:
        """A click on a button within the conversation or the list."""
        kept = self._desk.chat.conversations
        match act.do:
            case "ask":
                yield from self.ask(owner, act.question, visit, language)
            case "edit":
                yield self._edit(act.ticket, visit, texts_for(language))
            case "keep":
                yield Shown(editing="", replaces="", question="")
            case "open":
                yield self.open(owner, act.id, visit, language)
            case "rename":
                yield self._change(owner, lambda: kept.rename(owner, act.id, act.title), visit, language)
            case "delete":
                yield self._change(owner, lambda: kept.delete(owner, act.id), visit, language)
                if act.id == visit.conversation:
                    yield self.open(owner, "", visit, language)
            case _:
                yield Shown()

    def fail(self, owner: str, visit: Visit, language: str) -> Shown:
        """A fault of the program."""
        if visit.current is None:
            return Shown()
        asked = Asked(visit.current.question, owner, visit.conversation, visit.exchanges, language)
        return self._show_done(owner, self._asking.fail(asked, visit.current), visit, texts_for(language))

    def stop(self, current: Exchange | None) -> None:
        """End the answer that runs."""
        if current is not None:
            self._asking.stop(current.ticket)

    def open(self, owner: str, conversation: str, visit: Visit, language: str) -> Shown:
        """Another conversation, or an empty one; an answer that runs goes on unseen and is kept in its own."""
        if visit.current is not None:
            self._asking.leave(visit.current.ticket)
        texts = texts_for(language)
        exchanges: tuple[Exchange, ...] = ()
        fault = ""
        if conversation:
            try:
                kept = self._desk.chat.conversations.load(owner, conversation)
                exchanges = tuple(replace(e, answer=show_to(caller_of_event(), e.answer)) if e.answer else e for e in kept)
                fault = "" if exchanges else texts.conversations.missing
            except StoreError as error:
                fault = say(error, language)
        visit = replace(visit, exchanges=exchanges, current=None, conversation="" if fault else conversation, replaces="")
        shown = self.tell(owner, visit, language)
        return replace(
            shown,
            past=render_failure(fault, texts) if fault else shown.past,
            question=gr.update(value="", placeholder=texts.chat.placeholder, label=texts.chat.question_label),
            send=gr.update(value=texts.chat.send, visible=True),
            stop=gr.update(value=texts.chat.stop, visible=False),
            editing="",
            exchanges=exchanges,
            current=None,
            conversation=visit.conversation,
            replaces="",
        )

    def arrive(self, owner: str, conversation: str, language: str, *, has_welcome: bool) -> Shown:
        """The page was opened; where it names no conversation, nothing is touched that a quick visitor may use already.

        Args:
            owner: whose conversations.
            conversation: id in the page's address; empty: none.
            language: of the page.
            has_welcome: the welcome on the page is in this language.
        """
        if conversation:
            return self.open(owner, conversation, Visit(), language)
        shown = self.tell(owner, Visit(), language)
        return replace(shown, past=_STAYS, present=_STAYS if has_welcome else shown.present, editing=_STAYS)

    def tell(self, owner: str, visit: Visit, language: str) -> Shown:
        """The whole tab in a language; an exchange that runs is redrawn by itself."""
        texts = texts_for(language)
        past = visit.exchanges if visit.current else visit.exchanges[:-1]
        edited = next((exchange for exchange in visit.exchanges if exchange.ticket == visit.replaces), None)
        words = texts.conversations
        return Shown(
            past=render_thread(past, texts),
            present=self._render_present(visit, texts),
            question=gr.update(placeholder=texts.chat.placeholder, label=texts.chat.question_label),
            send=gr.update(value=texts.chat.send),
            stop=gr.update(value=texts.chat.stop),
            fresh=gr.update(value=words.fresh),
            find=gr.update(placeholder=words.search, label=words.search),
            conversations=self.list_conversations(owner, visit, texts),
            tools=render_tools(texts),
            editing=render_editing(edited.question, texts) if edited else "",
        )

    def list_conversations(self, owner: str, visit: Visit, texts: Texts) -> str:
        """The list, as far as it matches the search."""
        search = visit.search or ""
        try:
            found = self._desk.chat.conversations.find(owner, search)
        except StoreError as error:
            return render_failure(say(error, texts.language), texts)
        return render_conversations(found, visit.conversation, search, datetime.now().astimezone(), texts)

    def _render_present(self, visit: Visit, texts: Texts) -> str:
        if visit.current is not None:
            return render_thread([visit.current], texts)
        return render_thread(visit.exchanges[-1:], texts) if visit.exchanges else render_welcome(self._desk, texts)

    def _show_sent(self, owner: str, moment: Moment, visit: Visit, texts: Texts) -> Shown:
        visit = replace(visit, conversation=moment.conversation_id)
        return Shown(
            past=render_thread(moment.exchanges, texts),
            present=render_thread([moment.current], texts),
            question="",
            send=gr.update(visible=False),
            stop=gr.update(visible=True),
            conversations=self.list_conversations(owner, visit, texts),
            editing="",
            exchanges=moment.exchanges,
            current=moment.current,
            conversation=moment.conversation_id,
            replaces="",
        )

    def _show_done(self, owner: str, moment: Moment, visit: Visit, texts: Texts) -> Shown:
        visit = replace(visit, conversation=moment.conversation_id)
        return Shown(
            present=render_thread([moment.current], texts),
            send=gr.update(visible=True),
            stop=gr.update(visible=False),
            conversations=self.list_conversations(owner, visit, texts),
            exchanges=moment.exchanges,
            current=None,
        )

    def _edit(self, ticket: str, visit: Visit, texts: Texts) -> Shown:
        edited = next((exchange for exchange in visit.exchanges if exchange.ticket == ticket), None)
        if edited is None or visit.current is not None:
            return Shown()
        return Shown(question=edited.question, editing=render_editing(edited.question, texts), replaces=ticket)

    def _change(self, owner: str, change: Callable[[], None], visit: Visit, language: str) -> Shown:
        texts = texts_for(language)
        try:
            change()
        except StoreError as error:
            return Shown(conversations=render_failure(say(error, language), texts))
        return Shown(conversations=self.list_conversations(owner, visit, texts))
