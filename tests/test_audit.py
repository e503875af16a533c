"""The audit: entries are only added, each holds the hash of the one before, and whatever is altered is named."""

from __future__ import annotations

import csv
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doors.audit import main
from rag.audit_trail import FILE, AuditTrail, Note, Shown

SENTENCE = Shown("澜科提复〔2023〕31号", 10, 31, "2023年新增孵化面积30万平方米以上。")


@pytest.fixture
def trail(tmp_path: Path) -> AuditTrail:
    made = AuditTrail(tmp_path)
    made.add(Note("anna", "screen", "ask", "reader", "r1", question="新增孵化面积是多少？", outcome="answered", sentences=(SENTENCE,)))
    made.add(Note("bo", "rest", "ingest", "editor", "r2", subject="letter.docx", outcome="new"))
    made.add(Note("bo", "rest", "remove", "editor", "r3", subject="澜科提复〔2023〕31号"))
    return made


def tamper(folder: Path, *statements: str) -> None:
    """What somebody does who can write the file."""
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("DROP TRIGGER entries_stay")
        connection.execute("DROP TRIGGER entries_remain")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_entries_come_back_as_they_were_noted(trail: AuditTrail) -> None:
    entries = list(trail.entries())
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert entries[0].note.sentences == (SENTENCE,)
    assert entries[1].previous == entries[0].hash
    assert trail.verify().faults == ()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE entries SET account = 'carl' WHERE number = 2", "entry 2 "),
        ("UPDATE entries SET sentences = replace(sentences, '30万', '80万') WHERE number = 1", "entry 1 "),
        ("UPDATE entries SET at = '2020-01-01' WHERE number = 3", "entry 3 "),
        ("UPDATE entries SET sentences = 'no json' WHERE number = 1", "entry 1 "),
        ("DELETE FROM entries WHERE number = 2", "entry 3 "),
        ("DELETE FROM entries WHERE number = 1", "begins with entry 2"),
    ],
)
def test_what_is_altered_is_named(
    trail: AuditTrail, tmp_path: Path, statement: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(tmp_path, statement)
    assert any(named in fault for fault in trail.verify().faults)
    assert main(["verify", "--store", str(tmp_path)]) == 1
    assert named in capsys.readouterr().err


def test_cut_off_end_is_found_by_a_noted_head(trail: AuditTrail, tmp_path: Path) -> None:
    head = trail.verify().head
    assert trail.verify(head).faults == ()
    tamper(tmp_path, "DELETE FROM entries WHERE number = 3")
    assert trail.verify().faults == ()  # the chain alone cannot know
    assert any("cut off" in fault for fault in trail.verify(head).faults)


def test_database_itself_refuses_changes(trail: AuditTrail, tmp_path: Path) -> None:
    for statement in ("UPDATE entries SET account = 'carl'", "DELETE FROM entries"):
        connection = sqlite3.connect(tmp_path / FILE)
        with pytest.raises(sqlite3.IntegrityError, match="audit entries"):
            connection.execute(statement)
        connection.close()


def test_older_entries_are_let_go_with_an_entry_that_says_so(trail: AuditTrail, tmp_path: Path) -> None:
    keeping = AuditTrail(tmp_path, keep_days=30)
    assert keeping.sweep() == 0
    later = datetime.now(UTC) + timedelta(days=31)
    assert keeping.sweep(later) == 3
    (left,) = keeping.entries()
    assert left.note.action == "retention"
    assert keeping.verify().faults == ()
    keeping.add(Note("anna", "screen", "ask", question="还有吗？"))
    assert keeping.verify().faults == ()
    tamper(tmp_path, "DELETE FROM entries WHERE number = 4")
    assert any("begins with entry 5" in fault for fault in keeping.verify().faults)


def test_many_hands_add_to_one_chain(tmp_path: Path) -> None:
    trails = [AuditTrail(tmp_path) for _ in range(4)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: trails[number % 4].add(Note(f"a{number}", "rest", "ask", question="？")), range(40)))
    verdict = trails[0].verify()
    assert (verdict.count, verdict.last, verdict.faults) == (40, 40, ())


def test_export_by_command(trail: AuditTrail, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trail.add(Note("bo", "rest", "ask", question='=HYPERLINK("http://x")'))
    assert main(["export", "--store", str(tmp_path), "--account", "anna"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["sentences"][0]["text"] == SENTENCE.text
    assert main(["export", "--store", str(tmp_path), "--format", "csv", "--out", str(tmp_path / "a.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["question"][:2] for row in rows] == ["新增", "", "", "'="]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert main(["export", "--store", str(tmp_path), "--since", tomorrow]) == 0
    assert capsys.readouterr().out == ""


def test_no_audit_yet_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--store", str(tmp_path)]) == 0
    assert "0 entries" in capsys.readouterr().out
    assert not (tmp_path / FILE).exists()
