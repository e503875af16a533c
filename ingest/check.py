"""Do the parts of a store agree: registry, figures, full text, vectors, originals? Each disagreement is named with its cure.

Keys are compared one by one; contents of full text and vector index by a sample, so that a check of 10,000 letters takes seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.embed import unpack_vectors
from rag.errors import StoreError
from rag.registry_check import (
    StoredChunk,
    find_damage,
    find_misfits,
    find_outdated_figures,
    is_found_by_words,
    list_chunks,
    list_vector_sizes,
    list_word_keys,
    read_packed,
)
from rag.registry_write import list_pending
from rag.store import ORIGINALS, Store

SAMPLE = 500  # chunks whose words and vectors are compared
LOOKS = 2
SAME = 0.99  # cosine of a vector and the same one packed to a byte a number

REBUILD = "python -m ingest --rebuild"
RESTORE = "python -m ingest --restore FILE, with a backup; without one ingest the letters into a new folder"
AGAIN = "python -m ingest --remove {letter_id}, then ingest its file again"
DELETE = "delete that file: nothing needs it"


@dataclass(frozen=True, slots=True)
class Fault:
    """One disagreement, and what puts it right."""

    what: str
    cure: str


def check_store(store: Store) -> list[Fault]:
    """Name each disagreement; an empty list is a sound store.

    What is being written just now, or was when its writer was stopped, is no disagreement: the next writer sweeps it.
    """
    faults = _find_faults(store)
    for _ in range(LOOKS - 1):  # parts are read one after the other: what a writer changed in between is not seen twice
        if not faults:
            break
        again = set(_find_faults(store))
        faults = [fault for fault in faults if fault in again]
    return faults


def _find_faults(store: Store) -> list[Fault]:
    checks = {
        _check_registry: RESTORE,
        _check_figures: RESTORE,
        _check_words: REBUILD,
        _check_vectors: REBUILD,
        _check_names: REBUILD,
        _check_originals: RESTORE,
    }
    return [fault for check, cure in checks.items() for fault in _run(check, store, cure)]


def _run(check: Callable[[Store], Iterator[Fault]], store: Store, cure: str) -> Iterator[Fault]:
    """What a check finds; a part that cannot be read at all is a finding, too."""
    try:
        yield from check(store)
    except StoreError as error:
        yield Fault(str(error), cure)


def _check_registry(store: Store) -> Iterator[Fault]:
    with store.registry.read() as connection:
        damage = find_damage(connection)
        misfits = list(find_misfits(connection))
    yield from (Fault(f"the registry is damaged: {line}", RESTORE) for line in damage)
    yield from (Fault(f"letter {letter_id}: {what}", AGAIN.format(letter_id=letter_id)) for letter_id, what in misfits)


def _check_figures(store: Store) -> Iterator[Fault]:
    with store.registry.read() as connection:
        outdated = list(find_outdated_figures(connection))
    yield from (
        Fault(f"letter {letter_id}: the computed columns of the figure {name} are outdated", REBUILD) for letter_id, name in outdated
    )


def _check_words(store: Store) -> Iterator[Fault]:
    with store.registry.read() as connection:
        chunks, words = list_chunks(connection), list_word_keys(connection)
        lost = [c for c in _sample([c for c in chunks if c.key in words]) if not is_found_by_words(connection, c.key)]
    yield from (Fault(f"{_label(chunk)} is missing in the full text", REBUILD) for chunk in chunks if chunk.key not in words)
    yield from (Fault(f"{_label(chunk)} is not found by its own words in the full text", REBUILD) for chunk in lost)
    strays = sorted(words - {chunk.key for chunk in chunks})
    yield from (Fault(f"the full text holds chunk {key}, which no letter has", REBUILD) for key in strays)


def _check_vectors(store: Store) -> Iterator[Fault]:
    size = int(store.registry.facts()["embedding_size"])
    with store.registry.read() as connection:
        chunks, sizes = list_chunks(connection), list_vector_sizes(connection, store.series)
        being_written = set(list_pending(connection))
        sampled = _sample([chunk for chunk in chunks if sizes.get(chunk.key) == size * (1 + chunk.sentences)])
        packed = read_packed(connection, store.series, [chunk.key for chunk in sampled])
    for chunk in chunks:
        if chunk.key not in sizes:
            yield Fault(f"{_label(chunk)} has no stored vectors", REBUILD)
        elif sizes[chunk.key] != size * (1 + chunk.sentences):
            yield Fault(f"{_label(chunk)} has stored vectors of another length than its sentences need", REBUILD)
    near = set(store.index.chunks.keys())
    yield from (Fault(f"{_label(chunk)} is missing in the vector index", REBUILD) for chunk in chunks if chunk.vector_key not in near)
    strays = sorted(near - {chunk.vector_key for chunk in chunks} - being_written)
    yield from (Fault(f"the vector index holds {key}, which no letter has", REBUILD) for key in strays)
    held = store.index.chunks.vectors([chunk.vector_key for chunk in sampled])  # less than sampled beside a writer at work
    for chunk in sampled:
        vector, stored = held.get(chunk.vector_key), unpack_vectors(packed[chunk.key], size)[0]
        if vector is not None and (vector.shape != stored.shape or (np.any(stored) and float(vector @ stored) < SAME)):
            yield Fault(f"{_label(chunk)} has another vector in the index than in the registry", REBUILD)


def _check_names(store: Store) -> Iterator[Fault]:
    missing = store.index.names.missing(store.registry.names())
    yield from (Fault(f"the indicator name {name} is missing in the vector index", REBUILD) for name in missing)


def _check_originals(store: Store) -> Iterator[Fault]:
    with store.registry.read() as connection:
        being_written = {key.split(":")[0] for key in list_pending(connection)}
    copies = {path.name.split(".")[0]: path for path in (store.folder / ORIGINALS).rglob("*") if path.is_file() and path.suffix != ".part"}
    for version in store.registry.versions():
        state = _state_of(copies.pop(version.content_hash, None), version.content_hash)
        if state:
            yield Fault(f"letter {version.letter_id}: the original {version.file} {state}", AGAIN.format(letter_id=version.letter_id))
    for content_hash, path in sorted(copies.items()):
        if content_hash[:32] not in being_written and content_hash not in being_written:
            yield Fault(f"the original {path.relative_to(store.folder)} belongs to no letter", DELETE)


def _state_of(copy: Path | None, content_hash: str) -> str:
    """What is wrong with the copy of a file; empty where nothing is."""
    if copy is None:
        return "is missing"
    try:
        return "" if hashlib.sha256(copy.read_bytes()).hexdigest() == content_hash else f"has been altered ({copy.name})"
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _label(chunk: StoredChunk) -> str:
    return f"letter {chunk.letter_id}, chunk {chunk.position}"


def _sample(chunks: list[StoredChunk]) -> list[StoredChunk]:
    """Some of them, spread evenly."""
    return chunks[:: max(1, len(chunks) // SAMPLE)]
