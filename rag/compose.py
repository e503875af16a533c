"""Figures → sentences of an answer, in the language of the question, with comparator and period said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from rag.match import canonical_name
from rag.names import kind_of_place, place_pinyin
from rag.periods import period_part
from rag.quantity import format_english
from rag.records import Comparator, Figure, Letter, Measure, SentenceRef, Statement, Status
from rag.terms import load_lexicon

CHINESE_COMPARATOR = {
    Comparator.EQUAL: "{}",
    Comparator.AT_LEAST: "{}以上",
    Comparator.MORE: "超过{}",
    Comparator.AT_MOST: "不超过{}",
    Comparator.LESS: "不到{}",
    Comparator.ABOUT: "{}左右",
    Comparator.RANGE: "{}",
}
ENGLISH_COMPARATOR = {
    Comparator.EQUAL: "{}",
    Comparator.AT_LEAST: "at least {}",
    Comparator.MORE: "more than {}",
    Comparator.AT_MOST: "at most {}",
    Comparator.LESS: "less than {}",
    Comparator.ABOUT: "about {}",
    Comparator.RANGE: "{}",
}
ENGLISH_KINDS = {"市": "City", "区": "District", "县": "County", "省": "Province"}
ENGLISH_PLANS = {"十三五": "13th Five-Year Plan", "十四五": "14th Five-Year Plan", "十五五": "15th Five-Year Plan"}
STATUS_ENDING = re.compile(r"(?:年度)?(?:预期)?(?:目标值?|计划数?|任务数?|实际(?:数)?)$")


def plain(value: Decimal) -> str:
    """A number without exponent and needless zeros."""
    return f"{value.normalize():f}"


def amount(figure: Figure, english: bool) -> str:
    """Value, unit and comparator."""
    if english:
        text = format_english(figure.value, figure.unit)
        if figure.high is not None:
            text = f"{_bare_english(figure)} to {format_english(figure.high, figure.unit)}"
        return ENGLISH_COMPARATOR[figure.comparator].format(text)
    text = number(figure.value, figure.unit)
    if figure.high is not None:
        text = f"{text}至{number(figure.high, figure.unit)}"
    return CHINESE_COMPARATOR[figure.comparator].format(text)


def _bare_english(figure: Figure) -> str:
    text = format_english(figure.value, figure.unit)
    return text.split(" ")[0] if "illion" not in text else text


def number(value: Decimal, unit: str) -> str:
    """Value and unit in Chinese, as the letters write it."""
    if unit == "比例":
        share = (value * 100).quantize(Decimal("0.1"))
        return f"{plain(share)}%"
    if unit == "成":
        return f"{plain(value)}成（{plain(value * 10)}%）"
    return f"{plain(value)}{unit}"


def english_place(name: str) -> str:
    """东湖区 → Donghu District (东湖区)."""
    kind = ENGLISH_KINDS.get(kind_of_place(name))
    if not kind:
        return name
    return f"{place_pinyin(name)} {kind} ({name})"


def english_name(figure: Figure) -> str:
    """The indicator in English as far as the lexicon knows it, with the Chinese name."""
    lexicon = load_lexicon()
    name = canonical_name(figure.name, figure.place or "")
    for term in sorted(lexicon.terms, key=lambda t: -len(t.name)):
        if term.name in name and term.english:
            return f"{term.english[0]} ({label(figure)})"
    return label(figure)


def label(figure: Figure) -> str:
    """The indicator's name as shown: without its place and the word for its status."""
    name = figure.name
    for form in (figure.subject or "", figure.place or ""):
        if form and name.startswith(form) and len(name) > len(form) + 1:
            name = name[len(form) :]
    name = _without_echo(name, figure.subject or "")
    name = STATUS_ENDING.sub("", name) or figure.name
    return f"{name}（{figure.group}）" if figure.group and figure.group not in name else name


def _without_echo(name: str, subject: str) -> str:
    """The name without the words that the subject has just said."""
    for size in range(min(len(subject), len(name) - 2), 3, -1):
        if subject.endswith(name[:size]):
            return name[size:]
    return name


def where(figure: Figure, letter: Letter | None = None) -> str:
    """The place or body that the figure is true of."""
    subject = figure.subject or figure.place or (letter.place if letter else "") or ""
    return re.sub(r"^[即因对将把在由据](?=[\u4e00-\u9fff]{3})", "", subject)


def when(figure: Figure) -> str:
    """The period in Chinese, with its year."""
    period = re.sub(r"[（(].*?[）)]", "", figure.period).strip()
    if figure.year is None:
        return ""
    if period and str(figure.year) in period and len(period) <= 16:
        return period
    if (
        period
        and period_part(period).startswith(("month", "quarter", "second"))
        and not re.search(r"20\d\d|年(?!度)", period)
        and len(period) <= 10
    ):
        return f"{figure.year}年{period}"
    if "十四五" in period or "十五五" in period:
        return f"{period}（到{figure.year}年）" if len(period) <= 12 else f"到{figure.year}年"
    return f"{figure.year}年"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def english_when(figure: Figure) -> str:
    """The period in English."""
    if figure.year is None:
        return ""
    period = figure.period
    for chinese, english in ENGLISH_PLANS.items():
        if chinese in period:
            return f"{english} (to {figure.year})"
    if "上半年" in period:
        return f"first half of {figure.year}"
    month = re.search(r"年(\d{1,2})月", period)
    if month:
        since = "from" if re.match(r"自|从", period) else "by"
        return f"{since} {MONTHS[(int(month[1]) - 1) % 12]} {figure.year}"
    if re.search(r"[底末]", period):
        return f"end of {figure.year}"
    return str(figure.year)


def status_word(figure: Figure) -> str:
    """目标 for a target; 实际 is said only where both may be meant."""
    if figure.measure is not Measure.LEVEL:
        return "目标" if figure.status is Status.TARGET else ""
    return "目标" if figure.status is Status.TARGET else ""


def state(figure: Figure, english: bool, letter: Letter | None = None) -> str:
    """One figure as a sentence."""
    if english:
        place = english_place(where(figure, letter))
        scope = ", ".join(
            p for p in (place, english_when(figure), "target" if figure.status is Status.TARGET else "actual" if figure.year else "") if p
        )
        return f"{scope}: {english_name(figure)}: {amount(figure, True)}."
    return f"{phrase(figure, letter)}。"


def phrase(figure: Figure, letter: Letter | None = None) -> str:
    """The sentence without its full stop."""
    place = where(figure, letter)
    name = label(figure)
    if name.startswith(place):
        place = ""
    verb = "目标为" if figure.status is Status.TARGET else "为"
    return f"{place}{when(figure)}{name}{verb}{amount(figure, False)}"


def proof(figure: Figure) -> tuple[SentenceRef, ...]:
    """The sentences that prove a figure: its own, and the head of its table."""
    own = SentenceRef(figure.letter_id, figure.sentence)
    return (own,) if figure.header is None else (own, SentenceRef(figure.letter_id, figure.header))


def statement(figure: Figure, english: bool, letter: Letter | None = None, *, prefix: str = "", text: str = "") -> Statement:
    """One figure as a proved statement."""
    return Statement(text=prefix + (text or state(figure, english, letter)), proofs=proof(figure), figures=(figure,))


def proofs_of(figures: Sequence[Figure]) -> tuple[SentenceRef, ...]:
    """The proofs of several figures, each once."""
    return tuple(dict.fromkeys(p for figure in figures for p in proof(figure)))


def source(letter: Letter, english: bool) -> str:
    """A letter as named in a text: its number, else its body and date."""
    if letter.doc_number:
        return letter.doc_number
    body = letter.bodies[0] if letter.bodies else (letter.title or letter.file)
    day = letter.issued_on.isoformat() if letter.issued_on else ""
    return f"{body}{f', {day}' if english and day else f'{day}' if day else ''}"
