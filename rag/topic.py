"""What a question is about: its telling words, in the form in which texts are compared."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from rag.script import normalise, to_simplified
from rag.wordings import EMPTY_WORDS, TIME_WORDS


@dataclass(frozen=True, slots=True)
class Term:
    """A word or bigram of the question's topic, any of whose forms may stand in a sentence."""

    text: str
    forms: tuple[str, ...]
    weight: float
    pattern: re.Pattern[str] | None = None

    def stands_in(self, text: str) -> bool:
        """Whether the text, in its plain form, has it."""
        return any(form in text for form in self.forms) or bool(self.pattern and self.pattern.search(text))


def plain(text: str) -> str:
    """Simplified, half-width, no spaces: the form in which texts are compared."""
    return re.sub(r"\s+", "", normalise(to_simplified(text)))


def topic_runs(text: str, names: Collection[str] = ()) -> list[tuple[str, ...]]:
    """What the question is about, run by run: the bigrams of a run of Chinese characters, or one Latin word.

    Names of places, bodies and times are scope, not topic, and are left out, as are question words.
    """
    rest = TIME_WORDS.sub("　", plain(text))
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(plain(name), "　")
    words = [(w.lower(),) for w in re.findall(r"[A-Za-z][A-Za-z0-9&.+-]*", rest)]
    runs = re.findall(r"[\u4e00-\u9fff]{2,}", EMPTY_WORDS.sub("　", rest))
    return list(dict.fromkeys([*words, *(tuple(run[i : i + 2] for i in range(len(run) - 1)) for run in runs)]))


def bigrams(text: str) -> list[str]:
    """All character pairs, characters and Latin words of a text."""
    words = [w.lower() for w in re.findall(r"[A-Za-z][A-Za-z0-9&.+-]*", text)]
    return words + [text[i : i + 2] for i in range(len(text) - 1)] + list(text)
