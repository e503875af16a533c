"""Words that rule one another out: what is told of the one is no answer about the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rag.records import Figure, Intent, Letter, Query, Status
from rag.terms import read_rows
from rag.topic import plain
from rag.units import UnitKind, unit_kind

MEMBERS = 8  # of one group, at most
# The last word of an indicator, where it leaves no doubt in what it is counted.
COUNTED = re.compile(
    r"(?:(?P<households>户数)|(?P<people>人数)|(?P<area>面积)|(?P<length>里程|长度)|(?P<money>资金|金额|经费|投资|产值|补助|补贴))"
    r"(?:的?(?:目标|计划|实际)?(?:是|为|有|达到?)?(?:多少|几)?[？?]?)$"
)
COUNT = re.compile(r"(?<![度指系基次])数(?:量)?(?:是|为|有|达到?)?(?:多少|几)?[？?]?$")
GAIN = re.compile(r"新增|净增|新建|增加了?多少")
AT_END = re.compile(r"[年月]?[底末]")


def is_of_another_kind(query: Query, figure: Figure, letter: Letter) -> bool:
    """Whether a figure cannot be what is asked for, however near its name comes."""
    return speaks_of_another(query, figure, letter) or is_counted_otherwise(query, figure) or is_stock_for_gain(query, figure, letter)


def speaks_of_another(query: Query, figure: Figure, letter: Letter) -> bool:
    """Whether a figure is of what rules out the thing that is asked for: 养老床位 for 托育床位, 收入 for 支出."""
    asked = plain(query.resolved if query.language == "zh" else " ".join(topic.terms for topic in query.topics))
    named = plain(f"{figure.name}{figure.group}")
    clause = plain(_clause_of(figure, letter))
    for members in _contrasts():
        wanted = {member for member, words in members.items() if any(word in asked for word in words)}
        told = {member for member, words in members.items() if any(word in named for word in words)}
        if wanted and told and not wanted & told and not any(word in clause for member in wanted for word in members[member]):
            return True
    return False


def is_counted_otherwise(query: Query, figure: Figure) -> bool:
    """Whether a question's 户数, 人数, 面积 … would be answered in a unit of another kind: 老旧小区102个 for its households."""
    if query.intent is not Intent.VALUE or query.language != "zh":
        return False
    kind = unit_kind(figure.unit_base)
    if COUNT.search(query.resolved) and kind is UnitKind.PERCENT:
        return True
    counted = COUNTED.search(query.resolved)
    if counted is None:
        return False
    if counted["households"]:
        return "户" not in figure.unit_base
    wanted = {
        "people": {UnitKind.PEOPLE},
        "area": {UnitKind.AREA},
        "length": {UnitKind.LENGTH},
        "money": {UnitKind.MONEY, UnitKind.PERCENT},
    }
    return next(kind not in kinds for group, kinds in wanted.items() if counted[group])


def is_stock_for_gain(query: Query, figure: Figure, letter: Letter) -> bool:
    """Whether 新增 is asked for and the figure is what there was at a year's end."""
    if query.intent is Intent.COMPARE or query.language != "zh" or not GAIN.search(query.resolved) or not AT_END.search(figure.period):
        return False
    return (
        not re.search(r"新增|净增|新建|增加|建成|新", f"{figure.name}{_clause_of(figure, letter)}") and figure.status is not Status.TARGET
    )


def _clause_of(figure: Figure, letter: Letter) -> str:
    """The words around a figure up to the next commas, with its caption and the head of its column."""
    sentence = letter.sentences[figure.sentence]
    at = figure.start - sentence.start
    left = max(sentence.text.rfind(mark, 0, at) for mark in "，；。：") + 1
    ends = [end for end in (sentence.text.find(mark, at) for mark in "，；。") if end >= 0]
    head = letter.sentences[figure.header].text if figure.header is not None else ""
    return f"{sentence.text[left : min(ends, default=len(sentence.text))]}{sentence.caption or ''}{head}"


@lru_cache(maxsize=1)
def _contrasts() -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """Groups of members that rule one another out: member → its wordings."""
    rows = (filter(None, cells) for cells in read_rows("contrasts.tsv", MEMBERS))
    return tuple({(words := tuple(cell.split("|")))[0]: words for cell in cells} for cells in rows)
