"""How smooth is the ledger's table? `python -m eval.bench_table [--figures N] [--store DIR]`.

A registry of N figures is filled by a script, 20 a letter: indicators that all places have, target and actual of each year, and as many again that
only one letter has. Then pages of every view are read as the screen reads them, count and rows together, and the percentiles told.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter, process_time

from eval.bench_parts import spread_ms
from eval.made_letters import BUREAUS, FIRST, FIRST_YEAR, SECOND, YEARS
from rag.errors import ReplyDeskError
from rag.figure_pairs import PairTable, Reached
from rag.figure_table import FigureTable, SortBy, Wanted
from rag.known import make_known
from rag.records import Comparator, Figure, Letter, LetterKind, Status
from rag.registry_write import Entry, add_entry
from rag.settings import Settings
from rag.store import Store, open_store

DEFAULT = 100_000
A_LETTER = 20  # figures
A_PAGE = 50  # rows
ROUNDS = 15
PLACES = [f"{first}{second}市" for first in FIRST for second in SECOND]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one look took."""

    seconds: float
    cpu_seconds: float


def fill_store(store: Store, count: int) -> None:
    """Write `count` figures, without text to search and vectors."""
    chance = random.Random(7)
    with store.registry.write() as connection:
        for number in range(count // A_LETTER):
            letter, figures = make_entry(number, chance)
            add_entry(connection, Entry(letter, figures, (), ()), store.series)


def make_entry(number: int, chance: random.Random) -> tuple[Letter, tuple[Figure, ...]]:
    """One letter and its figures."""
    place = PLACES[number % len(PLACES)]
    bureau = list(BUREAUS)[number // len(PLACES) % len(BUREAUS)]
    year = FIRST_YEAR + number // (len(PLACES) * len(BUREAUS)) % YEARS
    letter = Letter(
        letter_id=f"made-{number}", content_hash=f"{number:064x}", file=f"made-{number}.txt", format="txt", text="某" * 2000, sentences=(),
        title=f"关于第{number}号提案的答复", bodies=(f"{place}{bureau}",), place=place, doc_number=f"{place[0]}复〔{year}〕{number}号",
        kind=LetterKind.PROPOSAL, issued_on=date(year, 6, 1),
    )  # fmt: skip
    names, units = BUREAUS[bureau][0::2], BUREAUS[bureau][1::2]
    figures = []
    for position in range(A_LETTER):
        known = position < A_LETTER // 2
        name = names[position % 3] if known else f"{names[position % 3]}第{number * A_LETTER + position}号工程投资"
        unit = units[position % 3] if known else "万元"
        status = Status.TARGET if position % 2 else Status.ACTUAL
        value = Decimal(chance.randint(10, 99999)) / 10
        figures.append(
            Figure(
                letter_id=letter.letter_id, name=name, value=value, unit=unit, value_base=value, unit_base=unit, comparator=Comparator.EQUAL,
                year=year - position % 3, period=f"{year - position % 3}年", status=status, subject=place, place=place, sentence=0, start=0, end=1,
            )
        )  # fmt: skip
    return letter, tuple(figures)


def list_looks(table: FigureTable) -> Iterator[tuple[str, Callable[[int], object]]]:
    """Each look at the ledger, as (name, what is done for the n-th time)."""
    pairs = PairTable(table)
    years = [int(year.value) for year in table.years]

    def look(wanted: Wanted, deep: int = 0) -> Callable[[int], object]:
        return lambda turn: (table.count(wanted), table.page(wanted, (turn + deep) * A_PAGE, A_PAGE))

    yield "rows, newest letter first", look(Wanted())
    yield "rows, page 1,000", look(Wanted(), 1000)
    for sort in (SortBy.NAME, SortBy.VALUE, SortBy.YEAR, SortBy.SCOPE):
        yield f"rows by {sort.value}", look(Wanted(sort=sort))
    yield "rows of one year", lambda turn: look(Wanted(years=(years[turn % len(years)],), sort=SortBy.VALUE))(0)
    yield "rows of one place", lambda turn: look(Wanted(where=PLACES[turn]))(0)
    yield "search, Chinese", lambda turn: look(Wanted(search=f"养老 {PLACES[turn][:2]}"))(0)
    yield "search, English", look(Wanted(search="incubation area"))
    yield "letters that disagree", look(Wanted(only_disagreeing=True))
    yield "indicators", lambda turn: (table.count_indicators(Wanted()), table.indicators(Wanted(), turn * A_PAGE, A_PAGE))

    def look_at_pairs(reached: Reached) -> Callable[[int], object]:
        return lambda turn: (pairs.count(Wanted(), reached), pairs.page(Wanted(), turn * A_PAGE, A_PAGE, reached))

    for reached in Reached:
        yield f"target and actual, {reached.value}", look_at_pairs(reached)
    yield (
        "target and actual of a year",
        lambda turn: pairs.page(Wanted(years=(years[turn % len(years)],)), 0, A_PAGE, Reached.BELOW),
    )
    yield "series of one indicator", lambda turn: pairs.series("养老 床位")


def measure(settings: Settings, count: int) -> None:
    """Fill the store if it is empty, then measure."""
    with open_store(settings, write=True) as store:
        if not store.registry.count():
            start = perf_counter()
            fill_store(store, count)
            sys.stdout.write(f"{count} figures written in {perf_counter() - start:.1f} s\n")
    with open_store(settings) as store:
        start = perf_counter()
        table = FigureTable(store, lambda: make_known(store.registry.letters(), ()))
        _ = table.retired
        sys.stdout.write(f"what was replaced found in {perf_counter() - start:.1f} s (once a state of the store)\n")
        everything: list[Taken] = []
        for name, look in list_looks(table):
            look(0)
            taken = [_time(look, turn) for turn in range(1, ROUNDS + 1)]
            everything += taken
            sys.stdout.write(f"{name:<32} {_tell(taken)}\n")
        sys.stdout.write(f"{'all':<32} {_tell(everything)}\n")


def _time(look: Callable[[int], object], turn: int) -> Taken:
    start, busy = perf_counter(), process_time()
    look(turn)
    return Taken(perf_counter() - start, process_time() - busy)


def _tell(taken: Sequence[Taken]) -> str:
    """The processor's time tells what a busy machine hides."""
    spread, busy = spread_ms([one.seconds for one in taken]), spread_ms([one.cpu_seconds for one in taken])
    return f"p50 {spread['p50']:5.0f} ms   p95 {spread['p95']:5.0f} ms   of the processor {busy['p50']:5.0f} and {busy['p95']:5.0f} ms"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench_table", description="Measures pages of the ledger over figures made by a script."
    )
    parser.add_argument("--figures", type=int, default=DEFAULT, metavar="N", help=f"how many (default: {DEFAULT})")
    parser.add_argument("--store", type=Path, help="keep the made store in this folder and use it again")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="replydesk-bench-") as folder:
            measure(replace(Settings(llm="none"), store=options.store or Path(folder) / "store"), options.figures)
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
