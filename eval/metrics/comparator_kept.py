"""Is “以上” still there?

The share of the wanted figures in the answer whose comparator (以上, 突破, 左右, 以内, a range) is the wanted one. A figure that the answer lacks is counted by
`answer_correct`, not here; a computed figure has none. This metric is our own: losing 以上 is a lesser fault than a wrong figure, and it is the
commonest one of language models.
"""

from __future__ import annotations

from eval.metrics.score import Score
from eval.questions import Question
from eval.reading import is_same_figure, wanted_readings, without_markers
from rag.quantity import read_quantities
from rag.records import Answer, Comparator, Outcome


def score_comparator_kept(question: Question, answer: Answer) -> Score:
    """The share of given wanted figures with the right comparator."""
    if not question.comparators:
        return Score.not_applicable("no comparator is wanted")
    if answer.outcome is Outcome.NOT_FOUND:
        return Score.not_applicable("nothing is answered")
    computed = {number for number, _ in question.derivation}
    given = read_quantities(without_markers(answer.text))
    kept, lost = 0, []
    for index, (number, comparator) in enumerate(zip(question.numbers, question.comparators, strict=False)):
        readings = wanted_readings(question, index)
        same = [figure for figure in given if any(is_same_figure(reading, figure) for reading in readings)]
        if number in computed or not same:
            continue
        if any(figure.comparator == Comparator(comparator) for figure in same):
            kept += 1
        else:
            lost.append(f"{number} is {comparator}, given as {same[0].comparator}")
    if not kept and not lost:
        return Score.not_applicable("no wanted figure is given")
    return Score(kept / (kept + len(lost)), "; ".join(lost) or "each comparator is kept")
