"""Questions that are asked while letters come, go and are put back: each answer is of the store before or after, and none fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import StoreError
from rag.filters import NOTHING, Filters
from rag.pipeline import Pipeline
from rag.settings import ROOT, Settings
from tests.test_ingest_command import run_json

LETTER, CORRECTION = (ROOT / "data/letters" / f"{name}.txt" for name in ("2023-qichuan-jy-040", "2023-qichuan-jy-048-correction"))
QUESTION = "栖川市2023年计划新增义务教育学位总数是多少？"


def test_answers_while_a_correction_comes_and_is_taken_back_and_the_store_is_restored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(store=tmp_path / "store", llm="none")
    store = ("--store", str(settings.store))
    run_json(capsys, str(LETTER), *store)
    run_json(capsys, "--backup", str(tmp_path / "store.zip"), *store)
    pipeline = Pipeline(settings)
    before = pipeline.ask(QUESTION).text
    assert "16000" in before
    seen: list[str] = []
    for words in ([str(CORRECTION)], ["--undo"], ["--restore", str(tmp_path / "store.zip")]):
        process = subprocess.Popen(
            [sys.executable, "-m", "ingest", *words, *store], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while process.poll() is None:
                seen.append(pipeline.ask(QUESTION).text)
        finally:
            process.kill()
            process.wait()
        assert process.returncode == 0
        seen.append(pipeline.ask(QUESTION).text)
    pipeline.store.close()
    corrected = next(text for text in seen if text != before)
    assert "15000" in corrected
    assert set(seen) == {before, corrected}
    assert seen[-1] == before


def test_question_whose_letter_goes_while_it_is_answered_is_answered_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(store=tmp_path / "store", llm="none")
    store = ("--store", str(settings.store))
    run_json(capsys, str(LETTER), *store)
    run_json(capsys, str(CORRECTION), *store)
    pipeline = Pipeline(settings)
    real = pipeline.view
    undone: list[object] = []

    def view_then_undo(as_of: None = None, filters: Filters = NOTHING) -> object:
        view = real(as_of, filters)
        if not undone:
            undone.append(run_json(capsys, "--undo", *store))
        return view

    monkeypatch.setattr(pipeline, "view", view_then_undo)
    assert "16000" in pipeline.ask(QUESTION).text
    assert undone
    asked: list[None] = []

    def fail(as_of: None = None, filters: Filters = NOTHING) -> object:
        asked.append(as_of)
        raise StoreError("the disk is gone")

    monkeypatch.setattr(pipeline, "view", fail)
    with pytest.raises(StoreError, match="the disk is gone"):
        pipeline.ask(QUESTION)
    assert len(asked) == 1  # a fault that has nothing to do with a writer is told at once
    pipeline.store.close()
