"""The words of a search over the ledger, Chinese or English → what a figure must have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.index import Near
from rag.names import Known
from rag.question import detect_language, understand
from rag.records import Status
from rag.script import normalise, to_simplified
from rag.terms import load_lexicon

YEAR = re.compile(r"((?:19|20)\d\d)年?")
NEAR_ENOUGH = 0.5  # cosine between the English words and an indicator's name
NEAREST = 20
Nearest = Callable[[str, int], Sequence[Near]]


@dataclass(frozen=True, slots=True)
class Word:
    """A Chinese word: it stands in the figure, or its canonical terms stand in the indicator."""

    text: str
    terms: tuple[str, ...]
    year: int | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What English words name: canonical terms as far as the lexicon has them."""

    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """All of it must fit."""

    words: tuple[Word, ...] = ()
    meaning: Meaning | None = None
    places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    statuses: tuple[Status, ...] = ()
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Indicators, and names of figures, that English words mean."""

    indicators: tuple[str, ...]
    names: tuple[str, ...]


def read_search(text: str, known: Known) -> Search:
    """Chinese words are looked for as they stand, one by one; English is understood as a question is."""
    text = normalise(to_simplified(text)).strip()
    if detect_language(text) == "en":
        return _read_english(text, known)
    return Search(words=tuple(_read_word(word) for word in text.split()))


def _read_word(text: str) -> Word:
    year = YEAR.fullmatch(text)
    return Word(text, tuple(load_lexicon().canonical(text).split()), int(year[1]) if year else None)


def _read_english(text: str, known: Known) -> Search:
    query = understand(text, (), known, date.today())
    topic = query.topics[0] if query.topics else None
    named = bool(topic and (topic.terms or topic.text))
    if not named and not (query.places or query.years or query.statuses or query.departments):
        return Search(words=(_read_word(text),))  # a code or a name in Latin letters
    meaning = Meaning(topic.text, tuple(topic.terms.split())) if topic and named else None
    return Search(meaning=meaning, places=query.places, years=query.years, statuses=query.statuses, departments=query.departments)


def find_indicators(meaning: Meaning, indicators: Iterable[str], nearest: Nearest) -> Found:
    """By the lexicon's terms; where no indicator has them, the names that come nearest in meaning."""
    if meaning.terms:
        found = tuple(indicator for indicator in indicators if all(term in indicator for term in meaning.terms))
        if found:
            return Found(found, ())
    near = nearest(meaning.text or " ".join(meaning.terms), NEAREST)
    return Found((), tuple(name.key for name in near if name.score >= NEAR_ENOUGH))
