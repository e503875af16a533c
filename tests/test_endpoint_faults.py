"""A model endpoint that fails in the middle of a question: the reader keeps the quoted evidence and is told what failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ingest.update import ingest_files
from rag.llm import connect
from rag.pipeline import Draft, Event, EvidenceReady, Final, Pipeline
from rag.records import Outcome
from rag.settings import ROOT, Settings
from rag.store import open_store
from screens.chat.stream import StoppableStream
from tests.lying_model import Fault, LyingModel

QUESTION = "大孵化集群战略怎么推进？"
FAULTS = [
    (Fault.SLOW, "REPLYDESK_LLM_TIMEOUT_SECONDS"),
    (Fault.DIES, "does not answer"),
    (Fault.GARBAGE, "no chat completion"),
    (Fault.LIMIT, "over its limit"),
    (Fault.BROKEN, "status 500"),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings(store=tmp_path_factory.mktemp("faults") / "store", llm="none")
    with open_store(made, write=True) as store:
        ingest_files(store, [ROOT / "data/letters/2023-wenzhou-kj-094.txt"])
    return made


def ask(settings: Settings, fault: Fault, *, through_chat: bool) -> list[Event]:
    """All events of the question, from the pipeline itself or as the chat reads them."""
    with LyingModel(fault=fault) as endpoint:
        seconds = 0.5 if fault is Fault.SLOW else 30.0
        pipeline = Pipeline(settings, model=connect(replace(settings, llm=endpoint.url, llm_timeout_seconds=seconds)))
        try:
            events: Iterator[Event] = pipeline.stream(QUESTION)
            heard = list(StoppableStream(events) if through_chat else events)
        finally:
            pipeline.store.close()
        assert endpoint.asked  # the fault did take place
    return heard


@pytest.mark.parametrize("through_chat", [False, True])
@pytest.mark.parametrize(("fault", "says"), FAULTS)
def test_evidence_stays_and_the_failure_is_told(settings: Settings, fault: Fault, says: str, through_chat: bool) -> None:
    heard = ask(settings, fault, through_chat=through_chat)
    first, last = heard[0], heard[-1]
    assert isinstance(first, EvidenceReady)
    assert isinstance(last, Final)
    assert first.answer.outcome is last.answer.outcome is Outcome.ANSWERED
    assert first.answer.citations
    assert last.answer.citations == first.answer.citations
    assert last.answer.text == first.answer.text  # nothing of a broken draft
    assert last.answer.model is None
    assert any(says in note for note in last.answer.notes)
    assert any(isinstance(event, Draft) for event in heard) == (fault is Fault.DIES)
