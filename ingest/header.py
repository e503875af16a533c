"""The header fields of a letter."""

from __future__ import annotations

from ingest.layout import Block
from rag.records import Document, Letter, Sentence


def read_header(document: Document, blocks: list[Block], text: str, sentences: tuple[Sentence, ...]) -> Letter:
    """Read the fields and make the letter."""
    return Letter(document.content_hash, document.content_hash, document.file, document.format, text, sentences)
