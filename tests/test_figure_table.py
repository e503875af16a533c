"""The ledger as a table: pages, filters, searches and pairs over a real registry, against the same done by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rag.candidates import Ledger
from rag.figure_pairs import Pair, PairTable, Reached
from rag.figure_search import read_search
from rag.figure_table import FigureTable, SortBy, TableRow, Wanted
from rag.known import make_known
from rag.records import Figure, Letter, Status
from rag.registry_write import Entry, add_entry
from rag.store import Store
from tests.small_ledger import make_ledger
from tests.small_store import make_figure, make_letter


def write(store: Store, letters: Sequence[Letter], figures: Sequence[Figure]) -> FigureTable:
    store.encode_names([figure.name for figure in figures])
    with store.registry.write() as connection:
        for letter in letters:
            own = tuple(figure for figure in figures if figure.letter_id == letter.letter_id)
            add_entry(connection, Entry(letter, own, (), ()), store.series)
    return FigureTable(store, lambda: make_known(store.registry.letters(), store.registry.figures()))


@pytest.fixture
def ledger() -> Ledger:
    return make_ledger()


@pytest.fixture
def table(store: Store, ledger: Ledger) -> FigureTable:
    letters = [ledger.letter_of(letter_id) for letter_id in ledger.letters]
    return write(store, letters, [*ledger.figures, *ledger.retired])


def names(rows: Sequence[TableRow]) -> list[str]:
    return [row.figure.name for row in rows]


def test_pages_hold_each_figure_in_force_once(table: FigureTable, ledger: Ledger) -> None:
    wanted = Wanted()
    assert table.count(wanted) == len(ledger.figures)
    seen = [row for first in range(0, table.count(wanted), 7) for row in table.page(wanted, first, 7)]
    assert sorted((row.figure.letter_id, row.figure.start) for row in seen) == sorted((f.letter_id, f.start) for f in ledger.figures)
    assert list(table.rows(wanted)) == seen


def test_figures_that_were_replaced_are_those_that_the_ledger_retires(table: FigureTable, ledger: Ledger) -> None:
    assert ledger.retired
    gone = [row for row in table.rows(Wanted(with_retired=True)) if row.is_retired]
    assert sorted((row.figure.letter_id, row.figure.start) for row in gone) == sorted((f.letter_id, f.start) for f in ledger.retired)


def test_row_leads_to_its_sentence(table: FigureTable) -> None:
    for row in table.rows(Wanted()):
        letter = table.registry.letter(row.figure.letter_id)
        assert letter.text[row.start : row.end] == letter.sentences[row.figure.sentence].text


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(years=(2023,)),
        Wanted(years=(2022, 2024), statuses=(Status.ACTUAL,)),
        Wanted(statuses=(Status.TARGET,)),
        Wanted(where="禾坪"),
        Wanted(where="水利局", years=(2023,)),
        Wanted(search="停车泊位"),
        Wanted(search="2024 收入"),
    ],
    ids=["year", "years and status", "status", "place", "body and year", "word", "year and word"],
)
def test_filters_are_as_done_by_hand(table: FigureTable, ledger: Ledger, wanted: Wanted) -> None:
    def fits(figure: Figure) -> bool:
        bodies = ledger.letters[figure.letter_id].bodies
        words = [word for word in wanted.search.split() if not word.isdigit()]
        years = {*wanted.years, *(int(word) for word in wanted.search.split() if word.isdigit())}
        places = (figure.subject or "", figure.place or "", *bodies)
        return (
            (not years or figure.year in years)
            and (not wanted.statuses or figure.status in wanted.statuses)
            and any(wanted.where in place for place in places)
            and all(word in figure.name for word in words)
        )

    expected = sorted((f.letter_id, f.start) for f in ledger.figures if fits(f))
    found = sorted((row.figure.letter_id, row.figure.start) for row in table.rows(wanted))
    assert expected
    assert found == expected
    assert table.count(wanted) == len(expected)


@pytest.mark.parametrize("sort", SortBy)
def test_columns_sort_both_ways(table: FigureTable, sort: SortBy) -> None:
    def key(row: TableRow) -> object:
        figure = row.figure
        return {
            SortBy.LETTER: row.issued_on or date.min,
            SortBy.NAME: row.indicator,
            SortBy.SCOPE: row.scope,
            SortBy.YEAR: figure.year or 0,
            SortBy.STATUS: figure.status.value,
            SortBy.VALUE: figure.value_base,
        }[sort]

    for ascending in (True, False):
        keys = [key(row) for row in table.rows(Wanted(sort=sort, ascending=ascending))]
        assert keys == sorted(keys, reverse=not ascending)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("search", "expected"),
    [("parking spaces", "新增公共停车泊位"), ("tourism revenue 2024 target", "旅游总收入"), ("停车位", "新增公共停车泊位")],
)
def test_other_wordings_and_english_words_find_the_indicator(table: FigureTable, search: str, expected: str) -> None:
    assert expected in names(list(table.rows(Wanted(search=search))))


def test_english_search_reads_place_year_and_status(table: FigureTable) -> None:
    search = read_search("parking spaces in Heping 2023 target", table.known())
    assert (search.places, search.years, search.statuses) == (("禾坪县",), (2023,), (Status.TARGET,))


@pytest.mark.parametrize("search", ["%", "_", "\\", "'; DROP TABLE figures; --", "（", "[", '"'])
def test_signs_of_the_database_are_searched_as_text(table: FigureTable, search: str) -> None:
    assert all(search in row.figure.name + row.figure.period for row in table.rows(Wanted(search=search)))


def test_indicators_are_counted_over_their_wordings(store: Store) -> None:
    letter = make_letter("全市有高新技术企业30家。")
    wordings = ("高新技术企业", "高新技术企业数", "有效期内高新技术企业数")
    table = write(store, [letter], [make_figure(letter, name, str(value)) for value, name in enumerate(wordings)])
    (row,) = table.indicators(Wanted(), 0, 10)
    assert (row.figures, row.letters, row.first_year, row.last_year, row.scopes) == (3, 1, 2023, 2023, ("松江市",))
    assert table.count_indicators(Wanted()) == 1
    assert len(list(table.rows(Wanted(indicator=row.indicator)))) == 3


# ---------------------------------------------------------------- two letters

JUNE = make_letter("2023年新增孵化面积目标60万平方米。", letter_id="松江科〔2023〕7号", issued_on=date(2023, 6, 1))
MARCH = make_letter("2023年新增孵化面积实际54万平方米。", letter_id="松江科〔2024〕2号", issued_on=date(2024, 3, 1))
TARGET = replace(make_figure(JUNE, "新增孵化面积", "60", "万平方米"), status=Status.TARGET)
ACTUAL = make_figure(MARCH, "新增孵化面积", "54", "万平方米")


def the_pair(store: Store, *figures: Figure) -> Pair:
    pairs = PairTable(write(store, [JUNE, MARCH], figures))
    (pair,) = pairs.page(Wanted(), 0, 10)
    return pair


def test_target_stands_beside_its_actual_with_completion(store: Store) -> None:
    pair = the_pair(store, TARGET, ACTUAL)
    assert pair.target
    assert pair.actual
    assert [pair.target.figure.value, pair.actual.figure.value] == [60, 54]
    assert pair.completion == Decimal("90.0")
    assert pair.is_met is False
    assert pair.others == ()


@pytest.mark.parametrize(
    "other",
    [
        replace(ACTUAL, year=2022, period="2022"),
        replace(ACTUAL, period="2023年上半年"),
        replace(ACTUAL, period="“十四五”期间"),
        replace(ACTUAL, subject="松江市高新区"),
        replace(ACTUAL, unit="家", unit_base="家"),
        replace(ACTUAL, group="其中：区级"),
        replace(ACTUAL, name="孵化面积累计"),
    ],
    ids=["other year", "half a year", "several years", "part of the place", "other unit", "a part of it", "other indicator"],
)
def test_what_measures_another_thing_is_no_actual_of_the_target(store: Store, other: Figure) -> None:
    pairs = PairTable(write(store, [JUNE, MARCH], [TARGET, other]))
    (pair,) = pairs.page(Wanted(), 0, 10)
    assert pair.actual is None
    assert pair.completion is None
    assert pairs.count(Wanted(), Reached.UNKNOWN) == 1


def test_end_of_the_year_and_the_year_are_one(store: Store) -> None:
    assert the_pair(store, TARGET, replace(ACTUAL, period="2023年底")).actual


def test_target_that_two_letters_give_stands_once_by_the_latest(store: Store) -> None:
    again = replace(TARGET, letter_id=MARCH.letter_id, value=Decimal(58), value_base=Decimal(58))
    pair = the_pair(store, TARGET, again)
    assert pair.target
    assert pair.target.figure.value == 58
    assert [row.figure.value for row in pair.others] == [60]


@pytest.mark.parametrize(("actual", "reached"), [("54", Reached.BELOW), ("60", Reached.AT_LEAST), ("61", Reached.AT_LEAST)])
def test_targets_are_filtered_by_what_was_reached(store: Store, actual: str, reached: Reached) -> None:
    figure = replace(ACTUAL, value=Decimal(actual), value_base=Decimal(actual))
    pairs = PairTable(write(store, [JUNE, MARCH], [TARGET, figure]))
    counts = {choice: pairs.count(Wanted(), choice) for choice in Reached}
    assert counts == {choice: int(choice in (reached, Reached.KNOWN, Reached.ALL)) for choice in Reached}


def test_target_without_actual_is_unknown(store: Store) -> None:
    pairs = PairTable(write(store, [JUNE, MARCH], [TARGET]))
    assert pairs.count(Wanted(), Reached.UNKNOWN) == 1


def test_letters_that_disagree_are_marked_and_can_be_listed(store: Store) -> None:
    again = replace(ACTUAL, letter_id=JUNE.letter_id, value=Decimal(55), value_base=Decimal(55))
    table = write(store, [JUNE, MARCH], [TARGET, ACTUAL, again])
    assert {row.figure.value: row.disagrees for row in table.rows(Wanted())} == {60: False, 54: True, 55: True}
    assert sorted(row.figure.value for row in table.rows(Wanted(only_disagreeing=True))) == [54, 55]


def test_letters_that_say_the_same_do_not_disagree(store: Store) -> None:
    again = replace(ACTUAL, letter_id=JUNE.letter_id)
    table = write(store, [JUNE, MARCH], [TARGET, ACTUAL, again])
    assert [row.disagrees for row in table.rows(Wanted())] == [False] * 3
    assert table.count(Wanted(only_disagreeing=True)) == 0


def test_series_has_years_with_one_of_the_two_only(store: Store) -> None:
    earlier = replace(ACTUAL, year=2022, period="2022", value=Decimal(50), value_base=Decimal(50))
    table = write(store, [JUNE, MARCH], [TARGET, ACTUAL, earlier])
    (row,) = table.indicators(Wanted(), 0, 5)
    series = PairTable(table).series(row.indicator)
    assert [(pair.row.figure.year, bool(pair.target), bool(pair.actual)) for pair in series] == [(2022, False, True), (2023, True, True)]
