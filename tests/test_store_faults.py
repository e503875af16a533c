"""What an office meets one day: two writers at once, a killed one, a full disk, a deleted index. Real processes on a real store."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.scan import list_files
from ingest.update import ingest_files
from rag.settings import ROOT, Settings
from rag.store import open_store

LETTERS = ROOT / "data/letters"
FIRST, SECOND = LETTERS / "2023-wenzhou-kj-094.txt", LETTERS / "2023-qichuan-jy-040.txt"
HOLD = """
import sys
from pathlib import Path
from rag.settings import Settings
from rag.store import open_store
with open_store(Settings(store=Path(sys.argv[1]), llm="none"), write=True):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    with open_store(Settings(store=folder, llm="none"), write=True) as opened:
        ingest_files(opened, list(list_files([FIRST])))
    return folder


def run(*arguments: str | Path, prepare: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=prepare,
    )


def letters_in(store: Path) -> list[str]:
    return sorted(letter["file"] for letter in json.loads(run("ingest", "--list", "--store", store, "--json").stdout))


def answer(store: Path, prepare: Callable[[], None] | None = None) -> str:
    done = run("rag.ask", "2023年温州市新增孵化面积目标是多少？", "--store", store, "--llm", "none", "--json", prepare=prepare)
    return str(json.loads(done.stdout)["answer"])


def test_second_writer_is_told_who_writes_and_a_killed_one_leaves_no_lock(store: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(store)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        refused = run("ingest", SECOND, "--store", store)
        assert refused.returncode == 1
        assert f"process {holder.pid}" in refused.stderr
        assert "--wait" in refused.stderr
        assert "180万平方米" in answer(store)  # readers are never blocked
    finally:
        holder.kill()
        holder.communicate()
    assert run("ingest", SECOND, "--store", store).returncode == 0
    assert letters_in(store) == sorted([FIRST.name, SECOND.name])


def test_full_disk_ends_in_a_message_and_the_next_run_goes_on(store: Path) -> None:
    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    failed = run("ingest", SECOND, LETTERS / "2023-qichuan-kj-031.txt", "--store", store, prepare=small_disk)
    assert failed.returncode == 1
    assert "Free space on that disk" in failed.stderr + failed.stdout
    assert "Traceback" not in failed.stderr
    assert "180万平方米" in answer(store)
    again = run("ingest", SECOND, LETTERS / "2023-qichuan-kj-031.txt", "--store", store)
    assert again.returncode == 0
    assert len(letters_in(store)) == 3
    assert run("ingest", "--check", "--store", store).returncode == 0


def test_deleted_index_is_named_with_its_cure_and_made_anew(store: Path) -> None:
    for folder in store.glob("vectors-*"):
        folder.rename(store.parent / "gone")
    refused = run("ingest", SECOND, "--store", store)
    assert refused.returncode == 1
    assert "--rebuild" in refused.stderr + refused.stdout
    checked = run("ingest", "--check", "--store", store)
    assert checked.returncode == 1
    assert "it is not there" in checked.stdout + checked.stderr
    assert run("ingest", "--rebuild", "--store", store).returncode == 0
    assert run("ingest", "--check", "--store", store).returncode == 0
    assert letters_in(store) == [FIRST.name]
    assert "180万平方米" in answer(store)


def obey_permissions() -> None:
    """Root reads and writes whatever it likes; without this capability it is held to what a file allows."""
    if os.geteuid() == 0:
        drop_from_bounding_set, dac_override = 24, 1  # linux/prctl.h, linux/capability.h
        assert ctypes.CDLL(None).prctl(drop_from_bounding_set, dac_override, 0, 0, 0) == 0


def test_store_that_may_only_be_read_answers_and_refuses_to_be_written_with_the_cure(store: Path) -> None:
    before = contents(store)
    allow(store, 0o555, 0o444)
    try:
        assert "180万平方米" in answer(store, prepare=obey_permissions)
        assert run("ingest", "--check", "--store", store, prepare=obey_permissions).returncode == 0
        for asked in (("ingest", SECOND), ("ingest", "--rebuild"), ("ingest", "--undo")):
            refused = run(*asked, "--store", store, prepare=obey_permissions)
            assert refused.returncode == 1
            assert str(store) in refused.stderr
            assert "Let the user who runs this program write there" in refused.stderr
            assert "Traceback" not in refused.stderr
        screen = subprocess.run(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=os.environ | {"REPLYDESK_STORE": str(store)},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            preexec_fn=obey_permissions,
        )
        assert screen.returncode == 2
        assert f"REPLYDESK_STORE={store} may only be read" in screen.stderr
    finally:
        allow(store, 0o755, 0o644)
    assert contents(store) == before
    assert run("ingest", SECOND, "--store", store).returncode == 0
    assert "180万平方米" in answer(store)


def test_store_that_may_only_be_read_answers_from_what_another_one_is_writing(store: Path) -> None:
    with open_store(Settings(store=store, llm="none"), write=True) as writer:
        ingest_files(writer, list(list_files([SECOND])))
        allow(store, 0o555, 0o444)
        try:
            listed = run("ingest", "--list", "--store", store, "--json", prepare=obey_permissions)
            answered = answer(store, prepare=obey_permissions)
        finally:
            allow(store, 0o755, 0o644)
    assert sorted(letter["file"] for letter in json.loads(listed.stdout)) == sorted([FIRST.name, SECOND.name])
    assert "180万平方米" in answered


def test_store_that_may_only_be_read_is_not_read_past_a_log_that_cannot_be_joined(store: Path) -> None:
    with open_store(Settings(store=store, llm="none"), write=True) as writer:
        ingest_files(writer, list(list_files([SECOND])))
        copied = store.with_name("copied")
        shutil.copytree(store, copied, ignore=shutil.ignore_patterns("*-shm"))  # as copied from under a writer
    allow(copied, 0o555, 0o444)
    try:
        refused = run("ingest", "--list", "--store", copied, prepare=obey_permissions)
    finally:
        allow(copied, 0o755, 0o644)
    assert refused.returncode == 1
    assert str(copied) in refused.stderr
    assert "Let the user who runs this program write there" in refused.stderr
    assert letters_in(copied) == sorted([FIRST.name, SECOND.name])


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def allow(folder: Path, folders: int, files: int) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(folders if path.is_dir() else files)
