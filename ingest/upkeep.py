"""What is done to a store besides taking letters in: remove a letter, make its indexes anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import numpy as np

from ingest.extract import ReadLetter
from ingest.update import encode_letters
from rag.errors import StoreError
from rag.index import VectorIndex
from rag.records import Letter
from rag.registry_write import (
    drop_pending,
    remove_letter,
    replace_derived,
    replace_words,
    switch_series,
    write_vectors,
)
from rag.store import Store, index_folder, remove_originals

BATCH_VERSIONS = 16


def remove_from_store(store: Store, letter_id: str) -> int:
    """Remove a letter with all its versions; gives how many versions went.

    Raises:
        StoreError: there is no such letter.
    """
    found = store.registry.versions(letter_id)
    if not found:
        raise StoreError(f"No letter {letter_id!r} in {store.folder}. `python -m ingest --list` shows those that are there.")
    with store.registry.write() as connection:
        keys = remove_letter(connection, letter_id)
    store.index.chunks.remove(keys)
    remove_originals(store, [version.content_hash for version in found])
    with store.registry.write(is_visible=False) as connection:
        drop_pending(connection, keys)
    return len(found)


def rebuild_store(store: Store, report: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make vectors and full text anew from the registry, with the embedding that the settings name.

    The new index grows beside the old one, and one transaction switches to it: until then nothing has changed for readers.

    Args:
        store: opened for writing, with any embedding.
        report: called with versions done and versions in all.

    Returns:
        How many chunks were encoded.
    """
    encoder = store.load_new_encoder()
    old, new = store.series, store.series + 1
    shutil.rmtree(index_folder(store.folder, new), ignore_errors=True)
    index = VectorIndex(index_folder(store.folder, new))
    numbers = [version.version_id for version in store.registry.versions()]
    count = 0
    try:
        for done, (version_ids, letters) in enumerate(_batches(store, numbers), 1):
            entries = encode_letters(encoder, letters)
            keys = [key for entry in entries for key in entry.vector_keys]
            if keys:
                index.chunks.add(keys, np.stack([rows[0] for entry in entries for rows in entry.vectors]))
            with store.registry.write(is_visible=False) as connection:  # nobody reads vectors of a series that does not count yet
                for version_id, entry in zip(version_ids, entries, strict=True):
                    write_vectors(connection, version_id, new, entry.vectors)
            count += len(keys)
            report(min(done * BATCH_VERSIONS, len(numbers)), len(numbers))
        index.add_names(store.registry.names(), encoder.encode)
    finally:
        index.close()
    with store.registry.write() as connection:
        replace_words(connection)
        replace_derived(connection)
        switch_series(connection, new, encoder.name, encoder.size)
    store.forget_index()
    shutil.rmtree(index_folder(store.folder, old), ignore_errors=True)
    return count


def _batches(store: Store, numbers: list[int]) -> Iterator[tuple[list[int], list[ReadLetter]]]:
    for first in range(0, len(numbers), BATCH_VERSIONS):
        part = numbers[first : first + BATCH_VERSIONS]
        yield part, [_read_version(store, number) for number in part]


def _read_version(store: Store, version_id: int) -> ReadLetter:
    letter: Letter = store.registry.version(version_id)
    return ReadLetter(letter, (), tuple(store.registry.version_chunks(version_id)))
