"""The ledger's tables: figure by figure, target beside actual, indicator by indicator."""

from __future__ import annotations

from collections.abc import Sequence

from rag.figure_pairs import Pair
from rag.figure_table import IndicatorRow, SortBy, TableRow, Wanted
from screens.ledger.query import LedgerQuery
from screens.ledger.values import (
    name_letter,
    render_amount,
    render_completion,
    render_letter,
    render_marks,
    render_source,
    render_status,
    render_value,
    show_period,
    written,
)
from screens.markup import escape
from screens.texts import Texts

SCOPES_SHOWN = 4
BODY = "#ledger-body"


def fetch_body(query: LedgerQuery) -> str:
    """Attributes that fetch another look at the ledger."""
    return f'hx-get="{escape(query.as_address("ledger/body"))}" hx-target="{BODY}"'


def render_rows(rows: Sequence[TableRow], query: LedgerQuery, texts: Texts) -> str:
    """Figure by figure."""
    last = texts.ledger.column_written if texts.language == "en" else texts.ledger.column_unit
    heads = [
        _sorted_head(texts.facts.column_name, SortBy.NAME, query, texts),
        _sorted_head(texts.facts.column_subject, SortBy.SCOPE, query, texts),
        _sorted_head(texts.facts.column_period, SortBy.YEAR, query, texts),
        _sorted_head(texts.facts.column_status, SortBy.STATUS, query, texts),
        _sorted_head(texts.facts.column_value, SortBy.VALUE, query, texts, "amount"),
        f'<th scope="col">{escape(last)}</th>',
        _sorted_head(texts.ledger.column_letter, SortBy.LETTER, query, texts),
    ]
    return _table(heads, "".join(_render_row(row, texts) for row in rows), "rows")


def _render_row(row: TableRow, texts: Texts) -> str:
    figure = row.figure
    unit = written(figure) if texts.language == "en" else figure.unit
    return (
        f'<tr data-opens{" class=old" if row.is_retired else ""}><td class="name" lang="zh">{render_name(row, texts)}{render_marks(row, texts)}</td>'
        f'<td class="scope" lang="zh">{escape(row.scope)}</td><td class="when">{escape(show_period(figure, texts))}</td><td>{render_status(figure, texts)}</td>'
        f'<td class="amount">{render_value(figure, texts)}</td><td class="unit" lang="zh">{escape(unit)}</td>'
        f'<td class="letter" lang="zh">{render_letter(row, texts)}</td></tr>'
    )


def render_pairs(pairs: Sequence[Pair], query: LedgerQuery, texts: Texts) -> str:
    """Target beside actual."""
    heads = [
        _sorted_head(texts.facts.column_name, SortBy.NAME, query, texts),
        _sorted_head(texts.facts.column_subject, SortBy.SCOPE, query, texts),
        _sorted_head(texts.facts.column_period, SortBy.YEAR, query, texts),
        _sorted_head(texts.ledger.column_target, SortBy.VALUE, query, texts, "amount"),
        f'<th scope="col" class="amount">{escape(texts.ledger.column_actual)}</th>',
        f'<th scope="col">{escape(texts.ledger.column_completion)}</th>',
    ]
    return _table(heads, "".join(render_pair(pair, texts) for pair in pairs), "pairs")


def render_pair(pair: Pair, texts: Texts, *, is_named: bool = True) -> str:
    """One row; within a series the name is said above the table."""
    row = pair.row
    name = f'<td class="name" lang="zh">{render_name(row, texts)}</td>' if is_named else ""
    others = "".join(
        f"<li>{render_source(other, render_amount(other.figure, texts), texts)} <span>{escape(name_letter(other))}</span></li>"
        for other in pair.others
    )
    more = f'<div class="others"><span>{escape(texts.ledger.others)}</span><ul lang="zh">{others}</ul></div>' if others else ""
    return (
        f'<tr>{name}<td class="scope" lang="zh">{escape(row.scope)}{_group_of(row)}</td><td class="when">{escape(show_period(row.figure, texts))}</td>'
        f'<td class="amount" data-label="{escape(texts.ledger.column_target)}">{_render_side(pair.target, texts)}</td>'
        f'<td class="amount" data-label="{escape(texts.ledger.column_actual)}">{_render_side(pair.actual, texts)}</td>'
        f"<td>{render_completion(pair, texts)}{more}</td></tr>"
    )


def _render_side(row: TableRow | None, texts: Texts) -> str:
    if row is None:
        return '<span class="hint">–</span>'
    letter = f'<small lang="zh">{escape(name_letter(row))}</small>'
    label = f"{texts.ledger.open_sentence} {name_letter(row)}"
    return f"{render_source(row, render_amount(row.figure, texts), texts, f'{written(row.figure)} {label}')}{letter}"


def render_indicators(rows: Sequence[IndicatorRow], query: LedgerQuery, texts: Texts) -> str:
    """Indicator by indicator."""
    by_count = query.sorted_by(SortBy.LETTER)
    heads = [
        _sorted_head(texts.facts.column_name, SortBy.NAME, query, texts),
        _head_button(texts.ledger.column_figures, by_count, query.wanted.sort is not SortBy.NAME, "descending", texts, "amount"),
        *(
            f'<th scope="col">{escape(name)}</th>'
            for name in (texts.ledger.column_letters, texts.ledger.column_years, texts.ledger.column_scopes)
        ),
    ]
    return _table(heads, "".join(_render_indicator(row, texts) for row in rows), "indicators")


def _render_indicator(row: IndicatorRow, texts: Texts) -> str:
    years = ""
    if row.first_year is not None:
        is_one = row.first_year == row.last_year
        years = str(row.first_year) if is_one else texts.ledger.years_between.format(first=row.first_year, last=row.last_year)
    more = f" {texts.ledger.scopes_more.format(count=len(row.scopes))}" if len(row.scopes) > SCOPES_SHOWN else ""
    scopes = "、".join(row.scopes[:SCOPES_SHOWN])
    return (
        f'<tr data-opens><td class="name" lang="zh">{_series_button(row.name, row.indicator, texts)}</td><td class="amount" data-label="{escape(texts.ledger.column_figures)}">{row.figures:,}</td>'
        f'<td data-label="{escape(texts.ledger.column_letters)}">{row.letters:,}</td><td class="when">{escape(years)}</td><td><span lang="zh">{escape(scopes)}</span>{escape(more)}</td></tr>'
    )


def render_name(row: TableRow, texts: Texts) -> str:
    """The indicator, as the button that shows it over the years."""
    return f"{_series_button(row.figure.name, row.indicator, texts)}{_group_of(row)}"


def _group_of(row: TableRow) -> str:
    return f"<small>{escape(row.figure.group)}</small>" if row.figure.group else ""


def _series_button(name: str, indicator: str, texts: Texts) -> str:
    address = escape(LedgerQuery(Wanted(indicator=indicator), language=texts.language).as_address("ledger/series"))
    label = escape(texts.ledger.open_series.format(name=name))
    return f'<button type="button" class="link" title="{label}" hx-get="{address}" hx-target="#ledger-series">{escape(name)}</button>'


def _sorted_head(label: str, sort: SortBy, query: LedgerQuery, texts: Texts, name: str = "") -> str:
    direction = "ascending" if query.wanted.ascending else "descending"
    return _head_button(label, query.sorted_by(sort), query.wanted.sort is sort, direction, texts, name)


def _head_button(label: str, target: LedgerQuery, is_sorted: bool, direction: str, texts: Texts, name: str = "") -> str:
    state = f' aria-sort="{direction}"' if is_sorted else ""
    said = escape(texts.ledger.sort_by.format(column=label))
    return f'<th scope="col" class="{name}"{state}><button type="button" title="{said}" {fetch_body(target)}>{escape(label)}</button></th>'


def _table(heads: Sequence[str], rows: str, name: str) -> str:
    return f'<div class="sheet-table {name}"><table><thead><tr>{"".join(heads)}</tr></thead><tbody>{rows}</tbody></table></div>'
