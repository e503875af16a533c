"""What REST takes and gives, as the OpenAPI document tells it. The answer's shape is that of `python -m rag.ask --json`."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from doors.office import QUESTION_AT_MOST

TURNS_AT_MOST = 50


class Shape(BaseModel):
    """Takes no fields that it does not know."""

    model_config = ConfigDict(extra="forbid")


class TurnBody(Shape):
    """An earlier question of the conversation and its answer."""

    question: str = Field(max_length=100_000)
    answer: str = Field("", max_length=100_000)


class AskBody(Shape):
    """A question, Chinese or English."""

    question: str = Field(
        min_length=1,
        json_schema_extra={"maxLength": QUESTION_AT_MOST},
        description="The question, in Chinese or English.",
        examples=["2023年新增孵化面积的目标是多少？"],
    )
    history: list[TurnBody] = Field(default=[], max_length=TURNS_AT_MOST, description="The turns before it, oldest first.")
    as_of: date | None = Field(None, description="Answer from the letters that were issued until that day.")
    asked_on: date | None = Field(None, description="The day from which 今年 and “last year” count; today when left out.")


class CitationBody(BaseModel):
    """A quoted sentence that stands in a letter."""

    marker: str = Field(description="E1, written [E1] in the answer.")
    file: str
    letter_id: str
    doc_number: str | None
    title: str | None
    issued_on: date | None
    section: str | None
    page: int | None
    start: int = Field(description="Offset into the letter's clean text.")
    end: int
    text: str
    doubtful: list[str] = Field(description="Numbers in it that a scan left in doubt: check the original.")


class AnswerFigureBody(BaseModel):
    """A figure that the answer gives."""

    name: str
    value: str = Field(description="A decimal number as text.")
    high: str | None
    unit: str
    comparator: str
    year: int | None
    status: Literal["target", "actual", "baseline"] | None
    subject: str | None
    marker: str
    doubtful: bool


class AnswerBody(BaseModel):
    """A verified answer: each sentence proved by a citation."""

    outcome: Literal["answered", "partly", "not_found"]
    answer: str
    citations: list[CitationBody]
    figures: list[AnswerFigureBody]
    seconds: dict[str, float]
    model: str | None
    dropped: list[str]
    notes: list[str]


class FigureBody(BaseModel):
    """A figure of the ledger, as `python -m rag.figures --format json` gives it."""

    name: str
    value: float
    unit: str
    value_base: float
    unit_base: str
    low: float | None
    high: float | None
    comparator: str
    year: int | None
    period: str
    status: Literal["target", "actual", "baseline"]
    measure: Literal["level", "change", "completion"]
    subject: str | None
    place: str | None
    group: str
    revoked: bool
    file: str
    letter_id: str
    doc_number: str | None
    issued_on: date | None
    sentence: str


class FigurePage(BaseModel):
    """Some of the figures that fit."""

    total: int
    page: int
    per_page: int
    figures: list[FigureBody]


class LetterBody(BaseModel):
    """What is known of a letter."""

    letter_id: str
    title: str | None
    doc_number: str | None
    bodies: list[str]
    place: str | None
    kind: Literal["proposal", "suggestion", "other"]
    proposal_number: str | None
    proposal_title: str | None
    session: str | None
    addressees: list[str]
    lead_bodies: list[str]
    joint_bodies: list[str]
    issued_on: date | None
    corrects: str | None
    file: str
    format: str
    content_hash: str


class LetterPage(BaseModel):
    """Some of the letters that fit, newest first."""

    total: int
    page: int
    per_page: int
    letters: list[LetterBody]


class SentenceBody(BaseModel):
    """A sentence of a letter: `text` stands at start to end of the letter's text."""

    index: int
    start: int
    end: int
    text: str
    role: str
    section: list[str]
    page: int | None


class WholeLetter(LetterBody):
    """A letter with its text."""

    text: str
    sentences: list[SentenceBody]


class VersionBody(BaseModel):
    """One text of a letter; only one is current."""

    version_id: int
    content_hash: str
    file: str
    issued_on: date | None
    arrived_at: str
    current: bool


class TakenBody(BaseModel):
    """A file, or a letter of an archive, and what became of it."""

    file: str
    outcome: Literal["new", "changed", "unchanged", "failed"]
    letter_id: str
    title: str
    figures: int
    reason: str
    reason_zh: str
    ingestion: int = Field(description="Number of the ingestion that brought it; 0: none did.")
    changes: list[dict[str, Any]] = Field(description="What it changed in letters that were there, as `python -m ingest --json` tells it.")
    answers: list[dict[str, Any]] = Field(description="Pinned questions whose answers the file changed.")


class TakenList(BaseModel):
    """What became of an upload."""

    results: list[TakenBody]


class RemovedBody(BaseModel):
    """A letter that was removed."""

    letter_id: str
    versions: int


class EvaluationBody(BaseModel):
    """An evaluation: running, done with its scores, or failed with the reason."""

    evaluation_id: str
    state: Literal["running", "done", "failed", "stopped"]
    questions: int
    started_at: str
    seconds: float
    reason: str
    scores: dict[str, object] | None = Field(description="As scores.json of `python -m eval.run`.")


class ProblemBody(BaseModel):
    """What went wrong, what it is, and what to do."""

    type: str
    title: str
    status: int
    detail: str
    what: str
    cure: str
    chinese: str
    request_id: str
