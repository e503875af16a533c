"""REST under /api/v1: ask, and the same as a stream of events; letters, figures and evaluations are in modules of their own."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException

from doors.docs_page import render_docs
from doors.evaluations import Evaluations
from doors.gate import CALLER
from doors.logs import request_id
from doors.office import Asked, Office, Waiting
from doors.problems import MEDIA_TYPE, Problem, describe, problem_of, respond
from doors.rest_evaluations import make_evaluation_routes
from doors.rest_letters import make_letter_routes
from doors.roles import Caller
from doors.shapes import AnswerBody, AskBody, ProblemBody
from doors.streaming import StillWorking, ask_once, follow
from rag.ask import answer_as_json
from rag.errors import ReplyDeskError
from rag.records import Turn

NOBODY_WAITS = 499  # the client has gone; nobody reads this
ABOUT = (
    "Questions about official reply letters, each answer proved by quoted sentences. Where accounts are set up, send a key: "
    "`Authorization: Bearer KEY` (`python -m doors.accounts key NAME`)."
)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals and failures of a route, for the OpenAPI document; any may also be met at the gate."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    told = {401: "Not signed in", 403: "The role does not allow it", 404: "Not here", 413: "Too large", 422: "Not understood, or too long"}
    told |= {429: "Too many questions at once", 502: "The model failed", 503: "The store cannot be read or written now"}
    return {status: {"description": told[status], "content": content} for status in sorted({401, 403, 413, 422, 503, *statuses})}


def caller_of(request: Request) -> Caller:
    """Whoever the gate let in."""
    caller = request.scope[CALLER]
    assert isinstance(caller, Caller)
    return caller


CallerOf = Annotated[Caller, Depends(caller_of)]


def make_rest(office: Office, evaluations: Evaluations, path: str) -> FastAPI:
    """The application that is mounted at a path."""
    rest = FastAPI(title="ReplyDesk", version="1", description=ABOUT, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    rest.servers = [{"url": path}]
    rest.include_router(_make_ask_routes(office))
    rest.include_router(make_letter_routes(office, caller_of, problems))
    rest.include_router(make_evaluation_routes(office, evaluations, caller_of, problems))

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


def tell_problems(app: FastAPI, path: str) -> None:
    """Let an application tell what goes wrong in the shape that its path has."""

    @app.exception_handler(ReplyDeskError)
    def tell_error(request: Request, error: ReplyDeskError) -> JSONResponse:
        return respond(problem_of(error), request_id.get(), path + "/")

    @app.exception_handler(RequestValidationError)
    def tell_misunderstood(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = "; ".join(f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:5])
        cure = "The document at /api/v1/openapi.json tells what is taken."
        return respond(Problem(422, "not-understood", f"The request is not understood: {faults}.", cure), request_id.get(), path + "/")

    @app.exception_handler(HTTPException)
    def tell_refusal(request: Request, error: HTTPException) -> JSONResponse:
        problem = Problem(error.status_code, "not-here" if error.status_code == 404 else "refused", f"{error.detail}.", "")
        return respond(problem, request_id.get(), path + "/", dict(error.headers or {}))


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
