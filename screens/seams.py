"""What the screens need from the program, as one protocol, so that tests can give them a small desk of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.filters import NOTHING, Filters
from rag.records import Letter, LetterKind, Turn

if TYPE_CHECKING:
    from ingest.changes import LetterChange
    from ingest.pinned import AnswerChange
    from rag.pipeline import Event
    from screens.chat.desk import ChatDesk
    from screens.ledger.desk import LedgerDesk
    from screens.originals import Originals


class ModelPhase(StrEnum):
    """How far the language model is."""

    NONE = "none"  # not wanted
    FETCHING = "fetching"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ModelState:
    """The model as the status line tells it."""

    phase: ModelPhase
    name: str = ""
    percent: int = 0
    reason: str = ""  # why it failed, with the cure


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the store holds, told in numbers."""

    letters: int
    figures: int
    home: str
    is_open: bool = True
    fault: str = ""  # why the store cannot be opened, with the cure
    is_settled: bool = True  # nothing of it is still being made ready


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What questions can be narrowed down to."""

    years: tuple[int, ...] = ()  # of figures, the latest first
    bodies: tuple[str, ...] = ()
    kinds: tuple[LetterKind, ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)  # id → how it is called, the latest first; not all of a large store


class FileOutcome(StrEnum):
    """What became of an uploaded file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)  # the page's memory takes the hash of what it keeps, and an answer has none
class FileResult:
    """One uploaded file and what became of it."""

    file: str
    outcome: FileOutcome
    title: str = ""
    letter_id: str = ""
    figures: int = 0
    reason: str = ""  # why it failed, with the cure
    reason_zh: str = ""
    ingestion: int = 0  # number of the ingestion that brought it; 0: none did
    changes: tuple[LetterChange, ...] = ()  # in letters that were there
    answers: tuple[AnswerChange, ...] = ()  # pinned questions that are answered otherwise now


class Desk(Protocol):
    """The program behind the screens."""

    @property
    def chat(self) -> ChatDesk:
        """What the tab 问答 needs beside answers."""
        ...

    @property
    def ledger(self) -> LedgerDesk:
        """What the tab 指标台账 needs."""
        ...

    @property
    def originals(self) -> Originals:
        """What the source view needs."""
        ...

    def ask(self, question: str, history: Sequence[Turn], filters: Filters = NOTHING) -> Iterator[Event]:
        """Evidence first, then drafts, then the verified answer."""
        ...

    def filter_choices(self) -> FilterChoices:
        """What questions can be narrowed down to; empty while the store is not open."""
        ...

    def shelf(self) -> Shelf:
        """Counts for the status line; must return at once."""
        ...

    def letters(self) -> Sequence[Letter]:
        """All current letters."""
        ...

    def letter(self, letter_id: str) -> Letter | None:
        """One letter, or None where there is none of this id."""
        ...

    def letters_with(self, sentence: str) -> Sequence[Letter]:
        """Whole letters in which a sentence may stand, likeliest first."""
        ...

    def examples(self, language: str) -> Sequence[str]:
        """Questions that the store can answer; empty while they are not made yet. Must return at once."""
        ...

    def model(self) -> ModelState:
        """The language model's state; must return at once."""
        ...

    def undo(self, ingestions: Collection[int]) -> Sequence[str]:
        """Take uploads back, wholly; gives the names of the files that went.

        Raises:
            ReplyDeskError: other letters came in since, or the caller may not.
        """

    def add_file(self, path: Path) -> Sequence[FileResult]:
        """Take one file into the store; of an archive each letter in it."""
        ...
