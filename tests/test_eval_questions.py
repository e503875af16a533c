"""Question sets: read, refused with the line, checked against their letters."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.questions import check_questions, is_readable, main, read_questions
from rag.errors import QuestionSetError

LETTERS = Path(__file__).parent / "letters"
ROW: dict[str, Any] = {
    "id": "q1", "lang": "zh", "kind": "single_target", "question": "2024年新增床位多少张？", "answer": "1200张以上。", "answerable": True,
    "numbers": ["1200张"], "comparators": [">="], "evidence": [{"file": "a.txt", "sentence": "新增床位1200\n张以上。"}],
}  # fmt: skip


def write(folder: Path, *rows: dict[str, Any] | str) -> Path:
    (folder / "letters").mkdir(exist_ok=True)
    (folder / "letters" / "a.txt").write_text("今年，新增床位1200张以上。", encoding="utf-8")
    path = folder / "q.jsonl"
    path.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows), encoding="utf-8"
    )
    return path


def faults(folder: Path, *rows: dict[str, Any]) -> list[str]:
    return check_questions(read_questions(write(folder, *rows)), folder / "letters")


def test_unknown_fields_are_kept_and_ignored(tmp_path: Path) -> None:
    question = read_questions(write(tmp_path, ROW | {"difficulty": 3, "asked_on": "2024-06-01"}))[0]
    assert question.extra == {"difficulty": 3}
    assert question.asked_on == date(2024, 6, 1)


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("{", "line 2"), ("[1]", "line 2: not a JSON object"), ('{"id": "x"}', "line 2: lacks the field 'question'"),
        (ROW | {"asked_on": "soon"}, "line 2"), (ROW | {"numbers": "5"}, "line 2: numbers is not a list"), (ROW | {"question": " "}, "line 2"),
        (ROW | {"evidence": ["x"]}, "line 2"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, second: dict[str, Any] | str, reason: str) -> None:
    with pytest.raises(QuestionSetError, match=reason):
        read_questions(write(tmp_path, ROW, second))


def test_an_empty_or_missing_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="no question"):
        read_questions(write(tmp_path, ""))
    with pytest.raises(QuestionSetError, match="cannot be read"):
        read_questions(tmp_path / "none.jsonl")


def test_a_sound_question_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, ROW) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"evidence": [{"file": "a.txt", "sentence": "新增床位1300张。"}]}, "does not stand in a.txt"),
        ({"evidence": [{"file": "b.txt", "sentence": "新增"}]}, "no letter b.txt"),
        ({"evidence": []}, "answerable without evidence"),
        ({"numbers": ["许多"]}, "cannot be read"),
        ({"numbers": [], "comparators": []}, "nothing to mark"),
        ({"comparators": [">=", "="]}, "not parallel"),
        ({"forbidden": ["1200张"]}, "both wanted and forbidden"),
        ({"answerable": False}, "unanswerable, yet with evidence"),
        ({"question": "今年新增多少？"}, "without asked_on"),
        ({"kind": "follow_up"}, "without history"),
        ({"verdict": "maybe"}, "neither yes nor no"),
    ],
)
def test_each_fault_of_a_question_is_found(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    assert any(fault in found for found in faults(tmp_path, ROW | change))


def test_an_id_used_twice_is_found(tmp_path: Path) -> None:
    assert "q1: id is used 2 times" in faults(tmp_path, ROW, ROW)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"])
@pytest.mark.parametrize(("name", "before", "after"), [("a.txt", "", ""), ("a.html", "<html><body><p>", "</p></body></html>")])
def test_letters_are_read_in_any_encoding(tmp_path: Path, encoding: str, name: str, before: str, after: str) -> None:
    body = "關於加強養老服務建設的建議收悉。今年全市計劃新增床位1200張以上,工作目標已經完成。感謝您的支持。"
    if encoding == "gb18030":
        body = "关于加强养老服务建设的建议收悉。今年全市计划新增床位1200张以上,工作目标已经完成。感谢您的支持。"
    row = ROW | {"evidence": [{"file": name, "sentence": body[16:50]}]}
    path = write(tmp_path, row)
    (tmp_path / "letters" / name).write_bytes((before + body * 3 + after).encode(encoding))
    assert check_questions(read_questions(path), tmp_path / "letters") == []
    (tmp_path / "letters" / name).write_bytes((before + body.replace("1200", "1300") * 3 + after).encode(encoding))
    assert "does not stand in" in check_questions(read_questions(path), tmp_path / "letters")[0]


def test_dates_and_document_numbers_are_readable() -> None:
    assert all(is_readable(number) for number in ("2023年6月9日", "2023-06-09", "58号", "丰科〔2023〕3号", "1.2万张", "4.7个/千人", "三成"))
    assert not is_readable("")


def test_the_questions_over_the_test_letters_are_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(LETTERS / "questions.jsonl"), "--letters", str(LETTERS / "sources")]) == 0
    assert "75 questions" in capsys.readouterr().out
