"""One folder with all that is known: registry, full text, vectors, originals. One writer at a time, readers never wait."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from rag.embed import Encoder, Vectors, embedding_name, load_encoder
from rag.errors import EmbeddingMismatchError, StoreBusyError, StoreError
from rag.faults import FOLDER, INDEX, Part, read_fault, write_fault
from rag.index import Near, VectorIndex, is_index
from rag.registry import Registry
from rag.registry_tables import SCHEMA_VERSION
from rag.registry_write import create_registry, drop_other_series, drop_pending, list_pending
from rag.restoring import READY, finish_restore
from rag.settings import Settings

LOCK_FILE = "write.lock"
HOLDER_FILE = "write.holder"
ORIGINALS = "originals"  # folder of the files that the letters were read from
PINNED = "pinned.jsonl"  # questions whose answers are watched, in the question-set format
SCRATCH = "replydesk-unpacked-"  # folders of the members of archives, while they are read, begin so
MIGRATION_SECONDS = 60  # that a reader waits for a writer, to bring an older store up


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
                if not is_index(folder) and self.registry.versions():  # a new one would be empty, and nothing would say so
                    raise read_fault(INDEX, folder, "it is not there")
                self._index = VectorIndex(folder)
            return self._index

    @property
    def series(self) -> int:
        """Number of the embedding run in force."""
        return int(self.registry.facts()["series"])

    def nearest_chunks(self, vector: Vectors, limit: int) -> list[Near]:
        """Chunks that come nearest to a vector; the index may be replaced by a rebuilt one meanwhile."""
        series = self.series
        try:
            return self.index.chunks.search(vector, limit)
        except StoreError:
            if self.series == series:
                raise
            return self.index.chunks.search(vector, limit)

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
            _release_lock(self.folder, self._lock)
            self._lock = None


def open_store(
    settings: Settings,
    *,
    write: bool = False,
    encoder: Encoder | None = None,
    any_embedding: bool = False,
    wait_seconds: float = 0,
    purpose: str = "",
) -> Store:
    """Open the store of `settings.store`, making an empty one where there is none.

    A store of an earlier schema is brought up to the present one, under the writer's lock.

    Args:
        settings: which folder and which embedding.
        write: take the writer's lock and sweep what an interrupted writer left.
        encoder: one that is loaded already, in place of the one that the settings name.
        any_embedding: do not ask which embedding made the store: to rebuild it, to list it.
        wait_seconds: how long to wait for another writer.
        purpose: what it is opened for writing for, told to whoever comes meanwhile: python -m ingest letters.

    Raises:
        StoreBusyError: another process writes.
        EmbeddingMismatchError: another embedding made the store.
        StoreError: the folder cannot be used, or another version of this program made it.
    """
    folder = settings.store
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_fault(FOLDER, folder, error.strerror) from error
    lock = _take_lock(folder, wait_seconds, purpose) if write else None
    try:
        _finish_restore(folder, has_lock=lock is not None)
        registry = Registry(folder)
        if not registry.is_made():
            first = encoder or load_encoder(settings)
            encoder = first
            create_registry(registry, first.name, first.size)
        facts = _bring_up(registry, has_lock=lock is not None)
        if not any_embedding:
            check_embedding(facts, folder, encoder.name if encoder else embedding_name(settings), encoder.size if encoder else None)
        store = Store(settings, registry, encoder, lock)
        if write:
            sweep_store(store)
    except BaseException:
        if lock is not None:
            _release_lock(folder, lock)
        raise
    return store


def _finish_restore(folder: Path, *, has_lock: bool) -> None:
    """Put in place what a restore that was stopped had made ready."""
    if not (folder / READY).is_dir():
        return
    if has_lock:
        finish_restore(folder)
        return
    try:
        lock = _take_lock(folder, MIGRATION_SECONDS)
    except StoreBusyError:
        return  # whoever has the lock has finished it, or is about to
    try:
        finish_restore(folder)
    finally:
        _release_lock(folder, lock)


def _bring_up(registry: Registry, *, has_lock: bool) -> dict[str, str]:
    """Give the store's facts; an earlier program's store is brought up to the present schema first, by whoever opens it."""
    folder, facts = registry.path.parent, registry.facts()
    found = facts.get("schema_version", "none")
    if found == str(SCHEMA_VERSION):
        return facts
    if not found.isdigit() or not 0 < int(found) < SCHEMA_VERSION:
        raise StoreError(
            f"The store {folder} has schema version {found}, this program reads versions up to {SCHEMA_VERSION}. "
            "Use the program that made it, or ingest the letters into a new folder."
        )
    if has_lock:
        from rag.migrate import migrate_registry  # alembic takes half a second to import

        migrate_registry(registry, int(found))
        return registry.facts()
    try:
        lock = _take_lock(folder, MIGRATION_SECONDS)
    except StoreError as error:
        raise type(error)(
            f"The store {folder} has schema version {found} and must be brought up to version {SCHEMA_VERSION} once, but {error} "
            "`python -m ingest --check` does it, run by somebody who may write there, while nothing else writes."
        ) from error
    try:
        return _bring_up(registry, has_lock=True)
    finally:
        _release_lock(folder, lock)


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
    """Take out what an interrupted writer left: vectors and originals that no letter has, unpacked archives."""
    with store.registry.read() as connection:
        left = list_pending(connection)
    if left:
        if is_index(index_folder(store.folder, store.series)):
            store.index.chunks.remove(left)
        remove_originals(store, {key.split(":")[0] for key in left})
        with store.registry.write(is_visible=False) as connection:
            drop_pending(connection, left)
    for scratch in store.folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(scratch, ignore_errors=True)
    counts = index_folder(store.folder, store.series)
    interrupted = [folder for folder in store.folder.glob("vectors-*") if folder != counts]
    if interrupted:
        with store.registry.write() as connection:
            drop_other_series(connection, store.series)
        for folder in interrupted:
            shutil.rmtree(folder, ignore_errors=True)


def remove_originals(store: Store, beginnings: Iterable[str]) -> None:
    """Delete the copies of files whose content hash begins so, unless a letter is made of them."""
    kept = {version.content_hash for version in store.registry.versions()}
    for beginning in beginnings:
        for copy in (store.folder / ORIGINALS / beginning[:2]).glob(f"{beginning}*"):
            if copy.name.split(".")[0] not in kept or copy.suffix == ".part":
                copy.unlink(missing_ok=True)


def _take_lock(folder: Path, wait_seconds: float = 0, purpose: str = "") -> FileLock:
    lock = FileLock(folder / LOCK_FILE, timeout=wait_seconds)
    try:
        lock.acquire()
    except Timeout as error:
        holder = _read_holder(folder)
        raise StoreBusyError(
            f"{folder} is being written {holder.english}. Try again when it has finished, or wait for it: python -m ingest … --wait 600",
            f"{folder} 正在写入{holder.chinese}。请等它结束后再试。",
        ) from error
    except OSError as error:
        raise write_fault(FOLDER, folder, error.strerror) from error
    holder_now = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds"), "what": purpose}
    try:
        part = folder / f"{HOLDER_FILE}.part"
        part.write_text(json.dumps(holder_now, ensure_ascii=False), encoding="utf-8")
        part.replace(folder / HOLDER_FILE)
    except OSError as error:
        lock.release()
        raise write_fault(FOLDER, folder, error.strerror) from error
    return lock


def _release_lock(folder: Path, lock: FileLock) -> None:
    (folder / HOLDER_FILE).unlink(missing_ok=True)
    lock.release()


def _read_holder(folder: Path) -> Part:
    """Who holds the lock, in both languages."""
    try:
        holder = json.loads((folder / HOLDER_FILE).read_text(encoding="utf-8"))
        pid, since, what = holder["pid"], holder["since"], holder["what"]
    except (OSError, ValueError, KeyError):
        return Part("by another process", "（其他进程）")
    return Part(f"by process {pid} ({what or 'unknown'}), since {since}", f"（进程 {pid}，{what or '未知'}，自 {since}）")
