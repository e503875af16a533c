"""Charts as inline SVG: no script, no font, nothing from outside."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_ROW, _LEFT, _WIDTH = 26, 180, 420


def bar_chart(title: str, rows: Sequence[tuple[str, float, float, float, int]]) -> str:
    """Shares between 0 and 1 with their intervals: (name, mean, low, high, count)."""
    height = _ROW * len(rows) + 46
    parts = [
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {_LEFT + _WIDTH + 110} {height}" class="chart">',
        f"<title>{escape(title)}</title>",
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x = _LEFT + tick * _WIDTH
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="8" y2="{height - 30}" class="grid"/><text x="{x}" y="{height - 12}" class="tick">{tick:.0%}</text>'
        )
    for i, (name, mean, low, high, count) in enumerate(rows):
        y = 12 + i * _ROW
        middle = y + 9
        left, right = _LEFT + low * _WIDTH, _LEFT + high * _WIDTH
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 13}" class="name">{escape(name)}</text>'
            f'<rect x="{_LEFT}" y="{y}" width="{max(mean * _WIDTH, 1):.1f}" height="18" class="bar"/>'
            f'<line x1="{left:.1f}" x2="{right:.1f}" y1="{middle}" y2="{middle}" class="span"/>'
            f'<line x1="{left:.1f}" x2="{left:.1f}" y1="{middle - 4}" y2="{middle + 4}" class="span"/>'
            f'<line x1="{right:.1f}" x2="{right:.1f}" y1="{middle - 4}" y2="{middle + 4}" class="span"/>'
            f'<text x="{_LEFT + _WIDTH + 12}" y="{y + 13}" class="value">{mean:.1%} (n={count})</text>'
        )
    return f'<div class="chartbox">{"".join([*parts, "</svg>"])}</div>'


def line_chart(title: str, axis: str, lines: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> str:
    """Shares between 0 and 1 over shares: (name, points from left to right); two lines at most have a colour."""
    left, top, width, height = 50, 40, 480, 220
    parts = [
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {left + width + 40} {top + height + 56}" class="chart">',
        f"<title>{escape(title)}</title>",
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, y = left + tick * width, top + (1 - tick) * height
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{top}" y2="{top + height}" class="grid"/><line x1="{left}" x2="{left + width}" y1="{y}" y2="{y}" class="grid"/>'
            f'<text x="{x}" y="{top + height + 18}" class="tick">{tick:.0%}</text><text x="{left - 8}" y="{y + 4}" class="name">{tick:.0%}</text>'
        )
    for i, (name, points) in enumerate(lines):
        at = [(left + x * width, top + (1 - y) * height) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        parts.append(f'<polyline points="{path}" class="line line{i}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="key{i}"/>' for x, y in at[-1:]]
        key = left + i * width / 2
        parts.append(f'<rect x="{key}" y="10" width="14" height="10" class="key{i}"/><text x="{key + 20}" y="19">{escape(name)}</text>')
    parts.append(f'<text x="{left + width / 2}" y="{top + height + 40}" class="axis">{escape(axis)}</text></svg>')
    return f'<div class="chartbox">{"".join(parts)}</div>'


def histogram(title: str, values: Sequence[float], bins: int = 24) -> str:
    """How often which latency, in seconds; the median is marked."""
    if not values:
        return ""
    ordered = sorted(values)
    top = max(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 1e-6)
    counts = [0] * bins
    for value in ordered:
        counts[min(int(value / top * bins), bins - 1)] += 1
    width, height, base = _WIDTH / bins, 110, 130
    parts = [
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {_WIDTH + 60} 160" class="chart">',
        f"<title>{escape(title)}</title>",
    ]
    for i, count in enumerate(counts):
        tall = count / max(counts) * height
        parts.append(
            f'<rect x="{20 + i * width:.1f}" y="{base - tall:.1f}" width="{width - 1:.1f}" height="{tall:.1f}" class="bar"><title>{count}</title></rect>'
        )
    median = ordered[len(ordered) // 2]
    x = 20 + min(median / top, 1) * _WIDTH
    parts.append(
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="12" y2="{base}" class="span"/><text x="{x:.1f}" y="10" class="tick">{median:.3f} s</text>'
    )
    parts.append(f'<text x="20" y="150" class="tick">0</text><text x="{20 + _WIDTH}" y="150" class="tick">{top:.2f} s</text></svg>')
    return f'<div class="chartbox">{"".join(parts)}</div>'
