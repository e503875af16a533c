"""Text and history → Query: language, intent, years, places, departments, status and the indicators asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag import asking
from rag.indicators import read_topics, strip_filler, with_context
from rag.names import COMMON_PLACE_WORDS, Known, blank_departments, find_departments, find_places, kind_of_place, pinyin_words
from rag.periods import Periods, read_periods
from rag.records import Intent, Query, Status, Topic, Turn
from rag.script import normalise, to_simplified

CHINESE = re.compile(r"[\u4e00-\u9fff]")
DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,10}[〔\[（(【]\s*20\d\d\s*[〕\]）)】]\s*第?\s*\d+\s*号")
PROPOSAL = re.compile(r"第\s*(\d{1,5})\s*号|(?<!\d)(\d{1,5})\s*号(?:提案|建议|议案)|\bno\.?\s*(\d{1,5})\b", re.IGNORECASE)
# 岫川市级事项, 岫川市本级事项: its last word is the place's, not the indicator's.
OF_THE_PLACE_ITSELF = re.compile(r"(?<=[市省区县])本?级(?!别|以上|联)")
LEVEL = re.compile(
    r"(?:全|我|本|该)(?P<a>[市省区县])(?!场|区)|(?P<b>[市省区县])(?:里|级(?=层面|财政)|本级)|(?P<c>[省市])(?=[\u4e00-\u9fff]{1,6}(?:厅|委|局))|(?P<d>省)(?=.{0,3}层面)"
)
ENGLISH_LEVEL = re.compile(
    r"\b(?P<word>provincial|province|province-wide|city-wide|citywide|municipal|district-wide|county-wide)\b", re.IGNORECASE
)
ENGLISH_KEEP_CASE = re.compile(r"\s+")


def detect_language(text: str) -> str:
    """English when Latin words outweigh Chinese characters."""
    words = re.findall(r"[A-Za-z]{2,}", text)
    return "en" if (len(words) >= 3 and 2 * len(words) > len(CHINESE.findall(text))) or (words and not CHINESE.search(text)) else "zh"


def understand(question: str, history: Sequence[Turn], known: Known, today: date, home: str = "") -> Query:
    """Read a question; what a follow-up leaves out comes from the turns before it."""
    query = _understand_alone(question, known, today, home)
    if history and _is_follow_up(query):
        query = _fill_in(query, understand(history[-1].question, history[:-1], known, today, home))
    if not query.years and re.match("first|second|quarter|month", query.part):
        return replace(query, years=(today.year,))  # 上半年 alone is this year's
    return query


def _understand_alone(question: str, known: Known, today: date, home: str) -> Query:
    text = normalise(to_simplified(question)).strip()
    language = detect_language(text)
    english = language == "en"
    doc_numbers = tuple(m.group(0) for m in DOC_NUMBER.finditer(text))
    plain = DOC_NUMBER.sub(" ", text)
    proposals = tuple(next(g for g in m.groups() if g) for m in PROPOSAL.finditer(plain))
    places = find_places(plain, known, english)
    departments = find_departments(plain, english)
    blank = _blank(plain, places.spans)
    level = _level(blank, english)
    periods = read_periods(blank_departments(PROPOSAL.sub(" ", blank), english), today)
    intent = _intent(text, periods, len(places.known))
    query = Query(
        question=text,
        resolved=text,
        language=language,
        intent=intent,
        years=periods.years,
        plan=periods.plan,
        part=periods.part,
        between=periods.between,
        places=places.known,
        unknown_places=places.unknown,
        level=level,
        home=home or known.home,
        home_set=bool(home) or known.home_set,
        departments=departments,
        statuses=_statuses(text, periods, today),
        names=tuple(w for w in pinyin_words(blank) if w not in places.unknown) if english else (),
        doc_numbers=doc_numbers,
        proposal_numbers=proposals,
        today=today,
    )
    return replace(query, topics=read_topics(periods.rest, query, english))


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    chars = list(text)
    for start, end in spans:
        if match := OF_THE_PLACE_ITSELF.match(text, end):
            end = match.end()
        chars[start:end] = " " * (end - start)
    return "".join(chars)


def _level(text: str, english: bool) -> str:
    if english:
        match = ENGLISH_LEVEL.search(text)
        if not match:
            return ""
        word = match["word"].lower()
        return "省" if word.startswith("provinc") else "区" if word.startswith("district") else "县" if word.startswith("county") else "市"
    match = LEVEL.search(text)
    return next((g for g in match.groups() if g), "") if match else ""


def _intent(text: str, periods: Periods, place_count: int) -> Intent:
    numeric = bool(asking.NUMERIC.search(text))
    two = len(periods.years) >= 2 or place_count >= 2
    if asking.WHY.search(text):
        return Intent.WHY
    if asking.OVER_YEARS.search(text) and not periods.years and (numeric or asking.TREND.search(text) or _is_noun_phrase(text)):
        return Intent.LIST
    if _is_comparison(text, numeric, two):
        return Intent.COMPARE
    if asking.DOCUMENT.search(text):
        return Intent.DOCUMENT
    if asking.WHO.search(text):
        return Intent.WHO
    if asking.WHERE.search(text):
        return Intent.WHERE
    if asking.WHEN.search(text):
        return Intent.WHEN
    if asking.COMPLETION.search(text):
        return Intent.COMPLETION
    if asking.YES_NO.search(text) and not re.search(r"多少|几(?:个|家|人)|how (?:many|much)", text, re.IGNORECASE):
        return Intent.YES_NO
    return _quantity_intent(text, numeric)


def _is_comparison(text: str, numeric: bool, two: bool) -> bool:
    if not (asking.COMPARE.search(text) or (two and asking.WEAK_COMPARE.search(text))) or asking.DOCUMENT.search(text):
        return False
    return (numeric or two or bool(asking.YES_NO.search(text))) and (two or not _only_completion(text))


def _only_completion(text: str) -> bool:
    return bool(asking.COMPLETION.search(text)) and not re.search(r"多少|几(?!乎)|差|how (?:much|many)", text, re.IGNORECASE)


def _quantity_intent(text: str, numeric: bool) -> Intent:
    if asking.LIST.search(text) and (numeric or asking.GENERIC_LIST.search(text)) and not re.search(r"哪些(?:措施|做法|办法)", text):
        return Intent.LIST
    if asking.HOW.search(text) and not re.search(r"多少|how (?:many|much)", text, re.IGNORECASE):
        return Intent.HOW
    if numeric or re.search(r"呢[?？]?$|^(?:and|what about|how about)", text, re.IGNORECASE) or _is_noun_phrase(text):
        return Intent.VALUE
    return Intent.OTHER


def _is_noun_phrase(text: str) -> bool:
    """2023年新增孵化面积: a bare indicator asks for its value."""
    return len(text) <= 40 and not re.search(
        r"什么|怎|哪|如何|介绍|谈谈|说说|统筹|意见|情况|你|吗|\b(?:tell|describe|who|which|why|hello|hi|you)\b", text, re.IGNORECASE
    )


def _statuses(text: str, periods: Periods, today: date) -> tuple[Status, ...]:
    """Statuses asked for, in order of mention."""
    cleaned = asking.NO_TARGET.sub("", text)
    found = [(m.start(), Status.TARGET) for m in asking.TARGET.finditer(cleaned)]
    actual = [(m.start(), Status.ACTUAL) for m in asking.ACTUAL.finditer(cleaned)]
    if found and actual and not re.search(r"实际|actual|而|完成|达到了|did .* (?:add|meet|reach)|than it|against", cleaned, re.IGNORECASE):
        if len(periods.years) > 1 and periods.years[0] < today.year <= periods.years[-1]:
            return ()  # results of the years gone by and the plan for the next
        # 计划…已… and “did … plan”: the word of intention decides
        actual = []
    order = sorted(found + actual)
    statuses = tuple(dict.fromkeys(status for _, status in order))
    if not statuses and periods.years and max(periods.years) < today.year and asking.HAVE.search(cleaned):
        return (Status.ACTUAL,) if re.search(r"有|共|占|了(?:多少|几)|have|were|had", cleaned, re.IGNORECASE) else ()
    return statuses


# ------------------------------------------------------------------ follow-ups


def _is_follow_up(query: Query) -> bool:
    if asking.FOLLOW_UP.search(query.question):
        return True
    topic = query.topics[0] if query.topics else None
    return len(query.question) <= 12 or topic is None or not (topic.terms or topic.text)


def _fill_in(query: Query, before: Query) -> Query:
    """Take from the turn before what this one leaves out."""
    own = query.topics[0] if query.topics else Topic("", "")
    earlier = before.topics[0] if before.topics else Topic("", "")
    bare = _is_bare(own, query.language)
    part_of = bool(asking.PART_OF.search(query.question))
    if bare:
        topics: tuple[Topic, ...] = before.topics
        if own.unit_kind and own.unit_kind != earlier.unit_kind:
            topics = (replace(earlier, unit_kind=own.unit_kind, unit=own.unit),)
    else:
        topics = tuple(with_context(t, earlier) for t in query.topics)
    intent = query.intent
    if bare and intent in (Intent.VALUE, Intent.OTHER) and before.intent in (Intent.VALUE, Intent.COMPLETION, Intent.LIST):
        intent = before.intent
    inherits_place = not (query.places or query.unknown_places or query.level)
    years = query.years or (before.years if not query.plan else query.years)
    shift = next((step for pattern, step in asking.YEAR_SHIFTS if pattern.search(query.question)), 0)
    if shift and before.years:
        years = (before.years[-1] + shift,)
    statuses = query.statuses or (before.statuses if bare or part_of else ())
    return replace(
        query,
        topics=topics,
        intent=intent,
        years=years,
        plan=query.plan or (before.plan if not query.years else None),
        part=query.part or (before.part if not query.years else ""),
        places=query.places if not inherits_place else before.places,
        unknown_places=query.unknown_places if not inherits_place else before.unknown_places,
        level=query.level or (before.level if inherits_place else ""),
        departments=query.departments or (before.departments if inherits_place else ()),
        statuses=statuses,
        doc_numbers=query.doc_numbers or before.doc_numbers,
        proposal_numbers=query.proposal_numbers or before.proposal_numbers,
        resolved=f"{before.resolved} {query.question}",
        follow_up=True,
        language=query.language,
    )


def _is_bare(topic: Topic, language: str) -> bool:
    if language == "en":
        return not topic.terms and len([w for w in topic.text.split() if w not in {"and", "then", "so", "one"}]) <= 1
    return len(topic.terms.replace(" ", "")) <= 1


def place_kind(query: Query) -> str:
    """The level that a question names: by place or by word."""
    return kind_of_place(query.places[0]) if query.places else query.level


__all__ = ["COMMON_PLACE_WORDS", "detect_language", "place_kind", "strip_filler", "understand"]
