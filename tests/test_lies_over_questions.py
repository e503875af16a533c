"""The lying model over whole question sets: not one false figure is shown as an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from ingest.update import ingest_files
from rag.evidence import make_evidence
from rag.llm import connect
from rag.names import Known
from rag.pipeline import Pipeline
from rag.prompting import explain_prompt
from rag.records import Evidence, Figure, SentenceRef
from rag.settings import Settings
from rag.store import Store, open_store
from rag.verify import verify
from tests.lying_model import Lie, LyingModel
from tests.small_store import CountingEncoder

ROOT = Path(__file__).parent.parent
SETS = {
    "test letters": (ROOT / "tests/letters/sources", ROOT / "tests/letters/questions.jsonl"),
    "sample letters": (ROOT / "data/letters", ROOT / "eval/questions/sample.jsonl"),
}


@dataclass(frozen=True)
class Asked:
    """A question set over its store, each question with the evidence that its answer cites."""

    store: Store
    settings: Settings
    known: Known
    questions: list[tuple[str, date | None]]
    evidence: list[tuple[str, list[Evidence]]]


@pytest.fixture(scope="module", params=SETS)
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    letters, questions = SETS[request.param]
    settings = Settings(store=tmp_path_factory.mktemp("store"), embedding="counting", llm="none")
    with open_store(settings, write=True, encoder=CountingEncoder()) as store:
        ingest_files(store, sorted(letters.iterdir()))
        pipeline = Pipeline(settings, store)
        view = pipeline.view()
        figures: dict[SentenceRef, list[Figure]] = {}
        for figure in store.registry.figures():
            figures.setdefault(SentenceRef(figure.letter_id, figure.sentence), []).append(figure)
        rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
        texts = [(row["question"], date.fromisoformat(row["asked_on"]) if row.get("asked_on") else None) for row in rows]
        evidence = []
        for text, day in texts:
            cited = []
            for citation in pipeline.ask(text, asked_on=day).citations:
                letter = view.letter(citation.letter_id)
                reference = SentenceRef(letter.letter_id, next(s.index for s in letter.sentences if s.start == citation.start))
                cited.append(make_evidence(citation.marker, letter, reference, figures.get(reference, [])))
            if cited:
                evidence.append((text, cited))
        yield Asked(store, settings, view.known, texts, evidence)


@pytest.mark.parametrize("lie", [lie for lie in Lie if lie not in (Lie.NONE, Lie.OBEY)])
def test_no_lie_about_what_the_answers_cite_passes(asked: Asked, lie: Lie) -> None:
    model = LyingModel(lie=lie)
    for question, evidence in asked.evidence:
        model.lies.clear()
        draft = model.answer(explain_prompt(question, "zh", evidence)[-1].content)
        shown = verify(draft, evidence, known=asked.known).text or ""
        assert [told for told in model.lies if told.rstrip("。") in shown] == []
    assert len(asked.evidence) > 40


@pytest.mark.parametrize("lie", [Lie.DIGIT, Lie.POINTER])
def test_no_lie_reaches_an_answer_through_the_whole_pipeline(asked: Asked, lie: Lie) -> None:
    with LyingModel(lie=lie) as endpoint:
        pipeline = Pipeline(asked.settings, asked.store, connect(Settings(llm=endpoint.url)))
        for question, day in asked.questions[::4]:
            answer = pipeline.ask(question, asked_on=day)
            assert [told for told in endpoint.lies if told.rstrip("。. ") in answer.text] == []
