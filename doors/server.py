"""All doors mounted onto the web application, and the gate in front of all of it.

Each door is made with its first request, so that the page is up before what only programs need is loaded.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from doors.account_book import AccountBook
from doors.evaluations import Evaluations
from doors.gate import Gate, is_loopback
from doors.office import Office
from rag.errors import ReplyDeskError

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

REST_PATH = "/api/v1"
OPENAI_PATH = "/v1"
METRICS_TYPE = "text/plain; version=1.0.0; charset=utf-8"


class Doors:
    """The doors of one server."""

    def __init__(self, office: Office, book: AccountBook) -> None:
        self._office = office
        self._book = book
        self._evaluations = Evaluations(office.settings)
        self._mcp = _McpDoor(office)

    def add_to(self, app: FastAPI) -> None:
        """Mount them, before anything that takes all addresses, and set the gate before the whole."""
        app.mount(REST_PATH, _OnFirstUse(self._make_rest))
        app.mount(OPENAI_PATH, _OnFirstUse(self._make_completions))
        app.router.routes.append(Route("/mcp", self._mcp, methods=["GET", "POST", "DELETE"]))
        _add_watching(app, self._office)
        app.add_middleware(Gate, book=self._book, office=self._office, is_loopback=is_loopback(self._office.settings.host))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """While the server runs."""
        try:
            yield
        finally:
            self._evaluations.close()
            await self._mcp.close()

    def _make_rest(self) -> ASGIApp:
        from doors.rest import make_rest

        return make_rest(self._office, self._evaluations, REST_PATH)

    def _make_completions(self) -> ASGIApp:
        from doors.chat_completions import make_completions

        return make_completions(self._office, OPENAI_PATH)


def _add_watching(app: FastAPI, office: Office) -> None:
    @app.get("/health")
    def tell_health() -> JSONResponse:
        """The process lives."""
        return JSONResponse({"status": "alive"})

    @app.get("/ready")
    def tell_readiness() -> JSONResponse:
        """It can answer: the store is open, and the line is not full."""
        try:
            office.check_ready()
        except ReplyDeskError:
            return JSONResponse({"status": "not ready"}, 503)
        return JSONResponse({"status": "ready"})

    @app.get("/metrics")
    def tell_metrics() -> Response:
        return Response(office.metrics.render(), media_type=METRICS_TYPE)


class _OnFirstUse:
    """An application that is made with its first request."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._made: ASGIApp | None = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._making:
            if self._made is None:
                self._made = await run_in_threadpool(self._make)
        await self._made(scope, receive, send)


class _McpDoor:
    """MCP over HTTP."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._manager: StreamableHTTPSessionManager | None = None
        self._opening = asyncio.Lock()
        self._ending = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._opening:
            if self._manager is None:
                self._manager = await self._start()
        await self._manager.asgi_app(scope, receive, send)

    async def _start(self) -> StreamableHTTPSessionManager:
        manager = await run_in_threadpool(_make_manager, self._office)
        is_up = asyncio.Event()

        async def run() -> None:
            async with manager.run():
                is_up.set()
                await self._ending.wait()

        self._running = asyncio.create_task(run())
        await is_up.wait()
        return manager

    async def close(self) -> None:
        self._ending.set()
        if self._running is not None:
            await self._running


def _make_manager(office: Office) -> StreamableHTTPSessionManager:
    from mcp.server.transport_security import TransportSecuritySettings

    from doors.mcp import make_mcp

    server = make_mcp(office)
    # Every request stands alone: several processes may serve one client, and nobody finds another's session.
    # Host and Origin are looked at by the gate.
    by_gate = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server.streamable_http_app(stateless_http=True, transport_security=by_gate)
    return server.session_manager
