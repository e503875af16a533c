"""Words of the page that signs in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignInTexts:
    """The words of one language."""

    language: str
    page_language: str
    product: str
    title: str
    name: str
    password: str
    sign_in: str
    go_on: str
    help: str
    other: str  # the other language's own name
    sign_out: str


ZH = SignInTexts(
    language="zh",
    page_language="zh-CN",
    product="答复通",
    title="登录",
    name="用户名",
    password="密码",
    sign_in="登录",
    go_on="已经登录？继续",
    help="没有账号或忘记密码，请联系管理员。",
    other="English",
    sign_out="退出",
)
EN = SignInTexts(
    language="en",
    page_language="en",
    product="ReplyDesk",
    title="Sign in",
    name="Name",
    password="Password",
    sign_in="Sign in",
    go_on="Signed in already? Go on",
    help="No account, or the password is forgotten? Ask your administrator.",
    other="中文",
    sign_out="Sign out",
)


def sign_in_texts(language: str) -> SignInTexts:
    """The words of a language."""
    return EN if language == "en" else ZH
