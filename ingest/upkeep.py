"""What is done to a store besides taking letters in: remove a letter, check that its parts agree, make its indexes anew."""

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
    list_chunks,
    list_pending,
    list_vector_keys,
    list_word_keys,
    remove_letter,
    replace_derived,
    replace_words,
    switch_series,
    write_vectors,
)
from rag.store import ORIGINALS, Store, index_folder, remove_originals

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


def check_store(store: Store) -> list[str]:
    """Name each disagreement between registry, full text, vectors and originals; an empty list is a sound store.

    What is being written just now, or was when its writer was stopped, is no disagreement: the next writer sweeps it.
    """
    faults: list[str] = []
    with store.registry.read() as connection:
        chunks = list_chunks(connection)
        words = list_word_keys(connection)
        being_written = set(list_pending(connection))
        packed = list_vector_keys(connection, store.series)
    by_key = {chunk.key: chunk for chunk in chunks}
    near = set(store.index.chunks.keys())
    named = {chunk.vector_key for chunk in chunks}
    for chunk in chunks:
        label = f"letter {chunk.letter_id}, chunk {chunk.position}"
        if chunk.key not in words:
            faults.append(f"{label} is missing in the full text")
        if chunk.key not in packed:
            faults.append(f"{label} has no stored vectors")
        if chunk.vector_key not in near:
            faults.append(f"{label} is missing in the vector index")
    faults += [f"the full text holds chunk {key}, which no letter has" for key in sorted(words - by_key.keys())]
    faults += [f"the vector index holds {key}, which no letter has" for key in sorted(near - named - being_written)]
    missing_names = store.index.names.missing(store.registry.names())
    faults += [f"the indicator name {name} is missing in the vector index" for name in missing_names]
    for version in store.registry.versions():
        if not any((store.folder / ORIGINALS / version.content_hash[:2]).glob(f"{version.content_hash}.*")):
            faults.append(f"letter {version.letter_id}: the original {version.file} is missing")
    return faults


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
