"""Files that hold letters: zip archives and mails with attachments. Each member is a letter of its own.

Limits keep bombs out: number of members, size of each and of all together, how far they grow, how deep they are nested.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import cast

from ingest.readers.savedpage import is_saved_page, part_text, read_message
from rag.errors import ReadError

MAX_MEMBERS = 2000
MAX_MEMBER_BYTES = 50 * 1024 * 1024
MAX_TOTAL_BYTES = 400 * 1024 * 1024
MAX_RATIO = 200  # a letter of text shrinks to a tenth, of repeated words to a fiftieth
_SMALL = 1024 * 1024  # below it the ratio says nothing
_NOT_LETTERS = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_UTF8_FLAG, _LOCKED_FLAG = 0x800, 0x1
_LETTER_WORDS = re.compile(r"收悉|现答复如下|答复如下|現答[復覆]如下")
_PLAIN_LETTER = 150  # characters of a mail's own text before it may be a letter


@dataclass(frozen=True, slots=True)
class Member:
    """One file out of a container."""

    file: str  # archive.zip/成员.docx
    data: bytes

    @property
    def content_hash(self) -> str:
        """SHA-256 of its bytes, hex."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class UnreadMember:
    """A member that cannot be had, and why, in both languages."""

    file: str
    reason: str
    reason_zh: str


def container_kind(data: bytes) -> str | None:
    """Zip or eml, or None for an ordinary file."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        names = zip_names(data)
        return None if names is None or _document_kind(names) else "zip"
    return "eml" if is_mail(data) else None


def zip_names(data: bytes) -> list[str] | None:
    """Names of the members; None where the archive is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [_true_name(info) for info in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, UnicodeError):
        return None


def _document_kind(names: list[str]) -> str | None:
    """Which document a zip is: docx, ofd, another of Office, or None for an archive."""
    bare = {name.lower().lstrip("/") for name in names}
    if "word/document.xml" in bare or ("[content_types].xml" in bare and any(name.startswith("word/") for name in bare)):
        return "docx"
    if "ofd.xml" in bare:
        return "ofd"
    if "[content_types].xml" in bare or ("mimetype" in bare and "content.xml" in bare) or "meta-inf/container.xml" in bare:
        return "other"
    return None


def zip_document_kind(data: bytes) -> str | None:
    """Docx, ofd, other; None for an archive or a damaged file."""
    names = zip_names(data)
    return None if names is None else _document_kind(names)


def is_mail(data: bytes) -> bool:
    """Tell whether the bytes begin as a mail does."""
    head = re.match(rb"(?:[A-Za-z0-9-]{2,40}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}", data[:65536].lstrip())
    if not head or is_saved_page(data):
        return False
    names = {line.split(b":")[0].lower() for line in head.group(0).splitlines() if b":" in line}
    return b"from" in names and len(names & {b"to", b"subject", b"date", b"message-id", b"mime-version", b"received"}) >= 2


def check_zip(data: bytes, file: str, *, whole: bool = True) -> None:
    """Look at the sizes before anything is unpacked.

    Args:
        data: the zip.
        file: its name.
        whole: all of it will be unpacked, as of a docx; else members that are too large are left out one by one.

    Raises:
        ReadError: it is damaged or a bomb.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, UnicodeError) as error:
        raise ReadError(
            f"{file}: damaged, it cannot be unpacked ({error}). Download or export it again.",
            f"{file}：已损坏，无法解压（{error}）。请重新下载或导出。",
        ) from error
    if len(members) > MAX_MEMBERS:
        raise ReadError(
            f"{file}: {len(members)} files in it are more than the {MAX_MEMBERS} allowed. Split it.",
            f"{file}：其中有 {len(members)} 个文件，超过 {MAX_MEMBERS} 个的上限。请拆分。",
        )
    total = sum(member.file_size for member in members if whole or _refusal(member, file) is None)
    if total > MAX_TOTAL_BYTES:
        raise ReadError(
            f"{file}: {total / 1024 / 1024:.0f} MB unpacked are more than the {MAX_TOTAL_BYTES // 1024 // 1024} MB allowed. Split it.",
            f"{file}：解压后为 {total / 1024 / 1024:.0f} MB，超过 {MAX_TOTAL_BYTES // 1024 // 1024} MB 的上限。请拆分。",
        )
    if total > _SMALL and total > MAX_RATIO * max(1, len(data)):
        raise ReadError(
            f"{file}: grows to {total // max(1, len(data))} times its size when unpacked, more than the {MAX_RATIO} allowed. Pack it again.",
            f"{file}：解压后膨胀到 {total // max(1, len(data))} 倍，超过 {MAX_RATIO} 倍的上限。请重新打包。",
        )


def list_members(data: bytes, file: str, *, depth: int = 0) -> Iterator[Member | UnreadMember]:
    """The files in a container, those of containers in it too, nested once.

    Args:
        data: the container.
        file: its name.
        depth: how many containers are around it.

    Raises:
        ReadError: it is damaged, a bomb, or nested too deep.
    """
    kind = container_kind(data)
    found = _zip_members(data, file) if kind == "zip" else _mail_members(data, file)
    for member in found:
        if isinstance(member, UnreadMember) or container_kind(member.data) is None:
            yield member
        elif depth >= 1:
            yield UnreadMember(
                member.file,
                f"{member.file}: an archive in an archive in an archive. Unpack it first.",
                f"{member.file}：压缩包嵌套超过两层。请先解压。",
            )
        else:
            try:
                yield from list_members(member.data, member.file, depth=depth + 1)
            except ReadError as error:
                yield UnreadMember(member.file, str(error), error.chinese)


def _zip_members(data: bytes, file: str) -> Iterator[Member | UnreadMember]:
    check_zip(data, file, whole=False)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        left = MAX_TOTAL_BYTES
        for info in archive.infolist():
            name = _true_name(info)
            if info.is_dir() or name.endswith("/") or _NOT_LETTERS.search(_safe_path(name)):
                continue
            path = f"{file}/{_safe_path(name)}"
            try:
                content = _unpack_member(archive, info, path, min(MAX_MEMBER_BYTES, left))
            except ReadError as error:
                yield UnreadMember(path, str(error), error.chinese)
                continue
            left -= len(content)
            yield Member(path, content)


def _unpack_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, limit: int) -> bytes:
    if (refusal := _refusal(info, path)) is not None:
        raise refusal
    try:
        with archive.open(info) as stream:
            content = stream.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        fault = str(error).split(" for file ")[0]  # the library tells the name in the wrong charset
        raise ReadError(
            f"{path}: damaged in the archive ({fault}). Pack it again.", f"{path}：在压缩包中已损坏（{fault}）。请重新打包。"
        ) from error
    if len(content) > limit:
        raise ReadError(f"{path}: larger than it says; not unpacked. Pack it again.", f"{path}：比标注的大，未解压。请重新打包。")
    return content


def _refusal(info: zipfile.ZipInfo, path: str) -> ReadError | None:
    """Why a member is not unpacked, told by its entry alone."""
    if info.flag_bits & _LOCKED_FLAG:
        return ReadError(f"{path}: locked with a password. Pack it without one.", f"{path}：有密码保护。请不设密码重新打包。")
    size, most = info.file_size / 1024 / 1024, MAX_MEMBER_BYTES // 1024 // 1024
    if info.file_size > MAX_MEMBER_BYTES:
        return ReadError(
            f"{path}: {size:.0f} MB is more than the {most} MB a letter may have. Split it.",
            f"{path}：{size:.0f} MB，超过每份文件 {most} MB 的上限。请拆分。",
        )
    growth = info.file_size // max(1, info.compress_size)
    if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        return ReadError(
            f"{path}: grows to {growth} times its size when unpacked, more than the {MAX_RATIO} allowed. Pack it again.",
            f"{path}：解压后膨胀到 {growth} 倍，超过 {MAX_RATIO} 倍的上限。请重新打包。",
        )
    return None


def _true_name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: without the UTF-8 mark Chinese programs write GB18030, or UTF-8 all the same."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename.replace("\\", "/")
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename.replace("\\", "/")
    for encoding in ("ascii", "utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename.replace("\\", "/")


def _safe_path(name: str) -> str:
    """A name for people to read; it is never a place on the disk."""
    parts = [part for part in posixpath.normpath(name.replace("\x00", "")).split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "unnamed"


def _mail_members(data: bytes, file: str) -> Iterator[Member | UnreadMember]:
    message = read_message(data)
    attached = 0
    for part in _leaves(message):
        name = part.get_filename()
        content = _content_of(part)
        if not name and part.get_content_type() == "message/rfc822":
            name = "mail.eml"
        if not name or not content or _NOT_LETTERS.search(name) or _is_decoration(part, content):
            continue
        attached += 1
        path = f"{file}/{_safe_path(name)}"
        if attached > MAX_MEMBERS:
            raise ReadError(f"{file}: more than {MAX_MEMBERS} attachments. Split it.", f"{file}：附件超过 {MAX_MEMBERS} 个。请拆分。")
        yield Member(path, content)
    body = cast("EmailMessage | None", message.get_body(preferencelist=("html", "plain")))
    text = part_text(body, file, markup=True) if body is not None else ""
    if text.strip() and (not attached or (len(text) >= _PLAIN_LETTER and _LETTER_WORDS.search(text))):
        html = body is not None and body.get_content_type() == "text/html"
        yield Member(f"{file}/{'正文.html' if html else '正文.txt'}", text.encode("utf-8"))


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts of a mail, those of an attached mail left whole."""
    if message.is_multipart() and message.get_content_type() != "message/rfc822":
        for part in message.iter_parts():
            yield from _leaves(cast(EmailMessage, part))
    elif message.get_content_disposition() == "attachment" or message.get_filename() or message.get_content_type() == "message/rfc822":
        yield message


def _content_of(part: EmailMessage) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes() if first is not None and hasattr(first, "as_bytes") else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _is_decoration(part: EmailMessage, content: bytes) -> bool:
    """A small picture shown within the mail's text: a logo, a signature."""
    return part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment" and len(content) < 60_000
