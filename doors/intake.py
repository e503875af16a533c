"""Letters into and out of a store that is open for answering."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.pipeline import Pipeline
    from rag.registry import Registry

NEW, CHANGED, UNCHANGED, FAILED = "new", "changed", "unchanged", "failed"
_writing = threading.Lock()  # within this process; between processes the store's own lock counts


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter file, alone or out of an archive, and what became of it."""

    file: str
    outcome: str  # new, changed, unchanged, failed
    letter_id: str = ""
    title: str = ""
    figures: int = 0
    reason: str = ""  # why it failed, with the cure
    reason_zh: str = ""


def take_in(pipeline: Pipeline, path: Path) -> list[Taken]:
    """Take one file into the store under its own name; of an archive or mail each letter in it.

    Raises:
        StoreBusyError: another process writes.
    """
    from ingest.update import ingest_files
    from rag.store import open_store

    with _writing, open_store(pipeline.settings, write=True, encoder=pipeline.store.encoder) as store:
        versions, letters = {version.version_id for version in store.registry.versions()}, set(store.registry.view())
        tally = ingest_files(store, [path])
    registry = pipeline.store.registry
    arrived = [version for version in registry.versions() if version.version_id not in versions]
    results = [_tell(registry, v.file, CHANGED if v.letter_id in letters else NEW, v.letter_id) for v in arrived]
    results += [Taken(Path(failed.file).name, FAILED, reason=failed.reason, reason_zh=failed.reason_zh) for failed in tally.failed]
    return results or [_tell(registry, path.name, UNCHANGED, _find_letter(registry, path))]


def take_out(pipeline: Pipeline, letter_id: str) -> int:
    """Remove a letter; gives how many versions went.

    Raises:
        StoreError: there is no such letter.
        StoreBusyError: another process writes.
    """
    from ingest.upkeep import remove_from_store
    from rag.store import open_store

    with _writing, open_store(pipeline.settings, write=True, encoder=pipeline.store.encoder) as store:
        return remove_from_store(store, letter_id)


def _find_letter(registry: Registry, path: Path) -> str:
    """Which letter a file is that was there before; empty for an archive."""
    from ingest.scan import FailedFile, hash_file

    source = hash_file(path)
    digest = "" if isinstance(source, FailedFile) else source.content_hash
    return next((version.letter_id for version in registry.versions() if version.content_hash == digest), "")


def _tell(registry: Registry, file: str, outcome: str, letter_id: str) -> Taken:
    if letter_id not in registry.view():
        return Taken(file, outcome)
    letter = registry.letter(letter_id)
    return Taken(file, outcome, letter_id, letter.proposal_title or letter.title or "", len(registry.figures([letter_id])))
