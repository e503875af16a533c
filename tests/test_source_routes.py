"""Letters as they are shown: pages as pictures with the sentence marked, versions, the original as a file."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from ingest.page_pictures import PageDrawer
from ingest.update import ingest_files
from rag.errors import ReadError
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.store import Store, open_store
from screens.originals import LiveOriginals
from screens.source_routes import make_source_routes
from tests.small_desk import SmallDesk
from tests.small_store import CountingEncoder

FORMATS = Path(__file__).resolve().parent / "letters" / "formats"
LETTER = "云汀市交通运输局-云交提复〔2023〕46号"


@pytest.fixture(scope="module")
def drawer() -> Iterator[PageDrawer]:
    opened = PageDrawer()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A letter as pdf, as ofd, and issued again as text with another figure."""
    folder = tmp_path_factory.mktemp("kept")
    again = folder / "again.txt"
    text = (FORMATS / "letter.txt").read_text(encoding="gb18030").replace("128.6公里", "130.2公里").replace("3.45亿元", "3.55亿元")
    again.write_text(
        text.replace("2023年6月", "2023年8月").replace("云汀市交通运输局\n", "云汀市交通运输局\n（重新印发）\n", 1), encoding="utf-8"
    )
    settings = Settings(store=folder / "store", embedding="counting", llm="none")
    with open_store(settings, write=True, encoder=CountingEncoder()) as store:
        ingest_files(store, [FORMATS / "letter.pdf", FORMATS / "letter.ofd"])
        ingest_files(store, [again])
        yield store


@pytest.fixture
def visitor(kept: Store, drawer: PageDrawer, tmp_path: Path) -> TestClient:
    desk = SmallDesk(tmp_path)
    originals = LiveOriginals(kept.folder, lambda: Pipeline(kept.settings, kept))
    originals._drawer = drawer
    desk.originals = originals  # type: ignore[assignment]
    app = FastAPI()
    app.include_router(make_source_routes(desk, "zh", ""))
    return TestClient(app)


def version_of(store: Store, format: str) -> tuple[str, int, int]:
    """Content hash of a version, and where its first sentence about roads stands."""
    version = next(version for version in store.registry.versions() if version.format == format)
    letter = store.registry.version(version.version_id)
    sentence = next(sentence for sentence in letter.sentences if "农村公路1" in sentence.text)
    return version.content_hash, sentence.start, sentence.end


def boxes_in(page: str) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of each mark on a page's picture, in shares."""
    found = re.findall(r'class="box" style="left:([\d.]+)%;top:([\d.]+)%;width:([\d.]+)%;height:([\d.]+)%"', page)
    return [tuple(float(number) / 100 for number in box) for box in found]  # type: ignore[misc]


def test_cited_sentence_is_marked_where_it_stands_on_the_page(visitor: TestClient, kept: Store) -> None:
    version, start, end = version_of(kept, "pdf")
    page = visitor.get("/source", params={"letter": LETTER, "version": version, "start": start, "end": end, "part": True}).text
    boxes = boxes_in(page)
    assert len(boxes) == 2  # lines
    assert 'value="pages" checked' in page
    address = re.findall(r'<img src="(page\?[^"]+)"', page)[0]
    picture = visitor.get("/" + unescape(address))
    assert picture.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(picture.content)) as image:
        ink = np.asarray(image.convert("L")) < 128
    height, width = ink.shape
    for left, top, wide, high in boxes:
        inside = ink[round(top * height) : round((top + high) * height), round(left * width) : round((left + wide) * width)]
        assert 0.05 < inside.mean() < 0.5  # a line of characters
    below = boxes[-1][1] + boxes[-1][3]
    assert not ink[round(below * height) + 2 : round(below * height) + 6].any()  # the space between lines


def test_ofd_page_is_drawn_with_its_text_in_place(visitor: TestClient, kept: Store) -> None:
    version, start, end = version_of(kept, "ofd")
    page = visitor.get("/source", params={"letter": LETTER, "version": version, "start": start, "end": end, "part": True}).text
    picture = visitor.get("/" + unescape(re.findall(r'<img src="(page\?[^"]+)"', page)[0]))
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "script" not in picture.text
    line = re.search(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>　　2022年，全市新改建农村公路128.6公里', picture.text)
    assert line
    _, top, _, high = boxes_in(page)[0]
    assert top < float(line[2]) / 297 < top + high + 0.005


def test_text_is_shown_where_the_format_has_no_pages(visitor: TestClient, kept: Store) -> None:
    version, start, end = version_of(kept, "txt")
    page = visitor.get("/source", params={"letter": LETTER, "version": version, "start": start, "end": end}).text
    assert "page?" not in page
    assert re.search(r"<mark[^>]*>2022年，全市新改建农村公路130.2公里", page)


def test_earlier_version_says_so_and_leads_to_the_current_one(visitor: TestClient, kept: Store) -> None:
    version, *_ = version_of(kept, "pdf")
    page = visitor.get("/source", params={"letter": LETTER, "version": version, "part": True}).text
    assert "版本 1/2" in page
    assert "这是较早的版本" in page
    current = visitor.get("/source", params={"letter": LETTER, "part": True}).text
    assert "版本 2/2" in current
    assert "这是较早的版本" not in current
    assert "letter.pdf" in current
    assert "again.txt" in current


def test_version_that_is_gone_shows_the_current_one_without_a_mark(visitor: TestClient) -> None:
    page = visitor.get("/source", params={"letter": LETTER, "version": "0" * 64, "start": 0, "end": 9, "part": True})
    assert page.status_code == 200
    assert "引用时的版本已不在文件库中" in page.text
    assert "<mark" not in page.text
    assert visitor.get("/source", params={"letter": "none", "version": "0" * 64}).status_code == 404


def test_original_is_downloaded_byte_by_byte_under_its_own_name(visitor: TestClient, kept: Store) -> None:
    version, *_ = version_of(kept, "pdf")
    reply = visitor.get("/original", params={"letter": LETTER, "version": version})
    assert reply.content == (FORMATS / "letter.pdf").read_bytes()
    assert "attachment" in reply.headers["content-disposition"]
    assert "letter.pdf" in reply.headers["content-disposition"]
    assert visitor.get("/original", params={"letter": "../../etc/passwd"}).status_code == 404
    assert visitor.get("/original", params={"letter": LETTER, "version": "../x"}).status_code == 404


def test_page_that_cannot_be_drawn_says_so(visitor: TestClient, kept: Store) -> None:
    version, *_ = version_of(kept, "pdf")
    reply = visitor.get("/page", params={"letter": LETTER, "version": version, "number": 99})
    assert reply.status_code == 200
    assert "这一页无法显示" in reply.text


def test_damaged_and_fatal_files_end_neither_the_drawer_nor_this_process(drawer: PageDrawer, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes((FORMATS / "letter.pdf").read_bytes()[:200])
    with pytest.raises(ReadError, match="cannot be drawn"):
        drawer.draw(damaged, "pdf", 1)
    process = next(iter(drawer._pool._processes.values()))  # type: ignore[union-attr]
    process.kill()
    whole = tmp_path / "whole.pdf"
    shutil.copy(FORMATS / "letter.pdf", whole)
    with pytest.raises(ReadError, match="crashed"):
        drawer.draw(whole, "pdf", 1)
    assert drawer.draw(whole, "pdf", 2).content.startswith(b"\x89PNG")


def test_pages_of_pictures_are_measured_and_drawn(drawer: PageDrawer) -> None:
    assert len(drawer.measure(FORMATS / "scan.tiff", "tiff")) == 2
    with Image.open(io.BytesIO(drawer.draw(FORMATS / "scan.jpg", "jpg", 1).content)) as image:
        assert image.size == (870, 1230)
    assert "data:image/png;base64," in drawer.draw(FORMATS / "scan.ofd", "ofd", 1).content.decode()


def test_the_lines_of_a_sentence_are_cut_out_of_its_page(visitor: TestClient, kept: Store) -> None:
    version, start, end = version_of(kept, "pdf")
    asked = {"letter": kept.registry.letters()[0].letter_id, "version": version}
    page = Image.open(io.BytesIO(visitor.get("/page", params={**asked, "number": 1}).content))
    answer = visitor.get("/line", params={**asked, "start": start, "end": end})
    line = Image.open(io.BytesIO(answer.content))
    assert answer.headers["content-type"] == "image/png"
    assert line.width > page.width / 2
    assert page.height / 100 < line.height < page.height / 8
    left, top, _, height = boxes_in(visitor.get("/source", params={**asked, "start": start, "end": end}).text)[0]
    on_page = page.crop((round(left * page.width), round(top * page.height), page.width // 2, round((top + height) * page.height)))
    assert np.asarray(on_page.convert("L")).min() < 100  # there is ink
    strip = np.asarray(line.convert("L"))
    assert any(
        np.array_equal(strip[y : y + on_page.height, x : x + on_page.width], np.asarray(on_page.convert("L")))
        for y in range(line.height - on_page.height + 1)
        for x in range(min(100, line.width - on_page.width + 1))
    )


def test_the_lines_of_an_ofd_page_are_a_part_of_its_drawing(visitor: TestClient, kept: Store) -> None:
    version, start, end = version_of(kept, "ofd")
    answer = visitor.get("/line", params={"letter": kept.registry.letters()[0].letter_id, "version": version, "start": start, "end": end})
    assert answer.headers["content-type"] == "image/svg+xml"
    left, top, width, height = (float(side) for side in re.findall(r'viewBox="([^"]+)"', answer.text)[0].split())
    assert (left >= 0, top >= 0) == (True, True)
    assert height < width / 3
    assert "data:image/svg+xml;base64," in answer.text


def test_a_sentence_without_a_place_has_no_picture(visitor: TestClient, kept: Store) -> None:
    version, start, end = version_of(kept, "txt")
    asked = {"letter": kept.registry.letters()[0].letter_id, "version": version}
    assert visitor.get("/line", params={**asked, "start": start, "end": end}).status_code == 404
    assert visitor.get("/line", params={"letter": "none", "start": 0, "end": 9}).status_code == 404
