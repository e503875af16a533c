"""Which figures no longer hold: corrected by a 更正 letter, or replaced by a later letter that quotes the old value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from rag.match import canonical_name, features
from rag.quantity import read_quantities
from rag.records import Figure, Letter


def plain_number(doc_number: str | None) -> str:
    """A document number without brackets and blanks, for comparison."""
    return re.sub(r"[〔〕\[\]（）()【】\s第]", "", doc_number or "")


def superseded(figures: Sequence[Figure], letters: Mapping[str, Letter], letter_of: Callable[[str], Letter] | None = None) -> set[int]:
    """`id` of each figure that a correction, a re-issue or a revised goal has put out of force.

    Args:
        figures: of all letters.
        letters: by id; their fields are enough.
        letter_of: gives a whole letter, so that the old values in the text of a correction count too.
    """
    by_value: dict[tuple[Decimal, str], list[Figure]] = defaultdict(list)
    by_letter: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.letter_id in letters:
            by_value[figure.value_base, figure.unit_base].append(figure)
            by_letter[figure.letter_id].append(figure)
    numbers = _by_number(letters)
    old: set[int] = set()
    for figure in (f for f in figures if f.revoked and f.letter_id in letters):
        later = letters[figure.letter_id]
        for other in by_value[figure.value_base, figure.unit_base]:
            if other is not figure and not other.revoked and _quotes(figure, later, other, letters[other.letter_id]):
                old.add(id(other))
    for letter in letters.values():
        for target in _corrected_by(letter, letters, numbers):
            old |= _replaced(by_letter[letter.letter_id], by_letter[target.letter_id])
            withdrawn = {(f.value_base, f.unit_base) for f in by_letter[letter.letter_id] if f.revoked}
            withdrawn |= old_values(letter_of(letter.letter_id)) if letter_of is not None else set()
            old |= {id(f) for f in by_letter[target.letter_id] if (f.value_base, f.unit_base) in withdrawn}
    return old


def concerned(letters: Mapping[str, Letter]) -> set[str]:
    """Ids of the letters that correct another one, and of those that are corrected."""
    numbers = _by_number(letters)
    pairs = ((letter, target) for letter in letters.values() for target in _corrected_by(letter, letters, numbers))
    return {found.letter_id for pair in pairs for found in pair}


def _by_number(letters: Mapping[str, Letter]) -> Mapping[str, list[Letter]]:
    numbers = defaultdict(list)
    for letter in letters.values():
        numbers[plain_number(letter.doc_number)].append(letter)
    return numbers


# An old value in the text of a correction: what it is replaced by stands behind it, or “the first answer” in front of it.
REPLACED_BY = re.compile(
    r"^[^，。；、]{0,8}?[”’」]?(?:更正为|订正为|更改为|修正为|调整为|改为|应为|实为|有误|不实|系[^，。；]{0,16}(?:误|错))"
)
FIRST_ANSWER = re.compile(r"(?:原(?:答复|复函|函|文|表|件|数)?|误(?:写|录|报|植|作|为|将)?|前次|此前)[^，。；]{0,24}$")
CONFIRMED = re.compile(r"^[^，。；]{0,8}(?:无误|不变|准确|正确|属实)")


def old_values(correction: Letter) -> set[tuple[Decimal, str]]:
    """(value, unit) of each quantity that a correction takes back, read from its wording."""
    found: set[tuple[Decimal, str]] = set()
    for sentence in correction.sentences:
        text = sentence.text
        for quantity in read_quantities(text):
            before, after = text[: quantity.start], text[quantity.end :]
            if CONFIRMED.match(after):
                continue
            if REPLACED_BY.match(after) or FIRST_ANSWER.search(before):
                found.add((quantity.value_base, quantity.unit_base))
    return found


def _corrected_by(letter: Letter, letters: Mapping[str, Letter], numbers: Mapping[str, list[Letter]]) -> list[Letter]:
    """The letters that one corrects: by the number it names, else the earlier ones of the same body about the same proposal."""
    if letter.corrects:
        return [target for target in numbers.get(plain_number(letter.corrects), ()) if target.letter_id != letter.letter_id]
    if not re.search(r"更正|勘误|订正", letter.title or "") or not letter.proposal_number:
        return []
    return [
        other
        for other in letters.values()
        if other.letter_id != letter.letter_id
        and other.proposal_number == letter.proposal_number
        and other.bodies[:1] == letter.bodies[:1]
        and (other.issued_on or date.min) < (letter.issued_on or date.max)
    ]


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
