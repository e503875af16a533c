"""Web pages saved in one file (mht, mhtml): the page's own HTML is taken out, the reader for pages does the rest."""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from ingest.readers.plain import decode
from rag.errors import ReadError

_HEAD = re.compile(rb"^(?:From:[^\r\n]*\r?\n)?(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+", re.IGNORECASE)
_RELATED = re.compile(rb"content-type:\s*multipart/related|^content-location:|snapshot-content-location:", re.IGNORECASE | re.MULTILINE)


def is_saved_page(data: bytes) -> bool:
    """Tell whether the bytes begin as a saved page does: message headers of a page with its parts."""
    head = _HEAD.match(data[:8192].lstrip())
    return bool(head and b"mime-version" in head.group(0).lower() and _RELATED.search(head.group(0)))


def read_message(data: bytes) -> EmailMessage:
    """The parts of a message or saved page."""
    return BytesParser(policy=policy.default).parsebytes(data)


def unpack_saved_page(data: bytes, file: str) -> str:
    """The HTML of a saved page.

    Raises:
        ReadError: there is none in it.
    """
    message = read_message(data)
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not pages:
        raise ReadError(
            f"{file}: a saved web page without its text. Save the page again, or as HTML.",
            f"{file}：保存的网页中没有正文。请重新保存网页，或存为 HTML。",
        )
    texts = [part_text(part, file, markup=True) for part in pages]
    return max(texts, key=lambda text: len(re.findall(r"[\u4e00-\u9fff]", text)))  # frames: the one that has the letter


def part_text(part: EmailMessage, file: str, *, markup: bool = False) -> str:
    """The text of one part, by its declared encoding where that holds."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        return ""
    charset = (part.get_content_charset() or "").lower()
    charset = {"gb2312": "gb18030", "gbk": "gb18030"}.get(charset, charset)
    if charset:
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(content, file, markup=markup)
