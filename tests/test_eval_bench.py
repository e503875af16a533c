"""The bench: its letters are read as letters, and its numbers are what they say."""

from __future__ import annotations

import os
from pathlib import Path

from eval.bench import as_text, tell_growth
from eval.bench_parts import memory_mb, size_of_folder, spread_ms
from eval.made_letters import make_letter, write_letters
from ingest.figures import find_figures
from ingest.parse import parse_letter
from ingest.readers import read_document
from rag.records import Status


def test_made_letters_are_read_with_their_figures(tmp_path: Path) -> None:
    made = write_letters(tmp_path, 3, first=80)
    for one in made:
        letter = parse_letter(read_document(tmp_path / one.file))
        figures = find_figures(letter)
        assert letter.bodies
        assert letter.doc_number
        assert {Status.TARGET, Status.ACTUAL} <= {figure.status for figure in figures}
        assert {figure.year for figure in figures if figure.status is Status.TARGET} == {letter.year}


def test_no_two_made_letters_are_of_one_body_and_year() -> None:
    heads = {make_letter(number).text.split("您提出的")[0] for number in range(4000)}
    assert len(heads) == 4000
    assert make_letter(7) == make_letter(7)


def test_percentiles_are_those_of_the_nearest_rank() -> None:
    assert spread_ms([i / 1000 for i in range(1, 101)]) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert spread_ms([0.002]) == {"p50": 2.0, "p95": 2.0, "p99": 2.0}
    assert spread_ms([]) == {}


def test_a_folder_is_as_large_as_its_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_bytes(b"12345")
    (tmp_path / "y").write_bytes(b"123")
    assert size_of_folder(tmp_path) == 8


def test_this_process_has_memory() -> None:
    if Path("/proc/self/status").exists():
        assert memory_mb(os.getpid()) > 10


def row(letters: int, times: float) -> dict[str, object]:
    spread = {"p50": 1.0 * times, "p95": 2.0 * times, "p99": 3.0 * times}
    askers = {"ledger_ms": spread, "retrieval_ms": spread, "answer_ms": spread}
    return {
        "letters": letters, "ingest": {"seconds": 10 * times, "letters_per_second": 12.0, "peak_mb": 300.0, "cpu_seconds": 9.0, "figures": 6, "chunks": 9},
        "rescan": {"seconds": 1.0}, "store_mb": 4.0 * times, "answers": {"1 asker": askers, "8 askers": askers, "memory_mb": 500.0},
        "start": {"seconds": 3.0, "memory_mb": 400.0}, "plain": {"letters_per_second": 6.0, "retrieval_ms": spread}, "ratio_to_plain": {"ingestion_rate": 2.0},
    }  # fmt: skip


def test_growth_and_report_from_measured_rows() -> None:
    growth = tell_growth(row(200, 1), row(1000, 3))
    assert growth["letters"] == 5
    assert growth["ledger_p95"] == 3
    assert growth["memory_mb"] == 1
    text = as_text({"machine": {"cores": 2, "load": 1.0, "python": "3"}, "sizes": [row(200, 1)], "growth": growth})
    assert "12.0 letters/s" in text
    assert "ledger_ms      1 asker: p50 1, p95 2, p99 3" in text
