"""What a check reads of the registry: the keys that the other parts must hold, and rows that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag import keyword
from rag.figure_columns import derived_columns
from rag.registry import Connection
from rag.registry_tables import figures
from rag.rows import read_figure


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """Where a chunk is to be found in each part of the store."""

    key: int
    vector_key: str
    letter_id: str
    position: int
    sentences: int


_MISFITS = {  # what does not fit → the letters of which it is true
    "no text of it counts, or several do": "SELECT letter_id FROM versions GROUP BY letter_id HAVING sum(is_current) != 1",
    "one of its files is a source of a text that is not there": (
        "SELECT letter_id FROM versions v WHERE source_of IS NOT NULL AND source_of NOT IN (SELECT version_id FROM versions)"
    ),
    "a sentence lies outside of its text": (
        "SELECT v.letter_id FROM sentences s JOIN versions v USING (version_id) "
        "WHERE s.start < 0 OR s.end < s.start OR s.end > length(v.text)"
    ),
    "a figure has no sentence, or lies outside of it": (
        "SELECT v.letter_id FROM figures f JOIN versions v USING (version_id) "
        "LEFT JOIN sentences s ON s.version_id = f.version_id AND s.position = f.sentence "
        "WHERE s.version_id IS NULL OR f.start < s.start OR f.end > s.end OR f.end <= f.start"
    ),
    "a chunk has no sentences": (
        "SELECT v.letter_id FROM chunks c JOIN versions v USING (version_id) WHERE c.last_sentence < c.first_sentence OR c.last_sentence >= "
        "(SELECT count(*) FROM sentences s WHERE s.version_id = c.version_id)"
    ),
}


def find_damage(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    told = [str(row[0]) for row in connection.execute_plain("PRAGMA quick_check(5)")]
    orphans = [f"a row of {row[0]} has no {row[2]}" for row in connection.execute_plain("PRAGMA foreign_key_check")]
    return [line for line in told if line != "ok"] + sorted(set(orphans))


def find_misfits(connection: Connection) -> Iterator[tuple[str, str]]:
    """Letter and what does not fit in it."""
    for what, query in _MISFITS.items():
        yield from ((str(row[0]), what) for row in sorted(set(connection.execute_plain(query))))


def find_outdated_figures(connection: Connection) -> Iterator[tuple[str, str]]:
    """Letter and name of each figure whose computed columns are not what its fields give."""
    names = {row[0]: str(row[1]) for row in connection.execute_plain("SELECT version_id, letter_id FROM versions")}
    for row in connection.rows(figures.select()):
        expected = derived_columns(read_figure("", row))
        if any(row[column] != value for column, value in expected.items()):
            yield names.get(row["version_id"], "?"), str(row["name"])


def list_chunks(connection: Connection) -> list[StoredChunk]:
    """All chunks of all versions."""
    rows = connection.execute_plain(
        "SELECT c.chunk_key, c.vector_key, v.letter_id, c.position, c.last_sentence - c.first_sentence + 1 "
        "FROM chunks c JOIN versions v ON v.version_id = c.version_id ORDER BY 1"
    )
    return [
        StoredChunk(int(str(key)), str(name), str(letter), int(str(place)), int(str(count))) for key, name, letter, place, count in rows
    ]


def list_word_keys(connection: Connection) -> set[int]:
    """Chunks in the full text."""
    return keyword.list_keys(connection)


def is_found_by_words(connection: Connection, chunk_key: int) -> bool:
    """Whether the full text holds a chunk's own words, and finds it by them."""
    ((text,),) = connection.execute_plain("SELECT text FROM chunks WHERE chunk_key = ?", (chunk_key,))
    return keyword.is_found(connection, chunk_key, str(text))


def list_vector_sizes(connection: Connection, series: int) -> dict[int, int]:
    """Chunks with stored vectors, and how many bytes these are."""
    rows = connection.execute_plain("SELECT chunk_key, length(packed) FROM vectors WHERE series = ?", (series,))
    return {int(str(key)): int(str(size)) for key, size in rows}


def read_packed(connection: Connection, series: int, chunk_keys: Sequence[int]) -> dict[int, bytes]:
    """The stored vectors of some chunks."""
    listed = ",".join(str(int(key)) for key in chunk_keys)
    rows = connection.execute_plain(f"SELECT chunk_key, packed FROM vectors WHERE series = ? AND chunk_key IN ({listed})", (series,))
    return {int(str(key)): packed for key, packed in rows if isinstance(packed, bytes)}
