"""A piece of evidence as verification sees it: read once for all sentences of a draft."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from rag import claims
from rag.names import Known, find_places
from rag.quantity import read_quantities, same_quantity
from rag.records import Evidence, Figure, Quantity

HAN_RUN = re.compile(rf"[{claims.HAN}]+")
HOLLOW = re.compile(r"[的了和与及并对在将已为是有等也以其该这那就由从到于中,，、。；：]")


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of evidence, read once for all sentences of a draft."""

    evidence: Evidence
    text: str  # folded sentence and header
    support: str  # the same with scope, place, body and names of its figures
    quantities: tuple[Quantity, ...]
    years: frozenset[int]
    places: frozenset[str]

    @property
    def marker(self) -> str:
        """E1."""
        return self.evidence.marker

    @classmethod
    def read(cls, item: Evidence, known: Known | None) -> Source:
        """Read a piece of evidence."""
        text = item.text
        around = (
            item.header,
            item.scope,
            item.place,
            item.body,
            *(f"{f.name} {f.subject or ''} {f.place or ''} {f.group}" for f in item.figures),
        )
        support = "\n".join(part for part in (text, *around) if part)
        quantities = [*read_quantities(text), *(read_quantities(item.header) if item.header else [])]
        bare = {f.value for f in item.figures}
        quantities = [q for q in quantities if q.unit_base or q.value not in bare]
        places = {p for p in (item.place, *(f.place for f in item.figures), *(f.subject for f in item.figures)) if p}
        places.update(find_places(support, known or Known(), english=False).known)
        return cls(item, text, support, tuple(quantities), frozenset(_years(item)), frozenset(places))


def _years(item: Evidence) -> set[int]:
    """All years that a sentence citing this evidence may name."""
    text = f"{item.header} {item.text}"
    years = {year for _, year in claims.find_years(text)} | {f.year for f in item.figures if f.year} | ({item.year} if item.year else set())
    if item.letter_year:
        shifts = {"今年": 0, "本年": 0, "全年": 0, "目前": 0, "去年": -1, "上年": -1, "明年": 1, "前年": -2}
        years |= {item.letter_year + shift for word, shift in shifts.items() if word in text}
    return years


def candidates_for(source: Source, quantity: Quantity) -> list[tuple[Quantity, Figure | None]]:
    """What the source states with the same value and unit, with the ledger's figure where it has one."""
    from_figures = [(_quantity_of(figure), figure) for figure in source.evidence.figures]
    found: list[tuple[Quantity, Figure | None]] = []
    for read in source.quantities:
        if same_quantity(read, quantity):
            matched = [
                f for q, f in from_figures if q.value_base == read.value_base and q.high_base == read.high_base and same_quantity(q, read)
            ]
            found += [(read, figure) for figure in matched] or [(read, None)]
    if not found:
        found = [(q, f) for q, f in from_figures if same_quantity(q, quantity)]
    return found


def _quantity_of(figure: Figure) -> Quantity:
    return Quantity(
        -1, -1, "", figure.value, figure.unit, figure.value_base, figure.unit_base, figure.comparator, figure.high, figure.high_base
    )


def pairs_of(text: str) -> set[str]:
    """Pairs of Chinese characters, those of mere grammar left out."""
    return {run[i : i + 2] for part in HAN_RUN.findall(text) for run in HOLLOW.split(part) for i in range(len(run) - 1)}


def share_of(pairs: set[str], support: str) -> float:
    """Share of the pairs that stand in a text; 1 when there are none."""
    return float(Decimal(sum(1 for pair in pairs if pair in support)) / len(pairs)) if pairs else 1.0
