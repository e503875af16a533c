"""Refusal against coverage: what would be if only the answers that fit best were shown.

The curve of selective prediction (El-Yaniv and Wiener 2010, JMLR 11): answers are ordered by the score that the system itself gives them, and cut at
each of its values. At a cut stands what share of the answerable questions still gets an answer (coverage), what share of the unanswerable ones is
refused, and what share of the answers shown is right. A system whose score says nothing has a flat curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_POINTS = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as the curve needs it."""

    score: float | None  # None: nothing was answered
    answerable: bool
    right: bool


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """What comes of showing answers of this score and above; a share of nothing is None."""

    cut: float
    coverage: float | None
    refused: float | None
    right: float | None


def coverage_curve(questions: Sequence[Shown]) -> list[CoveragePoint]:
    """The points from the strictest cut to none, at most `_POINTS`; nothing where nothing was answered."""
    cuts = sorted({q.score for q in questions if q.score is not None}, reverse=True)
    if len(cuts) > _POINTS:
        cuts = [cuts[round(i * (len(cuts) - 1) / (_POINTS - 1))] for i in range(_POINTS)]
    return [_point(questions, cut) for cut in cuts]


def _point(questions: Sequence[Shown], cut: float) -> CoveragePoint:
    shown = [q for q in questions if q.score is not None and q.score >= cut]
    answerable = sum(q.answerable for q in questions)
    unanswerable = len(questions) - answerable
    told_of_nothing = sum(not q.answerable for q in shown)
    return CoveragePoint(
        cut=round(cut, 4),
        coverage=sum(q.answerable for q in shown) / answerable if answerable else None,
        refused=1 - told_of_nothing / unanswerable if unanswerable else None,
        right=sum(q.right for q in shown) / len(shown) if shown else None,
    )
