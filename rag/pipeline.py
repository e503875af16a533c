"""ask(question, history) → Answer, and the same as a stream: the one call that screen, command, API and evaluation share."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

from rag.assemble import assemble
from rag.errors import ModelError, StoreError
from rag.evidence import make_evidence
from rag.filters import NOTHING, Filters
from rag.llm import Model, Usage, explain
from rag.privacy import mask
from rag.question import understand
from rag.records import Answer, Citation, Evidence, Finding, Intent, Outcome, Query, SentenceRef, Turn
from rag.retrieve import Retriever
from rag.route import EVERYTHING, Parts, find_answer
from rag.settings import Settings
from rag.spoken import write_out
from rag.store import Store, open_store
from rag.tokens import count_tokens
from rag.verify import Verified, verify
from rag.view import View

# Questions whose answer a model may phrase; figures and fields of letters are composed by code alone.
PHRASED = frozenset({Intent.WHY, Intent.HOW, Intent.OTHER})


@dataclass(frozen=True, slots=True)
class EvidenceReady:
    """First: the answer composed by code, proved and complete, before any model writes."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Draft:
    """The model's text so far; not yet verified."""

    text: str


@dataclass(frozen=True, slots=True)
class Final:
    """Last: the verified answer."""

    answer: Answer


NARROWED_KEPT = 6  # views of a part of the store that stay at hand

Event = EvidenceReady | Draft | Final


class Pipeline:
    """Answers questions from one store. Safe to share between threads; notices when the store has changed."""

    def __init__(
        self,
        settings: Settings,
        store: Store | None = None,
        model: Model | None = None,
        retriever: Retriever | None = None,
        parts: Parts = EVERYTHING,
    ) -> None:
        """Keep the parts; the store is opened here, models are given (see `rag.llm.connect`)."""
        self.settings = settings
        self.store = store or open_store(settings)
        self.model = model
        self.retriever = retriever or Retriever(self.store)
        self.parts = parts
        self._views: dict[tuple[int, date | None, Filters], View] = {}
        self._lock = threading.Lock()

    def view(self, as_of: date | None = None, filters: Filters = NOTHING) -> View:
        """The state of the store now, or as of a day, of the letters that `filters` keeps."""
        key = (self.store.registry.generation, as_of, filters.of_letters)
        with self._lock:
            if key not in self._views:
                # the whole store as it is now stays at hand, of the others the latest few
                older = [k for k in self._views if k[0] == key[0]]
                kept = {k for k in older if k[1:] == (None, NOTHING)} | set(older[-NARROWED_KEPT:])
                self._views = {k: v for k, v in self._views.items() if k in kept}
                self._views[key] = View(self.store, as_of, self.settings.home, filters.of_letters)
            return self._views[key]

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        as_of: date | None = None,
        asked_on: date | None = None,
        filters: Filters = NOTHING,
    ) -> Answer:
        """Answer one question.

        Args:
            question: Chinese or English.
            history: the turns before it, oldest first.
            as_of: answer from the letters that were issued until that day.
            asked_on: the day from which 今年 and “last year” count; today when left out.
            filters: what the asker narrowed the store down to; its day goes before `as_of`.
        """
        answer: Answer | None = None
        for event in self.stream(question, history, as_of, asked_on, filters):
            if isinstance(event, Final):
                answer = event.answer
        assert answer is not None  # a stream ends with Final
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        as_of: date | None = None,
        asked_on: date | None = None,
        filters: Filters = NOTHING,
    ) -> Iterator[Event]:
        """The same, event by event: the composed answer first, then the model's drafts, then the verified answer."""
        start = perf_counter()
        query, view, finding, answer = self._compose_again(question, history, filters.as_of or as_of, asked_on, filters)
        answer = replace(answer, seconds={**answer.seconds, "total": perf_counter() - start})
        yield EvidenceReady(answer)
        if self.model is not None and query.intent in PHRASED and answer.outcome is Outcome.ANSWERED:
            answer = yield from self._phrase(self.model, query, finding, answer, view)
        yield Final(replace(answer, seconds={**answer.seconds, "total": perf_counter() - start}))

    def _compose_again(
        self, question: str, history: Sequence[Turn], as_of: date | None, asked_on: date | None, filters: Filters
    ) -> tuple[Query, View, Finding, Answer]:
        """Compose the answer; once more where letters were taken out meanwhile, by an undo or a restore, and one of them was needed."""
        generation = self.store.registry.generation
        try:
            return self._compose(question, history, as_of, asked_on, filters)
        except StoreError:
            if self.store.registry.generation == generation:
                raise
            return self._compose(question, history, as_of, asked_on, filters)

    def _compose(
        self, question: str, history: Sequence[Turn], as_of: date | None, asked_on: date | None, filters: Filters
    ) -> tuple[Query, View, Finding, Answer]:
        start = perf_counter()
        view = self.view(as_of, filters)
        query = understand(write_out(question), history, view.known, asked_on or as_of or date.today(), self.settings.home)
        understood = perf_counter()
        finding = self.find(query, view, filters)
        found = perf_counter()
        answer = assemble(finding, query.language, view.letter)
        seconds = {"understand": understood - start, "retrieve": found - understood, "generate": 0.0, "verify": 0.0}
        return query, view, finding, replace(answer, seconds=seconds)

    def _phrase(self, model: Model, query: Query, finding: Finding, answer: Answer, view: View) -> Generator[Event, None, Answer]:
        """Let the model put the quoted evidence into words; what it cannot prove is dropped, and the quotes stay if nothing is left."""
        whole = self._within_budget([self._evidence_of(citation, view) for citation in answer.citations])
        evidence = [
            replace(item, text=mask(item.text)) for item in whole
        ]  # as the model will be sent it, so that its draft is held against what it read
        start = perf_counter()
        draft, usage = "", Usage()
        try:
            for piece in explain(model, query.resolved, query.language, evidence, usage):
                draft += piece
                yield Draft(draft)
        except ModelError as error:
            return replace(answer, notes=(*answer.notes, str(error)))
        generated = perf_counter()
        verified = self.check_draft(draft, evidence, view)
        seconds = {**answer.seconds, "generate": generated - start, "verify": perf_counter() - generated}
        return replace(_with_draft(answer, verified), seconds=seconds, model=model.name, tokens=usage.tokens)

    def find(self, query: Query, view: View, filters: Filters = NOTHING) -> Finding:
        """The answer before it is put together."""
        return find_answer(query, view, self.retriever, self.parts, filters)

    def check_draft(self, draft: str, evidence: Sequence[Evidence], view: View) -> Verified:
        """What of a model's draft the evidence proves."""
        return verify(draft, evidence, known=view.known, similarity=self._similarity)

    def _within_budget(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The first of them that the settings' budget of tokens holds, one at least: a small model reads slowly."""
        kept: list[Evidence] = []
        left = self.settings.evidence_tokens
        for item in evidence:
            left -= count_tokens(item.text)
            if kept and left < 0:
                break
            kept.append(item)
        return kept

    @staticmethod
    def _evidence_of(citation: Citation, view: View) -> Evidence:
        letter = view.letter(citation.letter_id)
        index = next(s.index for s in letter.sentences if s.start == citation.start)
        own = [f for f in view.figures if f.letter_id == letter.letter_id and f.sentence == index]
        return make_evidence(citation.marker, letter, SentenceRef(letter.letter_id, index), own)

    def _similarity(self, one: str, other: str) -> float:
        first, second = self.store.encoder.encode([one, other])
        return float(first @ second)


def _with_draft(answer: Answer, verified: Verified) -> Answer:
    dropped = tuple(f"{sentence.text} — {sentence.reason}" for sentence in verified.dropped)
    if not verified.text:
        return replace(answer, dropped=dropped)
    citations = tuple(c for c in answer.citations if c.marker in verified.markers)
    return replace(answer, text=verified.text, citations=citations, dropped=dropped)
