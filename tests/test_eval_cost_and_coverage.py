"""What a run cost, and what would be if only the answers that fit best were shown: worked by hand."""

from __future__ import annotations

import pytest

from eval.charts import line_chart
from eval.metrics.cost import Cost, Price, sum_cost
from eval.metrics.coverage import CoveragePoint, Shown, coverage_curve
from rag.llm import Tokens
from rag.records import Answer, Outcome


def answer(model: str | None, tokens: Tokens | None = None) -> Answer:
    return Answer(Outcome.ANSWERED, "1200张", model=model, tokens=tokens)


@pytest.mark.parametrize(
    ("answers", "price", "cost"),
    [
        ([answer(None)], Price(2, 8), Cost(0, 0, 0, 0, 0.0)),  # no model took part: that costs nothing
        ([answer("m", Tokens(1000, 50)), answer("m", Tokens(500, 25)), answer(None)], None, Cost(2, 0, 1500, 75, None)),
        ([answer("m", Tokens(1_000_000, 500_000))], Price(2, 8), Cost(1, 0, 1_000_000, 500_000, 6.0)),
        ([answer("m", Tokens(1000, 50)), answer("m")], Price(2, 8), Cost(2, 1, None, None, None)),  # unknown is not zero
        ([answer("m", Tokens(0, 0))], Price(2, 8), Cost(1, 0, 0, 0, 0.0)),
    ],
)
def test_the_cost_is_known_unknown_or_nothing(answers: list[Answer], price: Price | None, cost: Cost) -> None:
    assert sum_cost(answers, price) == cost


def test_the_curve_goes_from_the_best_answers_to_all() -> None:
    questions = [
        Shown(0.9, answerable=True, right=True),
        Shown(0.7, answerable=False, right=False),
        Shown(0.5, answerable=True, right=False),
        Shown(None, answerable=True, right=False),
        Shown(None, answerable=False, right=True),
    ]
    assert coverage_curve(questions) == [
        CoveragePoint(0.9, 1 / 3, 1.0, 1.0),
        CoveragePoint(0.7, 1 / 3, 0.5, 0.5),
        CoveragePoint(0.5, 2 / 3, 0.5, 1 / 3),
    ]


def test_many_scores_make_forty_points_and_no_answer_none() -> None:
    many = [Shown(n / 1000, answerable=True, right=True) for n in range(1000)]
    curve = coverage_curve(many)
    assert (len(curve), curve[0].cut, curve[-1].cut, curve[-1].coverage) == (40, 0.999, 0.0, 1.0)
    assert curve[-1].refused is None  # there was nothing to refuse
    assert coverage_curve([Shown(None, answerable=True, right=False)]) == []


def test_a_line_stands_where_its_shares_are() -> None:
    chart = line_chart("t", "x", [("a<b", [(0, 0), (0.5, 1)])])
    assert 'points="50.0,260.0 290.0,40.0"' in chart
    assert "a&lt;b" in chart
