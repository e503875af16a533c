"""Values told in the order of places named before: 甲区2.2万、乙区1.8万；2023年目标依次是2.3万、1.9万."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.records import Figure, Status

_IN_ORDER = re.compile(r"(?:依次|分别)(?:是|为|达到?|要达到?)?[^，。；、\d]{0,4}(?=\d)")
_END = re.compile(r"[；。]")


def place_in_order(text: str, start: int, figures: Sequence[Figure], home: str | None) -> list[Figure]:
    """Give values that follow 依次 the places of as many figures before them.

    Args:
        text: the sentence.
        start: its offset in the letter, from which the figures' offsets count.
        figures: of the sentence, in order of position.
        home: the letter's own place, of which values without a place are taken to be true.
    """
    found = list(figures)
    for match in _IN_ORDER.finditer(text):
        end = _END.search(text, match.end())
        last = end.start() if end else len(text)
        values = [i for i, f in enumerate(found) if match.end() <= f.start - start < last and f.subject == home]
        before = [i for i, f in enumerate(found) if f.start - start < match.start() and f.status is not Status.BASELINE][-len(values) :]
        places = [found[i].subject for i in before]
        if len(values) < 2 or len(before) < len(values) or home in places or len(set(places)) < len(places):
            continue
        if any(found[i].unit_base != found[j].unit_base for i, j in zip(values, before, strict=True)):
            continue
        for i, j in zip(values, before, strict=True):
            found[i] = replace(found[i], subject=found[j].subject, place=found[j].place, name=found[j].name, group=found[j].group)
    return found
