"""The lexicon: other wordings of indicators, departments, qualifiers and units, in Chinese and English.

The data stands in `rag/lexicon/*.tsv`; a line that starts with # is a comment, a wording that starts with ~ is a
regular expression, `|` parts wordings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "lexicon"
PLAIN = {"（": "(", "）": ")", "＆": "&", "“": "", "”": "", "％": "%"}
PUNCTUATION = re.compile("|".join(PLAIN))
ENGLISH_WORD = re.compile(r"[a-z0-9&.]+")
# Words that must keep their final s.
NOT_PLURAL = re.compile(r"(?:ss|us|is|ous|sis|ics|news|gas|bus|lens)$")


@dataclass(frozen=True, slots=True)
class Term:
    """One indicator term."""

    name: str
    wordings: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A word that narrows an indicator; two of one class exclude each other."""

    kind: str
    word: str
    pattern: re.Pattern[str]
    english: re.Pattern[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class UnitKind:
    """Units that answer the same kind of “how many”."""

    kind: str
    units: tuple[str, ...]
    english: tuple[str, ...]


def read_rows(name: str, columns: int) -> list[list[str]]:
    """Read one lexicon file; each row is padded to `columns`.

    Raises:
        ValueError: a row has more columns than expected.
    """
    rows = []
    for number, line in enumerate((FOLDER / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) > columns:
            raise ValueError(f"{name} line {number} has {len(cells)} columns; {columns} are read.")
        rows.append(cells + [""] * (columns - len(cells)))
    return rows


def _cut(cell: str) -> tuple[str, ...]:
    """Part a cell at each | that is not inside brackets."""
    parts, depth, current = [], 0, ""
    for char in cell:
        depth += (char in "([") - (char in ")]")
        if char == "|" and depth <= 0:
            parts.append(current)
            current = ""
        else:
            current += char
    parts.append(current)
    return tuple(p for p in parts if p)


def _as_pattern(wording: str) -> str:
    return wording[1:] if wording.startswith("~") else re.escape(wording)


def stem(word: str) -> str:
    """Singular of an English word, roughly: the same rule for lexicon and question."""
    if len(word) > 3 and not NOT_PLURAL.search(word):
        if word.endswith("ies"):
            return word[:-3] + "y"
        if word.endswith(("ches", "shes", "xes", "sses", "uses")):
            return word[:-2]
        if word.endswith("s"):
            return word[:-1]
    return word


def english_words(text: str) -> list[str]:
    """Stemmed lower-case words; hyphens part words, possessives and commas within numbers go."""
    text = re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text.lower().replace("’", "'"))
    text = re.sub(r"'s?\b", "", text).replace("-", " ").replace("/", " ")
    return [stem(w.strip(".")) for w in ENGLISH_WORD.findall(text) if w.strip(".")]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All of it, ready for use."""

    terms: tuple[Term, ...]
    qualifiers: tuple[Qualifier, ...]
    units: tuple[UnitKind, ...]
    departments: tuple[Term, ...]
    literal: re.Pattern[str]
    literals: dict[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    any_pattern: re.Pattern[str]  # whether one of them matches at all
    english: dict[tuple[str, ...], str]
    longest: int

    def canonical(self, text: str) -> str:
        """Replace other wordings by the canonical name of each term, the longest wording first."""
        text = PUNCTUATION.sub(lambda m: PLAIN[m.group(0)], text)
        spans: list[tuple[int, int, str]] = []
        if self.any_pattern.search(text):
            spans = [(m.start(), m.end(), name) for pattern, name in self.patterns for m in pattern.finditer(text) if m.end() > m.start()]
        spans += [(m.start(), m.end(), self.literals[m.group(0)]) for m in self.literal.finditer(text)]
        taken: list[tuple[int, int, str]] = []
        for start, end, name in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
            # 补贴 in 补贴性培训 says of what sort, and is no subsidy
            if text[end : end + 1] != "性" and all(end <= s or start >= e for s, e, _ in taken):
                taken.append((start, end, name))
        parts, at = [], 0
        for start, end, name in sorted(taken):
            parts += [text[at:start], " ", name, " "]
            at = end
        return re.sub(r"\s+", " ", "".join([*parts, text[at:]])).strip()

    def translate(self, text: str) -> tuple[list[str], list[str]]:
        """Chinese terms that English wordings stand for, longest wording first, and the words left over."""
        words = english_words(text)
        found: list[str] = []
        left: list[str] = []
        at = 0
        while at < len(words):
            for size in range(min(self.longest, len(words) - at), 0, -1):
                name = self.english.get(tuple(words[at : at + size]))
                if name:
                    found.append(name)
                    at += size
                    break
            else:
                left.append(words[at])
                at += 1
        return found, left

    def unit_kind(self, unit: str) -> str | None:
        """The kind of a unit: 平方米 → area."""
        return _unit_kind(unit)


@lru_cache(maxsize=5_000)
def _unit_kind(unit: str) -> str | None:
    bare = re.sub(r"^(?:万亿|百万|千万|亿|万|千|百)", "", unit.split("/")[0]) or unit
    for kind in load_lexicon().units:
        if unit in kind.units or bare in kind.units:
            return kind.kind
    return "percent" if "%" in unit or "百分" in unit else None


def _english_pattern(wordings: tuple[str, ...]) -> re.Pattern[str]:
    if not wordings:
        return re.compile(r"(?!x)x")
    return re.compile(
        r"\b(?:" + "|".join(w[1:] if w.startswith("~") else re.escape(w).replace(r"\ ", r"[\s-]+") for w in wordings) + r")\b",
        re.IGNORECASE,
    )


def _read_qualifiers() -> tuple[Qualifier, ...]:
    found = []
    for kind, word, wordings, english, cover in read_rows("qualifiers.tsv", 5):
        # a longer word may hold a shorter one: 新增 is not 增
        variants = sorted((re.escape(word), *map(_as_pattern, _cut(wordings))), key=len, reverse=True)
        found.append(Qualifier(kind, word, re.compile("|".join(variants)), _english_pattern(_cut(english)), cover == "whole"))
    return tuple(found)


def _read_terms(file: str) -> tuple[Term, ...]:
    return tuple(Term(name, _cut(wordings), _cut(english)) for name, wordings, english in read_rows(file, 3))


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read the lexicon files once."""
    terms = _read_terms("terms.tsv")
    literals: dict[str, str] = {}
    patterns: list[tuple[re.Pattern[str], str]] = []
    english: dict[tuple[str, ...], str] = {}
    for term in terms:
        # the name stands for itself, so that no shorter wording is replaced inside it
        literals[term.name] = term.name
        for wording in term.wordings:
            if wording.startswith("~"):
                patterns.append((re.compile(wording[1:]), term.name))
            else:
                literals.setdefault(wording.replace("“", "").replace("”", ""), term.name)
        for phrase in term.english:
            english.setdefault(tuple(english_words(phrase)), term.name)
    literal = re.compile("|".join(re.escape(w) for w in sorted(literals, key=len, reverse=True)))
    units = tuple(UnitKind(kind, _cut(zh), _cut(en)) for kind, zh, en in read_rows("units.tsv", 3))
    return Lexicon(
        terms=terms,
        qualifiers=_read_qualifiers(),
        units=units,
        departments=_read_terms("departments.tsv"),
        literal=literal,
        literals=literals,
        patterns=tuple(patterns),
        any_pattern=re.compile("|".join(p.pattern for p, _ in patterns)),
        english=english,
        longest=max(map(len, english)),
    )
