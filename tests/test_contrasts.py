"""Figures whose names come near to what is asked and that are of another thing all the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rag.contrasts import is_of_another_kind
from rag.names import Known, KnownPlace
from rag.quantity import read_quantities
from rag.question import understand
from rag.records import Figure, Status
from rag.terms import read_rows
from tests.small_store import make_letter

KNOWN = Known(places=(KnownPlace("松江市"),), home="松江市")


def is_refused(question: str, text: str, name: str, period: str = "2022年") -> bool:
    letter = make_letter(text, letter_id="x")
    quantity = read_quantities(text)[-1]
    figure = Figure(
        "x", name, quantity.value, quantity.unit, quantity.value_base, quantity.unit_base, quantity.comparator, 2022, period,
        Status.ACTUAL, "松江市", "松江市", 0, quantity.start, quantity.end,
    )  # fmt: skip
    assert figure.value > Decimal(0)
    return is_of_another_kind(understand(question, (), KNOWN, date(2024, 1, 1)), figure, letter)


OTHERS = [
    ("2022年托育床位有多少张？", "2022年养老床位1.9万张。", "养老床位"),
    ("2022年一般公共预算支出是多少？", "2022年一般公共预算收入28.7亿元。", "一般公共预算收入"),
    ("2022年城镇自来水普及率是多少？", "2022年农村自来水普及率94.6%。", "农村自来水普及率"),
    ("2022年失业率是多少？", "2022年残疾人就业率46%。", "残疾人就业率"),
    ("2022年新建口袋公园多少个？", "2022年改造口袋公园25个。", "改造口袋公园数"),
    ("2022年公交车辆数是多少？", "2022年新能源公交车占比97%。", "新能源公交车占比"),
    ("2022年老旧小区改造户数是多少？", "2022年改造老旧小区102个。", "改造老旧小区数"),
    ("2022年就业补助资金是多少？", "2022年补贴大户1042户。", "补贴大户数"),
]


@pytest.mark.parametrize(("question", "text", "name"), OTHERS)
def test_figure_of_another_thing_is_refused(question: str, text: str, name: str) -> None:
    assert is_refused(question, text, name)


SAME = [
    ("2022年养老床位有多少张？", "2022年养老床位1.9万张。", "养老床位"),
    ("2022年改造和新建供水管网多少公里？", "2022年新建和改造供水管网86公里。", "改造供水管网"),
    ("2022年失业人员再就业多少人？", "2022年失业人员再就业1.6万人。", "失业人员再就业"),
    ("2022年就业补助资金是多少？", "2022年就业补助资金1.9亿元。", "就业补助资金"),
]


@pytest.mark.parametrize(("question", "text", "name"), SAME)
def test_figure_of_the_thing_itself_is_let_through(question: str, text: str, name: str) -> None:
    assert not is_refused(question, text, name)


def test_what_there_was_at_the_years_end_is_not_what_was_added() -> None:
    assert is_refused("2022年新增小巨人企业多少家？", "2022年末小巨人企业41家。", "小巨人企业数", "2022年末")
    assert not is_refused("2022年有小巨人企业多少家？", "2022年末小巨人企业41家。", "小巨人企业数", "2022年末")


def test_each_group_of_contrasts_has_two_members_of_their_own() -> None:
    for cells in read_rows("contrasts.tsv", 8):
        members = [set(cell.split("|")) for cell in cells if cell]
        assert len(members) >= 2, cells
        assert len(set.union(*members)) == sum(map(len, members)), cells
