"""The line in the masthead that tells the model in use and what the store holds."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from screens.markup import escape
from screens.seams import Desk, ModelPhase, ModelState, Shelf
from screens.texts import Texts, texts_for


def make_status_routes(desk: Desk) -> APIRouter:
    """The line alone, for whoever has changed what it tells."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/status")
    def show_status(language: str = "zh") -> HTMLResponse:
        return HTMLResponse(render_status(desk.shelf(), desk.model(), texts_for(language)))

    return routes


def render_status(shelf: Shelf, model: ModelState, texts: Texts) -> str:
    """Model in use, letters, figures, home place."""
    said = {
        ModelPhase.NONE: texts.frame.model_none,
        ModelPhase.READY: texts.frame.model_ready.format(name=model.name),
        ModelPhase.LOADING: texts.frame.model_loading.format(name=model.name),
        ModelPhase.FETCHING: texts.frame.model_fetching.format(percent=model.percent),
        ModelPhase.FAILED: texts.frame.model_failed,
    }[model.phase]
    more = ""
    if model.phase is not ModelPhase.READY:
        reason = f"<p>{escape(model.reason)}</p>" if model.reason else ""
        more = f'<details class="about"><summary>{escape(texts.frame.model_more)}</summary><div>{reason}<p>{escape(texts.frame.model_help)}</p></div></details>'
    bar = f'<progress max="100" value="{model.percent}"></progress>' if model.phase is ModelPhase.FETCHING else ""
    if shelf.is_open:
        home = texts.frame.home.format(home=shelf.home) if shelf.home else texts.frame.no_home
        counts = [
            texts.say_count(texts.frame.letters_count, shelf.letters),
            texts.say_count(texts.frame.figures_count, shelf.figures),
            home,
        ]
    else:
        counts = [texts.frame.store_opening]
    facts = "".join(f"<span>{escape(fact)}</span>" for fact in counts)
    return (
        f'<div class="facts-line" role="status"><span class="model {model.phase.value}"><i aria-hidden="true"></i>{escape(said)}{bar}{more}</span>'
        f"{facts}</div>"
    )
