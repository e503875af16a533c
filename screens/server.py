"""The web application: the page, the letters' own addresses beside it, the sign-in, and the doors for programs, behind one gate."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass

import gradio as gr
from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doors.account_book import AccountBook
from doors.gate import CALLER
from doors.office import Office
from doors.roles import LOCAL, Caller
from doors.server import Doors
from rag.settings import Settings
from screens.feedback import make_feedback_routes
from screens.ledger.routes import make_ledger_routes
from screens.pack import make_pack_routes
from screens.page import build_page, make_look
from screens.seams import Desk
from screens.sign_in import make_sign_in_routes
from screens.source_routes import make_source_routes
from screens.status import make_status_routes

MAX_UPLOAD = "64mb"

# The page may talk to nobody but this server, whatever a letter or a library would like
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


# A page that was left open over the end of its session goes to the sign-in with its next call
_ON_SIGNED_OUT = """<script>(() => {
  const plain = window.fetch;
  window.fetch = async (...request) => {
    const response = await plain(...request);
    if (response.status === 401) location.assign('login?next=' + encodeURIComponent(location.pathname + location.search));
    return response;
  };
})()</script>"""


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a server has beside the screen: accounts and the doors for programs."""

    book: AccountBook
    office: Office


def make_app(
    desk: Desk,
    language: str,
    host: str = "127.0.0.1",
    port: int = 7860,
    on_start: Callable[[], None] = lambda: None,
    guarded: Guarded | None = None,
) -> FastAPI:
    """The application that app.py serves.

    Args:
        desk: the program behind the screens.
        language: of the screen at first.
        host: address that it listens on.
        port: port that it listens on.
        on_start: called when the page can be opened.
        guarded: accounts and doors; without them whoever comes may do everything, as tests of the screens want it.
    """
    doors = Doors(guarded.office, guarded.book) if guarded else None

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        on_start()
        async with doors.open() if doors else nullcontext():
            yield

    app = FastAPI(title="ReplyDesk", docs_url=None, redoc_url=None, openapi_url=None, lifespan=live)
    look = make_look()
    app.include_router(make_source_routes(desk, language, look.style))
    app.include_router(make_ledger_routes(desk))
    app.include_router(make_status_routes(desk))
    app.include_router(make_pack_routes(desk.chat.conversations, guarded.office.settings if guarded else Settings()))
    app.include_router(make_feedback_routes(desk.chat.conversations, desk.letters_with))
    if guarded and doors:
        app.include_router(make_sign_in_routes(guarded.book, guarded.office, language, look.style))
        doors.add_to(app)
    else:
        app.add_middleware(_EverybodyMay)
    app.add_middleware(_KeepAtHome)
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
        head=look.head + (_ON_SIGNED_OUT if guarded else ""),
        auth_dependency=_name_of_caller,
    )
    return app


def _name_of_caller(request: Request) -> str | None:
    """Gradio hands it to its events as `request.username`; None is refused."""
    caller = request.scope.get(CALLER)
    return caller.name if isinstance(caller, Caller) else None


class _KeepAtHome:
    """Every response tells the browser to talk to this server alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
            await send(message)

        await self._app(scope, receive, send_guarded)


class _EverybodyMay:
    """In place of the gate where there is none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[CALLER] = LOCAL
        await self._app(scope, receive, send)
