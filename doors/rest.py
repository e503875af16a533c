"""REST under /api/v1: ask, and the same as a stream of events; letters, figures and evaluations are in modules of their own."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from doors.docs_page import render_docs
from doors.evaluations import Evaluations
from doors.office import Asked, Office, Waiting
from doors.problems import describe, problem_of
from doors.rest_evaluations import make_evaluation_routes
from doors.rest_letters import make_letter_routes
from doors.roles import Caller
from doors.routes import NOBODY_WAITS, CallerOf, problems, tell_problems
from doors.shapes import AnswerBody, AskBody, ProblemBody
from doors.streaming import StillWorking, ask_once, follow
from rag.ask import answer_as_json
from rag.errors import ReplyDeskError
from rag.evidence_pack import make_pack
from rag.pack_files import MEDIA_TYPES, write_pack
from rag.records import Turn

ABOUT = (
    "Questions about official reply letters, each answer proved by quoted sentences. Where accounts are set up, send a key: "
    "`Authorization: Bearer KEY` (`python -m doors.accounts key NAME`)."
)


def make_rest(office: Office, evaluations: Evaluations, path: str) -> FastAPI:
    """The application that is mounted at a path."""
    rest = FastAPI(title="ReplyDesk", version="1", description=ABOUT, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    rest.servers = [{"url": path}]
    rest.include_router(_make_ask_routes(office))
    rest.include_router(make_letter_routes(office))
    rest.include_router(make_evaluation_routes(office, evaluations))

    @rest.get("/docs", include_in_schema=False)
    def show_docs() -> HTMLResponse:
        return HTMLResponse(render_docs(rest.openapi()))

    tell_problems(rest, path)
    _complete_document(rest)
    return rest


def _make_ask_routes(office: Office) -> APIRouter:
    routes = APIRouter(tags=["questions"])

    @routes.post("/ask", response_model=AnswerBody, responses=problems(429, 502), summary="Ask one question")
    async def ask(body: AskBody, request: Request, caller: CallerOf) -> Response:
        answer = await ask_once(office, caller, _asked(body), request)
        return JSONResponse(answer_as_json(answer)) if answer else Response(status_code=NOBODY_WAITS)

    stream_content = {"text/event-stream": {"schema": {"type": "string"}}}
    told = {"description": "Events: waiting, evidence, draft, answer, problem; each with JSON", "content": stream_content}

    @routes.post(
        "/ask/stream",
        response_class=StreamingResponse,
        responses={200: told, **problems(429, 502)},
        summary="Ask, and follow the answer as server-sent events",
    )
    async def ask_stream(body: AskBody, caller: CallerOf) -> StreamingResponse:
        asked = office.admit(caller, _asked(body))
        office.line.check(caller.name)
        return StreamingResponse(_tell_events(office, caller, asked), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    files = {"content": {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES.values()}}

    @routes.post(
        "/ask/pack",
        response_class=Response,
        responses={200: {"description": "The file", **files}, **problems(429, 502)},
        summary="Ask, and get the answer with all that proves it as a Word file or a workbook",
    )
    async def ask_pack(body: AskBody, request: Request, caller: CallerOf, kind: Literal["docx", "xlsx"] = "docx") -> Response:
        asked_at = datetime.now().astimezone()
        answer = await ask_once(office, caller, _asked(body), request)
        if answer is None:
            return Response(status_code=NOBODY_WAITS)
        pack = make_pack(body.question, answer, asked_at, office.settings, body.as_of, body.asked_on)
        named = {"Content-Disposition": f'attachment; filename="evidence.{kind}"'}
        return Response(write_pack(pack, kind), media_type=MEDIA_TYPES[kind], headers=named)

    return routes


async def _tell_events(office: Office, caller: Caller, asked: Asked) -> AsyncIterator[str]:
    from rag.pipeline import Draft, EvidenceReady

    try:
        async with contextlib.aclosing(follow(office, caller, asked)) as events:
            async for event in events:
                if isinstance(event, StillWorking):
                    yield ": still working\n\n"
                elif isinstance(event, Waiting):
                    yield _event("waiting", {"position": event.position})
                elif isinstance(event, Draft):
                    yield _event("draft", {"text": event.text})
                else:
                    yield _event("evidence" if isinstance(event, EvidenceReady) else "answer", answer_as_json(event.answer))
    except ReplyDeskError as error:
        yield _event("problem", describe(problem_of(error), caller.request_id))


def _event(name: str, data: dict[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _asked(body: AskBody) -> Asked:
    return Asked(body.question, tuple(Turn(turn.question, turn.answer) for turn in body.history), body.as_of, body.asked_on)


def _complete_document(rest: FastAPI) -> None:
    """The document also tells the problem's shape and the keys."""
    plain = rest.openapi

    def make_document() -> dict[str, Any]:
        if rest.openapi_schema is None:
            document = plain()
            schemas = document["components"]["schemas"]
            schemas["ProblemBody"] = ProblemBody.model_json_schema()
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"key": []}, {}]
            rest.openapi_schema = document
        return rest.openapi_schema

    rest.openapi = make_document  # type: ignore[method-assign]
