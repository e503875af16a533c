"""Questions about a letter's own fields: which letter is meant, which field is asked for, what proves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.letter_facts import Named, answer_letter_facts, asked_fields, find_letters, people_named
from rag.records import Finding, LetterKind, Outcome
from tests.small_store import make_letter

HEALTH = replace(
    make_letter(
        "陆知远委员：您提出的《关于加强老年健康服务的提案》（第31号）收悉。柳港市卫生健康委员会2023年5月12日。",
        letter_id="a",
        place="柳港市",
    ),
    doc_number="柳卫提复〔2023〕8号",
    bodies=("柳港市卫生健康委员会",),
    kind=LetterKind.PROPOSAL,
    proposal_number="31",
    session="市政协五届二次会议",
    addressees=("陆知远",),
    title="关于市政协五届二次会议第31号提案的答复函",
    proposal_title="关于加强老年健康服务的提案",
    issued_on=date(2023, 5, 12),
)
CORRECTION = replace(
    make_letter("陆知远委员：原答复有误，更正如下。柳港市卫生健康委员会2023年7月3日。", letter_id="b", place="柳港市"),
    doc_number="柳卫函〔2023〕40号",
    bodies=("柳港市卫生健康委员会",),
    addressees=("陆知远",),
    title="关于更正第31号提案答复的函",
    corrects="柳卫提复〔2023〕8号",
    issued_on=date(2023, 7, 3),
)
NUMBERLESS = replace(
    make_letter("余清和代表：现答复如下。北岭县教育局2022年6月1日。", letter_id="c", place="北岭县"),
    doc_number=None,
    bodies=("北岭县教育局",),
    kind=LetterKind.SUGGESTION,
    addressees=("余清和",),
    title="关于县人大第9号建议的答复",
    issued_on=date(2022, 6, 1),
)
LETTERS = [HEALTH, CORRECTION, NUMBERLESS]
BY_ID = {letter.letter_id: letter for letter in LETTERS}


def answer(question: str, named: Named = Named(), language: str = "zh") -> Finding | None:  # noqa: B008 - frozen
    return answer_letter_facts(question, language, LETTERS, named, BY_ID.__getitem__)


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("第31号提案是谁提的？", ["addressees"]),
        ("那份答复的文号是多少？哪天成文？", ["doc_number", "issued_on"]),
        ("Which deputy was that reply addressed to?", ["addressees"]),
        ("这份函由哪个单位主办？", ["lead_bodies"]),
        ("这份函由哪位市领导牵头？", []),
        ("Which two bodies signed the reply?", ["lead_bodies"]),
        ("2023年老年人口有多少？", []),
    ],
)
def test_fields_asked_for(question: str, fields: list[str]) -> None:
    assert asked_fields(question) == fields


def test_number_of_the_proposal_decides_which_letter_is_meant() -> None:
    assert find_letters("市政协五届二次会议第31号提案", LETTERS, Named())[0] is HEALTH


def test_number_that_no_letter_has_means_none() -> None:
    assert find_letters("柳卫提复〔2021〕99号答复的是谁？", LETTERS, Named()) == []


def test_proposer_is_told_with_the_sentence_that_names_him() -> None:
    finding = answer("市政协五届二次会议第31号提案是谁提的？")
    assert finding is not None
    assert "陆知远" in finding.statements[0].text
    proof = finding.statements[0].proofs[0]
    assert "陆知远" in BY_ID[proof.letter_id].sentences[proof.sentence].text


def test_letter_that_corrects_another_is_found_by_the_other_ones_number() -> None:
    finding = answer("哪份函更正了柳卫提复〔2023〕8号？文号多少？")
    assert finding is not None
    assert "柳卫函〔2023〕40号" in finding.statements[0].text


def test_field_that_the_letter_lacks_is_not_found() -> None:
    finding = answer("答复余清和代表的那份函文号是什么？", Named(people=("余清和",)))
    assert finding is not None
    assert finding.outcome is Outcome.NOT_FOUND
    assert "没有载明" in finding.statements[0].text


def test_number_that_no_letter_has_is_told_as_such() -> None:
    found = answer("第47号提案是哪位委员提的？")
    assert found is not None
    assert found.outcome is Outcome.NOT_FOUND
    assert "第47号" in found.statements[0].text


@pytest.mark.parametrize(
    ("question", "people"),
    [
        ("给沈秋白代表的答复文号是多少？", ["沈秋白"]),
        ("市教育局答复沈秋白委员是哪一天？", ["沈秋白"]),
        ("人大代表的建议由谁答复？", []),
        ("是哪位委员提的？", []),
        ("市政协委员会的提案号", []),
        ("各位代表的建议", []),
    ],
)
def test_deputies_and_members_whom_a_question_names(question: str, people: list[str]) -> None:
    assert people_named(question) == people


def test_letter_to_somebody_unknown_is_not_another_ones() -> None:
    found = answer("给沈秋白代表的答复文号是多少？", Named(strangers=("沈秋白",)))
    assert found is not None
    assert found.outcome is Outcome.NOT_FOUND
    assert "沈秋白" in found.statements[0].text
