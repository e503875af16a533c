"""Full text by character bigrams, in SQLite's FTS5, in the registry's own file and transactions.

Chinese has no spaces, so that a tokeniser which splits on them finds nothing. Two neighbouring characters are a term, and so
are whole Latin words and numbers. Measured against a word segmenter, this is faster and finds more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from rag.script import fold_for_matching

TABLE = "chunk_words"
MAX_TERMS = 160  # of one question; a longer one is a pasted text
CONTEXT_WEIGHT = 0.5  # a term in title or heading counts half
_RUN = re.compile(r"[㐀-鿿豈-﫿]+|[a-z]+(?:[-'&][a-z]+)*|\d+(?:[.,]\d+)*%?")
_WORD = re.compile(r"[a-z]+(?:[-'&][a-z]+)*|\d+(?:[.,]\d+)*%?")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")


class Connection(Protocol):
    """What is needed of the registry's connection."""

    def execute_plain(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Run one statement and give its rows."""


@dataclass(frozen=True, slots=True)
class WordHit:
    """A chunk's key with its BM25 score; higher is better."""

    key: int
    score: float


def read_terms(text: str) -> list[str]:
    """The terms of a text in order: bigrams of Chinese runs, whole Latin words, numbers without their commas."""
    terms: list[str] = []
    for match in _RUN.finditer(fold_for_matching(text)):
        run = match.group()
        if not _HAN.match(run):
            terms.append(run.replace(",", ""))
        elif len(run) == 1:
            terms.append(run)
        else:
            terms.extend(run[position : position + 2] for position in range(len(run) - 1))
    return terms


def read_characters(text: str) -> list[str]:
    """Single Chinese characters, whole Latin words and numbers."""
    found: list[str] = []
    for match in _RUN.finditer(fold_for_matching(text)):
        run = match.group()
        if _HAN.match(run):
            found.extend(run)
        else:
            found.append(run.replace(",", ""))
    return found


def read_words(folded: str) -> list[str]:
    """The Latin words and numbers of a text that is folded already."""
    return [match.group().replace(",", "") for match in _WORD.finditer(folded)]


def create_table(connection: Connection) -> None:
    """Make the empty table.

    It keeps the terms as well as their index: to delete from one that does not, the terms must be given again exactly,
    and they would differ after any change of the folding.
    """
    connection.execute_plain(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5(text, context, "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars '.%-''&'\")"
    )


def add_text(connection: Connection, key: int, text: str, context: str) -> None:
    """Index one chunk."""
    connection.execute_plain(f"INSERT INTO {TABLE}(rowid, text, context) VALUES (?, ?, ?)", (key, _join_terms(text), _join_terms(context)))


@lru_cache(maxsize=512)  # neighbouring chunks have the same context
def _join_terms(text: str) -> str:
    return " ".join(read_terms(text))


def remove_text(connection: Connection, key: int) -> None:
    """Take one chunk out."""
    connection.execute_plain(f"DELETE FROM {TABLE} WHERE rowid = ?", (key,))


def clear_table(connection: Connection) -> None:
    """Take all chunks out."""
    connection.execute_plain(f"DROP TABLE IF EXISTS {TABLE}")
    create_table(connection)


def list_keys(connection: Connection) -> set[int]:
    """The keys of all chunks that are indexed."""
    return {int(str(row[0])) for row in connection.execute_plain(f"SELECT id FROM {TABLE}_docsize")}


def is_found(connection: Connection, key: int, text: str) -> bool:
    """Whether the terms of a text are what is kept under a key, and the first of them find it."""
    terms = read_terms(text)
    kept = connection.execute_plain(f"SELECT text FROM {TABLE} WHERE rowid = ?", (key,))
    if kept != [(" ".join(terms),)]:
        return False
    query = " AND ".join(f'text:"{term}"' for term in terms[:3])
    return not terms or bool(connection.execute_plain(f"SELECT 1 FROM {TABLE} WHERE {TABLE} MATCH ? AND rowid = ?", (query, key)))


def check_table(connection: Connection) -> None:
    """Let SQLite check the index's own structure; it raises when that is damaged."""
    connection.execute_plain(f"INSERT INTO {TABLE}({TABLE}) VALUES ('integrity-check')")


def search_terms(connection: Connection, terms: Collection[str], limit: int, within: Collection[int] | None = None) -> list[WordHit]:
    """Chunks that hold any of the terms, best first, by BM25; `within` bounds them to some keys."""
    distinct = list(dict.fromkeys(terms))[:MAX_TERMS]
    if not distinct or (within is not None and not within):
        return []
    query = " OR ".join(f'"{term}"' for term in distinct)
    bound = f" AND rowid IN ({','.join(str(int(key)) for key in within)})" if within is not None else ""
    rows = connection.execute_plain(
        f"SELECT rowid, -bm25({TABLE}, 1.0, {CONTEXT_WEIGHT}) AS score FROM {TABLE} WHERE {TABLE} MATCH ?{bound} ORDER BY score DESC LIMIT ?",
        (query, limit),
    )
    return [WordHit(int(str(key)), float(str(score))) for key, score in rows]
