"""Makes the sample letters that are not plain UTF-8 text from their sources: `python data/make_samples.py`.

Each file of `data/sources/` begins with a few `name: value` lines and `---`. What follows is the letter. For the encodings
(gb18030, utf-16, big5) it is copied as it stands. For docx, pdf and html a line's first sign tells what it is:

    ! running head with the body's name    @ document number    # title    * heading    > right-aligned (signature, date)
    == caption of a table    | cell | cell |    - bulleted item    + numbered item    anything else: a paragraph

The same source always gives the same bytes.
"""

from __future__ import annotations

import argparse
import html
import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent
MARKS = {"!": "head", "@": "number", "#": "title", "*": "heading", ">": "right", "==": "caption", "-": "bullet", "+": "item"}
ENCODINGS = {"gb18030": "gb18030", "utf-16": "utf-16", "big5": "big5"}


@dataclass(frozen=True, slots=True)
class Source:
    """One source file: its first lines and the letter below them."""

    stem: str
    fields: dict[str, str]
    text: str

    @property
    def made_name(self) -> str:
        """The name of the file that is made from it."""
        made = self.fields["format"]
        return f"{self.stem}.{'txt' if made in ENCODINGS else made}"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table with its rows."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def read_source(path: Path) -> Source:
    """Read one source file."""
    head, _, text = path.read_text(encoding="utf-8").partition("---\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Source(path.stem, fields, text)


def read_blocks(text: str) -> Iterator[Block]:
    """Cut a letter with marks into its paragraphs and tables."""
    rows: list[tuple[str, ...]] = []
    for line in text.splitlines():
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            continue
        if rows:
            yield Block("table", rows=tuple(rows))
            rows = []
        mark, _, rest = line.partition(" ")
        if mark in MARKS:
            yield Block(MARKS[mark], rest)
        elif line:
            yield Block("text", line)


def make_text(source: Source) -> bytes:
    """The letter in another encoding, with Windows line ends."""
    text = source.text.replace("\n", "\r\n")
    return text.encode(ENCODINGS[source.fields["format"]])


def make_docx(source: Source) -> bytes:
    """The letter as a Word file with real tables and lists."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    document: Any = docx.Document()
    styles = {"head": "Title", "title": "Heading 1", "heading": "Heading 2", "bullet": "List Bullet", "item": "List Number"}
    sides = {"head": ALIGN.CENTER, "number": ALIGN.CENTER, "title": ALIGN.CENTER, "caption": ALIGN.CENTER, "right": ALIGN.RIGHT}
    for block in read_blocks(source.text):
        if block.kind == "table":
            table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
            for row in block.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
            continue
        paragraph = document.add_paragraph(block.text, style=styles.get(block.kind))
        if block.kind in sides:
            paragraph.alignment = sides[block.kind]
    fixed = datetime(2025, 1, 1)
    properties = document.core_properties
    properties.author, properties.created, properties.modified = "", fixed, fixed
    buffer = io.BytesIO()
    document.save(buffer)
    return _without_times(buffer.getvalue())


def _without_times(data: bytes) -> bytes:
    """The same zip archive with one fixed time on each member, so that equal letters are equal files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def make_pdf(source: Source) -> bytes:
    """The letter as a PDF with text, a running head and page numbers."""
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    font = "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    plain = ParagraphStyle("text", fontName=font, fontSize=14, leading=24, firstLineIndent=28, wordWrap="CJK")
    styles = {
        "head": ParagraphStyle("head", plain, fontSize=22, leading=34, firstLineIndent=0, alignment=TA_CENTER, textColor="red"),
        "number": ParagraphStyle("number", plain, firstLineIndent=0, alignment=TA_CENTER),
        "title": ParagraphStyle("title", plain, fontSize=18, leading=30, firstLineIndent=0, alignment=TA_CENTER, spaceBefore=12),
        "caption": ParagraphStyle("caption", plain, fontSize=12, firstLineIndent=0, alignment=TA_CENTER),
        "right": ParagraphStyle("right", plain, firstLineIndent=0, alignment=TA_RIGHT),
    }
    story: list[Any] = []
    for block in read_blocks(source.text):
        if block.kind == "table":
            grid = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), font, 11)]
            story += [Table([list(row) for row in block.rows], style=grid, repeatRows=1), Spacer(1, 8)]
        else:
            story.append(Paragraph(html.escape(block.text), styles.get(block.kind, plain)))

    def draw_edges(canvas: Canvas, _: SimpleDocTemplate) -> None:
        canvas.setFont(font, 10)
        if canvas.getPageNumber() > 1:
            canvas.drawCentredString(A4[0] / 2, A4[1] - 42, source.fields["head"])
        canvas.drawCentredString(A4[0] / 2, 36, f"— {canvas.getPageNumber()} —")

    buffer = io.BytesIO()
    pages = SimpleDocTemplate(buffer, pagesize=A4, invariant=1, leftMargin=80, rightMargin=80, topMargin=76, bottomMargin=70)
    pages.build(story, onFirstPage=draw_edges, onLaterPages=draw_edges)
    return buffer.getvalue()


def make_html(source: Source) -> bytes:
    """The letter as a page saved from a government website, in one of the page layouts of `sources/pages`."""
    fields = source.fields
    title = next(block.text for block in read_blocks(source.text) if block.kind == "title")
    body = "\n".join(_page_block(block, fields["style"]) for block in read_blocks(source.text) if block.kind != "title")
    page = (DATA / "sources" / "pages" / f"{fields['style']}.html").read_text(encoding="utf-8")
    for name, value in {**fields, "title": title}.items():
        page = page.replace("{{" + name + "}}", html.escape(value))
    return page.replace("{{body}}", body).encode("utf-8")


def _page_block(block: Block, style: str) -> str:
    if block.kind == "table":
        rows = [[html.escape(cell) for cell in row] for row in block.rows]
        tag = "td" if style == "plain" else "th"
        lines = ["".join(f"<{tag}>{cell}</{tag}>" for cell in rows[0]), *("".join(f"<td>{c}</td>" for c in row) for row in rows[1:])]
        return '<table border="1">\n' + "\n".join(f"<tr>{line}</tr>" for line in lines) + "\n</table>"
    text = html.escape(block.text, quote=False).replace("PM2.5", "PM<sub>2.5</sub>").replace("　", "&nbsp;&nbsp;")
    if block.kind == "heading":
        return f"<p><strong>{text}</strong></p>"
    if block.kind == "right":
        return f'<p style="text-align: right;">{text}</p>'
    return f"{text}<br>" if style == "plain" else f"<p>{text}</p>"


MAKERS: dict[str, Callable[[Source], bytes]] = {
    "docx": make_docx,
    "pdf": make_pdf,
    "html": make_html,
    **dict.fromkeys(ENCODINGS, make_text),
}


def make_samples(target: Path) -> list[Path]:
    """Make every file of `sources` in the folder `target` and return their paths."""
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for path in sorted((DATA / "sources").glob("*.txt")):
        source = read_source(path)
        file = target / source.made_name
        file.write_bytes(MAKERS[source.fields["format"]](source))
        made.append(file)
    return made


def main() -> int:
    """Make the sample letters."""
    parser = argparse.ArgumentParser(description="Make the sample letters of data/letters from data/sources.")
    parser.add_argument("--into", type=Path, default=DATA / "letters", metavar="DIR", help="folder that they go to")
    made = make_samples(parser.parse_args().into)
    sys.stdout.write(f"{len(made)} files made in {made[0].parent}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
