"""What is written into the registry, within one transaction: full text goes along, so that both are of one state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from rag import keyword
from rag.embed import Vectors, pack_vectors
from rag.figure_columns import derived_columns
from rag.records import Chunk, Figure, Letter
from rag.registry import Connection, Registry
from rag.registry_tables import SCHEMA_VERSION, chunks, facts, figures, ingestions, metadata, pending, sentences, vectors, versions
from rag.rows import Row, chunk_row, figure_row, letter_row, read_figure, read_letter, read_sentence, sentence_row
from rag.versions import Reading, choose_version


@dataclass(frozen=True, slots=True)
class Entry:
    """All that one letter puts into the store."""

    letter: Letter
    figures: tuple[Figure, ...]
    chunks: tuple[Chunk, ...]
    vectors: tuple[Vectors, ...]  # one a chunk: its own vector first, then those of its sentences

    @property
    def vector_keys(self) -> list[str]:
        """Names of the chunks in the vector index: the same file always gives the same, another version others."""
        return [f"{self.letter.content_hash[:32]}:{position}" for position in range(len(self.chunks))]


def create_registry(registry: Registry, embedding: str, size: int) -> None:
    """Make the tables and the store's memory of itself, unless they are there."""
    remembered = {
        "schema_version": str(SCHEMA_VERSION),
        "embedding": embedding,
        "embedding_size": str(size),
        "created": _now(),
        "generation": "0",
        "series": "1",
    }
    with registry.change_schema() as connection:
        metadata.create_all(connection.sql)
        keyword.create_table(connection)
        for name, value in remembered.items():
            connection.execute_plain("INSERT OR IGNORE INTO facts(name, value) VALUES (?, ?)", (name, value))


def set_fact(connection: Connection, name: str, value: object) -> None:
    """Change one of the store's facts about itself."""
    connection.sql.execute(facts.update().where(facts.c.name == name).values(value=str(value)))


def add_pending(connection: Connection, vector_keys: Sequence[str]) -> None:
    """Note keys that are about to be in the vector index without being in the registry."""
    if vector_keys:
        noted = pending.insert().prefix_with("OR IGNORE")
        connection.sql.execute(noted, [{"vector_key": key} for key in vector_keys])


def drop_pending(connection: Connection, vector_keys: Sequence[str]) -> None:
    """These keys are settled."""
    if vector_keys:
        settled = pending.delete().where(pending.c.vector_key == sa.bindparam("settled"))
        connection.sql.execute(settled, [{"settled": key} for key in vector_keys])


def list_pending(connection: Connection) -> list[str]:
    """Keys that an interrupted writer left."""
    return [str(row[0]) for row in connection.execute_plain("SELECT vector_key FROM pending")]


def begin_ingestion(connection: Connection) -> int:
    """Note a run that brings letters; gives its number, which no other run had."""
    last = connection.execute_plain(
        "SELECT max(n) FROM (SELECT max(number) AS n FROM ingestions UNION SELECT max(ingestion) FROM versions)"
    )
    number = int(str(last[0][0] or 0)) + 1
    connection.sql.execute(ingestions.insert(), {"number": number, "began_at": _now()})
    return number


def add_entry(connection: Connection, entry: Entry, series: int, ingestion: int = 0) -> int:
    """Write one file's text of a letter, and settle which text of the letter counts.

    Args:
        connection: a write transaction.
        entry: the letter with all that is kept of it.
        series: of the vectors.
        ingestion: number of the run, see `begin_ingestion`.

    Returns:
        The version's number.
    """
    letter = entry.letter
    row = letter_row(letter) | {"is_current": False, "arrived_at": _now(), "ingestion": ingestion}
    version_id = connection.insert(versions, row)
    if letter.sentences:
        connection.sql.execute(sentences.insert(), [sentence_row(version_id, sentence) for sentence in letter.sentences])
    if entry.figures:
        rows = [figure_row(version_id, position, found) | derived_columns(found) for position, found in enumerate(entry.figures)]
        connection.sql.execute(figures.insert(), rows)
    blocks: list[Row] = []
    for position, (chunk, key, packed) in enumerate(zip(entry.chunks, entry.vector_keys, entry.vectors, strict=True)):
        chunk_key = connection.insert(chunks, chunk_row(version_id, position, key, chunk))
        blocks.append({"series": series, "chunk_key": chunk_key, "packed": pack_vectors(packed)})
        keyword.add_text(connection, chunk_key, chunk.text, chunk.context)
    if blocks:
        connection.sql.execute(vectors.insert(), blocks)
    drop_pending(connection, entry.vector_keys)
    choose_current(connection, letter.letter_id)
    return version_id


def choose_current(connection: Connection, letter_id: str) -> None:
    """Settle anew, from all files of a letter, which are sources of one text and which text counts."""
    rows = list(connection.rows(versions.select().where(versions.c.letter_id == letter_id)))
    if not rows:
        return
    choice = choose_version([_read_reading(connection, row, is_whole=len(rows) > 1) for row in rows])
    for row in rows:
        number = row["version_id"]
        settled = {"is_current": number == choice.current, "source_of": choice.source_of.get(number)}
        if any(row[name] != value for name, value in settled.items()):
            connection.sql.execute(versions.update().where(versions.c.version_id == number).values(settled))


def _read_reading(connection: Connection, row: Row, *, is_whole: bool) -> Reading:
    query = sentences.select().where(sentences.c.version_id == row["version_id"]).order_by(sentences.c.position)
    found = [read_sentence(line, row["text"]) for line in connection.rows(query)] if is_whole else []
    return Reading(row["version_id"], read_letter(row, row["text"], found), row["ingestion"])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def remove_letter(connection: Connection, letter_id: str) -> list[str]:
    """Delete a letter with all its versions; gives the keys that the vector index must now forget (noted as pending)."""
    return remove_versions(connection, [row.version_id for row in _rows_of(connection, versions.c.letter_id == letter_id)])


def remove_versions(connection: Connection, numbers: Sequence[int]) -> list[str]:
    """Delete versions; gives the keys that the vector index must now forget (noted as pending). Which text counts is not settled anew."""
    keys: list[str] = []
    for number in numbers:
        for row in connection.sql.execute(chunks.select().where(chunks.c.version_id == number)).all():
            keyword.remove_text(connection, row.chunk_key)
            keys.append(row.vector_key)
        connection.sql.execute(versions.delete().where(versions.c.version_id == number))
    add_pending(connection, keys)
    return keys


def _rows_of(connection: Connection, condition: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
    return connection.sql.execute(versions.select().where(condition)).all()


@dataclass(frozen=True, slots=True)
class Run:
    """An ingestion that brought something."""

    number: int
    began_at: str  # ISO time, UTC
    version_ids: tuple[int, ...]  # what is still there of it


def last_run(connection: Connection) -> Run | None:
    """The last ingestion of which anything is there and that can be taken back."""
    for number, began_at in connection.execute_plain(
        "SELECT number, began_at FROM ingestions WHERE undone_at IS NULL ORDER BY number DESC"
    ):
        if rows := _rows_of(connection, versions.c.ingestion == number):
            return Run(int(str(number)), str(began_at), tuple(row.version_id for row in rows))
    return None


def remove_run(connection: Connection, run: Run) -> list[str]:
    """Take back what an ingestion brought, and settle what counts without it; gives the keys that the vector index must now forget."""
    letter_ids = {row.letter_id for row in _rows_of(connection, versions.c.ingestion == run.number)}
    keys = remove_versions(connection, run.version_ids)
    for letter_id in sorted(letter_ids):
        choose_current(connection, letter_id)
    connection.sql.execute(ingestions.update().where(ingestions.c.number == run.number).values(undone_at=_now()))
    return keys


def write_vectors(connection: Connection, version_id: int, series: int, rows: Sequence[Vectors]) -> None:
    """Write the vectors of a version's chunks for another embedding run."""
    keys = connection.execute_plain("SELECT chunk_key FROM chunks WHERE version_id = ? ORDER BY position", (version_id,))
    for (key,), block in zip(keys, rows, strict=True):
        connection.execute_plain(
            "INSERT OR REPLACE INTO vectors(series, chunk_key, packed) VALUES (?, ?, ?)", (series, key, pack_vectors(block))
        )


def replace_words(connection: Connection) -> None:
    """Make the full text anew from the chunks."""
    keyword.clear_table(connection)
    for row in connection.rows(chunks.select().order_by(chunks.c.chunk_key)):
        keyword.add_text(connection, row["chunk_key"], row["text"], row["context"])


def replace_derived(connection: Connection) -> None:
    """Make the computed columns of all figures anew."""
    for row in list(connection.rows(figures.select())):
        same = (figures.c.version_id == row["version_id"]) & (figures.c.position == row["position"])
        connection.sql.execute(figures.update().where(same).values(derived_columns(read_figure("", row))))


def switch_series(connection: Connection, series: int, embedding: str, size: int) -> None:
    """From here on another embedding run counts; vectors of others go."""
    set_fact(connection, "series", series)
    set_fact(connection, "embedding", embedding)
    set_fact(connection, "embedding_size", size)
    drop_other_series(connection, series)


def drop_other_series(connection: Connection, series: int) -> None:
    """Delete vectors of embedding runs that do not count: the old one, or a rebuild that was interrupted."""
    connection.sql.execute(vectors.delete().where(vectors.c.series != series))
