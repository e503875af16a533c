"""Paths → files with their content hash, in an order that does not depend on the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HIDDEN = (".", "~$")  # files of editors and systems, not letters


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that may be a letter."""

    path: Path
    content_hash: str  # SHA-256 of its bytes, hex


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be taken in, and why."""

    file: str
    reason: str


def list_files(paths: Iterable[Path]) -> Iterator[Path]:
    """All files under the paths, each once; hidden ones left out."""
    seen: set[Path] = set()
    for path in paths:
        found = (
            [path] if not path.is_dir() else sorted(entry for entry in path.rglob("*") if entry.is_file() and not _is_hidden(entry, path))
        )
        for entry in found:
            real = entry.resolve()
            if real not in seen:
                seen.add(real)
                yield entry


def hash_file(path: Path) -> SourceFile | FailedFile:
    """Read a file's hash; a file that cannot be read is told with the reason."""
    try:
        with path.open("rb") as stream:
            return SourceFile(path, hashlib.file_digest(stream, "sha256").hexdigest())
    except OSError as error:
        return FailedFile(str(path), _tell_reason(error))


def _tell_reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    return error.strerror or str(error)


def _is_hidden(entry: Path, root: Path) -> bool:
    return any(part.startswith(HIDDEN) for part in entry.relative_to(root).parts)
