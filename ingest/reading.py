"""Files → letters, read beside the encoding, in processes of their own.

A file that kills its reader, hangs it or eats its memory ends nothing else. The processes end when the one that started them is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from ingest.extract import ReadLetter, read_letter_file
from ingest.scan import FailedFile
from rag.errors import ReplyDeskError

FEW = 12  # files of plain text: starting a process takes longer than reading them
AHEAD = 48  # files that are read before they are asked for
SECONDS_AT_MOST = 700  # for one file; character recognition stops itself before that, and says at which page
MEMORY_AT_MOST = 3 * 1024**3  # bytes of data; the largest pages take 2 GB

Result = ReadLetter | FailedFile
Reader = Callable[[Path], Result]


def read_file(path: Path) -> Result:
    """Read one file as a letter; when it fails, the reason is the result."""
    try:
        return read_letter_file(path)
    except ReplyDeskError as error:
        return FailedFile.of(path, error)
    except Exception as error:  # noqa: BLE001 - a damaged file finds faults in any library; it must not stop the others, and it is named
        return FailedFile(
            str(path),
            f"{path.name}: cannot be read ({type(error).__name__}: {error}). Open it, save it anew and try again.",
            f"{path.name}：无法读取（{type(error).__name__}: {error}）。请打开后另存再试。",
        )


def read_files(paths: Sequence[Path], read: Reader = read_file) -> Iterator[Result]:
    """Read files, in their order, ahead and in other processes, in which `read` must be importable; a few plain texts in this one."""
    if len(paths) <= FEW and all(map(_is_plain, paths)):
        yield from map(read, paths)
        return
    waiting = deque(paths)
    while waiting:
        done = 0
        for result in _read_until_broken(list(waiting), read):
            done += 1
            yield result
        for _ in range(done):
            waiting.popleft()
        if waiting:  # the first of these may have killed its process, or another one that was read ahead: it is tried alone
            yield _read_alone(waiting.popleft(), read)


def _read_until_broken(paths: list[Path], read: Reader) -> Iterator[Result]:
    ahead: deque[Future[Result]] = deque()
    with start_pool(max(1, (os.cpu_count() or 2) - 1)) as pool:
        try:
            for path in paths:
                ahead.append(pool.submit(_read_in_time, read, path))
                if len(ahead) > AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool:
            return
        finally:
            for future in ahead:
                future.cancel()


def _read_alone(path: Path, read: Reader) -> Result:
    with start_pool(1) as pool:
        try:
            return pool.submit(_read_in_time, read, path).result()
        except BrokenProcessPool:
            return FailedFile(
                str(path),
                f"{path.name}: cannot be read, its reader crashed or hung. Open it, save it anew, as docx or pdf, and try again.",
                f"{path.name}：读取时程序崩溃或没有响应。请打开后另存为 docx 或 pdf 再试。",
            )


def _is_plain(path: Path) -> bool:
    """Text is read by Python itself; the libraries for pages and pictures are machine code, which a damaged file may crash."""
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
    except OSError:
        return True  # its reason is told without reading it
    return b"\x00" not in head and b"%PDF-" not in head


def start_pool(workers: int) -> ProcessPoolExecutor:
    """Processes that end with this one, by their alarm, and within a limit of memory."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin_reading)


def _begin_reading() -> None:
    """Runs first in each reading process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches it too; its parent decides
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_AT_MOST, MEMORY_AT_MOST))


def _end_with_parent() -> None:
    """A parent that was killed closes nothing: without this its readers would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_in_time(read: Reader, path: Path) -> Result:
    """Runs in a reading process: one that hangs in a library ends by its alarm, and its file is named as one that crashed its reader."""
    if hasattr(signal, "alarm"):
        signal.alarm(SECONDS_AT_MOST)
    try:
        return read(path)
    finally:
        if hasattr(signal, "alarm"):
            signal.alarm(0)
