"""A sentence's clauses, with offsets: cut at ，；： but not inside brackets and titles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.records import Quantity

_CUT = re.compile(r"[，；：。！？]|,(?!\d)|;|:(?!\d)|——")
_OPEN, _CLOSE = "（(《“【〔[", "）)》”】〕]"


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence; `start` and `end` are offsets into the sentence's text."""

    start: int
    end: int
    text: str
    mark: str  # the punctuation that ends it


@dataclass(frozen=True, slots=True)
class Mention:
    """A quantity in its clause; `before` and `after` reach to the neighbouring quantity or the clause's border."""

    quantity: Quantity
    clause: int  # index of the clause
    before: str
    after: str
    bracket: bool = False  # it stands in brackets


def split_clauses(text: str) -> list[Clause]:
    """Cut a sentence into clauses; brackets and titles stay whole, quotes do not hide a colon's list."""
    clauses: list[Clause] = []
    depth, start = 0, 0
    cuts = {match.start(): match for match in _CUT.finditer(text)}
    position = 0
    while position < len(text):
        character = text[position]
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and position in cuts:
            match = cuts[position]
            clauses.append(Clause(start, position, text[start:position], match[0]))
            start = match.end()
            position = match.end()
            continue
        position += 1
    if start < len(text):
        clauses.append(Clause(start, len(text), text[start:], ""))
    return clauses


def find_spans(text: str, opening: str, closing: str) -> list[tuple[int, int]]:
    """Find bracketed spans, brackets included; an unclosed one reaches to the end."""
    spans, stack = [], []
    for position, character in enumerate(text):
        if character in opening:
            stack.append(position)
        elif character in closing and stack:
            begun = stack.pop()
            if not stack:
                spans.append((begun, position + 1))
    if stack:
        spans.append((stack[0], len(text)))
    return spans


def inside(position: int, spans: list[tuple[int, int]]) -> bool:
    """Tell whether a position lies in one of the spans."""
    return any(start <= position < end for start, end in spans)
