"""Letters into and out of a store that is open for answering."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.changes import LetterChange
    from ingest.pinned import AnswerChange, PinnedGate, PinnedQuestion
    from ingest.undo import Undone
    from rag.pipeline import Pipeline
    from rag.registry import Registry
    from rag.store import Store

NEW, CHANGED, UNCHANGED, FAILED = "new", "changed", "unchanged", "failed"
_log = logging.getLogger(__name__)
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
    ingestion: int = 0  # number of the run that brought it; 0: none did
    changes: tuple[LetterChange, ...] = ()  # what it changed in this letter and in those that it corrects
    answers: tuple[AnswerChange, ...] = ()  # pinned questions whose answers the file changed; told with its first letter


def take_in(pipeline: Pipeline, path: Path) -> list[Taken]:
    """Take one file into the store under its own name; of an archive or mail each letter in it.

    Raises:
        StoreBusyError: another process writes.
    """
    from ingest.update import ingest_files
    from rag.store import open_store

    with _writing, open_store(pipeline.settings, write=True, encoder=pipeline.store.encoder) as store:
        versions, letters = {version.version_id for version in store.registry.versions()}, set(store.registry.view())
        gate = _open_gate(store)
        tally = ingest_files(store, [path])
        answers = tuple(gate.find_changes(tally.written, tally.changes)) if gate else ()
    registry = pipeline.store.registry
    results: list[Taken] = []
    for version in (version for version in registry.versions() if version.version_id not in versions):
        told = _tell(registry, version.file, CHANGED if version.letter_id in letters else NEW, version.letter_id)
        changes = tuple(change for change in tally.changes if version.letter_id in (change.letter_id, change.corrected_by))
        results.append(replace(told, ingestion=version.ingestion, changes=changes, answers=answers if not results else ()))
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


def take_back(pipeline: Pipeline, ingestions: Collection[int]) -> list[Undone]:
    """Undo these ingestions, the last one first.

    Raises:
        StoreError: another ingestion came after them, or they are undone already; none of what is still to be undone is touched.
        StoreBusyError: another process writes.
    """
    from ingest.undo import last_ingestion, undo_ingestion
    from rag.errors import StoreError
    from rag.store import open_store

    undone: list[Undone] = []
    with _writing, open_store(pipeline.settings, write=True, encoder=pipeline.store.encoder) as store:
        while len(undone) < len(set(ingestions)):
            if last_ingestion(store) not in ingestions:
                raise StoreError(
                    "Other letters came in after these, or they were taken back already. Remove single letters, or undo the later ingestion first.",
                    "此后又有其他导入，或本次导入已经撤销。请单独移除函件，或先撤销之后的导入。",
                )
            undone.append(undo_ingestion(store))
    return undone


def _open_gate(store: Store) -> PinnedGate | None:
    """The store's pinned questions, asked before; none where there are none, or where their file cannot be read."""
    from ingest.pinned import PinnedGate, find_pinned_file, read_pinned
    from rag.errors import QuestionSetError

    try:
        file = find_pinned_file(store, None)
        questions: Sequence[PinnedQuestion] = read_pinned(file) if file else ()
    except QuestionSetError as error:
        _log.warning("pinned questions are not asked: %s", error)
        return None
    return PinnedGate(store, questions) if questions else None


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
