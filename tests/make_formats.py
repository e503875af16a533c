"""Makes tests/letters/formats: one invented letter in every format. `python -m tests.make_formats FONT [--office]`.

FONT is a Chinese TrueType or OpenType font file, `file.ttc:2` for one of a collection; the scans are drawn with it. With --office
LibreOffice makes the binary Word file anew from the docx. The tests read the files that are kept and need neither.
"""

from __future__ import annotations

import argparse
import io
import quopri
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from tests.formats_letter import ADDRESSEE, BODY, CLOSING, HEAD, LINES, TABLE

FOLDER = Path(__file__).resolve().parent / "letters" / "formats"
FULL_LINE = 28  # Chinese characters
DPI = 150
TYPE_SIZE = round(16 / 72 * DPI)


def wrap(text: str, width: float = FULL_LINE, indent: int = 2) -> list[str]:
    """Lines of a paragraph; a number is not cut, no line begins with a closing sign."""
    lines: list[str] = []
    line = "　" * indent
    for word in _words(text):
        if _width(line) + _width(word) > width and word not in "，。；：、）》”%":
            lines.append(line)
            line = ""
        line += word
    return [*lines, line]


def _words(text: str) -> list[str]:
    words: list[str] = []
    for character in text:
        if words and character in "0123456789." and words[-1][-1] in "0123456789.":
            words[-1] += character
        else:
            words.append(character)
    return words


def _width(text: str) -> float:
    return sum(0.5 if character.isascii() else 1.0 for character in text)


Row = tuple[float, str]  # indent in characters, text
_CELLS = (0.0, 5.0, 13.0, 21.0)  # where the columns of the table begin


def page_rows() -> list[list[tuple[Row, ...]]]:
    """The letter on two pages of lines; a line has one piece, a table's row has several."""
    rows: list[tuple[Row, ...]] = [((14 - _width(line) / 2, line),) for line in HEAD]
    rows += [((0.0, ADDRESSEE),)]
    for paragraph in BODY:
        rows += [((0.0, line),) for line in wrap(paragraph)]
    rows += [tuple(zip(_CELLS, row, strict=True)) for row in TABLE]
    rows += [((2.0, CLOSING[0]),), ((2.0, CLOSING[1]),), ((17.0, CLOSING[2]),), ((18.0, CLOSING[3]),)]
    return [rows[:17], rows[17:]]


def draw_scan(rows: Sequence[tuple[Row, ...]], number: int, font: str, spacing: float = 1.75) -> Image.Image:
    """A page as a scanner at 150 dpi gives it, black and white."""
    path, _, index = font.partition(":")
    letters = ImageFont.truetype(path, TYPE_SIZE, index=int(index or 0))
    page = Image.new("L", (round(210 / 25.4 * DPI), round(297 / 25.4 * DPI)), 255)
    pen = ImageDraw.Draw(page)
    left, top, step = (page.width - FULL_LINE * TYPE_SIZE) // 2, round(1.3 * DPI), round(TYPE_SIZE * spacing)
    for place, row in enumerate(rows):
        for indent, text in row:
            pen.text((left + indent * TYPE_SIZE, top + place * step), text, fill=0, font=letters)
    pen.text((page.width / 2 - TYPE_SIZE, page.height - DPI), f"— {number} —", fill=0, font=letters)
    return page.convert("1", dither=Image.Dither.NONE)


def make_html() -> str:
    table = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in TABLE)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{HEAD[2]}</title></head><body><ul class='nav'><li><a href='/'>首页</a></li>"
        f"<li><a href='/a'>政务公开</a></li></ul><h1>{HEAD[2]}</h1><div id='zoom'><p>{HEAD[0]}</p><p>{HEAD[1]}</p><p>{HEAD[2]}</p><p>{ADDRESSEE}</p>"
        + "".join(f"<p>{escape(paragraph)}</p>" for paragraph in BODY)
        + f"<table>{table}</table>"
        + "".join(f"<p>{line}</p>" for line in CLOSING)
        + "</div><div class='foot'><a href='/x'>网站地图</a> <a href='/y'>联系我们</a></div></body></html>"
    )


def make_saved_page() -> bytes:
    """As browsers save it: one part a resource, the text quoted-printable."""
    place = "http://www.yunting.example/letter.html"
    head = [
        "From: <Saved by a browser>",
        f"Snapshot-Content-Location: {place}",
        "MIME-Version: 1.0",
        "Content-Type: multipart/related;",
        '\ttype="text/html";',
        '\tboundary="----border"',
        "",
        "",
    ]
    page = ["------border", "Content-Type: text/html", "Content-Transfer-Encoding: quoted-printable", f"Content-Location: {place}", "", ""]
    style = [
        "",
        "------border",
        "Content-Type: text/css",
        "Content-Location: http://www.yunting.example/a.css",
        "",
        "p { color: black }",
        "------border--",
        "",
    ]
    text = quopri.encodestring(make_html().encode()).replace(b"\n", b"\r\n")
    return "\r\n".join(head + page).encode() + text + "\r\n".join(style).encode()


def make_word() -> bytes:
    """With a text box, tracked changes, hidden words, a comment's mark, running heads and an automatic list."""
    document = docx.Document()
    document.core_properties.author = ""
    document.sections[0].header.paragraphs[0].text = "页眉9999"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    box = document.add_paragraph()
    box._p.append(parse_xml(_BOX.format(ns=nsdecls("w"), text=HEAD[0])))
    for line in (*HEAD[1:], ADDRESSEE):
        document.add_paragraph(line)
    for paragraph in BODY:
        added = document.add_paragraph()
        before, number, after = paragraph.partition("3.45")
        added.add_run(before)
        if number:
            added._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="7" w:author="x"><w:r><w:t>{number}</w:t></w:r></w:ins>'))
            added._p.append(parse_xml(f'<w:del {nsdecls("w")} w:id="8" w:author="x"><w:r><w:delText>3.11</w:delText></w:r></w:del>'))
            hidden = added.add_run("隐藏8888")
            hidden.font.hidden = True
        added.add_run(after)
    table = document.add_table(rows=0, cols=4)
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    gone = table.add_row()
    gone.cells[0].text = "删去的行7777"
    gone._tr.insert(0, parse_xml(f'<w:trPr {nsdecls("w")}><w:del w:id="9" w:author="x"/></w:trPr>'))
    for line in CLOSING:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


_BOX = (
    '<w:r {ns} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml">'
    '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
    "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def make_plain_word() -> bytes:
    """What LibreOffice turns into a binary file: it knows nothing of the docx's finer parts."""
    document = docx.Document()
    for line in (*HEAD, ADDRESSEE, *BODY):
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=4)
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for line in CLOSING:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def make_rtf() -> bytes:
    """Half in Unicode, half in the charset of a Chinese font, as WPS and Word do."""

    def write(text: str, *, wide: bool) -> bytes:
        if wide:
            return b"".join(
                bytes([ord(c)]) if c.isascii() else f"\\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?".encode() for c in text
            )
        return b"".join(bytes([b]) if 32 <= b < 127 and b not in b"\\{}" else f"\\'{b:02x}".encode() for b in text.encode("gbk"))

    parts = [
        b"{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}{\\f1\\froman\\fcharset0 Times;}}",
        b"{\\info{\\title 9999}}{\\header 9999\\par}{\\*\\generator X;}\\pard ",
    ]
    for place, line in enumerate((*HEAD, ADDRESSEE, *BODY)):
        parts.append(b"\\f0 " + write(line, wide=place % 2 == 0) + b"\\par\r\n")
    parts.append(b"{\\v 8888}{\\deleted 7777}")
    for row in TABLE:
        cells = b"".join(b"\\pard\\intbl " + write(cell, wide=False) + b"\\cell " for cell in row)
        parts.append(b"\\trowd\\cellx2000\\cellx4000\\cellx6000\\cellx8000 " + cells + b"\\row\r\n")
    parts += [b"\\pard " + write(line, wide=True) + b"\\par\r\n" for line in CLOSING]
    return b"".join([*parts, b"}"])


def make_pdf(*, columns: bool = False) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    pen = canvas.Canvas(stream, pagesize=(595, 842), invariant=True)
    pages = _column_pages() if columns else page_rows()
    size = 10 if columns else 14
    for number, rows in enumerate(pages, start=1):
        pen.setFont("STSong-Light", size)
        for place, row in enumerate(rows):
            for indent, text in row:
                pen.drawString(100 + indent * size if not columns else 60 + indent * size, 770 - place * size * 1.8, text)
        pen.drawString(280, 40, f"- {number} -")
        pen.showPage()
    pen.save()
    return stream.getvalue()


def _column_pages() -> list[list[tuple[Row, ...]]]:
    """Head over the whole width, text in two columns of 20 characters, table and close below."""
    lines = [line for paragraph in (ADDRESSEE, *BODY) for line in wrap(paragraph, 20, 0 if paragraph == ADDRESSEE else 2)]
    half = (len(lines) + 1) // 2
    rows: list[tuple[Row, ...]] = [((20 - _width(line) / 2, line),) for line in HEAD]
    for place in range(half):
        right = ((24.0, lines[half + place]),) if half + place < len(lines) else ()
        rows.append(((0.0, lines[place]), *right))
    rows += [tuple((column * 9.0, cell) for column, cell in enumerate(row)) for row in TABLE]
    return [[*rows, *(((2.0, line),) for line in CLOSING)]]


def make_mixed_pdf(scan: Image.Image) -> bytes:
    """First page written, second page scanned."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    pen = canvas.Canvas(stream, pagesize=(595, 842), invariant=True)
    pen.setFont("STSong-Light", 14)
    for place, row in enumerate(page_rows()[0]):
        for indent, text in row:
            pen.drawString(100 + indent * 14, 770 - place * 25, text)
    pen.showPage()
    pen.drawImage(ImageReader(scan.convert("L")), 0, 0, 595, 842)
    pen.showPage()
    pen.save()
    return stream.getvalue()


_OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def make_ofd(scans: Sequence[Image.Image] = ()) -> bytes:
    """Text page by page; with `scans` pages of pictures."""
    pages = page_rows()
    parts: dict[str, bytes] = {
        "OFD.xml": f'<ofd:OFD {_OFD} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>".encode(),
    }
    listed = "".join(f'<ofd:Page ID="{10 + i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    parts["Doc_0/Document.xml"] = (
        f"<ofd:Document {_OFD}><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        f"</ofd:PageArea><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    ).encode()
    media = "".join(
        f'<ofd:MultiMedia ID="{50 + i}" Type="Image"><ofd:MediaFile>scan{i}.png</ofd:MediaFile></ofd:MultiMedia>' for i in range(len(scans))
    )
    parts["Doc_0/DocumentRes.xml"] = f'<ofd:Res {_OFD} BaseLoc="Res"><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>'.encode()
    for number, rows in enumerate(pages):
        if scans:
            inside = f'<ofd:ImageObject ID="{100 + number}" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="{50 + number}"/>'
        else:
            inside = "".join(
                _ofd_text(200 + 20 * place + piece, place, *one) for place, row in enumerate(rows) for piece, one in enumerate(row)
            )
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f'<ofd:Page {_OFD}><ofd:Content><ofd:Layer ID="{30 + number}">{inside}</ofd:Layer></ofd:Content></ofd:Page>'.encode()
        )
    for number, scan in enumerate(scans):
        stream = io.BytesIO()
        scan.save(stream, "PNG", optimize=True)
        parts[f"Doc_0/Res/scan{number}.png"] = stream.getvalue()
    return pack(parts)


def _ofd_text(identity: int, place: int, indent: float, text: str) -> str:
    size = 5.0
    steps = " ".join(str(size / 2 if character.isascii() else size) for character in text[:-1])
    boundary = f"{25 + indent * size} {30 + place * 9} {_width(text) * size + 1} 7"
    return (
        f'<ofd:TextObject ID="{identity}" Boundary="{boundary}" Font="1" Size="{size}">'
        f'<ofd:TextCode X="0" Y="5" DeltaX="{steps}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def pack(parts: dict[str, bytes]) -> bytes:
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2023, 6, 19, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return stream.getvalue()


def pack_gb18030(parts: dict[str, bytes]) -> bytes:
    """An archive whose names have the bytes of GB18030 and no mark of their charset."""

    class Info(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:
            return self.filename.encode("gb18030"), self.flag_bits & ~0x800

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = Info(name, (2023, 6, 19, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return stream.getvalue()


def make_mail(attachment: bytes) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "office@yunting.example"
    message["To"] = "desk@yunting.example"
    message["Subject"] = "提案答复函报送"
    message["Date"] = "Mon, 19 Jun 2023 09:00:00 +0800"
    message.set_content("现将第0187号提案答复函报上，请查收。\n", charset="utf-8")
    message.add_attachment(attachment, maintype="application", subtype="octet-stream", filename="答复函.docx")
    message.add_attachment(
        "\n".join(LINES).encode("gb18030"), maintype="application", subtype="octet-stream", filename="答复函（网站版）.txt"
    )
    return message.as_bytes()


def make_binary_word() -> bytes:
    office = shutil.which("soffice")
    if office is None:
        raise SystemExit("LibreOffice is not installed.")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "letter.docx"
        source.write_bytes(make_plain_word())
        subprocess.run(
            [
                office,
                "--headless",
                f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
                "--convert-to",
                "doc",
                "--outdir",
                folder,
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return source.with_suffix(".doc").read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.make_formats", description="Make the letter in every format.")
    parser.add_argument("font", metavar="FONT", help="Chinese font file, file.ttc:2 for one of a collection")
    parser.add_argument("--office", action="store_true", help="make the binary Word file too, with LibreOffice")
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    scans = [draw_scan(rows, number, asked.font) for number, rows in enumerate(page_rows(), start=1)]
    whole = draw_scan([row for rows in page_rows() for row in rows], 1, asked.font, spacing=1.25)
    word = make_word()
    files = {
        "letter.txt": "\n".join(LINES).encode("gb18030"),
        "letter.html": make_html().encode(),
        "letter.mht": make_saved_page(),
        "letter.docx": word,
        "letter.rtf": make_rtf(),
        "letter.pdf": make_pdf(),
        "columns.pdf": make_pdf(columns=True),
        "mixed.pdf": make_mixed_pdf(scans[1]),
        "letter.ofd": make_ofd(),
        "scan.ofd": make_ofd(scans),
        "letter.eml": make_mail(word),
        "letter.zip": pack_gb18030(
            {"答复/第0187号答复函.docx": word, "答复/同一件.txt": "\n".join(LINES).encode(), "内层.zip": pack({"内层.rtf": make_rtf()})}
        ),
    }
    for name, options in {
        "scan.tiff": {
            "format": "TIFF",
            "compression": "group4",
            "save_all": True,
            "append_images": [scan.copy() for scan in scans[1:]],
            "dpi": (DPI, DPI),
        },
        "scan.pdf": {"format": "PDF", "save_all": True, "append_images": [scan.copy() for scan in scans[1:]], "resolution": DPI},
    }.items():
        stream = io.BytesIO()
        scans[0].copy().save(stream, **options)  # type: ignore[arg-type]
        files[name] = stream.getvalue()
    stream = io.BytesIO()
    whole.convert("L").resize((870, 1230), Image.Resampling.LANCZOS).save(stream, "JPEG", quality=18)
    files["scan.jpg"] = stream.getvalue()
    stream = io.BytesIO()
    whole.save(stream, "PNG", optimize=True)
    files["scan.png"] = stream.getvalue()
    if asked.office:
        files["letter.doc"] = make_binary_word()
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)
        sys.stdout.write(f"{name} {len(content)}\n")


if __name__ == "__main__":
    main()
