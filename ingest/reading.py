"""Many files → letters, read beside the encoding, in processes of their own: a file that kills its reader kills nothing else."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from ingest.extract import ReadLetter, read_letter_file
from ingest.scan import FailedFile
from rag.errors import ReplyDeskError

FEW = 12  # files: starting a process takes longer than reading them
AHEAD = 48  # files that are read before they are asked for

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
    """Read files, in their order; many are read ahead by other processes, in which `read` must be importable."""
    if len(paths) <= FEW:
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
    with _start_pool(max(1, (os.cpu_count() or 2) - 1)) as pool:
        try:
            for path in paths:
                ahead.append(pool.submit(read, path))
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
    with _start_pool(1) as pool:
        try:
            return pool.submit(read, path).result()
        except BrokenProcessPool:
            return FailedFile(
                str(path),
                f"{path.name}: cannot be read, its reader crashed. Open it, save it anew, as docx or pdf, and try again.",
                f"{path.name}：读取时程序崩溃。请打开后另存为 docx 或 pdf 再试。",
            )


def _start_pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
