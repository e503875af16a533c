"""Chooses the reader by what is in the file; its name only helps where the content leaves it open."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from ingest.readers.docx import read_word
from ingest.readers.pdf import read_pdf
from ingest.readers.plain import decode, read_plain
from ingest.readers.webpage import read_webpage
from rag.errors import ReadError
from rag.records import Document, Page

MAX_BYTES = 50 * 1024 * 1024
KNOWN_FORMATS = ("txt", "md", "html", "docx", "pdf")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|table|p)\b", re.IGNORECASE)


def read_document(path: Path) -> Document:
    """Read a letter file.

    Raises:
        ReadError: the file is missing, empty, too large, damaged, locked or of a type that cannot be read.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(f"{path}: {size / 1024 / 1024:.0f} MB is more than the {MAX_BYTES // 1024 // 1024} MB a letter may have. Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be opened ({error.strerror}). Check that it exists and may be read.") from error
    return read_bytes(data, path.name)


def read_bytes(data: bytes, file: str) -> Document:
    """Read a letter from its bytes; `file` is its name.

    Raises:
        ReadError: as `read_document`.
    """
    if len(data) > MAX_BYTES:
        raise ReadError(f"{file}: more than the {MAX_BYTES // 1024 // 1024} MB a letter may have. Split it.")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ReadError(f"{file}: the file is empty. Export or download it again.")
    kind = detect_format(data, file)
    fields: dict[str, str] = {}
    pages: tuple[Page, ...]
    if kind == "pdf":
        pages = read_pdf(data, file)
    elif kind == "docx":
        pages = read_word(data, file)
    elif kind == "html":
        pages, fields = read_webpage(decode(data, file, markup=True), file)
    else:
        pages = read_plain(decode(data, file), markdown=kind == "md")
    if not any(page.text.strip() for page in pages):
        raise ReadError(f"{file}: no text found in it. If it is a scan, run OCR over it first.")
    return Document(file=file, format=kind, pages=pages, content_hash=hashlib.sha256(data).hexdigest(), fields=fields)


def detect_format(data: bytes, file: str) -> str:
    """Tell the format (one of KNOWN_FORMATS) from the content.

    Raises:
        ReadError: it is none of them.
    """
    start = data[:4096].lstrip()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        if b"word/" in data or b"wordprocessingml" in data:
            return "docx"
        raise ReadError(f"{file}: a zip archive, but no Word document. Unpack it, or save it as docx or pdf.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError(f"{file}: an old Office file (.doc, .wps). Save it as docx or pdf.")
    suffix = Path(file).suffix.lower()
    if _MARKUP.search(start.replace(b"\x00", b"")) and (suffix in (".html", ".htm", ".shtml", ".xhtml") or _looks_like_page(start)):
        return "html"
    if suffix == ".docx":
        raise ReadError(f"{file}: damaged, not a Word document inside. Open it in Word and save it again.")
    if suffix == ".pdf":
        raise ReadError(f"{file}: damaged, no PDF inside. Download or export it again.")
    if _is_binary(data):
        raise ReadError(f"{file}: unknown type of file. Known are {', '.join(KNOWN_FORMATS)}.")
    return "md" if suffix in (".md", ".markdown") else "txt"


def _looks_like_page(start: bytes) -> bool:
    opening = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ")
    return opening[:1] == b"<"


def _is_binary(data: bytes) -> bool:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    sample = data[:65536]
    zeros = sample.count(0)
    if zeros and zeros * 10 < len(sample):  # UTF-16 text of mainly Latin or digits has far more of them, Chinese text few or none
        return not _is_utf16(sample)
    controls = sum(1 for byte in sample if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
    return controls * 20 > len(sample) and not _is_utf16(sample)


def _is_utf16(sample: bytes) -> bool:
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(encoding, errors="replace")
        common = sum(1 for character in text if "\u4e00" <= character <= "\u9fff" or character in "，。、：；\n\r ”“" or character.isascii())
        if common * 10 > len(text) * 9 and "\x00" not in text:
            return True
    return False
