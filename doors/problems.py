"""What went wrong, told to programs: problem+json (RFC 9457) with what, why and the cure; under /v1 in OpenAI's own shape."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import JSONResponse

from rag.errors import (
    AccessError,
    BusyError,
    LimitError,
    ModelError,
    QuestionSetError,
    ReadError,
    ReplyDeskError,
    SignInError,
    StoreBusyError,
    StoreError,
)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 30
_KINDS: tuple[tuple[type[ReplyDeskError], int, str], ...] = (
    (SignInError, 401, "sign-in-needed"),
    (AccessError, 403, "not-allowed"),
    (BusyError, 429, "too-many-questions"),
    (LimitError, 422, "too-long"),
    (ReadError, 422, "unreadable-file"),
    (QuestionSetError, 422, "no-question-set"),
    (StoreBusyError, 503, "store-busy"),
    (StoreError, 503, "store-unavailable"),
    (ModelError, 502, "model-unavailable"),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal or failure."""

    status: int
    code: str
    what: str
    cure: str
    chinese: str = ""  # both, for people


def problem_of(error: ReplyDeskError) -> Problem:
    """An error as a problem; its message says what first, then what to do."""
    status, code = next(((status, code) for kind, status, code in _KINDS if isinstance(error, kind)), (500, "failed"))
    what, _, cure = str(error).partition(". ")
    return Problem(
        status, code, what.rstrip(".") + ".", cure or "Tell the administrator; the log has more under the request id.", error.chinese
    )


def describe(problem: Problem, request_id: str) -> dict[str, object]:
    """The body of a problem+json response."""
    return {
        "type": f"urn:replydesk:{problem.code}",
        "title": problem.code.replace("-", " "),
        "status": problem.status,
        "detail": f"{problem.what} {problem.cure}",
        "what": problem.what,
        "cure": problem.cure,
        "chinese": problem.chinese,
        "request_id": request_id,
    }


def respond(problem: Problem, request_id: str, path: str = "", headers: dict[str, str] | None = None) -> JSONResponse:
    """The response, in the shape that programs on this path expect."""
    more = dict(headers or {})
    if problem.status in (429, 503):
        more["Retry-After"] = str(RETRY_SECONDS)
    if problem.status == 401:
        more["WWW-Authenticate"] = 'Bearer realm="ReplyDesk"'
    if path.startswith("/v1/"):
        error = {"message": f"{problem.what} {problem.cure}", "type": problem.code, "param": None, "code": problem.code}
        return JSONResponse({"error": error}, problem.status, more)
    return JSONResponse(describe(problem, request_id), problem.status, more, MEDIA_TYPE)
