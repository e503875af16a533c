"""What the registry keeps of a figure beside its own fields, so that the ledger can be filtered, grouped and paired by the database.

Two figures measure the same when `indicator`, `name_group`, `scope`, `year`, `part`, `measure` and `unit_base` are the same.
"""

from __future__ import annotations

from rag.match import canonical_name
from rag.periods import MULTI_YEAR, period_part
from rag.records import Figure
from rag.rows import Row


def derived_columns(figure: Figure) -> Row:
    """The columns of a figure that are computed from its fields; to be made anew when the lexicon has changed."""
    return {
        "indicator": indicator_of(figure.name, figure.place),
        "scope": figure.subject or figure.place or "",
        "number": float(figure.value_base),  # to sort by; what is shown stays a Decimal
        "part": part_of(figure.period),
    }


def indicator_of(name: str, place: str | None) -> str:
    """The canonical words of a name, sorted: 义务教育学位新增 and 新增义务教育学位 are one indicator."""
    return " ".join(sorted(canonical_name(name, place or "").split()))


def part_of(period: str) -> str:
    """Which part of its year a figure is true of; the whole of it and its end are one, several years are another."""
    if MULTI_YEAR.search(period):
        return "several years"
    part = period_part(period)
    return "" if part == "end" else part
