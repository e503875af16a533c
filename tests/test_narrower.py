"""A part does not answer for the whole, a share for a count, a gain for the stock."""

from __future__ import annotations

import pytest

from rag.narrower import is_part_of_what_is_asked
from tests.small_store import make_figure, make_letter
from tests.test_question import read

LETTER = make_letter("2023年，全市有关数据如下。", letter_id="x")


@pytest.mark.parametrize(
    ("question", "name", "unit"),
    [
        ("2023年新增托位多少个？", "新增普惠托位", "个"),
        ("2023年公共充电桩有多少根？", "农村公共充电桩", "根"),
        ("2023年接待游客多少？", "过夜游客占比", "%"),
        ("2023年底全市有多少家高新技术企业？", "高新技术企业净增数", "家"),
        ("What was the average PM2.5 concentration in 2023?", "机动车尾气占PM2.5来源比重", "%"),
    ],
)
def test_part_share_and_gain_are_not_what_is_asked(question: str, name: str, unit: str) -> None:
    assert is_part_of_what_is_asked(read(question), make_figure(LETTER, name, "40", unit))


@pytest.mark.parametrize(
    ("question", "name", "unit"),
    [
        ("2023年新增普惠托位多少个？", "新增普惠托位", "个"),
        ("2023年新增托位多少个？", "新增托位", "个"),
        ("2023年过夜游客占多少？", "过夜游客占比", "%"),
        ("2023年新增高新技术企业有多少家？", "高新技术企业净增数", "家"),
        ("What share of visitors stayed overnight in 2023?", "过夜游客占比", "%"),
    ],
)
def test_what_the_question_itself_names_is_let_through(question: str, name: str, unit: str) -> None:
    assert not is_part_of_what_is_asked(read(question), make_figure(LETTER, name, "40", unit))
