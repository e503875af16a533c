"""One module a metric; each says value and reason for one question. `METRICS` has them in the order of the report."""

from __future__ import annotations

from collections.abc import Callable

from eval.metrics.answer_correct import score_answer_correct
from eval.metrics.citations import score_citation_precision, score_citation_recall
from eval.metrics.claim_support import score_claim_support
from eval.metrics.comparator_kept import score_comparator_kept
from eval.metrics.forbidden_output import score_forbidden_output
from eval.metrics.refusal import score_refusal
from eval.metrics.right import score_right
from eval.metrics.score import Score, State
from eval.metrics.wrong_figure import score_wrong_figure
from eval.questions import Question
from rag.records import Answer

__all__ = ["LOWER_IS_BETTER", "METRICS", "NAMES", "Score", "State", "score_answer", "score_failure"]

METRICS: dict[str, Callable[[Question, Answer], Score]] = {
    "answer_correct": score_answer_correct,
    "comparator_kept": score_comparator_kept,
    "wrong_figure": score_wrong_figure,
    "refusal": score_refusal,
    "citation_precision": score_citation_precision,
    "citation_recall": score_citation_recall,
    "claim_support": lambda question, answer: score_claim_support(answer),
    "forbidden_output": score_forbidden_output,
}
NAMES = ("right", *METRICS)
LOWER_IS_BETTER = frozenset({"wrong_figure", "forbidden_output"})


def score_answer(question: Question, answer: Answer) -> dict[str, Score]:
    """Every metric of one answer."""
    scores = {name: metric(question, answer) for name, metric in METRICS.items()}
    return {"right": score_right(question, scores), **scores}


def score_failure(question: Question, reason: str) -> dict[str, Score]:
    """The scores of a question on which the pipeline failed: no answer was to be had, which serves nobody."""
    scores = {name: Score.unparsed(reason) for name in METRICS}
    if question.answerable:
        scores["answer_correct"] = Score(0.0, reason)
    return {"right": Score(0.0, reason), **scores}
