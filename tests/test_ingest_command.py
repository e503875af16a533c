"""`python -m ingest`, as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.__main__ import main

LETTER = """松江市科学技术局文件

松科提复〔2023〕{number}号

关于市政协十届二次会议第{number}号提案的答复函

柳文达委员：

您在市政协十届二次会议上提出的《关于加快建设孵化载体的提案》（第{number}号）收悉。现将办理情况答复如下：

一、2022年工作情况

2022年，全市新增孵化面积{area}万平方米，在孵企业达到312家。

二、2023年工作计划

2023年，全市计划新增孵化面积60万平方米以上，新引进高层次人才15人。

松江市科学技术局
2023年{month}月9日
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two letters in a folder."""
    made = tmp_path / "letters"
    made.mkdir()
    for number in (11, 12):
        (made / f"{number}.txt").write_text(LETTER.format(number=number, area=number, month=6), encoding="utf-8")
    return made


def run_json(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, object]:
    assert main([*words, "--json"]) == code
    result = json.loads(capsys.readouterr().out)
    assert isinstance(result, dict)
    return result


def test_json_has_the_agreed_shape_and_a_second_run_changes_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (str(folder), "--store", str(tmp_path / "store"))
    first = run_json(capsys, *words)
    assert list(first) == ["letters", "new", "changed", "unchanged", "failed", "figures", "chunks", "seconds", "changes"]
    assert (first["letters"], first["new"], first["changed"], first["unchanged"], first["failed"]) == (2, 2, 0, 0, [])
    assert first["figures"]
    assert first["chunks"]
    second = run_json(capsys, *words)
    assert (second["new"], second["changed"], second["unchanged"]) == (0, 0, 2)
    assert (second["letters"], second["figures"], second["chunks"]) == (first["letters"], first["figures"], first["chunks"])


def test_same_file_under_another_name_is_unchanged(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(tmp_path / "store")
    run_json(capsys, str(folder), "--store", store)
    copy = tmp_path / "copy.txt"
    copy.write_bytes((folder / "11.txt").read_bytes())
    assert run_json(capsys, str(copy), "--store", store)["unchanged"] == 1


def test_changed_letter_replaces_the_older_one(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(tmp_path / "store")
    run_json(capsys, str(folder), "--store", store)
    (folder / "11.txt").write_text(LETTER.format(number=11, area=99, month=8), encoding="utf-8")
    result = run_json(capsys, str(folder), "--store", store)
    assert (result["letters"], result["new"], result["changed"], result["unchanged"]) == (2, 0, 1, 1)
    changes: Any = result["changes"]
    (change,) = changes
    assert (change["effect"], change["doc_number"]) == ("replaced", "松科提复〔2023〕11号")
    assert [(f["effect"], f["old"]["value"], f["new"]["value"]) for f in change["figures"]] == [("altered", "11", "99")]


def test_file_that_fails_is_named_and_the_rest_goes_in(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 no document")
    result = run_json(capsys, str(folder), str(tmp_path / "nowhere"), "--store", str(tmp_path / "store"), code=1)
    assert result["new"] == 2
    failed = result["failed"]
    assert isinstance(failed, list)
    assert sorted((Path(one["file"]).name, bool(one["reason"])) for one in failed) == [("broken.docx", True), ("nowhere", True)]


def test_list_check_remove_rebuild(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", str(tmp_path / "store"))
    run_json(capsys, str(folder), *store)
    assert main(["--list", *store, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [row["doc_number"] for row in listed] == ["松科提复〔2023〕11号", "松科提复〔2023〕12号"]
    assert run_json(capsys, "--check", *store)["faults"] == []
    assert run_json(capsys, "--remove", listed[0]["letter_id"], *store)["versions"] == 1
    assert run_json(capsys, "--rebuild", *store)["chunks"]
    assert run_json(capsys, "--check", *store) == {"letters": 1, "faults": []}
    assert main(["--remove", "无此号", *store]) == 1
    assert "无此号" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["--list", "--check"], ["some.txt", "--rebuild"]])
def test_wrong_use_ends_with_2(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--store", str(tmp_path / "store")]) == 2
    assert "usage" in capsys.readouterr().err


def test_unknown_setting_ends_with_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("REPLYDESK_STOER", "x")
    assert main(["--list", "--store", str(tmp_path / "store")]) == 2
    assert "REPLYDESK_STOER" in capsys.readouterr().err


def test_command_keeps_json_apart_from_progress(folder: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", str(folder), "--store", str(tmp_path / "store"), "--json"],
        capture_output=True, text=True, timeout=120, check=True, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert json.loads(done.stdout)["new"] == 2
    assert "2/2" in done.stderr


def test_backup_and_restore(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, backup = str(tmp_path / "store"), str(tmp_path / "saved.zip")
    run_json(capsys, str(folder), "--store", store)
    made = run_json(capsys, "--backup", backup, "--store", store)
    assert (made["file"], made["letters"], made["originals"], made["missing"]) == (backup, 2, 2, [])
    elsewhere = str(tmp_path / "elsewhere")
    assert run_json(capsys, "--restore", backup, "--store", elsewhere)["letters"] == 2
    assert run_json(capsys, "--check", "--store", elsewhere) == {"letters": 2, "faults": []}
    assert main(["--restore", str(folder / "11.txt"), "--store", elsewhere]) == 1
    assert "cannot be used" in capsys.readouterr().err
