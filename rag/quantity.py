"""The one reading of quantities in Chinese and English text: used by ingestion, verification and evaluation alike.

`read_quantities` first folds and squeezes the text (full-width digits, traditional characters, the spaces and line ends of
scans), then masks what looks like a quantity and is none (dates, document numbers, outline marks, names such as PM2.5),
then reads number, scale, unit, comparator and range from left to right. Offsets point into the text as given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.numerals import (
    CHINESE_DIGITS,
    ENGLISH_SCALES,
    ENGLISH_WORDS,
    SCALES,
    read_arabic,
    read_chinese,
    read_number,
    trim,
)
from rag.quantity_lists import share_units
from rag.quantity_masks import find_masked
from rag.quantity_patterns import (
    ARABIC_QUANTITY,
    BOUND,
    CANDIDATE,
    CHINESE_QUANTITY,
    COMPARED,
    COUNTED,
    ENGLISH_BOUND,
    ENGLISH_COMPARED,
    ENGLISH_RANGE_MARK,
    ENGLISH_TAIL,
    ENGLISH_WORD,
    FRACTION,
    KINDS,
    MANIFOLD,
    MONEY_BEFORE,
    NO_CHINESE,
    ONE_THING,
    PERCENT_WORDS,
    RANGE_MARK,
    RATIO,
    TEN_THOUSANDTH,
    TENTHS,
    UNIT_NAMES,
)
from rag.records import Comparator, Quantity
from rag.script import normalise, to_simplified
from rag.units import canonical, english_unit, split_scale, unit_kind

__all__ = ["format_english", "read_quantities", "same_quantity", "unit_kind"]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A quantity in the squeezed text."""

    start: int
    end: int
    value: Decimal
    scale: Decimal
    unit: str
    unit_base: str
    comparator: Comparator | None = None
    base_factor: Decimal = Decimal(1)  # 成 → %: 10


def read_quantities(text: str) -> list[Quantity]:
    """Read all quantities of a Chinese or English text, in order of position.

    Dates, document and telephone numbers, ordinals, outline marks and names that hold a digit are no quantities.
    """
    squeezed, places = _squeeze(text)
    masked = find_masked(squeezed)
    chinese = _has_chinese(squeezed)
    found: list[Quantity] = []
    for low, high in _scan(squeezed, masked, chinese=chinese):
        last = high or low
        start, end = places[low.start], places[last.end - 1] + 1
        value_base = trim(low.value * (last.scale if high and low.scale == 1 else low.scale) * last.base_factor)
        unit = last.unit
        comparator = Comparator.RANGE if high else (low.comparator or Comparator.EQUAL)
        low_value = low.value
        if high and low.scale not in (1, last.scale):  # 8000万至1.2亿元: both ends in the high end's unit
            low_value = trim(low.value * low.scale / last.scale)
        found.append(
            Quantity(
                start=start,
                end=end,
                text=text[start:end],
                value=low_value,
                unit=unit,
                value_base=value_base,
                unit_base=last.unit_base,
                comparator=comparator,
                high=high.value if high else None,
                high_base=trim(high.value * high.scale * high.base_factor) if high else None,
            )
        )
    return share_units(text, found)


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Tell whether two readings state the same amount.

    Values must be equal once scales and sizes are multiplied out; units must be the same thing. Measure words (家, 个, 项) do
    not stand for each other, but a missing unit goes with any count. Comparators are not compared.
    """
    if (a.high_base is None) != (b.high_base is None):
        return False
    first, second = canonical(a.unit_base), canonical(b.unit_base)
    if first[0] and second[0] and first[0] != second[0]:
        return False
    if not (first[0] and second[0]) and {first[0], second[0]} & {"%", "个百分点", "倍", "米", "平方米", "元", "美元", "立方米", "克"}:
        return False
    if first[2] and second[2] and first[2] != second[2]:
        return False
    pairs = [(a.value_base * first[1], b.value_base * second[1])]
    if a.high_base is not None and b.high_base is not None:
        pairs.append((a.high_base * first[1], b.high_base * second[1]))
    loose = Decimal("0.01") if "比例" in (a.unit_base, b.unit_base) and a.unit_base != b.unit_base else Decimal(0)
    return all(abs(x - y) <= loose for x, y in pairs)


def format_english(value: Decimal, unit: str) -> str:
    """Write a Chinese quantity in English: 9 亿元 → 900 million yuan; 260 亩 → 260 mu."""
    scale, base = split_scale(unit)
    amount = value * scale
    if base == "成":
        amount, base = value * 10, "%"
    if base == "比例":
        return f"{_plain(trim((value * 100).quantize(Decimal('0.1'))))}%"
    if base.startswith(":"):
        return f"{_plain(value)}{base}"
    name = english_unit(base)
    if base.startswith("/"):
        return f"{_plain(amount)} per {base[1:].replace('10万', '100,000').replace('百万', 'million').replace('万', '10,000')}"
    if name in ("%", "‰", "°C"):
        return f"{_plain(amount)}{name}"
    return f"{_large(amount)} {'mu' if base == '亩' else name}".strip()


def _large(amount: Decimal) -> str:
    for limit, word in ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million")):
        if abs(amount) >= limit:
            return f"{_plain(amount / limit)} {word}"
    return _plain(amount)


def _plain(amount: Decimal) -> str:
    amount = amount.normalize()
    return f"{amount:,f}"


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


_SPACE_RUN = re.compile(r"\s+")
_NEXT_OUTLINE = re.compile(r"\d{1,2}[.．、](?!\d)|[（(]")


def _squeeze(text: str) -> tuple[str, list[int]]:
    """Fold characters and take out the blanks that scans and line ends leave inside a number; keep where each character stood."""
    folded = to_simplified(normalise(text))
    chinese = _has_chinese(folded)
    characters: list[str] = []
    places: list[int] = []
    position = 0
    for run in [*_SPACE_RUN.finditer(folded), None]:
        stop = run.start() if run else len(folded)
        characters.extend(folded[position:stop])
        places.extend(range(position, stop))
        if run is None:
            break
        if not _is_noise(folded, run, chinese=chinese):
            characters.append("\n" if "\n" in run[0] else " ")
            places.append(run.start())
        position = run.end()
    return "".join(characters), places


def _is_noise(text: str, run: re.Match[str], *, chinese: bool) -> bool:
    """Tell whether a run of blanks may be taken out without joining two things."""
    if not chinese or run.start() == 0 or run.end() == len(text):
        return False
    before, after, blanks = text[run.start() - 1], text[run.end()], run[0]
    if "\t" in blanks or blanks.count("\n") > 1:
        return False
    if "\n" in blanks:
        return not _NEXT_OUTLINE.match(text, run.end()) and not (before.isascii() and before.isalpha() and after.isascii())
    if len(blanks) > 1:
        return False
    if before in "0123456789.,%" and after in "0123456789.,%":
        return True
    return not (before.isascii() and after.isascii()) and "|" not in (before, after)


def _scan(text: str, masked: list[tuple[int, int]], *, chinese: bool) -> list[tuple[_Reading, _Reading | None]]:
    """Read from left to right: a quantity, or the two ends of a range."""
    found: list[tuple[_Reading, _Reading | None]] = []
    position = 0
    spans = iter(masked)
    span = next(spans, None)
    for match in CANDIDATE.finditer(text):
        start = match.start()
        if start < position:
            continue
        while span and span[1] <= start:
            span = next(spans, None)
        if span and span[0] <= start:
            continue
        limit = span[0] if span else len(text)
        low = _read_at(text, start, limit, chinese=chinese)
        if low is None:
            continue
        high = _read_range_end(text, low, limit, chinese=chinese)
        low = low if high else replace(low, comparator=_comparator(text, low))
        found.append((low, high))
        position = (high or low).end
    return found


def _read_at(text: str, start: int, limit: int, *, chinese: bool) -> _Reading | None:
    """Read one quantity that begins at `start` and ends by `limit`."""
    for pattern, read in ((FRACTION, _read_fraction), (TENTHS, _read_tenths), (MANIFOLD, _read_manifold)):
        match = pattern.match(text, start, limit)
        if match and (reading := read(match)):
            return reading
    if text[start] in "-−0123456789":
        return _read_digits(text, start, limit)
    if text[start].isascii():
        return _read_english_word(text, start, limit)
    return _read_chinese_numeral(text, start, limit) if chinese else None


def _read_fraction(match: re.Match[str]) -> _Reading | None:
    part, whole = match["part"], read_number(match["whole"])
    if whole is None:
        return None
    if part in PERCENT_WORDS:
        unit = PERCENT_WORDS[part]
        return _Reading(match.start(), match.end(), whole, Decimal(1), unit, unit)
    divisor = read_chinese(part)
    if not divisor:
        return None
    value = trim((whole / divisor).quantize(Decimal("0.0001")))
    return _Reading(match.start(), match.end(), value, Decimal(1), "比例", "比例")


def _read_tenths(match: re.Match[str]) -> _Reading | None:
    whole = read_number(match["whole"])
    if whole is None:
        return None
    half = match["half"]
    if half:
        tenths = Decimal(5) if half == "半" else read_chinese(half)
        whole += (tenths or Decimal(0)) / 10
    return _Reading(match.start(), match.end(), whole, Decimal(1), "成", "%", base_factor=Decimal(10))


def _read_manifold(match: re.Match[str]) -> _Reading | None:
    times = match["times"]
    number = Decimal(1) if times is None else read_number(times)
    if number is None or number > 9:
        return None
    comparator = {"近": Comparator.LESS, "将近": Comparator.LESS, "超": Comparator.MORE, "约": Comparator.ABOUT}.get(match["near"] or "")
    return _Reading(match.start(), match.end(), Decimal(2) ** int(number), Decimal(1), "倍", "倍", comparator)


def _read_digits(text: str, start: int, limit: int) -> _Reading | None:
    if match := TEN_THOUSANDTH.match(text, start, limit):
        return _in_parts(match, "/")
    if match := RATIO.match(text, start, limit):
        return _in_parts(match, ":")
    match = ARABIC_QUANTITY.match(text, start, limit)
    if match is None or (value := read_arabic(match["number"].replace("−", "-"))) is None:
        return None
    if not match["unit"] and not match["scale"] and (english := _read_english(text, match, value, limit)):
        return english
    scale_word = match["scale"] or ""
    if scale_word.startswith("十") and scale_word not in SCALES:
        return None
    unit = match["unit"] or ""
    rough = Comparator.ABOUT if "来" in (match["rough"] or "") else Comparator.MORE if match["rough"] or match["rough2"] else None
    end = match.end()
    if not unit and not scale_word and not match["rough"] and text[end : end + 1] in ("级", "号", "#", "届", "后"):
        return None
    return _Reading(start, end, value, SCALES.get(scale_word, Decimal(1)), scale_word + unit, unit, rough)


def _in_parts(match: re.Match[str], sign: str) -> _Reading | None:
    """6/10万 and 1.86:1: the part is the unit."""
    value, unit = read_arabic(match["whole"]), f"{sign}{match['part']}"
    return None if value is None else _Reading(match.start(), match.end(), value, Decimal(1), unit, unit)


def _read_english(text: str, match: re.Match[str], value: Decimal, limit: int) -> _Reading | None:
    """Read what English writes behind digits: 1.8 million square metres, 4.7 per 1,000 residents, RMB 9 billion."""
    tail = ENGLISH_TAIL.match(text, match.end("number"), limit)
    if tail is None:
        return None
    scale = ENGLISH_SCALES.get((tail["scale"] or "").strip(" -").lower(), Decimal(1))
    base = next((UNIT_NAMES[index] for index in range(len(UNIT_NAMES)) if tail[f"u{index}"]), "")
    money = MONEY_BEFORE.search(text, 0, match.start())
    if money and not base:
        base = "元" if money["yuan"] else "美元"
    end = tail.end()
    if not base and not tail["scale"] and not tail["per"]:
        return None
    unit = text[match.end("number") : end].strip(" -")
    return _Reading(match.start(), end, value, scale, unit or base, base)


def _read_english_word(text: str, start: int, limit: int) -> _Reading | None:
    match = ENGLISH_WORD.match(text, start, limit)
    if match is None:
        return None
    value = Decimal(ENGLISH_WORDS[match["word"].lower()])
    tail = ENGLISH_TAIL.match(text, match.end(), limit)
    base = next((UNIT_NAMES[index] for index in range(len(UNIT_NAMES)) if tail and tail[f"u{index}"]), "")
    scale = ENGLISH_SCALES.get((tail["scale"] or "").strip(" -").lower(), Decimal(1)) if tail else Decimal(1)
    if tail and (base or scale != 1):
        return _Reading(start, tail.end(), value, scale, text[match.end() : tail.end()].strip(" -"), base)
    if COUNTED.match(text, match.end(), limit):
        return _Reading(start, match.end(), value, Decimal(1), "", "")
    return None


def _read_chinese_numeral(text: str, start: int, limit: int) -> _Reading | None:
    match = CHINESE_QUANTITY.match(text, start, limit)
    if match is None:
        return None
    number, unit = match["number"], match["unit"]
    before = text[max(0, start - 4) : start]
    if before and before[-1] in "第几数周期号国分上":
        return None
    compared = COMPARED.search(before) is not None
    if unit in NO_CHINESE and not compared and len(number) == 1:
        return None
    lone_scale = number in ("万", "亿", "千", "百") and not compared and not match["rough"]
    if unit in ("期", "年", "级", "届", "度", "分") or lone_scale:
        return None
    if number in ("一", "1") and not ONE_THING.search(before) and not compared:
        return None
    value = read_chinese(number)
    if value is None:
        return None
    scale_word = match["scale"] or ""
    rough = Comparator.ABOUT if "来" in (match["rough"] or "") else Comparator.MORE if match["rough"] or match["rough2"] else None
    return _Reading(start, match.end(), value, SCALES.get(scale_word, Decimal(1)), scale_word + unit, unit, rough)


def _read_range_end(text: str, low: _Reading, limit: int, *, chinese: bool) -> _Reading | None:
    """Read the high end of 300元至500元, 60至69岁, 100—120个, 300 to 500 yuan."""
    mark = RANGE_MARK.match(text, low.end, limit) or ENGLISH_RANGE_MARK.match(text, low.end, limit)
    if mark is None or mark.end() >= limit:
        return None
    before = text[max(0, low.start - 12) : low.start]
    if " and " in mark[0] and not before.lower().endswith("between "):
        return None
    if mark[0] in ("到", "至") and re.search(r"[由从]\D{0,8}$", before):
        return None  # 由3.42个到4.05个 is a change
    if not (text[mark.end()].isdigit() or (text[mark.end()] in CHINESE_DIGITS + "十百千")):
        return None
    high = _read_at(text, mark.end(), limit, chinese=chinese)
    if high is None or high.unit_base == "比例":
        return None
    if low.unit_base not in ("", high.unit_base) or (mark[0] in ("-", "−") and not high.unit):
        return None
    if low.value * (low.scale if low.scale != 1 else high.scale) > high.value * high.scale:
        return None
    return high


def _comparator(text: str, reading: _Reading) -> Comparator | None:
    """Read the words around a quantity that bound it; what stands behind it wins."""
    bound = BOUND.match(text, reading.end) or ENGLISH_BOUND.match(text, reading.end)
    if bound and bound.lastgroup:
        return KINDS[bound.lastgroup]
    if reading.comparator:
        return reading.comparator
    before = text[max(0, reading.start - 14) : reading.start]
    before = MONEY_BEFORE.sub("", before)
    compared = COMPARED.search(before) or ENGLISH_COMPARED.search(before)
    if compared:
        return next(KINDS[name] for name in KINDS if compared[name])
    return None
