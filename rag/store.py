"""One folder with all that is known: registry, full text, vectors, originals. One writer at a time, readers never wait."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from rag.embed import Encoder, embedding_name, load_encoder
from rag.errors import EmbeddingMismatchError, StoreBusyError, StoreError
from rag.index import Near, VectorIndex
from rag.registry import FILE, SCHEMA_VERSION, Registry
from rag.registry_write import create_registry, drop_other_series, drop_pending, list_pending
from rag.settings import Settings

LOCK_FILE = "write.lock"
HOLDER_FILE = "write.holder"


class Store:
    """Registry, vector index and encoder of one folder. The heavy ones are opened at first use."""

    def __init__(self, settings: Settings, registry: Registry, encoder: Encoder | None, lock: FileLock | None) -> None:
        self.settings = settings
        self.folder = settings.store
        self.registry = registry
        self._encoder = encoder
        self._index: VectorIndex | None = None
        self._lock = lock
        self._opening = threading.RLock()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def writable(self) -> bool:
        """Whether this program is the one writer."""
        return self._lock is not None

    @property
    def encoder(self) -> Encoder:
        """The embedding, loaded at first use and checked against the one that made the store."""
        with self._opening:
            if self._encoder is None:
                self._encoder = load_encoder(self.settings)
            check_embedding(self.registry.facts(), self.folder, self._encoder.name, self._encoder.size)
            return self._encoder

    @property
    def index(self) -> VectorIndex:
        """The vector index of the series that is in force: a rebuild switches to another folder."""
        folder = index_folder(self.folder, self.series)
        with self._opening:
            if self._index is None or self._index.folder != folder:
                if self._index is not None:
                    self._index.close()
                self._index = VectorIndex(folder)
            return self._index

    @property
    def series(self) -> int:
        """Number of the embedding run in force."""
        return int(self.registry.facts()["series"])

    def nearest_names(self, text: str, limit: int) -> list[Near]:
        """Indicator names that come nearest to a text, in any language; the score is the cosine."""
        known = set(self.registry.names())
        found = self.index.names.search(self.encoder.encode_questions([text]), limit + 50)
        return [near for near in found if near.key in known][:limit]

    def encode_names(self, names: Sequence[str]) -> None:
        """Put the indicator names that are new into their collection."""
        if names:
            self.index.add_names(names, lambda new: self.encoder.encode(new))

    def load_new_encoder(self) -> Encoder:
        """The embedding that the settings name, whichever made the store: to rebuild it."""
        with self._opening:
            if self._encoder is None:
                self._encoder = load_encoder(self.settings)
            return self._encoder

    def forget_index(self) -> None:
        """Let go of the vector index, so that the next use opens the one that counts."""
        with self._opening:
            if self._index is not None:
                self._index.close()
                self._index = None

    def close(self) -> None:
        """Let go of files and lock."""
        self.forget_index()
        self.registry.close()
        if self._lock is not None:
            (self.folder / HOLDER_FILE).unlink(missing_ok=True)
            self._lock.release()
            self._lock = None


def open_store(settings: Settings, *, write: bool = False, encoder: Encoder | None = None, any_embedding: bool = False) -> Store:
    """Open the store of `settings.store`, making an empty one where there is none.

    Args:
        settings: which folder and which embedding.
        write: take the writer's lock and sweep what an interrupted writer left.
        encoder: one that is loaded already, in place of the one that the settings name.
        any_embedding: do not ask which embedding made the store: to rebuild it, to list it.

    Raises:
        StoreBusyError: another process writes.
        EmbeddingMismatchError: another embedding made the store.
        StoreError: the folder cannot be used, or another version of this program made it.
    """
    folder = settings.store
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The store folder {folder} cannot be made: {error.strerror}. Set REPLYDESK_STORE to a folder that can be written."
        ) from error
    lock = _take_lock(folder) if write else None
    try:
        registry = Registry(folder)
        if not (folder / FILE).exists():
            first = encoder or load_encoder(settings)
            encoder = first
            create_registry(registry, first.name, first.size)
        facts = registry.facts()
        if facts.get("schema_version") != str(SCHEMA_VERSION):
            raise StoreError(
                f"The store {folder} has schema version {facts.get('schema_version')}, this program reads version {SCHEMA_VERSION}. "
                "Use the program that made it, or ingest the letters into a new folder."
            )
        if not any_embedding:
            check_embedding(facts, folder, encoder.name if encoder else embedding_name(settings), encoder.size if encoder else None)
        store = Store(settings, registry, encoder, lock)
        if write:
            sweep_store(store)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return store


def check_embedding(facts: dict[str, str], folder: Path, name: str, size: int | None) -> None:
    """Refuse vectors of two embeddings in one store.

    Raises:
        EmbeddingMismatchError: with what to do about it.
    """
    made_by, made_size = facts["embedding"], int(facts["embedding_size"])
    if name != made_by or size not in (None, made_size):
        asked = f"{name} ({size} numbers)" if size else name
        raise EmbeddingMismatchError(
            f"The store {folder} was made with the embedding {made_by} ({made_size} numbers), and {asked} is asked for. "
            "Either set REPLYDESK_EMBEDDING to the one that made it, or run `python -m ingest --rebuild` to make its vectors anew."
        )


def index_folder(folder: Path, series: int) -> Path:
    """Where the vectors of one embedding run lie."""
    return folder / f"vectors-{series}"


def sweep_store(store: Store) -> None:
    """Take out of the vector index what an interrupted writer left there."""
    with store.registry.read() as connection:
        left = list_pending(connection)
    if left:
        store.index.chunks.remove(left)
        with store.registry.write() as connection:
            drop_pending(connection, left)
    counts = index_folder(store.folder, store.series)
    interrupted = [folder for folder in store.folder.glob("vectors-*") if folder != counts]
    if interrupted:
        with store.registry.write() as connection:
            drop_other_series(connection, store.series)
        for folder in interrupted:
            shutil.rmtree(folder, ignore_errors=True)


def _take_lock(folder: Path) -> FileLock:
    lock = FileLock(folder / LOCK_FILE, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreBusyError(f"{folder} is being written {_tell_holder(folder)}. Try again when it has finished.") from error
    except OSError as error:
        raise StoreError(f"The store folder {folder} cannot be written: {error.strerror}.") from error
    holder = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
    (folder / HOLDER_FILE).write_text(json.dumps(holder), encoding="utf-8")
    return lock


def _tell_holder(folder: Path) -> str:
    try:
        holder = json.loads((folder / HOLDER_FILE).read_text(encoding="utf-8"))
        return f"by process {holder['pid']}, since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return "by another process"
