"""A comparison or a series among an answer's figures: what is drawn, and what is not."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from rag.records import AnswerFigure, Comparator, Status
from screens.chat.drawing import draw_figures
from screens.texts import texts_for


def figure(value: str, year: int | None = 2022, **known: Any) -> AnswerFigure:
    told: dict[str, Any] = {
        "name": "新增孵化面积", "value": Decimal(value), "unit": "万平方米", "comparator": Comparator.EQUAL, "year": year, "status": Status.ACTUAL,
        "subject": "甲市", "marker": "E1",
    }  # fmt: skip
    return AnswerFigure(**(told | known))


def draw(*figures: AnswerFigure, language: str = "zh") -> str:
    return draw_figures(figures, texts_for(language))


def test_a_series_is_a_line_with_a_point_for_each_year() -> None:
    drawn = draw(figure("38.6", 2021), figure("45.3", 2022), figure("53.6", 2024))
    assert drawn.count('<circle class="actual c0"') == 3
    assert "新增孵化面积（万平方米）" in drawn
    heights = [float(y) for y in re.findall(r'cy="([\d.]+)"', drawn)]
    assert heights == sorted(heights, reverse=True)  # it grows


def test_target_and_actual_are_told_apart() -> None:
    drawn = draw(
        figure("42", 2022, status=Status.TARGET, comparator=Comparator.AT_LEAST),
        figure("45.3", 2022),
        figure("50", 2023, status=Status.TARGET),
    )
    assert drawn.count('<circle class="target c0"') == 2
    assert drawn.count('class="kind ') == 2
    assert "42万平方米以上 目标" in drawn


def test_places_of_one_year_are_bars_that_fit_their_values() -> None:
    drawn = draw(figure("61.2", subject="乙市"), figure("45.3"), figure("15.9", status=None))
    assert [float(width) for width in re.findall(r"width:([\d.]+)%", drawn)] == [100.0, 74.0]
    assert "乙市" in drawn


def test_scales_are_brought_together() -> None:
    drawn = draw(figure("1.13", 2023, unit="亿人次"), figure("10240", 2020, unit="万人次"))
    assert "（亿人次）" in drawn
    heights = [float(y) for y in re.findall(r'cy="([\d.]+)"', drawn)]
    assert abs(heights[0] - heights[1]) < 120  # 1.024 beside 1.13, not 10,240 beside 1.13


@pytest.mark.parametrize(
    "figures",
    [
        (figure("38.6"),),
        (figure("38.6"), figure("412", name="在孵企业数", unit="家", year=2023)),  # other things
        (figure("38.6"), figure("45.3", name="孵化器总面积", year=2023)),  # one unit, two things
        (figure("38.6", None), figure("45.3", 2023)),  # a year that is not told
        (figure("38.6", 2022, period="截至6月底"), figure("45.3", 2023)),  # a part of a year beside a whole one
        (figure("30", 2022, high=Decimal(40)), figure("45.3", 2023)),  # a range is no point
        (figure("42", status=Status.TARGET), figure("45.3")),  # target and actual of one year and place: the cards say it
    ],
)
def test_what_is_no_series_is_not_drawn(figures: tuple[AnswerFigure, ...]) -> None:
    assert draw(*figures) == ""


def test_english_and_names_that_would_be_markup() -> None:
    drawn = draw(figure("61.2", subject="<b>乙市"), figure("45.3"), language="en")
    assert "61.2万平方米 Actual" in drawn
    assert "<b>" not in drawn
