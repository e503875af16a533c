"""One sentence laid open: clauses, time expressions, quantities, and the words around each quantity."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.figures import words
from ingest.figures.clauses import Clause, Mention, split_clauses
from ingest.figures.flow import Flow
from ingest.figures.periods import Period, PeriodKind, find_periods
from rag.numerals import trim
from rag.quantity import read_quantities
from rag.records import Quantity, Sentence
from rag.units import split_scale

# Kinds of time that a figure may stand under; the others speak of other figures' time.
OWN_TIME = (
    PeriodKind.DURING, PeriodKind.END, PeriodKind.AS_OF, PeriodKind.BY, PeriodKind.FROM, PeriodKind.SINCE, PeriodKind.PART, PeriodKind.NOW,
)  # fmt: skip
# 在2021年…的基础上: what follows is compared with that year, not of it.
_BASED_ON = re.compile(r"在(?=[^。；]{0,40}?(?:19|20)\d\d年|[^。；]{0,40}?(?:去年|上年|前年|上一年))[^。；]{4,60}?基础上")
# 提高到2025年的…: 到 belongs to the verb.
_TURNED_TO = re.compile(r"[高加升大降少短展长整正化增减扩][到至]$")
_SUFFIX = re.compile(r"^(?:及|（含）)?(?:以上|以下|以内|之内|左右|上下)")
_JOINTS = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]+[)）]|其中|[，、和与及（(]|截至|[可而但则](?=同期|[\u4e00-\u9fff]{2,3}[市区县])|同期)+"
)


def _with_shared_units(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """In 分别为151、148、143微克/立方米 the last value's unit is meant for all."""
    if "分别" not in text:
        return quantities
    result = list(quantities)
    for index in range(len(result) - 2, -1, -1):
        one, after = result[index], result[index + 1]
        if not one.unit and after.unit and text[one.end : after.start].strip() in ("、", "和", "与", "及") and "分别" in text[: one.start]:
            scale, base = split_scale(after.unit)
            result[index] = replace(one, unit=after.unit, unit_base=base, value_base=trim(one.value * scale))
    return result


class SentenceView:
    """A sentence and what is read of it before any figure is made."""

    def __init__(self, flow: Flow, sentence: Sentence, text: str) -> None:
        text = text.replace("依次", "分别")
        self.flow, self.sentence, self.text = flow, sentence, text
        self.clauses = split_clauses(text)
        self.periods = find_periods(text, flow.year)
        self.quantities = _with_shared_units(text, read_quantities(text))
        self.mentions = self._around([(quantity.start, quantity.end) for quantity in self.quantities])
        self.based = [match.span() for match in _BASED_ON.finditer(text)]

    def keep(self, kept: list[Mention]) -> list[Mention]:
        """Widen the words around each figure over what was left out between them: 70岁以上老人每百人拥有床位."""
        spans = [(mention.quantity.start, mention.quantity.end) for mention in kept]
        around = self._around(spans)
        return [replace(mention, before=wide.before, after=wide.after) for mention, wide in zip(kept, around, strict=True)]

    def _around(self, spans: list[tuple[int, int]]) -> list[Mention]:
        quantity_at = {quantity.start: quantity for quantity in self.quantities}
        mentions: list[Mention] = []
        for index, (start, end) in enumerate(spans):
            number = self.clause_at(start)
            clause = self.clauses[number]
            left = clause.start
            if index and spans[index - 1][1] > left:
                left = spans[index - 1][1]
                suffix = _SUFFIX.match(self.text[left:start])
                left += suffix.end() if suffix else 0
            right = min(clause.end, spans[index + 1][0]) if index + 1 < len(spans) else clause.end
            mentions.append(Mention(quantity_at[start], number, self.without_times(left, start), self.text[end : max(end, right)]))
        return mentions

    def clause_at(self, position: int) -> int:
        """The index of the clause that holds a position."""
        return next((i for i, clause in enumerate(self.clauses) if clause.start <= position <= clause.end), len(self.clauses) - 1)

    def clause_of(self, mention: Mention) -> Clause:
        """The clause of a figure."""
        return self.clauses[mention.clause]

    def own_text(self, mention: Mention) -> str:
        """The clause before a figure."""
        return self.text[self.clause_of(mention).start : mention.quantity.start]

    def without_times(self, start: int, end: int) -> str:
        """A stretch of the sentence with the time expressions taken out."""
        characters = list(self.text[start:end])
        for period in self.periods:
            if period.kind in (PeriodKind.COMPARED, PeriodKind.ASIDE) and not period.text.startswith(("由", "从", "自")):
                continue
            if period.kind is PeriodKind.NOW and period.text in ("现有", "现行"):
                continue
            joined = _TURNED_TO.search(self.text[max(0, period.start - 2) : period.start + 1])
            for position in range(max(period.start + bool(joined), start), min(period.end, end)):
                characters[position - start] = "\0"
        return re.sub(r"\0+的?", "", "".join(characters))

    def without_places(self, before: str) -> str:
        """Take the place off the front of a name: it is the subject."""
        text = _JOINTS.sub("", before)
        for _ in range(6):
            found = self.flow.places.find(text)
            if not found or found[0][0] != 0:
                break
            text = text[found[0][1] :].lstrip("、和与及的")
            text = re.sub(r"^[两三四五六七八九]?(?:县区|[县区市地镇])(?=都|均|共|合计|分别|也|$)", "", text)
        return text

    def year_of(self, period: Period) -> int | None:
        """The year of a time expression; 全年, 年底, 截至6月底 lean on what came before them."""
        if period.year is not None or not period.anaphoric:
            return period.year
        context = next(
            (p.year for p in reversed(self.periods) if p.start < period.start and p.year and p.kind is not PeriodKind.COMPARED), None
        )
        part_of_year = period.kind is PeriodKind.PART and period.leading and period.month is None
        if context is None and part_of_year and self.flow.section_year in (None, self.flow.year):
            return self.flow.year
        if context is None and self.flow.paragraph_period is not None:
            context = self.flow.paragraph_period.year
        context = context or self.flow.section_year
        if period.kind is PeriodKind.AS_OF and self.flow.year and (context is None or context > self.flow.year):
            return self.flow.year
        if context is None:
            leaning = period.text in ("全年", "当年", "同年") and not self._is_planned(period.start)
            return None if leaning else self.flow.year
        return context + 1 if period.text.startswith(("次年", "翌年")) else context

    def _is_planned(self, position: int) -> bool:
        return self.flow.tone.target or bool(re.search(words.PLAN, self.text[max(0, position - 12) : position + 12]))
