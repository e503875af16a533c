"""Numbers as they are written: 1,200, 一百二十, 六十余万, 百分之八点七, twenty. Text → Decimal."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import cn2an

SCALES: dict[str, Decimal] = {
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10) ** 4,
    "十万": Decimal(10) ** 5,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
    "十亿": Decimal(10) ** 9,
    "百亿": Decimal(10) ** 10,
    "千亿": Decimal(10) ** 11,
    "万亿": Decimal(10) ** 12,
}
# Behind an Arabic number; the longest first. 十 and 百 alone do not follow digits.
SCALE = r"(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百(?=余|多|[万亿]))"
ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
CHINESE_DIGITS = "零〇一二两三四五六七八九"
CHINESE = rf"[{CHINESE_DIGITS}十百千万亿]+(?:点[{CHINESE_DIGITS}]+)?"

ENGLISH_SCALES: dict[str, Decimal] = {
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "million": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
}
ENGLISH_WORDS: dict[str, int] = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],
        start=1,
    )
}
_LONE_SCALE = re.compile(r"^[百千]")


def read_arabic(text: str) -> Decimal | None:
    """Read 1,200.5; None where it is no number."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def read_chinese(text: str) -> Decimal | None:
    """Read 一百二十, 八点七, 百万, 两千; None where the characters make no number (三四十)."""
    if text in SCALES:
        return SCALES[text]
    whole = f"一{text}" if _LONE_SCALE.match(text) else text
    try:
        return Decimal(str(cn2an.cn2an(whole, "smart")))
    except (ValueError, InvalidOperation, KeyError, IndexError):
        return None


def read_number(text: str) -> Decimal | None:
    """Read a number in Arabic or Chinese digits."""
    return read_arabic(text) if text[:1].isascii() else read_chinese(text)


def trim(value: Decimal) -> Decimal:
    """Drop the trailing zeros that a multiplication leaves, without falling into 1E+6."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1)) if abs(value) < Decimal(10) ** 24 else value
    return value.normalize()
