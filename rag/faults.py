"""What stopped the store from being read or written, told with its cure: the same few faults reach us from SQLite, Chroma and the disk."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from rag.errors import StoreError, StoreUnwritableError


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the store, by its name in both languages."""

    english: str
    chinese: str


REGISTRY = Part("registry", "登记库")
INDEX = Part("vector index", "向量索引")
COPIES = Part("folder of originals", "原件文件夹")
FOLDER = Part("store folder", "文件库文件夹")

_FULL = (
    "Free space on that disk and run the same command again: it goes on where it stopped.",
    "请在该磁盘上腾出空间，再运行同一条命令，会从中断处继续。",
)
_READ_ONLY = (
    "Let the user who runs this program write there, or set REPLYDESK_STORE to a folder that can be written.",
    "请授予运行本程序的用户写入权限，或将 REPLYDESK_STORE 设为可写的文件夹。",
)
_DAMAGED = (
    "Restore a backup of the store, or ingest the letters into a new folder.",
    "请恢复文件库的备份，或把答复函导入新的文件夹。",
)
_LOCKED = ("Another program holds it: close that one and try again.", "有其他程序占用，请关闭后再试。")
_UNKNOWN = ("Check the disk and try again.", "请检查磁盘后再试。")
_REBUILD = ("`python -m ingest --rebuild` makes it anew.", "运行 `python -m ingest --rebuild` 可以重建。")
_CURES = (
    (re.compile(r"full|no space|quota|file too large|disk i/o", re.IGNORECASE), _FULL),
    (re.compile(r"read-?only|permi|unable to open|cantopen", re.IGNORECASE), _READ_ONLY),
    (re.compile(r"malformed|not a database|corrupt", re.IGNORECASE), _DAMAGED),
    (re.compile(r"locked|busy", re.IGNORECASE), _LOCKED),
)


def is_read_only(folder: Path) -> bool:
    """Whether a folder is there and nothing can be written into it: by its permissions, or because its disk is mounted so."""
    return folder.is_dir() and not os.access(folder, os.W_OK)


def write_fault(part: Part, path: Path, reason: object) -> StoreUnwritableError:
    """What is raised when a part of the store cannot be written."""
    cure, cure_zh = _find_cure(part, reason)
    return StoreUnwritableError(
        f"The {part.english} {path} cannot be written: {reason}. Nothing of this step was kept. {cure}",
        f"{part.chinese} {path} 无法写入：{reason}。这一步没有留下任何内容。{cure_zh}",
    )


def read_fault(part: Part, path: Path, reason: object) -> StoreError:
    """What is raised when a part of the store cannot be read."""
    cure, cure_zh = _find_cure(part, reason)
    return StoreError(f"The {part.english} {path} cannot be read: {reason}. {cure}", f"{part.chinese} {path} 无法读取：{reason}。{cure_zh}")


def _find_cure(part: Part, reason: object) -> tuple[str, str]:
    found = next((cure for pattern, cure in _CURES if pattern.search(str(reason))), None)
    if part is INDEX and found in (None, _DAMAGED):  # made of what the registry holds
        return _REBUILD
    return found or _UNKNOWN
