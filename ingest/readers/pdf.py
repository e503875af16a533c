"""PDF files that carry text (the only importer of pypdfium2). Gaps on the page become runs of spaces, so that tables stay tables."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from rag.errors import ReadError
from rag.records import Page


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


def read_pdf(data: bytes, file: str) -> tuple[Page, ...]:
    """Read the text of a PDF, page by page.

    Raises:
        ReadError: it is locked, damaged, or holds pictures only.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError(f"{file}: locked with a password. Save a copy without one.") from error
        raise ReadError(f"{file}: a damaged PDF ({error}). Download or export it again.") from error
    try:
        pages = tuple(Page(_page_text(document, index), index + 1) for index in range(len(document)))
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"{file}: a page of this PDF cannot be read ({error}). Export it again.") from error
    finally:
        document.close()
    if not any(page.text.strip() for page in pages):
        raise ReadError(f"{file}: {len(pages)} page(s) of pictures without text. Run OCR over it first.")
    return pages


def _page_text(document: Any, index: int) -> str:  # noqa: ANN401 - objects of a library without types
    page = document[index]
    text_page = page.get_textpage()
    try:
        characters = _read_characters(text_page)
    finally:
        text_page.close()
        page.close()
    lines = _group_lines(characters)
    if not lines:
        return ""
    sizes = sorted(c.right - c.left for line in lines for c in line if not c.text.isascii()) or [c.top - c.bottom for c in lines[0]]
    size = sizes[len(sizes) // 2] or 10.0
    margin = min(line[0].left for line in lines)
    rows: list[str] = []
    below: float | None = None
    for line in lines:
        if below is not None and below - max(c.top for c in line) > 1.6 * size:
            rows.append("")  # a gap on the page as high as an empty line
        rows.append(_line_text(line, margin, size))
        below = min(c.bottom for c in line)
    return "\n".join(rows)


def _read_characters(text_page: Any) -> list[_Character]:  # noqa: ANN401
    count = text_page.count_chars()
    text = text_page.get_text_range(0, count) if count else ""
    single = len(text) == count
    characters: list[_Character] = []
    for place in range(count):
        character = text[place] if single else text_page.get_text_range(place, 1)
        if not character or character.isspace() or character in "\ufffe\u0002\x00":
            continue
        characters.append(_Character(character, *text_page.get_charbox(place, loose=True)))
    return characters


def _group_lines(characters: list[_Character]) -> list[list[_Character]]:
    """Characters whose middles lie at one height make a line, from the top of the page to its foot."""
    lines: list[list[_Character]] = []
    heights: list[float] = []
    for character in characters:
        height = max(character.top - character.bottom, 1.0)
        place = next((i for i in range(len(lines) - 1, max(-1, len(lines) - 40), -1) if abs(heights[i] - character.middle) < height * 0.4), None)
        if place is None:
            lines.append([character])
            heights.append(character.middle)
        else:
            lines[place].append(character)
    order = sorted(range(len(lines)), key=lambda i: -heights[i])
    return [sorted(lines[i], key=lambda c: c.left) for i in order]


def _line_text(line: list[_Character], margin: float, size: float) -> str:
    """A line with its indent and its gaps as spaces: half a character wide, so that columns stand under each other."""
    half = size / 2
    wide = sorted(c.right - c.left for c in line if not c.text.isascii())
    em = wide[len(wide) // 2] if wide else 0.8 * (line[0].top - line[0].bottom)
    gaps = [after.left - before.right for before, after in itertools.pairwise(line)]
    spaced_out = len(gaps) > 3 and sum(1 for gap in gaps if gap > em * 0.7) * 5 > len(gaps) * 4
    text = " " * max(0, round((line[0].left - margin) / half))
    for before, character, gap in zip([None, *line], line, [0.0, *gaps], strict=False):
        if before is not None and gap > em * 0.7 and not spaced_out:
            column = round((character.left - margin) / half)
            text += " " * max(2, column - _columns(text))
        elif before is not None and gap > em * 0.18 and before.text.isascii() and character.text.isascii():
            text += " "
        text += character.text
    return text


def _columns(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)
