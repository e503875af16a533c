"""Quantities in a list: the unit behind the last one is that of all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.records import Quantity

_LIST_MARK = re.compile(r"(?:、|和|及|与|以及)\s*")


def share_units(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Give the numbers of a list their unit: 2.3万、1.85万和1.1万人次."""
    shared = list(found)
    for index in range(len(shared) - 2, -1, -1):
        bare, after = shared[index], shared[index + 1]
        if bare.unit in ("万", "亿") and after.unit.startswith(bare.unit) and _LIST_MARK.fullmatch(text, bare.end, after.start):
            shared[index] = replace(bare, unit=after.unit, unit_base=after.unit_base)
    return shared
