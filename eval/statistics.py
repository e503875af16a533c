"""How sure is a number? Confidence intervals by bootstrap (Efron 1979), and two runs compared by McNemar's exact test or paired bootstrap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_ROUNDS = 4000
_SEED = 20250101


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its confidence interval."""

    mean: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same questions; `verdict` is better, worse or cannot tell, of the second against the first."""

    first: float
    second: float
    count: int
    gained: int  # questions that only the second has better
    lost: int
    p_value: float
    verdict: str


def mean_interval(values: Sequence[float], level: float = 0.95) -> Interval | None:
    """Mean and percentile bootstrap interval; None of nothing. The same values always give the same interval."""
    if not values:
        return None
    sample = np.asarray(values, dtype=float)
    if len(sample) == 1 or float(sample.min()) == float(sample.max()):
        low, high = _wilson(float(sample.mean()), len(sample)) if set(values) <= {0.0, 1.0} else (float(sample.mean()),) * 2
        return Interval(float(sample.mean()), low, high, len(sample))
    drawn = np.random.default_rng(_SEED).choice(sample, size=(_ROUNDS, len(sample))).mean(axis=1)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(sample.mean()), float(low), float(high), len(sample))


def _wilson(share: float, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Interval of a share (Wilson 1927), for samples that are all 0 or all 1, where the bootstrap has no width."""
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def mcnemar_p(gained: int, lost: int) -> float:
    """Two-sided exact McNemar test: how likely is so uneven a split of the questions on which two runs differ?"""
    total = gained + lost
    if total == 0:
        return 1.0
    tail = sum(math.comb(total, k) for k in range(min(gained, lost) + 1)) / 2**total
    return float(min(1.0, 2 * tail))


def paired_bootstrap_p(differences: Sequence[float]) -> float:
    """Two-sided p of a mean difference against none, for values between 0 and 1."""
    sample = np.asarray(differences, dtype=float)
    if not len(sample) or not sample.any():
        return 1.0
    drawn = np.random.default_rng(_SEED).choice(sample, size=(_ROUNDS, len(sample))).mean(axis=1)
    below = (int((drawn <= 0).sum()) + 1) / (_ROUNDS + 1)
    above = (int((drawn >= 0).sum()) + 1) / (_ROUNDS + 1)
    return float(min(1.0, 2 * min(below, above)))


def compare_pairs(first: Sequence[float], second: Sequence[float], *, lower_is_better: bool = False, alpha: float = 0.05) -> Comparison:
    """Compare two runs question by question: McNemar where each value is 0 or 1, else the paired bootstrap.

    Raises:
        ValueError: the runs are not of the same questions.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} values against {len(second)}: compare runs over the same questions")
    sign = -1 if lower_is_better else 1
    differences = [sign * (b - a) for a, b in zip(first, second, strict=True)]
    gained, lost = sum(d > 0 for d in differences), sum(d < 0 for d in differences)
    binary = {*first, *second} <= {0.0, 1.0}
    p_value = mcnemar_p(gained, lost) if binary else paired_bootstrap_p(differences)
    total = sum(differences)
    verdict = "cannot tell" if p_value >= alpha or total == 0 else "better" if total > 0 else "worse"
    count = len(first)
    return Comparison(sum(first) / count if count else 0.0, sum(second) / count if count else 0.0, count, gained, lost, p_value, verdict)
