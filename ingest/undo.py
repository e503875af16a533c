"""The last ingestion taken back: what it brought goes, what it replaced counts again. All of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.changes import Effect, LetterChange, compare_texts, describe
from rag.errors import StoreError
from rag.records import Figure, Letter
from rag.registry_write import drop_pending, last_run, remove_run
from rag.rows import Version
from rag.store import Store, remove_originals


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back."""

    ingestion: int  # its number
    began_at: str  # ISO time, UTC
    files: tuple[str, ...]  # names of the files that it had brought
    changes: tuple[LetterChange, ...]  # one of each letter


def last_ingestion(store: Store) -> int | None:
    """Number of the ingestion that `undo_ingestion` would take back."""
    with store.registry.read() as connection:
        run = last_run(connection)
    return run.number if run else None


def undo_ingestion(store: Store) -> Undone:
    """Take back the last ingestion that brought anything; again: the one before it.

    Readers see the store before or after it, and whoever is stopped leaves one of these two.

    Args:
        store: opened for writing.

    Raises:
        StoreError: there is no ingestion to take back.
    """
    registry = store.registry
    with registry.read() as connection:
        run = last_run(connection)
    if run is None:
        raise StoreError(
            f"No ingestion in {store.folder} can be taken back. `python -m ingest --remove LETTER_ID` takes a letter out.",
            f"{store.folder} 中没有可以撤销的导入。可用 `python -m ingest --remove 函件编号` 移除一封函件。",
        )
    taken = [version for version in registry.versions() if version.version_id in run.version_ids]
    before = _read_current(store, {version.letter_id for version in taken})
    with registry.write() as connection:
        keys = remove_run(connection, run)
    store.index.chunks.remove(keys)
    remove_originals(store, [version.content_hash for version in taken])
    with registry.write(is_visible=False) as connection:
        drop_pending(connection, keys)
    after = _read_current(store, before)
    changes = [_tell_change(before[letter_id], after.get(letter_id), taken) for letter_id in sorted(before)]
    return Undone(run.number, run.began_at, tuple(version.file for version in taken), tuple(changes))


Current = tuple[int, Letter, Sequence[Figure]]  # number of the version that counts, its text and figures


def _read_current(store: Store, letter_ids: set[str] | dict[str, Current]) -> dict[str, Current]:
    view = store.registry.view()
    numbers = {letter_id: view[letter_id] for letter_id in letter_ids if letter_id in view}
    return {key: (number, store.registry.version(number), store.registry.version_figures(number)) for key, number in numbers.items()}


def _tell_change(was: Current, now: Current | None, taken: Sequence[Version]) -> LetterChange:
    number, letter, figures = was
    if now is None:
        return describe(letter, Effect.GONE, letter.file)
    if now[0] == number:
        file = next(version.file for version in taken if version.letter_id == letter.letter_id)
        return describe(letter, Effect.KEPT, file)
    return compare_texts(letter, figures, now[1], now[2], Effect.BACK)
