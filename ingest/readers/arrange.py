"""Characters with places → the text of a page in reading order. Gaps become runs of spaces, so that tables stay tables.

One way for written PDF, ofd and recognised scans. Places are measured from the page's top left corner, y grows downwards.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.records import Box, Line, Page

DOUBTFUL_BELOW = 0.9  # confidence of a digit below which its number is to be checked in the original
_NUMBER = re.compile(r"\d[\d.,．，:]*\d|\d")
_GUTTER_EMS = 1.2  # columns of prose stand at least this far apart
_COLUMN_LINES = 4  # fewer lines side by side are no columns
_COLUMN_CHARACTERS = 8.0  # mean of a line; cells of tables are shorter
_FULL_SHARE = 0.55  # of a column's lines reach its right edge; cells seldom do


@dataclass(frozen=True, slots=True)
class Character:
    """One character (or ligature) as it stands on the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 1.0
    opens: bool = False  # the first of a run that was found apart from its neighbours: even a narrow gap before it is one

    @property
    def middle(self) -> float:
        """Height of its centre."""
        return (self.top + self.bottom) / 2


def arrange_page(characters: Iterable[Character], width: float, height: float, number: int | None, *, scanned: bool = False) -> Page:
    """Put the characters of a page in reading order.

    Args:
        characters: in any order.
        width: of the page, in the unit of the places.
        height: likewise.
        number: of the page, from 1.
        scanned: they were recognised on a picture.
    """
    rows: list[str] = []
    lines: list[Line] = []
    for block in split_columns(group_lines(characters)):
        size = _em_of(block)
        margin = min(line[0].left for line in block)
        below: float | None = None
        for line in block:
            if below is not None and min(c.top for c in line) - below > 1.6 * size:
                rows.append("")  # a gap on the page as high as an empty line
            text = _line_text(line, margin, size)
            rows.append(text)
            lines.append(_place_line(text.strip(), line, width, height, number))
            below = max(c.bottom for c in line)
    return Page("\n".join(rows), number, tuple(lines), scanned)


def group_lines(characters: Iterable[Character]) -> list[list[Character]]:
    """Characters whose middles lie at one height make a line, from the top of the page to its foot."""
    lines: list[list[Character]] = []
    heights: list[float] = []
    for character in characters:
        tall = max(character.bottom - character.top, 1e-6)
        recent = range(len(lines) - 1, max(-1, len(lines) - 40), -1)
        place = next((i for i in recent if abs(heights[i] - character.middle) < tall * 0.4), None)
        if place is None:
            lines.append([character])
            heights.append(character.middle)
        else:
            lines[place].append(character)
    order = sorted(range(len(lines)), key=lambda i: heights[i])
    return [sorted(lines[i], key=lambda c: c.left) for i in order]


def split_columns(lines: list[list[Character]]) -> list[list[list[Character]]]:
    """Blocks to be read one after another: what stands above, the left column, the right column, what stands below."""
    if not lines:
        return []
    found = _find_columns(lines)
    if found is None:
        return [lines]
    first, last, gutter = found
    left = [part for line in lines[first:last] if (part := [c for c in line if c.left < gutter])]
    right = [part for line in lines[first:last] if (part := [c for c in line if c.left >= gutter])]
    above, below = lines[:first], lines[last:]
    return [*([above] if above else []), left, right, *split_columns(below)]


def _find_columns(lines: list[list[Character]]) -> tuple[int, int, float] | None:
    """The largest run of lines that a gutter parts into two columns of prose: (first, after the last, x of the gutter)."""
    em = _em_of(lines)
    left, right = min(line[0].left for line in lines), max(c.right for line in lines for c in line)
    span = right - left
    gutters: set[float] = set()
    for line in lines:
        for before, after in itertools.pairwise(line):
            middle = (before.right + after.left) / 2
            if after.left - before.right > _GUTTER_EMS * em and 0.3 < (middle - left) / span < 0.7:
                gutters.add(round(middle / em) * em)
    best: tuple[int, int, float] | None = None
    for gutter in sorted(gutters):
        for first, last in _runs_beside(lines, gutter, em):
            if (best is None or last - first > best[1] - best[0]) and _are_columns(lines[first:last], gutter):
                best = (first, last, gutter)
    return best


def _runs_beside(lines: list[list[Character]], gutter: float, em: float) -> list[tuple[int, int]]:
    """Runs of lines that leave the gutter free."""
    free = [not any(c.right > gutter - 0.4 * em and c.left < gutter + 0.4 * em for c in line) for line in lines]
    runs: list[tuple[int, int]] = []
    for is_free, group in itertools.groupby(range(len(lines)), key=lambda i: free[i]):
        places = list(group)
        if is_free and len(places) >= _COLUMN_LINES:
            runs.append((places[0], places[-1] + 1))
    return runs


def _are_columns(lines: list[list[Character]], gutter: float) -> bool:
    for side in ([[c for c in line if c.left < gutter] for line in lines], [[c for c in line if c.left >= gutter] for line in lines]):
        filled = [line for line in side if line]
        if len(filled) < _COLUMN_LINES or sum(map(len, filled)) < _COLUMN_CHARACTERS * len(filled):
            return False
        edge, start = max(line[-1].right for line in filled), min(line[0].left for line in filled)
        if sum(1 for line in filled if line[-1].right - start > 0.85 * (edge - start)) < _FULL_SHARE * len(filled):
            return False
        if (
            sum(1 for line in filled for before, after in itertools.pairwise(line) if after.left - before.right > 2.5 * _em_of([line]))
            > len(filled) / 3
        ):
            return False  # cells within the column: a table
    return True


def _em_of(lines: Sequence[Sequence[Character]]) -> float:
    """The usual width of a Chinese character."""
    sizes = sorted(c.right - c.left for line in lines for c in line if not c.text.isascii())
    sizes = sizes or sorted(0.8 * (c.bottom - c.top) for line in lines for c in line)
    return max(sizes[len(sizes) // 2], 1e-6) if sizes else 10.0


def _line_text(line: list[Character], margin: float, size: float) -> str:
    """A line with its indent and its gaps as spaces: half a character wide, so that columns stand under each other."""
    half = size / 2
    wide = sorted(c.right - c.left for c in line if not c.text.isascii())
    em = wide[len(wide) // 2] if wide else 0.8 * (line[0].bottom - line[0].top)
    gaps = [after.left - before.right for before, after in itertools.pairwise(line)]
    spaced_out = len(gaps) > 3 and sum(1 for gap in gaps if gap > em * 0.7) * 5 > len(gaps) * 4
    text = " " * min(60, max(0, round((line[0].left - margin) / half)))
    for before, character, gap in zip([None, *line], line, [0.0, *gaps], strict=False):
        if before is not None and gap > em * (0.3 if character.opens else 0.7) and not spaced_out:
            column = round((character.left - margin) / half)
            text += " " * min(80, max(2, column - _columns(text)))
        elif before is not None and gap > em * 0.18 and before.text.isascii() and character.text.isascii():
            text += " "
        text += character.text
    return text


def _columns(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)


def _place_line(text: str, line: list[Character], width: float, height: float, number: int | None) -> Line:
    box = Box(
        left=_share(min(c.left for c in line), width),
        top=_share(min(c.top for c in line), height),
        right=_share(max(c.right for c in line), width),
        bottom=_share(max(c.bottom for c in line), height),
        page=number,
    )
    if all(c.confidence == 1.0 for c in line):
        return Line(text, box)
    joined, trust = "", []
    for before, character in zip([None, *line], line, strict=False):
        if before is not None and (character.opens or character.left - before.right > 0.4 * (character.bottom - character.top)):
            joined += " "
            trust.append(1.0)
        joined += character.text
        trust.extend([character.confidence] * len(character.text))
    doubtful = tuple(m.group(0) for m in _NUMBER.finditer(joined) if min(trust[m.start() : m.end()]) < DOUBTFUL_BELOW)
    return Line(text, box, round(sum(trust) / len(trust), 4), doubtful)


def _share(value: float, whole: float) -> float:
    return round(min(1.0, max(0.0, value / whole)), 5) if whole > 0 else 0.0
