"""Letters into the store, each wholly or not at all.

The order makes it so: the keys that are about to be written are noted in the registry, then the vectors go into the index under these
keys, where nobody sees them yet, then one transaction of the registry makes the letter visible, with its full text, and takes
the note away. Whoever is interrupted in between leaves a note; the next writer sweeps by it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ingest.changes import LetterChange, find_changes
from ingest.extract import ReadLetter
from ingest.readers.choose import read_content
from ingest.reading import read_files
from ingest.scan import FailedFile, SourceFile
from ingest.unpack import list_sources, shown_name
from rag.embed import Encoder, Vectors, unit_length
from rag.errors import ReadError, ReplyDeskError, StoreUnwritableError
from rag.faults import COPIES, FOLDER, write_fault
from rag.records import Chunk, Letter
from rag.registry_write import Entry, add_entry, add_pending, begin_ingestion
from rag.rows import Version
from rag.store import ORIGINALS, SCRATCH, Store

BATCH_LETTERS = 16
COMPOSED_UP_TO = 160  # characters of a chunk whose vector is composed from those of its sentences
CONTEXT_WEIGHT = 0.3  # of title, year, body and headings beside the chunk's own words


class Change(StrEnum):
    """What a file did to the store."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Tally:
    """What an ingestion has done so far."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: list[FailedFile] = field(default_factory=list)
    ingestion: int = 0  # number of the run, once it has brought something
    written: list[int] = field(default_factory=list)  # numbers of the versions that were written
    changes: list[LetterChange] = field(default_factory=list)  # told at the end

    def count(self, change: Change) -> None:
        """Count one file."""
        setattr(self, change.value, getattr(self, change.value) + 1)


def ingest_files(store: Store, paths: Sequence[Path], report: Callable[[Tally], None] = lambda tally: None) -> Tally:
    """Take files in; what fails is named in the result, and the rest goes on.

    Args:
        store: opened for writing.
        paths: files.
        report: called after each file with the state so far.

    Raises:
        StoreUnwritableError: no further letter can be written; those before stay.
    """
    try:
        unpacked = TemporaryDirectory(prefix=SCRATCH, dir=store.folder, ignore_cleanup_errors=True)
    except OSError as error:
        raise write_fault(FOLDER, store.folder, error.strerror) from error
    with unpacked as scratch:
        return _ingest_sources(store, paths, report, Path(scratch))


def _ingest_sources(store: Store, paths: Sequence[Path], report: Callable[[Tally], None], scratch: Path) -> Tally:
    tally = Tally()
    before = store.registry.view()
    known = {version.content_hash for version in store.registry.versions()}
    fresh: list[SourceFile] = []
    for source in (source for path in paths for source in list_sources(path, scratch, known)):
        if isinstance(source, SourceFile) and source.content_hash not in known:
            known.add(source.content_hash)
            fresh.append(source)
            continue
        if isinstance(source, FailedFile):
            tally.failed.append(source)
        else:
            tally.count(Change.UNCHANGED)
        tally.seen += 1
        report(tally)
    waiting: list[ReadLetter] = []
    for read in read_files([source.path for source in fresh]):
        if isinstance(read, FailedFile):
            tally.failed.append(replace(read, file=shown_name(Path(read.file)) or read.file))
        else:
            waiting.append(read)
        if len(waiting) >= BATCH_LETTERS:
            write_letters(store, waiting, tally)
            waiting = []
        tally.seen += 1
        report(tally)
    write_letters(store, waiting, tally)
    tally.changes = find_changes(store.registry, before, tally.written)
    report(tally)
    return tally


def write_letters(store: Store, letters: Sequence[ReadLetter], tally: Tally) -> None:
    """Write letters that have been read; when a batch fails, each of it is tried alone, so that one does not take others with it.

    Raises:
        StoreUnwritableError: it is not the letter's fault.
    """
    if not letters:
        return
    try:
        written = _write_batch(store, letters, tally)
    except StoreUnwritableError:
        raise
    except ReplyDeskError as error:
        if len(letters) == 1:
            tally.failed.append(FailedFile.of(letters[0].source or letters[0].letter.file, error))
            return
        for letter in letters:
            write_letters(store, [letter], tally)
        return
    for change in _tell_changes(store, written):
        tally.count(change)
    tally.written += written


def _tell_changes(store: Store, written: Sequence[int]) -> Iterator[Change]:
    """What each version did when it came: it brought a letter, a text of one that was there, or another source of a text."""
    files: dict[str, list[Version]] = {}
    for version in store.registry.versions():
        files.setdefault(version.letter_id, []).append(version)
    letters = {version.version_id: versions for versions in files.values() for version in versions}
    for number in written:
        earlier = {v.source_of or v.version_id for v in letters[number] if v.version_id < number}
        own = next(v.source_of or v.version_id for v in letters[number] if v.version_id == number)
        yield Change.NEW if not earlier else Change.UNCHANGED if own in earlier else Change.CHANGED


def encode_letters(encoder: Encoder, letters: Iterable[ReadLetter]) -> list[Entry]:
    """Encode the chunks and sentences of several letters in one go; a text that stands twice is encoded once."""
    letters = list(letters)
    places: dict[str, int] = {}
    for read in letters:
        for chunk in read.chunks:
            for text in _texts_of(read.letter, chunk):
                places.setdefault(text, len(places))
    rows = encoder.encode(list(places))

    def encode_chunk(letter: Letter, chunk: Chunk) -> Vectors:
        sentences = rows[[places[text] for text in _sentence_texts(letter, chunk)]]
        whole = rows[places[chunk.text]] if chunk.text in places else sentences.mean(axis=0)
        if chunk.context:
            whole = unit_length(whole.reshape(1, -1))[0] + CONTEXT_WEIGHT * rows[places[chunk.context]]
        return np.vstack([unit_length(whole.reshape(1, -1)), sentences])

    return [
        Entry(read.letter, read.figures, read.chunks, tuple(encode_chunk(read.letter, chunk) for chunk in read.chunks)) for read in letters
    ]


def _texts_of(letter: Letter, chunk: Chunk) -> list[str]:
    """What is encoded for a chunk: its sentences, its context, and its whole text only when it is long.

    Measured: a short chunk's vector composed from its sentences and context finds as well as one that is encoded whole, and costs
    less than half; for longer passages encoding finds 2 % more.
    """
    sentences = _sentence_texts(letter, chunk)
    whole = [chunk.text] if len(chunk.text) > COMPOSED_UP_TO or not sentences else []
    return [*sentences, *([chunk.context] if chunk.context else []), *whole]


def _sentence_texts(letter: Letter, chunk: Chunk) -> list[str]:
    return [sentence.text for sentence in letter.sentences[chunk.first_sentence : chunk.last_sentence + 1]]


def keep_original(store: Store, read: ReadLetter) -> None:
    """Copy the file into the store, so that its page can be shown and it can be read again by a better reader.

    Raises:
        ReadError: it is not there any more, or another one by now.
        StoreUnwritableError: the copy cannot be written.
    """
    if read.source is None:
        return
    target = original_path(store, read.letter.content_hash, read.source.suffix)
    content = read_content(read.source)
    if hashlib.sha256(content).hexdigest() != read.letter.content_hash:
        raise ReadError(
            f"{read.source}: changed while it was read. Ingest it again once it is complete.",
            f"{read.source}：读取时文件有改动。请等文件写完后再导入。",
        )
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())  # the registry will say that it is there, also after a power cut
        part.replace(target)
    except OSError as error:
        raise write_fault(COPIES, target.parent, error.strerror) from error


def original_path(store: Store, content_hash: str, suffix: str) -> Path:
    """Where the copy of a file lies."""
    return store.folder / ORIGINALS / content_hash[:2] / f"{content_hash}{suffix.lower()}"


def _write_batch(store: Store, letters: Sequence[ReadLetter], tally: Tally) -> list[int]:
    entries = encode_letters(store.encoder, letters)
    keys = [key for entry in entries for key in entry.vector_keys]
    series = store.series
    with store.registry.write(is_visible=False) as connection:
        add_pending(connection, keys)
    for read in letters:
        keep_original(store, read)
    first_rows = [rows[0] for entry in entries for rows in entry.vectors]
    if keys:
        store.index.chunks.add(keys, np.stack(first_rows))
    store.encode_names([figure.name for entry in entries for figure in entry.figures])
    with store.registry.write() as connection:
        ingestion = tally.ingestion or begin_ingestion(connection)
        written = [add_entry(connection, entry, series, ingestion) for entry in entries]
    tally.ingestion = ingestion
    return written
