"""Text and history → Query: language, intent, years, places, departments, status and the indicators asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag import asking
from rag.names import COMMON_PLACE_WORDS, Known, blank_departments, find_departments, find_places, kind_of_place, pinyin_words
from rag.periods import Periods, read_periods
from rag.qualifiers import raw_qualifiers
from rag.records import Intent, Measure, Query, Status, Topic, Turn
from rag.script import normalise, to_simplified
from rag.terms import Lexicon, english_words, load_lexicon, stem

CHINESE = re.compile(r"[\u4e00-\u9fff]")
DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,10}[〔\[（(【]\s*20\d\d\s*[〕\]）)】]\s*第?\s*\d+\s*号")
PROPOSAL = re.compile(r"第\s*(\d{1,5})\s*号|(?<!\d)(\d{1,5})\s*号(?:提案|建议|议案)|\bno\.?\s*(\d{1,5})\b", re.IGNORECASE)
LEVEL = re.compile(
    r"(?:全|我|本|该)(?P<a>[市省区县])(?!场|区)|(?P<b>[市省区县])(?:里|级(?=层面|财政)|本级)|(?P<c>[省市])(?=[\u4e00-\u9fff]{1,6}(?:厅|委|局))|(?P<d>省)(?=.{0,3}层面)"
)
ENGLISH_LEVEL = re.compile(
    r"\b(?P<word>provincial|province|province-wide|city-wide|citywide|municipal|district-wide|county-wide)\b", re.IGNORECASE
)
SPLIT = re.compile(r"[，,；;。?？]|(?:以及|并且)|、(?=(?:多少|几))|(?<=多少)(?:和|、)|,? and (?=how|what)")
ENGLISH_KEEP_CASE = re.compile(r"\s+")


def detect_language(text: str) -> str:
    """English when Latin words outweigh Chinese characters."""
    words = re.findall(r"[A-Za-z]{2,}", text)
    return "en" if (len(words) >= 3 and 2 * len(words) > len(CHINESE.findall(text))) or (words and not CHINESE.search(text)) else "zh"


def understand(question: str, history: Sequence[Turn], known: Known, today: date, home: str = "") -> Query:
    """Read a question; what a follow-up leaves out comes from the turns before it."""
    query = _understand_alone(question, known, today, home)
    if not history:
        return query
    before = understand(history[-1].question, history[:-1], known, today, home)
    return _fill_in(query, before) if _is_follow_up(query) else query


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
    return replace(query, topics=_topics(periods.rest, query, english))


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    chars = list(text)
    for start, end in spans:
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
        # 计划…已… and “did … plan”: the word of intention decides
        actual = []
    order = sorted(found + actual)
    statuses = tuple(dict.fromkeys(status for _, status in order))
    if not statuses and periods.years and max(periods.years) < today.year and asking.HAVE.search(cleaned):
        return (Status.ACTUAL,) if re.search(r"有|共|占|have|were|had", cleaned, re.IGNORECASE) else ()
    return statuses


# ------------------------------------------------------------------ what is asked for


def _topics(rest: str, query: Query, english: bool) -> tuple[Topic, ...]:
    """One topic for each clause that asks; a clause that only sets the scene goes to the next as context."""
    clauses = [c.strip() for c in SPLIT.split(rest) if c and c.strip()]
    asking_ones = [c for c in clauses if asking.HOW_MANY.search(c)]
    if query.intent is Intent.VALUE and len(asking_ones) >= 2:
        return _several_topics(clauses, english)
    topic = _topic(rest, english)
    return (topic,)


def _several_topics(clauses: Sequence[str], english: bool) -> tuple[Topic, ...]:
    topics: list[Topic] = []
    scene = ""
    for clause in clauses:
        if not asking.HOW_MANY.search(clause):
            scene = f"{scene} {clause}".strip()
            continue
        topic = _topic(f"{scene} {clause}".strip(), english)
        scene = ""
        if topics:
            topic = with_context(topic, topics[0])
        topics.append(topic)
    return tuple(topics)


def with_context(topic: Topic, earlier: Topic) -> Topic:
    """A topic that only narrows or counts (其中普惠的, 多少户) is about the thing asked before."""
    context = f"{earlier.terms} {earlier.context}".strip()
    own = topic.terms
    for q in load_lexicon().qualifiers:
        own = q.pattern.sub("", own)
    if len(own.replace(" ", "")) > 1 or not context:
        return replace(topic, context=context)
    kinds = {q.kind for q in load_lexicon().qualifiers if q.pattern.search(topic.terms)}
    for q in load_lexicon().qualifiers:
        if q.kind in kinds:
            context = q.pattern.sub(" ", context)
    terms = " ".join(f"{topic.terms} {context}".split())
    return replace(topic, terms=terms, text=f"{topic.text} {earlier.text}".strip(), context=context)


def _topic(clause: str, english: bool) -> Topic:
    lexicon = load_lexicon()
    if english:
        return _english_topic(clause, lexicon)
    unit = _asked_unit(clause)
    clause = re.sub(r"[（(](?:含|包括)[^）)]*[）)]", " ", clause)
    asked = lexicon.canonical(re.sub(r"[?？。！!，,]", " ", _share_of(clause)))
    terms = strip_filler(asked, lexicon)
    text = re.sub(r"\s+", "", strip_filler(clause, lexicon))
    return Topic(
        text=text,
        terms=terms,
        unit_kind=_unit_kind(clause, unit, lexicon),
        unit=unit,
        measure=_measure(clause),
        asked=f"{asked} {raw_qualifiers(clause)}".strip(),
    )


def _share_of(clause: str) -> str:
    """甲占乙的几成 names the indicator 甲占比."""
    return re.sub(r"占(?:了)?(?:全部|所有)?[\u4e00-\u9fff]{0,8}?的?(?:百分之几|几成几?|百分比|多少(?=[?？]?$))", "占比多少", clause)


def strip_filler(text: str, lexicon: Lexicon) -> str:
    """Take out what does not name an indicator; canonical terms stay whole."""
    text = asking.MEASURE_AFTER.sub(" ", COMMON_PLACE_WORDS_TO_DROP.sub(" ", text))
    text = re.sub(r"[?？。！!，,；;:：、()（）“”\"《》]", " ", text)
    out = []
    for part in text.split():
        out.append(part if part in lexicon.literals else _strip_words(part))
    parts = " ".join(out).split()
    # 老旧小区改造 … 小区: what a longer part has said already
    return " ".join(p for p in parts if not any(len(p) > 1 and p != other and p in other for other in parts))


def _strip_words(part: str) -> str:
    """Take filler out between whole words: the 定 of 定点 and the 能 of 技能 are none."""
    pieces = asking.WHOLE_WORDS.split(part)
    return "".join(piece if index % 2 else asking.FILLER.sub(" ", piece) for index, piece in enumerate(pieces))


COMMON_PLACE_WORDS_TO_DROP = re.compile(
    r"全市|我市|我省|我区|我县|本区|本县|全省|全区|全县|该市|该区|该县|各县区|各县市区|各区县|各县|各区|各市"
)


def _asked_unit(clause: str) -> str:
    match = asking.MEASURE_AFTER.search(clause)
    if not match:
        return ""
    unit = match["unit"] or ""
    return {"亿": "元", "钱": "元", "块钱": "元", "点": "个百分点"}.get(unit, unit)


def _unit_kind(clause: str, unit: str, lexicon: Lexicon) -> str | None:
    if re.search(r"百分之几|占比|比例|比重|几成|占多少|强度|率(?:是|为|要|达|目标|的|$|多少|呢)|占几", clause) and unit in (
        "",
        "成",
        "个百分点",
    ):
        return "percent"
    if re.search(r"投资|花.{0,3}钱|多少钱|经费|补贴|补助|奖励|产值|收入", clause) and unit in ("", "元"):
        return "money" if unit == "元" or re.search(r"投资多少|多少钱", clause) else None
    if re.search(r"多长", clause):
        return "length"
    return lexicon.unit_kind(unit) if unit else None


def _measure(clause: str) -> Measure:
    if asking.COMPLETION_RATE.search(clause):
        return Measure.COMPLETION
    return Measure.CHANGE if asking.GROWTH.search(clause) else Measure.LEVEL


def _english_topic(clause: str, lexicon: Lexicon) -> Topic:
    stop = {stem(w) for w in asking.STOP_ENGLISH}
    chinese = " ".join(re.findall(r"[\u4e00-\u9fff][\u4e00-\u9fff0-9A-Z]*", clause))
    latin = re.sub(r"[（(]?[\u4e00-\u9fff]+[^A-Za-z]*[)）]?", " ", clause)
    terms, left = lexicon.translate(latin)
    terms += _english_gain(latin, terms, lexicon)
    words = [w for w in english_words(latin) if w not in stop]
    canonical = " ".join([*terms, strip_filler(lexicon.canonical(chinese), lexicon)]).strip()
    return Topic(
        text=" ".join(words),
        terms=canonical,
        unit_kind=_english_unit(latin, lexicon),
        measure=_measure(clause),
        asked=f"{latin} {canonical} {' '.join(w for w in left if w not in stop)}",
    )


def _english_gain(text: str, terms: Sequence[str], lexicon: Lexicon) -> list[str]:
    """new, built, recruited … as the Chinese word that such a name would have; the longest wording counts."""
    found = [
        (q.word in ("新增", "净增", "累计"), len(m.group(0)), q.word)
        for q in lexicon.qualifiers
        if q.kind == "gain" and (m := q.english.search(text))
    ]
    word = max(found)[2] if found else ""
    return [word] if word and word != "总数" and not any(word in term for term in terms) else []


def _english_unit(text: str, lexicon: Lexicon) -> str | None:
    lower = text.lower()
    if re.search(
        r"what (?:share|proportion|percentage|percent|fraction)|percentage points?|share of|percentage of|proportion of|\brate\b", lower
    ):
        return "percent"
    if re.search(r"\bhow long (?:is|are|was|were|will)\b", lower) and not re.search(r"take|last|until", lower):
        return "length"
    if re.search(r"how much (?:money|will|did|does|is|was)|\bcosts?\b|\byuan\b|how much .* (?:spend|spent|invest)", lower):
        return "money" if re.search(r"cost|spen[dt]|invest|yuan|money|fund", lower) else None
    match = re.search(r"how (?:many|much) ((?:[a-z&.\d,'-]+ ?){1,6})", lower)
    if not match:
        return None
    words = english_words(match.group(1))
    for kind in lexicon.units:
        if (
            words
            and words[0] in {english_words(e)[0] for e in kind.english if " " not in e}
            and kind.kind in {"length", "area", "mass", "volume", "energy", "money"}
        ):
            return kind.kind
    if words and words[0] in ("square", "cubic"):
        return "area" if words[0] == "square" else "volume"
    return "count" if match.group(0).startswith("how many") else None


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
