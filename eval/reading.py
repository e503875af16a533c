"""What an answer gives: its figures, which of them are given as the answer and which are labelled context, its dates, its verdict.

A figure is *context*, not given as the answer, when

- it stands behind a list label (已入库的有, 供参考, on record …) in the same paragraph, and the answer gives a wanted figure elsewhere or says that it
  found nothing: “on record is 900” alone is an answer;
- a label stands before it in its clause (去年为, 原为, 由…更正为, 您建议的, not, previously …) or right behind it (只是代表的建议, was an error) — unless the question itself uses that word: asked about
  去年, “去年为” labels nothing;
- it is quoted word for word with the cited sentence in which a wanted figure stands too;
- its clause names a year that the question does not ask, and the answer gives a wanted figure elsewhere or says that it found nothing.

The readings of figures are those of `rag.quantity`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eval.questions import Question
from rag.quantity import read_quantities, same_quantity, unit_kind
from rag.records import Answer, Outcome, Quantity
from rag.script import to_simplified
from rag.units import UnitKind

_MARKER = re.compile(r"\[E\d+\]")
_CLAUSE_END = re.compile(r"[。！？!?；;，\n（）()：:]|,(?!\d)|\.(?!\d)")
_QUOTE_END = re.compile(r"[。\n“”「」\"]")
_LIST_LABEL = re.compile(
    r"入库的?(?:有|是)|库中(?:有|的)|已有的?(?:是|记载)|能?查到的|相近的|最接近|可供?参考|供参考|另有记载|其他年份|其他地方|现有记载|答复函里?(?:只|仅)?有"
    r"|on record|what (?:the letters|is there)|nearest|closest|for reference|the letters (?:do )?(?:give|say|have)|is available|are available|do have|related figures",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"去年|上年|上一年|前年|此前|原为|原定|原来|原先|原计划|原有|更正前|调整前|旧版|而非|不是|并非|相比|同期|如果|(?:您|你们?|贵.{0,4}|代表|委员|提案|建议人?)(?:所|曾)?(?:建议|提出|提议|要求)"
    r"|建议的|较(?![高大多好快低小少强为差])|\bnot\b|rather than|instead of|last year|previous|former|originally|corrected from"
    r"|(?:revised|raised|cut|up|down) from|compared (?:with|to)|against|proposed|suggested|requested|superseded|older version",
    re.IGNORECASE,
)
_LABEL_AFTER = re.compile(  # 1万元只是代表的建议; the 92.6% in the first reply was a typing error
    r"[^，。；]{0,3}(?:只是|仅是|仅为|是)[^，。；]{0,10}(?:建议|提议|设想)|[^，。；]{0,6}(?:有误|系笔误|已作废|已更正|不再有效|未采纳|不予采纳|没有采纳)"
    r"|[^.;,]{0,40}(?:was|is|were) (?:a |an |only a |only )?(?:typing |printing )?(?:error|mistake|proposal|suggestion|superseded|wrong|no longer|turned down|proposed|rejected)",
    re.IGNORECASE,
)
_FROM = re.compile(r"[由从][^由从，。；]*$")
_CHANGED = re.compile(r".{0,12}?(?:更正|调整|提高|增加|增至|上升|下降|降低|降至|改)")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_ZH_DATE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})")
_EN_DATE = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?)?([a-z]+)\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})")


@dataclass(frozen=True, slots=True)
class GivenFigure:
    """A figure of an answer; `label` is why it is context, None when it is given as the answer."""

    quantity: Quantity
    label: str | None


def fold(text: str) -> str:
    """Half-width, simplified, lower case, without spaces, tags and the bars between cells: for comparing texts."""
    return re.sub(r"[\s|]+", "", to_simplified(unicodedata.normalize("NFKC", text))).lower()


def without_markers(text: str) -> str:
    """The text with its [E1] blanked out, so that positions hold."""
    return _MARKER.sub(lambda found: " " * len(found.group()), text)


def wanted_readings(question: Question, index: int) -> list[Quantity]:
    """The readings of the wanted figure: its Chinese and its English form."""
    forms = [question.numbers[index], *(question.numbers_en[index : index + 1])]
    return [quantity for form in forms for quantity in read_quantities(form)[:1]]


def is_same_figure(one: Quantity, other: Quantity) -> bool:
    """The same value and unit in whatever scale; either end of a range; 个 stands for any measure word, 人 for 名, 个 for 个/千人; % is never left out."""
    if not _ends(one) & _ends(other):
        return False
    if (one.unit_base == "%") != (other.unit_base == "%"):
        return False
    if same_quantity(one, other):
        return True
    units = [q.unit_base.split("/")[0] for q in (one, other)]
    if not all(units) or units[0] == units[1]:
        return True
    kinds = {unit_kind(unit) for unit in units}
    return kinds == {UnitKind.PEOPLE} or ("个" in units and kinds <= {UnitKind.PEOPLE, UnitKind.COUNT})


def _ends(quantity: Quantity) -> set[Decimal]:
    return {end.normalize() for end in (quantity.value_base, quantity.high_base) if end is not None}


def find_same(wanted: Iterable[Quantity], given: Iterable[Quantity]) -> Quantity | None:
    """The first given quantity that equals one of the wanted readings; one with a unit goes first."""
    readings = list(wanted)
    hits = [quantity for quantity in given if any(is_same_figure(reading, quantity) for reading in readings)]
    return next((hit for hit in hits if hit.unit_base), hits[0] if hits else None)


def given_figures(question: Question, answer: Answer) -> list[GivenFigure]:
    """All figures of an answer's text, each with its label if it has one."""
    text = without_markers(answer.text)
    figures = read_quantities(text)
    wanted = [reading for i in range(len(question.numbers)) for reading in wanted_readings(question, i)]
    cited = [fold(citation.text) for citation in answer.citations]
    labels = [_find_label(question, text, figure) or _quoted_with(text, figure, wanted, cited) for figure in figures]
    lists = [_find_list_label(text, figure) for figure in figures]
    plain = [figure for figure, label, listed in zip(figures, labels, lists, strict=True) if not label and not listed]
    shielded = answer.outcome is not Outcome.ANSWERED or find_same(wanted, plain) is not None
    years = _asked_years(question)
    return [
        GivenFigure(figure, label or ((listed or _other_year(text, figure, years)) if shielded else None))
        for figure, label, listed in zip(figures, labels, lists, strict=True)
    ]


def _find_list_label(text: str, figure: Quantity) -> str | None:
    listed = _LIST_LABEL.search(text[text.rfind("\n\n", 0, figure.start) + 1 : figure.start])
    return listed.group() if listed else None


def _find_label(question: Question, text: str, figure: Quantity) -> str | None:
    asked, clause = question.question.lower(), _clause_before(text, figure)
    for found in _LABEL.finditer(clause):
        if found.group().lower() not in asked:
            return found.group()
    if _FROM.search(clause) and (changed := _CHANGED.match(text, figure.end)):
        return changed.group()
    after = _LABEL_AFTER.match(text, figure.end)
    return after.group() if after else None


def _quoted_with(text: str, figure: Quantity, wanted: Sequence[Quantity], cited: Sequence[str]) -> str | None:
    start = max((found.end() for found in _QUOTE_END.finditer(text, 0, figure.start)), default=0)
    end = _QUOTE_END.search(text, figure.end)
    quote = text[start : end.start() if end else len(text)]
    if not any(fold(quote) in sentence for sentence in cited) or find_same(wanted, [figure]):
        return None
    return "quoted" if find_same(wanted, read_quantities(quote)) else None


def _clause_before(text: str, figure: Quantity) -> str:
    """The clause up to the figure. An opening bracket or colon does not cut its label off: 原为（300亿元）."""
    start = 0
    for found in _CLAUSE_END.finditer(text, 0, figure.start):
        if found.group() not in "（(：:":
            start = found.end()
    return text[start : figure.start]


def _asked_years(question: Question) -> set[int]:
    years = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", question.asked)}
    if question.asked_on:
        years |= {question.asked_on.year + step for step in (-2, -1, 0, 1)}
    return years


def _other_year(text: str, figure: Quantity, asked: set[int]) -> str | None:
    start = max((found.end() for found in re.finditer(r"[。；;\n]", text[: figure.start])), default=0)
    years = re.findall(r"(?<!\d)((?:19|20)\d\d)(?=\s*年|\D|$)", text[start : figure.start])
    return years[-1] if asked and years and int(years[-1]) not in asked else None


def holds_text(wanted: str, text: str) -> bool:
    """A wanted string stands in a text: as written, or as the same date in another form."""
    if fold(wanted) in fold(text):
        return True
    dates = read_dates(wanted)
    return bool(dates) and dates <= read_dates(text)


def read_dates(text: str) -> set[date]:
    """Full dates in a text, Chinese (also in Chinese numerals), ISO and English."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(
        r"[〇零一二三四五六七八九]{4}(?=年)",
        lambda found: "".join(str("〇一二三四五六七八九".find(c.replace("零", "〇"))) for c in found.group()),
        plain,
    )
    plain = re.sub(
        r"([二三]?十?[一二三四五六七八九]?)(?=[月日])", lambda found: str(_small_number(found.group())) if found.group() else "", plain
    )
    triples = [(int(y), int(m), int(d)) for y, m, d in _ZH_DATE.findall(plain)]
    for before, month, after, year in _EN_DATE.findall(plain):
        number = next((value for value, name in enumerate(_MONTHS, 1) if len(month) > 2 and name.startswith(month)), None)
        if number and (before or after):
            triples.append((int(year), number, int(before or after)))
    return {date(*triple) for triple in triples if _is_date(*triple)}


def _small_number(text: str) -> int:
    tens, found, ones = text.rpartition("十")
    digit = "一二三四五六七八九"
    return ((digit.find(tens) + 1 if tens else 1) * 10 if found else 0) + (digit.find(ones) + 1 if ones else 0)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_NO = re.compile(
    r"没有|没能|没完成|没达|未(?!来|成年)|不是|不能|不会|不予|不作|不再|并非|(?<!是)否|尚无|暂无|低于|不足|不到|\bno\b|\bnot\b|n't\b|\bnever\b|fell short|\bmissed\b",
    re.I,
)
_YES = re.compile(
    r"已|实现|做到|同意|支持|达到|达成|完成|超过|超额|采纳|可以|高于|\byes\b|\bmet\b|\bachieved\b|\breached\b|\bexceeded\b",
    re.I,
)
_SAYS_NO = re.compile(r"\s*(?:否|不|没|未|no\b|not\b)", re.I)
_SAYS_YES = re.compile(r"\s*(?:是[的。，,]|对[，,。]|能[，,。]|会[，,。]|有[，,。]|yes\b)", re.I)


def read_verdict(text: str) -> str | None:
    """“yes” or “no” as the answer's first sentence says it; None when it says neither."""
    plain = without_markers(to_simplified(text)).strip()
    if _SAYS_NO.match(plain):
        return "no"
    if _SAYS_YES.match(plain):
        return "yes"
    for sentence in re.split(r"[。！!\n]|\.(?!\d)", plain)[:1]:
        unquoted = re.sub(r"[“「\"][^”」\"]*[”」\"]|是否[^，。；]*", "", sentence)
        if _NO.search(unquoted):
            return "no"
        if _YES.search(unquoted):
            return "yes"
    return None


def quantities_of(texts: Sequence[str]) -> list[Quantity]:
    """All quantities of several texts."""
    return [quantity for text in texts for quantity in read_quantities(text)]


def is_row(text: str) -> bool:
    """A row of a table: its cells are parted by bars or tabs."""
    return "|" in text or "\t" in text


_NUMERAL = re.compile(r"\d[\d,，]*(?:\.\d+)?")


def holds_figure(wanted: Iterable[Quantity], text: str) -> bool:
    """The figure stands in a text; in a row of a table, whose unit is in the heading, its bare digits are enough, and there alone."""
    readings = list(wanted)
    if find_same(readings, read_quantities(text)) is not None:
        return True
    if not is_row(text):
        return False
    bare = {Decimal(re.sub("[,，]", "", number)) for number in _NUMERAL.findall(unicodedata.normalize("NFKC", text))}
    return any(value in bare for reading in readings for value in (reading.value, reading.value_base))
