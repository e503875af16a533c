"""Word documents (docx): paragraphs, lists and tables in document order; headers and footers stay out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from ingest.readers.revisions import accept_changes
from rag.errors import ReadError
from rag.records import Page

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = "零一二三四五六七八九十"


def read_word(data: bytes, file: str) -> tuple[Page, ...]:
    """Read a docx.

    Raises:
        ReadError: it is damaged or no Word document.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise ReadError(
            f"{file}: a damaged Word document ({error}). Open it in Word and save it again.",
            f"{file}：Word 文档已损坏（{error}）。请用 Word 打开后另存。",
        ) from error
    accept_changes(document.element.body)
    numbering = _Numbering(document)
    lines: list[str] = []
    for element in _blocks(document.element.body):
        if element.tag == _W + "p":
            lines.extend(_paragraph_lines(element, numbering))
        else:
            lines.append("")
            lines.extend(_table_lines(element, numbering))
            lines.append("")
    return (Page("\n".join(lines)),)


def _blocks(parent: Any) -> Iterator[Any]:  # noqa: ANN401 - lxml elements of a library without types
    for element in parent:
        if element.tag in (_W + "p", _W + "tbl"):
            yield element
        elif element.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "smartTag", _W + "customXml"):
            yield from _blocks(element)


def _run_text(paragraph: Any) -> str:  # noqa: ANN401
    pieces: list[str] = []
    for node in paragraph.iter(_W + "t", _W + "tab", _W + "br", _W + "cr", _W + "noBreakHyphen", _W + "sym"):
        if any(up.tag in (_W + "del", _W + "tabs") for up in node.iterancestors()):
            continue
        if node.tag == _W + "t":
            pieces.append(node.text or "")
        elif node.tag == _W + "tab":
            pieces.append("\t")
        elif node.tag in (_W + "br", _W + "cr"):
            pieces.append("\n" if node.get(_W + "type") in (None, "textWrapping") else "")
        elif node.tag == _W + "noBreakHyphen":
            pieces.append("-")
    return "".join(pieces)


def _paragraph_lines(paragraph: Any, numbering: _Numbering) -> list[str]:  # noqa: ANN401
    text = _run_text(paragraph)
    if not text.strip():
        return [""]
    if text.count("\t") < 2:  # a tab in prose is an indent or a gap, not the border of a cell
        text = text.strip("\t").replace("\t", "    ")
    label = numbering.label(paragraph)
    indent = "　　" if paragraph.find(f"{_W}pPr/{_W}ind") is not None else ""
    return [indent + label + text.strip(" ")] if "\n" not in text else [label + text.split("\n")[0], *text.split("\n")[1:]]


def _cell_text(cell: Any, numbering: _Numbering) -> str:  # noqa: ANN401
    parts = [numbering.label(p) + _run_text(p) for p in cell.iter(_W + "p")]
    return "".join(part.replace("\t", " ").replace("\n", "") for part in parts).strip()


def _table_lines(table: Any, numbering: _Numbering) -> list[str]:  # noqa: ANN401
    lines: list[str] = []
    above: dict[int, str] = {}
    for row in table.iter(_W + "tr"):
        if next(up for up in row.iterancestors() if up.tag == _W + "tbl") is not table:
            continue
        cells: list[str] = []
        for cell in row.iterchildren(_W + "tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            text = _cell_text(cell, numbering)
            column = len(cells)
            if merge is not None and merge.get(_W + "val") != "restart":
                text = above.get(column, text)
            width = int(span.get(_W + "val")) if span is not None else 1
            for offset in range(width):
                above[column + offset] = text
            cells.extend([text] * width)
        lines.append("\t".join(cells))
    return lines


class _Numbering:
    """Automatic numbers of list paragraphs, counted as Word does."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401
        self._levels: dict[tuple[str, str], tuple[str, str, int]] = {}
        self._counts: dict[str, dict[str, int]] = {}
        self._styles: dict[str, Any] = {style.get(_W + "styleId"): style for style in document.styles.element.iter(_W + "style")}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {a.get(_W + "abstractNumId"): a for a in root.iter(_W + "abstractNum")}
        for number in root.iter(_W + "num"):
            reference = number.find(_W + "abstractNumId")
            source = abstract.get(reference.get(_W + "val")) if reference is not None else None
            for level in source.iter(_W + "lvl") if source is not None else ():
                kind, text, start = (level.find(_W + name) for name in ("numFmt", "lvlText", "start"))
                if kind is None or text is None:
                    continue
                first = int(start.get(_W + "val")) if start is not None else 1
                self._levels[number.get(_W + "numId"), level.get(_W + "ilvl")] = (kind.get(_W + "val"), text.get(_W + "val") or "", first)

    def label(self, paragraph: Any) -> str:  # noqa: ANN401
        """The number that Word would print before `paragraph`, or nothing."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            known = self._styles.get(style.get(_W + "val")) if style is not None else None
            properties = known.find(f"{_W}pPr/{_W}numPr") if known is not None else None
        if properties is None:
            return ""
        number, level = properties.find(_W + "numId"), properties.find(_W + "ilvl")
        key = number.get(_W + "val") if number is not None else "0"
        depth = level.get(_W + "val") if level is not None else "0"
        if (key, depth) not in self._levels:
            return ""
        counts = self._counts.setdefault(key, {})
        counts[depth] = counts.get(depth, self._levels[key, depth][2] - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        kind, text, _ = self._levels[key, depth]
        if kind in ("bullet", "none"):
            return ""
        for place in range(int(depth) + 1):
            _, _, first = self._levels.get((key, str(place)), ("", "", 1))
            text = text.replace(
                f"%{place + 1}", _write_number(counts.get(str(place), first), self._levels.get((key, str(place)), ("",))[0])
            )
        return text


def _write_number(value: int, kind: str) -> str:
    if kind.startswith(("chinese", "ideograph", "japanese", "taiwanese")) and 0 < value < 100:
        tens, ones = divmod(value, 10)
        return ("" if tens == 0 else ("十" if tens == 1 else _CHINESE[tens] + "十")) + (_CHINESE[ones] if ones else "")
    if kind in ("lowerLetter", "upperLetter") and 0 < value < 27:
        return chr(ord("a" if kind == "lowerLetter" else "A") + value - 1)
    if kind == "decimalEnclosedCircle" and 0 < value < 21:
        return chr(0x2460 + value - 1)
    return str(value)
