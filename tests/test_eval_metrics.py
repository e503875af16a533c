"""Each metric on cases worked by hand, in Chinese and English."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from eval.metrics import METRICS, State, score_answer, score_failure
from eval.metrics.citations import common_length, is_same_passage
from eval.questions import GoldEvidence, Question
from eval.reading import read_dates, read_verdict
from rag.records import Answer, AnswerFigure, Citation, Comparator, Outcome

SENTENCE = "2024年，全市计划新增养老床位1200张以上，改造老旧小区85个，总投资9亿元。"
ROW = "河东街道 | 9 | 11 | 27"


def ask(**fields: Any) -> Question:
    base: dict[str, Any] = {
        "id": "q", "lang": "zh", "kind": "single_target", "question": "2024年计划新增养老床位多少张？", "answer": "", "answerable": True,
        "numbers": ("1200张",), "comparators": (">=",), "evidence": (GoldEvidence("a.txt", SENTENCE, SENTENCE),),
    }  # fmt: skip
    return Question(**(base | fields))


def cite(text: str = SENTENCE, file: str = "a.txt", marker: str = "E1") -> Citation:
    return Citation(marker, file, "l", None, None, None, None, None, 0, len(text), text)


def reply(text: str, *citations: Citation, outcome: Outcome = Outcome.ANSWERED, **more: Any) -> Answer:
    return Answer(outcome, text, citations or (cite(),), **more)


def value(metric: str, question: Question, answer: Answer) -> float | None:
    return METRICS[metric](question, answer).value


NOT_FOUND = Answer(Outcome.NOT_FOUND, "答复函中没有找到。")
NO_ANSWER = ask(answerable=False, numbers=(), comparators=(), evidence=(), kind="unanswerable")


@pytest.mark.parametrize(
    ("fields", "text", "right"),
    [
        ({}, "1200张以上 [E1]。", 1),
        ({}, "0.12万张以上 [E1]。", 1),
        ({}, "一千二百张以上 [E1]。", 1),
        ({}, "1300张以上 [E1]。", 0),
        ({}, "1200个床位 [E1]。", 1),
        ({}, "1200户 [E1]。", 0),
        ({"numbers": ("9亿元",)}, "总投资90000万元 [E1]。", 1),
        ({"numbers": ("9亿元",), "numbers_en": ("900 million yuan",)}, "It will cost 0.9 billion yuan [E1].", 1),
        ({"numbers": ("9亿元",), "numbers_en": ("900 million yuan",)}, "It will cost 9 billion yuan [E1].", 0),
        ({"numbers": ("9亿元",)}, "9亿平方米 [E1]。", 0),
        ({"numbers": ("2.5%",)}, "提高2.5个百分点 [E1]。", 0),
        ({"numbers": ("4.7个/千人",)}, "每千人口4.7个 [E1]。", 1),
        ({"numbers": ("50家", "60家")}, "50—60家 [E1]。", 1),
        ({"numbers": ("85个", "1200张")}, "85个 [E1]。", 0),
        ({"numbers": ("58号",)}, "第58号提案 [E1]。", 1),
        ({"numbers": ("2025年6月12日",)}, "二〇二五年六月十二日 [E1]", 1),
        ({"numbers": ("2025年6月12日",)}, "On 12 June 2025 [E1].", 1),
        ({"numbers": ("2025年6月12日",)}, "2025年6月13日 [E1]。", 0),
        ({"numbers": (), "must": (("氨氮",), ("枯水期", "枯水"))}, "旱季氨氮超标 [E1]。", 0),
        ({"numbers": (), "must": (("氨氮",), ("枯水期", "枯水"))}, "枯水期氨氮超标 [E1]。", 1),
        ({"numbers": (), "must": (("Hedong", "河东"),)}, "hedong has more [E1].", 1),
        ({"numbers": (), "verdict": "no"}, "没有完成，目标1200张 [E1]。", 1),
        ({"numbers": (), "verdict": "no"}, "已经完成 [E1]。", 0),
        ({"numbers": (), "verdict": "yes"}, "Yes, it did [E1].", 1),
        ({"numbers": ("90%",)}, "九成 [E1]。", 1),
    ],
)
def test_an_answer_is_correct_when_all_that_was_asked_is_there(fields: dict[str, Any], text: str, right: float) -> None:
    assert value("answer_correct", ask(**({"comparators": ()} | fields)), reply(text)) == right


def test_a_verdict_that_cannot_be_read_is_unparsed_and_not_zero() -> None:
    score = METRICS["answer_correct"](ask(numbers=(), verdict="yes"), reply("养老床位。"))
    assert (score.value, score.state) == (None, State.UNPARSED)


def test_correctness_does_not_apply_to_what_the_letters_do_not_answer() -> None:
    assert METRICS["answer_correct"](NO_ANSWER, NOT_FOUND).state is State.NOT_APPLICABLE
    assert value("answer_correct", ask(), NOT_FOUND) == 0


@pytest.mark.parametrize(
    ("wanted", "text", "kept"),
    [
        (">=", "1200张以上 [E1]。", 1), (">=", "不少于1200张 [E1]。", 1), (">=", "1200张 [E1]。", 0), (">=", "At least 1,200 beds [E1].", 1),
        ("~", "约1200张 [E1]。", 1), ("~", "1200张以上 [E1]。", 0), ("<=", "1200张以内 [E1]。", 1), ("=", "1200张 [E1]。", 1),
    ],
)  # fmt: skip
def test_a_lost_comparator_is_seen(wanted: str, text: str, kept: float) -> None:
    assert value("comparator_kept", ask(comparators=(wanted,), numbers_en=("1,200",)), reply(text)) == kept


def test_comparators_of_missing_and_computed_figures_are_not_counted() -> None:
    assert value("comparator_kept", ask(), reply("1300张 [E1]。")) is None
    assert value("comparator_kept", ask(derivation=(("1200张", "2400-1200"),), derived=True), reply("1200张 [E1]。")) is None
    two = ask(numbers=("1200张", "85个"), comparators=(">=", "="))
    assert value("comparator_kept", two, reply("1200张、85个 [E1]。")) == 0.5


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("2024年计划1200张以上 [E1]。", 0),
        ("2024年计划1200张以上、改造85个 [E1]。", 0),  # stands in the cited sentence
        ("2024年计划1300张以上 [E1]。", 1),  # stands nowhere
        ("2024年计划900张 [E1]。", 1),  # forbidden
        ("2024年计划1200张以上，去年为900张 [E1]。", 0),
        ("2024年计划1200张以上（原为900张）[E1]。", 0),
        ("2024年计划由900张调整为1200张以上 [E1]。", 0),
        ("您建议的900张未采纳，仍为1200张以上 [E1]。", 0),
        ("2024年计划1200张以上；2022年实际900张 [E1]。", 0),  # labelled by a year that was not asked
        ("2022年实际900张 [E1]。", 1),  # the same, with nothing else: it is given as the answer
        ("At least 1,200, up from 900 last year [E1].", 0),
        (
            "The target is 900 beds [E1].",
            0,
        ),  # no unit that can be read: too little to condemn as forbidden, and judged by the citation below
    ],
)
def test_a_wrong_figure_is_one_given_as_the_answer(text: str, wrong: float) -> None:
    question = ask(forbidden=("900张",), numbers_en=("1,200",))
    sentences = (cite(), cite("2022年新增养老床位900张。", marker="E2"))
    assert value("wrong_figure", question, reply(text, *sentences)) == wrong


def test_another_figure_in_place_of_the_wanted_one_is_wrong_whatever_is_cited_for_it() -> None:
    cited = cite("2023年，全市新增养老床位1000张。")
    assert value("wrong_figure", ask(), reply("新增养老床位1000张 [E1]。", cited)) == 1
    assert value("wrong_figure", ask(), reply("新增养老床位1200张以上，已建成1000张 [E1][E2]。", cite(), cited)) == 0
    assert value("wrong_figure", ask(), reply("新增养老床位的目标未见 [E1]。", cited)) == 0
    assert value("wrong_figure", ask(question="1000张之外计划新增多少张？"), reply("新增养老床位1000张 [E1]。", cited)) == 0


def test_on_record_alone_is_no_excuse() -> None:
    question, cited = ask(forbidden=("900张",)), cite("2022年新增养老床位900张。")
    assert value("wrong_figure", question, reply("The letters say 900张 [E1].", cited)) == 1
    assert value("wrong_figure", question, reply("已入库的有：900张 [E1]。", cited, outcome=Outcome.NOT_FOUND)) == 0


def test_bare_digits_prove_nothing_outside_a_table() -> None:
    text = "1200张以上，另有12家 [E1]。"
    assert value("wrong_figure", ask(), reply(text, cite(), cite("会议于12日召开。", marker="E2"))) == 1
    assert value("wrong_figure", ask(), reply(text, cite(), cite("机构（家）\t12", marker="E2"))) == 0


def test_percent_is_no_count() -> None:
    assert value("answer_correct", ask(numbers=("7%",), comparators=()), reply("增速为7 [E1]。")) == 0
    assert value("answer_correct", ask(numbers=("7%",), comparators=()), reply("增速为7% [E1]。")) == 1


def test_sums_and_rates_keep_to_their_units() -> None:
    cited = (cite("今年85张。"), cite("投资50万元。"), cite("去年50张。"))
    question = ask(numbers=(), derived=True)
    assert value("wrong_figure", question, reply("85张、50万元，多35家 [E1][E2]。", *cited)) == 1
    assert value("wrong_figure", question, reply("85张、50张，多35家 [E1][E3]。", *cited)) == 1
    assert value("wrong_figure", question, reply("85张、50张，多35张（85−50=35张），高70% [E1][E3]。", *cited)) == 0
    large = (cite("今年1.2亿元。"), cite("去年9000万元。"))
    assert value("wrong_figure", question, reply("1.2亿元、9000万元，多3000万元（12000−9000=3000万元）[E1][E2]。", *large)) == 0
    assert value("wrong_figure", question, reply("1.2亿元、9000万元，多3000万元（12100−9000=3000万元）[E1][E2]。", *large)) == 1


def test_a_forbidden_figure_quoted_with_the_wanted_one_is_context() -> None:
    question = ask(forbidden=("85个",))
    assert value("wrong_figure", question, reply(f"{SENTENCE}[E1]")) == 0
    assert value("wrong_figure", question, reply(f"答复函写道：“{SENTENCE}”[E1]")) == 0
    assert value("wrong_figure", question, reply("目标为85个 [E1]。")) == 1


def test_a_completion_rate_may_be_computed() -> None:
    question = ask(kind="yes_no", numbers=("1571家",), verdict="yes", question="1540家的目标达到了吗？")
    cited = (cite("年底达到1571家。"), cite("目标1540家以上。"))
    assert value("wrong_figure", question, reply("达到了：实际为1571家，目标为1540家以上，高出31家，完成率102% [E1][E2]。", *cited)) == 0
    assert value("wrong_figure", question, reply("达到了：实际为1571家，目标为1540家以上，高出41家 [E1][E2]。", *cited)) == 1


def test_a_label_that_the_question_uses_labels_nothing() -> None:
    question = ask(question="去年新增养老床位多少张？", forbidden=("900张",))
    assert value("wrong_figure", question, reply("去年为900张 [E1]。", cite("去年为900张。"))) == 1


def test_what_stands_in_the_store_may_be_told_when_nothing_is_found() -> None:
    question = ask(answerable=False, numbers=(), comparators=(), evidence=(), forbidden=("1200张",), question="2026年新增养老床位多少张？")
    helpful = reply("没有找到2026年的目标。已入库的有2024年：1200张以上 [E1]。", outcome=Outcome.NOT_FOUND)
    assert value("wrong_figure", question, helpful) == 0
    assert value("wrong_figure", question, reply("2026年为1200张以上 [E1]。")) == 1


def test_a_figure_computed_from_cited_figures_is_not_wrong() -> None:
    question = ask(numbers=("35张",), derived=True, derivation=(("35张", "85-50"),))
    cited = (cite("今年85张。"), cite("去年50张。"))
    assert value("wrong_figure", question, reply("85张 − 50张 = 35张，高70% [E1][E2]。", *cited)) == 0
    assert value("wrong_figure", question, reply("85张 − 50张 = 35张，高71% [E1][E2]。", *cited)) == 1


def test_a_figure_marked_as_computed_is_checked_too() -> None:
    sum_figure = AnswerFigure("合计", Decimal(135), "张", Comparator.EQUAL, 2024, None, None, "E1")
    cited = (cite("今年85张。"), cite("去年50张。"))
    question = ask(numbers=())
    assert value("wrong_figure", question, reply("85张加50张，共135张 [E1][E2]。", *cited, figures=(sum_figure,))) == 0
    assert value("wrong_figure", question, reply("85张加50张，共135张 [E1][E2]。", *cited)) == 1


def test_refusing_is_right_only_where_the_letters_say_nothing() -> None:
    assert value("refusal", NO_ANSWER, NOT_FOUND) == 1
    assert value("refusal", NO_ANSWER, reply("1200张 [E1]。")) == 0
    assert value("refusal", ask(), NOT_FOUND) == 0
    assert value("refusal", ask(), reply("1200张 [E1]。", outcome=Outcome.PARTLY)) == 1


def test_a_rejected_proposal_may_be_said_without_a_figure_of_its_own() -> None:
    question = ask(answerable=False, numbers=(), comparators=(), evidence=(), trap="rejected_proposal", question="津贴每月多少元？")
    assert value("refusal", question, reply("没有设立这项津贴，您建议的1000元未采纳 [E1]。")) == 1
    assert value("refusal", question, reply("津贴没有变，每月1000元 [E1]。")) == 0


@pytest.mark.parametrize(
    ("text", "file", "supports"),
    [
        (SENTENCE, "a.txt", 1),
        (SENTENCE.replace("养老", "养 老\n"), "a.txt", 1),  # noise of a scan
        (f"一、目标。{SENTENCE}二、措施。", "a.txt", 1),  # contains it
        ("计划新增养老床位1200张以上", "a.txt", 1),  # is contained in it
        ("到年底，新增养老床位1200张以上。", "a.txt", 1),  # carries the figure
        ("全校共有课桌1200张，已全部更换。", "a.txt", 0),  # the same figure of something else, in the same letter
        ("2024年，新增养老床位1200张以上。", "b.txt", 1),
        ("2021年，新增养老床位1200张以上。", "b.txt", 0),  # another letter, another year: the same figure by chance
        ("养老床位（张）\t1200", "a.txt", 1),  # a row gives it without its unit
        ("课桌（张）\t1200", "a.txt", 0),
        (SENTENCE, "b.txt", 1),  # another letter says the same
        ("省里另有1200张课桌在途。", "b.txt", 0),  # the same figure of something else
        (SENTENCE, "old.txt", 0),  # superseded
        ("2023年，全市新增养老床位1000张。", "a.txt", 0),  # a neighbour
        ("2024年", "a.txt", 0),  # too short to prove anything
    ],
)
def test_a_citation_supports_by_containment_or_by_the_figure(text: str, file: str, supports: float) -> None:
    question = ask(superseded_files=("old.txt",))
    assert value("citation_precision", question, reply("1200张以上 [E1]。", cite(text, file))) == supports


def test_precision_is_the_share_of_supporting_citations() -> None:
    answer = reply("1200张以上 [E1][E2]。", cite(), cite("感谢您的关心和支持。", marker="E2"))
    assert value("citation_precision", ask(), answer) == 0.5
    assert value("citation_recall", ask(), answer) == 1


def test_who_quotes_a_page_has_not_cited_a_sentence() -> None:
    page = f"感谢您的关心和支持。{SENTENCE}下一步将加强督查。重点做好三项工作。"
    assert value("citation_precision", ask(), reply("1200张以上 [E1]。", cite(page))) == 0.25
    assert value("citation_recall", ask(), reply("1200张以上 [E1]。", cite(page))) == 1


def test_a_name_anywhere_in_the_letter_supports_only_a_question_for_a_name() -> None:
    question = ask(numbers=(), comparators=(), must=(("养老床位",),), kind="list")
    answer = reply("养老床位 [E1]。", cite("养老床位管理办法已经印发。"))
    assert value("citation_precision", question, answer) == 0
    assert value("citation_precision", ask(numbers=(), comparators=(), must=(("养老床位",),), kind="who_what_when"), answer) == 1


def test_a_comparison_needs_a_citation_from_each_file() -> None:
    other = "2023年，全市新增养老床位1000张。"
    question = ask(numbers=("200张",), derived=True, derivation=(("200张", "1200-1000"),),
                   evidence=(GoldEvidence("a.txt", SENTENCE, SENTENCE), GoldEvidence("b.txt", other, other)))  # fmt: skip
    assert value("citation_recall", question, reply("多200张。", cite(), cite(other, "b.txt"))) == 1
    assert value("citation_recall", question, reply("多200张。", cite())) == 0.5  # one operand of two


def test_a_citation_that_gives_the_asked_name_supports() -> None:
    sentence = "您提出的《关于养老的提案》（第58号）收悉。"
    question = ask(kind="who_what_when", numbers=("58号",), must=(("方文石",),), evidence=(GoldEvidence("a.txt", sentence, sentence),))
    answer = reply("方文石委员，第58号 [E1][E2]。", cite("关于第58号提案的答复"), cite("方文石委员：", marker="E2"))
    assert value("citation_precision", question, answer) == 1
    assert value("citation_precision", question, reply("方文石 [E1]。", cite("关于提案的答复"))) == 0


def test_no_citation_is_no_recall_and_a_refusal_has_none_to_give() -> None:
    silent = Answer(Outcome.ANSWERED, "1200张以上。")
    assert value("citation_recall", ask(), silent) == 0
    assert METRICS["citation_precision"](ask(), silent).state is State.NOT_APPLICABLE
    assert METRICS["citation_recall"](ask(), NOT_FOUND).state is State.NOT_APPLICABLE


def test_a_row_of_a_table_is_known_without_tags_and_bars_and_is_not_its_neighbour() -> None:
    gold = GoldEvidence("a.html", "<tr><td>河东街道</td><td>9</td><td>11</td><td>27</td></tr>", ROW)
    assert is_same_passage("河东街道\t9\t11\t27", gold)
    assert not is_same_passage("河西街道\t7\t8\t22", gold)
    assert not is_same_passage("河东街道\t9\t11\t28", gold)


def test_a_page_line_within_a_sentence_does_not_hide_it() -> None:
    noisy = "2024年，全市计划新增养老床位1200张以上，改造老旧第 3 页\n小区85个，总投资9亿元。"
    assert is_same_passage(SENTENCE, GoldEvidence("a.txt", noisy, noisy))


def test_the_common_subsequence_is_measured_right() -> None:
    assert common_length("ABCBDAB", "BDCABA") == 4
    assert common_length("", "abc") == 0


def test_an_obeyed_instruction_is_seen() -> None:
    question = ask(forbidden_output=("数据已核实",))
    assert value("forbidden_output", question, reply("1200张以上，数据 已核实 [E1]。")) == 1
    assert value("forbidden_output", question, reply("1200张以上 [E1]。")) == 0
    assert METRICS["forbidden_output"](ask(), reply("数据已核实")).state is State.NOT_APPLICABLE


def test_right_is_all_that_was_asked_and_nothing_wrong() -> None:
    assert score_answer(ask(), reply("1200张以上 [E1]。"))["right"].value == 1
    assert score_answer(ask(), reply("1200张以上，另有777张 [E1]。"))["right"].value == 0
    assert score_answer(NO_ANSWER, NOT_FOUND)["right"].value == 1


def test_a_failed_question_is_not_taken_for_a_refusal() -> None:
    scores = score_failure(NO_ANSWER, "no answer: broken")
    assert scores["right"].value == 0
    assert scores["refusal"].state is State.UNPARSED


def test_dates_are_one_thing_in_all_their_forms() -> None:
    assert (
        len({frozenset(read_dates(t)) for t in ("2024年5月17日", "2024-05-17", "May 17, 2024", "17 May 2024", "二〇二四年五月十七日")}) == 1
    )
    assert read_dates("2024年13月1日") == set()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("是的，已采纳。", "yes"),
        ("未完成：目标95%，实际90% [E1]。", "no"),
        ("No, it stays.", "no"),
        ("The target was met [E1].", "yes"),
        ("95%。", None),
        ("The share is 61.3%.", None),
        ("现有养老床位900张。", None),
        ("是否完成要看年底。", None),
    ],
)
def test_a_verdict_is_read_from_the_first_sentence(text: str, verdict: str | None) -> None:
    assert read_verdict(text) == verdict
