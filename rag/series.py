"""One indicator over years and places: target beside actual, with completion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from rag.candidates import Ledger
from rag.compare import comparable, is_met, percent_unit
from rag.compose import amount
from rag.match import canonical_name, features
from rag.qualifiers import qualifiers_of
from rag.records import Figure, Measure, Status
from rag.terms import load_lexicon

SERIES_COLUMNS = ("name", "subject", "year", "target", "actual", "completion", "met", "other_values", "target_letter", "actual_letter")
LIKE = 0.6


def make_series(name: str, figures: Sequence[Figure], ledger: Ledger) -> list[dict[str, object]]:
    """Rows by place and year; values that disagree stand side by side in `other_values`, never averaged."""
    wanted = load_lexicon().canonical(name)
    chosen = [f for f in figures if f.measure is Measure.LEVEL and _is_like(wanted, f, ledger)]
    cells: dict[tuple[str, int, str], list[Figure]] = defaultdict(list)
    for figure in chosen:
        if figure.year is not None:
            cells[figure.subject or figure.place or "", figure.year, figure.unit_base].append(figure)
    return [_row(key, sorted(found, key=lambda f: _issued(f, ledger), reverse=True), ledger) for key, found in sorted(cells.items())]


def _is_like(wanted: str, figure: Figure, ledger: Ledger) -> bool:
    own = f"{canonical_name(figure.name, figure.place or '')} {figure.group}".strip()
    if qualifiers_of(wanted) ^ qualifiers_of(own):
        return False
    return ledger.matcher.likeness(wanted, own) >= LIKE or features(wanted) <= features(own)


def _issued(figure: Figure, ledger: Ledger) -> str:
    day = ledger.letters[figure.letter_id].issued_on
    return day.isoformat() if day else ""


def _row(key: tuple[str, int, str], found: Sequence[Figure], ledger: Ledger) -> dict[str, object]:
    subject, year, _ = key
    targets = [f for f in found if f.status is Status.TARGET]
    actuals = [f for f in found if f.status is not Status.TARGET]
    target = targets[0] if targets else None
    actual = actuals[0] if actuals else None
    others = [f for f in found if f not in (target, actual) and all(g is None or f.value_base != g.value_base for g in (target, actual))]
    return {
        "name": found[0].name,
        "subject": subject,
        "year": year,
        "target": amount(target, False) if target else None,
        "actual": amount(actual, False) if actual else None,
        "completion": completion_rate(target, actual),
        "met": is_met(target, actual) if target and actual and comparable(target, actual) else None,
        "other_values": "；".join(
            f"{amount(f, False)}（{ledger.letters[f.letter_id].doc_number or ledger.letters[f.letter_id].file}，{_issued(f, ledger)}）"
            for f in others
        )
        or None,
        "target_letter": _letter(target, ledger),
        "actual_letter": _letter(actual, ledger),
    }


def _letter(figure: Figure | None, ledger: Ledger) -> str | None:
    if figure is None:
        return None
    letter = ledger.letters[figure.letter_id]
    return letter.doc_number or letter.file


def completion_rate(target: Figure | None, actual: Figure | None) -> str | None:
    """Actual as a share of the target: 81.2 of 75 is 108.3%; not of shares, for which it says nothing."""
    if target is None or actual is None or not comparable(target, actual) or percent_unit(target.unit) or not target.value_base:
        return None
    return f"{(actual.value_base / target.value_base * 100).quantize(Decimal('0.1'))}%"
