"""Is each claim of the answer supported by what it cites? No gold is needed for this, so it can be asked of any answer.

Faithfulness as in RAGAS (Es et al. 2024): claims supported divided by claims made. A claim is here a sentence of the answer with the markers behind it;
support is decided by figures and containment, not by a model. A claim with figures is supported when each of them stands in a cited sentence with its
unit, or is the difference, sum, quotient or share of two that do; a cell whose unit stands in the head of its column supports by its digits in whatever
scale. A field of the letter (提出人：某某) is supported when its value stands in a cited sentence; any other claim without figures when the words it shares
with one make up `_SHARED` of it. Where its language is not the letter's, or it is a bare verdict (没有采纳), that cannot be told, and the claim is left
out. What is said of the answer's own limits (答复函中没有…) claims nothing of the letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import permutations

from eval.metrics.score import Score
from eval.reading import fold, holds_figure, read_dates
from rag.quantity import read_quantities
from rag.records import Answer, Outcome, Quantity

_SHARED = 0.6
_LEAST_CHARACTERS = 4
_LEAST_OPERANDS = 2
_LEAST_TOLD = 8  # characters of a claim without figures that say more than yes or no
_SCALES = tuple(Decimal(10) ** power for power in (0, 3, 4, 6, 8))  # 千, 万, 百万, 亿
_NEAR = Decimal("0.006")  # how far rounding may move a computed value, of itself
_CLAIM = re.compile(r"[^。！？\n]*?(?:[。！？\n]|\.(?=\s|\[E|$)|$)(?:\[E\d+\])*")
_MARKER = re.compile(r"\[(E\d+)\]")
_OF_ITSELF = re.compile(r"没有(?:提到|说|给出|找到|其他)|未找到|未提及|do(?:es)? not (?:give|say)|not found|the rest", re.IGNORECASE)
_COLUMNS = re.compile(r"(?<=\S)[ \u3000]{2,}(?=\S)")  # between the columns of a table in plain text
_HAN = re.compile(r"[\u4e00-\u9fff]")


def score_claim_support(answer: Answer) -> Score:
    """The share of the answer's claims that its citations support."""
    if answer.outcome is Outcome.NOT_FOUND:
        return Score.not_applicable("nothing is answered")
    texts = {c.marker: _COLUMNS.sub(" | ", c.text) for c in answer.citations}
    told = [(claim, _supports(claim, markers, texts)) for claim, markers in claims_of(answer.text)]
    judged = [(claim, supported) for claim, supported in told if supported is not None]
    if not judged:
        return Score.not_applicable("no claim that figures or words can decide")
    lost = [claim for claim, supported in judged if not supported]
    reason = "; ".join(f"not supported: {claim}" for claim in lost) or f"each of {len(judged)} claims is supported"
    return Score(1 - len(lost) / len(judged), reason)


def claims_of(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The sentences of an answer, each with the markers that stand in it or behind it; one without any takes those of the next that has."""
    found: list[tuple[str, tuple[str, ...]]] = []
    waiting: list[str] = []
    for match in _CLAIM.finditer(text):
        markers = tuple(dict.fromkeys(_MARKER.findall(match.group(0))))
        claim = _MARKER.sub("", match.group(0)).strip()
        if len(claim) < _LEAST_CHARACTERS or _OF_ITSELF.search(claim):
            if markers and waiting:
                found += [(earlier, markers) for earlier in waiting]
                waiting = []
            continue
        waiting.append(claim)
        if markers:
            found += [(each, markers) for each in waiting]
            waiting = []
    last = found[-1][1] if found else ()
    return [*found, *((claim, last) for claim in waiting)]


def _supports(claim: str, markers: Sequence[str], texts: dict[str, str]) -> bool | None:
    cited = [texts[marker] for marker in markers if marker in texts]
    if not cited:
        return False
    if (days := read_dates(claim)) and not days <= {day for text in cited for day in read_dates(text)}:
        return False
    figures = read_quantities(claim)
    if figures or days:
        operands = [q for text in cited for q in read_quantities(text)]
        return all(
            any(holds_figure([figure], text) for text in cited) or _is_in_a_scale(figure, operands) or _is_computed(figure, operands)
            for figure in figures
        )
    if not any(bool(_HAN.search(claim)) is bool(_HAN.search(text)) for text in cited):
        return None
    label, _, field = claim.rstrip("。.").rpartition("：")
    if label and field:
        return any(fold(field) in fold(text) for text in cited)
    if len(claim) < _LEAST_TOLD:
        return None
    own = _pairs("".join(_HAN.findall(fold(claim))) or fold(claim))
    return bool(own) and max(len(own & _pairs(fold(text))) / len(own) for text in cited) >= _SHARED


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _is_in_a_scale(figure: Quantity, operands: Sequence[Quantity]) -> bool:
    """Whether a bare number of either side is the other's digits: 201 minus 143 of 201部, 16.5 billion yuan of a cell with 165."""
    bare = [q for q in operands if not (figure.unit_base and q.unit_base)]
    return any(figure.value_base * one == q.value_base * other for q in bare for one in _SCALES for other in _SCALES if 1 in (one, other))


def _is_computed(figure: Quantity, operands: Sequence[Quantity]) -> bool:
    """Whether two cited quantities give the figure: as their sum or difference in one unit, as a quotient or a change in percent."""
    wanted = abs(figure.value_base)
    unit = _unit(figure)
    pools = [[q.value_base for q in operands if _unit(q) == unit]]
    if unit:  # the unit of a column stands in its head
        bare = [q.value for q in operands if not _unit(q)]
        pools += [[value * scale for value in bare] + pools[0] for scale in _SCALES]
    else:
        pools += [[q.value_base for q in operands if _unit(q) == other] for other in {_unit(q) for q in operands}]
    made: list[Decimal] = [value for pool in pools for a, b in permutations(pool, 2) for value in (a + b, abs(a - b))]
    made += [sum(pool, Decimal(0)) for pool in pools if len(pool) > _LEAST_OPERANDS]
    if _unit(figure) in ("%", "倍", "成"):
        scale = Decimal(100) if _unit(figure) == "%" else Decimal(1)
        pairs = [(a.value_base, b.value_base) for a, b in permutations(operands, 2) if _unit(a) == _unit(b) and b.value_base]
        made += [value for a, b in pairs for value in (a / b * scale, abs(a - b) / b * scale)]
    return _is_near(wanted, made)


def _is_near(wanted: Decimal, made: Iterable[Decimal]) -> bool:
    return any(abs(abs(value) - wanted) <= max(abs(wanted), Decimal(1)) * _NEAR for value in made)


def _unit(quantity: Quantity) -> str:
    return (
        "%"
        if "%" in quantity.unit_base or "百分点" in quantity.unit_base or "percentage point" in quantity.unit_base
        else quantity.unit_base
    )
