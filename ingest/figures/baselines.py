"""Earlier and replaced values: 由5.2提高到6.4, 比2020年的3.1%, 原为5000个."""

from __future__ import annotations

import re

from ingest.figures import words
from ingest.figures.clauses import Mention
from ingest.figures.names import measure_of
from ingest.figures.periods import find_periods
from ingest.figures.view import SentenceView
from rag.records import Measure, Status

_FROM = re.compile(r"(?:由|从|将)[^，；]{0,26}$")
_SINCE_WHEN = re.compile(r"(?:由|从)(?P<when>[^，]{0,24})$")
_REPLACED = re.compile(r"(?:原为|误为|原计划|原定|原目标)[^，；]{0,8}$")
_OLD_LETTER = re.compile(r"(?:原(?:复函|答复|函|文|表|计划|定|为|规划))")
_NEW_VALUE = re.compile(r"更正为|应为|核定数|核实|正式下达|实为|经核|调整为|改为|修正为")


def judge_baseline(view: SentenceView, mention: Mention, status: Status, year: int | None) -> tuple[Status, int | None, bool]:
    """Return status and year, changed where the figure is an earlier value, and whether the letter revokes it."""
    own = view.own_text(mention)
    turn = words.TURN.match(mention.after)
    if turn and _FROM.search(own) and any(m.clause == mention.clause and m.quantity.start > mention.quantity.start for m in view.mentions):
        return _turned_from(view, own, turn[0], status, year)
    compared = words.COMPARED_WITH.search(own)
    if compared and not re.search(r"以上|以下", own[compared.start() :]):
        level = measure_of(mention.before, mention.quantity.unit_base) is Measure.LEVEL
        if level and not words.GOAL_NOUN.match(view.text[mention.quantity.end :]):
            planned = status is Status.TARGET and re.search(r"年初|计划", compared["when"])
            return (status, year, False) if planned else (Status.BASELINE, _compared_year(view, compared["when"], year), False)
    part = view.text.rfind("；", 0, mention.quantity.start) + 1
    confirmed = re.search(r"无误|准确|属实|正确|不作更正|不变", view.text[mention.quantity.end :])
    old = part == 0 and not confirmed and _OLD_LETTER.match(view.text) and not _NEW_VALUE.search(view.text[: mention.quantity.start])
    if old or _REPLACED.search(own):
        return Status.BASELINE, year, True
    return status, year, False


def _turned_from(view: SentenceView, own: str, turn: str, status: Status, year: int | None) -> tuple[Status, int | None, bool]:
    """A plan that is turned is revoked; a result that is turned was true the year before, unless the text tells when."""
    reset = bool(words.RESET.search(turn))
    planned = bool(re.search(r"计划|目标|规划|任务|预期", own)) or (status is Status.TARGET and reset)
    if words.CORRECTED.search(turn) or (reset and planned) or (planned and re.search(r"(?:计划|目标)[由从]", own)):
        return Status.BASELINE, year, True
    match = _SINCE_WHEN.search(own)
    told = next((p.year for p in find_periods(match["when"], view.flow.year) if p.year), None) if match else None
    if told is not None:
        return Status.BASELINE, told, False
    return Status.BASELINE, year if year is None or re.search(r"改造前|年初|期初", own) else year - 1, False


def _compared_year(view: SentenceView, when: str, year: int | None) -> int | None:
    """The year of 比2021年的, 较上年的, 比年初的."""
    told = next((p.year for p in find_periods("比" + when, view.flow.year) if p.year), None)
    if year is not None and (when.startswith("上年") or "同期" in when):
        return told if told is not None and "上年" not in when else year - 1
    return told if told is not None else year
