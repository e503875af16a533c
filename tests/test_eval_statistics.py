"""Intervals and paired tests against values worked by hand."""

from __future__ import annotations

import pytest

from eval.statistics import compare_pairs, mcnemar_p, mean_interval, paired_bootstrap_p


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    values = [1.0] * 80 + [0.0] * 20
    interval = mean_interval(values)
    assert interval is not None
    assert interval.mean == 0.8
    assert 0.70 < interval.low < 0.75  # binomial: .8 ± 1.96 × .04
    assert 0.85 < interval.high < 0.90
    assert mean_interval(values) == interval


def test_a_perfect_score_of_few_questions_is_not_certain() -> None:
    interval = mean_interval([1.0] * 10)
    assert interval is not None
    assert interval.mean == 1.0
    assert interval.high == pytest.approx(1.0)
    assert interval.low == pytest.approx(0.722, abs=0.001)  # Wilson: 10 / (10 + 3.84)


def test_nothing_has_no_interval() -> None:
    assert mean_interval([]) is None


def test_mcnemar_is_exact() -> None:
    assert mcnemar_p(0, 0) == 1.0
    assert mcnemar_p(6, 0) == pytest.approx(2 / 64)
    assert mcnemar_p(0, 6) == mcnemar_p(6, 0)
    assert mcnemar_p(5, 4) == 1.0


def test_few_gains_cannot_be_told_from_chance() -> None:
    first, second = [0.0] * 4 + [1.0] * 20, [1.0] * 24
    assert compare_pairs(first, second).verdict == "cannot tell"
    assert compare_pairs([0.0] * 8 + [1.0] * 16, second).verdict == "better"
    assert compare_pairs(second, [0.0] * 8 + [1.0] * 16).verdict == "worse"


def test_a_fault_that_grows_rarer_is_better() -> None:
    assert compare_pairs([1.0] * 8, [0.0] * 8, lower_is_better=True).verdict == "better"


def test_shares_are_compared_by_paired_bootstrap() -> None:
    assert paired_bootstrap_p([0.0] * 10) == 1.0
    assert compare_pairs([0.5] * 30, [0.75] * 30).verdict == "better"
    assert compare_pairs([0.5, 0.6, 0.7, 0.4], [0.6, 0.5, 0.6, 0.5]).verdict == "cannot tell"


def test_runs_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="same questions"):
        compare_pairs([1.0], [1.0, 0.0])
