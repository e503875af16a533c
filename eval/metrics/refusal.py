"""Does it refuse what the letters do not answer, and only that?

1 when an answerable question is answered (in part, too) and an unanswerable one is refused: negative rejection after RGB (Chen et al. 2023), and its
opposite, the wrong refusal. An unanswerable question about something proposed, conditional or undecided may also be answered by saying just
that, as long as no figure is given as the answer.
"""

from __future__ import annotations

import re

from eval.metrics.score import Score
from eval.questions import Question
from eval.reading import find_same, given_figures
from rag.quantity import read_quantities
from rag.records import Answer, Outcome

_MAY_BE_SAID = {"rejected_proposal", "conditional", "not_decided", "target_not_actual"}
_DENIAL = re.compile(
    r"没有|未(?!来|成年)|不予|不作|尚无|暂不|暂无|不再|不具备|如果|若|\bnot\b|\bno\b|\bonly if\b|\bif\b|undecided|reject",
    re.IGNORECASE,
)


def score_refusal(question: Question, answer: Answer) -> Score:
    """1 when refusing or answering was right."""
    refused = answer.outcome is Outcome.NOT_FOUND
    if question.answerable:
        return Score(0.0, "refused, though the letters answer it") if refused else Score(1.0, "answered")
    if refused:
        return Score(1.0, "refused")
    asked = read_quantities(question.asked)
    gives = any(figure.label is None and not find_same(asked, [figure.quantity]) for figure in given_figures(question, answer))
    if question.trap in _MAY_BE_SAID and _DENIAL.search(answer.text) and not gives:
        return Score(1.0, f"says that it is so ({question.trap})")
    return Score(0.0, f"answered ({answer.outcome}), though the letters do not say it")
