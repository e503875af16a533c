"""Plain text and Markdown: which encoding the bytes are in is decided by what they read as."""

from __future__ import annotations

import re

from rag.errors import ReadError
from rag.records import Page

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5-hkscs": "big5hkscs"}
# The commonest characters of official letters, in both scripts: a wrong decoding yields rare ones instead.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们到作地于出年分对成会可主发工市区县省委局办提案建议答复函关全新增设业务管理"
    "家政府科技教育服务建设计划完成目标情况您收悉支持感谢联系电话"
    "這為個國時來們對會發區縣辦議復關設業務管現將結產學電話聯繫謝，。、；：“”《》「」〔〕（）0123456789月日\n"
)


def decode(data: bytes, file: str, *, markup: bool = False) -> str:
    """Decode text of unknown encoding.

    Raises:
        ReadError: no known encoding fits.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    candidates = ["gb18030", "big5", "big5hkscs", "utf-16-le", "utf-16-be"]
    if markup and (declared := _DECLARED.search(data[:4096])):
        name = declared.group(1).decode("ascii").lower()
        candidates.insert(0, _ALIASES.get(name, name))
    readings = [(score, text) for encoding in candidates if (score := _score(text := _try_decode(data, encoding))) > 0]
    if not readings:
        readings = [(0.1, text) for text in [_guess(data)] if text]
    if not readings:
        lossy = data.decode("utf-8", errors="replace")
        if lossy.count("\ufffd") * 50 < len(lossy):  # a few broken bytes in an otherwise sound text
            return lossy
        raise ReadError(f"{file}: the text's encoding cannot be told. Save it as UTF-8.", f"{file}：无法判断文字编码。请另存为 UTF-8。")
    return max(readings, key=lambda reading: reading[0])[1]


def _try_decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return ""


def _score(text: str) -> float:
    """The share of common characters among all that are not Latin; 0 for no text."""
    sample = [character for character in text[:20000] if not ("\x20" <= character < "\x7f" and not character.isdigit())]
    if not sample or "\x00" in text:
        return 0.0
    return sum(1 for character in sample if character in _COMMON) / len(sample)


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return str(best) if best else ""


def read_plain(text: str, *, markdown: bool = False) -> tuple[Page, ...]:
    """Make pages of plain text; form feeds part them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if markdown:
        text = "\n".join(_strip_marks(line) for line in text.split("\n"))
    parts = [part for part in text.split("\f") if part.strip()]
    if len(parts) == 1:
        return (Page(parts[0]),)
    return tuple(Page(part, number) for number, part in enumerate(parts, start=1))


def _strip_marks(line: str) -> str:
    line = re.sub(r"^\s{0,3}#{1,6}\s+", "", line)
    line = re.sub(r"^\s{0,3}>\s?", "", line)
    line = re.sub(r"^(\s*)[-*+]\s+(?=\S)", r"\1", line)
    line = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", line)
    line = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"</?[a-zA-Z][^>]*>", "", line)
    return "" if re.fullmatch(r"\s*([-*_])(?:\s*\1){2,}\s*", line) else line.replace("`", "")
