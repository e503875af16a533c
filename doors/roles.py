"""Who may do what: roles, actions, and the caller that every door, screen included, knows its visitor by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rag.errors import AccessError


class Role(StrEnum):
    """What an account is for; each may do all that the one before it may."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"


class Action(StrEnum):
    """What is guarded."""

    READ = "read"  # letters, figures, the screen itself
    ASK = "ask"
    INGEST = "ingest"  # take letters in
    REMOVE = "remove"
    EVALUATE = "evaluate"
    OBSERVE = "observe"  # metrics
    SEE_PERSONAL = "see personal"  # mobile and identity numbers of people, as the letters have them


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.READER: frozenset({Action.READ, Action.ASK}),
    Role.EDITOR: frozenset({Action.READ, Action.ASK, Action.INGEST, Action.REMOVE, Action.SEE_PERSONAL}),
    Role.ADMIN: frozenset(Action),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever stands behind a request."""

    name: str
    role: Role
    door: str = ""  # screen, rest, openai, mcp: where the request came in
    request_id: str = ""
    is_local: bool = False  # no accounts are set up, and this is the person at the computer


LOCAL = Caller("local", Role.ADMIN, is_local=True)

_NEEDS = {action: next(role for role in Role if action in ALLOWED[role]) for action in Action}


def may(caller: Caller, action: Action) -> bool:
    """Whether the caller's role allows the action."""
    return action in ALLOWED[caller.role]


def require(caller: Caller, action: Action) -> None:
    """Pass, or refuse.

    Raises:
        AccessError: the caller's role does not allow the action.
    """
    if not may(caller, action):
        needed = _NEEDS[action]
        raise AccessError(
            f"{caller.name} is a {caller.role} and may not {action}: that needs the role {needed}. Ask an administrator for "
            f"`python -m doors.accounts role {caller.name} {needed}`.",
            f"{caller.name} 的角色是 {caller.role}，不能执行此操作（{action}），需要角色 {needed}。请管理员执行 "
            f"`python -m doors.accounts role {caller.name} {needed}`。",
        )
