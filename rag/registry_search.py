"""What retrieval reads of the registry in one go: candidates with their vectors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rag.records import Chunk
from rag.registry import Connection
from rag.rows import read_chunk

_COLUMNS = "c.chunk_key, c.version_id, c.chunk_id, c.text, c.context, c.first_sentence, c.last_sentence, c.tokens, v.letter_id, x.packed"
_TABLES = (
    "chunks c JOIN versions v ON v.version_id = c.version_id JOIN vectors x ON x.chunk_key = c.chunk_key AND x.series = ("
    "SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'series')"  # of the same moment, also while a rebuild switches
)
_NAMES = [column.split(".")[1] for column in _COLUMNS.split(", ")]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may fit, with what its scores are computed from."""

    chunk: Chunk
    word_score: float
    packed: bytes  # the chunk's own vector first, then those of its sentences


def list_keys_of(connection: Connection, version_ids: Iterable[int]) -> list[int]:
    """The keys of all chunks of some versions."""
    listed = ",".join(str(int(number)) for number in version_ids)
    return [int(str(row[0])) for row in connection.execute_plain(f"SELECT chunk_key FROM chunks WHERE version_id IN ({listed})")]


def load_candidates(
    connection: Connection,
    *,
    word_scores: dict[int, float],
    vector_keys: Sequence[str],
    chunk_keys: Collection[int],
    version_ids: Collection[int],
) -> list[Candidate]:
    """Chunks by key or by their name in the vector index; only those of the given versions, in the order of their ids."""
    numbers = ",".join(str(int(key)) for key in {*word_scores, *chunk_keys})
    marks = ",".join("?" * len(vector_keys))
    rows = connection.execute_plain(
        f"SELECT {_COLUMNS} FROM {_TABLES} WHERE c.chunk_key IN ({numbers}) OR c.vector_key IN ({marks}) "
        "ORDER BY v.letter_id, v.version_id, c.position",
        vector_keys,
    )
    found: list[Candidate] = []
    for row in (dict(zip(_NAMES, values, strict=True)) for values in rows):
        if row["version_id"] in version_ids:
            key, packed = int(str(row["chunk_key"])), row["packed"]
            assert isinstance(packed, bytes)
            found.append(Candidate(read_chunk(str(row["letter_id"]), row), word_scores.get(key, 0.0), packed))
    return found


def sample_texts(connection: Connection, limit: int) -> list[str]:
    """Texts of chunks, spread evenly over the store."""
    total = int(str(connection.execute_plain("SELECT count(*) FROM chunks")[0][0]))
    step = max(1, total // limit)
    return [str(row[0]) for row in connection.execute_plain("SELECT text FROM chunks WHERE chunk_key % ? = 0 LIMIT ?", (step, limit))]
