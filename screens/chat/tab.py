"""The tab 问答: conversations beside it, the questions and answers of one, and the field to ask in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from rag.filters import NOTHING, Filters
from screens.chat.composer import render_tools
from screens.chat.filters import FilterFields, lay_out_filters, read_filters, render_chips, tell_fields, without
from screens.chat.owner import owner_of
from screens.chat.talk import Act, Talk, Update, Visit
from screens.chat.thread import render_welcome
from screens.markup import escape
from screens.seams import Desk
from screens.texts import Texts, texts_for

ASKERS_AT_ONCE = 8
QUIET: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": ASKERS_AT_ONCE, "api_visibility": "private"}

# Buttons within HTML: a click on one, or a form that is sent, reaches Python as the event `select`
_ON_LOAD = """
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-do]');
  if (button) trigger('select', {...button.dataset});
});
element.addEventListener('submit', event => {
  event.preventDefault();
  trigger('select', {...Object.fromEntries(new FormData(event.target)), ...event.target.dataset});
});
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the tab, in the order of `screens.chat.talk.Shown`; then what it remembers of the visit, and what questions are narrowed down to."""

    past: gr.HTML
    present: gr.HTML
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    fresh: gr.Button
    find: gr.Textbox
    conversations: gr.HTML
    tools: gr.HTML
    editing: gr.HTML
    exchanges: gr.State  # tuple[Exchange, ...], the finished ones
    current: gr.State  # Exchange | None, the one that runs
    conversation: gr.State  # id; empty: a new one
    replaces: gr.State  # ticket of the exchange that is being changed; empty: none
    filters: gr.State  # Filters
    fields: FilterFields

    def outputs(self) -> list[Any]:
        """All of them."""
        return [getattr(self, field.name) for field in fields(self) if field.name not in ("filters", "fields")]

    def memory(self) -> list[Any]:
        """What a `Visit` is made of, in its order."""
        return [self.exchanges, self.current, self.conversation, self.replaces, self.find, self.filters]


def build_chat(desk: Desk, texts: Texts, language: gr.State) -> ChatTab:
    """Lay out the tab and wire it."""
    with gr.Row(elem_id="talk"):
        with gr.Column(elem_id="sidebar"):
            fresh, find, conversations = _lay_out_sidebar(texts)
        with gr.Column(elem_id="chat"):
            past = gr.HTML(elem_id="past", apply_default_css=False, js_on_load=_ON_LOAD)
            present = gr.HTML(render_welcome(desk, texts), elem_id="present", apply_default_css=False, js_on_load=_ON_LOAD)
            with gr.Column(elem_id="composer"):
                filter_fields = lay_out_filters(texts, _ON_LOAD)
                editing = gr.HTML(elem_id="editing", apply_default_css=False, js_on_load=_ON_LOAD)
                question = gr.Textbox(
                    placeholder=texts.chat.placeholder,
                    label=texts.chat.question_label,
                    show_label=False,
                    container=False,
                    lines=1,
                    max_lines=6,
                    elem_id="question",
                    autofocus=True,
                )
                with gr.Row(elem_id="composer-row"):
                    tools = gr.HTML(render_tools(texts), elem_id="tools", apply_default_css=False)
                    stop = gr.Button(texts.chat.stop, elem_id="stop", scale=0, min_width=72, visible=False)
                    send = gr.Button(texts.chat.send, variant="primary", elem_id="send", scale=0, min_width=72)
    states = gr.State(()), gr.State(None), gr.State(""), gr.State(""), gr.State(NOTHING)
    parts = Parts(past, present, question, send, stop, fresh, find, conversations, tools, editing, *states, filter_fields)
    return ChatTab(desk, parts, language)


def _lay_out_sidebar(texts: Texts) -> tuple[gr.Button, gr.Textbox, gr.HTML]:
    words = texts.conversations
    fresh = gr.Button(words.fresh, elem_id="fresh")
    find = gr.Textbox(
        placeholder=words.search, label=words.search, show_label=False, container=False, max_lines=1, max_length=100, elem_id="find"
    )
    return fresh, find, gr.HTML(elem_id="conversations", apply_default_css=False, js_on_load=_ON_LOAD)


class ChatTab:
    """The tab as the page knows it; what happens on it goes to `Talk`."""

    def __init__(self, desk: Desk, parts: Parts, language: gr.State) -> None:
        talk = Talk(desk)
        self._desk, self._talk, self.parts, self._language = desk, talk, parts, language
        self._built_in = str(language.value)
        memory, outputs = [language, *parts.memory()], parts.outputs()
        typed = [language, parts.question, *parts.memory()]
        clicked = [parts.past.select, parts.present.select, parts.conversations.select, parts.editing.select]
        asked = [
            gr.on([parts.question.submit, parts.send.click], self._ask, typed, outputs, trigger_mode="multiple", **QUIET),
            gr.on(clicked, self._act, memory, outputs, trigger_mode="multiple", **QUIET),
        ]
        for event in asked:
            event.failure(self._fail, memory, outputs, **QUIET)
        parts.stop.click(talk.stop, parts.current, None, **{**QUIET, "concurrency_limit": None})
        parts.fresh.click(self._begin_anew, memory, outputs, **QUIET)
        self._wire_filters()
        parts.find.change(self._find, memory, parts.conversations, trigger_mode="always_last", **QUIET)

    def _wire_filters(self) -> None:
        fields, chosen = self.parts.fields, self.parts.filters
        told = [self._language, chosen]
        fields.panel.expand(self._tell_fields, told, fields.outputs(), **QUIET)
        changed = [*(field.input for field in fields.inputs()[:-1]), fields.day.change]
        gr.on(changed, self._choose, [self._language, *fields.inputs()], [chosen, fields.chips], trigger_mode="always_last", **QUIET)
        sent = [self.parts.question.submit, self.parts.send.click]
        gr.on(sent, lambda: gr.update(open=False), None, fields.panel, **QUIET)  # the answer needs the room
        fields.chips.select(self._unfilter, told, [chosen, *fields.outputs()], trigger_mode="multiple", **QUIET)

    @property
    def exchanges(self) -> gr.State:
        """Finished exchanges of the conversation on screen."""
        return self.parts.exchanges

    @property
    def current(self) -> gr.State:
        """The exchange that runs, or None."""
        return self.parts.current

    @property
    def present(self) -> gr.HTML:
        """Where the last exchange, or the welcome, is shown."""
        return self.parts.present

    def follow_page(self, page: gr.Blocks, switched: Any, choose_language: Callable[[gr.Request], str]) -> None:  # noqa: ANN401 - gradio's event
        """Fill the tab when the page is opened, and tell it anew after a switch of the language."""

        def arrive(request: gr.Request) -> tuple[Update, ...]:
            wanted, spoken = request.query_params.get("conversation") or "", choose_language(request)
            return self._talk.arrive(owner_of(request), wanted, spoken, has_welcome=spoken == self._built_in).in_order()

        page.load(arrive, None, self.parts.outputs(), **QUIET)
        switched.then(self._retell, [self._language, *self.parts.memory()], self.parts.outputs(), **QUIET)
        switched.then(self._tell_fields, [self._language, self.parts.filters], self.parts.fields.outputs(), **QUIET)

    def _tell_fields(self, spoken: str, filters: Filters) -> tuple[Any, ...]:
        return tell_fields(filters, self._desk.filter_choices(), texts_for(spoken))

    def _choose(self, spoken: str, *values: Any) -> tuple[Filters, str]:  # noqa: ANN401 - gradio's values
        filters, texts = read_filters(*values), texts_for(spoken)
        is_lost = bool(str(values[-1] or "").strip()) and filters.as_of is None
        told = f'<p class="warning" role="alert">{escape(texts.filters.bad_day)}</p>' if is_lost else ""
        return filters, render_chips(filters, texts, self._desk.filter_choices().letters) + told

    def _unfilter(self, event: gr.EventData, spoken: str, filters: Filters) -> tuple[Any, ...]:
        sent = event._data or {}
        filters = without(filters, str(sent.get("field", "")), str(sent.get("value", "")))
        return (filters, *self._tell_fields(spoken, filters))

    def _ask(self, request: gr.Request, spoken: str, question: str, *memory: Any) -> Iterator[tuple[Update, ...]]:  # noqa: ANN401
        for shown in self._talk.ask(owner_of(request), question, Visit(*memory), spoken):
            yield shown.in_order()

    def _act(self, request: gr.Request, event: gr.EventData, spoken: str, *memory: Any) -> Iterator[tuple[Update, ...]]:  # noqa: ANN401
        for shown in self._talk.act(owner_of(request), Act.read(event._data or {}), Visit(*memory), spoken):
            yield shown.in_order()

    def _fail(self, request: gr.Request, spoken: str, *memory: Any) -> tuple[Update, ...]:  # noqa: ANN401
        return self._talk.fail(owner_of(request), Visit(*memory), spoken).in_order()

    def _begin_anew(self, request: gr.Request, spoken: str, *memory: Any) -> tuple[Update, ...]:  # noqa: ANN401
        return self._talk.open(owner_of(request), "", Visit(*memory), spoken).in_order()

    def _retell(self, request: gr.Request, spoken: str, *memory: Any) -> tuple[Update, ...]:  # noqa: ANN401
        return self._talk.tell(owner_of(request), Visit(*memory), spoken).in_order()

    def _find(self, request: gr.Request, spoken: str, *memory: Any) -> str:  # noqa: ANN401
        return self._talk.list_conversations(owner_of(request), Visit(*memory), texts_for(spoken))
