"""How well a figure's name answers the indicator that a question asks for."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.names import short_name, syllables
from rag.records import Figure, Topic
from rag.terms import load_lexicon

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

RUN = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z][A-Za-z0-9.&]*|[0-9]+(?:\.[0-9]+)?")
# Words of a name that say nothing of what it measures.
NAME_NOISE = re.compile(
    r"目标值?|计划数?|任务数?|年度|预期|实际|全市|全省|全区|全县|指标|总?数$|数量$|(?<=.)情况|有效期内|每年(?=的)|共有|其中|的"
)
UNIGRAM_WEIGHT = 0.35
UNKNOWN_WEIGHT = 0.6  # a feature that no name of the store has: filler, most often
CONTEXT_SHARE = 0.55  # what a hit in the sentence around is worth, against one in the name
SAME_COUNTS = ({"家", "所", "处", "座", "站"}, {"台", "部"}, {"套", "间", "套（间）", "套(间)"}, {"辆"}, {"条"}, {"项", "件"}, {"只", "支"})


@lru_cache(maxsize=100_000)
def features(canonical: str) -> frozenset[str]:
    """Character bigrams and single characters of canonical text; Latin words whole."""
    found: set[str] = set()
    for run in RUN.findall(canonical):
        if run[0] >= "\u4e00":
            found.update(run)
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.add(run.upper())
    return frozenset(found)


@lru_cache(maxsize=100_000)
def canonical_name(name: str, place: str = "") -> str:
    """A figure's name in canonical terms, without its place and without empty words."""
    for form in (place, short_name(place)) if place else ():
        if form and name.startswith(form) and len(name) > len(form) + 1:
            name = name[len(form) :]
            break
    return _canonical_without_noise(name)


@lru_cache(maxsize=100_000)
def _canonical_without_noise(name: str) -> str:
    canonical = load_lexicon().canonical(name)
    return NAME_NOISE.sub("", canonical).strip() or canonical


def _without_whole(name: str, topic: Topic) -> str:
    """The name without a widest qualifier that was not asked for: 学位 may mean 义务教育学位."""
    for q in load_lexicon().qualifiers:
        if q.whole and q.word in name and q.word not in topic.terms and len(name) > len(q.word) + 1:
            name = name.replace(q.word, "")
    return name


def _without_whole_of(terms: str, name: str) -> str:
    """The terms without a widest qualifier that the name leaves out; `qualifier_penalty` weighs that."""
    for q in load_lexicon().qualifiers:
        if q.whole and q.word in terms and q.word not in name and len(terms.replace(" ", "")) > len(q.word) + 1:
            terms = terms.replace(q.word, " ")
    return terms


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a figure: its clause, headings, caption and table head, canonical."""

    near: str
    far: str = ""
    close: str = ""  # from the last comma to the quantity


class Matcher:
    """Scores names against topics; knows how common each feature is among the names of the store."""

    def __init__(self, names: Iterable[str], encode: Encode | None = None) -> None:
        self._encode = encode
        self._vectors: dict[str, Vectors] = {}
        counts: Counter[str] = Counter()
        distinct = {canonical_name(n) for n in names}
        for name in distinct:
            counts.update(features(name))
        total = len(distinct) + 1
        self._weights = {f: max(0.4, math.log(total / (n + 0.5))) for f, n in counts.items()}
        self._rare = max(self._weights.values(), default=3.0)

    def weight(self, feature: str) -> float:
        """Rarer features weigh more; single characters little."""
        weight = self._weights.get(feature, self._rare * UNKNOWN_WEIGHT)
        return weight * (UNIGRAM_WEIGHT if len(feature) == 1 else 1.0)

    def _sum(self, found: Iterable[str]) -> float:
        return sum(self.weight(f) for f in found)

    def likeness(self, first: str, second: str) -> float:
        """0…1: how alike two canonical names are."""
        a, b = features(first), features(second)
        return self._sum(a & b) / (self._sum(a | b) or 1.0)

    def lexical(self, topic: Topic, figure: Figure, around: Surroundings | None) -> float:
        """Share of what is asked that the name has, and share of the name that is asked."""
        name = canonical_name(figure.name, figure.place or "")
        group = load_lexicon().canonical(figure.group)
        asked = features(_without_whole_of(topic.terms, name))
        if not asked:
            return 0.0
        own = features(f"{name} {group}")
        subject = features(figure.subject or "") if figure.subject != figure.place else frozenset()
        hits = self._sum(asked & own) + 0.9 * self._sum((asked & subject) - own)
        if around is not None:
            near, far = features(around.near), features(around.far)
            rest = asked - own - subject
            hits += CONTEXT_SHARE * self._sum(rest & near) + 0.5 * CONTEXT_SHARE * self._sum((rest & far) - near)
        recall = hits / self._sum(asked)
        context = features(topic.context) | features(topic.asked if not topic.asked.isascii() else "")
        own = features(f"{_without_whole(name, topic)} {group}")
        covered = self._sum(own & asked) + 0.8 * self._sum((own & context) - asked)
        precision = covered / (self._sum(own) or 1.0)
        bonus = self._sum(own & features(topic.context)) / (self._sum(features(topic.context)) or 1.0) if topic.context else 0.0
        score = 0.62 * recall + 0.38 * precision
        return 0.75 * score + 0.25 * bonus if topic.context else score

    def dense(self, topic: Topic, names: Sequence[str]) -> dict[str, float]:
        """Cosine between the topic and each name."""
        if self._encode is None or not names or not (topic.text or topic.terms):
            return dict.fromkeys(names, 0.0)
        missing = [n for n in dict.fromkeys(names) if n not in self._vectors]
        if missing:
            for name, vector in zip(missing, self._encode(missing), strict=True):
                self._vectors[name] = vector
        question = self._encode([topic.text or topic.terms])[0]
        return {n: float(self._vectors[n] @ question) for n in names}


def unit_fits(topic: Topic, figure: Figure) -> bool:
    """Whether the figure's unit can answer what is counted in the question."""
    lexicon = load_lexicon()
    kind = lexicon.unit_kind(figure.unit_base) or lexicon.unit_kind(figure.unit)
    if figure.unit in ("比例", "成") or "%" in figure.unit:
        kind = "percent"
    if topic.unit_kind is None or kind is None:
        return topic.unit_kind != "percent" or (kind is None and figure.unit_base not in ("倍",))
    if topic.unit_kind == "count":
        return kind not in ("money", "percent", "area", "length", "mass", "volume", "energy", "concentration")
    if topic.unit_kind == "things":
        if kind != "things":
            return topic.unit in ("个", "") and kind == "bed"
        groups = [g for g in SAME_COUNTS if topic.unit in g]
        others = [g for g in SAME_COUNTS if figure.unit_base in g]
        return not groups or not others or groups[0] is others[0]
    return topic.unit_kind == kind


def sound_index(names: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Names by how they sound, syllable by syllable."""
    return {syllables(name): name for name in sorted(names)}


def heard(text: str, index: dict[tuple[str, ...], str]) -> str:
    """Repair homophones: 技术和同成交额 → 技术合同成交额, when a name of the store sounds the same; the longest first."""
    sounds = syllables(text)
    for size in sorted({len(key) for key in index}, reverse=True):
        for at in range(len(text) - size + 1):
            name = index.get(sounds[at : at + size])
            part = text[at : at + size]
            if name and name != part and sum(a != b for a, b in zip(part, name, strict=True)) <= 2:
                return text[:at] + name + text[at + size :]
    return text
