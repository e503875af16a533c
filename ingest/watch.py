"""Folders that are watched: files that are new or changed go in by themselves, once they are fully written.

The folders are looked through again and again. Notices of the file system would come sooner, but not at all from most network shares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.scan import list_files
from rag.errors import ReplyDeskError

UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart")  # names of files that are still being fetched


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when a file is written to."""

    size: int  # bytes
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Look:
    """What one look through the folders finds."""

    ready: tuple[Path, ...] = ()  # new or changed, and as they were at the look before
    growing: int = 0  # files that may still be written to
    lost: tuple[Path, ...] = ()  # folders that were there at the look before, or never were
    back: tuple[Path, ...] = ()


class Watcher:
    """Remembers what the folders held, and what has been taken in."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._seen: dict[Path, Stamp] = {}
        self._taken: dict[Path, Stamp] = {}
        self._absent: frozenset[Path] = frozenset()

    def look(self) -> Look:
        """Look through the folders once. A folder that is gone, or cannot be read, is told and otherwise passed over."""
        absent: set[Path] = set()
        now: dict[Path, Stamp] = {}
        for folder in self._folders:
            found = _stamp_files(folder)
            if found is None:
                absent.add(folder)
            else:
                now.update(found)
        waiting = {path: stamp for path, stamp in now.items() if self._taken.get(path) != stamp}
        ready = tuple(path for path, stamp in waiting.items() if self._seen.get(path) == stamp)
        lost, back = frozenset(absent) - self._absent, self._absent - absent
        self._seen, self._absent = now, frozenset(absent)
        return Look(ready, len(waiting) - len(ready), tuple(sorted(lost)), tuple(sorted(back)))

    def remember(self, paths: Sequence[Path]) -> None:
        """These have been taken in, or refused, as they were at the last look: they come again when they change."""
        self._taken.update((path, self._seen[path]) for path in paths if path in self._seen)


def _stamp_files(folder: Path) -> dict[Path, Stamp] | None:
    """Files of a folder with their stamps; None where the folder is not there."""
    found: dict[Path, Stamp] = {}
    try:
        if not folder.is_dir():
            return None
        for path in list_files([folder]):
            if path.name.lower().endswith(UNFINISHED):
                continue
            try:
                status = path.stat()
            except FileNotFoundError:  # moved away since it was listed
                continue
            found[path] = Stamp(status.st_size, status.st_mtime_ns)
    except OSError:  # an unmounted share
        return None
    return found


def watch(folders: Sequence[Path], take: Callable[[Sequence[Path]], None], tell: Callable[[str], None], wait: Callable[[], None]) -> None:
    """Watch for ever; ends with what `wait` raises.

    Args:
        folders: of letters; one that is missing is waited for.
        take: takes files in; what it raises is told, and the files are tried again at the next look.
        tell: shows one line to a person.
        wait: lets some time pass between two looks.
    """
    watcher = Watcher(folders)
    last_fault = ""
    while True:
        look = watcher.look()
        for folder in look.lost:
            tell(f"{folder}: no such folder just now; waiting for it. Letters that came from it stay in the store.")
        for folder in look.back:
            tell(f"{folder}: is there again.")
        if look.ready:
            try:
                if still := [path for path in look.ready if path.exists()]:  # the others were moved away meanwhile
                    take(still)
                watcher.remember(look.ready)
                last_fault = ""
            except ReplyDeskError as error:
                if str(error) != last_fault:
                    tell(f"{error} Trying again.")
                last_fault = str(error)
        wait()
