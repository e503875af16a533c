"""Deliberate faults put into right answers: each lowers the metrics that it should, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from eval.metrics import LOWER_IS_BETTER, METRICS, score_answer
from eval.questions import Question, read_questions
from eval.reading import find_same, wanted_readings
from rag.quantity import read_quantities
from rag.records import Answer, Citation, Outcome

LETTERS = Path(__file__).parent / "letters"
INJECTED = "本条数据由系统核实"
Fault = Callable[[Question, Answer], Answer | None]  # None: this question offers no hold for it
UNITS = {
    "张": "户",
    "辆": "公里",
    "亿元": "亩",
    "万元": "公顷",
    "%": "个百分点",
    "家": "公里",
    "个": "公顷",
    "公里": "吨",
    "所": "公里",
    "万人": "万元",
}


def right_answers() -> list[tuple[Question, Answer]]:
    """Each question of the test letters with its gold answer and its gold evidence as citations."""
    pairs = []
    for question in read_questions(LETTERS / "questions.jsonl"):
        citations = tuple(cite(piece.file, piece.text, i) for i, piece in enumerate(question.evidence, 1))
        outcome = Outcome.ANSWERED if question.answerable else Outcome.NOT_FOUND
        text = question.answer + "".join(f"[{c.marker}]" for c in citations)
        pairs.append((replace(question, forbidden_output=(INJECTED,)), Answer(outcome, text, citations)))
    return pairs


def cite(file: str, text: str, number: int = 1) -> Citation:
    return Citation(f"E{number}", file, file, None, None, None, None, None, 0, len(text), text)


def means(pairs: list[tuple[Question, Answer]]) -> dict[str, float]:
    table: dict[str, list[float]] = {name: [] for name in METRICS}
    for question, answer in pairs:
        for name, score in score_answer(question, answer).items():
            if name in table and score.value is not None:
                table[name].append(score.value)
    return {name: sum(values) / len(values) for name, values in table.items() if values}


def put_first_wanted(question: Question, answer: Answer, change: Callable[[str], str]) -> Answer | None:
    """Rewrite the first wanted figure wherever the answer gives it."""
    if not question.numbers or question.derived:
        return None
    readings = wanted_readings(question, 0)
    text, changed = answer.text, False
    for figure in reversed(read_quantities(answer.text)):
        if find_same(readings, [figure]):
            new = change(figure.text)
            changed |= new != figure.text
            text = text[: figure.start] + new + text[figure.end :]
    return replace(answer, text=text) if changed else None


def change_digit(question: Question, answer: Answer) -> Answer | None:
    return put_first_wanted(question, answer, lambda text: re.sub(r"\d", lambda d: str((int(d.group()) + 4) % 9 + 1), text, count=1))


def change_unit(question: Question, answer: Answer) -> Answer | None:
    if question.lang == "en":
        return None
    pattern = re.compile("|".join(sorted(map(re.escape, UNITS), key=len, reverse=True)))
    return put_first_wanted(
        question, answer, lambda text: pattern.sub(lambda unit: UNITS[unit.group()], text, count=1) if "/" not in text else text
    )


def give_other_year(question: Question, answer: Answer) -> Answer | None:
    known = [r for i in range(len(question.numbers)) for r in wanted_readings(question, i)]
    other = [n for n in question.forbidden if not find_same(known, read_quantities(n))]
    if len(question.numbers) != 1 or not other or question.lang == "en" or question.kind == "yes_no":
        return None
    return put_first_wanted(question, answer, lambda text: other[0])


def drop_comparator(question: Question, answer: Answer) -> Answer | None:
    if not any(comparator in (">=", "<=", "~", ">") for comparator in question.comparators):
        return None
    plain = re.sub("以上|以内|左右|突破|At least |不少于", "", answer.text)
    return replace(answer, text=plain) if plain != answer.text else None


def drop_item_of_list(question: Question, answer: Answer) -> Answer | None:
    if len(question.numbers) < 3 or question.lang == "en":
        return None
    return replace(answer, text=re.sub(r"[、，；][^、，；\[]*(?=\[|$)", "。", answer.text, count=1))


def flip_verdict(question: Question, answer: Answer) -> Answer | None:
    figures = "，".join(question.numbers) + "".join(re.findall(r"\[E\d+\]", answer.text))
    return replace(answer, text=("No, " if question.verdict == "yes" else "是的，已经完成，") + figures) if question.verdict else None


def cite_nothing(question: Question, answer: Answer) -> Answer | None:
    return replace(answer, citations=()) if answer.citations else None


def cite_neighbour(question: Question, answer: Answer) -> Answer | None:
    return replace(answer, citations=(cite(answer.citations[0].file, "感谢您对我们工作的关心和支持。"),)) if answer.citations else None


def cite_too_much(question: Question, answer: Answer) -> Answer | None:
    extra = cite(answer.citations[0].file, "感谢您对我们工作的关心和支持。", 9) if answer.citations else None
    return replace(answer, citations=(*answer.citations, extra)) if extra else None


def cite_other_file(question: Question, answer: Answer) -> Answer | None:
    """The same figures of something else, in another letter."""
    figures = "，".join(figure.text for c in answer.citations for figure in read_quantities(c.text))
    return replace(answer, citations=(cite("other.txt", f"邻省某湖渔获登记册另行记载{figures}"),)) if answer.citations else None


def refuse(question: Question, answer: Answer) -> Answer | None:
    return Answer(Outcome.NOT_FOUND, "答复函中没有找到。") if question.answerable else None


def make_up_answer(question: Question, answer: Answer) -> Answer | None:
    return (
        None
        if question.answerable
        else Answer(Outcome.ANSWERED, "根据安排，目标为317万平方米 [E1]。", (cite("fc-01.txt", "根据安排办理。"),))
    )


def add_invented_figure(question: Question, answer: Answer) -> Answer | None:
    more = "Also 31,700 km of roads." if question.lang == "en" else "另外还有31700公里道路。"
    return replace(answer, text=f"{answer.text}\n{more}") if question.answerable else None


def add_forbidden_figure(question: Question, answer: Answer) -> Answer | None:
    """The right figure stays, and one that must not be shown stands beside it."""
    known = [r for i in range(len(question.numbers)) for r in wanted_readings(question, i)]
    other = [n for n in question.forbidden if (read := read_quantities(n)) and read[0].unit_base and not find_same(known, read)]
    if not question.answerable or not other or question.lang == "en":
        return None
    return replace(answer, text=f"{answer.text}\n答案是{other[0]}。")


def obey_injection(question: Question, answer: Answer) -> Answer | None:
    return replace(answer, text=f"{answer.text}{INJECTED}。") if question.answerable and question.lang == "zh" else None


@pytest.mark.parametrize(
    ("fault", "lowered", "least"),
    [
        (change_digit, {"answer_correct", "wrong_figure", "claim_support"}, 25),
        (change_unit, {"answer_correct", "wrong_figure", "claim_support"}, 15),
        (give_other_year, {"answer_correct", "wrong_figure", "claim_support"}, 15),
        (drop_comparator, {"comparator_kept"}, 8),
        (drop_item_of_list, {"answer_correct"}, 3),
        (flip_verdict, {"answer_correct"}, 2),
        (cite_nothing, {"citation_recall", "claim_support"}, 50),
        (cite_neighbour, {"citation_precision", "citation_recall", "claim_support"}, 50),
        (cite_too_much, {"citation_precision"}, 50),
        (cite_other_file, {"citation_precision", "citation_recall", "claim_support"}, 50),
        (refuse, {"answer_correct", "refusal"}, 50),
        (make_up_answer, {"refusal", "wrong_figure", "claim_support"}, 15),
        (add_invented_figure, {"wrong_figure", "claim_support"}, 50),
        (add_forbidden_figure, {"wrong_figure", "claim_support"}, 15),
        (obey_injection, {"forbidden_output", "claim_support"}, 40),
    ],
)
def test_a_fault_lowers_exactly_the_metrics_that_it_should(fault: Fault, lowered: set[str], least: int) -> None:
    pairs = right_answers()
    faulty = [(question, fault(question, answer) or answer) for question, answer in pairs]
    assert sum(new is not old for (_, new), (_, old) in zip(faulty, pairs, strict=True)) >= least
    before = means(pairs)
    after = before | means(faulty)  # a metric that no longer applies anywhere has not fallen
    worse = {name for name in METRICS if (after[name] > before[name] if name in LOWER_IS_BETTER else after[name] < before[name])}
    assert worse == lowered
    assert {name for name in METRICS if after[name] != before[name]} == lowered


@pytest.mark.parametrize(
    "fault", [change_digit, change_unit, give_other_year, refuse, make_up_answer, add_invented_figure, add_forbidden_figure, flip_verdict]
)
def test_each_single_fault_makes_its_answer_not_right(fault: Fault) -> None:
    for question, answer in right_answers():
        faulty = fault(question, answer)
        if faulty is not None:
            assert score_answer(question, faulty)["right"].value == 0, (question.id, faulty.text)


def test_right_answers_are_perfect_on_every_metric() -> None:
    for name, mean in means(right_answers()).items():
        assert mean == (0 if name in LOWER_IS_BETTER else 1), name
