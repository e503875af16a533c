"""RTF documents: text, tables, text boxes and hidden parts told apart, each run decoded in the charset of its font."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from rag.errors import ReadError
from rag.records import Page

# Groups whose text is not the letter's.
_SKIPPED = frozenset(
    {
        "aftnsep", "aftnsepc", "annotation", "atnauthor", "atndate", "atnid", "atnparent", "atnref", "atntime", "atrfend",
        "atrfstart", "bkmkend", "bkmkstart", "blipuid", "category", "colorschememapping", "colortbl", "datastore", "doccomm",
        "docvar", "falt", "filetbl", "fldinst", "fonttbl", "footer", "footerf", "footerl", "footerr", "footnote", "ftnsep",
        "ftnsepc", "generator", "header", "headerf", "headerl", "headerr", "info", "latentstyles", "listoverridetable", "listtable",
        "mmathPr", "nonshppict", "object", "operator", "panose", "passwordhash", "pgdsctbl", "pict", "protusertbl", "revtbl",
        "rsidtbl", "sn", "sp", "stylesheet", "sv", "template", "themedata", "userprops", "wgrffmtfilter", "xmlclose", "xmlnstbl",
        "xmlopen",
    }
)  # fmt: skip
_CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5hkscs",
    161: "cp1253",
    204: "cp1251",
    238: "cp1250",
}
_SIGNS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "~": "\u00a0", "_": "-",
    "emspace": "\u3000", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
_DEEPEST = 200


@dataclass(slots=True)
class _State:
    """What holds within one group."""

    codec: str
    skipped: bool = False
    hidden: bool = False  # \v, or struck out by a tracked change
    unicode_skip: int = 1
    starred: bool = False
    first: bool = True  # nothing of the group was seen yet
    box: bool = False  # the text of a text box


@dataclass(slots=True)
class _Writer:
    """Collects lines; cells of one row are parted by tabs."""

    lines: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    text: str = ""
    in_row: bool = False
    pages: list[str] = field(default_factory=list)

    def end_paragraph(self) -> None:
        if self.in_row:
            return  # within a cell
        self.lines.append(self.text.strip(" \t") if self.text.count("\t") < 2 else self.text)
        self.text = ""

    def end_cell(self) -> None:
        self.cells.append(self.text.replace("\t", " ").strip())
        self.text = ""

    def end_row(self) -> None:
        if self.cells:
            self.lines.append("\t".join(self.cells))
        self.cells, self.text, self.in_row = [], "", False

    def finish(self) -> str:
        if self.cells:
            self.end_row()
        if self.text.strip():
            self.end_paragraph()
        return "\n".join(self.lines)


def read_rtf(data: bytes, file: str) -> tuple[Page, ...]:
    """Read an RTF document.

    Raises:
        ReadError: it is damaged beyond reading.
    """
    text = _Reader(data).read()
    if not text.strip():
        raise ReadError(
            f"{file}: an RTF document without text. Open it in Word and save it again.",
            f"{file}：RTF 文件中没有文字。请用 Word 打开后另存。",
        )
    return (Page(text),)


class _Reader:
    """Walks over the tokens with a stack of groups."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        fonts, default = _font_codecs(data)
        self._fonts, self._default = fonts, default
        self._stack: list[_State] = []
        self._state = _State(default)
        self._pending = b""  # bytes of one charset, not decoded yet: a character may lie over several tokens
        self._to_skip = 0
        self._surrogate = 0
        self._writer = _Writer()
        self._boxes: list[_Writer] = []  # writers outside of the text box that is being read

    def read(self) -> str:
        for match in _TOKEN.finditer(self._data):
            word, number, code, sign, brace, plain = match.groups()
            if brace:
                self._flush()
                self._open() if brace == b"{" else self._close()
            elif code:
                self._take_bytes(bytes([int(code, 16)]))
            elif plain:
                self._take_bytes(plain)
            elif word:
                self._control(word.decode("ascii"), int(number) if number else None)
            elif sign:
                self._sign(sign)
        self._flush()
        while self._boxes:
            self._leave_box()
        return self._writer.finish()

    def _open(self) -> None:
        if len(self._stack) < _DEEPEST:
            self._stack.append(self._state)
            self._state = replace(self._state, first=True, starred=False, box=False)

    def _close(self) -> None:
        if self._state.box:
            self._leave_box()
        if self._stack:
            self._state = self._stack.pop()

    def _leave_box(self) -> None:
        inside, self._writer = self._writer, self._boxes.pop()
        text = inside.finish()
        if text.strip():
            self._writer.lines.extend(text.split("\n"))

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._state.starred = True
        elif sign in (b"\\", b"{", b"}"):
            self._take_bytes(sign)
        elif sign in (b"\r", b"\n"):
            self._control("par", None)
        elif sign in (b"~", b"_"):
            self._put(_SIGNS[sign.decode("ascii")])

    def _control(self, word: str, number: int | None) -> None:
        state = self._state
        first, state.first = state.first, False
        if word == "u" and number is not None:
            self._put_unicode(number)
            return
        if word == "bin":
            return
        self._flush()
        if first and (word in _SKIPPED or (state.starred and word not in ("shptxt", "shpinst", "ud", "upr"))):
            state.skipped = True
        elif word == "shptxt" and first:
            self._boxes.append(self._writer)
            self._writer = _Writer()
            state.box = True
        elif word == "upr" and first:
            pass
        elif word == "f" and number is not None:
            state.codec = self._fonts.get(number, self._default)
        elif word == "uc" and number is not None:
            state.unicode_skip = max(0, number)
        elif word in ("v", "deleted"):
            state.hidden = number != 0
        elif word == "plain":
            state.codec, state.hidden = self._default, False
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        elif not state.skipped and not state.hidden:
            self._layout(word)

    def _layout(self, word: str) -> None:
        writer = self._writer
        if word in ("par", "sect"):
            writer.end_paragraph()
        elif word == "line":
            writer.text += "" if writer.in_row else "\n"
        elif word == "tab":
            writer.text += "\t"
        elif word == "intbl":
            writer.in_row = True
        elif word == "pard":
            if not writer.cells:
                writer.in_row = False
        elif word in ("cell", "nestcell"):
            writer.end_cell()
        elif word in ("row", "nestrow"):
            writer.end_row()

    def _put(self, text: str) -> None:
        self._flush()
        if self._to_skip:
            self._to_skip -= 1
        elif not self._state.skipped and not self._state.hidden:
            self._writer.text += text

    def _put_unicode(self, number: int) -> None:
        self._flush()
        code = number & 0xFFFF if number < 0 else number
        if not self._state.skipped and not self._state.hidden:
            if 0xD800 <= code < 0xDC00:
                self._surrogate = code
            elif 0xDC00 <= code < 0xE000:
                if self._surrogate:
                    self._writer.text += chr(0x10000 + ((self._surrogate - 0xD800) << 10) + (code - 0xDC00))
                self._surrogate = 0
            elif 0 < code < 0x110000:
                self._writer.text += chr(code)
        self._to_skip = self._state.unicode_skip

    def _take_bytes(self, more: bytes) -> None:
        """Bytes of text; those that stand in for a Unicode character before them are passed over."""
        self._state.first = False
        if self._to_skip:
            passed = min(self._to_skip, len(more))
            self._to_skip -= passed
            more = more[passed:]
        if more and not self._state.skipped and not self._state.hidden:
            self._pending += more

    def _flush(self) -> None:
        if self._pending:
            text = self._pending.decode(self._state.codec, errors="replace")
            self._writer.text += text.replace("\x00", "")
            self._pending = b""


def _font_codecs(data: bytes) -> tuple[dict[int, str], str]:
    """Which charset each font of the table has, and the document's own."""
    page = re.search(rb"\\ansicpg(\d{3,5})", data[:4096])
    default = _codec_of(f"cp{int(page.group(1))}") if page else "cp1252"
    default = {"cp936": "gb18030", "cp950": "big5hkscs", "gbk": "gb18030"}.get(default, default)
    fonts: dict[int, str] = {}
    start = data.find(b"\\fonttbl")
    if start >= 0:
        table = data[start : start + 200_000]
        for match in re.finditer(rb"\\f(\d{1,5})[^;{}]*?\\fcharset(\d{1,3})", table):
            number, charset = int(match.group(1)), int(match.group(2))
            if charset and charset in _CHARSETS:
                fonts.setdefault(number, _CHARSETS[charset])
    return fonts, default


def _codec_of(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "gb18030"
