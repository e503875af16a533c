"""The real desk: the store and the model behind the screens. Both are opened in the background, so that the page is up first."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING

from doors.office import Asked, Office, Waiting
from rag.errors import ReplyDeskError, StoreError
from rag.filters import NOTHING, Filters
from rag.records import Letter, Outcome, Turn
from rag.settings import Settings
from screens.chat.examples import choose_questions
from screens.chat.filters import list_choices
from screens.chat.live import LiveChat
from screens.ledger.desk import LiveLedger
from screens.originals import LiveOriginals
from screens.seams import FileOutcome, FileResult, FilterChoices, ModelPhase, ModelState, Shelf
from screens.texts import LANGUAGES

if TYPE_CHECKING:
    from rag.model_sources import Progress
    from rag.pipeline import Event, Pipeline

EXAMPLES = 6
LETTERS_LOOKED_INTO = 12  # passages, for the letter of a sentence
WARM_UP = {
    "zh": "为什么这样安排？",
    "en": "Why was it arranged like this?",
}  # goes the longest way, so that the first real question finds all loaded
OPENING_AT_MOST_SECONDS = 120.0
ENDPOINT_TRIED_AGAIN_SECONDS = (2.0, 5.0, 10.0, 30.0)

_log = logging.getLogger(__name__)


class LiveDesk:
    """See `screens.seams.Desk`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._pipeline: Pipeline | None = None
        self._fault: ReplyDeskError | None = None
        self._tried = threading.Event()  # the store is open, or cannot be opened
        self._is_settled = False  # encoder and example questions are there too
        self._model = ModelState(ModelPhase.NONE)
        self._examples: dict[str, tuple[str, ...]] = {}
        self._shelf: tuple[int, Shelf] | None = None
        self._choices: tuple[int, FilterChoices] | None = None
        self.office = Office(settings, self._open, is_open=lambda: self._pipeline is not None, on_change=self._remake_examples)
        self.chat = LiveChat(settings)
        self.ledger = LiveLedger(self._open)
        self.originals = LiveOriginals(settings.store, self._open)

    def start(self) -> None:
        """Open store and model behind the page."""
        if self.settings.llm.strip() not in ("", "none"):
            self._model = ModelState(ModelPhase.LOADING, _short_name(self.settings))
        threading.Thread(target=self._open_store, name="open-store", daemon=True).start()

    def _open_store(self) -> None:
        from rag.pipeline import Pipeline

        try:
            pipeline = Pipeline(self.settings)
            self._pipeline = pipeline
            self._tried.set()
            _ = pipeline.store.encoder  # the slow part; a question that comes meanwhile waits for no more than this
            self._make_examples(pipeline)
        except ReplyDeskError as error:  # a thread has no caller: the screen shows it
            _log.error("The store cannot be opened: %s", error)
            self._fault = error
        except Exception as error:  # noqa: BLE001 - else every question would wait for a store that never comes
            _log.exception("The store cannot be opened")
            self._fault = StoreError(f"The store {self.settings.store} cannot be opened: {type(error).__name__}: {error}")
        finally:
            self._tried.set()
            self._is_settled = True
        self._join_model()

    def _join_model(self) -> None:
        """Connect the model, fetching its file first where it is missing; answers go on meanwhile without it."""
        if self._model.phase is ModelPhase.NONE or self._pipeline is None:
            return
        waits = chain(ENDPOINT_TRIED_AGAIN_SECONDS, repeat(ENDPOINT_TRIED_AGAIN_SECONDS[-1]))
        while not self._connect_model() and self.settings.llm.startswith("http"):
            time.sleep(next(waits))  # a model server that is started later, or again, is found without a restart of ours

    def _connect_model(self) -> bool:
        """Try once; whether it is decided, with a model or by a setting for none."""
        from rag.llm import connect

        assert self._pipeline is not None
        name = self._model.name

        def note(progress: Progress) -> None:
            percent = 100 * progress.done // max(1, progress.total)
            phase = ModelPhase.FETCHING if progress.done < progress.total else ModelPhase.LOADING
            self._model = ModelState(phase, name, percent, progress.source)

        try:
            model = connect(self.settings, fetch=True, on_progress=note)
        except (ReplyDeskError, OSError) as error:
            _log.warning("No model: %s", error)
            self._model = ModelState(ModelPhase.FAILED, name, reason=str(error))
            return False
        self._pipeline.model = model
        self._model = ModelState(ModelPhase.READY, model.name) if model else ModelState(ModelPhase.NONE)
        return True

    def _open(self) -> Pipeline:
        if not self._tried.wait(OPENING_AT_MOST_SECONDS):
            raise StoreError(f"The store {self.settings.store} is still being opened after {OPENING_AT_MOST_SECONDS:.0f} s. Try again.")
        if self._fault is not None:
            raise self._fault
        assert self._pipeline is not None
        return self._pipeline

    def ask(self, question: str, history: Sequence[Turn], filters: Filters = NOTHING) -> Iterator[Event]:
        """Evidence first, then drafts, then the verified answer."""
        from screens.access import caller_of_event

        events = self.office.ask(
            caller_of_event(), Asked(question, tuple(history), filters=filters)
        )  # here, since the events are read in another thread
        return (event for event in events if not isinstance(event, Waiting))

    def filter_choices(self) -> FilterChoices:
        """What questions can be narrowed down to."""
        if self._pipeline is None:
            return FilterChoices()
        registry = self._pipeline.store.registry
        if self._choices is None or self._choices[0] != registry.generation:
            self._choices = (registry.generation, list_choices(registry.letters(), registry.figures()))
        return self._choices[1]

    def shelf(self) -> Shelf:
        """Counts for the status line."""
        if self._pipeline is None:
            fault = str(self._fault or "")
            return Shelf(0, 0, self.settings.home, is_open=self._tried.is_set(), fault=fault, is_settled=self._is_settled)
        registry = self._pipeline.store.registry
        generation = registry.generation
        if self._shelf is None or self._shelf[0] != generation:
            home = self._pipeline.view().known.home if registry.count() else self.settings.home
            self._shelf = (generation, Shelf(registry.count(), len(registry.figures()), home))
        return replace(self._shelf[1], is_settled=self._is_settled)

    def letters(self) -> Sequence[Letter]:
        """All current letters, light, as whoever looks may see them."""
        from screens.access import caller_of_event

        return self.office.letters(caller_of_event()) if self._pipeline else ()

    def letter(self, letter_id: str) -> Letter | None:
        """One letter, whole."""
        registry = self._open().store.registry
        return registry.letter(letter_id) if letter_id in registry.view() else None

    def letters_with(self, sentence: str) -> list[Letter]:
        """Whole letters in which a sentence may stand, likeliest first."""
        pipeline = self._open()
        hits = pipeline.retriever.retrieve(sentence[:200], "zh", LETTERS_LOOKED_INTO)
        view = pipeline.view()
        return [view.letter(letter_id) for letter_id in dict.fromkeys(hit.chunk.letter_id for hit in hits) if letter_id in view.version_ids]

    def examples(self, language: str) -> Sequence[str]:
        """Questions that the store answers."""
        return self._examples.get(language, ())

    def _make_examples(self, pipeline: Pipeline) -> None:
        """The language of the setting first: somebody may be looking at it."""
        registry = pipeline.store.registry
        letters, figures, home = registry.letters(), registry.figures(), pipeline.view().known.home
        for language in sorted(LANGUAGES, key=lambda language: language != self.settings.language):
            _is_answered(pipeline, WARM_UP[language])
            self._examples[language] = choose_questions(
                letters, figures, language, home, lambda question: _is_answered(pipeline, question), EXAMPLES
            )

    def model(self) -> ModelState:
        """The language model's state."""
        return self._model

    def add_file(self, path: Path) -> list[FileResult]:
        """Take one file into the store; of an archive each letter in it."""
        from screens.access import caller_of_event

        return [
            FileResult(
                one.file,
                FileOutcome(one.outcome),
                one.title,
                one.letter_id,
                one.figures,
                one.reason,
                one.reason_zh,
                one.ingestion,
                one.changes,
                one.answers,
            )
            for one in self.office.add_file(caller_of_event(), path)
        ]

    def undo(self, ingestions: Collection[int]) -> list[str]:
        """Take uploads back, wholly."""
        from screens.access import caller_of_event

        return [file for undone in self.office.undo(caller_of_event(), ingestions) for file in undone.files]

    def _remake_examples(self) -> None:
        """After letters came or went; nobody waits for it."""
        threading.Thread(target=self._make_examples, args=(self._open(),), name="make-examples", daemon=True).start()


def _is_answered(pipeline: Pipeline, question: str) -> bool:
    """Whether the code alone answers it; the model is not asked."""
    stream = pipeline.stream(question, asked_on=date.today())
    first = next(stream)
    stream.close()  # type: ignore[attr-defined]
    answer = getattr(first, "answer", None)
    return answer is not None and answer.outcome is Outcome.ANSWERED and bool(answer.citations)


def _short_name(settings: Settings) -> str:
    """What to call the model before it has told its name."""
    if settings.llm_model:
        return settings.llm_model
    if settings.llm.strip() == "embedded":
        return Path(settings.model_file).stem if settings.model_file else "Qwen2.5 1.5B"
    return settings.llm.strip()
