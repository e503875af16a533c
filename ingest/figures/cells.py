"""One cell of a table: a value, perhaps bare with its unit elsewhere, and the unit that a title notes in brackets."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.numerals import read_number, trim
from rag.quantity import read_quantities
from rag.records import Comparator, Quantity
from rag.units import split_scale

_UNIT_NOTE = re.compile(r"[（(](?:单位[：:]\s*)?(?P<unit>[^（）()]{1,10})[）)]\s*$")
_BARE_CELL = re.compile(
    r"^(?P<before>不少于|不低于|不高于|不超过|超过|突破|约|近|≥|≤|>|<|＞|＜)?\s*(?P<number>-?\d[\d,]*(?:\.\d+)?)\s*(?P<after>以上|以下|以内|左右|余)?$"
)
_BARE_RANGE = re.compile(r"^(?P<low>\d[\d,]*(?:\.\d+)?)\s*[-—–~～至]+\s*(?P<high>\d[\d,]*(?:\.\d+)?)$")
COMPARATORS = {
    "不少于": Comparator.AT_LEAST, "不低于": Comparator.AT_LEAST, "≥": Comparator.AT_LEAST, "以上": Comparator.AT_LEAST,
    "不高于": Comparator.AT_MOST, "不超过": Comparator.AT_MOST, "≤": Comparator.AT_MOST, "以下": Comparator.AT_MOST, "以内": Comparator.AT_MOST,
    "超过": Comparator.MORE, "突破": Comparator.MORE, ">": Comparator.MORE, "余": Comparator.MORE,
    "近": Comparator.LESS, "<": Comparator.LESS, "约": Comparator.ABOUT, "左右": Comparator.ABOUT,
}  # fmt: skip


def read_cell(cell: str, unit: str) -> Quantity | None:
    """The quantity of a cell, its offsets within the cell; `unit` is what row, column or caption say."""
    bare = _BARE_CELL.match(cell)
    if bare:
        value = read_number(bare["number"].lstrip("-"))
        if value is None:
            return None
        value = -value if bare["number"].startswith("-") else value
        scale, base = split_scale(unit)
        word = (bare["before"] or bare["after"] or "").replace("＞", ">").replace("＜", "<")
        factor = Decimal(10) if base == "成" else Decimal(1)
        return Quantity(
            0,
            len(cell),
            cell,
            value,
            unit,
            trim(value * scale * factor),
            "%" if base == "成" else base,
            COMPARATORS.get(word, Comparator.EQUAL),
        )
    ranged = _BARE_RANGE.match(cell)
    if ranged and unit:
        low, high = read_number(ranged["low"]), read_number(ranged["high"])
        if low is not None and high is not None and low < high:
            scale, base = split_scale(unit)
            return Quantity(0, len(cell), cell, low, unit, trim(low * scale), base, Comparator.RANGE, high, trim(high * scale))
    read = read_quantities(cell)
    return read[0] if len(read) == 1 and (read[0].unit_base or unit) and len(cell) <= len(read[0].text) + 6 else None


def noted_unit(cell: str) -> tuple[str, int] | None:
    """The unit in brackets at a title's end, and where the bracket opens: 投资（亿元）, 床位（张，当年新增）."""
    note = _UNIT_NOTE.search(cell)
    unit = re.split(r"[，,；;]", note["unit"])[0] if note else ""
    return (unit, note.start()) if note and unit and is_unit(unit) else None


def is_unit(note: str) -> bool:
    """Whether a note in brackets is a unit of measure."""
    base = split_scale(note)[1]
    return (
        bool(base)
        and bool(re.fullmatch(r"[^\d\s，。；]{1,10}", note))
        and bool([q for q in read_quantities(f"1{note}") if q.unit == note] or note in ("%", "‰"))
    )
