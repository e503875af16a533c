"""Which figures no longer hold: corrected by a 更正 letter, or replaced by a later letter that quotes the old value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from rag.match import canonical_name, features
from rag.records import Figure, Letter


def plain_number(doc_number: str | None) -> str:
    """A document number without brackets and blanks, for comparison."""
    return re.sub(r"[〔〕\[\]（）()【】\s第]", "", doc_number or "")


def superseded(figures: Sequence[Figure], letters: Mapping[str, Letter]) -> set[int]:
    """`id` of each figure that a correction, a re-issue or a revised goal has put out of force."""
    by_value: dict[tuple[Decimal, str], list[Figure]] = defaultdict(list)
    by_letter: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.letter_id in letters:
            by_value[figure.value_base, figure.unit_base].append(figure)
            by_letter[figure.letter_id].append(figure)
    numbers = defaultdict(list)
    for letter in letters.values():
        numbers[plain_number(letter.doc_number)].append(letter)
    old: set[int] = set()
    for figure in (f for f in figures if f.revoked and f.letter_id in letters):
        later = letters[figure.letter_id]
        for other in by_value[figure.value_base, figure.unit_base]:
            if other is not figure and not other.revoked and _quotes(figure, later, other, letters[other.letter_id]):
                old.add(id(other))
    for letter in letters.values():
        for target in numbers.get(plain_number(letter.corrects), ()) if letter.corrects else ():
            if target.letter_id != letter.letter_id:
                old |= _replaced(by_letter[letter.letter_id], by_letter[target.letter_id])
    return old


def _quotes(revoked: Figure, later: Letter, other: Figure, earlier: Letter) -> bool:
    """Whether the revoked figure is the other one, quoted by a later letter."""
    if later.letter_id == earlier.letter_id or (earlier.issued_on or date.min) > (later.issued_on or date.max):
        return False
    same_year = revoked.year == other.year or revoked.year is None or other.year is None
    same_place = revoked.subject == other.subject or (revoked.place == other.place and (revoked.subject is None or other.subject is None))
    return same_year and same_place and _alike(revoked, other)


def _alike(first: Figure, second: Figure) -> bool:
    a, b = features(canonical_name(first.name)), features(canonical_name(second.name))
    shared = len(a & b)
    return shared >= 2 and shared * 3 >= min(len(a), len(b))


def _replaced(newer: Sequence[Figure], older: Sequence[Figure]) -> set[int]:
    """Figures of the corrected letter whose like stands in the correction with another value."""

    def key(figure: Figure) -> tuple[object, ...]:
        return canonical_name(figure.name), figure.group, figure.subject, figure.year, figure.status, figure.measure, figure.unit_base

    current = {key(f): f.value_base for f in newer if not f.revoked}
    return {id(f) for f in older if key(f) in current and current[key(f)] != f.value_base}
