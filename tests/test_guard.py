"""The last look at an answer of figures: a township is never answered for by the city around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.guard import guard, towns_of
from rag.names import Known, KnownPlace
from rag.question import understand
from rag.records import Finding, Outcome, Query, SentenceRef, Statement
from tests.small_store import make_letter

KNOWN = Known(places=(KnownPlace("松江市"),), home="松江市")
LETTER = make_letter("2023年，松江市新建健身步道42公里，其中石桥镇6公里。", letter_id="x")
CITY = Finding(Outcome.ANSWERED, (Statement("松江市2023年新建健身步道42公里。", (SentenceRef("x", 0),)),))


def ask(question: str) -> Query:
    return replace(understand(question, (), KNOWN, date(2024, 1, 1)), question=question)


@pytest.mark.parametrize(
    ("question", "towns"),
    [
        ("石桥镇2023年新建健身步道多少公里？", ["石桥镇"]),
        ("全市各乡镇新建多少公里？", []),
        ("城镇新增就业多少人？", []),
        ("东山街道呢？", ["东山街道"]),
    ],
)
def test_townships_that_a_question_names(question: str, towns: list[str]) -> None:
    assert towns_of(ask(question)) == towns


def test_sentence_that_speaks_of_the_township_is_let_through() -> None:
    assert guard(ask("石桥镇2023年新建健身步道多少公里？"), CITY, lambda _: LETTER) is CITY


def test_figure_of_the_city_is_not_given_for_a_township_that_no_sentence_names() -> None:
    found = guard(ask("溪岭镇2023年新建健身步道多少公里？"), CITY, lambda _: LETTER)
    assert found.outcome is Outcome.NOT_FOUND
    assert "42" not in found.statements[0].text


def test_what_was_raised_is_not_answered_by_what_is_in_force_all_the_time() -> None:
    rule = make_letter("立功奖励：三等功3000元、二等功1万元。", letter_id="x")
    raised = make_letter("护林员补助由每年8000元提高到1万元。", letter_id="x")
    found = Finding(Outcome.ANSWERED, (Statement("三等功奖励为3000元。", (SentenceRef("x", 0),)),))
    assert guard(ask("三等功奖励提到多少钱了？"), found, lambda _: rule).outcome is Outcome.NOT_FOUND
    assert guard(ask("三等功奖励是多少钱？"), found, lambda _: rule) is found
    assert guard(ask("护林员补助提高到多少了？"), found, lambda _: raised) is found
