"""Pieces of the page that are fetched by themselves: faults told as HTML, choices, pages to turn."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from rag.errors import ReplyDeskError
from screens.markup import escape
from screens.texts import Texts, texts_for

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_log = logging.getLogger(__name__)


class PartRoute(APIRoute):
    """A route whose errors are shown where its answer would be; only the screens catch and show."""

    def get_route_handler(self) -> Handler:
        """FastAPI's hook."""
        handle = super().get_route_handler()

        async def handle_told(request: Request) -> Response:
            try:
                return await handle(request)
            except ReplyDeskError as error:
                _log.warning("%s failed: %s", request.url.path, error)
                return HTMLResponse(render_fault(texts_for(request.query_params.get("language", "zh")), error))

        return handle_told


def render_fault(texts: Texts, error: ReplyDeskError) -> str:
    """What did not work, with its cure."""
    said = error.chinese if texts.language == "zh" else str(error)
    return f'<div class="fault" role="alert"><b>{escape(texts.frame.error)}</b><p>{escape(said)}</p></div>'


def render_empty(title: str, detail: str) -> str:
    """In place of a table that has no row."""
    return f'<div class="nothing" role="status"><b>{escape(title)}</b><p>{escape(detail)}</p></div>'


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that can be chosen."""

    value: str
    label: str
    count: int | None = None


def render_choices(name: str, label: str, choices: Sequence[Choice], chosen: Sequence[str], texts: Texts) -> str:
    """Several of many, folded: a button that says what is chosen, boxes under it."""
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}" value="{escape(choice.value)}"{" checked" if choice.value in chosen else ""}>'
        f"<span>{escape(choice.label)}</span>{_render_count(choice)}</label>"
        for choice in choices
    )
    words = texts.frame
    names = [choice.label for choice in choices if choice.value in chosen]
    separator = "、" if texts.language == "zh" else ", "
    said = words.all if not names else separator.join(names) if len(names) <= 2 else words.chosen.replace("COUNT", str(len(names)))
    return (
        f'<details class="choices" data-folds data-none="{escape(words.all)}" data-many="{escape(words.chosen)}">'
        f'<summary><span class="label">{escape(label)}</span> <b>{escape(said)}</b></summary>'
        f'<div role="group" aria-label="{escape(label)}">{boxes}</div></details>'
    )


def _render_count(choice: Choice) -> str:
    return "" if choice.count is None else f"<small>{choice.count:,}</small>"


def render_switch(name: str, label: str, choices: Sequence[Choice], chosen: str) -> str:
    """One of a few, side by side."""
    parts = "".join(
        f'<label><input type="radio" name="{name}" value="{escape(choice.value)}"{" checked" if choice.value == chosen else ""}>'
        f"<span>{escape(choice.label)}</span></label>"
        for choice in choices
    )
    return f'<fieldset class="switch"><legend class="sr">{escape(label)}</legend>{parts}</fieldset>'


def count_pages(count: int, size: int) -> int:
    """At least one."""
    return max(1, -(-count // size))


def render_turner(page: int, pages: int, said: str, texts: Texts, fetch: Callable[[int], str]) -> str:
    """Earlier and later pages; `fetch` gives the attributes that fetch a page."""
    if pages == 1:
        return ""

    def button(target: int, label: str) -> str:
        off = "" if 1 <= target <= pages else " disabled"
        return f'<button type="button"{off} {fetch(target)}>{escape(label)}</button>'

    return (
        f'<nav class="pages" aria-label="{escape(said)}">{button(page - 1, texts.frame.previous)}'
        f"<span>{escape(said)}</span>{button(page + 1, texts.frame.next)}</nav>"
    )
