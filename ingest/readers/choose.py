"""Chooses the reader for a file, and lists what an archive or mail holds."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ingest.readers.containers import Member, UnreadMember, check_zip, container_kind, list_members, zip_document_kind
from ingest.readers.docx import read_word
from ingest.readers.kinds import PICTURE_FORMATS, detect_format
from ingest.readers.ofd import read_ofd
from ingest.readers.office import convert_to_docx
from ingest.readers.pdf import read_pdf
from ingest.readers.pictures import read_packed_pictures, read_pictures
from ingest.readers.plain import decode, read_plain
from ingest.readers.rtf import read_rtf
from ingest.readers.savedpage import unpack_saved_page
from ingest.readers.webpage import read_webpage
from rag.errors import ReadError
from rag.records import Document, Page

MAX_BYTES = 50 * 1024 * 1024
LEAST_CONFIDENCE = 0.85  # of a scan; measured: at 93 % one figure of 29 is wrong, at 77 % eight are, and those are marked


def read_document(path: Path) -> Document:
    """Read a letter file.

    Raises:
        ReadError: the file is missing, empty, too large, damaged, locked or of a type that cannot be read.
    """
    return read_bytes(read_content(path), path.name)


def read_documents(path: Path) -> list[Document]:
    """Read all letters of a file: one of an ordinary file, each member's of an archive or mail; members that cannot be read are left out.

    Raises:
        ReadError: as `read_document`, or no member can be read.
    """
    documents: list[Document] = []
    unread: list[ReadError] = []
    for member in list_files_within(path):
        if isinstance(member, UnreadMember):
            unread.append(ReadError(member.reason, member.reason_zh))
            continue
        try:
            documents.append(read_bytes(member.data, member.file))
        except ReadError as error:
            unread.append(error)
    if not documents:
        if len(unread) == 1:
            raise unread[0]
        raise ReadError(
            f"{path.name}: none of its {len(unread)} files can be read. {' '.join(map(str, unread[:3]))}",
            f"{path.name}：其中 {len(unread)} 个文件都无法读取。{''.join(error.chinese for error in unread[:3])}",
        )
    return documents


def list_files_within(path: Path) -> list[Member | UnreadMember]:
    """The file itself, or the members of an archive or a mail, not read yet.

    Raises:
        ReadError: it cannot be opened, or is an archive that is empty, damaged or a bomb.
    """
    data = read_content(path)
    if container_kind(data) is None:
        return [Member(path.name, data)]
    members = list(list_members(data, path.name))
    if not members:
        raise ReadError(
            f"{path.name}: nothing in it that could be a letter. Pack the letters into it again.",
            f"{path.name}：其中没有可能是答复函的文件。请重新打包答复函。",
        )
    return members


def read_content(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        ReadError: it cannot be opened or is too large.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(
                f"{path}: {size / 1024 / 1024:.0f} MB is more than the {MAX_BYTES // 1024 // 1024} MB a letter may have. Split it.",
                f"{path}：{size / 1024 / 1024:.0f} MB，超过每份文件 {MAX_BYTES // 1024 // 1024} MB 的上限。请拆分。",
            )
        return path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"{path}: cannot be opened ({error.strerror}). Check that it exists and may be read.",
            f"{path}：无法打开（{error.strerror}）。请检查文件是否存在、是否允许读取。",
        ) from error


def read_bytes(data: bytes, file: str) -> Document:
    """Read a letter from its bytes; `file` is its name.

    Raises:
        ReadError: as `read_document`.
    """
    if len(data) > MAX_BYTES:
        raise ReadError(
            f"{file}: more than the {MAX_BYTES // 1024 // 1024} MB a letter may have. Split it.",
            f"{file}：超过每份文件 {MAX_BYTES // 1024 // 1024} MB 的上限。请拆分。",
        )
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ReadError(f"{file}: the file is empty. Export or download it again.", f"{file}：文件是空的。请重新导出或下载。")
    kind = detect_format(data, file)
    try:
        pages, fields = _read_kind(kind, data, file)
    except ReadError:
        raise
    except Exception as error:  # a damaged file finds faults in any library; all of them mean the same
        raise ReadError(
            f"{file}: damaged, it cannot be read as {kind} ({type(error).__name__}: {error}). Export it again.",
            f"{file}：已损坏，无法按 {kind} 读取（{type(error).__name__}: {error}）。请重新导出。",
        ) from error
    if not any(page.text.strip() for page in pages):
        raise ReadError(
            f"{file}: no text found in it, by OCR neither where it has pictures. Scan it again, straight and with 200 dpi or more.",
            f"{file}：没有找到文字，图片经文字识别也没有结果。请摆正后用 200 dpi 以上重新扫描。",
        )
    _refuse_unsure(pages, file)
    return Document(file=file, format=kind, pages=pages, content_hash=hashlib.sha256(data).hexdigest(), fields=fields)


def _refuse_unsure(pages: tuple[Page, ...], file: str) -> None:
    """A blurred scan is no letter: half of its figures would be wrong."""
    lines = [line for page in pages if page.scanned for line in page.lines]
    characters = sum(len(line.text) for line in lines)
    if not characters:
        return
    confidence = sum(line.confidence * len(line.text) for line in lines) / characters
    if confidence < LEAST_CONFIDENCE:
        raise ReadError(
            f"{file}: too blurred to be read; its characters were recognised with {confidence:.0%} confidence, {LEAST_CONFIDENCE:.0%} are "
            "needed. Scan it again, straight and with 200 dpi or more.",
            f"{file}：图像太模糊，文字识别的置信度为 {confidence:.0%}，至少需要 {LEAST_CONFIDENCE:.0%}。请摆正后用 200 dpi 以上重新扫描。",
        )


def _read_kind(kind: str, data: bytes, file: str) -> tuple[tuple[Page, ...], dict[str, str]]:
    if kind == "pdf":
        return read_pdf(data, file), {}
    if kind in ("docx", "doc", "wps"):
        if kind != "docx":
            data = convert_to_docx(data, file)
        elif zip_document_kind(data):
            check_zip(data, file)
        pages = read_word(data, file)
        return pages if any(page.text.strip() for page in pages) else read_packed_pictures(data, file), {}
    if kind == "ofd":
        check_zip(data, file)
        return read_ofd(data, file), {}
    if kind == "rtf":
        return read_rtf(data, file), {}
    if kind in PICTURE_FORMATS:
        return read_pictures(data, file), {}
    if kind == "mht":
        return read_webpage(unpack_saved_page(data, file), file)
    if kind == "html":
        return read_webpage(decode(data, file, markup=True), file)
    return read_plain(decode(data, file), markdown=kind == "md"), {}
