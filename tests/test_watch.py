"""Watched folders: what goes in, when, and what does not stop the watching."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eval.made_letters import make_letter
from ingest.watch import Watcher, watch
from rag.errors import StoreBusyError
from rag.registry import FILE
from rag.settings import Settings
from rag.store import open_store

ROOT = Path(__file__).resolve().parent.parent


class Over(Exception):
    """Ends a watch in a test."""


def write(path: Path, text: str, at: int = 1) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at, at))


def watch_looks(
    folders: Sequence[Path], between: Sequence[Callable[[], object]], fault: Exception | None = None
) -> tuple[list[str], list[str]]:
    """Look once more than there are steps between the looks; names taken in, and lines told. `fault` is raised by the first take."""
    taken: list[str] = []
    told: list[str] = []
    steps, faults = list(between), [fault] if fault else []

    def take(paths: Sequence[Path]) -> None:
        if faults:
            raise faults.pop()
        taken.append(" ".join(path.name for path in paths))

    def wait() -> None:
        if not steps:
            raise Over
        steps.pop(0)()

    with pytest.raises(Over):
        watch(folders, take, told.append, wait)
    return taken, told


def nothing() -> None:
    """A step in which nobody does anything."""


def test_file_goes_in_once_when_it_is_as_it_was_at_the_look_before(tmp_path: Path) -> None:
    letter = tmp_path / "一.txt"
    write(letter, "甲")
    grow = [lambda: write(letter, "甲乙", 2), nothing, nothing, nothing]
    assert watch_looks([tmp_path], grow) == (["一.txt"], [])


def test_changed_file_goes_in_again_and_an_unchanged_one_does_not(tmp_path: Path) -> None:
    one, two = tmp_path / "一.txt", tmp_path / "二.txt"
    write(one, "甲")
    write(two, "乙")
    taken, _ = watch_looks([tmp_path], [nothing, lambda: write(one, "丙", 5), nothing, nothing])
    assert taken == ["一.txt 二.txt", "一.txt"]


def test_files_that_are_still_fetched_and_those_of_editors_stay_out(tmp_path: Path) -> None:
    for name in ("~$一.docx", ".二.txt", "三.pdf.part", "四.pdf.crdownload", "五.txt"):
        write(tmp_path / name, "甲")
    assert watch_looks([tmp_path], [nothing, nothing])[0] == ["五.txt"]


def test_folder_that_goes_and_comes_is_told_once_each_and_its_letters_do_not_go_in_again(tmp_path: Path) -> None:
    share, away = tmp_path / "share", tmp_path / "away"
    share.mkdir()
    write(share / "一.txt", "甲")
    steps = [nothing, lambda: share.rename(away), nothing, lambda: away.rename(share), nothing, nothing]
    taken, told = watch_looks([share, tmp_path / "never"], steps)
    assert taken == ["一.txt"]
    assert [line.split(";")[0].removeprefix(f"{tmp_path}/") for line in told] == [
        "never: no such folder just now",
        "share: no such folder just now",
        "share: is there again.",
    ]


def test_file_that_is_moved_away_before_it_is_read_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "一.txt", "甲")
    watcher = Watcher([tmp_path])
    watcher.look()
    (tmp_path / "一.txt").unlink()
    assert watcher.look().ready == ()


def test_files_are_tried_again_while_another_one_writes_which_is_told_once(tmp_path: Path) -> None:
    write(tmp_path / "一.txt", "甲")
    taken, told = watch_looks([tmp_path], [nothing, nothing, nothing], StoreBusyError("held by python -m ingest (process 7)."))
    assert taken == ["一.txt"]
    assert told == ["held by python -m ingest (process 7). Trying again."]


def test_burst_of_a_thousand_files_is_one_batch(tmp_path: Path) -> None:
    for number in range(1000):
        write(tmp_path / f"{number}.txt", "甲")
    taken, _ = watch_looks([tmp_path], [nothing, nothing, nothing])
    assert [len(batch.split()) for batch in taken] == [1000]


def test_command_takes_letters_in_while_it_runs_and_ends_when_told(tmp_path: Path) -> None:
    folder, store = tmp_path / "in", tmp_path / "store"
    folder.mkdir()
    command = [sys.executable, "-m", "ingest", "--watch", str(folder), "--interval", "0.2", "--store", str(store)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wanted = []
        for number in range(2):
            made = make_letter(number)
            (folder / made.file).write_text(made.text, encoding="utf-8")
            wanted.append(made.file)
            wait_for(lambda: files_in(store) == sorted(wanted))
        process.send_signal(signal.SIGTERM)
        out, told = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, told
    assert out.count("1 new") == 2
    assert told.rstrip().endswith("Stopped watching.")


def test_command_waits_for_another_writer_and_says_who_it_is(tmp_path: Path) -> None:
    folder, store, heard = tmp_path / "in", tmp_path / "store", tmp_path / "heard"
    folder.mkdir()
    made = make_letter(0)
    (folder / made.file).write_text(made.text, encoding="utf-8")
    command = [sys.executable, "-m", "ingest", "--watch", str(folder), "--interval", "0.2", "--store", str(store)]
    with heard.open("wb") as lines:
        with open_store(Settings(store=store, llm="none"), write=True, purpose="a long ingestion"):
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=lines)
            try:
                wait_for(lambda: "Trying again" in heard.read_text(encoding="utf-8"))
            except BaseException:
                process.kill()
                raise
        try:
            wait_for(lambda: files_in(store) == [made.file])
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()
    told = heard.read_text(encoding="utf-8")
    assert told.count(f"by process {os.getpid()} (a long ingestion)") == 1
    assert told.rstrip().endswith("Stopped watching.")


def wait_for(reached: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "not reached"
        time.sleep(0.2)


def files_in(folder: Path) -> list[str]:
    if not (folder / FILE).exists():
        return []
    with open_store(Settings(store=folder, llm="none"), any_embedding=True) as store:
        return sorted(version.file for version in store.registry.versions())


def test_watch_without_a_folder_is_wrong_use(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "ingest", "--watch", "--store", str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--watch" in done.stderr
