"""Does the answer give a wrong figure? 1 is the fault: lower is better.

A figure given as the answer is wrong when

- it is a `forbidden` one (another year, place or body; superseded; proposed; injected), or
- it stands in no cited sentence, is neither a wanted nor an optional figure, was not in the question, and is not computed from cited figures, or
- it is of the kind of a wanted figure, and no wanted figure is given: whatever sentence is cited for it, a reader takes it for what was asked, or
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
        if find_same(asked, [quantity]) or is_supported(quantity, cited) or _repeats(quantity, plain, cited):
            continue
        if _says_computed(question, answer, quantity) and _is_computed(quantity, plain, cited):
            continue
        return Score(1.0, f"figure that no cited sentence has: {quantity.text}")
    instead = _given_instead(wanted, plain, [*asked, *known])
    if question.answerable and answer.outcome is not Outcome.NOT_FOUND and instead:
        return Score(1.0, f"given in place of what was asked: {instead.text}")
    if not question.answerable and answer.outcome is Outcome.ANSWERED and any(not find_same(asked, [quantity]) for quantity in plain):
        return Score(1.0, f"figure given where the letters give none: {plain[0].text}")
    return Score(0.0, f"context only: {', '.join(labelled)}" if labelled and not plain else "each figure is proved or wanted")


def is_supported(quantity: Quantity, texts: list[str]) -> bool:
    """The figure stands in one of the texts, or is the bare end of a row of a table there."""
    return any(holds_figure([quantity], text) for text in texts)


def _given_instead(wanted: list[Quantity], plain: list[Quantity], harmless: list[Quantity]) -> Quantity | None:
    """A figure with the unit of a wanted one, where no wanted one is given."""
    if find_same(wanted, plain):
        return None
    units = {reading.unit_base for reading in wanted if reading.unit_base}
    return next((quantity for quantity in plain if quantity.unit_base in units and not find_same(harmless, [quantity])), None)


def _repeats(quantity: Quantity, given: list[Quantity], cited: list[str]) -> bool:
    """A bare number that is a proved figure said again: the 172.8 of “172.8亿元 … （172.8−112.7=60.1亿元）”, in 万 or 亿 too."""
    if quantity.unit_base:
        return False
    scaled = {quantity.value, quantity.value * 10**4, quantity.value * 10**8}
    return any(other.unit_base and {other.value, other.value_base} & scaled and is_supported(other, cited) for other in given)


def _is_forbidden(readings: list[Quantity], quantity: Quantity) -> bool:
    """As `find_same`, but a figure without a unit is too little to condemn."""
    return bool(quantity.unit_base) and find_same(readings, [quantity]) is not None


def _says_computed(question: Question, answer: Answer, quantity: Quantity) -> bool:
    """The question asks for a computed figure, or the answer says that this one is: a difference, a sum, a rate."""
    before = re.split(r"[。\n]", answer.text[: quantity.start])[-1]
    return question.derived or any(figure.status is None for figure in answer.figures) or _COMPUTED.search(before) is not None


def _is_computed(quantity: Quantity, given: list[Quantity], cited: list[str]) -> bool:
    """The sum, difference, ratio or rate of two figures of one unit that the answer gives and a cited sentence has."""
    operands = [other for other in given if other is not quantity and is_supported(other, cited)]
    value = abs(quantity.value_base)
    pairs = [(a, b) for a, b in permutations(operands, 2) if a.unit_base == b.unit_base]
    if any(_near(value, result) for a, b in pairs for result in _results(a, b, quantity.unit_base)):
        return True
    alike = [other.value_base for other in operands if other.unit_base == quantity.unit_base]
    return len(alike) > 2 and _near(value, sum(alike, Decimal(0)))


def _results(first: Quantity, second: Quantity, unit: str) -> list[Decimal]:
    """What two figures of one unit can make in the asked unit: a sum or difference keeps it, a rate is in %, a ratio in times or nothing."""
    a, b = first.value_base, second.value_base
    results = [a + b, a - b] if unit in ("", first.unit_base) or (first.unit_base == "%" and unit == "个百分点") else []
    if b and unit == "%":
        results += [a / b * 100, (a - b) / b * 100]
    elif b and unit in ("", "倍"):
        results.append(a / b)
    return results


def _near(value: Decimal, result: Decimal) -> bool:
    """Equal as far as the value is written: 33.3 is near 33.333, 33 is too, 100 is not near 101."""
    exponent = value.normalize().as_tuple().exponent
    whole = result == result.to_integral_value()
    step = Decimal(10) ** min(int(exponent), 0) if not whole else Decimal(0)
    return abs(value - abs(result)) <= step / 2
