"""What a correction corrects: “全市幼儿8.2万人”更正为“7.9万人” names the new value by the words of the old statement."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.figures.names import add_count, strip_left, strip_right, tidy
from rag.records import Figure, Status

_INSTEAD = r"(?:应更正为|应改为|应为|更正为|修正为|订正为|实为)"
_CORRECTION = re.compile(
    rf"(?:“(?P<old>[^“”]*\d[^“”]*)”|(?P<name>[\u4e00-\u9fff\d]{{2,20}}?)由“[^“”]*\d[^“”]*”)[^“”。；]{{0,16}}?{_INSTEAD}“?(?P<new>[^“”。；，]*\d[^“”。；，]*)"
)
_YEAR = re.compile(r"((?:19|20)\d\d)年(?:[底末初]|度)?")
# A name that names nothing: what was counted before is meant.
_BARE = re.compile(r"(?:新增|净增|累计)?(?:总)?(?:数量?|量|规模)?(?:达到?)?")
_GAIN = re.compile(r"^(?:新增|净增|累计|年末|现有)|(?:新增|净增|累计|总)?数?$")


def name_corrected(text: str, start: int, figures: Sequence[Figure], named: Mapping[str, str]) -> list[Figure]:
    """Give the new values of a sentence's corrections their names and years.

    Args:
        text: the sentence.
        start: its offset in the letter, from which the figures' offsets count.
        figures: of the sentence, as read.
        named: unit → the name of what the letter last counted in it.
    """
    found = list(figures)
    for match in _CORRECTION.finditer(text):
        for index, figure in enumerate(found):
            if match.start("new") <= figure.start - start < match.end("new"):
                found[index] = _renamed(figure, match, text[match.start("new") : figure.start - start], named)
    return found


def _renamed(figure: Figure, match: re.Match[str], before: str, named: Mapping[str, str]) -> Figure:
    said = match["old"] or match["name"]
    name = _name_in(before) or _name_in(said if match["name"] else re.split(r"\d", _YEAR.sub("", said))[0])
    if _BARE.fullmatch(name):
        if figure.unit_base not in named:
            return figure
        name = name_bare(name, named[figure.unit_base])
    year = _YEAR.search(before) or _YEAR.search(said)
    told = int(year[1]) if year else figure.year
    status = Status.TARGET if re.search(r"目标|计划|力争|预期", f"{said}{before}") else figure.status
    return replace(figure, name=add_count(tidy(name), figure.unit), year=told, status=status, revoked=False)


def _name_in(text: str) -> str:
    return strip_right(strip_left(_YEAR.sub("", text)))


def name_bare(name: str, counted: str) -> str:
    """总数, 新增数 → the name of what was counted before, with what the bare word adds to it."""
    gain = re.match(r"新增|净增|累计", name)
    return (gain[0] if gain else "") + _GAIN.sub("", _GAIN.sub("", counted))


def is_bare(name: str) -> bool:
    """Whether a name names nothing: 总数, 新增数."""
    return bool(_BARE.fullmatch(name))
