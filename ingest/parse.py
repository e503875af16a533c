"""Document to Letter."""

from __future__ import annotations

from ingest.clean import clean_lines
from ingest.header import read_header
from ingest.layout import build_blocks
from ingest.sentences import write_text
from rag.records import Document, Letter


def parse_letter(document: Document) -> Letter:
    """Parse a document into a letter: clean text, sentences, header fields."""
    blocks = build_blocks(clean_lines(document))
    text, sentences = write_text(blocks)
    return read_header(document, blocks, text, sentences)
