"""Files of each format are read as what they hold, whatever they are called."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from reportlab.lib import pdfencrypt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from ingest.parse import parse_letter
from ingest.readers import choose, read_document
from ingest.readers.choose import read_bytes
from rag.errors import ReadError
from rag.records import SentenceRole

LETTER = "临河市水务局\n\n临水提复〔2022〕8号\n\n关于市政协八届一次会议第15号提案的答复\n\n周望野委员：\n\n您提出的《关于节水的提案》收悉。2022年新建管网35公里。\n"
TRADITIONAL = (
    "臨河市水務局\n\n關於市政協八屆一次會議第15號提案的答覆\n\n周望野委員：\n\n您提出的《關於節水的提案》收悉。2022年新建管網35公里。\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_simplified_text_is_read_in_each_encoding(encoding: str) -> None:
    assert read_bytes(LETTER.encode(encoding), "x.txt").pages[0].text == LETTER


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "utf-16"])
def test_traditional_text_is_read_in_each_encoding(encoding: str) -> None:
    assert read_bytes(TRADITIONAL.encode(encoding), "x.txt").pages[0].text == TRADITIONAL


def test_form_feeds_part_pages() -> None:
    assert [page.number for page in read_bytes("第一页的话。\f第二页的话。".encode(), "x.txt").pages] == [1, 2]


def test_markdown_loses_its_marks_but_keeps_its_tables() -> None:
    text = "# 关于第9号提案的答复\n\n**一、进展**\n\n- 新建*3*处\n\n| 指标 | 2022年 |\n|---|---|\n| 管网（公里） | 35 |\n"
    read = read_bytes(text.encode(), "x.md").pages[0].text
    assert "# " not in read
    assert "**" not in read
    assert "| 管网（公里） | 35 |" in read


def test_content_decides_and_not_the_name(tmp_path: Path) -> None:
    page = "<html><body><p>周望野委员：</p><p>您提出的提案收悉，现答复如下：新建管网35公里。</p></body></html>"
    path = tmp_path / "letter.txt"
    path.write_text(page, encoding="utf-8")
    assert read_document(path).format == "html"


WEB = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>关于市政协八届一次会议第15号提案的答复-临河市水务局</title>
<meta name="SiteName" content="临河市水务局"><style>p{color:red}</style><script>var x = "脚本里的字";</script></head><body>
<div class="top">您好，欢迎访问临河市水务局！</div>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/a">政务公开</a></li><li><a href="/b">水务要闻</a></li></ul>
<div>当前位置：<a href="/">首页</a> &gt; <a href="/a">建议提案</a></div>
<table><tr><td>索&nbsp;引&nbsp;号</td><td>112233/2022-001</td><td>发布机构</td><td>临河市水务局</td></tr>
<tr><td>文　　号</td><td>临水提复〔2022〕8号</td><td>成文日期</td><td>2022-05-20</td></tr></table>
<h1>关于市政协八届一次会议第15号提案的答复</h1>
<div>字体：【<a>大</a> <a>小</a>】 浏览次数：88</div>
<div id="zoom"><p>周望野委员：</p><p>您提出的《关于节水的提案》（第15号）收悉，现答复如下：</p>
<p>2022年，出水浊度低于0.3NTU，PM<sub>2.5</sub>监测点3个，水库库容1200m<sup>3</sup>。</p>
<table><tr><th rowspan="2">地区</th><th colspan="2">管网（公里）</th></tr><tr><th>2021年</th><th>2022年</th></tr>
<tr><td>东城区</td><td>12</td><td>15</td></tr><tr><td>西城区</td><td>9</td><td>20</td></tr></table>
<p style="display:none">看不见的字</p>
<p>感谢您的支持。</p><p>临河市水务局</p><p>2022年5月20日</p></div>
<div class="rel">相关链接：<a href="#">供水公报</a> <a href="#">节水周启动</a></div>
<footer>主办单位：临河市水务局　网站标识码：0000000001</footer></body></html>"""


def test_saved_page_gives_the_letter_and_nothing_around_it() -> None:
    text = read_bytes(WEB.encode(), "x.html").pages[0].text
    assert "您提出的《关于节水的提案》" in text
    for around in ("脚本里的字", "首页", "政务公开", "当前位置", "供水公报", "网站标识码", "看不见的字", "字体", "欢迎访问", "color"):
        assert around not in text


def test_saved_page_declares_its_fields() -> None:
    fields = read_bytes(WEB.encode(), "x.html").fields
    assert fields["doc_number"] == "临水提复〔2022〕8号"
    assert fields["issued_on"] == "2022-05-20"
    assert fields["publisher"] == "临河市水务局"
    assert fields["title"] == "关于市政协八届一次会议第15号提案的答复"


def test_saved_page_flattens_subscripts_and_fills_spanned_cells() -> None:
    text = read_bytes(WEB.encode(), "x.html").pages[0].text
    assert "PM2.5监测点" in text
    assert "1200m³" in text
    assert "地区\t管网（公里）\t管网（公里）\n地区\t2021年\t2022年\n东城区\t12\t15" in text


def test_declared_charset_is_used_for_old_pages() -> None:
    page = WEB.replace('charset="utf-8"', 'charset="gb2312"')
    assert "周望野委员" in read_bytes(page.encode("gb18030"), "x.html").pages[0].text


def word_file() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉里的字"
    document.add_paragraph("临河市水务局文件")
    document.add_paragraph("周望野委员：")
    document.add_paragraph("您提出的提案收悉，现答复如下：")
    document.add_paragraph("新建管网35公里", style="List Number")
    document.add_paragraph("改造泵站4座", style="List Number")
    table = document.add_table(rows=3, cols=3)
    for row, cells in zip(table.rows, (("地区", "2021年", "2022年"), ("东城区", "12", "15"), ("西城区", "9", "20")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.rows[1].cells[1].merge(table.rows[1].cells[2])
    document.add_paragraph("感谢您的支持。")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_document_is_read_in_its_order() -> None:
    text = read_bytes(word_file(), "x.docx").pages[0].text
    assert "页眉里的字" not in text
    assert text.index("现答复如下") < text.index("新建管网") < text.index("地区\t2021年\t2022年") < text.index("感谢您")
    assert "1.新建管网35公里" in text
    assert "2.改造泵站4座" in text
    assert "西城区\t9\t20" in text


def test_deleted_words_of_a_word_document_stay_out() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("新建管网")
    gone = paragraph.add_run("作废的字")
    mark = paragraph._p.makeelement(qn("w:del"), {})
    paragraph._p.append(mark)
    mark.append(gone._r)
    paragraph.add_run("35公里。")
    stream = io.BytesIO()
    document.save(stream)
    assert read_bytes(stream.getvalue(), "x.docx").pages[0].text.strip() == "新建管网35公里。"


def pdf_file(pages: list[list[tuple[float, float, str]]], password: str | None = None) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    drawing = canvas.Canvas(stream, encrypt=pdfencrypt.StandardEncryption(password) if password else None)
    for page in pages:
        drawing.setFont("STSong-Light", 12)
        for left, top, text in page:
            drawing.drawString(left, 800 - top, text)
        drawing.showPage()
    drawing.save()
    return stream.getvalue()


def letter_pages() -> list[list[tuple[float, float, str]]]:
    first = [
        (220.0, 0.0, "临河市水务局文件"),
        (80.0, 60.0, "周望野委员："),
        (104.0, 84.0, "您提出的提案收悉，现答复如下：二〇二二年全市新建供水管网三十"),
    ]
    first += [
        (80.0, 108.0, "五公里，改造泵站四座。"),
        (80.0, 132.0, "地区"),
        (180.0, 132.0, "二一年（公里）"),
        (300.0, 132.0, "二二年（公里）"),
    ]
    first += [
        (80.0, 156.0, "东城区"),
        (180.0, 156.0, "12"),
        (300.0, 156.0, "15"),
        (80.0, 180.0, "西城区"),
        (180.0, 180.0, "9"),
        (300.0, 180.0, "20"),
    ]
    first += [(104.0, 204.0, "今后三年，我们将继续加大投入，重点解决东城区老旧小区二次供"), (280.0, 740.0, "- 1 -")]
    second = [(220.0, 0.0, "临河市水务局文件"), (80.0, 40.0, "水的问题。"), (104.0, 64.0, "感谢您的支持。"), (280.0, 740.0, "- 2 -")]
    return [first, second]


def test_pdf_lines_are_joined_over_the_page_and_running_heads_are_gone() -> None:
    letter = parse_letter(read_bytes(pdf_file(letter_pages()), "x.pdf"))
    texts = [sentence.text for sentence in letter.sentences]
    assert "您提出的提案收悉，现答复如下：二〇二二年全市新建供水管网三十五公里，改造泵站四座。" in texts
    assert "今后三年，我们将继续加大投入，重点解决东城区老旧小区二次供水的问题。" in texts
    assert texts.count("临河市水务局文件") == 1
    assert not any("- 1 -" in text or "- 2 -" in text for text in texts)


def test_pdf_tables_keep_their_cells_apart_and_sentences_their_page() -> None:
    letter = parse_letter(read_bytes(pdf_file(letter_pages()), "x.pdf"))
    rows = [sentence.text for sentence in letter.sentences if sentence.role is SentenceRole.TABLE_ROW]
    assert rows == ["东城区 | 12 | 15", "西城区 | 9 | 20"]
    assert next(s.page for s in letter.sentences if s.text == "感谢您的支持。") == 2


@pytest.mark.parametrize(
    ("data", "file", "words"),
    [
        (b"", "x.txt", "empty"),
        (b"\xef\xbb\xbf \n", "x.txt", "empty"),
        (bytes(range(256)) * 40, "x.bin", "unknown type"),
        (b"PK\x03\x04 nothing", "x.docx", "no Word document"),
        (b"PK\x03\x04 word/document.xml", "x.docx", "damaged Word document"),
        (b"%PDF-1.7 broken", "x.pdf", "damaged PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "x.doc", "old Office file"),
        (b"<html><body><script>1</script></body></html>", "x.html", "no text"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_cure(data: bytes, file: str, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        read_bytes(data, file)
    assert file in str(caught.value)


def test_locked_pdf_is_named() -> None:
    with pytest.raises(ReadError, match="password"):
        read_bytes(pdf_file([[(80.0, 0.0, "字")]], password="geheim"), "x.pdf")


def test_pdf_of_pictures_asks_for_ocr() -> None:
    with pytest.raises(ReadError, match="OCR"):
        read_bytes(pdf_file([[]]), "x.pdf")


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "MAX_BYTES", 10)
    path = tmp_path / "large.txt"
    path.write_text("一二三四五六七八九十", encoding="utf-8")
    with pytest.raises(ReadError, match=r"large\.txt"):
        read_document(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"gone\.txt"):
        read_document(tmp_path / "gone.txt")
