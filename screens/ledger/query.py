"""What somebody looks at in the ledger, as the address says it, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

from rag.figure_pairs import Reached
from rag.figure_table import SortBy, Wanted
from rag.records import Status

WORDS_AT_MOST = 200  # characters


class Look(StrEnum):
    """How the ledger is looked at."""

    ROWS = "rows"
    PAIRS = "pairs"  # target beside actual
    INDICATORS = "indicators"


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """Everything that the address says."""

    wanted: Wanted
    look: Look = Look.ROWS
    reached: Reached = Reached.KNOWN
    page: int = 1
    language: str = "zh"
    lines: tuple[str, ...] = ()  # of an indicator's chart; empty: those that suit each other

    def at_page(self, page: int) -> LedgerQuery:
        """The same on another page."""
        return replace(self, page=page)

    def sorted_by(self, sort: SortBy) -> LedgerQuery:
        """The same in another order; the other way round when it is in this one."""
        is_same = self.wanted.sort is sort
        ascending = not self.wanted.ascending if is_same else sort in (SortBy.NAME, SortBy.SCOPE, SortBy.STATUS)
        return replace(self, wanted=replace(self.wanted, sort=sort, ascending=ascending), page=1)

    def as_address(self, name: str) -> str:
        """`name?…` relative to the page."""
        wanted = self.wanted
        pairs: list[tuple[str, str]] = [("language", self.language), ("look", self.look.value)]
        pairs += [("year", str(year)) for year in wanted.years] + [("status", status.value) for status in wanted.statuses]
        pairs += [(key, value) for key, value in (("q", wanted.search), ("where", wanted.where), ("indicator", wanted.indicator)) if value]
        pairs += [("disagreeing", "1")] if wanted.only_disagreeing else []
        pairs += [("retired", "1")] if wanted.with_retired else []
        pairs += [("reached", self.reached.value)] if self.reached is not Reached.KNOWN else []
        pairs += [("line", line) for line in self.lines]
        pairs += [("sort", wanted.sort.value), ("up", "1" if wanted.ascending else "0"), ("page", str(self.page))]
        return f"{name}?{urlencode(pairs)}"


def read_query(
    language: str = "zh",
    look: Look = Look.ROWS,
    q: Annotated[str, Query(max_length=WORDS_AT_MOST)] = "",
    where: Annotated[str, Query(max_length=WORDS_AT_MOST)] = "",
    indicator: Annotated[str, Query(max_length=WORDS_AT_MOST)] = "",
    year: Annotated[list[int] | None, Query(max_length=100)] = None,
    status: Annotated[list[Status] | None, Query(max_length=10)] = None,
    disagreeing: bool = False,
    retired: bool = False,
    reached: Reached = Reached.KNOWN,
    sort: SortBy = SortBy.LETTER,
    up: bool = False,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    line: Annotated[list[str] | None, Query(max_length=100)] = None,
) -> LedgerQuery:
    """From the address; FastAPI fills it in."""
    wanted = Wanted(q.strip(), where.strip(), tuple(year or ()), tuple(status or ()), indicator, disagreeing, retired, sort, up)
    return LedgerQuery(wanted, look, reached, page, language, tuple(line or ()))
