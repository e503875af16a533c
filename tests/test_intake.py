"""Uploads into a store that is open for answering: what came, what it changed, and taking it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from doors.intake import take_back, take_in
from rag.errors import StoreError
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.store import PINNED, open_store
from screens.seams import FileOutcome, FileResult
from screens.texts import EN, ZH
from screens.upload_results import ingestions_of, render_results, render_undone
from tests.small_store import CountingEncoder

LETTER = "临河市水务局\n\n临水提复〔2023〕{n}号\n\n关于市政协八届一次会议第{n}号提案的答复\n\n周望野委员：\n\n您提出的《关于管网的提案》收悉。现答复如下：\n\n2023年计划新建供水管网{km}公里。\n\n临河市水务局\n2023年{month}月20日\n"
QUESTION = "临河市2023年计划新建供水管网多少公里？"


@pytest.fixture
def pipeline(settings: Settings) -> Iterator[Pipeline]:
    with open_store(settings, write=True, encoder=CountingEncoder()):
        pass
    with open_store(settings, encoder=CountingEncoder()) as store:
        yield Pipeline(settings, store)


def letter(folder: Path, name: str, number: int, kilometres: int, month: int = 5) -> Path:
    path = folder / name
    path.write_text(LETTER.format(n=number, km=kilometres, month=month), encoding="utf-8")
    return path


def test_upload_tells_figures_old_and_new_and_pinned_answers(pipeline: Pipeline, tmp_path: Path) -> None:
    (pipeline.settings.store / PINNED).write_text(json.dumps({"id": "1", "question": QUESTION}), encoding="utf-8")
    (first,) = take_in(pipeline, letter(tmp_path, "甲.txt", 8, 42))
    assert (first.outcome, first.changes) == ("new", ())
    (again,) = take_in(pipeline, letter(tmp_path, "乙.txt", 8, 50, month=6))
    assert again.outcome == "changed"
    assert [(str(f.old.value), str(f.new.value)) for c in again.changes for f in c.figures if f.old and f.new] == [("42", "50")]
    assert ["50" in change.new.text for change in again.answers] == [True]
    shown = FileResult("乙.txt", FileOutcome.CHANGED, ingestion=again.ingestion, changes=again.changes, answers=again.answers)
    assert hash(shown)  # gradio takes it of all that it keeps for a page: an upload that changed an answer ended in an error there
    for texts in (ZH, EN):
        page = render_results([shown], texts)
        assert "<del>42" in page
        assert QUESTION in page
        assert texts.library.undo in page


def test_upload_is_taken_back_wholly_and_what_it_replaced_counts_again(pipeline: Pipeline, tmp_path: Path) -> None:
    take_in(pipeline, letter(tmp_path, "甲.txt", 8, 42))
    upload = [*take_in(pipeline, letter(tmp_path, "乙.txt", 8, 50, month=6)), *take_in(pipeline, letter(tmp_path, "丙.txt", 9, 7))]
    undone = take_back(pipeline, [one.ingestion for one in upload])
    assert [file for one in undone for file in one.files] == ["丙.txt", "乙.txt"]
    assert "42公里" in pipeline.ask(QUESTION).text
    assert "丙.txt" in render_undone(["丙.txt"], ZH)


def test_upload_that_others_followed_stays(pipeline: Pipeline, tmp_path: Path) -> None:
    (mine,) = take_in(pipeline, letter(tmp_path, "甲.txt", 8, 42))
    take_in(pipeline, letter(tmp_path, "丙.txt", 9, 7))
    with pytest.raises(StoreError, match="came in after"):
        take_back(pipeline, [mine.ingestion])
    assert pipeline.store.registry.count() == 2


def test_upload_that_changed_nothing_offers_no_undo() -> None:
    same = FileResult("甲.txt", FileOutcome.UNCHANGED)
    assert ingestions_of([same]) == []
    assert "data-undo" not in render_results([same], ZH)


def test_pinned_questions_that_cannot_be_read_do_not_stop_an_upload(pipeline: Pipeline, tmp_path: Path) -> None:
    (pipeline.settings.store / PINNED).write_text("no JSON", encoding="utf-8")
    (taken,) = take_in(pipeline, letter(tmp_path, "甲.txt", 8, 42))
    assert (taken.outcome, taken.answers) == ("new", ())
