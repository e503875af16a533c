"""Corrections: the new value bears the name and the year of the statement that it corrects."""

from __future__ import annotations

import pytest

from tests.test_figures import read

CORRECTED = [
    ("“2022年底全市公共泊位3.52万个”有误，应为3.33万个。", ("公共泊位数", "3.33", 2022, "actual")),
    ("三、“分类准确率2022年为80.4%”有误，应为“78.4%”，系录入错误。", ("分类准确率", "78.4", 2022, "actual")),
    ("第二部分“2022年全市在园幼儿8.2万人”更正为“2022年全市在园幼儿7.9万人”。", ("在园幼儿数", "7.9", 2022, "actual")),
    ("将“2023年计划投资3.5亿元”更正为“2023年计划投资3.2亿元”。", ("投资", "3.2", 2023, "target")),
    ("原答复“2022年新增泊位3200个”应为“3020个”。", ("新增泊位数", "3020", 2022, "actual")),
]


@pytest.mark.parametrize(("text", "expected"), CORRECTED)
def test_new_value_bears_the_name_of_the_statement(text: str, expected: tuple[str, str, int, str]) -> None:
    figures = [(f.name, str(f.value), f.year, f.status.value) for f in read(text) if not f.revoked]
    assert figures == [expected]


def test_bare_total_is_the_total_of_what_was_counted_before() -> None:
    figures = read("2022年底全市公共泊位3.33万个。", "2023年底总数由“3.94万个”更正为“3.75万个”。")
    assert [(f.name, f.year) for f in figures] == [("公共泊位数", 2022), ("公共泊位数", 2023)]
