"""Chinese text → words; the one importer of rjieba (the dictionary is in its wheel)."""

from __future__ import annotations

from functools import lru_cache

import rjieba

NOUNS = frozenset({"n", "vn", "an", "j", "l", "i", "nz", "nt", "nr"})  # tags of ICTCLAS; unknown words are often tagged as persons (云雾茶)


def words_of(text: str) -> list[str]:
    """The words of a text, in order; what is neither Chinese nor a word comes as it stands."""
    return list(rjieba.cut(text, False))


def nouns_of(text: str) -> list[str]:
    """Those of its words, of two characters or more, that are nouns or stand for some; no names of places."""
    return [word for word, tag in rjieba.tag(text, False) if len(word) > 1 and tag in NOUNS]


@lru_cache(maxsize=20_000)
def word_borders(text: str) -> frozenset[int]:
    """Offsets at which a word begins or ends; those of the text's own begin and end are among them."""
    borders, at = {0}, 0
    for word in words_of(text):
        at += len(word)
        borders.add(at)
    return frozenset(borders)
