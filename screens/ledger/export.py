"""What the ledger shows as a table for other programs: numbers as numbers, units apart, heads in the screen's language."""

from __future__ import annotations

from collections.abc import Iterator

from rag.figure_pairs import Pair, PairTable
from rag.figure_table import FigureTable, IndicatorRow, TableRow
from rag.figures import Row, as_number
from rag.records import Comparator
from screens.ledger.query import LedgerQuery, Look
from screens.ledger.values import name_letter, written
from screens.texts import Texts

FIGURE_COLUMNS = (
    "name", "group", "scope", "place", "year", "period", "status", "comparator", "value", "high", "unit", "value_base", "unit_base",
    "disagrees", "retired", "body", "doc_number", "issued_on", "file",
)  # fmt: skip
PAIR_COLUMNS = (
    "name", "group", "scope", "year", "target_comparator", "target", "target_unit", "actual", "actual_unit", "completion", "met",
    "target_letter", "actual_letter", "others",
)  # fmt: skip
INDICATOR_COLUMNS = ("name", "figures", "letters", "first_year", "last_year", "scopes")
COLUMNS = {Look.ROWS: FIGURE_COLUMNS, Look.PAIRS: PAIR_COLUMNS, Look.INDICATORS: INDICATOR_COLUMNS}
SIGNS = {comparator: "" if comparator in (Comparator.EQUAL, Comparator.RANGE) else comparator.value for comparator in Comparator}
INDICATORS_AT_ONCE = 2000


def list_rows(table: FigureTable, query: LedgerQuery, texts: Texts) -> Iterator[Row]:
    """All that the filters leave, by head of the column."""
    columns = COLUMNS[query.look]
    heads = [texts.ledger.exported[column] for column in columns]
    for row in _rows(table, query, texts):
        yield {head: row[column] for head, column in zip(heads, columns, strict=True)}


def heads_of(query: LedgerQuery, texts: Texts) -> list[str]:
    """The heads, in order."""
    return [texts.ledger.exported[column] for column in COLUMNS[query.look]]


def _rows(table: FigureTable, query: LedgerQuery, texts: Texts) -> Iterator[Row]:
    if query.look is Look.PAIRS:
        return (_pair_row(pair, texts) for pair in PairTable(table).pairs(query.wanted, query.reached))
    if query.look is Look.INDICATORS:
        return (_indicator_row(row) for row in _indicators(table, query))
    return (_figure_row(row, texts) for row in table.rows(query.wanted))


def _indicators(table: FigureTable, query: LedgerQuery) -> Iterator[IndicatorRow]:
    for first in range(0, table.count_indicators(query.wanted), INDICATORS_AT_ONCE):
        yield from table.indicators(query.wanted, first, INDICATORS_AT_ONCE)


def _figure_row(row: TableRow, texts: Texts) -> Row:
    figure = row.figure
    return {
        "name": figure.name, "group": figure.group, "scope": row.scope, "place": figure.place, "year": figure.year, "period": figure.period,
        "status": texts.facts.statuses[figure.status], "comparator": SIGNS[figure.comparator], "value": as_number(figure.value),
        "high": as_number(figure.high), "unit": figure.unit, "value_base": as_number(figure.value_base), "unit_base": figure.unit_base,
        "disagrees": texts.ledger.disagrees if row.disagrees else "", "retired": texts.ledger.retired if row.is_retired else "",
        "body": "、".join(row.bodies), "doc_number": row.doc_number, "issued_on": row.issued_on.isoformat() if row.issued_on else None,
        "file": row.file,
    }  # fmt: skip


def _pair_row(pair: Pair, texts: Texts) -> Row:
    target = pair.target.figure if pair.target else None
    actual = pair.actual.figure if pair.actual else None
    figure = pair.row.figure
    return {
        "name": figure.name, "group": figure.group, "scope": pair.row.scope, "year": figure.year,
        "target_comparator": SIGNS[target.comparator] if target else "", "target": as_number(target.value) if target else None,
        "target_unit": target.unit if target else "", "actual": as_number(actual.value) if actual else None,
        "actual_unit": actual.unit if actual else "", "completion": as_number(pair.completion),
        "met": "" if pair.is_met is None else texts.ledger.met if pair.is_met else texts.ledger.missed,
        "target_letter": name_letter(pair.target) if pair.target else "", "actual_letter": name_letter(pair.actual) if pair.actual else "",
        "others": "；".join(f"{written(other.figure)}（{name_letter(other)}）" for other in pair.others),
    }  # fmt: skip


def _indicator_row(row: IndicatorRow) -> Row:
    return {
        "name": row.name, "figures": row.figures, "letters": row.letters, "first_year": row.first_year, "last_year": row.last_year,
        "scopes": "、".join(row.scopes),
    }  # fmt: skip
