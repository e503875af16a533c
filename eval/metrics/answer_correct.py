"""Does the answer give everything that was asked?

After the exact-match accuracy of question answering sets (SQuAD, Rajpurkar et al. 2016), with figures read instead of compared as strings: each wanted
figure stands in the answer with value and unit in whatever scale (1万个 = 10000个, 9亿元 = 900 million yuan) in its Chinese or its English form; one string
of each `must` group stands there; the verdict is the wanted one. The value is 1 or 0. Comparators and wrong figures have metrics of their own.
"""

from __future__ import annotations

from eval.metrics.score import Score
from eval.questions import Question
from eval.reading import find_same, fold, holds_text, read_verdict, wanted_readings, without_markers
from rag.quantity import read_quantities
from rag.records import Answer, Outcome


def score_answer_correct(question: Question, answer: Answer) -> Score:
    """1 when nothing is missing."""
    if not question.answerable:
        return Score.not_applicable("no answer in the letters: see refusal")
    if not question.numbers and not question.must and not question.verdict:
        return Score.not_applicable("nothing to mark the answer by")
    if answer.outcome is Outcome.NOT_FOUND:
        return Score(0.0, "refused, though the letters answer it")
    text = without_markers(answer.text)
    missing = missing_numbers(question, text)
    reasons = [f"figure missing: {', '.join(missing)}"] if missing else []
    lowered = fold(text)
    lacking = ["/".join(group) for group in question.must if not any(fold(one) in lowered for one in group)]
    if lacking:
        reasons.append(f"text missing: {', '.join(lacking)}")
    if question.verdict:
        verdict = read_verdict(text)
        if verdict is None and not reasons:
            return Score.unparsed("neither yes nor no can be read")
        if verdict != question.verdict:
            reasons.append(f"says {verdict or 'neither yes nor no'}, {question.verdict} is right")
    return Score(0.0, "; ".join(reasons)) if reasons else Score(1.0, "all that was asked is there")


def missing_numbers(question: Question, text: str) -> list[str]:
    """The wanted figures that the text does not give."""
    given = read_quantities(text)
    missing = []
    for index, number in enumerate(question.numbers):
        forms = (number, *question.numbers_en[index : index + 1])
        if find_same(wanted_readings(question, index), given) is None and not any(_stands(form, text) for form in forms):
            missing.append(number)
    return missing


def _stands(form: str, text: str) -> bool:
    """A date or a document's number stands there as text; a quantity has to be read as one."""
    return not read_quantities(form) and holds_text(form, text)
