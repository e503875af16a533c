"""Tells the format of a file by what is in it; its name only helps where the content leaves it open."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.readers.containers import is_mail, zip_document_kind
from ingest.readers.office import MAGIC
from ingest.readers.savedpage import is_saved_page
from rag.errors import ReadError

KNOWN_FORMATS = ("txt", "md", "html", "mht", "docx", "doc", "wps", "rtf", "pdf", "ofd", "png", "jpg", "tiff", "bmp", "webp", "zip", "eml")
PICTURE_FORMATS = ("png", "jpg", "tiff", "bmp", "webp")
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"RIFF", "webp"),
)
_PACKED = ((b"Rar!", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gz"), (b"BZh", "bz2"))
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|table|p)\b", re.IGNORECASE)


def detect_format(data: bytes, file: str) -> str:
    """Tell the format (one of KNOWN_FORMATS) from the content.

    Raises:
        ReadError: it is none of them.
    """
    start = data[:4096].lstrip()
    suffix = Path(file).suffix.lower()
    if (kind := _detect_marked(data, file, suffix)) is not None:
        return kind
    if _MARKUP.search(start.replace(b"\x00", b"")) and (suffix in (".html", ".htm", ".shtml", ".xhtml") or _looks_like_page(start)):
        return "html"
    if suffix == ".docx":
        raise ReadError(
            f"{file}: damaged, not a Word document inside. Open it in Word and save it again.",
            f"{file}：已损坏，其中不是 Word 文档。请用 Word 打开后另存。",
        )
    if suffix == ".pdf":
        raise ReadError(
            f"{file}: damaged, no PDF inside. Download or export it again.", f"{file}：已损坏，其中不是 PDF。请重新下载或导出。"
        )
    if _is_binary(data):
        raise ReadError(
            f"{file}: unknown type of file. Known are {', '.join(KNOWN_FORMATS)}.",
            f"{file}：不认识的文件类型。可读取 {'、'.join(KNOWN_FORMATS)}。",
        )
    return "md" if suffix in (".md", ".markdown") else "txt"


def _detect_marked(data: bytes, file: str, suffix: str) -> str | None:
    """The format of a file that begins with the mark of its kind."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _detect_zipped(data, file)
    if data.startswith(MAGIC):
        return "wps" if suffix == ".wps" else "doc"
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    for magic, kind in _PICTURES:
        if data.startswith(magic) and (kind not in ("bmp", "webp") or suffix == f".{kind}"):
            return kind
    for magic, packer in _PACKED:
        if data.startswith(magic):
            raise ReadError(
                f"{file}: a {packer} archive. Unpack it, or pack the letters as zip.",
                f"{file}：这是 {packer} 压缩包。请先解压，或改用 zip 打包。",
            )
    if is_saved_page(data):
        return "mht"
    if is_mail(data):
        raise ReadError(
            f"{file}: a mail without a letter in it. Save its attachments as files.", f"{file}：邮件中没有答复函。请将附件另存为文件。"
        )
    return None


def _detect_zipped(data: bytes, file: str) -> str:
    kind = zip_document_kind(data)
    if kind in ("docx", "ofd"):
        return kind
    if kind is None and (b"word/" in data or b"wordprocessingml" in data):
        return "docx"  # damaged; its reader tells
    if kind == "other":
        raise ReadError(
            f"{file}: an Office file, but no Word document. Save the letter as docx or pdf.",
            f"{file}：是 Office 文件，但不是 Word 文档。请将答复函另存为 docx 或 pdf。",
        )
    raise ReadError(
        f"{file}: a zip archive, but no Word document. Unpack it, or save it as docx or pdf.",
        f"{file}：是 zip 压缩包，不是 Word 文档。请先解压，或存为 docx 或 pdf。",
    )


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
        common = sum(
            1 for character in text if "\u4e00" <= character <= "\u9fff" or character in "，。、：；\n\r ”“" or character.isascii()
        )
        if common * 10 > len(text) * 9 and "\x00" not in text:
            return True
    return False
