"""A small store for tests: an encoder with memory, and letters written by hand."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from ingest.extract import ReadLetter
from rag.embed import Vectors, unit_length
from rag.records import Chunk, Comparator, Figure, Letter, Sentence, Status


class CountingEncoder:
    """Counts pairs of characters into buckets: like texts get like vectors. Remembers what it was asked."""

    def __init__(self, name: str = "counting", size: int = 64) -> None:
        self.name = name
        self.size = size
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        rows = np.zeros((len(texts), self.size), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for pair in (text[i : i + 2] for i in range(len(text) - 1)):
                row[zlib.crc32(pair.encode()) % self.size] += 1
        return unit_length(rows)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self.encode(texts)


def make_letter(
    text: str,
    *,
    letter_id: str = "松江科〔2023〕7号",
    issued_on: date | None = date(2023, 6, 20),
    place: str = "松江市",
    file: str = "letter.txt",
    reissue: bool = False,
) -> Letter:
    """A letter whose sentences end at 。"""
    sentences = tuple(
        Sentence(index=number, start=match.start(), end=match.end(), text=match.group(), section=("一、工作情况",))
        for number, match in enumerate(re.finditer(r"[^。]+。", text))
    )
    return Letter(
        letter_id=letter_id,
        content_hash=hashlib.sha256(f"{text}{issued_on}{reissue}".encode()).hexdigest(),
        file=file,
        format="txt",
        text=text,
        sentences=sentences,
        title="关于第7号提案的答复",
        bodies=(f"{place}科学技术局",),
        place=place,
        doc_number=letter_id,
        issued_on=issued_on,
        reissue=reissue,
    )


def make_figure(letter: Letter, name: str, value: str, unit: str = "家", year: int | None = 2023) -> Figure:
    """A figure of the letter's first sentence."""
    return Figure(
        letter_id=letter.letter_id,
        name=name,
        value=Decimal(value),
        unit=unit,
        value_base=Decimal(value),
        unit_base=unit,
        comparator=Comparator.EQUAL,
        year=year,
        period=str(year or ""),
        status=Status.ACTUAL,
        subject=letter.place,
        place=letter.place,
        sentence=0,
        start=0,
        end=1,
    )


def make_entry(letter: Letter, *figures: Figure) -> ReadLetter:
    """A letter with one chunk a sentence."""
    chunks = tuple(
        Chunk(f"{letter.letter_id}#{s.index}", letter.letter_id, s.text, f"{letter.title} {letter.year}", s.index, s.index, len(s.text))
        for s in letter.sentences
    )
    return ReadLetter(letter, tuple(figures), chunks)
