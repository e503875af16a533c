"""One file → all that the store keeps of it, before it is encoded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ingest.chunk import make_chunks
from ingest.figures import find_figures
from ingest.parse import parse_letter
from ingest.placing import place_sentences
from ingest.readers import read_document
from ingest.unpack import shown_name
from rag.records import Chunk, Figure, Letter
from rag.tokens import count_tokens


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter with all that was read out of it, before it is encoded."""

    letter: Letter
    figures: tuple[Figure, ...]
    chunks: tuple[Chunk, ...]
    source: Path | None = None  # the file itself, which the store keeps a copy of


def read_letter_file(path: Path) -> ReadLetter:
    """Read one file as a letter: text, sentences, figures, chunks.

    Raises:
        ReadError: it cannot be read as a letter.
    """
    document = read_document(path)
    if (name := shown_name(path)) is not None:
        document = replace(document, file=name)
    letter = place_sentences(parse_letter(document), document)
    return ReadLetter(letter, tuple(find_figures(letter)), tuple(make_chunks(letter, count_tokens)), path)
