"""Robustness sets: sound over their letters, each testing what it says."""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from eval.questions import check_questions, read_questions
from eval.robustness import RobustnessSet, alter_number, choose_needed, main, make_sets, read_sources
from eval.robustness_run import main as run_robustness

LETTERS = Path(__file__).parent / "letters"
SOURCES = read_sources(LETTERS / "questions.jsonl")


@pytest.fixture(scope="module")
def sets() -> dict[str, RobustnessSet]:
    return {made.name: made for made in make_sets(SOURCES, LETTERS / "sources")}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets")
    assert main([str(LETTERS / "questions.jsonl"), "--letters", str(LETTERS / "sources"), "--out", str(folder)]) == 0
    return folder


def test_each_set_is_sound_over_its_own_letters(written: Path) -> None:
    folders = sorted(folder for folder in written.iterdir())
    assert {"noise-00", "rejection", "integration-2", "counterfactual"} <= {folder.name for folder in folders}
    for folder in folders:
        assert check_questions(read_questions(folder / "questions.jsonl"), folder / "letters") == [], folder.name


def test_noise_asks_the_same_questions_among_more_letters(sets: dict[str, RobustnessSet]) -> None:
    levels = [made for name, made in sets.items() if name.startswith("noise")]
    assert len(levels) > 1
    assert all(made.rows == levels[0].rows for made in levels)
    for smaller, larger in pairwise(levels):
        assert set(smaller.files) < set(larger.files)
    needed = choose_needed(SOURCES)
    for made in levels:
        share = 1 - len(needed) / len(made.files)
        assert share == pytest.approx(int(made.name[-2:]) / 100, abs=0.06)


def test_out_of_date_letters_are_not_taken_for_unrelated_ones() -> None:
    superseded = {name for source in SOURCES for name in source.question.superseded_files}
    assert not choose_needed(SOURCES) & superseded


def test_rejection_leaves_no_letter_that_answers(sets: dict[str, RobustnessSet]) -> None:
    made = sets["rejection"]
    assert made.rows
    assert not any(row["answerable"] for row in made.rows)
    wanted = {source.question.id: source.files for source in SOURCES}
    for row in made.rows:
        assert not wanted[row["id"]] & set(made.files)


def test_a_figure_in_a_table_of_another_letter_keeps_a_question_out_of_the_rejection_set(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("2024年，全市新增床位1214张。", encoding="utf-8")
    (tmp_path / "b.txt").write_text("新增床位（张）\t980\t1214\t1300\n", encoding="utf-8")
    row: dict[str, Any] = {
        "id": "q",
        "kind": "single_actual",
        "question": "2024年新增床位多少张？",
        "answer": "1214张。",
        "numbers": ["1214张"],
    }
    row |= {"evidence": [{"file": "a.txt", "sentence": "2024年，全市新增床位1214张。"}]}
    questions = tmp_path.parent / "table.jsonl"
    questions.write_text(json.dumps(row), encoding="utf-8")
    made = {one.name: one for one in make_sets(read_sources(questions), tmp_path)}
    assert made["rejection"].rows == ()
    (tmp_path / "b.txt").write_text("新增床位（张）\t980\t1250\t1300\n", encoding="utf-8")
    made = {one.name: one for one in make_sets(read_sources(questions), tmp_path)}
    assert len(made["rejection"].rows) == 1


def test_a_joined_question_needs_as_many_letters_as_it_says(sets: dict[str, RobustnessSet]) -> None:
    for count in (2, 3):
        joined = [row for row in sets[f"integration-{count}"].rows if row["kind"] == "integration"]
        assert joined
        for row in joined:
            assert len({piece["file"] for piece in row["evidence"]}) == count
            assert len(row["numbers"]) == count
            assert not set(row["numbers"]) & set(row["forbidden"])


def test_altered_letters_have_the_altered_figure_and_not_the_true_one(sets: dict[str, RobustnessSet]) -> None:
    made = sets["counterfactual"]
    true = {source.question.id: source.question for source in SOURCES}
    assert len(made.rows) >= 3
    for row in made.rows:
        for old, new in zip(true[row["id"]].numbers, row["numbers"], strict=True):
            assert old != new
            assert old in row["forbidden"]
            assert re.search(r"\d[\d.,]*", new).group() in "".join(made.rewritten.values())  # type: ignore[union-attr]
            digits = re.search(r"\d[\d.,]*", old).group()  # type: ignore[union-attr]
            for text in made.rewritten.values():
                assert not re.search(rf"(?<![\d.,]){re.escape(digits)}(?!\d|[.,]\d)", text)


def test_an_altered_number_keeps_its_shape_and_is_free() -> None:
    assert alter_number("45.3", ["55.4"]) not in ("45.3", "55.4")
    assert re.fullmatch(r"\d\d\.\d", alter_number("45.3", []))
    assert not re.fullmatch(r"(?:19|20)\d\d", alter_number("1138", []))


def test_the_same_sets_are_made_each_time(sets: dict[str, RobustnessSet]) -> None:
    again = {made.name: made for made in make_sets(SOURCES, LETTERS / "sources")}
    assert json.dumps([again[name].rows for name in sets]) == json.dumps([made.rows for made in sets.values()])


def test_wrong_use_ends_with_two(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main([str(tmp_path / "none.jsonl"), "--letters", str(tmp_path), "--out", str(tmp_path)])
    assert stop.value.code == 2


def test_every_set_is_asked_of_a_store_of_its_own(written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sets = tmp_path / "sets"
    for name in ("rejection", "counterfactual"):
        shutil.copytree(written / name, sets / name)
    assert run_robustness([str(sets), "--out", str(tmp_path / "out"), "--sample", "6"]) == 0
    rows = {row["set"]: row for row in json.loads((tmp_path / "out/table.json").read_text(encoding="utf-8"))}
    assert rows["rejection"]["letters"] == len(list((sets / "rejection/letters").iterdir()))
    assert rows["rejection"]["refusal"]["mean"] == 1
    assert rows["counterfactual"]["questions"] == 6
    assert rows["counterfactual"]["wrong_figure"]["mean"] == 0
    table = capsys.readouterr().out
    assert table.count("\n") == 4
    assert "| rejection |" in table
    assert "<svg" in (tmp_path / "out/table.html").read_text(encoding="utf-8")


def test_folder_without_sets_says_how_to_make_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_robustness([str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "python -m eval.robustness" in capsys.readouterr().err
