"""The gate: what closes it, what does not, and what may be accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.gate import accept_run, entry_name, judge_run, main, make_entry, read_accepted
from rag.errors import QuestionSetError


def run(right: int, of: int = 100, *, wrong: int = 0, failed: int = 0, llm: str = "none", first: int = 0) -> dict[str, Any]:
    """A run whose first `right` questions are right and whose first `wrong` show a wrong figure."""
    marks = {
        f"q{first + i}": {
            "right": {"value": float(i < right), "reason": ""},
            "citation_precision": {"value": 1.0, "reason": ""},
            "citation_recall": {"value": None, "reason": ""},
            "wrong_figure": {"value": float(i < wrong), "reason": "figure that no cited sentence has: 7家"},
            "forbidden_output": {"value": None, "reason": ""},
        }
        for i in range(of)
    }
    about = {"questions_file": "s.jsonl", "questions_hash": "h", "llm": llm, "commit": "abc", "started": "2025-01-01"}
    return {"run": about, "failed": failed, "per_question": marks}


def test_an_equal_run_passes() -> None:
    assert judge_run(run(80), make_entry(run(80))).passes


@pytest.mark.parametrize(("lost", "passes"), [(1, True), (5, True), (6, False), (20, False)])
def test_only_a_significant_fall_closes_the_gate(lost: int, passes: bool) -> None:
    judged = judge_run(run(80 - lost), make_entry(run(80)))  # exact McNemar: 5 lost, p = .0625; 6 lost, p = .031
    assert judged.passes is passes


def test_a_rise_never_closes_the_gate() -> None:
    assert judge_run(run(100), make_entry(run(50))).passes


def test_one_wrong_figure_closes_the_gate_however_good_the_score() -> None:
    judged = judge_run(run(100, wrong=1), make_entry(run(50)))
    assert judged.faults == ("wrong_figure: q0: figure that no cited sentence has: 7家",)


def test_a_failed_question_closes_the_gate() -> None:
    assert not judge_run(run(100, failed=1), make_entry(run(100))).passes


def test_without_an_accepted_run_only_harm_closes_it() -> None:
    assert judge_run(run(10), None).passes
    assert not judge_run(run(10, wrong=1), None).passes


def test_only_shared_questions_are_compared() -> None:
    judged = judge_run(run(0, of=3, first=500), make_entry(run(80)))
    assert judged.passes
    assert "right: nothing to compare" in judged.notes


def test_each_model_kind_has_an_accepted_run_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "accepted.json"
    accept_run(run(80), path)
    accept_run(run(60, llm="embedded"), path)
    assert set(read_accepted(path)) == {"s.jsonl none", "s.jsonl embedded"}
    assert entry_name(run(1, llm="http://127.0.0.1:1/v1")["run"]) == "s.jsonl endpoint"


def test_a_run_with_a_wrong_figure_is_never_accepted(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="wrong_figure: q0"):
        accept_run(run(80, wrong=1), tmp_path / "accepted.json")
    assert not (tmp_path / "accepted.json").exists()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "accepted.json"
    path.write_text("[", encoding="utf-8")
    with pytest.raises(QuestionSetError, match=r"accepted\.json cannot be read"):
        read_accepted(path)


def test_the_command_tells_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, scores in (("good", run(80)), ("bad", run(60)), ("harm", run(80, wrong=2))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
        (tmp_path / name / "answers.jsonl").write_text("", encoding="utf-8")
    accepted = ["--accepted", str(tmp_path / "accepted.json")]
    assert main(["accept", str(tmp_path / "good"), *accepted]) == 0
    assert main(["check", str(tmp_path / "good"), *accepted]) == 0
    assert main(["check", str(tmp_path / "bad"), *accepted]) == 1
    assert main(["check", str(tmp_path / "harm"), *accepted]) == 1
    assert main(["accept", str(tmp_path / "harm"), *accepted]) == 1
    assert main(["check", str(tmp_path / "none"), *accepted]) == 1
    assert "gate: closed, 2 faults" in capsys.readouterr().out
