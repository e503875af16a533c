"""The last look at an answer of figures: a township is never answered for by the city around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.embed import load_encoder
from rag.guard import guard, guard_amounts, towns_of
from rag.names import Known, KnownPlace
from rag.question import understand
from rag.records import Figure, Finding, Intent, Outcome, Query, SentenceRef, Statement
from rag.settings import Settings
from tests.small_ledger import LETTERS, build
from tests.small_store import make_figure, make_letter

KNOWN = Known(places=(KnownPlace("松江市"),), home="松江市")
LETTER = make_letter("2023年，松江市新建健身步道42公里，其中石桥镇6公里。", letter_id="x")
CITY = Finding(Outcome.ANSWERED, (Statement("松江市2023年新建健身步道42公里。", (SentenceRef("x", 0),)),))


def small_figures() -> list[Figure]:
    return [figure for draft in LETTERS for figure in build(draft)[1]]


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


def found_in(text: str) -> Finding:
    return Finding(Outcome.ANSWERED, (Statement(text, (SentenceRef("x", 0),)),))


def test_noun_of_which_no_character_stands_with_the_figure_means_another_thing() -> None:
    letter = make_letter("2023年，全市水务集团32个，供水管网漏损率7.2%。", letter_id="x")
    other = guard(ask("市水务集团的注册资本是多少？"), found_in("水务集团数为32个。"), lambda _: letter)
    assert other.outcome is Outcome.NOT_FOUND
    assert "注册资本" in other.statements[0].text
    same = found_in("供水管网漏损率为7.2%。")
    assert guard(ask("2023年供水管道的漏损率是多少？"), same, lambda _: letter) is same


def test_amount_that_names_the_object_must_stand_near_the_proof() -> None:
    letter = make_letter("2023年安排文旅消费券1200万元，五一发放500万元。", letter_id="x")
    found = found_in("2023年安排文旅消费券1200万元，五一发放500万元。")
    assert guard_amounts(ask("2023年6000万元消费券怎么分配？"), found, lambda _: letter).outcome is Outcome.NOT_FOUND
    assert guard_amounts(ask("2023年1200万元消费券怎么分配？"), found, lambda _: letter) is found
    assert guard_amounts(ask("2023年消费券达到6000万元了吗？"), found, lambda _: letter) is found


def test_rate_of_so_much_for_each_is_no_sum() -> None:
    letter = make_letter("托育补助标准为每个托位每年1800元。", letter_id="x")
    (rate,) = [f for f in small_figures() if f.name == "小学生均公用经费基准定额"][:1]
    rate = replace(rate, name="托育补助标准", sentence=0, start=0)
    found = Finding(Outcome.ANSWERED, (Statement("托育补助标准为1800元。", (SentenceRef("x", 0),), (rate,)),))
    assert guard(ask("托育补助2023年一共要发放多少钱？"), found, lambda _: letter).outcome is Outcome.NOT_FOUND
    assert guard(ask("托育补助标准是多少钱？"), found, lambda _: letter) is found


def test_noun_that_means_the_same_as_one_of_the_proof_is_spoken() -> None:
    encode = load_encoder(Settings()).encode
    letter = make_letter("2023年，供水管网漏损率降到8.6%。", letter_id="x")
    found = found_in("供水管网漏损率为8.6%。")
    asked = ask("2023年自来水的漏损率是多少？")
    assert guard(asked, found, lambda _: letter, encode) is found
    assert guard(ask("2023年暖气的漏损率是多少？"), found, lambda _: letter, encode).outcome is Outcome.NOT_FOUND


def test_what_is_far_from_an_english_question_does_not_answer_it() -> None:
    encode = load_encoder(Settings()).encode
    asked = ask("How many bus shelters were put up in 2023?")
    assert (asked.language, asked.intent) == ("en", Intent.VALUE)

    def answered(text: str, name: str) -> Outcome:
        letter = make_letter(text, letter_id="x")
        figure = make_figure(letter, name, "40", "个")
        found = Finding(Outcome.ANSWERED, (Statement(text, (SentenceRef("x", 0),), (figure,)),))
        return guard(asked, found, lambda _: letter, encode).outcome

    assert answered("对评为示范的垃圾分类小区，奖补40个。", "奖补小区数") is Outcome.NOT_FOUND
    assert answered("2023年新建公交候车亭40个。", "公交候车亭") is Outcome.ANSWERED
