"""Figures that are only a part of what is asked: the subsidised places of all places, a year's gain of the stock, a share of a count."""

from __future__ import annotations

import re

from rag.records import Figure, Intent, Measure, Query
from rag.terms import load_lexicon
from rag.topic import plain

# Words that take a part out of an indicator. Each holds only where neither the question nor what it means has it.
PART = re.compile(
    r"普惠|小学|初中|高中|幼儿园|农村|退役军人|残疾人|重点人群|过夜|入境|配售型|高校毕业生|公办|民办|小微|外资|女性|低保|脱贫|留守|国家级|省级(?!以上)"
)
SHARE_NAME = re.compile(r"(?:占比|比重)$")
SHARE_ASKED = re.compile(r"占|比|率|重|成|%|百分|强度|份额|几分")
ENGLISH_SHARE = re.compile(
    r"share|per ?cent|%|\b(?:rates?|ratio)\b|proportion|intensity|fraction|part of|how (?:much|many) of|relative|coverage", re.IGNORECASE
)
GAIN_NAME = re.compile(r"净增|新增|新建|增加")
STOCK_ASKED = re.compile(r"(?:一?共|总共|现|目前|年?[底末](?:全[市县区省])?[^，。？?]{0,8})有(?:多少|几)|总数")


def is_part_of_what_is_asked(query: Query, figure: Figure) -> bool:
    """Whether a figure tells of less than a question for one value asks for; of an English one only shares are told from counts."""
    if query.intent is not Intent.VALUE or figure.measure is not Measure.LEVEL or query.follow_up:
        return False
    if query.language == "en":
        return bool(SHARE_NAME.search(figure.name)) and not ENGLISH_SHARE.search(query.resolved)
    asked = plain(f"{query.resolved}{load_lexicon().canonical(query.resolved)}{''.join(t.terms for t in query.topics)}")
    name = f"{figure.name}{figure.group}"
    if any(word not in asked for word in PART.findall(name)):
        return True
    if SHARE_NAME.search(figure.name) and not SHARE_ASKED.search(asked):
        return True
    return bool(
        GAIN_NAME.search(figure.name) and STOCK_ASKED.search(asked) and not re.search(r"新增|净增|新建|新设|增加|增长|建", query.resolved)
    )
