"""ask(question, history) → Answer, and the same as a stream: the one call that screen, command, API and evaluation share."""

from __future__ import annotations

from dataclasses import dataclass

from rag.records import Answer


@dataclass(frozen=True, slots=True)
class EvidenceReady:
    """First: the answer composed by code, proved and complete, before any model writes."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Draft:
    """The model's text so far; not yet verified."""

    text: str


@dataclass(frozen=True, slots=True)
class Final:
    """Last: the verified answer."""

    answer: Answer


Event = EvidenceReady | Draft | Final
