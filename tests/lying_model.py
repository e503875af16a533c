"""A language model that lies: an endpoint speaking the OpenAI chat protocol, streaming too, on loopback.

It reads the evidence lines of the prompt, says them fluently with a marker each, and changes one thing, as its `Lie` tells. It
remembers what it was asked and which lies it told. It also plays endpoints that are broken, slow or closed.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


class Lie(StrEnum):
    """What is wrong with its answers."""

    NONE = "none"
    DIGIT = "digit"
    YEAR = "year"
    UNIT = "unit"
    PLACE = "place"
    BOUND = "bound"  # 以上 dropped, or put where there was none
    STATUS = "status"  # target for actual and back
    CITATION = "citation"  # a figure of its own with an invented marker
    POINTER = "pointer"  # a figure of its own with a marker that exists
    OBEY = "obey"  # does what a letter tells it


class Fault(StrEnum):
    """How its endpoint fails."""

    NONE = "none"
    KEY = "key"
    NO_MODEL = "no model"
    TOO_LONG = "too long"
    BROKEN = "broken"  # status 500
    GARBAGE = "garbage"  # 200, and no JSON
    EMPTY = "empty"  # a proper answer that holds nothing
    SLOW = "slow"
    LIMIT = "limit"  # status 429
    DIES = "dies"  # the connection ends in the middle of the answer
    ONCE = "once"  # status 503 for the first call only
    NO_COUNT = "no count"  # status 400 for stream_options, which it does not know


@dataclass(frozen=True)
class EvidenceLine:
    """One line of evidence as the prompt shows it."""

    marker: str
    scope: str
    text: str

    @property
    def place(self) -> str:
        return self.scope.split("，")[0] if self.scope and not self.scope[0].isdigit() else ""

    @property
    def year(self) -> int | None:
        found = re.search(r"(20\d\d)年", self.scope)
        return int(found.group(1)) if found else None


PROMPT_TOKENS = 321  # what it says to have read, whatever that was
LINE = re.compile(r"^\[(E\d+)\](?:（([^）]*)）)?(.*)$", re.MULTILINE)
NUMBER = re.compile(r"(?<![\dE.])\d[\d,]*(?:\.\d+)?(?!\d)(?!年|月|日|号|%?\])")
ORDER = re.compile(r"(?:只回答|请回答|回答|answer with)[:：]?\s*[“\"]?([^”\"。]+)", re.IGNORECASE)
ENGLISH = re.compile(r"Answer briefly in English")
UNITS = (
    ("万平方米", "平方米"), ("亿元", "万元"), ("万元", "亿元"), ("万人", "人"), ("个百分点", "%"), ("%", "个百分点"), ("公里", "米"), ("万", "亿"), ("million", "billion"),
    ("billion", "million"), ("percent", "percentage points"), ("家", "万家"), ("人", "万人"), ("个", "万个"), ("辆", "万辆"), ("所", "万所"), ("处", "万处"), ("元", "万元"), ("条", "千条"),
    ("名", "万名"), ("张", "万张"), ("亩", "公顷"),
)  # fmt: skip
BOUNDS = re.compile(
    r"以上|以下|以内|左右|不少于|不低于|不超过|不高于|超过|突破|(?<!签)约(?=\d)|近(?=\d)|余(?=[个家人名所])|at least |at most |more than |about |nearly |over "
)
TARGETS = re.compile(r"计划|力争|目标(?:是|为)?|拟|将|预计|争取|努力|安排|确保")


def change_digit(text: str) -> str:
    """One digit of the last number is another."""
    numbers = list(NUMBER.finditer(text))
    if not numbers:
        return text
    at = numbers[-1].start()
    return f"{text[:at]}{9 if text[at] != '9' else 8}{text[at + 1 :]}"


def change_unit(text: str) -> str:
    """The unit of one number is another."""
    for old, new in UNITS:
        changed, count = re.subn(rf"(\d ?){re.escape(old)}", rf"\g<1>{new}", text, count=1)
        if count:
            return changed
    return text


def change_year(text: str, line: EvidenceLine) -> str:
    """The year is another; where none is said, a wrong one is put in front."""
    changed, count = re.subn(r"(?<!\d)(20\d)(\d)(?=年| target| |\.)", lambda m: f"{m.group(1)}{(int(m.group(2)) + 7) % 10}", text)
    if count or line.year is None:
        return changed
    return f"{line.year - 11}年，{text}"


def change_place(text: str, line: EvidenceLine) -> str:
    """The place is another; where none is said, a wrong one is put in front."""
    if line.place and line.place in text:
        return text.replace(line.place, "阆泽市")
    return f"In Langze City, {text[0].lower()}{text[1:]}" if re.match(r"[A-Za-z]", text) else f"阆泽市{text}"


def change_bound(text: str) -> str:
    """A bound is gone, or there is one where none was; not where another word says it still (控制在4%以内)."""
    if "控制在" in text:
        return text
    changed = BOUNDS.sub("", text, count=1)
    if changed != text:
        return changed
    return re.sub(r"(\d[\d.,]*(?:万|亿)?(?:平方米|公里|家|个|人|辆|元|所|处|条|名|张|亩|%))", r"\1以上", text, count=1)


def change_status(text: str, line: EvidenceLine) -> str:
    """A plan is told as a result, a result as a plan; where the scope tells neither, nothing is changed."""
    if "target" in text:
        return text.replace("target", "actual result")
    if re.search(r"\bactual\b", text):
        return text.replace("actual", "target")
    if "目标" in line.scope:
        return f"实际完成：{TARGETS.sub('', text)}"
    return f"目标是{text}" if "实际" in line.scope else text


def say_evidence(line: EvidenceLine, english: bool) -> str:
    """The evidence told honestly: its own words with its place in front."""
    text = line.text.rstrip("。；;")
    return text if english or not line.place or line.place in text else f"{line.place}：{text}"


Speak = Callable[[EvidenceLine, bool], str]


@dataclass
class LyingModel:
    """The endpoint; a context manager. `url` is what settings name."""

    lie: Lie = Lie.NONE
    fault: Fault = Fault.NONE
    speak: Speak = say_evidence
    key: str = ""
    delay_seconds: float = 2.0
    asked: list[dict[str, Any]] = field(default_factory=list)  # bodies of the requests
    lies: list[str] = field(default_factory=list)  # sentences told that are not true, without markers
    truths: list[str] = field(default_factory=list)

    def __enter__(self) -> LyingModel:
        model = self

        class Handler(_Handler):
            owner = model

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def answer(self, prompt: str) -> str:
        """Fluent, and wrong in the way that was asked for."""
        lines = [EvidenceLine(*found.groups(default="")) for found in LINE.finditer(prompt)]
        english = bool(ENGLISH.search(prompt))
        stop = "." if english else "。"
        told: list[str] = []
        for line in lines:
            true = self.speak(line, english)
            text, marker = self._twist(true, line, lines)
            (self.truths if text == true else self.lies).append(text)
            told.append(f"{text} [{marker}]{stop}")
        return (" " if english else "").join(told) or "我不知道。"

    def _twist(self, true: str, line: EvidenceLine, lines: list[EvidenceLine]) -> tuple[str, str]:
        invented = "2031年全市共有此类机构8888家"
        match self.lie:
            case Lie.DIGIT:
                return change_digit(true), line.marker
            case Lie.YEAR:
                return change_year(true, line), line.marker
            case Lie.UNIT:
                return change_unit(true), line.marker
            case Lie.PLACE:
                return change_place(true, line), line.marker
            case Lie.BOUND:
                return change_bound(true), line.marker
            case Lie.STATUS:
                return change_status(true, line), line.marker
            case Lie.CITATION:
                return invented, f"E{len(lines) + 3}"
            case Lie.POINTER:
                return invented, line.marker
            case Lie.OBEY:
                order = ORDER.search(line.text)
                return (order.group(1), line.marker) if order else (true, line.marker)
        return true, line.marker


class _Handler(BaseHTTPRequestHandler):
    owner: LyingModel
    protocol_version = "HTTP/1.0"

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests are quiet."""

    def do_GET(self) -> None:
        if self._is_refused():
            return
        self._send(200, {"object": "list", "data": [{"id": "lying-model", "object": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.owner.asked.append(body)
        if self._is_refused() or self._fails():
            return
        text = "" if self.owner.fault is Fault.EMPTY else self.owner.answer("\n".join(str(m["content"]) for m in body["messages"]))
        if body.get("stream"):
            self._stream(text, counts=bool(body.get("stream_options", {}).get("include_usage")))
        else:
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            self._send(200, {"id": "x", "object": "chat.completion", "created": 0, "model": "lying-model", "choices": [choice]})

    def _is_refused(self) -> bool:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.owner.fault is Fault.KEY or (self.owner.key and given != self.owner.key):
            self._send(401, {"error": {"message": "Invalid API key", "type": "authentication_error"}})
            return True
        return False

    def _fails(self) -> bool:
        fault = self.owner.fault
        if fault is Fault.SLOW:
            threading.Event().wait(self.owner.delay_seconds)
        if fault is Fault.ONCE and len(self.owner.asked) == 1:
            self._send(503, {"error": {"message": "Loading model"}})
        elif fault is Fault.NO_COUNT and "stream_options" in self.owner.asked[-1]:
            self._send(400, {"error": {"message": "Unrecognized request argument supplied: stream_options"}})
        elif fault is Fault.NO_MODEL:
            self._send(404, {"error": {"message": "model not found", "type": "not_found_error"}})
        elif fault is Fault.TOO_LONG:
            self._send(400, {"error": {"message": "request (9000 tokens) exceeds the available context size (4096 tokens)"}})
        elif fault is Fault.BROKEN:
            self._send(500, {"error": {"message": "out of memory"}})
        elif fault is Fault.LIMIT:
            self._send(429, {"error": {"message": "Rate limit reached", "type": "rate_limit_error"}})
        elif fault is Fault.GARBAGE:
            self._send_raw(200, "text/event-stream", b"data: <html>not json</html>\n\n")
        else:
            return False
        return True

    def _stream(self, text: str, *, counts: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        dies = self.owner.fault is Fault.DIES
        if dies:
            self.send_header("Content-Length", "1000000")  # more than ever comes, so that the end is no proper one
        self.end_headers()
        frame = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "lying-model"}
        for at in range(0, len(text), 7):
            choice: dict[str, Any] = {"index": 0, "delta": {"role": "assistant", "content": text[at : at + 7]}, "finish_reason": None}
            self.wfile.write(f"data: {json.dumps({**frame, 'choices': [choice]})}\n\n".encode())
            if dies:
                return
        end = {"index": 0, "delta": {}, "finish_reason": "stop"}
        self.wfile.write(f"data: {json.dumps({**frame, 'choices': [end]})}\n\n".encode())
        if counts:
            usage = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": len(text), "total_tokens": PROMPT_TOKENS + len(text)}
            self.wfile.write(f"data: {json.dumps({**frame, 'choices': [], 'usage': usage})}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, status: int, body: dict[str, Any]) -> None:
        self._send_raw(status, "application/json", json.dumps(body).encode())

    def _send_raw(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
