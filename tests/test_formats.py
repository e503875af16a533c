"""One letter in every format: its words and every figure come out of each."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ingest.extract import read_letter_file
from ingest.figures import find_figures
from ingest.parse import parse_letter
from ingest.placing import place_sentences
from ingest.readers import choose, office, read_documents
from ingest.readers.arrange import Character, arrange_page
from ingest.readers.choose import read_bytes
from ingest.readers.containers import UnreadMember, list_members
from ingest.readers.ocr import recognise_page, tidy_line
from rag.errors import ReadError
from rag.records import Box, Document, Letter, Line, Page
from tests.formats_letter import FIGURES, LINES, missing_figures, share_right
from tests.make_formats import FOLDER, make_plain_word, make_word, pack, pack_gb18030

WRITTEN = ["letter.txt", "letter.html", "letter.mht", "letter.docx", "letter.doc", "letter.rtf", "letter.pdf", "columns.pdf", "letter.ofd"]
SCANNED = ["scan.png", "scan.jpg", "scan.tiff", "scan.pdf", "scan.ofd", "mixed.pdf"]


@lru_cache(maxsize=32)
def read(name: str) -> tuple[Document, Letter]:
    (document,) = read_documents(FOLDER / name)
    return document, place_sentences(parse_letter(document), document)


def test_kept_files_are_small() -> None:
    assert [path.name for path in FOLDER.iterdir() if path.stat().st_size > 60_000] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_every_figure_comes_out_of_written_formats(name: str) -> None:
    _, letter = read(name)
    assert len(FIGURES) == 29
    assert missing_figures(letter.text) == []
    assert share_right(letter.text) >= 0.995


@pytest.mark.parametrize("name", SCANNED)
def test_every_figure_comes_out_of_scans(name: str) -> None:
    document, letter = read(name)
    assert missing_figures(letter.text) == []
    assert share_right(letter.text) >= 0.985
    assert document.pages[-1].scanned


def test_wps_file_is_read_as_the_binary_word_file_it_is(tmp_path: Path) -> None:
    path = tmp_path / "答复.wps"
    path.write_bytes((FOLDER / "letter.doc").read_bytes())
    (document,) = read_documents(path)
    assert document.format == "wps"
    assert missing_figures(document.pages[0].text) == []


@pytest.mark.parametrize("noise", ["页眉", "9999", "8888", "7777", "3.11", "隐藏", "删去"])
@pytest.mark.parametrize("name", ["letter.docx", "letter.rtf"])
def test_words_that_are_not_the_letters_stay_out(name: str, noise: str) -> None:
    assert noise not in read(name)[0].pages[0].text


def test_text_box_is_told_once_and_before_what_follows_it() -> None:
    text = read("letter.docx")[0].pages[0].text
    assert text.split("表：")[0].count("云汀市交通运输局") == 1
    assert text.index("云汀市交通运输局") < text.index("云交提复")


def test_columns_are_read_one_after_the_other() -> None:
    sentences = [sentence.text for sentence in read("columns.pdf")[1].sentences]
    assert "（一）完善路网。" in "".join(sentences)
    assert any(text.startswith("2022年，全市新改建农村公路128.6公里，完成投资3.45亿元") for text in sentences)


@pytest.mark.parametrize("name", ["letter.pdf", "letter.ofd", "scan.tiff", "scan.ofd", "mixed.pdf"])
def test_sentences_know_their_page_and_their_place(name: str) -> None:
    _, letter = read(name)
    first = next(s for s in letter.sentences if s.text.startswith("2022年，全市新改建"))
    last = next(s for s in letter.sentences if s.text.startswith("感谢您"))
    assert (first.page, last.page) == (1, 2)
    assert {box.page for box in first.boxes} == {1}
    assert len(first.boxes) == 2
    assert first.boxes[0].top < first.boxes[1].top
    assert all(0 < box.left < box.right < 1 and 0 < box.top < box.bottom < 1 for s in letter.sentences for box in s.boxes)
    assert all(s.boxes for s in letter.sentences)


def test_sentence_over_two_pages_has_boxes_on_both() -> None:
    sentence = next(s for s in read("letter.pdf")[1].sentences if "6.8万元" in s.text)
    assert [box.page for box in sentence.boxes] == [1, 2]


def test_scan_is_told_and_written_page_is_not() -> None:
    sentences = read("mixed.pdf")[1].sentences
    assert not next(s for s in sentences if "128.6" in s.text).scanned
    assert next(s for s in sentences if s.text.startswith("感谢您")).scanned


def scan() -> Image.Image:
    return Image.open(FOLDER / "scan.png").convert("RGB")


def sealed(image: Image.Image) -> Image.Image:
    """A red seal over the text, as ink on ink: what is black stays black."""
    seal = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(seal)
    x, y, radius = round(image.width * 0.62), round(image.height * 0.55), round(image.width * 0.1)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(215, 30, 40), width=9)
    pen.regular_polygon((x, y, radius // 2), 5, fill=(215, 30, 40))
    return ImageChops.multiply(image, seal)


DEGRADED = {
    "sideways": lambda image: image.rotate(90, expand=True),
    "upside down and tilted": lambda image: image.rotate(183, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC),
    "sealed": sealed,
    "coarse": lambda image: image.resize((image.width // 2, image.height // 2), Image.Resampling.BILINEAR),
}


@pytest.mark.parametrize("how", DEGRADED)
def test_degraded_scan_is_read_all_the_same(how: str) -> None:
    page = recognise_page(np.asarray(DEGRADED[how](scan())), 1)  # type: ignore[no-untyped-call]
    assert missing_figures(page.text) == []
    assert share_right(page.text) >= 0.985


def blurred(image: Image.Image) -> Image.Image:
    soft = image.filter(ImageFilter.GaussianBlur(4.5))
    return soft.resize((soft.width // 3, soft.height // 3))


def test_scan_that_cannot_be_read_reliably_is_refused() -> None:
    stream = io.BytesIO()
    blurred(scan()).save(stream, "PNG")
    with pytest.raises(ReadError, match=r"x\.png.*too blurred"):
        read_bytes(stream.getvalue(), "x.png")


def test_what_is_read_wrongly_is_in_doubt() -> None:
    page = recognise_page(np.asarray(blurred(scan())), 1)
    right = {*re.findall(r"\d[\d.]*", "\n".join(LINES)), "1"}  # 1 is the page's number
    numbers = [number.rstrip(".") for line in page.lines for number in re.findall(r"\d[\d.]*", line.text)]
    wrong = [number for number in numbers if number not in right]
    assert len(wrong) >= 3
    assert [number for number in wrong if number not in {told for line in page.lines for told in line.doubtful}] == []


def test_blank_page_has_no_text() -> None:
    assert recognise_page(np.full((900, 640, 3), 255, dtype=np.uint8), 1).text == ""


def test_signs_between_chinese_are_chinese() -> None:
    assert tidy_line("共3项(新建2项),其中:") == "共3项（新建2项），其中："
    assert tidy_line("表12022年完成情况") == "表1 2022年完成情况"
    assert tidy_line("GDP(现价)1,234.5") == "GDP（现价）1,234.5"


def characters(text: str, confidence: float) -> list[Character]:
    return [Character(sign, i * 10.0, 0.0, i * 10.0 + 10, 10.0, confidence) for i, sign in enumerate(text)]


def test_number_of_low_confidence_is_marked_in_its_sentence() -> None:
    sure, unsure = characters("新建", 0.99), [Character(c, 20 + i * 5.0, 0, 25 + i * 5.0, 10, 0.6) for i, c in enumerate("128")]
    page = arrange_page([*sure, *unsure, Character("家", 35, 0, 45, 10, 0.99)], 100, 100, 1, scanned=True)
    assert page.lines[0].doubtful == ("128",)
    document = Document("x.png", "png", (page,), "0" * 64)
    letter = place_sentences(parse_letter(document), document)
    assert [(s.text, s.doubtful_digits) for s in letter.sentences] == [("新建128家", True)]


def test_doubt_about_one_number_is_not_about_another_that_holds_its_digits() -> None:
    line = Line("新建1128家，改造28家。", Box(0, 0, 1, 0.1, 1), 0.9, ("28",))
    document = Document("x.png", "png", (Page(line.text, 1, (line,), scanned=True),), "0" * 64)
    letter = place_sentences(parse_letter(document), document)
    assert [s.doubtful for s in letter.sentences] == [("28",)]


def test_archive_gives_each_member_with_its_chinese_name() -> None:
    documents = read_documents(FOLDER / "letter.zip")
    assert [(d.file, d.format) for d in documents] == [
        ("letter.zip/答复/第0187号答复函.docx", "docx"),
        ("letter.zip/答复/同一件.txt", "txt"),
        ("letter.zip/内层.zip/内层.rtf", "rtf"),
    ]
    assert all(missing_figures(d.pages[0].text) == [] for d in documents)


def test_mail_gives_its_attachments_and_not_its_covering_note() -> None:
    documents = read_documents(FOLDER / "letter.eml")
    assert [d.file for d in documents] == ["letter.eml/答复函.docx", "letter.eml/答复函（网站版）.txt"]
    assert all(missing_figures(d.pages[0].text) == [] for d in documents)


def test_mail_without_attachments_is_the_letter_itself() -> None:
    head = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n"
    (member,) = list_members(head + "您提出的提案收悉，现答复如下：新建管网35公里。".encode("gbk"), "x.eml")
    assert not isinstance(member, UnreadMember)
    assert "35公里" in read_bytes(member.data, member.file).pages[0].text


def reasons(data: bytes) -> list[str]:
    return [member.reason for member in list_members(data, "x.zip") if isinstance(member, UnreadMember)]


def test_member_that_grows_too_much_is_refused_and_the_rest_goes_on() -> None:
    data = pack({"弹.txt": b"0" * 30_000_000, "好.txt": np.random.default_rng(0).bytes(200_000)})
    members = list(list_members(data, "x.zip"))
    assert [isinstance(member, UnreadMember) for member in members] == [True, False]
    assert "times its size" in reasons(data)[0]


def test_bombs_and_deep_nests_are_refused() -> None:
    inner = pack({"a.txt": b"1"})
    assert "Unpack it first" in reasons(pack({"1.zip": pack({"2.zip": inner})}))[0]
    with pytest.raises(ReadError, match="times its size"):
        list(list_members(pack({f"{i}.txt": b"0" * 900_000 for i in range(9)}), "x.zip"))
    with pytest.raises(ReadError, match="2001 files"):
        list(list_members(pack({f"{i}.txt": b"1" for i in range(2001)}), "x.zip"))


def test_members_cannot_leave_their_archive() -> None:
    (member,) = list_members(pack({"../../etc/答复.txt": b"1"}), "x.zip")
    assert member.file == "x.zip/etc/答复.txt"


def test_hidden_members_are_passed_over() -> None:
    members = list_members(pack_gb18030({"__MACOSX/._a.docx": b"1", ".DS_Store": b"1", "~$a.docx": b"1", "甲.txt": b"1"}), "x.zip")
    assert [member.file for member in members] == ["x.zip/甲.txt"]


def locked_ole() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600


@pytest.mark.parametrize(
    ("data", "file", "words"),
    [
        (locked_ole(), "x.docx", "password"),
        (locked_ole().replace("EncryptedPackage".encode("utf-16-le"), "Workbook".encode("utf-16-le")), "x.doc", "Excel"),
        ((FOLDER / "letter.doc").read_bytes()[:4000], "x.doc", "old Office file"),
        (b"Rar!\x1a\x07" + b"\x00" * 90, "x.rar", "rar archive"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "x.png", "damaged picture"),
        (pack({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}), "x.docx", "no Word document"),
        (pack({"OFD.xml": b"<a/>"}), "x.ofd", "damaged OFD"),
        (b"{\\rtf1\\ansi }", "x.rtf", "without text"),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, file: str, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        read_bytes(data, file)
    assert file in str(caught.value)


def test_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    stream = io.BytesIO()
    Image.new("1", (15000, 10000), 1).save(stream, "PNG")
    with pytest.raises(ReadError, match="million"):
        read_bytes(stream.getvalue(), "x.png")


def test_content_decides_about_the_new_formats_too() -> None:
    for name, kind in (("letter.rtf", "rtf"), ("letter.docx", "docx"), ("letter.mht", "mht"), ("letter.doc", "doc")):
        assert read_bytes((FOLDER / name).read_bytes(), "letter.txt").format == kind


def test_binary_file_is_read_like_the_word_file_it_was_made_of() -> None:
    made = read_bytes(make_plain_word(), "a.docx").pages[0].text.split()
    assert read_bytes((FOLDER / "letter.doc").read_bytes(), "a.doc").pages[0].text.split() == made


def test_letter_file_of_an_archive_carries_its_full_name(tmp_path: Path) -> None:
    path = tmp_path / "replydesk-unpacked-x" / "0123456789abcdef" / "1" / "甲.zip" / "答复.docx"
    path.parent.mkdir(parents=True)
    path.write_bytes(make_word())
    assert read_letter_file(path).letter.file == "甲.zip/答复.docx"


def test_archive_too_large_to_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "MAX_BYTES", 100)
    path = tmp_path / "x.zip"
    path.write_bytes((FOLDER / "letter.zip").read_bytes())
    with pytest.raises(ReadError, match=r"x\.zip"):
        read_documents(path)


def test_converter_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "LIBRARY_SECONDS", 0.01)
    monkeypatch.setattr(office, "find_office", lambda: None)
    with pytest.raises(ReadError, match=r"x\.doc.*not done within"):
        read_bytes((FOLDER / "letter.doc").read_bytes(), "x.doc")


def test_locked_binary_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray((FOLDER / "letter.doc").read_bytes())
    start = data.index(b"\xec\xa5")  # the file's own head: its flags stand ten bytes on
    data[start + 11] |= 0x01
    with pytest.raises(ReadError, match="password"):
        read_bytes(bytes(data), "x.doc")


def figures_of(name: str) -> set[tuple[object, ...]]:
    found = find_figures(read(name)[1])
    return {(figure.name, figure.value, figure.unit, figure.year, figure.status, figure.subject) for figure in found}


@pytest.mark.parametrize("name", [*WRITTEN[1:], "scan.png", "scan.tiff"])
def test_ledger_is_the_same_from_every_format(name: str) -> None:
    assert len(figures_of("letter.txt")) >= 20
    assert figures_of(name) == figures_of("letter.txt")
