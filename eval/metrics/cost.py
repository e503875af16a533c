"""What a run cost: the tokens that its model read and wrote, as the endpoint counts them, and their price.

Three things are kept apart: questions in which no model took part (not applicable, they cost nothing), questions of which the endpoint does not say what
it counted (unknown, and so is the sum), and zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.llm import Tokens
from rag.records import Answer

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """In any currency, for a million tokens."""

    prompt: float
    completion: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Tokens and price of a run; None where a part of it is unknown."""

    asked: int  # questions in which a model took part
    unknown: int  # those of them without a count
    prompt: int | None
    completion: int | None
    price: float | None  # None also where no price is given


def sum_cost(answers: Sequence[Answer], price: Price | None = None) -> Cost:
    """Add up what the answers took."""
    with_model = [answer for answer in answers if answer.model is not None]
    counted = [answer.tokens for answer in with_model if answer.tokens is not None]
    unknown = len(with_model) - len(counted)
    if unknown:
        return Cost(len(with_model), unknown, None, None, None)
    total = Tokens(sum(read for read, _ in counted), sum(written for _, written in counted))
    paid = None if price is None else (total.prompt * price.prompt + total.completion * price.completion) / MILLION
    return Cost(len(with_model), 0, total.prompt, total.completion, paid)
