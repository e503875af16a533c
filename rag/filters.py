"""What an asker narrows the store down to before he asks: some letters, some years, some kinds of figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from rag.records import Finding, Letter, LetterKind, Outcome, Query, Statement, Status


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty: not narrowed. Several values of one field are alternatives; the fields hold together."""

    years: tuple[int, ...] = ()  # that a figure is true of
    statuses: tuple[Status, ...] = ()
    bodies: tuple[str, ...] = ()  # that issued a letter
    kinds: tuple[LetterKind, ...] = ()
    letters: tuple[str, ...] = ()  # letter_ids
    as_of: date | None = None  # from the letters that were issued until that day

    def __bool__(self) -> bool:
        """Whether anything is narrowed."""
        return self != NOTHING

    def keeps(self, letter: Letter) -> bool:
        """Whether a letter takes part."""
        return (
            (not self.letters or letter.letter_id in self.letters)
            and (not self.kinds or letter.kind in self.kinds)
            and (not self.bodies or any(body in self.bodies for body in letter.bodies))
        )

    @property
    def of_letters(self) -> Filters:
        """What of it chooses letters: two that differ only in years or kinds of figures look at the same ones."""
        return Filters(bodies=self.bodies, kinds=self.kinds, letters=self.letters, as_of=self.as_of)


NOTHING = Filters()


def narrow(query: Query, filters: Filters) -> Query | Finding:
    """The question within years and kinds of figures; where it names others itself, that is said instead of an answer."""
    years = tuple(year for year in query.years if year in filters.years) if query.years else filters.years
    statuses = tuple(status for status in query.statuses if status in filters.statuses) if query.statuses else filters.statuses
    if filters.years and query.years and set(query.years) - set(filters.years):
        asked, chosen = (_join(values, query.language) for values in (query.years, filters.years))
        return _contradiction(
            query,
            f"未找到：问题问的是{asked}年，而筛选只选了{chosen}年。请改问题，或调整筛选条件。",
            f"Not found: the question asks of {asked}, and the filter leaves only {chosen}. Ask otherwise, or change the filter.",
        )
    if filters.statuses and query.statuses and not statuses:
        return _contradiction(
            query,
            "未找到：问题问的指标性质（目标或实际）与筛选条件不一致。请改问题，或调整筛选条件。",
            "Not found: the question asks for another kind of figure (target or actual) than the filter leaves. Ask otherwise, or change the filter.",
        )
    return replace(
        query,
        years=years if filters.years else query.years,
        statuses=statuses if filters.statuses else query.statuses,
    )


def _contradiction(query: Query, chinese: str, english: str) -> Finding:
    return Finding(Outcome.NOT_FOUND, (Statement(chinese if query.language == "zh" else english),))


def _join(years: tuple[int, ...], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(str(year) for year in years)
