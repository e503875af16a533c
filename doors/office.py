"""What all doors offer, the screen's too, done once: each call is checked against the caller's role, bounded, measured, and noted in the audit."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from doors.intake import Taken, take_back, take_in, take_out
from doors.line import Line
from doors.metrics import Metrics
from doors.roles import Action, Caller, may, require
from rag.audit_trail import AuditTrail, Note, Shown
from rag.errors import LimitError, ReplyDeskError, StoreError
from rag.filters import NOTHING, Filters
from rag.privacy import has_personal, mask, mask_answer, mask_letter
from rag.records import Answer, Figure, Letter, Turn
from rag.settings import Settings

if TYPE_CHECKING:
    from ingest.undo import Undone
    from rag.pipeline import Event, Pipeline
    from rag.rows import Version

QUESTION_AT_MOST = 2000  # characters
TURNS_AT_MOST = 20  # of the history; earlier ones are left out
TURN_AT_MOST = 4000  # characters of an earlier answer
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it comes in."""

    question: str
    history: tuple[Turn, ...] = ()
    as_of: date | None = None
    asked_on: date | None = None
    filters: Filters = NOTHING


@dataclass(frozen=True, slots=True)
class Waiting:
    """Before the first event: the question stands in line."""

    position: int  # 1: it is next


class Office:
    """One store's calls. Safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        open_pipeline: Callable[[], Pipeline],
        is_open: Callable[[], bool] = lambda: True,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            settings: store, limits, retention of the audit.
            open_pipeline: gives the pipeline, waiting until the store is open.
            is_open: whether it would give it at once.
            on_change: called after letters came or went.
        """
        self.settings = settings
        self.trail = AuditTrail(settings.store, settings.audit_days)
        self.line = Line(settings.asks_at_once, settings.asks_per_account, settings.asks_waiting)
        self.metrics = Metrics(self.line)
        self.metrics.count_letters(lambda: open_pipeline().store.registry.count() if is_open() else 0)
        self.open_pipeline = open_pipeline
        self._is_open = is_open
        self._on_change = on_change

    # ---------------------------------------------------------------- questions

    def ask(self, caller: Caller, asked: Asked) -> Iterator[Event | Waiting]:
        """Wait in line, then answer: positions while it waits, then the pipeline's events.

        Raises:
            AccessError: the caller may not ask.
            LimitError: the question is too long, or too many wait.
        """
        asked = self.admit(caller, asked)
        place = self.line.join(caller.name)
        try:
            shown = 0
            while not place.wait(0.5):
                if (position := place.position) and position != shown:
                    shown = position
                    yield Waiting(position)
            yield from self.answer(caller, asked)
        finally:
            place.leave()

    def admit(self, caller: Caller, asked: Asked) -> Asked:
        """The question as it is asked, if it may be.

        Raises:
            AccessError: the caller may not ask.
            LimitError: the question is too long, or empty.
        """
        require(caller, Action.ASK)
        question = _CONTROL.sub("", asked.question).strip()
        if len(asked.question) > QUESTION_AT_MOST:
            raise LimitError(
                f"The question has {len(asked.question)} characters; at most {QUESTION_AT_MOST} are taken. Shorten it, or ask in parts.",
                f"问题有 {len(asked.question)} 个字符，最多 {QUESTION_AT_MOST} 个。请缩短，或分几次提问。",
            )
        if not question:
            raise LimitError("The question is empty. Write what you would like to know.", "问题是空的。请写明想了解的内容。")
        turns = tuple(Turn(turn.question[:QUESTION_AT_MOST], turn.answer[:TURN_AT_MOST]) for turn in asked.history[-TURNS_AT_MOST:])
        return Asked(question, turns, asked.as_of, asked.asked_on, asked.filters)

    def answer(self, caller: Caller, asked: Asked) -> Iterator[Event]:
        """The pipeline's events for a question that was admitted and whose turn it is; numbers of people are masked for who may not see them.

        The audit's entry is written before the first sentence is shown; what follows shows no others.
        """
        from rag.pipeline import EvidenceReady, Final

        started = perf_counter()
        is_noted = False
        try:
            for event in self.open_pipeline().stream(asked.question, asked.history, asked.as_of, asked.asked_on, asked.filters):
                if isinstance(event, EvidenceReady) and not is_noted:
                    self._note(caller, Action.ASK, question=asked.question, answer=event.answer)
                    is_noted = True
                    self.metrics.evidence_after(perf_counter() - started, caller.door)
                elif isinstance(event, Final):
                    self.metrics.answered(event.answer.outcome.value, perf_counter() - started, caller.door)
                yield event if may(caller, Action.SEE_PERSONAL) else _masked(event)
        except ReplyDeskError as error:
            self.metrics.answered("failed", perf_counter() - started, caller.door)
            if not is_noted:
                self._note(caller, Action.ASK, question=asked.question, reason=str(error))
            raise
        except GeneratorExit:
            self.metrics.answered("stopped", perf_counter() - started, caller.door)
            raise

    # ---------------------------------------------------------------- letters

    def letters(self, caller: Caller, as_of: date | None = None) -> list[Letter]:
        """All letters, light: without text and sentences."""
        require(caller, Action.READ)
        letters = self.open_pipeline().store.registry.letters(as_of)
        return letters if may(caller, Action.SEE_PERSONAL) else [mask_letter(letter) for letter in letters]

    def letter(self, caller: Caller, letter_id: str, as_of: date | None = None) -> Letter | None:
        """One letter, whole; None where there is none. Masked like answers."""
        require(caller, Action.READ)
        registry = self.open_pipeline().store.registry
        letter = registry.letter(letter_id, as_of) if letter_id in registry.view(as_of) else None
        return letter if letter is None or may(caller, Action.SEE_PERSONAL) else mask_letter(letter)

    def search(self, caller: Caller, words: str, limit: int) -> list[tuple[Letter, str]]:
        """The passages that fit best, best first, each with its letter, light."""
        require(caller, Action.READ)
        pipeline = self.open_pipeline()
        letters = {letter.letter_id: letter for letter in pipeline.store.registry.letters()}
        language = "zh" if _HAN.search(words) else "en"
        hits = pipeline.retriever.retrieve(_CONTROL.sub("", words)[:QUESTION_AT_MOST], language, limit)
        found = [(letters[hit.chunk.letter_id], hit.chunk.text) for hit in hits if hit.chunk.letter_id in letters]
        return found if may(caller, Action.SEE_PERSONAL) else [(mask_letter(letter), mask(text)) for letter, text in found]

    def versions(self, caller: Caller, letter_id: str) -> list[Version]:
        """Its versions, in order of arrival."""
        require(caller, Action.READ)
        versions = self.open_pipeline().store.registry.versions(letter_id)
        return versions if may(caller, Action.SEE_PERSONAL) else [replace(version, file=mask(version.file)) for version in versions]

    def original(self, caller: Caller, letter: Letter) -> Path | None:
        """The file that the letter was read from, as it is kept in the store.

        Raises:
            AccessError: it holds numbers of people, which the caller may not see, and a file cannot be masked.
        """
        require(caller, Action.READ)
        if not may(caller, Action.SEE_PERSONAL):
            registry = self.open_pipeline().store.registry
            version = next((v for v in registry.versions(letter.letter_id) if v.content_hash == letter.content_hash), None)
            if version is None or has_personal(registry.version(version.version_id).text):
                require(caller, Action.SEE_PERSONAL)
        folder = self.settings.store / "originals" / letter.content_hash[:2]
        return next((path for path in folder.glob(f"{letter.content_hash}.*") if path.suffix != ".part"), None)

    def figures(self, caller: Caller, *, revoked: bool = False) -> list[tuple[Figure, Letter]]:
        """The ledger: the figures in force (with `revoked` those that were replaced, too), each with its letter, light."""
        require(caller, Action.READ)
        from rag.candidates import ledger_of

        ledger = ledger_of(self.open_pipeline().view())
        return [(figure, ledger.letters[figure.letter_id]) for figure in (*ledger.figures, *(ledger.retired if revoked else ()))]

    def add_file(self, caller: Caller, path: Path) -> list[Taken]:
        """Take one file in; what became of each letter in it.

        Raises:
            AccessError: the caller may not.
            StoreError: the store cannot be written.
        """
        require(caller, Action.INGEST)
        try:
            taken = take_in(self.open_pipeline(), path)
        except ReplyDeskError as error:
            self._note(caller, Action.INGEST, subject=path.name, reason=str(error))
            raise
        for one in taken:
            self._note(caller, Action.INGEST, subject=one.letter_id or one.file, outcome=one.outcome, reason=one.reason)
            self.metrics.ingested(one.outcome)
        self._on_change()
        return taken

    def undo(self, caller: Caller, ingestions: Collection[int]) -> list[Undone]:
        """Take ingestions back, the last one first; gives what went.

        Raises:
            AccessError: the caller may not.
            StoreError: others came after them, or the store cannot be written.
        """
        require(caller, Action.INGEST)
        undone = take_back(self.open_pipeline(), ingestions)
        for one in undone:
            self._note(caller, Action.INGEST, subject="、".join(one.files), outcome="undone")
        self._on_change()
        return undone

    def remove(self, caller: Caller, letter_id: str) -> int:
        """Remove a letter with its versions; gives how many went.

        Raises:
            AccessError: the caller may not.
            StoreError: there is no such letter, or the store cannot be written.
        """
        require(caller, Action.REMOVE)
        gone = take_out(self.open_pipeline(), letter_id)
        self._note(caller, Action.REMOVE, subject=letter_id, outcome=f"{gone} versions")
        self._on_change()
        return gone

    def check_ready(self) -> None:
        """Pass where questions can be answered at once.

        Raises:
            ReplyDeskError: the store is not open yet, or cannot be read, or the line is full.
        """
        if not self._is_open():
            raise StoreError(f"The store {self.settings.store} is being opened. Try again in a moment.", "正在打开文件库，请稍候再试。")
        self.line.check("")
        _ = self.open_pipeline().store.registry.generation

    def note(self, caller: Caller, action: str, *, subject: str = "", outcome: str = "", reason: str = "") -> None:
        """Remember another act: a sign-in, an evaluation."""
        self.trail.add(
            Note(caller.name, caller.door, action, caller.role.value, caller.request_id, subject=subject, outcome=outcome, reason=reason)
        )

    def _note(
        self,
        caller: Caller,
        action: Action,
        *,
        subject: str = "",
        question: str = "",
        outcome: str = "",
        reason: str = "",
        answer: Answer | None = None,
    ) -> None:
        shown: tuple[Shown, ...] = ()
        if answer is not None:
            outcome = answer.outcome.value
            shown = tuple(Shown(c.letter_id, c.start, c.end, c.text) for c in answer.citations)
        note = Note(caller.name, caller.door, action.value, caller.role.value, caller.request_id, subject, question, outcome, shown, reason)
        self.trail.add(note)


def _masked(event: Event) -> Event:
    from rag.pipeline import Draft, EvidenceReady, Final

    if isinstance(event, Draft):
        return Draft(mask(event.text))
    return Final(mask_answer(event.answer)) if isinstance(event, Final) else EvidenceReady(mask_answer(event.answer))
