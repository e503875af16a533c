"""Where each sentence stands on the pages: the clean text is found again in the lines that the reader gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.clean import fold_characters
from rag.records import Box, Document, Letter, Line, Sentence

_PASSED_OVER = re.compile(r"[\s|]")  # spaces differ, and cells of a row are parted by bars in the clean text
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ANCHOR = 5  # characters that must agree to go on behind something that is not in the clean text
_REACH = 160  # characters of page numbers and running heads that may lie between


@dataclass(frozen=True, slots=True)
class _Place:
    """One character of the pages."""

    line: int
    share: float  # where in its line it begins, 0…1
    width: float


def place_sentences(letter: Letter, document: Document) -> Letter:
    """Give each sentence its boxes, and mark those of scans whose digits are in doubt.

    Args:
        letter: parsed from `document`.
        document: as read.
    """
    lines = [line for page in document.pages for line in page.lines]
    if not lines:
        return letter
    scanned_pages = {page.number for page in document.pages if page.scanned}
    text, places = _spread_lines(lines)
    cursor = 0
    placed: list[Sentence] = []
    for sentence in letter.sentences:
        wanted = _squeeze(sentence.text)
        runs = _find_runs(wanted, text, cursor) or _find_runs(wanted, text, 0)
        if runs:
            cursor = runs[-1][1]
        touched = sorted({places[i].line for first, last in runs for i in range(first, last)})
        numbers = [number for line in touched for number in _doubtful_numbers(lines[line])]
        placed.append(
            replace(
                sentence,
                boxes=tuple(_boxes_of(runs, places, lines)),
                scanned=sentence.page in scanned_pages or any(lines[line].box.page in scanned_pages for line in touched),
                doubtful=tuple(dict.fromkeys(number for number in numbers if _has_number(wanted, number))),
            )
        )
    return replace(letter, sentences=tuple(placed))


def _squeeze(text: str) -> str:
    return _PASSED_OVER.sub("", fold_characters(text))


def _doubtful_numbers(line: Line) -> Iterator[str]:
    """The numbers in doubt as they stand in the clean text: where a gap within one is closed there, the whole of it."""
    text = _squeeze(line.text)
    for number in map(_squeeze, line.doubtful):
        if _has_number(text, number):
            yield number
        else:
            yield from (whole for whole in _NUMBER.findall(text) if number in whole)


def _has_number(text: str, number: str) -> bool:
    return re.search(rf"(?<!\d){re.escape(number)}(?!\d)", text) is not None


def _spread_lines(lines: list[Line]) -> tuple[str, list[_Place]]:
    characters: list[str] = []
    places: list[_Place] = []
    for number, line in enumerate(lines):
        folded = fold_characters(line.text)
        weights = [0.5 if character.isascii() else 1.0 for character in folded]
        whole, before = sum(weights) or 1.0, 0.0
        for character, weight in zip(folded, weights, strict=True):
            if not _PASSED_OVER.match(character):
                characters.append(character)
                places.append(_Place(number, before / whole, weight / whole))
            before += weight
    return "".join(characters), places


def _find_runs(wanted: str, text: str, start: int) -> list[tuple[int, int]]:
    """Where the parts of a sentence stand in the pages' text; what lies between them is not in the sentence."""
    if not wanted:
        return []
    whole = text.find(wanted, start)
    if whole >= 0:
        return [(whole, whole + len(wanted))]
    first = text.find(wanted[:_ANCHOR], start)
    if first < 0:
        return []
    runs: list[tuple[int, int]] = []
    done, position = 0, first
    while done < len(wanted) and position < len(text):
        length = 0
        while done + length < len(wanted) and position + length < len(text) and wanted[done + length] == text[position + length]:
            length += 1
        if length:
            runs.append((position, position + length))
        done, position = done + length, position + length
        if done >= len(wanted):
            break
        following = text.find(wanted[done : done + _ANCHOR], position, position + _REACH)
        if following >= 0:
            position = following
        else:
            done += 1  # a character that cleaning changed
            if text[position : position + 1] != wanted[done : done + 1]:
                position += 1
    covered = sum(last - begin for begin, last in runs)
    return runs if covered * 10 >= len(wanted) * 6 else []


def _boxes_of(runs: list[tuple[int, int]], places: list[_Place], lines: list[Line]) -> Iterator[Box]:
    """One box a line, as far as the sentence reaches in it."""
    reach: dict[int, tuple[float, float]] = {}
    for first, last in runs:
        for place in places[first:last]:
            left, right = reach.get(place.line, (1.0, 0.0))
            reach[place.line] = (min(left, place.share), max(right, place.share + place.width))
    for number, (left, right) in sorted(reach.items()):
        box = lines[number].box
        width = box.right - box.left
        yield replace(box, left=round(box.left + left * width, 5), right=round(box.left + right * width, 5))
