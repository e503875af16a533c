"""What one metric says of one answer: a value and its reason. “Not applicable” and “unparsed” are not zero."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Three outcomes that must never be mixed up."""

    VALUE = "value"
    NOT_APPLICABLE = "not_applicable"  # the question gives this metric nothing to measure
    UNPARSED = "unparsed"  # there is something to measure, and the answer could not be read


@dataclass(frozen=True, slots=True)
class Score:
    """A value between 0 and 1, or None with the state that tells why."""

    value: float | None
    reason: str
    state: State = State.VALUE

    @classmethod
    def not_applicable(cls, reason: str) -> Score:
        """There is nothing to measure."""
        return cls(None, reason, State.NOT_APPLICABLE)

    @classmethod
    def unparsed(cls, reason: str) -> Score:
        """It could not be read."""
        return cls(None, reason, State.UNPARSED)
