"""/v1/chat/completions and /v1/models as OpenAI has them, so that any client of that kind can ask the letters.

The answer's text ends with a list of the quoted sentences; `annotations` tell the same as structured URL citations, and `replydesk` the
whole answer as REST gives it. Streamed is the verified answer alone: what a model drafts before the check is never sent.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import AsyncIterator, Sequence
from time import time
from typing import Literal
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from doors.office import Asked, Office
from doors.problems import Problem, problem_of, respond
from doors.roles import Caller
from doors.routes import NOBODY_WAITS, CallerOf, tell_problems
from doors.streaming import ask_once, follow
from rag.ask import answer_as_json
from rag.errors import LimitError, ReplyDeskError
from rag.records import Answer, Citation, Turn

MODEL = "replydesk"
MADE_AT = 1_760_000_000  # of the model, as the list of models wants one
_PIECE = re.compile(r"[^。；！？!?;\n]*[。；！？!?;\n]+(?:\[E\d+\])*|[^。；！？!?;\n]+")
_SOURCES = re.compile(r"\n+(?:出处|Sources)：?:?\n(?:\[E\d+\].*\n?)+\Z")


class Part(BaseModel):
    """A piece of a message's content."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None


class StreamOptions(BaseModel):
    """What a stream tells beside the text."""

    include_usage: bool = False


class CompletionBody(BaseModel):
    """The fields that count here; others, such as temperature, are taken and do nothing."""

    model_config = ConfigDict(extra="allow")

    messages: list[Message] = Field(min_length=1, max_length=500)
    model: str = MODEL
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = 1


def make_completions(office: Office, path: str) -> FastAPI:
    """The application that is mounted at a path."""
    door = FastAPI(title="ReplyDesk as a chat model", docs_url=None, redoc_url=None, openapi_url=None)

    @door.get("/models")
    def list_models() -> JSONResponse:
        return JSONResponse({"object": "list", "data": [_model()]})

    @door.get("/models/{name}")
    def show_model(name: str) -> JSONResponse:
        return JSONResponse(_model()) if name == MODEL else _no_model(name)

    @door.post("/chat/completions")
    async def complete(body: CompletionBody, request: Request, caller: CallerOf) -> Response:
        if body.model != MODEL:
            return _no_model(body.model)
        if body.n not in (None, 1):
            raise LimitError(
                "More than one answer (n) is not given: there is one that is proved. Leave n out.", "只提供一个回答，请去掉参数 n。"
            )
        asked = office.admit(caller, _read_messages(body.messages))
        office.line.check(caller.name)
        told = _Told(f"chatcmpl-{caller.request_id}", int(time()), str(request.base_url.replace(path="", query="")).rstrip("/"))
        if body.stream:
            has_usage = body.stream_options is not None and body.stream_options.include_usage
            pieces = told.stream(office, caller, asked, has_usage=has_usage)
            return StreamingResponse(pieces, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        answer = await ask_once(office, caller, asked, request)
        return JSONResponse(told.whole(asked, answer)) if answer else Response(status_code=NOBODY_WAITS)

    tell_problems(door, path)
    return door


class _Told:
    """One completion, told whole or piece by piece."""

    def __init__(self, completion_id: str, created: int, server: str) -> None:
        self._head = {"id": completion_id, "created": created, "model": MODEL}
        self._server = server

    def whole(self, asked: Asked, answer: Answer) -> dict[str, object]:
        text = write_answer(answer, asked.question)
        message = {
            "role": "assistant",
            "content": text,
            "refusal": None,
            "annotations": annotate(text, answer, self._server),
            "replydesk": answer_as_json(answer),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": _count(asked, text)}

    async def stream(self, office: Office, caller: Caller, asked: Asked, *, has_usage: bool) -> AsyncIterator[str]:
        from rag.pipeline import Final

        yield self._chunk({"role": "assistant", "content": ""})
        try:
            async with contextlib.aclosing(follow(office, caller, asked)) as events:
                async for event in events:
                    if not isinstance(event, Final):
                        yield ": still working\n\n"
                        continue
                    text = write_answer(event.answer, asked.question)
                    for piece in _PIECE.findall(text):
                        yield self._chunk({"content": piece})
                    notes = annotate(text, event.answer, self._server)
                    yield self._chunk({"annotations": notes, "replydesk": answer_as_json(event.answer)}, "stop")
                    if has_usage:
                        yield _line({**self._head, "object": "chat.completion.chunk", "choices": [], "usage": _count(asked, text)})
        except ReplyDeskError as error:
            problem = problem_of(error)
            yield _line({"error": {"message": f"{problem.what} {problem.cure}", "type": problem.code, "param": None, "code": problem.code}})
        yield "data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, object], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _line({**self._head, "object": "chat.completion.chunk", "choices": [choice]})


def write_answer(answer: Answer, question: str) -> str:
    """The answer's text with its markers, and under it the quoted sentences with their letters."""
    if not answer.citations:
        return answer.text
    head = "出处：" if re.search(r"[\u4e00-\u9fff]", answer.text or question) else "Sources:"
    return "\n".join([answer.text.rstrip(), "", head, *(f"[{c.marker}] {c.text}（{_name_of(c)}）" for c in answer.citations)])


def annotate(text: str, answer: Answer, server: str) -> list[dict[str, object]]:
    """A URL citation for each marker in the text, in OpenAI's shape; the address shows the letter with the sentence marked."""
    found: list[dict[str, object]] = []
    citations = {citation.marker: citation for citation in answer.citations}
    shown = len(answer.text.rstrip())
    for match in re.finditer(r"\[(E\d+)\]", text[:shown]):
        citation = citations.get(match.group(1))
        if citation is not None:
            place = {"letter": citation.letter_id, "start": citation.start, "end": citation.end}
            url = f"{server}/source?{urlencode(place, quote_via=quote)}"
            told = {"start_index": match.start(), "end_index": match.end(), "title": _name_of(citation), "url": url}
            found.append({"type": "url_citation", "url_citation": told})
    return found


def _read_messages(messages: Sequence[Message]) -> Asked:
    """The last message is the question, pairs before it are the history; what a system message says does not steer the answer."""
    spoken = [(message.role, _text_of(message)) for message in messages if message.role in ("user", "assistant")]
    if not spoken or spoken[-1][0] != "user":
        raise LimitError("The last message must be the user's question. Send it with the role user.", "最后一条消息必须是用户的问题。")
    turns: list[Turn] = []
    for role, text in spoken[:-1]:
        if role == "user":
            turns.append(Turn(text))
        elif turns:
            turns[-1] = Turn(turns[-1].question, _SOURCES.sub("", text))
    return Asked(spoken[-1][1], tuple(turns))


def _text_of(message: Message) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    if any(part.type not in ("text", "input_text") for part in message.content):
        raise LimitError("Only text can be asked. Leave pictures and files out of the messages.", "只能用文字提问，请去掉图片和文件。")
    return "\n".join(part.text for part in message.content)


def _name_of(citation: Citation) -> str:
    day = citation.issued_on.isoformat() if citation.issued_on else None
    return "，".join(part for part in (citation.doc_number or citation.title or citation.file, day) if part)


def _count(asked: Asked, text: str) -> dict[str, int]:
    from rag.tokens import count_tokens

    read = count_tokens(asked.question) + sum(count_tokens(turn.question + turn.answer) for turn in asked.history)
    written = count_tokens(text)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _line(data: dict[str, object]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _model() -> dict[str, object]:
    return {"id": MODEL, "object": "model", "created": MADE_AT, "owned_by": "replydesk"}


def _no_model(name: str) -> JSONResponse:
    problem = Problem(
        404, "model_not_found", f"There is no model {name[:100]!r}.", f"Ask for the model {MODEL!r}.", f"没有模型 {name[:100]}。"
    )
    return respond(problem, "", "/v1/")
