"""The indicators that a question asks for: one topic for each clause or name that asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag import asking
from rag.qualifiers import raw_qualifiers
from rag.records import Intent, Measure, Query, Topic
from rag.segment import word_borders
from rag.terms import Lexicon, english_words, load_lexicon, stem

SPLIT = re.compile(r"[，,；;。?？]|(?:以及|并且)|、(?=(?:多少|几))|(?<=多少)(?:和|、)|,? and (?=how|what)")


def read_topics(rest: str, query: Query, english: bool) -> tuple[Topic, ...]:
    """One topic for each clause that asks; a clause that only sets the scene goes to the next as context."""
    clauses = [c.strip() for c in SPLIT.split(rest) if c and c.strip()]
    asking_ones = [c for c in clauses if asking.HOW_MANY.search(c)]
    if query.intent is Intent.VALUE and len(asking_ones) >= 2:
        return _several_topics(clauses, english)
    named = _side_by_side(rest) if query.intent in (Intent.LIST, Intent.VALUE) and not english else []
    if len(named) > 1:
        return tuple(_topic(name, english) for name in named)
    if query.intent is Intent.COMPARE:
        rest = asking.CHANGED_BY.sub(" ", rest)
    topic = _topic(rest, english)
    return (topic,)


SIDE_BY_SIDE = re.compile(
    r"(?P<names>[^，,。；;？?]*[、和与及][^，,。；;？?]*?)(?:的?(?:目标|指标|计划|任务)数?)?(?:各(?:自)?|分别)(?:是|为|有|要|达)?(?:多少|几|什么|$)"
)


def _side_by_side(text: str) -> list[str]:
    """甲、乙和丙各是多少: each is an indicator of its own, unless they are only parts of one."""
    match = SIDE_BY_SIDE.search(text)
    if not match:
        return []
    names = [n.strip(" 的") for n in re.split(r"、|以及|和(?![谐解美])|与|及(?![时以])", match["names"])]
    lexicon = load_lexicon()
    plain = [lexicon.canonical(n) for n in names]
    qualifiers = {q.word for q in lexicon.qualifiers}
    if any(len(n) < 2 for n in names) or not all(any(w in lexicon.literals and w not in qualifiers for w in p.split()) for p in plain):
        return []
    return names


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
    if asking.PART_OF.search(topic.asked):
        context = asking.GAINS.sub(" ", context).strip()  # of what is added, a part: its name says the part only
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
    clause = asking.OVER_YEARS.sub(" ", clause)
    unit = _asked_unit(clause)
    clause = asking.SPENT.sub("投资", clause)
    measure = _measure(clause)
    if measure is Measure.CHANGE:
        clause = asking.GROWTH_WORDS.sub(" ", clause)
    clause = re.sub(r"[（(](?:含|包括)[^）)]*[）)]", " ", clause)
    bare = re.sub(r"[（(][^）)]*[）)]", " ", clause)
    aside = clause if len(re.findall(r"[\u4e00-\u9fff]", strip_filler(bare, lexicon))) < 2 else bare
    asked = lexicon.canonical(re.sub(r"[?？。！!，,]", " ", _share_of(clause)))
    # what stands in brackets narrows, but names no indicator
    terms = strip_filler(lexicon.canonical(re.sub(r"[?？。！!，,]", " ", _share_of(aside))), lexicon)
    text = re.sub(r"\s+", "", strip_filler(aside, lexicon))
    return Topic(
        text=text,
        terms=terms,
        unit_kind=_unit_kind(clause, unit, lexicon),
        unit=unit,
        measure=measure,
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
    """Take filler out that is whole words: the 定 of 定点 and the 共 of 公共 are none."""
    borders = word_borders(part)

    def drop(match: re.Match[str]) -> str:
        return " " if match.start() in borders and match.end() in borders else match.group(0)

    return asking.FILLER.sub(drop, part)


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
    if re.search(r"投资|花.{0,3}钱|多少钱|经费|补贴|补助|奖励|产值|收入|金[^，]{0,6}[发给]", clause) and unit in ("", "元"):
        return (
            "money"
            if unit == "元"
            or (
                re.search(
                    r"投资多少|多少钱|(?:投资|收入|支出|产值)(?:是|为|有|达到?)?多少|[补贴助励金][^，]{0,6}[发给补](?:放|贴)?(?:多少|几)(?!人|户|家|个|名)",
                    clause,
                )
                and not asking.GROWTH.search(clause)
            )
            else None
        )
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
    measure = _measure(clause)
    if measure is Measure.CHANGE:
        latin = asking.GROWTH_WORDS.sub(" ", latin)
    terms, left = lexicon.translate(latin)
    terms += _english_gain(latin, terms, lexicon)
    words = [w for w in english_words(latin) if w not in stop]
    canonical = " ".join([*terms, strip_filler(lexicon.canonical(chinese), lexicon)]).strip()
    return Topic(
        text=" ".join(words),
        terms=canonical,
        unit_kind=_english_unit(latin, lexicon),
        measure=measure,
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


PERSON_WORDS = frozenset(["people", "person", "worker", "staff", "employee"])


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
    if words and words[0] in PERSON_WORDS:
        return "people"
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
