"""The gate: every request passes here first. It knows the caller, refuses what no rule allows, bounds what is sent, and notes what came of it."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from ipaddress import ip_address
from secrets import token_hex
from time import perf_counter
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doors.account_book import AccountBook
from doors.logs import ACCESS, request_id
from doors.office import Office
from doors.problems import Problem, problem_of, respond
from doors.roles import LOCAL, Caller, require
from doors.rules import Rule, find_rule, rules_of
from rag.errors import LimitError, ReplyDeskError

SESSION_COOKIE = "replydesk_session"
CALLER = "replydesk.caller"  # where the caller stands in a request's scope
LOGIN = "/login"
PAGES = ("/", "/source", "/api/v1/docs")  # for people: who is not signed in is led to the sign-in
_REQUEST_ID = re.compile(r"[\w.-]{1,64}")
_SAFE = ("GET", "HEAD")
_log = logging.getLogger(__name__)

NOT_HERE = Problem(404, "not-here", "There is nothing at this address.", "GET /api/v1/docs tells the addresses.", "此地址没有内容。")
SIGN_IN = Problem(
    401,
    "sign-in-needed",
    "You are not signed in, or your session is over.",
    "Sign in at /login; a program sends a key: `python -m doors.accounts key NAME`, then `Authorization: Bearer KEY`.",
    "尚未登录或登录已过期，请先登录。",
)
WRONG_KEY = Problem(
    401, "wrong-key", "This key opens nothing.", "Make a new one: `python -m doors.accounts key NAME`.", "密钥无效，请管理员重新生成。"
)
CROSS_SITE = Problem(
    403,
    "cross-site",
    "This request comes from another site's page.",
    "Send it from ReplyDesk's own page, or with a key.",
    "请求来自其他网站，已拒绝。",
)
NO_ACCOUNTS = Problem(
    403,
    "accounts-needed",
    "ReplyDesk is reached from beyond this computer, and it has no accounts.",
    "Add one: `python -m doors.accounts add NAME --role admin`.",
    "正在从其他电脑访问，但还没有设置账号。请先执行 python -m doors.accounts add 名称 --role admin。",
)
FAULT = Problem(
    500,
    "failed",
    "The program failed on this request.",
    "Try again; if it happens again, give the request id to your administrator: the log tells more under it.",
    "程序处理此请求时出错。请重试；如仍出错，请把请求编号告诉管理员。",
)


class Gate:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, book: AccountBook, office: Office, *, is_loopback: bool) -> None:
        """`is_loopback`: the server listens on this computer only, so that without accounts nobody need sign in."""
        self._app = app
        self._book = book
        self._office = office
        self._is_loopback = is_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks over web sockets
            await send({"type": "websocket.close", "code": 1008})
            return
        await _Visit(self, scope, receive, send).run()

    async def admit(self, scope: Scope, headers: Headers, rule: Rule) -> Caller | None:
        """The caller, if the rule lets him pass; None where anybody may.

        Raises:
            Refusal: he may not.
        """
        if scope["method"] not in _SAFE and _is_cross_site(headers):
            raise Refusal(CROSS_SITE)
        caller = await run_in_threadpool(self._find_caller, headers)
        if caller is None:
            if rule.action is None:
                return None
            raise Refusal(SIGN_IN)
        if rule.action is not None:
            require(caller, rule.action)
        return replace(caller, door=rule.door, request_id=request_id.get())

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What lies behind the gate."""
        await self._app(scope, receive, send)

    def measure(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._office.metrics.requested(method, route, status, seconds)

    def _find_caller(self, headers: Headers) -> Caller | None:
        if self._book.is_empty():
            if not self._is_loopback or not _is_at_this_computer(headers):
                raise Refusal(NO_ACCOUNTS)
            return LOCAL
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            caller = self._book.caller_of_key(key.strip())
            if caller is None:
                raise Refusal(WRONG_KEY)
            return caller
        token = cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE, "")
        return self._book.caller_of_session(token) if token else None


class Refusal(Exception):
    """The gate's answer in place of the application's."""

    def __init__(self, problem: Problem, headers: dict[str, str] | None = None) -> None:
        super().__init__(problem.what)
        self.problem = problem
        self.headers = headers


class _Visit:
    """One request on its way through the gate."""

    def __init__(self, gate: Gate, scope: Scope, receive: Receive, send: Send) -> None:
        self._gate = gate
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers = Headers(scope=scope)
        given = self._headers.get("x-request-id", "")
        self._id = given if _REQUEST_ID.fullmatch(given) else token_hex(8)
        self._started = perf_counter()
        self._status = 0  # of the response, once it has begun
        self._taken = 0  # bytes of the body
        self._is_over = False  # they are more than are taken; what the application says then does not count
        self._rule: Rule | None = None
        self._caller: Caller | None = None

    async def run(self) -> None:
        """From the request to its line in the log."""
        token = request_id.set(self._id)
        try:
            await self._pass()
        except Refusal as refusal:
            await self._answer(self._refuse(refusal.problem, refusal.headers))
        except ReplyDeskError as error:  # also from within the application, where no door of its own caught it
            await self._answer(self._refuse(problem_of(error)))
        except Exception:  # noqa: BLE001 - whoever asked is told at least that, and under which id the log tells more
            _log.exception("A request failed")
            await self._answer(self._refuse(FAULT))
        finally:
            self._tell()
            request_id.reset(token)

    async def _pass(self) -> None:
        method, path = self._scope["method"], self._scope["path"]
        self._rule = rule = find_rule(method, path)
        if rule is None:
            rule = next(iter(rules_of(path)), None)
            if rule is not None:  # the address is there; the method is not: told only to those who may come here
                await self._gate.admit(self._scope, self._headers, rule)
                allowed = ", ".join(sorted({word for other in rules_of(path) for word in other.methods.split()}))
                wrong = Problem(405, "wrong-method", f"{method} is not for this address.", f"Use {allowed}.", "请求方法不对。")
                raise Refusal(wrong, {"Allow": allowed})
            await self._gate.admit(self._scope, self._headers, Rule(method, path, None, "screen"))
            raise Refusal(NOT_HERE)
        declared = self._headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > rule.body_at_most:
            raise Refusal(_too_large(rule))
        self._caller = await self._gate.admit(self._scope, self._headers, rule)
        self._scope[CALLER] = self._caller
        try:
            await self._gate.app(self._scope, self._take, self._begin)
        except Exception:
            if not self._is_over:
                raise
        if self._is_over:
            raise Refusal(_too_large(rule))

    async def _take(self) -> Message:
        """The next piece of the body, as long as it is not too much."""
        message = await self._receive()
        if message["type"] == "http.request" and self._rule is not None:
            self._taken += len(message.get("body", b""))
            if self._taken > self._rule.body_at_most:
                self._is_over = True
                raise LimitError("The body is larger than is taken.")
        return message

    async def _begin(self, message: Message) -> None:
        if self._is_over and not self._status:
            return
        await self._pass_on(message)

    async def _pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)["X-Request-ID"] = self._id
        await self._send(message)

    def _refuse(self, problem: Problem, headers: dict[str, str] | None = None) -> Response:
        path = self._scope["path"]
        wants_page = self._scope["method"] == "GET" and "text/html" in self._headers.get("accept", "")
        if problem is SIGN_IN and wants_page and path in PAGES:
            asked = path + (f"?{self._scope['query_string'].decode('latin-1')}" if self._scope["query_string"] else "")
            return RedirectResponse(f"{LOGIN}?next={quote(asked, safe='')}", 303)
        return respond(problem, self._id, path, headers)

    async def _answer(self, response: Response) -> None:
        if self._status:  # too late: the response has begun, so that it can only break off
            _log.warning("A response broke off after it had begun")
            return
        await response(self._scope, self._receive, self._pass_on)

    def _tell(self) -> None:
        seconds = perf_counter() - self._started
        route = self._rule.path if self._rule else "other"
        self._gate.measure(self._scope["method"], route, self._status, seconds)
        caller = self._caller
        more = {
            "account": caller.name if caller else "",
            "door": self._rule.door if self._rule else "",
            "method": self._scope["method"],
            "path": self._scope["path"],
            "status": self._status,
            "seconds": round(seconds, 4),
        }
        ACCESS.info("%s %s %s", more["method"], more["path"], self._status, extra=more)


def _too_large(rule: Rule) -> Problem:
    limit = f"{rule.body_at_most // 1024} kB" if rule.body_at_most < 1024 * 1024 else f"{rule.body_at_most // (1024 * 1024)} MB"
    return Problem(413, "too-large", f"More than {limit} was sent.", "Send less at once.", f"一次发送的内容超过 {limit}，请分几次发送。")


def _is_cross_site(headers: Headers) -> bool:
    """Whether a page of another site sends it: browsers say so, programs do not. No page can send a key without being asked first."""
    if "authorization" in headers:
        return False
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc != headers.get("host", "")
    return headers.get("sec-fetch-site", "none") not in ("none", "same-origin")


def _is_at_this_computer(headers: Headers) -> bool:
    """Whether the request names this computer itself, and no proxy passed it on."""
    if "x-forwarded-for" in headers or "forwarded" in headers:
        return False
    return is_loopback(urlsplit(f"//{headers.get('host', '')}").hostname or "")


def is_loopback(host: str) -> bool:
    """Whether an address to listen on, or a name, is only this computer."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
