"""Target beside actual: of each indicator, place and year what was planned and what was reached, paired by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa

from rag.compare import comparable, is_met, percent_unit
from rag.figure_table import (
    CURRENT,
    EXPORTED_AT_ONCE,
    ISSUED,
    NO_DAY,
    SAME,
    Condition,
    FigureTable,
    SortBy,
    TableRow,
    Wanted,
    order_of,
)
from rag.records import Measure, Status
from rag.registry import Connection
from rag.registry_tables import figures, versions

Key = tuple[object, ...]


class Reached(StrEnum):
    """Which targets."""

    KNOWN = "known"  # an actual figure is there
    BELOW = "below"  # an actual figure stands below it
    AT_LEAST = "at_least"  # an actual figure is as high or higher
    UNKNOWN = "unknown"  # no letter gives an actual figure
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Pair:
    """What was planned and what was reached, by the latest letters; values that disagree stand beside, never averaged."""

    target: TableRow | None
    actual: TableRow | None
    others: tuple[TableRow, ...] = ()  # what other letters give for the same, where it differs

    @property
    def row(self) -> TableRow:
        """The one that is there."""
        found = self.target or self.actual
        assert found is not None
        return found

    @property
    def completion(self) -> Decimal | None:
        """Actual as per cent of the target; not of shares, for which it says nothing."""
        if self.target is None or self.actual is None:
            return None
        target, actual = self.target.figure, self.actual.figure
        if not comparable(target, actual) or percent_unit(target.unit) or not target.value_base:
            return None
        return (actual.value_base / target.value_base * 100).quantize(Decimal("0.1"))

    @property
    def is_met(self) -> bool | None:
        """Whether the target was reached; None where that cannot be told."""
        if self.target is None or self.actual is None or not comparable(self.target.figure, self.actual.figure):
            return None
        return is_met(self.target.figure, self.actual.figure)


class PairTable:
    """The pairs of a ledger."""

    def __init__(self, table: FigureTable) -> None:
        self.table = table

    def count(self, wanted: Wanted, reached: Reached = Reached.ALL) -> int:
        """How many targets are wanted."""
        return self.table.count_once((wanted, reached), lambda connection: self._targets(connection, wanted, reached), sa.func.count())

    def page(self, wanted: Wanted, first: int, size: int, reached: Reached = Reached.ALL) -> list[Pair]:
        """Pairs `first` … `first + size - 1`, one for each target, counted from 0."""
        order = order_of(wanted)
        with self.table.read() as connection:
            keys = (
                sa.select(figures.c.version_id, figures.c.position)
                .select_from(CURRENT)
                .where(*self._targets(connection, wanted, reached))
                .order_by(*order)
                .offset(first)
                .limit(size)
                .subquery()
            )
            targets = self.table.load(connection, keys, order)
            alike = self._levels(
                connection,
                figures.c.indicator.in_({row.indicator for row in targets}),
                figures.c.scope.in_({row.scope for row in targets}),
                figures.c.year.in_({row.figure.year for row in targets}),
            )
        groups = _group(alike)
        return [_pair(groups[_key(row)], row) for row in targets]

    def pairs(self, wanted: Wanted, reached: Reached = Reached.ALL) -> Iterator[Pair]:
        """All of them, for an export."""
        for first in range(0, self.count(wanted, reached), EXPORTED_AT_ONCE):
            yield from self.page(wanted, first, EXPORTED_AT_ONCE, reached)

    def series(self, indicator: str) -> list[Pair]:
        """One indicator over years, places and groups, also where only one of the two is there; by place, then year."""
        with self.table.read() as connection:
            alike = self._levels(connection, figures.c.indicator == indicator)
        pairs = [_pair(rows) for rows in _group(row for row in alike if row.figure.year is not None).values()]
        return sorted(pairs, key=lambda pair: _in_series(pair.row))

    def _targets(self, connection: Connection, wanted: Wanted, reached: Reached) -> list[Condition]:
        """Targets, each once: where several letters give the same one, the latest counts."""
        found = [
            *self.table.conditions(connection, wanted),
            figures.c.status == Status.TARGET.value,
            figures.c.measure == Measure.LEVEL.value,
            figures.c.year.is_not(None),
        ]
        other, letter = figures.alias(), versions.alias()
        issued = sa.func.coalesce(letter.c.issued_on, NO_DAY)
        later = sa.tuple_(issued, other.c.version_id, other.c.position) > sa.tuple_(ISSUED, figures.c.version_id, figures.c.position)
        found.append(~self._exists(other, letter, other.c.status == Status.TARGET.value, later))
        actual = other.c.status != Status.TARGET.value
        if reached is Reached.KNOWN:
            found.append(self._exists(other, letter, actual))
        elif reached is Reached.BELOW:
            found.append(self._exists(other, letter, actual, other.c.number < figures.c.number))
        elif reached is Reached.AT_LEAST:
            found.append(self._exists(other, letter, actual, other.c.number >= figures.c.number))
        elif reached is Reached.UNKNOWN:
            found.append(~self._exists(other, letter, actual))
        return found

    def _exists(self, other: sa.FromClause, letter: sa.FromClause, *conditions: Condition) -> Condition:
        same = [other.c[name] == figures.c[name] for name in (*SAME, "measure")]
        joined = other.join(letter, (other.c.version_id == letter.c.version_id) & letter.c.is_current.is_(True))
        return sa.select(sa.literal(1)).select_from(joined).where(*same, *conditions, *self.table.in_force(other)).exists()

    def _levels(self, connection: Connection, *conditions: Condition) -> list[TableRow]:
        """All such levels that are in force, the latest letter's first."""
        order = order_of(Wanted(sort=SortBy.LETTER))
        keys = (
            sa.select(figures.c.version_id, figures.c.position)
            .select_from(CURRENT)
            .where(*conditions, figures.c.measure == Measure.LEVEL.value, *self.table.in_force())
            .subquery()
        )
        return self.table.load(connection, keys, order)


def _key(row: TableRow) -> Key:
    figure = row.figure
    return (row.indicator, figure.group, row.scope, figure.year, row.part, figure.unit_base)


def _group(rows: Iterable[TableRow]) -> dict[Key, list[TableRow]]:
    groups: dict[Key, list[TableRow]] = defaultdict(list)
    for row in rows:
        groups[_key(row)].append(row)
    return groups


def _pair(rows: Sequence[TableRow], target: TableRow | None = None) -> Pair:
    target = target or next((row for row in rows if row.figure.status is Status.TARGET), None)
    actual = next((row for row in rows if row.figure.status is Status.ACTUAL), None)
    actual = actual or next((row for row in rows if row.figure.status is Status.BASELINE), None)
    return Pair(target, actual, tuple(row for row in rows if _differs(row, target, actual)))


def _differs(row: TableRow, target: TableRow | None, actual: TableRow | None) -> bool:
    shown = target if row.figure.status is Status.TARGET else actual
    return shown is not None and row.figure.value_base != shown.figure.value_base


def _in_series(row: TableRow) -> tuple[object, ...]:
    return (row.scope, row.figure.group, row.figure.unit_base, row.figure.year or 0, row.part)
