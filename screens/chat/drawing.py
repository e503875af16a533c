"""A comparison or a series among an answer's figures, drawn; the cards or the table beside it say the same."""

from __future__ import annotations

from collections.abc import Sequence

from rag.records import AnswerFigure, Status
from rag.units import split_scale
from screens.charts import COLOURS, Bar, Line, Point, draw_bars, draw_series
from screens.markup import escape
from screens.texts import Texts

LEAST = 2  # points that are worth a picture
BARS_AT_MOST = 16


def draw_figures(figures: Sequence[AnswerFigure], texts: Texts) -> str:
    """By year, a line for each place; of one year, a bar for each place. Empty where the figures are no series of one thing, or some cannot be drawn."""
    given = [figure for figure in figures if figure.status is not None]
    is_compared = len(given) < len(figures)  # something was computed from them, so they are of one thing
    names = {figure.name for figure in given}
    units = {split_scale(figure.unit)[1] for figure in given}
    whole = all(figure.year is not None and not figure.period and figure.high is None for figure in given)
    if len(given) < LEAST or len(units) > 1 or not whole or (len(names) > 1 and not is_compared):
        return ""
    unit = max(given, key=lambda figure: abs(figure.value * split_scale(figure.unit)[0])).unit
    title = texts.chat.drawn.format(name=given[0].name, unit=unit) if unit else given[0].name
    if len({figure.year for figure in given}) >= LEAST:
        lines = _make_lines(given, unit, texts)
        return _frame(draw_series(title, lines), title, _render_legend(lines, texts)) if len(lines) <= COLOURS else ""
    if len({figure.subject for figure in given}) >= LEAST and len(given) <= BARS_AT_MOST:
        bars = [Bar(figure.subject or "", _in_unit(figure, unit), _said(figure, texts), figure.status is Status.TARGET) for figure in given]
        return _frame(draw_bars(title, bars), title, "")
    return ""


def _frame(chart: str, title: str, legend: str) -> str:
    return (
        f'<figure class="drawn"><figcaption lang="zh">{escape(title)}</figcaption><div class="drawing">{chart}</div>{legend}</figure>'
        if chart
        else ""
    )


def _make_lines(figures: Sequence[AnswerFigure], unit: str, texts: Texts) -> list[Line]:
    groups: dict[str, list[AnswerFigure]] = {}
    for figure in figures:
        groups.setdefault(figure.subject or "", []).append(figure)

    def points(own: Sequence[AnswerFigure], *, targets: bool) -> list[Point]:
        chosen = [figure for figure in own if (figure.status is Status.TARGET) is targets]
        return [Point(figure.year or 0, _in_unit(figure, unit), f"{figure.year} {_said(figure, texts)}") for figure in chosen]

    return [Line(name, points(own, targets=False), points(own, targets=True)) for name, own in groups.items()]


def _in_unit(figure: AnswerFigure, unit: str) -> float:
    return float(figure.value * split_scale(figure.unit)[0] / split_scale(unit)[0])


def _said(figure: AnswerFigure, texts: Texts) -> str:
    before, after = texts.facts.comparators[figure.comparator]
    status = texts.facts.statuses[figure.status] if figure.status else ""
    return f"{before}{figure.value:f}{figure.unit}{after} {status}".strip()


def _render_legend(lines: Sequence[Line], texts: Texts) -> str:
    names = [f'<li class="c{number}"><i></i>{escape(line.name)}</li>' for number, line in enumerate(lines) if len(lines) > 1]
    kinds = [("actual", texts.facts.statuses[Status.ACTUAL], any(line.actuals for line in lines))]
    kinds += [("target", texts.facts.statuses[Status.TARGET], any(line.targets for line in lines))]
    shown = "".join(f'<li class="kind {kind}"><i></i>{escape(said)}</li>' for kind, said, is_there in kinds if is_there)
    return f'<ul class="legend">{"".join(names)}{shown}</ul>'
