"""The one number: would a reader have been served?

An answerable question: all that was asked, and no wrong figure. An unanswerable one: refused, and no wrong figure.
"""

from __future__ import annotations

from collections.abc import Mapping

from eval.metrics.score import Score, State
from eval.questions import Question


def score_right(question: Question, scores: Mapping[str, Score]) -> Score:
    """1 when the answer is of use and does no harm; made of the other scores."""
    main = scores["answer_correct" if question.answerable else "refusal"]
    if main.state is State.UNPARSED:
        return Score(0.0, main.reason)
    if main.value is None:
        main = scores["refusal"]
    faults = [main.reason] if main.value != 1 else []
    faults += [scores[name].reason for name in ("wrong_figure", "forbidden_output") if scores[name].value == 1]
    return Score(0.0, "; ".join(faults)) if faults else Score(1.0, main.reason)
