"""Several whole questions in one message: each answered for itself, none mixed with another."""

from __future__ import annotations

import pytest

from rag.records import Finding, Outcome, Statement
from rag.separate import put_together, questions_in, stand_alone, with_places
from tests.test_question import read


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("2022年新建公园多少个？2023年加装电梯多少部？", 2),
        ("How many parks were built in 2022? How many lifts were added in 2023?", 2),
        ("2022年新建公园多少个？差多少？", 0),
        ("2022年新建公园多少个？", 0),
        ("2022年新建公园多少个", 0),
    ],
)
def test_questions_of_a_message(message: str, count: int) -> None:
    assert len(questions_in(message)) == count


def test_question_that_leans_on_the_one_before_is_not_separate() -> None:
    first = read("2022年新增孵化面积是多少？")
    assert stand_alone([first, read("2023年加装电梯多少部？")])
    assert not stand_alone([first, read("比上年增加了多少？")])


def test_place_holds_for_the_questions_after_it() -> None:
    first, second, own = with_places(
        [read(q) for q in ("溪桥区2022年新增学位多少个？", "2023年加装电梯多少部？", "我市2023年加装电梯多少部？")]
    )
    assert first.places == second.places != ()
    assert own.places == ()


def test_question_without_an_answer_is_named() -> None:
    found = Finding(Outcome.ANSWERED, (Statement("新建公园6个。"),), score=0.9)
    none = Finding(Outcome.NOT_FOUND, (Statement("未找到。"),))
    joined = put_together(["甲？", "乙？"], [found, none], english=False)
    assert joined.outcome is Outcome.PARTLY
    assert [s.text for s in joined.statements] == ["新建公园6个。", "未找到：乙？"]
    assert put_together(["甲？", "乙？"], [none, none], english=False).outcome is Outcome.NOT_FOUND
    assert put_together(["甲？", "乙？"], [found, found], english=False).outcome is Outcome.ANSWERED
