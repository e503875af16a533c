"""A question that asks several things of one object: which questions it holds, and how their answers are joined."""

from __future__ import annotations

import pytest

from rag.parts import join, parts_of
from rag.records import Finding, Outcome, SentenceRef, Statement


@pytest.mark.parametrize(
    ("question", "language", "parts"),
    [
        (
            "云汀图书馆新馆何时开工、投资多少、谁负责？",
            "zh",
            ("云汀图书馆新馆何时开工？", "云汀图书馆新馆投资多少？", "云汀图书馆新馆谁负责？"),
        ),
        ("云汀图书馆新馆建在哪里，有多少个座位", "zh", ("云汀图书馆新馆建在哪里？", "云汀图书馆新馆有多少个座位？")),
        ("云汀图书馆新馆投了多少钱，由哪家公司承建？", "zh", ("云汀图书馆新馆投了多少钱？", "云汀图书馆新馆由哪家公司承建？")),
        ("关于云汀图书馆新馆，哪年建成，总投资多少？", "zh", ("云汀图书馆新馆哪年建成？", "云汀图书馆新馆总投资多少？")),
        (
            "Who is the contractor of the Yunting Library and when does it open?",
            "en",
            ("Who is the contractor of the Yunting Library?", "when does it open (the Yunting Library)?"),
        ),
        (
            "When will the Yunting Library open, and how much will it cost?",
            "en",
            ("When will the Yunting Library open?", "how much will it cost (the Yunting Library)?"),
        ),
    ],
)
def test_each_thing_asked_is_a_question_of_its_own(question: str, language: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question, language) == parts


@pytest.mark.parametrize(
    "question",
    [
        "2023年新建公厕多少座、改造多少座？",  # figures alone are the ledger's
        "云汀图书馆新馆何时开工？",
        "为什么云汀图书馆新馆推迟，什么时候开工？",
        "2023年东汀区和西汀区谁多，多几座？",
        "谁负责，什么时候开工？",  # of what?
    ],
)
def test_question_that_asks_one_thing_stays_whole(question: str) -> None:
    assert parts_of(question, "zh") == ()


def found(text: str, letter: str, sentence: int) -> Finding:
    return Finding(Outcome.ANSWERED, (Statement(text, (SentenceRef(letter, sentence),)),), score=0.8)


NOTHING = Finding(Outcome.NOT_FOUND)


def test_parts_of_one_letter_are_joined_and_a_sentence_is_quoted_once() -> None:
    parts = ("新馆何时开工？", "新馆由谁承建？", "新馆多少个座位？")
    joined = join(
        parts,
        [found("新馆3月开工，由市建工集团承建。", "one", 4), found("新馆3月开工，由市建工集团承建。", "one", 4), NOTHING],
        english=False,
    )
    assert joined is not None
    assert joined.outcome is Outcome.PARTLY
    assert [s.text for s in joined.statements] == ["新馆3月开工，由市建工集团承建。", "答复函中没有提到：新馆多少个座位？"]


def test_part_whose_thing_stands_in_a_quoted_sentence_is_not_called_missing() -> None:
    joined = join(
        ("新馆建在哪里？", "新馆何时开工？", "新馆由谁承建？"),
        [NOTHING, found("新馆位于湖滨路，3月开工。", "one", 4), found("由市建工集团承建。", "one", 5)],
        english=False,
    )
    assert joined is not None
    assert joined.outcome is Outcome.ANSWERED


def test_parts_of_different_letters_are_no_answer() -> None:
    assert (
        join(("新馆何时开工？", "新馆由谁承建？"), [found("新馆3月开工。", "one", 4), found("另一馆由乙承建。", "two", 1)], english=False)
        is None
    )


def test_sentence_that_names_nobody_in_charge_is_no_answer_to_who() -> None:
    findings = [found("新馆3月开工。", "one", 4), found("总投资2亿元。", "one", 5), found("我局核对台账时发现新馆数据有误。", "one", 6)]
    joined = join(("新馆何时开工？", "新馆投资多少？", "新馆由谁负责？"), findings, english=False)
    assert joined is not None
    assert joined.outcome is Outcome.PARTLY
    assert joined.statements[-1].text == "答复函中没有提到：新馆由谁负责？"
