"""Charts as inline SVG, coloured by the page's style: no script, nothing from outside. The table beside a chart says the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screens.markup import escape

WIDTH, HEIGHT = 720, 270
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 14, 32
TICKS = 4
COLOURS = 6  # lines that the style has colours for


@dataclass(frozen=True, slots=True)
class Point:
    """One value of one year."""

    year: int
    value: float
    said: str  # what the pointer is told


@dataclass(frozen=True, slots=True)
class Line:
    """What was reached and what was planned, of one place."""

    name: str
    actuals: Sequence[Point]
    targets: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of one place."""

    name: str
    value: float
    said: str
    is_target: bool = False


def draw_bars(title: str, bars: Sequence[Bar]) -> str:
    """A bar for each place, in the order given, each with its value; planned ones hollow. Empty without a value above nought."""
    top = max((bar.value for bar in bars), default=0.0)
    if top <= 0 or min(bar.value for bar in bars) < 0:
        return ""
    rows = "".join(
        f'<li><span class="of" lang="zh">{escape(bar.name)}</span><span class="track"><i class="{"target" if bar.is_target else "actual"}" '
        f'style="width:{max(0.5, 100 * bar.value / top):.1f}%"></i></span><span class="said">{escape(bar.said)}</span></li>'
        for bar in bars
    )
    return f'<ul class="bars c0" aria-label="{escape(title)}">{rows}</ul>'


def draw_series(title: str, lines: Sequence[Line]) -> str:
    """Actual figures as full lines with dots, targets as broken lines with hollow ones; empty without a value."""
    points = [point for line in lines for point in (*line.actuals, *line.targets)]
    if not points:
        return ""
    scale = _Scale.over(points)
    parts = [f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {WIDTH} {HEIGHT}" class="series-chart">']
    parts += _draw_grid(scale)
    for number, line in enumerate(lines[:COLOURS]):
        parts += _draw_line(line.targets, scale, f"target c{number}")
        parts += _draw_line(line.actuals, scale, f"actual c{number}")
    return "".join([*parts, "</svg>"])


@dataclass(frozen=True, slots=True)
class _Scale:
    years: tuple[int, ...]
    low: float
    step: float

    @classmethod
    def over(cls, points: Sequence[Point]) -> _Scale:
        years = sorted({point.year for point in points})
        top, bottom = max(point.value for point in points), min(point.value for point in points)
        # From nought, but for values that lie close together far above it, such as shares of 97 to 99 per cent
        low = 0.0 if bottom < 0.7 * top or bottom <= 0 else bottom - (top - bottom or 0.1 * abs(top))
        low = min(low, bottom) if bottom < 0 else max(low, 0.0)
        step = _round_up((top - low or 1.0) / TICKS)
        low = math.floor(low / step) * step
        while low + TICKS * step < top:
            step = _round_up(step * 1.01)
            low = math.floor(low / step) * step
        return cls(tuple(range(years[0], years[-1] + 1)) if years[-1] - years[0] < 12 else tuple(years), low, step)

    def x(self, year: int) -> float:
        inner = WIDTH - LEFT - RIGHT
        return LEFT + inner * (self.years.index(year) + 0.5) / len(self.years)

    def y(self, value: float) -> float:
        inner = HEIGHT - TOP - BOTTOM
        return TOP + inner * (1 - (value - self.low) / (self.step * TICKS))

    def ticks(self) -> Iterator[float]:
        return (self.low + number * self.step for number in range(TICKS + 1))


def _round_up(value: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = float(10 ** math.floor(math.log10(value)))
    steps = (nice * power for nice in (1.0, 2.0, 2.5, 5.0, 10.0))
    return next(step for step in steps if step >= value * (1 - 1e-9))


def _draw_grid(scale: _Scale) -> Iterator[str]:
    for tick in scale.ticks():
        y = scale.y(tick)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:,.10g}</text>'
    for year in scale.years:
        yield f'<text class="tick" x="{scale.x(year):.1f}" y="{HEIGHT - 10}" text-anchor="middle">{year}</text>'


def _draw_line(points: Sequence[Point], scale: _Scale, name: str) -> Iterator[str]:
    ordered = sorted(points, key=lambda point: point.year)
    if len(ordered) > 1:
        path = " ".join(f"{scale.x(point.year):.1f},{scale.y(point.value):.1f}" for point in ordered)
        yield f'<polyline class="{name}" points="{path}"/>'
    for point in ordered:
        at = f'cx="{scale.x(point.year):.1f}" cy="{scale.y(point.value):.1f}"'
        yield f'<circle class="{name}" r="4.5" {at}><title>{escape(point.said)}</title></circle>'
