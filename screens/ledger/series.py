"""One indicator over the years: a chart, and the table that says the same with its sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rag.figure_pairs import Pair
from rag.figure_table import TableRow
from rag.units import split_scale
from screens.charts import COLOURS, Line, Point, draw_series
from screens.ledger.query import LedgerQuery
from screens.ledger.rows import render_pair
from screens.ledger.values import show_period, written
from screens.markup import escape
from screens.texts import Texts

ALIKE = 6.0  # times as high: more, and the lower line lies flat on the ground
LINES_OFFERED = 24


def render_series(pairs: Sequence[Pair], query: LedgerQuery, texts: Texts) -> str:
    """Chart, legend and table; empty where there is nothing of that name."""
    if not pairs:
        return ""
    name = Counter(pair.row.figure.name for pair in pairs).most_common(1)[0][0]
    heading = texts.ledger.series_of.format(name=name)
    unit = Counter(row.figure.unit for pair in pairs for row in (pair.target, pair.actual) if row).most_common(1)[0][0]
    lines = make_lines(pairs, unit, texts)
    heads = (
        texts.facts.column_subject,
        texts.facts.column_period,
        texts.ledger.column_target,
        texts.ledger.column_actual,
        texts.ledger.column_completion,
    )
    head = "".join(f'<th scope="col"{" class=amount" if place in (2, 3) else ""}>{escape(said)}</th>' for place, said in enumerate(heads))
    rows = "".join(render_pair(pair, texts, is_named=False) for pair in pairs)
    return (
        f'<section class="series" aria-labelledby="series-title"><header><h2 id="series-title" tabindex="-1" lang="zh">{escape(heading)}</h2>'
        f'<button type="button" class="close" data-closes="#ledger-series">{escape(texts.frame.close)}</button></header>'
        f"{_render_chart(heading, lines, unit, query, texts)}"
        f'<div class="sheet-table pairs"><table><caption class="sr">{escape(texts.ledger.series_table)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def make_lines(pairs: Sequence[Pair], unit: str, texts: Texts) -> list[Line]:
    """A line for each place and group, in one unit; of parts of a year and of other units only the table tells."""
    groups: dict[str, list[Pair]] = {}
    scale, base = split_scale(unit)
    for pair in pairs:
        row = pair.row
        if row.part == "" and row.figure.unit_base == base:
            groups.setdefault(" · ".join(part for part in (row.scope, row.figure.group) if part), []).append(pair)

    def points(rows: Sequence[TableRow | None]) -> list[Point]:
        return [
            Point(row.figure.year, float(row.figure.value_base / scale), f"{show_period(row.figure, texts)} {written(row.figure)}")
            for row in rows
            if row is not None and row.figure.year is not None
        ]

    lines = [Line(name, points([pair.actual for pair in own]), points([pair.target for pair in own])) for name, own in groups.items()]
    return sorted(lines, key=lambda line: -len(line.actuals) - len(line.targets))


def choose_lines(lines: Sequence[Line]) -> list[str]:
    """Names of the lines that one scale suits: the one with most points, and those that are not many times higher or lower."""
    if not lines:
        return []
    middle = _height(lines[0])
    return [line.name for line in lines if middle / ALIKE <= _height(line) <= middle * ALIKE][:COLOURS]


def _height(line: Line) -> float:
    return max(abs(point.value) for point in (*line.actuals, *line.targets))


def _render_chart(title: str, lines: Sequence[Line], unit: str, query: LedgerQuery, texts: Texts) -> str:
    chosen = [name for name in query.lines if name in {line.name for line in lines}][:COLOURS] or choose_lines(lines)
    shown = [line for line in lines if line.name in chosen]
    chart = draw_series(title, shown)
    if not chart:
        return ""
    offered = [*shown, *(line for line in lines if line.name not in chosen)][:LINES_OFFERED]
    names = "".join(
        f'<li class="c{min(number, COLOURS)}"><label><input type="checkbox" name="line" value="{escape(line.name)}"'
        f"{' checked' if line.name in chosen else ''}><i></i>{escape(line.name)}</label></li>"
        for number, line in enumerate(offered)
    )
    kinds = (
        f'<li class="kind actual"><i></i>{escape(texts.ledger.column_actual)}</li>'
        f'<li class="kind target"><i></i>{escape(texts.ledger.column_target)}</li>'
    )
    unit_said = f'<span lang="zh">{escape(texts.ledger.series_unit.format(unit=unit))}</span>' if unit else ""
    address = escape(replace(query, lines=()).as_address("ledger/series"))
    return (
        f'<form class="chart-box" hx-get="{address}" hx-trigger="change" hx-target="#ledger-series">{unit_said}{chart}'
        f'<ul class="legend" aria-label="{escape(texts.ledger.series_show)}">{names}{kinds}</ul></form>'
    )
