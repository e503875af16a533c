"""Dates as letters print them."""

from __future__ import annotations

import re
from datetime import date

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0, "o": 0, "０": 0, "Ο": 0, "◯": 0}
_YEAR = r"(?P<year>(?:19|20)\d\s?\d|[一二][〇零○◯Oo0一二三四五六七八九]{3})"
_NUMERAL = r"\d{1,2}|[一二三四五六七八九十廿卅]{1,3}"
_FULL = re.compile(rf"{_YEAR}\s*年\s*(?P<month>{_NUMERAL})\s*月\s*(?P<day>{_NUMERAL})\s*日")
_SHORT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})(?!\d)")


def read_number(text: str) -> int:
    """A small number in Arabic or Chinese digits: 12, 十二, 二十一, 一百四十二."""
    text = text.replace(" ", "")
    if text.isascii() and text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not re.search(r"[十百千]", text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = digit = 0
    for character in text:
        if character in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def find_date(text: str) -> date | None:
    """The first date in `text`, or None."""
    for pattern in (_FULL, _SHORT):
        for match in pattern.finditer(text):
            try:
                return date(*(read_number(match[part]) for part in ("year", "month", "day")))
            except (ValueError, KeyError):
                continue
    return None


def find_month(text: str) -> date | None:
    """The first day of the month that a line like 2023年4月 names, for letters signed without a day."""
    match = re.fullmatch(rf"{_YEAR}\s*年\s*(?P<month>{_NUMERAL})\s*月", text.strip(" \u3000"))
    try:
        return date(read_number(match["year"]), read_number(match["month"]), 1) if match else None
    except (ValueError, KeyError):
        return None


def without_date(text: str) -> str:
    """`text` without the date that it ends with."""
    for pattern in (_FULL, _SHORT):
        for match in pattern.finditer(text):
            if not text[match.end() :].strip(" \u3000)）"):
                return text[: match.start()].rstrip(" \u3000（(")
    return text


def is_date_line(text: str) -> bool:
    """Tell whether `text` is a date and nothing else (a label before it and brackets around it apart)."""
    bare = re.sub(r"^[（(]?(?:日期|时间|签发日期|落款日期|答复日期|答复时间)?[:：]?|[)）]$", "", text).strip()
    return bool(_FULL.fullmatch(bare) or _SHORT.fullmatch(bare))
