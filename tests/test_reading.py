"""Many files are read in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ingest.extract import ReadLetter
from ingest.reading import FEW, Result, read_file, read_files
from ingest.scan import FailedFile, SourceFile, hash_file, list_files
from tests.small_store import make_entry, make_letter


def read_or_die(path: Path) -> Result:
    """Stands in for a reader whose library crashes on one file."""
    if path.read_text(encoding="utf-8") == "deadly":
        os._exit(11)
    return make_entry(make_letter(path.read_text(encoding="utf-8"), letter_id=path.name))


def write_files(folder: Path, texts: list[str]) -> list[Path]:
    paths = [folder / f"{number:03}.txt" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def test_many_files_come_in_their_order(tmp_path: Path) -> None:
    paths = write_files(tmp_path, ["甲乙丙。"] * (FEW + 3))
    read = list(read_files(paths, read_or_die))
    assert [one.letter.letter_id for one in read if isinstance(one, ReadLetter)] == [path.name for path in paths]


def test_file_that_kills_its_reader_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    texts = ["甲乙丙。"] * (FEW + 3)
    texts[4] = "deadly"
    read = list(read_files(write_files(tmp_path, texts), read_or_die))
    assert len(read) == len(texts)
    assert [one for one in read if isinstance(one, FailedFile)] == [
        FailedFile(
            str(tmp_path / "004.txt"),
            "004.txt: cannot be read, its reader crashed or hung. Open it, save it anew, as docx or pdf, and try again.",
            "004.txt：读取时程序崩溃或没有响应。请打开后另存为 docx 或 pdf 再试。",
        )
    ]


def test_damaged_file_gives_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "broken.docx"
    path.write_bytes(b"PK\x03\x04 no document")
    result = read_file(path)
    assert isinstance(result, FailedFile)
    assert result.reason


def test_files_are_listed_once_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden", "~$open.docx", "sub/c.txt", ".git/config"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    found = list(list_files([tmp_path, tmp_path / "a.txt"]))
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a.txt", "b.txt", "sub/c.txt"]


def test_same_content_has_the_same_hash(tmp_path: Path) -> None:
    one, two = (hash_file(path) for path in write_files(tmp_path, ["甲", "甲"]))
    assert isinstance(one, SourceFile)
    assert isinstance(two, SourceFile)
    assert one.content_hash == two.content_hash
    missing = hash_file(tmp_path / "none")
    assert isinstance(missing, FailedFile)
    assert "no such file or folder" in missing.reason
    assert "没有这个文件" in missing.reason_zh


def hang(_path: Path) -> Result:
    """Stands in for a library that never comes back; the alarm that was set goes off early."""
    assert signal.alarm(1) > 600
    time.sleep(60)
    raise AssertionError


def test_file_that_hangs_its_reader_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (read,) = read_files([tmp_path / "a.pdf"], hang)
    assert isinstance(read, FailedFile)
    assert "hung" in read.reason


def take_memory(path: Path) -> Result:
    """Stands in for a library that takes all the memory there is."""
    try:
        bytearray(5 * 1024**3)
    except MemoryError:
        return FailedFile(str(path), "no memory", "内存不足")
    raise AssertionError


def test_reader_cannot_take_all_memory(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    assert list(read_files([tmp_path / "a.pdf"], take_memory)) == [FailedFile(str(tmp_path / "a.pdf"), "no memory", "内存不足")]


def tell_process(path: Path) -> Result:
    return FailedFile(str(path), str(os.getpid()), "")


def test_even_a_single_file_that_is_no_plain_text_is_read_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04\x00")
    (tmp_path / "c.txt").write_text("甲乙丙。", encoding="utf-8")
    for name, is_here in (("a.pdf", False), ("b.docx", False), ("c.txt", True)):
        (result,) = read_files([tmp_path / name], tell_process)
        assert isinstance(result, FailedFile)
        assert (result.reason == str(os.getpid())) is is_here


STARTS_READERS = """
import sys, time
from pathlib import Path
from ingest.reading import read_files
from tests.test_reading import note_process
if __name__ == "__main__":
    list(read_files([Path(path) for path in sys.argv[1:]], note_process))
"""


def note_process(path: Path) -> Result:
    path.with_suffix(".pid").write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(3)
    return FailedFile(str(path), "", "")


def test_readers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    paths = write_files(tmp_path, ["甲乙丙。"] * (FEW + 1))
    with subprocess.Popen([sys.executable, "-c", STARTS_READERS, *map(str, paths)], cwd=Path(__file__).parent.parent) as parent:
        wait_until(lambda: bool(list(tmp_path.glob("*.pid"))))
        time.sleep(0.2)  # written, too
        parent.kill()
    reader = int(next(tmp_path.glob("*.pid")).read_text(encoding="utf-8"))
    wait_until(lambda: not is_running(reader))


def is_running(process: int) -> bool:
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())  # empty of one that has ended and was not waited for
    except OSError:
        return False


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
