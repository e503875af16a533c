"""What all routes for programs share: the caller, and how they tell what goes wrong."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from doors.gate import CALLER
from doors.logs import request_id
from doors.problems import MEDIA_TYPE, Problem, problem_of, respond
from doors.roles import Caller
from rag.errors import ReplyDeskError

NOBODY_WAITS = 499  # the client has gone; nobody reads this


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
        problem = Problem(error.status_code, "no-such-address" if error.status_code == 404 else "refused", f"{error.detail}.", "")
        return respond(problem, request_id.get(), path + "/", dict(error.headers or {}))
