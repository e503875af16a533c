"""A store as one file, and back: taken while it is in use, put in place at one moment.

The file is a zip archive: the registry as it was at one moment, the original of each of its files, the small databases beside it
(accounts, audit, conversations), the pinned questions, and a list of all with their checksums. The vector index is not in it: a restore makes it
from the registry's vectors.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rag.audit_trail import FILE as AUDIT
from rag.embed import Encoder, unpack_vectors
from rag.errors import StoreError
from rag.faults import COPIES, FOLDER, write_fault
from rag.index import VectorIndex
from rag.migrate import migrate_registry
from rag.registry import FILE, Registry
from rag.registry_tables import SCHEMA_VERSION
from rag.registry_write import add_pending
from rag.restoring import READY, copy_database, finish_restore, is_damaged, prepare_copy, read_vectors, set_aside
from rag.rows import Version
from rag.settings import Settings
from rag.store import ORIGINALS, PINNED, SCRATCH, Store, check_embedding, index_folder, open_store, sweep_store

LIST = "backup.json"
FORMAT = 1
ATTEMPTS = 3  # to copy a registry with all of its originals, where some are removed meanwhile
BATCH_CHUNKS = 2000
LEFT_AFTER_SECONDS = 24 * 3600
_ORIGINAL = re.compile(rf"{ORIGINALS}/[0-9a-f]{{2}}/[0-9a-f]{{64}}[^/\\]*")
BESIDE = (PINNED, "reported_questions.jsonl")  # files of the store that are no databases
_BESIDE = re.compile("|".join((r"[a-z_]+\.sqlite", *map(re.escape, BESIDE))))
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, KeyError, OSError)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    file: Path
    made_at: str  # ISO time, UTC
    letters: int
    originals: int
    missing: tuple[str, ...] = ()  # names of files whose original the store did not have


def back_up(store: Store, target: Path) -> Backup:
    """Write the store into one file. Others may go on reading and writing.

    Raises:
        StoreError: the store cannot be read, or the file cannot be written; a file that was there before is kept then.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(target)
        with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent, ignore_cleanup_errors=True) as name:
            scratch = Path(name)
            made = _write_archive(store, scratch, scratch / "backup.zip", target)
            with (scratch / "backup.zip").open("rb+") as stream:
                os.fsync(stream.fileno())
            (scratch / "backup.zip").replace(target)
    except OSError as error:
        raise write_fault(FOLDER, target, error.strerror or error) from error
    return made


def _remove_leftovers(target: Path) -> None:
    """What a backup of this name left that was stopped; a young one may be at work."""
    for folder in target.parent.glob(f".{glob.escape(target.name)}.*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > LEFT_AFTER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _write_archive(store: Store, scratch: Path, part: Path, target: Path) -> Backup:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    for attempt in range(1, ATTEMPTS + 1):
        copy = scratch / FILE
        copy.unlink(missing_ok=True)
        copy_database(store.registry.path, copy)
        with _open_copy(scratch) as registry, _Writer(part) as archive:
            letters, files, generation = registry.count(), registry.versions(), registry.generation
            missing = [version.file for version in files if not _add_original(archive, store.folder, version)]
            if missing and attempt < ATTEMPTS and store.registry.generation != generation:
                continue  # a letter was removed meanwhile: the next copy of the registry does not have it
            registry.close()
            archive.add(copy, FILE)
            for database in sorted(store.folder.glob("*.sqlite")):
                if database.name != FILE:
                    copy_database(database, scratch / database.name)
                    archive.add(scratch / database.name, database.name)
            for name in BESIDE:
                if (store.folder / name).exists():
                    archive.add(store.folder / name, name)
            archive.add_list({"format": FORMAT, "made_at": made_at, "schema_version": SCHEMA_VERSION, "letters": letters})
        break
    return Backup(target, made_at, letters, len(files) - len(missing), tuple(missing))


class _Writer:
    """An archive that notes the checksum of what goes in."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._sums: dict[str, str] = {}

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_error: object) -> None:
        self._archive.close()

    def add(self, path: Path, name: str) -> None:
        """Add one file; read once, so that checksum and content are of one moment."""
        digest = hashlib.sha256()
        with path.open("rb") as source, self._archive.open(zipfile.ZipInfo.from_file(path, name), "w") as target:
            while block := source.read(1 << 20):
                digest.update(block)
                target.write(block)
        self._sums[name] = digest.hexdigest()

    def add_list(self, told: dict[str, object]) -> None:
        """Add the list of all that is in it."""
        self._archive.writestr(LIST, json.dumps({**told, "sha256": self._sums}, ensure_ascii=False, indent=1))


def _add_original(archive: _Writer, folder: Path, version: Version) -> bool:
    """Add the copy of one file; false where there is none."""
    for path in (folder / ORIGINALS / version.content_hash[:2]).glob(f"{version.content_hash}*"):
        if path.suffix != ".part":
            try:
                archive.add(path, f"{ORIGINALS}/{version.content_hash[:2]}/{path.name}")
            except FileNotFoundError:
                return False
            return True
    return False


@contextmanager
def _open_copy(folder: Path) -> Iterator[Registry]:
    with closing(Registry(folder)) as registry:
        found = int(registry.facts()["schema_version"])
        if found > SCHEMA_VERSION:
            raise StoreError(
                f"The backup has schema version {found}, this program reads versions up to {SCHEMA_VERSION}. Restore it with the program that made it.",
                f"备份的结构版本为 {found}，本程序最高支持 {SCHEMA_VERSION}。请用生成该备份的程序恢复。",
            )
        if found < SCHEMA_VERSION:
            migrate_registry(registry, found)
        yield registry


def restore(settings: Settings, source: Path, *, encoder: Encoder | None = None, wait_seconds: float = 0) -> Backup:
    """Put the store of `settings.store` back to what a backup holds, wholly or not at all; a store that is not there is made.

    Programs that have it open go on with the restored one. An audit that is there stays, since entries are only ever added to it.

    Args:
        settings: which folder, and the embedding that made the backup.
        source: a file that `back_up` wrote.
        encoder: the embedding, loaded already.
        wait_seconds: how long to wait for another writer.

    Raises:
        StoreError: the file is damaged (what is, is named), or the store cannot be written; nothing has changed then.
    """
    with _open_archive(source) as archive:
        listed = _check_archive(archive, source)
        registry = settings.store / FILE
        if is_damaged(registry):
            set_aside(registry)
        with open_store(
            settings,
            write=True,
            encoder=encoder,
            any_embedding=True,
            wait_seconds=wait_seconds,
            purpose=f"python -m ingest --restore {source}",
        ) as store:
            _restore_into(store, archive, listed.names)
            letters = store.registry.count()
    return Backup(source, listed.made_at, letters, sum(bool(_ORIGINAL.fullmatch(name)) for name in listed.names))


def _restore_into(store: Store, archive: zipfile.ZipFile, names: frozenset[str]) -> None:
    folder, series = store.folder, store.series + 1
    try:
        with TemporaryDirectory(prefix=SCRATCH, dir=folder, ignore_cleanup_errors=True) as name:
            scratch = Path(name) / READY
            scratch.mkdir()
            for member in sorted(names):
                if _BESIDE.fullmatch(member) and not (member == AUDIT and (folder / AUDIT).exists()):
                    _unpack(archive, member, scratch / member)
            with _open_copy(scratch) as copy:
                wanted = {version.content_hash for version in copy.versions()}
                indicators, facts = copy.names(), copy.facts()
            encoder = store.load_new_encoder()
            check_embedding(facts, folder, encoder.name, encoder.size)
            _make_index(index_folder(folder, series), scratch / FILE, indicators, encoder)
            present = {version.content_hash for version in store.registry.versions()}
            with store.registry.write(is_visible=False) as connection:  # swept, should this be stopped before it counts
                add_pending(connection, [_sweep_key(content_hash) for content_hash in wanted - present])
            _unpack_originals(archive, names, folder)
            prepare_copy(scratch / FILE, store.registry.path, series, [_sweep_key(content_hash) for content_hash in present - wanted])
            scratch.replace(folder / READY)  # from here on it counts
    except OSError as error:
        raise write_fault(FOLDER, folder, error.strerror or error) from error
    store.forget_index()
    finish_restore(folder)
    sweep_store(store)


def _sweep_key(content_hash: str) -> str:
    """A key by which the sweep finds the copy of a file; see `rag.store.sweep_store`."""
    return f"{content_hash[:32]}:0"


def _make_index(folder: Path, copy: Path, indicators: list[str], encoder: Encoder) -> None:
    """Make the vector index of a registry that is not in place yet; it lies beside the one that counts."""
    shutil.rmtree(folder, ignore_errors=True)
    index = VectorIndex(folder)
    try:
        rows = read_vectors(copy)
        while batch := list(islice(rows, BATCH_CHUNKS)):
            index.chunks.add([key for key, _ in batch], np.stack([unpack_vectors(packed, encoder.size)[0] for _, packed in batch]))
        if indicators:
            index.add_names(indicators, encoder.encode)
    finally:
        index.close()


def _unpack_originals(archive: zipfile.ZipFile, names: frozenset[str], folder: Path) -> None:
    for name in sorted(names):
        target = folder / name
        if not _ORIGINAL.fullmatch(name):
            continue
        content_hash = target.name.split(".")[0]
        if target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == content_hash:
            continue
        part = target.with_name(f"{target.name}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _unpack(archive, name, part)
            part.replace(target)
        except OSError as error:
            raise write_fault(COPIES, target.parent, error.strerror or error) from error


def _unpack(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    with archive.open(name) as source, target.open("wb") as stream:
        shutil.copyfileobj(source, stream, 1 << 20)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _open_archive(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(source)
    except _UNREADABLE as error:
        raise _damaged(source, [str(error)]) from error
    with archive:
        yield archive


@dataclass(frozen=True, slots=True)
class _Listed:
    """What a sound archive says of itself."""

    made_at: str
    names: frozenset[str]


def _check_archive(archive: zipfile.ZipFile, source: Path) -> _Listed:
    """Read the list and compare all that it names.

    Raises:
        StoreError: with the names of what is damaged or missing.
    """
    try:
        told = json.loads(archive.read(LIST))
        sums: dict[str, str] = told["sha256"]
        is_known = told["format"] == FORMAT and FILE in sums and isinstance(told["made_at"], str)
    except (*_UNREADABLE, TypeError) as error:
        raise _damaged(source, [f"{LIST}: {error}"]) from error
    if not is_known or any(not (_ORIGINAL.fullmatch(name) or _BESIDE.fullmatch(name)) for name in sums):
        raise _damaged(source, [f"{LIST}: no list of this program"])
    faults = [name for name, expected in sums.items() if _sum_of(archive, name) != expected]
    if faults:
        raise _damaged(source, faults)
    return _Listed(told["made_at"], frozenset(sums))


def _sum_of(archive: zipfile.ZipFile, name: str) -> str | None:
    try:
        with archive.open(name) as stream:
            digest = hashlib.sha256()
            while block := stream.read(1 << 20):
                digest.update(block)
            return digest.hexdigest()
    except _UNREADABLE:
        return None


def _damaged(source: Path, faults: list[str]) -> StoreError:
    shown = ", ".join(faults[:5]) + (f" … ({len(faults)})" if len(faults) > 5 else "")
    return StoreError(
        f"The backup {source} cannot be used: {shown}. The store is as it was. Use another backup file.",
        f"备份 {source} 无法使用：{shown}。文件库没有改动。请换用另一份备份。",
    )
