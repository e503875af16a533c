"""The product with one part left out at a time, over the test letters, with a model that lies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.ablations import VECTORS_ONLY, WHOLE, WITH_MODEL, WITHOUT, WORDS_ONLY, main
from eval.questions import read_questions
from rag.retrieve import Retriever
from rag.settings import Settings
from rag.store import open_store
from tests.lying_model import Lie, LyingModel

LETTERS = Path(__file__).parent / "letters"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ablations")
    with LyingModel(lie=Lie.POINTER) as endpoint:
        words = [str(LETTERS / "questions.jsonl"), "--ingest", str(LETTERS / "sources"), "--out", str(folder), "--llm", endpoint.url]
        assert main(words) == 0
    return folder


@pytest.fixture(scope="module")
def rows(out: Path) -> dict[str, dict[str, Any]]:
    return {row["variant"]: row for row in json.loads((out / "ablations.json").read_text(encoding="utf-8"))}


def test_each_variant_is_asked_everything_and_leaves_a_run(out: Path, rows: dict[str, dict[str, Any]]) -> None:
    variants = (WHOLE, *WITHOUT, *WITH_MODEL)
    assert list(rows) == [variant.name for variant in variants]
    count = len((LETTERS / "questions.jsonl").read_text(encoding="utf-8").splitlines())
    assert all(row["questions"] == count for row in rows.values())
    assert all((out / variant.folder / "report.html").is_file() for variant in variants)
    assert (out / "ablations.md").read_text(encoding="utf-8").count("\n") == len(variants) + 2


def test_without_the_ledger_figures_are_missed(rows: dict[str, dict[str, Any]]) -> None:
    bare = rows["without the ledger: figures from quoted sentences"]
    assert bare["right"]["mean"] < rows[WHOLE.name]["right"]["mean"] - 0.1
    assert bare["right_is"] == "worse"


def test_whole_chunks_refuse_nothing_and_cite_much(out: Path, rows: dict[str, dict[str, Any]]) -> None:
    assert rows["whole chunks in place of sentences and ledger"]["unanswerable_refused"] == 0
    cited = {}
    for folder in ("whole", "chunks"):
        lines = [json.loads(line) for line in (out / folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
        cited[folder] = sum(len(c["text"]) for line in lines for c in line["citations"]) / len(lines)
    assert cited["chunks"] > 1.5 * cited["whole"]


def test_without_proof_a_lie_is_shown(out: Path) -> None:
    told = {}
    for folder in ("whole", "unproved", "no-model"):
        lines = (out / folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()
        told[folder] = sum("8888家" in json.loads(line)["answer"] for line in lines)
    assert told["unproved"] > 0
    assert (told["whole"], told["no-model"]) == (0, 0)


def test_words_and_vectors_order_the_sentences_otherwise(out: Path) -> None:
    store = open_store(Settings(store=out / "store"))
    by_words, by_vectors = Retriever(store, weights=WORDS_ONLY), Retriever(store, weights=VECTORS_ONLY)
    asked = [q for q in read_questions(LETTERS / "questions.jsonl") if q.lang == "zh"][:20]
    first = [[r.retrieve(q.question, "zh", 1)[0].chunk.text for q in asked] for r in (by_words, by_vectors)]
    assert 0 < sum(a != b for a, b in zip(*first, strict=True)) < len(asked)


def test_wrong_use_is_told() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["none.jsonl", "--ingest", "none", "--out", "x"])
    assert stop.value.code == 2
