"""The tab 问答: ask, see the evidence at once, then the text; stop; begin anew."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import gradio as gr

from rag.errors import ReplyDeskError
from rag.records import Turn
from screens.chat.answer import render_exchange
from screens.chat.stream import StoppableStream
from screens.markup import escape
from screens.seams import Desk, Exchange, Shelf
from screens.texts import Texts, texts_for

QUESTION_AT_MOST = 2000  # characters
DRAFT_EVERY_SECONDS = 0.12  # a draft is redrawn this often at most
ASKERS_AT_ONCE = 8

# The example questions are buttons within HTML; a click on one reaches Python as the event `select`
_ON_LOAD = """
element.addEventListener('click', event => {
  const button = event.target.closest('[data-ask]');
  if (button) trigger('select', {question: button.dataset.ask});
});
"""

_log = logging.getLogger(__name__)

Update = Any  # gradio's updates have no type of their own


@dataclass(frozen=True, slots=True)
class ChatTab:
    """The parts of the tab that other parts of the page change."""

    past: gr.HTML
    present: gr.HTML
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    fresh: gr.Button
    exchanges: gr.State  # list[Exchange], the finished ones
    current: gr.State  # Exchange | None, the one that runs

    def texts_outputs(self) -> list[Any]:
        """The components that `retell` fills, in its order."""
        return [self.past, self.present, self.question, self.send, self.stop, self.fresh]


def build_chat(desk: Desk, texts: Texts, language: gr.State) -> ChatTab:
    """Lay out the tab and wire it."""
    with gr.Column(elem_id="chat"):
        past = gr.HTML(elem_id="past", apply_default_css=False)
        present = gr.HTML(render_welcome(desk, texts), elem_id="present", apply_default_css=False, js_on_load=_ON_LOAD)
        with gr.Row(elem_id="composer"):
            question = gr.Textbox(
                placeholder=texts.chat.placeholder,
                label=texts.chat.question_label,
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                elem_id="question",
                scale=1,
                autofocus=True,
            )
            send = gr.Button(texts.chat.send, variant="primary", elem_id="send", scale=0, min_width=72)
            stop = gr.Button(texts.chat.stop, elem_id="stop", scale=0, min_width=72, visible=False)
            fresh = gr.Button(texts.chat.new_conversation, elem_id="fresh", scale=0, min_width=72, visible=False)
    tab = ChatTab(past, present, question, send, stop, fresh, gr.State([]), gr.State(None))
    _wire(desk, tab, language)
    return tab


def _wire(desk: Desk, tab: ChatTab, language: gr.State) -> None:
    outputs = [tab.past, tab.present, tab.question, tab.send, tab.stop, tab.fresh, tab.exchanges, tab.current]
    memory = [tab.exchanges, tab.current, language]
    running: dict[str, StoppableStream] = {}  # by ticket

    def ask_typed(question: str, exchanges: list[Exchange], current: Exchange | None, spoken: str) -> Iterator[tuple[Update, ...]]:
        yield from ask(desk, running, question, exchanges, current, spoken)

    def ask_example(exchanges: list[Exchange], current: Exchange | None, spoken: str, event: gr.EventData) -> Iterator[tuple[Update, ...]]:
        yield from ask(desk, running, str(event.question), exchanges, current, spoken)

    def stop(current: Exchange | None) -> None:
        if current is not None and (stream := running.get(current.ticket)):
            stream.stop()

    def clear(spoken: str) -> tuple[Update, ...]:
        return begin_anew(desk, spoken)

    quiet: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": ASKERS_AT_ONCE, "api_visibility": "private"}
    asked = [
        gr.on([tab.question.submit, tab.send.click], ask_typed, [tab.question, *memory], outputs, **quiet),
        tab.present.select(ask_example, memory, outputs, **quiet),
    ]
    for event in asked:
        event.failure(show_failure, memory, outputs, **quiet)
    tab.stop.click(stop, tab.current, None, **{**quiet, "concurrency_limit": None})
    tab.fresh.click(clear, language, outputs, **quiet)


def ask(
    desk: Desk,
    running: dict[str, StoppableStream],
    question: str,
    exchanges: Sequence[Exchange],
    current: Exchange | None,
    language: str,
) -> Iterator[tuple[Update, ...]]:
    """One question from its sending to its verified answer, as updates of the tab; stopped, what was proved by then stays."""
    texts = texts_for(language)
    question = question.strip()
    if not question or current is not None:
        yield _skip_all()
        return
    exchange = Exchange(question, ticket=uuid4().hex)
    yield (
        _render_all(exchanges, texts),
        render_exchange(exchange, texts),
        "",
        gr.update(visible=False),
        gr.update(visible=True),
        gr.update(visible=False),
        list(exchanges),
        exchange,
    )
    if len(question) > QUESTION_AT_MOST:
        reason = texts.chat.too_long.format(length=len(question), limit=QUESTION_AT_MOST)
        yield finish([*exchanges], replace(exchange, question=question[:200] + "…", error=reason), texts)
        return
    stream = running[exchange.ticket] = StoppableStream(desk.ask(question, _history(exchanges)))
    try:
        for exchange in _follow(stream, exchange):  # noqa: B020 - each is the next state of the same exchange
            yield (gr.skip(), render_exchange(exchange, texts), *[gr.skip()] * 5, exchange)
    except ReplyDeskError as error:
        _log.warning("Question failed: %s", error)
        exchange = replace(exchange, error=str(error))
    finally:
        del running[exchange.ticket]
    exchange = replace(exchange, is_stopped=stream.is_stopped)
    yield finish([*exchanges], exchange, texts)


def _follow(stream: StoppableStream, exchange: Exchange) -> Iterator[Exchange]:
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


def finish(exchanges: list[Exchange], exchange: Exchange, texts: Texts) -> tuple[Update, ...]:
    """The exchange joins the conversation; the next question may be asked."""
    done = replace(exchange, is_done=True, draft="")
    return (
        gr.skip(),
        render_exchange(done, texts),
        gr.skip(),
        gr.update(visible=True),
        gr.update(visible=False),
        gr.update(visible=True),
        [*exchanges, done],
        None,
    )


def show_failure(exchanges: list[Exchange], current: Exchange | None, language: str) -> tuple[Update, ...]:
    """A fault of the program: said plainly, the details are in the terminal."""
    texts = texts_for(language)
    if current is None:
        return _skip_all()
    return finish(exchanges, replace(current, error=texts.chat.error_unknown), texts)


def begin_anew(desk: Desk, language: str) -> tuple[Update, ...]:
    """An empty conversation."""
    texts = texts_for(language)
    return ("", render_welcome(desk, texts), "", gr.update(visible=True), gr.update(visible=False), gr.update(visible=False), [], None)


def retell(desk: Desk, exchanges: Sequence[Exchange], current: Exchange | None, language: str) -> tuple[Update, ...]:
    """The whole tab in another language; an exchange that runs is redrawn by itself."""
    texts = texts_for(language)
    if current is not None:
        past, present = _render_all(exchanges, texts), render_exchange(current, texts)
    elif exchanges:
        past, present = _render_all(exchanges[:-1], texts), render_exchange(exchanges[-1], texts)
    else:
        past, present = "", render_welcome(desk, texts)
    return (
        past,
        present,
        gr.update(placeholder=texts.chat.placeholder, label=texts.chat.question_label),
        gr.update(value=texts.chat.send),
        gr.update(value=texts.chat.stop),
        gr.update(value=texts.chat.new_conversation),
    )


def render_welcome(desk: Desk, texts: Texts) -> str:
    """What an empty conversation shows: what can be asked here."""
    shelf: Shelf = desk.shelf()
    if not shelf.is_open:
        return f'<div class="welcome"><h1>{escape(texts.chat.welcome)}</h1><p>{escape(texts.frame.store_opening)}</p></div>'
    if shelf.fault:
        return f'<div class="reply failed" role="alert"><div class="verdict"><b aria-hidden="true">!</b>{escape(texts.frame.error)}</div><p class="para">{escape(shelf.fault)}</p></div>'
    if not shelf.letters:
        return f'<div class="welcome"><h1>{escape(texts.chat.welcome_empty)}</h1><p>{escape(texts.chat.welcome_empty_detail)}</p></div>'
    buttons = "".join(
        f'<button type="button" data-ask="{escape(question)}">{escape(question)}</button>' for question in desk.examples(texts.language)
    )
    examples = f'<h2>{escape(texts.chat.examples)}</h2><div class="examples">{buttons}</div>' if buttons else ""
    return f'<div class="welcome"><h1>{escape(texts.chat.welcome)}</h1><p>{escape(texts.chat.welcome_detail)}</p>{examples}</div>'


def _render_all(exchanges: Sequence[Exchange], texts: Texts) -> str:
    return "".join(render_exchange(exchange, texts) for exchange in exchanges)


def _skip_all() -> tuple[Update, ...]:
    return tuple(gr.skip() for _ in range(8))
