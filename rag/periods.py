"""Which years and parts of years a question speaks of; 今年 and last year count from the day of asking."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

DIGITS = dict(zip("〇零一二三四五六七八九○", "00123456789" + "0", strict=True))
PLANS = {"十一五": (2006, 2010), "十二五": (2011, 2015), "十三五": (2016, 2020), "十四五": (2021, 2025), "十五五": (2026, 2030)}
ENGLISH_PLANS = {"11th": "十一五", "12th": "十二五", "13th": "十三五", "14th": "十四五", "15th": "十五五"}
RELATIVE = {
    "大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "当前年度": 0, "明年": 1, "后年": 2,
    "the year before last": -2, "last year": -1, "previous year": -1, "this year": 0, "current year": 0, "next year": 1,
}  # fmt: skip
RELATIVE_PATTERN = re.compile("|".join(sorted(map(re.escape, RELATIVE), key=len, reverse=True)), re.IGNORECASE)
CHINESE_YEAR = re.compile(r"[二2][〇零○0][〇零○一二三四五六七八九0-9]{2}(?=年)|(?<![0-9])[二2][〇零○][〇零○一二三四五六七八九]{2}")
YEAR = re.compile(r"(?<![0-9.,])(?P<year>(?:19|20)[0-9]{2})(?![0-9,.]*[0-9])(?!\s*(?:号|家|个|人|户|万|亿|元|公里|平方|台|名))")
SHORT_YEAR = re.compile(r"(?<![0-9])(?P<short>[12][0-9])年(?!内|级|前|后|期|来|时间|以上|以下)")
PLAN = re.compile(r"十[一二三四五]五|\b(?P<plan>1[1-5]th)[ -]five[ -]year", re.IGNORECASE)
HALF = re.compile(
    r"(?P<first>上半年|前半年|first half|\bH1\b|1\s*[—至-]\s*6月|[头前](?:六|6)个?月|first six months)|(?P<second>下半年|second half|\bH2\b)",
    re.IGNORECASE,
)
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
MONTH = re.compile(
    rf"(?P<number>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:份)?(?:底|末)?|\b(?P<english>{'|'.join(MONTHS)})\b(?!\s+\d{{1,2}}\b)",
    re.IGNORECASE,
)
QUARTER = re.compile(
    r"(?:第)?(?P<number>[一二三四1-4])季度|\bQ(?P<english>[1-4])\b|(?P<word>first|second|third|fourth) quarter", re.IGNORECASE
)
MULTI_YEAR = re.compile(r"十[一二三四五]五|[二三四五六十]年(?:内|间|来|合计|累计)|20\d\d年?[至—\-－~～到]+20\d\d|累计|期间")
END = re.compile(r"年底|年末|岁末|年终|\bend of\b|\byear[- ]end\b", re.IGNORECASE)
RANGE = re.compile(r"(?:从|自|between|from)?\s*#\s*(?:年)?(?:底|末)?\s*(?:到|至|—|－|-|~|～|and|to|until)\s*#", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """One year that is named, where in the text, and which part of it."""

    year: int
    start: int
    end: int
    plan: tuple[int, int] | None = None  # 十四五: (2021, 2025), year is its last


@dataclass(frozen=True, slots=True)
class Periods:
    """What a question says of time."""

    years: tuple[int, ...] = ()  # in order of mention, each once
    plan: tuple[int, int] | None = None
    part: str = ""  # "", "end", "first half", "second half", "month 6", "quarter 1"
    between: bool = False  # from the first to the last year
    rest: str = ""  # the text without its words of time


def _chinese_years(text: str) -> str:
    """二〇二三年 → 2023年, at the same length."""
    return CHINESE_YEAR.sub(lambda m: "".join(DIGITS.get(c, c) for c in m.group(0)), text)


def _named_years(text: str, today: date) -> list[Period]:
    found = [Period(int(m["year"]), m.start(), m.end()) for m in YEAR.finditer(text)]
    found += [Period(2000 + int(m["short"]), m.start("short"), m.end("short")) for m in SHORT_YEAR.finditer(text)]
    found += [Period(today.year + RELATIVE[m.group(0).lower()], m.start(), m.end()) for m in RELATIVE_PATTERN.finditer(text)]
    for m in PLAN.finditer(text):
        plan = PLANS[ENGLISH_PLANS[m["plan"].lower()] if m["plan"] else m.group(0)]
        found.append(Period(plan[1], m.start(), m.end(), plan))
    return sorted(found, key=lambda p: p.start)


NINE_MONTHS = re.compile(
    r"前三季度|[一1][至到—-]三季度|[头前](?:九|9)个?月|1\s*[—至-]\s*9月|first (?:three quarters|nine months)", re.IGNORECASE
)
QUARTER_END = re.compile(r"季度(?:末|底)|end of (?:the )?(?:first|second|third|fourth) quarter", re.IGNORECASE)


def _quarter(match: re.Match[str], text: str) -> str:
    """A quarter's part of the year: its end is the end of its last month, and the first is that of the year so far."""
    word = match["number"] or match["english"] or str(["first", "second", "third", "fourth"].index(match["word"].lower()) + 1)
    number = "一二三四".index(word) + 1 if word in "一二三四" else int(word)
    return f"month {3 * number}" if number == 1 or QUARTER_END.search(text) else f"quarter {number}"


def _part(text: str) -> str:
    if NINE_MONTHS.search(text):
        return "month 9"
    if half := HALF.search(text):
        return "first half" if half["first"] else "second half"
    if quarter := QUARTER.search(text):
        return _quarter(quarter, text)
    if month := MONTH.search(text):
        if month["english"]:
            return f"month {MONTHS.index(month['english'].lower()) + 1}"
        number = month["number"]
        return f"month {int(number) if number.isdigit() else _small_number(number)}"
    return "end" if END.search(text) else ""


def _small_number(text: str) -> int:
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return int(DIGITS[text[-1]])
    return 10 * int(DIGITS.get(tens, "1")) + int(DIGITS.get(ones, "0"))


TIME_WORDS = re.compile(
    r"(?:到|至|截至|截止|截止到|在|于)?#(?:\s*[-—至到]\s*#)*\s*(?:年度|年|全年)?(?:的)?(?:[0-9一二三四五六七八九十]{1,2}月(?:份)?(?:[0-9]{1,2}日)?)?(?:年?底|年?末|年?初(?=预期|目标|计划|定|确定|提出)|以来|期间|时期|当年)?(?:为止|前|之前)?"
    r"|(?:截至|到|至)?(?:前三|[一1][至到—-]三|第?[一二三四1-4])季度(?:[末底])?|[头前](?:三|六|九|[369])个?月|年[初中](?=$|[^\u4e00-\u9fff]|的|预期|目标|计划|定|确定|提出|末)"
    r"|(?:in |for |by |during )?(?:the )?(?:end of )?(?:the )?(?:first|second|third|fourth) quarter|first (?:three quarters|six months|nine months)"
    r"|整个|期间|上半年|下半年|前半年|年底|年末|全年|年度(?!目标|任务|计划)|截至(?:目前)?|截止|[0-9一二三四五六七八九十]{1,2}月(?:份)?[底末]"
    r"|\b(?:by|at|in|for|of|during|between|from|since|until|before)?\s*(?:the )?(?:end of|year[- ]end|first half of|second half of|course of|year)?\s*#(?:\s*(?:and|to|-)\s*#)*(?:'s)?"
    r"|\b(?:by|at) (?:the )?(?:end of the year|year[- ]end)|\b(?:first|second) half(?: of)?(?: the year)?"
    r"|(?:the )?five[ -]year plan(?: period)?",
    re.IGNORECASE,
)


def read_periods(text: str, today: date) -> Periods:
    """Read the years, the plan and the part of the year; `text` is normalised (half width)."""
    text = _chinese_years(text)
    named = _named_years(text, today)
    years = tuple(dict.fromkeys(p.year for p in named))
    plan = next((p.plan for p in named if p.plan), None)
    marked = "".join(
        "#" if any(p.start == i for p in named) else ("" if any(p.start < i < p.end for p in named) else char)
        for i, char in enumerate(text)
    )
    between = len(years) >= 2 and bool(RANGE.search(marked))
    if plan and len(years) > 1:
        years = tuple(y for y in years if y != plan[1]) or years
    return Periods(years, plan, _part(text), between, TIME_WORDS.sub(" ", marked).replace("“", "").replace("”", "").replace("#", " "))


def period_part(period: str) -> str:
    """The part of the year that a figure's period tells: 截至2024年6月底 → month 6; 2023年底 → end; 2023年 → ""."""
    period = re.sub(r"由.*", "", period)
    if "上半年" in period or re.search(r"1\s*[—至-]\s*6月", period):
        return "month 6"
    if "下半年" in period:
        return "second half"
    if NINE_MONTHS.search(period):
        return "month 9"
    if quarter := QUARTER.search(period):
        return _quarter(quarter, period)
    month = re.search(r"(?:年|至|—|-)\s*([0-9]{1,2})月", period)
    if month:
        return "end" if month[1] == "12" else f"month {month[1]}"
    return "end" if re.search(r"[底末]", period) else ""
