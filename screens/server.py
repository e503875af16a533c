"""The web application: the page, and the letters' own addresses beside it. Other doors (REST) can be added to the same application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import gradio as gr
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from screens.page import build_page, make_look
from screens.seams import Desk
from screens.source import render_missing, render_page, render_source
from screens.texts import texts_for

MAX_UPLOAD = "64mb"

# The page may talk to nobody but this server, whatever a letter or a library would like
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# A letter on its own page has one script, ours
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def make_app(desk: Desk, language: str, host: str = "127.0.0.1", port: int = 7860, on_start: Callable[[], None] = lambda: None) -> FastAPI:
    """The application that app.py serves; `on_start` is called when the page can be opened."""

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        on_start()
        yield

    app = FastAPI(title="ReplyDesk", docs_url=None, redoc_url=None, openapi_url=None, lifespan=live)
    look = make_look()

    @app.middleware("http")
    async def keep_at_home(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    @app.get("/source")
    def show_source(
        letter: str, language: str = language, start: int | None = None, end: int | None = None, part: bool = False
    ) -> HTMLResponse:
        texts = texts_for(language)
        found = desk.letter(letter)
        inner = render_source(found, texts, start, end) if found else render_missing(texts)
        status = 200 if found else 404
        if part:
            return HTMLResponse(inner, status)
        return HTMLResponse(render_page(inner, texts, look.style), status, headers={"Content-Security-Policy": LETTER_POLICY})

    page = build_page(desk, language)
    gr.mount_gradio_app(
        app,
        page,
        path="",
        server_name=host,
        server_port=port,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=MAX_UPLOAD,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=look.theme,
        head=look.head,
    )
    return app
