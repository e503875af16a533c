"""One question of a conversation and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from rag.filters import NOTHING, Filters
from rag.records import Answer


@dataclass(frozen=True, slots=True)
class Exchange:
    """Kept with its conversation: fields that are added later must have a default."""

    question: str
    answer: Answer | None = None
    draft: str = ""
    error: str = ""
    warning: str = ""  # the answer is there, but something beside it went wrong
    is_done: bool = False
    is_stopped: bool = False
    ticket: str = ""  # names it to whoever wants to stop it, copy it or judge it
    asked_at: str = ""  # ISO time, UTC
    filters: Filters = NOTHING
