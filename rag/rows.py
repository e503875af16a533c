"""Records ↔ rows of the registry: plain mappings, no database in here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rag.records import Box, Chunk, Comparator, Figure, Letter, LetterKind, Measure, Sentence, SentenceRole, Status

Row = dict[str, Any]
LISTS = ("bodies", "addressees", "lead_bodies", "joint_bodies", "copies_to")  # tuples of a Letter, lists in a row
TEXTS = ("title", "place", "parent_place", "doc_number", "proposal_number", "proposal_title", "session", "contact", "signer", "corrects")
PLAIN = ("letter_id", "content_hash", "file", "format", *TEXTS, "issued_on", "printed_on", "reissue")


@dataclass(frozen=True, slots=True)
class Version:
    """One file's text of a letter. Only one version of a letter is current; the others stay readable."""

    version_id: int
    letter_id: str
    content_hash: str
    file: str
    issued_on: date | None
    arrived_at: str  # ISO time, UTC
    current: bool
    format: str  # txt, docx …
    ingestion: int  # number of the run that brought it
    source_of: int | None = None  # it is another source of that version: the same text, which is taken from there


def letter_row(letter: Letter) -> Row:
    """A letter without its sentences."""
    row: Row = {name: getattr(letter, name) for name in PLAIN}
    row |= {name: list(getattr(letter, name)) for name in LISTS}
    return row | {"kind": letter.kind.value, "text": letter.text}


def read_letter(row: Mapping[str, Any], text: str = "", sentences: Iterable[Sentence] = ()) -> Letter:
    """A letter from its row; without text and sentences it is a light one."""
    values = {name: row[name] for name in PLAIN} | {name: tuple(row[name]) for name in LISTS}
    return Letter(**values, kind=LetterKind(row["kind"]), text=text, sentences=tuple(sentences))


def sentence_row(version_id: int, sentence: Sentence) -> Row:
    """A sentence; its text is a slice of the letter's and is not kept twice."""
    return {
        "version_id": version_id,
        "position": sentence.index,
        "start": sentence.start,
        "end": sentence.end,
        "role": sentence.role.value,
        "section": list(sentence.section),
        "page": sentence.page,
        "table_number": sentence.table,
        "caption": sentence.caption,
        "boxes": [[box.page, box.left, box.top, box.right, box.bottom] for box in sentence.boxes],
        "scanned": sentence.scanned,
        "doubtful": list(sentence.doubtful),
    }


def read_sentence(row: Mapping[str, Any], text: str) -> Sentence:
    """A sentence from its row and the letter's text."""
    start, end = row["start"], row["end"]
    return Sentence(
        index=row["position"],
        start=start,
        end=end,
        text=text[start:end],
        role=SentenceRole(row["role"]),
        section=tuple(row["section"]),
        page=row["page"],
        table=row["table_number"],
        caption=row["caption"],
        boxes=tuple(Box(left, top, right, bottom, page) for page, left, top, right, bottom in row["boxes"]),
        scanned=row["scanned"],
        doubtful=tuple(row["doubtful"]),
    )


def figure_row(version_id: int, position: int, figure: Figure) -> Row:
    """A figure; decimals are kept as text, digit by digit."""
    return {
        "version_id": version_id,
        "position": position,
        "name": figure.name,
        "value": str(figure.value),
        "unit": figure.unit,
        "value_base": str(figure.value_base),
        "unit_base": figure.unit_base,
        "comparator": figure.comparator.value,
        "year": figure.year,
        "period": figure.period,
        "status": figure.status.value,
        "subject": figure.subject,
        "place": figure.place,
        "sentence": figure.sentence,
        "start": figure.start,
        "end": figure.end,
        "measure": figure.measure.value,
        "high": None if figure.high is None else str(figure.high),
        "high_base": None if figure.high_base is None else str(figure.high_base),
        "header": figure.header,
        "revoked": figure.revoked,
        "name_group": figure.group,
        "doubt": figure.doubt,
    }


def read_figure(letter_id: str, row: Mapping[str, Any]) -> Figure:
    """A figure from its row."""
    return Figure(
        letter_id=letter_id,
        name=row["name"],
        value=Decimal(row["value"]),
        unit=row["unit"],
        value_base=Decimal(row["value_base"]),
        unit_base=row["unit_base"],
        comparator=Comparator(row["comparator"]),
        year=row["year"],
        period=row["period"],
        status=Status(row["status"]),
        subject=row["subject"],
        place=row["place"],
        sentence=row["sentence"],
        start=row["start"],
        end=row["end"],
        measure=Measure(row["measure"]),
        high=None if row["high"] is None else Decimal(row["high"]),
        high_base=None if row["high_base"] is None else Decimal(row["high_base"]),
        header=row["header"],
        revoked=row["revoked"],
        group=row["name_group"],
        doubt=row["doubt"],
    )


def chunk_row(version_id: int, position: int, vector_key: str, chunk: Chunk) -> Row:
    """A chunk; `vector_key` is its name in the vector index, different for each version."""
    return {
        "version_id": version_id,
        "position": position,
        "vector_key": vector_key,
        "chunk_id": chunk.chunk_id,
        "text": chunk.text,
        "context": chunk.context,
        "first_sentence": chunk.first_sentence,
        "last_sentence": chunk.last_sentence,
        "tokens": chunk.tokens,
    }


def read_chunk(letter_id: str, row: Mapping[str, Any]) -> Chunk:
    """A chunk from its row."""
    return Chunk(
        chunk_id=row["chunk_id"],
        letter_id=letter_id,
        text=row["text"],
        context=row["context"],
        first_sentence=row["first_sentence"],
        last_sentence=row["last_sentence"],
        tokens=row["tokens"],
    )


def read_version(row: Mapping[str, Any]) -> Version:
    """A version from its row."""
    return Version(
        version_id=row["version_id"],
        letter_id=row["letter_id"],
        content_hash=row["content_hash"],
        file=row["file"],
        issued_on=row["issued_on"],
        arrived_at=row["arrived_at"],
        current=row["is_current"],
        format=row["format"],
        ingestion=row["ingestion"],
        source_of=row["source_of"],
    )
