"""Paths → files with their content hash, in an order that does not depend on the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ReadError, ReplyDeskError

HIDDEN = (".", "~$")  # files of editors and systems, not letters


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that may be a letter."""

    path: Path
    content_hash: str  # SHA-256 of its bytes, hex


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be taken in, and why, in both languages."""

    file: str
    reason: str
    reason_zh: str

    @classmethod
    def of(cls, file: Path | str, error: ReplyDeskError) -> FailedFile:
        """The file that an error stopped."""
        return cls(str(file), str(error), error.chinese)


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
        return FailedFile.of(path, _tell_reason(path, error))


def _tell_reason(path: Path, error: OSError) -> ReadError:
    if isinstance(error, FileNotFoundError):
        return ReadError(f"{path}: no such file or folder. Check the name.", f"{path}：没有这个文件或文件夹。请检查名称。")
    return ReadError(
        f"{path}: cannot be opened ({error.strerror or error}). Check that it exists and may be read.",
        f"{path}：无法打开（{error.strerror or error}）。请检查文件是否存在、是否允许读取。",
    )


def _is_hidden(entry: Path, root: Path) -> bool:
    return any(part.startswith(HIDDEN) for part in entry.relative_to(root).parts)
