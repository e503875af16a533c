"""The page that signs in, without script, and signing out."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from doors.account_book import LONGEST_SESSION_DAYS, AccountBook
from doors.gate import CALLER, SESSION_COOKIE
from doors.logs import request_id
from doors.office import Office
from doors.roles import Caller, Role
from rag.errors import SignInError
from screens.markup import escape
from screens.texts.sign_in import SignInTexts, sign_in_texts

LANGUAGE_COOKIE = "replydesk_language"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_WITHIN = re.compile(r"/(?![/\\])[^\x00-\x1f\\]*")  # an address of this server, never another's
_STYLE = """
.sign-in{min-height:100vh;display:grid;place-items:center;padding:24px 16px;box-sizing:border-box}
.sign-in form{width:100%;max-width:360px;box-sizing:border-box;padding:28px 24px;border:1px solid var(--line);border-radius:14px;background:var(--surface);box-shadow:var(--shade)}
.sign-in h1{font-size:20px;font-weight:650;margin:22px 0 14px}.sign-in label{display:block;margin:12px 0 4px;font-size:14px;color:var(--soft)}
.sign-in input{width:100%;box-sizing:border-box;height:44px;padding:0 12px;border:1px solid var(--edge);border-radius:9px;background:var(--page);color:var(--text);font:inherit;font-size:16px}
.sign-in button{width:100%;height:46px;margin-top:20px;border:0;border-radius:9px;background:var(--accent);color:var(--on-accent);font:inherit;font-size:16px;cursor:pointer}
.sign-in button:hover{background:var(--accent-strong)}.sign-in .fault{padding:10px 12px;border-radius:9px;background:var(--bad-wash);color:var(--bad);font-size:14px}
.sign-in p{font-size:13px;color:var(--soft);margin:16px 0 0}.sign-in nav{display:flex;justify-content:space-between;gap:12px;margin-top:14px;font-size:13px}
.sign-in nav a{color:var(--accent);padding:6px 0}
"""


def make_sign_in_routes(book: AccountBook, office: Office, default_language: str, style: str) -> APIRouter:
    """GET and POST /login, POST /logout."""
    routes = APIRouter(include_in_schema=False)
    looks = f"{style}{_STYLE}"

    @routes.get("/login")
    def show_page(request: Request, next: str = "/", language: str = "") -> Response:
        if book.is_empty():
            return RedirectResponse("/", 303)
        words = sign_in_texts(language or request.cookies.get(LANGUAGE_COOKIE, default_language))
        response = _page(words, _within(next), looks)
        if language:
            response.set_cookie(LANGUAGE_COOKIE, words.language, max_age=365 * 86400, samesite="lax")
        return response

    @routes.post("/login")
    def sign_in(
        request: Request,
        name: Annotated[str, Form(max_length=200)] = "",
        password: Annotated[str, Form(max_length=2000)] = "",
        next: Annotated[str, Form(max_length=4000)] = "/",
    ) -> Response:
        words = sign_in_texts(request.cookies.get(LANGUAGE_COOKIE, default_language))
        address = request.client.host if request.client else ""
        visitor = Caller(name[:64] or "-", Role.READER, "screen", request_id.get())
        try:
            token = book.sign_in(name, password, address)
        except SignInError as error:
            office.metrics.signed_in("refused")
            office.note(visitor, "sign-in", outcome="refused", reason=str(error), subject=address)
            return _page(words, _within(next), looks, error.chinese if words.language == "zh" else str(error), name)
        office.metrics.signed_in("done")
        office.note(visitor, "sign-in", outcome="done", subject=address)
        response = RedirectResponse(_within(next), 303)
        response.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=LONGEST_SESSION_DAYS * 86400,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    @routes.post("/logout")
    def sign_out(request: Request) -> Response:
        if token := request.cookies.get(SESSION_COOKIE):
            book.sign_out(token)
            office.note(request.scope[CALLER], "sign-out", outcome="done")
        response = RedirectResponse("/login", 303)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
        return response

    return routes


def _within(address: str) -> str:
    return address if _WITHIN.fullmatch(address) else "/"


def _page(words: SignInTexts, following: str, style: str, fault: str = "", name: str = "") -> HTMLResponse:
    other = "en" if words.language == "zh" else "zh"
    said = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    inner = (
        f'<form method="post" action="/login"><div class="brand"><span class="seal" aria-hidden="true">答</span>'
        f'<span class="product"><b>{escape(words.product)}</b></span></div><h1>{escape(words.title)}</h1>{said}'
        f'<label for="name">{escape(words.name)}</label>'
        f'<input id="name" name="name" value="{escape(name)}" autocomplete="username" autocapitalize="none" maxlength="64" required autofocus>'
        f'<label for="password">{escape(words.password)}</label>'
        f'<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required>'
        f'<input type="hidden" name="next" value="{escape(following)}"><button type="submit">{escape(words.sign_in)}</button>'
        f'<nav><a href="{escape(following)}">{escape(words.go_on)}</a>'
        f'<a href="/login?language={other}&amp;next={escape(quote(following, safe=""))}" lang="{other}">{escape(words.other)}</a></nav>'
        f"<p>{escape(words.help)}</p></form>"
    )
    page = (
        f'<!doctype html><html lang="{words.page_language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(words.title)} · {escape(words.product)}</title>'
        f'<style>{style}</style></head><body class="alone"><main class="sign-in">{inner}</main></body></html>'
    )
    return HTMLResponse(page, 401 if fault else 200, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})
