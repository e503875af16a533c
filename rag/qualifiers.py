"""Words that narrow an indicator (普惠, 国家级, 新增, 小学 …): what is asked for must be there, what is there should be asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.match import Surroundings, canonical_name
from rag.records import Figure, Measure, Topic
from rag.terms import Qualifier, load_lexicon

# Words that, right before the number, belong to the name.
CLOSE_WORDS = frozenset({"新增", "净增", "累计", "总数"})
# Verbs that a name often leaves out.
WEAK_GAINS = frozenset({"新建", "改造", "更新", "引进", "招聘", "培训", "淘汰", "入库", "总数", "取消"})
TOTAL = ("gain", "总数")
NEW_GAIN = ("gain", "新增")
ADDING = re.compile(r"加装|新装|新开|增开|新设")
# What a qualifier costs that the name has and nobody asked for.
EXTRA = {
    "gain": 0.1, "school": 0.14, "sector": 0.2, "level": 0.15, "road": 0.15, "area": 0.06, "people": 0.08, "per": 0.2, "time": 0.1, "rate": 0.5,
    "form": 0.1, "control": 0.1, "insured": 0.06, "cover": 0.06, "phase": 0.1,
}  # fmt: skip


@lru_cache(maxsize=100_000)
def qualifiers_of(text: str) -> frozenset[tuple[str, str]]:
    """(class, word) of each qualifier in a Chinese text; a word inside a longer one of its class does not count."""
    return frozenset(_scan(text, load_lexicon().qualifiers))


def _scan(text: str, qualifiers: Iterable[Qualifier]) -> list[tuple[str, str]]:
    spans: list[tuple[int, int, str, str]] = []
    for q in qualifiers:
        for m in q.pattern.finditer(text):
            spans.append((m.start(), m.end(), q.kind, q.word))
    kept = [
        s
        for s in spans
        if not any(o[2] == s[2] and o[3] != s[3] and o[0] <= s[0] and s[1] <= o[1] and o[1] - o[0] > s[1] - s[0] for o in spans)
    ]
    return [(kind, word) for _, _, kind, word in kept]


@lru_cache(maxsize=100_000)
def raw_qualifiers(text: str) -> str:
    """Words such as 日均 and 每万人 of a text: canonical terms may have swallowed them."""
    return " ".join(sorted({word for kind, word in qualifiers_of(text) if kind in ("time", "per", "control") or word == "总数"}))


def asked_qualifiers(topic: Topic, english: bool) -> frozenset[tuple[str, str]]:
    """Qualifiers of a question's topic."""
    found = set(qualifiers_of(f"{topic.terms} {re.sub('国家级及?以上|省级及?以上', '', topic.asked) if not english else ''}"))
    if english:
        found |= {(q.kind, q.word) for q in load_lexicon().qualifiers if q.english.search(topic.asked)}
    return frozenset(found)


def qualifier_penalty(asked: frozenset[tuple[str, str]], figure: Figure, around: Surroundings | None) -> float:
    """What is to be taken off for qualifiers that differ; 1 or more means that the figure cannot be meant."""
    name = f"{canonical_name(figure.name, figure.place or '')} {figure.group} {raw_qualifiers(figure.name)}"
    own = qualifiers_of(name) | (qualifiers_of(figure.subject) if figure.subject and figure.subject != figure.place else frozenset())
    if around and around.close:
        # 全年净增229家: the word right before the number belongs to the name, whatever the name was cut to
        close = {(k, w) for k, w in qualifiers_of(around.close) if k == "gain" and w in CLOSE_WORDS}
        if close and not any(k == "gain" for k, _ in own):
            own = own | close
        elif any(w in ("累计", "净增") for _, w in close):
            own = frozenset({(k, w) for k, w in own if k != "gain"} | close)
    if NEW_GAIN in asked and ADDING.search(figure.name):
        own = own | {NEW_GAIN}  # “lifts added”: the verb of the name says that they are new
    # a verb of the clause before belongs to another number
    near = frozenset((k, w) for k, w in qualifiers_of(around.near) if k != "gain") | qualifiers_of(around.close) if around else frozenset()
    far = qualifiers_of(around.far) if around else frozenset()
    if figure.measure is not Measure.LEVEL:
        # the measure says it already, whatever the words
        asked, own = (frozenset((k, w) for k, w in found if k != "rate") for found in (asked, own))
    penalty = 0.0
    if TOTAL in asked:
        # how many there are altogether: a running total says it, what is added in one year does not
        gains = {w for k, w in own if k == "gain"}
        said = around.close if around else ""
        penalty += (
            0.6
            if gains & {"新增", "净增"}
            and not re.search("总数|总量|累计|达到?", said)
            and not any(k == "gain" and w in ("新增", "净增") for k, w in asked)
            else 0.0
        )
        asked = asked - {TOTAL} if gains & {"累计", "总数"} else asked
        own = own - {("gain", "累计")}
    for kind in {k for k, _ in asked | own}:
        wanted = {w for k, w in asked if k == kind}
        present = {w for k, w in own if k == kind}
        extra = present - wanted
        if wanted:
            penalty += sum(_missing(kind, word, bool(extra), (kind, word) in near, (kind, word) in far) for word in wanted - present)
        else:
            penalty += sum(_extra(kind, w) for w in extra)
    return penalty


def _extra(kind: str, word: str) -> float:
    """What a qualifier costs that the name has and that nobody asked for."""
    if word in ("每千人", "每万人"):
        return 0.4  # 每万人公交专用道里程 is no length
    return 0.05 if (kind, word) in _wholes() else 0.0 if word == "总数" else EXTRA.get(kind, 0.1)


def _missing(kind: str, word: str, extra: bool, near: bool, far: bool) -> float:
    """What a qualifier costs that is asked for and that the name lacks; `extra`: the name has another of its class."""
    if (kind, word) in _wholes() and not extra:
        return 0.03 if near else 0.06 if far else 0.2
    if near:
        return 0.04 + (0.3 if extra and kind in ("school", "sector", "level", "road") else 0.0)
    if kind == "gain" and word in WEAK_GAINS and not extra:
        return 0.06
    if far:
        return 0.12 + (0.5 if extra else 0.0)
    if kind == "gain" and word in WEAK_GAINS:
        return 0.2
    if kind in ("people", "area", "form"):
        return (0.1 if kind == "people" else 0.2) + (0.3 if extra else 0.0)
    return 1.0 if extra else 0.45


@lru_cache(maxsize=1)
def _wholes() -> frozenset[tuple[str, str]]:
    return frozenset((q.kind, q.word) for q in load_lexicon().qualifiers if q.whole)
