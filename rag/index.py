"""Vectors and their neighbours, in Chroma: one collection of chunks, one of indicator names. The registry is the truth; this is an index of it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Collection as Container
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from rag.embed import Vectors
from rag.faults import INDEX, is_read_only, read_fault, write_fault

CHUNKS = "chunks"
NAMES = "names"


@dataclass(frozen=True, slots=True)
class Near:
    """A neighbour: the cosine of the angle to it is the score."""

    key: str
    score: float


class VectorCollection:
    """Keys with vectors of unit length. Its methods raise StoreError where the folder cannot be read, StoreUnwritableError where not written."""

    def __init__(self, collection: Any, batch: int, folder: Path) -> None:  # noqa: ANN401 - Chroma's own type changes with its releases
        self._collection = collection
        self._batch = batch
        self._folder = folder

    def __len__(self) -> int:
        """How many keys it holds."""
        with self._reading():
            return int(self._collection.count())

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Write keys with their vectors; a key that is there gets the new vector."""
        with self._writing():
            for first in range(0, len(keys), self._batch):
                part = slice(first, first + self._batch)
                self._collection.upsert(ids=list(keys[part]), embeddings=vectors[part])

    def remove(self, keys: Sequence[str]) -> None:
        """Delete keys; one that is not there does no harm."""
        with self._writing():
            for first in range(0, len(keys), self._batch):
                self._collection.delete(ids=list(keys[first : first + self._batch]))

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys that it does not hold."""
        if not keys:
            return []
        with self._reading():
            held = set(self._collection.get(ids=list(keys), include=[])["ids"])
        return [key for key in keys if key not in held]

    def vectors(self, keys: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of the keys that it holds."""
        if not keys:
            return {}
        with self._reading():
            found = self._collection.get(ids=list(keys), include=["embeddings"])
        return {key: np.asarray(row, dtype=np.float32) for key, row in zip(found["ids"], found["embeddings"], strict=True)}

    def keys(self) -> list[str]:
        """All keys. In one go: page by page takes twice as long."""
        with self._reading():
            return list(self._collection.get(include=[])["ids"])

    def search(self, vector: Vectors, limit: int) -> list[Near]:
        """The nearest keys, best first."""
        limit = min(limit, len(self))
        if limit < 1:
            return []
        with self._reading():
            found = self._collection.query(query_embeddings=vector.reshape(1, -1), n_results=limit, include=["distances"])
        return [Near(key, 1.0 - float(distance)) for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise read_fault(INDEX, self._folder, error) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise write_fault(INDEX, self._folder, error) from error
        if not is_index(self._folder):  # on some systems files that are deleted under a program seem to be there for it
            raise write_fault(INDEX, self._folder, "it was deleted meanwhile")


def is_index(folder: Path) -> bool:
    """Whether a folder holds an index."""
    return (folder / "chroma.sqlite3").exists()


def copy_index(folder: Path) -> TemporaryDirectory[str]:
    """A copy that can be written, whatever the permissions of what it is made of; gone when it is let go."""
    copy = TemporaryDirectory(prefix="replydesk-index-", ignore_cleanup_errors=True)
    for path in folder.rglob("*"):
        target = Path(copy.name) / path.relative_to(folder)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return copy


class VectorIndex:
    """Both collections in one Chroma folder."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        self.folder = folder
        self._lock = threading.Lock()
        self._copy: TemporaryDirectory[str] | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if is_read_only(folder):  # Chroma writes even where it is only asked
                self._copy = copy_index(folder)
            opened = self._copy.name if self._copy else str(folder)
            self._client: Any = chromadb.PersistentClient(opened, settings=ChromaSettings(anonymized_telemetry=False))
            self.chunks = self._open(CHUNKS)
            self.names = self._open(NAMES)
        except Exception as error:
            raise read_fault(INDEX, folder, error) from error

    def _open(self, name: str) -> VectorCollection:
        # Inner product on vectors of unit length is the cosine, without the second normalisation.
        collection = self._client.get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "ip", "ef_search": 200, "ef_construction": 100}}
        )
        return VectorCollection(collection, int(self._client.get_max_batch_size()), self.folder)

    def add_names(self, names: Container[str], encode: Any) -> None:  # noqa: ANN401
        """Write the indicator names that are new; only these are encoded."""
        new = self.names.missing(sorted(set(names)))
        if new:
            self.names.add(new, encode(new))

    def close(self) -> None:
        """Let go of the folder."""
        with self._lock:
            self._client.close()
            if self._copy:
                self._copy.cleanup()
