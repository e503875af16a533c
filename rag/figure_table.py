"""The ledger as a table, paged, filtered and sorted by the database: what the screen shows and exports, however many figures there are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from rag.currency import concerned, superseded
from rag.figure_search import Search, find_indicators, read_search
from rag.names import Known
from rag.privacy import mask
from rag.records import Figure, Letter, Measure, Status
from rag.registry import Connection
from rag.registry_tables import figures, sentences, versions
from rag.rows import Row, read_figure
from rag.store import Store

Condition = sa.ColumnElement[bool]
Place = tuple[int, int]  # version and position of a figure

SAME = ("indicator", "name_group", "scope", "year", "part", "unit_base")  # of two levels: they measure the same
NO_DAY = date(1, 1, 1)
EXPORTED_AT_ONCE = 2000  # rows


class SortBy(StrEnum):
    """What rows are ordered by."""

    LETTER = "letter"  # day of issue, then place in the letter
    NAME = "name"
    SCOPE = "scope"
    YEAR = "year"
    STATUS = "status"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures, in which order; what is empty does not count."""

    search: str = ""  # words, Chinese or English
    where: str = ""  # part of a place, of whom or what it is true of, or of the issuing body
    years: tuple[int, ...] = ()
    statuses: tuple[Status, ...] = ()
    indicator: str = ""  # exactly this one
    only_disagreeing: bool = False
    with_retired: bool = False  # also those that were corrected or replaced
    sort: SortBy = SortBy.LETTER
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A figure with the letter and the sentence that give it."""

    figure: Figure
    indicator: str  # canonical words of its name
    scope: str  # what it is true of
    part: str  # of its year; "" is the whole
    place: Place
    file: str
    title: str
    bodies: tuple[str, ...]
    doc_number: str | None
    issued_on: date | None
    start: int  # of the sentence, in the letter's text
    end: int
    is_retired: bool  # corrected or replaced
    disagrees: bool  # another letter gives another value for the same


@dataclass(frozen=True, slots=True)
class Counted:
    """A value of a filter and how many figures have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator over all its figures."""

    indicator: str  # canonical words
    name: str  # as letters write it most often
    figures: int
    letters: int
    first_year: int | None
    last_year: int | None
    scopes: tuple[str, ...]


class FigureTable:
    """The figures of one state of the store; safe to share between threads. One is kept as long as the generation stays."""

    def __init__(self, store: Store, known: Callable[[], Known]) -> None:
        """Reads the letters' fields.

        Args:
            store: where the figures stand.
            known: gives the names that English words may mean; called when such are searched.
        """
        self.store = store
        self.registry = store.registry
        self.known = known
        self.generation = self.registry.generation
        self.versions = self.registry.view()
        self.letters = {letter.letter_id: letter for letter in self.registry.letters()}
        self.counts: dict[Hashable, int] = {}  # by what was counted: the state does not change

    # ---------------------------------------------------------------- rows

    def count(self, wanted: Wanted) -> int:
        """How many figures are wanted."""
        return self.count_once(wanted, lambda connection: self.conditions(connection, wanted), sa.func.count())

    def count_once(self, key: Hashable, conditions: Callable[[Connection], list[Condition]], counted: sa.ColumnElement[int]) -> int:
        """Count, unless it was counted before."""
        if key not in self.counts:
            with self.read() as connection:
                query = sa.select(counted).select_from(CURRENT).where(*conditions(connection))
                self.counts[key] = int(connection.sql.execute(query).scalar_one())
        return self.counts[key]

    def page(self, wanted: Wanted, first: int, size: int) -> list[TableRow]:
        """Rows `first` … `first + size - 1`, counted from 0."""
        with self.read() as connection:
            return self._load(connection, wanted, first, size)

    def rows(self, wanted: Wanted) -> Iterator[TableRow]:
        """All of them, for an export."""
        for first in range(0, self.count(wanted), EXPORTED_AT_ONCE):
            yield from self.page(wanted, first, EXPORTED_AT_ONCE)

    def _load(self, connection: Connection, wanted: Wanted, first: int, size: int) -> list[TableRow]:
        """The keys are sorted first, so that only the page's own rows are read whole."""
        order = order_of(wanted)
        keys = (
            sa.select(figures.c.version_id, figures.c.position)
            .select_from(CURRENT)
            .where(*self.conditions(connection, wanted))
            .order_by(*order)
            .offset(first)
            .limit(size)
            .subquery()
        )
        return self.load(connection, keys, order)

    def load(self, connection: Connection, keys: sa.Subquery, order: list[Any]) -> list[TableRow]:
        """The rows of these keys (version_id, position), whole and in this order."""
        same = (figures.c.version_id == keys.c.version_id) & (figures.c.position == keys.c.position)
        at = (sentences.c.version_id == figures.c.version_id) & (sentences.c.position == figures.c.sentence)
        query = sa.select(*ROW).select_from(keys.join(figures, same).join(versions, OF_VERSION).join(sentences, at, isouter=True))
        found = list(connection.rows(query.order_by(*order)))
        disagreeing = self._disagreeing_among(connection, found)
        return [self._read(row, disagreeing) for row in found]

    def _read(self, row: Row, disagreeing: frozenset[Place]) -> TableRow:
        place = (row["version_id"], row["position"])
        figure = read_figure(row["letter_id"], row)
        return TableRow(
            figure=figure,
            indicator=row["indicator"],
            scope=row["scope"],
            part=row["part"],
            place=place,
            file=mask(row["file"]),  # a table is handed on, whoever made it
            title=mask(row["proposal_title"] or row["title"] or ""),
            bodies=tuple(row["bodies"]),
            doc_number=row["doc_number"],
            issued_on=row["issued_on"],
            start=row["sentence_start"] if row["sentence_start"] is not None else figure.start,
            end=row["sentence_end"] if row["sentence_end"] is not None else figure.end,
            is_retired=row["revoked"] or place in self.retired,
            disagrees=place in disagreeing,
        )

    def _disagreeing_among(self, connection: Connection, rows: list[Row]) -> frozenset[Place]:
        wanted = [(row["version_id"], row["position"]) for row in rows]
        if not wanted:
            return frozenset()
        key = sa.tuple_(figures.c.version_id, figures.c.position)
        query = sa.select(figures.c.version_id, figures.c.position).select_from(CURRENT).where(key.in_(wanted), *self.disagreeing())
        return frozenset((row.version_id, row.position) for row in connection.sql.execute(query))

    # ---------------------------------------------------------------- indicators and filters

    def count_indicators(self, wanted: Wanted) -> int:
        """How many indicators the wanted figures have."""
        counted = sa.func.count(figures.c.indicator.distinct())
        return self.count_once(("indicators", wanted), lambda connection: self.conditions(connection, wanted), counted)

    def indicators(self, wanted: Wanted, first: int, size: int) -> list[IndicatorRow]:
        """The indicators of the wanted figures, those with most figures first; by name if `wanted` sorts by name."""
        count = sa.func.count().label("count")
        order = (figures.c.indicator,) if wanted.sort is SortBy.NAME else (count.desc(), figures.c.indicator)
        spread = (sa.func.min(figures.c.year).label("first"), sa.func.max(figures.c.year).label("last"))
        with self.read() as connection:
            conditions = self.conditions(connection, wanted)
            query = sa.select(figures.c.indicator, count, *spread).select_from(CURRENT).where(*conditions)
            grouped = list(connection.rows(query.group_by(figures.c.indicator).order_by(*order).offset(first).limit(size)))
            listed = figures.c.indicator.in_([row["indicator"] for row in grouped])
            columns = (figures.c.indicator, figures.c.name, figures.c.scope, figures.c.version_id)
            members: dict[str, list[Row]] = {row["indicator"]: [] for row in grouped}
            for member in connection.rows(sa.select(*columns).select_from(CURRENT).where(listed, *conditions)):
                members[member["indicator"]].append(member)
        return [_indicator_row(row, members[row["indicator"]]) for row in grouped]

    @cached_property
    def years(self) -> tuple[Counted, ...]:
        """The years of figures in force, the latest first."""
        return tuple(Counted(str(value), count) for value, count in self._counts(figures.c.year) if value is not None)[::-1]

    @cached_property
    def statuses(self) -> tuple[Counted, ...]:
        """How many figures in force have which status."""
        counts = dict(self._counts(figures.c.status))
        return tuple(Counted(status.value, counts[status.value]) for status in Status if status.value in counts)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Places and bodies that one can look for, by number of figures."""
        counts = sorted(self._counts(figures.c.place), key=lambda found: -found[1])
        bodies = dict.fromkeys(body for letter in self.letters.values() for body in letter.bodies)
        return (*(value for value, _ in counts if value), *bodies)

    def _counts(self, column: sa.Column[Any]) -> list[tuple[Any, int]]:
        with self.read() as connection:
            query = sa.select(column, sa.func.count()).select_from(CURRENT).where(*self.in_force()).group_by(column).order_by(column)
            return [(value, count) for value, count in connection.sql.execute(query)]

    # ---------------------------------------------------------------- conditions

    @cached_property
    def retired(self) -> frozenset[Place]:
        """Figures that a later letter corrected or replaced, though their own sentence does not say so."""
        with self.registry.read() as connection:
            quoted = sa.select(figures.c.number).select_from(CURRENT).where(figures.c.revoked.is_(True))
            query = sa.select(versions.c.letter_id).select_from(CURRENT).where(figures.c.number.in_(quoted)).distinct()
            letter_ids = {str(row.letter_id) for row in connection.sql.execute(query)} | concerned(self.letters)
        found = {letter_id: self.registry.figures([letter_id]) for letter_id in letter_ids & self.versions.keys()}
        old = superseded([figure for own in found.values() for figure in own], self.letters, self.registry.letter)
        return frozenset(
            (self.versions[letter_id], position)
            for letter_id, own in found.items()
            for position, figure in enumerate(own)
            if id(figure) in old and not figure.revoked
        )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """What was replaced is found before the transaction, not within it."""
        _ = self.retired
        with self.registry.read() as connection:
            yield connection

    def conditions(self, connection: Connection, wanted: Wanted) -> list[Condition]:
        """What the wanted figures have in common."""
        found = [] if wanted.with_retired else self.in_force()
        if wanted.years:
            found.append(figures.c.year.in_(wanted.years))
        if wanted.statuses:
            found.append(figures.c.status.in_([status.value for status in wanted.statuses]))
        if wanted.indicator:
            found.append(figures.c.indicator == wanted.indicator)
        if wanted.where.strip():
            found.append(self._is_at(wanted.where.strip()))
        if wanted.search.strip():
            found += self._matches(connection, read_search(wanted.search, self.known()))
        if wanted.only_disagreeing:
            found += self.disagreeing()
        return found

    def in_force(self, table: sa.FromClause = figures) -> list[Condition]:
        """Neither corrected nor replaced; `table` is figures or an alias of it."""
        conditions: list[Condition] = [table.c.revoked.is_(False)]
        if self.retired:
            key = sa.tuple_(table.c.version_id, table.c.position)
            conditions.append(key.not_in(sorted(self.retired)))
        return conditions

    def _is_at(self, text: str) -> Condition:
        fits = [_holds(figures.c.scope, text), _holds(figures.c.place, text)]
        return sa.or_(*fits, self._of_bodies(text))

    def _of_bodies(self, text: str) -> Condition:
        return self._of_letters(letter for letter in self.letters.values() if any(text in body for body in letter.bodies))

    def _of_letters(self, letters: Iterable[Letter]) -> Condition:
        chosen = [self.versions[letter.letter_id] for letter in letters if letter.letter_id in self.versions]
        return figures.c.version_id.in_(sa.bindparam("of_letters", chosen, expanding=True, literal_execute=True, unique=True))

    def _matches(self, connection: Connection, search: Search) -> list[Condition]:
        conditions: list[Condition] = []

        def numbered(text: str) -> Iterable[Letter]:
            return (letter for letter in self.letters.values() if text in (letter.doc_number or ""))

        for word in search.words:
            if word.year is not None:
                conditions.append((figures.c.year == word.year) | _holds(figures.c.name, word.text))
                continue
            columns = (figures.c.name, figures.c.name_group, figures.c.scope, figures.c.place, figures.c.period)
            terms = sa.and_(*(_holds(figures.c.indicator, term) for term in word.terms))
            conditions.append(sa.or_(*(_holds(column, word.text) for column in columns), terms, self._of_letters(numbered(word.text))))
        if search.meaning:
            indicators = [row.indicator for row in connection.sql.execute(sa.select(figures.c.indicator).distinct())]
            found = find_indicators(search.meaning, indicators, self.store.nearest_names)
            conditions.append(figures.c.indicator.in_(found.indicators) | figures.c.name.in_(found.names))
        if search.places:
            conditions.append(figures.c.scope.in_(search.places) | figures.c.place.in_(search.places))
        if search.years:
            conditions.append(figures.c.year.in_(search.years))
        if search.statuses:
            conditions.append(figures.c.status.in_([status.value for status in search.statuses]))
        return [*conditions, *(self._of_bodies(department) for department in search.departments)]

    def disagreeing(self) -> list[Condition]:
        """Levels for which another letter gives another value of the same."""
        other, letter = figures.alias(), versions.alias()
        same = [other.c[name] == figures.c[name] for name in (*SAME, "status", "measure")]
        query = (
            sa.select(sa.literal(1))
            .select_from(other.join(letter, other.c.version_id == letter.c.version_id))
            .where(
                letter.c.is_current.is_(True),
                other.c.version_id != figures.c.version_id,
                other.c.value_base != figures.c.value_base,
                *same,
                *self.in_force(other),
            )
        )
        return [figures.c.measure == Measure.LEVEL.value, figures.c.year.is_not(None), *self.in_force(), query.exists()]


OF_VERSION = figures.c.version_id == versions.c.version_id
CURRENT = figures.join(versions, OF_VERSION & versions.c.is_current.is_(True))
ROW = (
    *figures.c,
    versions.c.letter_id, versions.c.file, versions.c.title, versions.c.proposal_title, versions.c.bodies, versions.c.doc_number, versions.c.issued_on,
    sentences.c.start.label("sentence_start"), sentences.c.end.label("sentence_end"),
)  # fmt: skip
IN_LETTER = (figures.c.version_id, figures.c.position)
ISSUED = sa.func.coalesce(versions.c.issued_on, NO_DAY)
_SORTED = {
    SortBy.LETTER: (versions.c.issued_on,),
    SortBy.NAME: (figures.c.indicator, figures.c.name_group, figures.c.scope, figures.c.year),
    SortBy.SCOPE: (figures.c.scope, figures.c.indicator, figures.c.year),
    SortBy.YEAR: (figures.c.year, figures.c.indicator, figures.c.scope),
    SortBy.STATUS: (figures.c.status, figures.c.indicator, figures.c.scope),
    SortBy.VALUE: (figures.c.number,),
}


def order_of(wanted: Wanted) -> list[Any]:
    """What rows are sorted by. Ends with the key, so that pages do not overlap; within a letter always in reading order."""
    first, *others = _SORTED[wanted.sort]
    ends = IN_LETTER if wanted.sort is not SortBy.LETTER or wanted.ascending else (figures.c.version_id.desc(), figures.c.position)
    return [first if wanted.ascending else first.desc(), *others, *ends]


def _holds(column: sa.ColumnElement[Any], text: str) -> Condition:
    return column.contains(text, autoescape=True)


def _indicator_row(row: Row, members: list[Row]) -> IndicatorRow:
    names = [member["name"] for member in members]
    scopes = [member["scope"] for member in members if member["scope"]]
    return IndicatorRow(
        indicator=row["indicator"],
        name=max(dict.fromkeys(names), key=names.count) if names else row["indicator"],
        figures=row["count"],
        letters=len({member["version_id"] for member in members}),
        first_year=row["first"],
        last_year=row["last"],
        scopes=tuple(sorted(dict.fromkeys(scopes), key=lambda scope: -scopes.count(scope))),
    )
