"""Archives and mails → the letter files in them. Members lie in a scratch folder while they are read; their name tells where they are from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from ingest.readers.choose import read_content
from ingest.readers.containers import UnreadMember, container_kind, is_mail, list_members
from ingest.scan import FailedFile, SourceFile, hash_file
from rag.errors import ReadError
from rag.store import SCRATCH

_LONGEST_NAME = 80  # characters of one part of a name; disks allow 255 bytes
_ZIPPED = (b"PK\x03\x04", b"PK\x05\x06")


def list_sources(path: Path, scratch: Path, known: Collection[str]) -> Iterator[SourceFile | FailedFile]:
    """The letter files of a path: itself, or the members of an archive or mail.

    Args:
        path: a file.
        scratch: where members are put, a folder whose name begins with SCRATCH.
        known: content hashes that need not be read again; such members are told but not unpacked.
    """
    source = hash_file(path)
    if isinstance(source, FailedFile) or source.content_hash in known or not _may_hold_others(path):
        yield source
        return
    try:
        data = read_content(path)
        if container_kind(data) is None:
            yield source
            return
        folder = scratch / source.content_hash[:16]
        count = 0
        for count, member in enumerate(list_members(data, path.name), start=1):
            if isinstance(member, UnreadMember):
                yield FailedFile(member.file, member.reason, member.reason_zh)
                continue
            place = folder.joinpath(str(count), *map(_disk_name, member.file.split("/")))
            if member.content_hash not in known:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(member.data)
            yield SourceFile(place, member.content_hash)
        if not count:
            raise ReadError(
                f"{path.name}: nothing in it that could be a letter. Pack the letters into it again.",
                f"{path.name}：其中没有可能是答复函的文件。请重新打包答复函。",
            )
    except ReadError as error:
        yield FailedFile.of(path, error)
    except OSError as error:
        yield FailedFile(
            str(path),
            f"{path.name}: cannot be unpacked into {scratch} ({error.strerror}). Free some space there and try again.",
            f"{path.name}：无法解压到 {scratch}（{error.strerror}）。请腾出空间后再试。",
        )


def shown_name(path: Path) -> str | None:
    """archive.zip/成员.docx for a member in the scratch folder; None for an ordinary file."""
    parts = path.parts
    place = next((i for i, part in enumerate(parts) if part.startswith(SCRATCH)), None)
    return "/".join(parts[place + 3 :]) if place is not None and len(parts) > place + 3 else None


def _may_hold_others(path: Path) -> bool:
    """Look at the first bytes: most files are settled by them."""
    try:
        with path.open("rb") as stream:
            head = stream.read(65536)
    except OSError:
        return False
    return head.startswith(_ZIPPED) or is_mail(head)


def _disk_name(part: str) -> str:
    """A part of a name that every disk takes."""
    clean = re.sub(r'[<>:"|?*\\\x00-\x1f]', "_", part).strip(" .") or "unnamed"
    if len(clean) <= _LONGEST_NAME:
        return clean
    suffix = Path(clean).suffix[:12]
    return clean[: _LONGEST_NAME - len(suffix)] + suffix
