"""Does the answer give a wrong figure? 1 is the fault: lower is better.

A figure given as the answer is wrong when

- it is a `forbidden` one (another year, place or body; superseded; proposed; injected), or
- it stands in no cited sentence, is neither a wanted nor an optional figure, was not in the question, and is not computed from cited figures, or
- the letters do not answer the question, and the answer says that they do.

Clearly labelled context is not given as the answer: the rule stands in `eval.reading`. Close to FActScore (Min et al. 2023), with figures as the atomic
facts and the cited sentences as the source of knowledge.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import permutations

from eval.metrics.score import Score
from eval.questions import Question
from eval.reading import find_same, given_figures, holds_figure, quantities_of, wanted_readings
from rag.quantity import read_quantities
from rag.records import Answer, Outcome, Quantity

_COMPUTED = re.compile(
    r"高|低|多|少|差|增|减|合计|共计|总计|完成率|占|达到目标|by\b|more|fewer|less|higher|lower|total|sum|difference|ratio|percent|times|=|−",
    re.IGNORECASE,
)


def score_wrong_figure(question: Question, answer: Answer) -> Score:
    """1 when a wrong figure is given as the answer."""
    figures = given_figures(question, answer)
    if not figures:
        return Score(0.0, "no figure is given")
    wanted = [reading for index in range(len(question.numbers)) for reading in wanted_readings(question, index)]
    known = [*wanted, *quantities_of(question.optional_numbers)]
    forbidden = [(number, read_quantities(number)) for number in question.forbidden]
    plain = [figure.quantity for figure in figures if figure.label is None]
    labelled = [f"{figure.quantity.text} ({figure.label})" for figure in figures if figure.label is not None]
    asked = read_quantities(question.asked)
    cited = [citation.text for citation in answer.citations]
    for quantity in plain:
        if find_same(known, [quantity]):
            continue
        hit = next((number for number, readings in forbidden if _is_forbidden(readings, quantity)), None)
        if hit:
            return Score(1.0, f"forbidden figure given as the answer: {quantity.text}")
        if find_same(asked, [quantity]) or is_supported(quantity, cited):
            continue
        if _says_computed(question, answer, quantity) and _is_computed(quantity, plain, cited):
            continue
        return Score(1.0, f"figure that no cited sentence has: {quantity.text}")
    if not question.answerable and answer.outcome is Outcome.ANSWERED and any(not find_same(asked, [quantity]) for quantity in plain):
        return Score(1.0, f"figure given where the letters give none: {plain[0].text}")
    return Score(0.0, f"context only: {', '.join(labelled)}" if labelled and not plain else "each figure is proved or wanted")


def is_supported(quantity: Quantity, texts: list[str]) -> bool:
    """The figure stands in one of the texts, or is the bare end of a row of a table there."""
    return any(holds_figure([quantity], text) for text in texts)


def _is_forbidden(readings: list[Quantity], quantity: Quantity) -> bool:
    """As `find_same`, but a figure without a unit is too little to condemn."""
    return bool(quantity.unit_base) and find_same(readings, [quantity]) is not None


def _says_computed(question: Question, answer: Answer, quantity: Quantity) -> bool:
    """The question asks for a computed figure, or the answer says that this one is: a difference, a sum, a rate."""
    before = re.split(r"[。\n]", answer.text[: quantity.start])[-1]
    return question.derived or any(figure.status is None for figure in answer.figures) or _COMPUTED.search(before) is not None


def _is_computed(quantity: Quantity, given: list[Quantity], cited: list[str]) -> bool:
    """The sum, difference, ratio or rate of two figures that the answer gives and a cited sentence has."""
    operands = [other.value_base for other in given if other is not quantity and is_supported(other, cited)]
    value = abs(quantity.value_base)
    if any(_near(value, result) for a, b in permutations(operands, 2) for result in _results(a, b)):
        return True
    return len(operands) > 2 and _near(value, sum(operands, Decimal(0)))


def _results(a: Decimal, b: Decimal) -> list[Decimal]:
    ratios = [a / b, a / b * 100, (a - b) / b * 100] if b else []
    return [a + b, a - b, *ratios]


def _near(value: Decimal, result: Decimal) -> bool:
    """Equal as far as the value is written: 33.3 is near 33.333, 33 is too, 100 is not near 101."""
    exponent = value.normalize().as_tuple().exponent
    whole = result == result.to_integral_value()
    step = Decimal(10) ** min(int(exponent), 0) if not whole else Decimal(0)
    return abs(value - abs(result)) <= step / 2
