"""An evidence pack as a Word document or a workbook."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

from rag.errors import SettingError
from rag.evidence_pack import Pack, list_figures, list_making, list_source, words_of
from rag.figures import defuse

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what no Office file may hold


def write_pack(pack: Pack, kind: str) -> bytes:
    """The file's content.

    Args:
        pack: the answer.
        kind: docx or xlsx.

    Raises:
        SettingError: the kind is another one.
    """
    check_kind(kind)
    return WRITERS[kind](pack)


def kind_of(path: Path) -> str:
    """From the end of a file's name."""
    return path.suffix.lower().removeprefix(".")


def check_kind(kind: str) -> None:
    """Pass, or refuse before anything is asked.

    Raises:
        SettingError: no such file is written.
    """
    if kind not in WRITERS:
        raise SettingError(
            f"An evidence pack is a file of the kind {' or '.join(WRITERS)}, not {kind!r}. Name one that ends so.",
            f"依据文件只能是 {'、'.join(WRITERS)}，不能是“{kind}”。请改文件名的后缀。",
        )


def _write_word(pack: Pack) -> bytes:
    from docx import Document
    from docx.oxml.ns import qn

    words = words_of(pack)
    document = Document()
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), "宋体" if name == "Normal" else "黑体")
    document.add_heading(words.title, 0)
    for head, text in ((words.question, pack.question), (words.answer, pack.answer.text)):
        document.add_heading(head, 1)
        document.add_paragraph(_clean(text))
    document.add_heading(words.sources, 1)
    for citation in pack.answer.citations:
        document.add_heading(f"[{citation.marker}]", 2)
        document.add_paragraph(_clean(citation.text), style="Quote")
        for name, value in list_source(citation, pack):
            document.add_paragraph(_clean(f"{name}：{value}"), style="List Bullet")
    document.add_heading(words.made, 1)
    for name, value in list_making(pack):
        document.add_paragraph(_clean(f"{name}：{value}"), style="List Bullet")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _write_workbook(pack: Pack) -> bytes:
    from openpyxl import Workbook

    words = words_of(pack)
    book = Workbook(write_only=True)
    figures = book.create_sheet(words.figures)
    figures.freeze_panes = "A2"
    figures.append(list(words.heads))
    for row in list_figures(pack):
        figures.append([_cell(value) for value in row.values()])
    sources = book.create_sheet(words.sources)
    for citation in pack.answer.citations:
        sources.append([_cell(value) for value in (citation.marker, citation.text)])
        for pair in list_source(citation, pack):
            sources.append([_cell(value) for value in pair])
    made = book.create_sheet(words.made)
    for pair in ((words.question, pack.question), (words.answer, pack.answer.text), *list_making(pack)):
        made.append([_cell(value) for value in pair])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _cell(value: object) -> object:
    return defuse(_clean(value) if isinstance(value, str) else value)


WRITERS: dict[str, Callable[[Pack], bytes]] = {"docx": _write_word, "xlsx": _write_workbook}
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
