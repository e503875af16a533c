"""Pinned questions are asked before and after an ingestion; answers that changed are told with the letter that changed them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.pinned import PinnedQuestion, read_pinned
from rag.errors import QuestionSetError
from rag.records import Turn
from rag.settings import ROOT
from rag.store import PINNED
from tests.test_ingest_command import run_json

LETTER, CORRECTION, OTHER = (
    ROOT / "data/letters" / f"{name}.txt" for name in ("2023-qichuan-jy-040", "2023-qichuan-jy-048-correction", "2023-qichuan-kj-031")
)
CHANGED = '{"id": "学位", "question": "栖川市2023年计划新增义务教育学位总数是多少？", "kind": "figure"}\n'
SAME = '{"id": "电话", "question": "栖教提〔2023〕40号的文号是什么？"}\n'


@pytest.fixture
def store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "store"
    assert run_json(capsys, str(LETTER), "--store", str(folder))["new"] == 1
    return folder


def test_answer_that_a_correction_changes_is_told_with_the_correction(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pinned = tmp_path / "questions.jsonl"
    pinned.write_text(CHANGED + "\n" + SAME, encoding="utf-8")
    told = run_json(capsys, str(CORRECTION), str(OTHER), "--store", str(store), "--pinned", str(pinned))
    assert isinstance(told["pinned"], list)
    (change,) = told["pinned"]
    assert change["id"] == "学位"
    assert "16000" in change["old"]["answer"]
    assert "15000" in change["new"]["answer"]
    assert change["new"]["outcome"] == "answered"
    assert [cause["file"] for cause in change["changed_by"]] == [CORRECTION.name]
    again = run_json(capsys, str(CORRECTION), "--store", str(store), "--pinned", str(pinned))
    assert again["pinned"] == []


def test_file_in_the_store_is_asked_by_itself_and_told_in_words(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (store / PINNED).write_text(CHANGED + SAME, encoding="utf-8")
    assert main([str(CORRECTION), "--store", str(store)]) == 0
    told = capsys.readouterr().out
    assert "Pinned question 学位" in told
    assert f"({CORRECTION.name})" in told
    assert "1 of 2 pinned questions are answered otherwise than before." in told


def test_questions_that_have_no_letter_yet_are_watched_too(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    shutil.copy(LETTER, tmp_path / "copy.txt")
    (empty / PINNED).write_text(CHANGED, encoding="utf-8")
    told = run_json(capsys, str(tmp_path / "copy.txt"), "--store", str(empty))
    assert isinstance(told["pinned"], list)
    (change,) = told["pinned"]
    assert (change["old"]["outcome"], change["new"]["outcome"]) == ("not_found", "answered")
    assert [cause["file"] for cause in change["changed_by"]] == ["copy.txt"]


def test_fields_of_a_question_set_are_read(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(
        '{"id": 7, "question": "那2024年呢？", "history": [{"question": "2023年多少？", "answer": "甲"}], "asked_on": "2024-03-01", "must": []}\n'
        '\n{"question": "多少？"}\n',
        encoding="utf-8",
    )
    first, second = read_pinned(path)
    assert (first.id, first.history, str(first.asked_on)) == ("7", (Turn("2023年多少？", "甲"),), "2024-03-01")
    assert second == PinnedQuestion("3", "多少？")


@pytest.mark.parametrize(
    "line", ['{"id": "1"}', "no JSON", '["list"]', '{"question": " "}', '{"question": "多少？", "asked_on": "morgen"}']
)
def test_line_that_cannot_be_read_stops_the_command_before_anything_is_taken_in(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(CHANGED + line, encoding="utf-8")
    with pytest.raises(QuestionSetError, match="line 2") as told:
        read_pinned(path)
    assert "第 2 行" in told.value.chinese
    if line == "no JSON":
        assert main([str(LETTER), "--store", str(tmp_path / "store"), "--pinned", str(path)]) == 1
        assert "line 2" in capsys.readouterr().err
        assert main(["--list", "--store", str(tmp_path / "store"), "--json"]) == 0
        assert capsys.readouterr().out == "[]\n"
