"""PDF files (the only importer of pypdfium2): written text by its places, scanned pages by character recognition, page by page."""

from __future__ import annotations

from typing import Any

import numpy as np

from ingest.readers.arrange import Character, arrange_page
from ingest.readers.ocr import Picture, recognise_page
from ingest.readers.pictures import ReadingTime
from rag.errors import ReadError
from rag.records import Page

MAX_PAGES = 500
_SCAN_DPI = 200
_FEW_CHARACTERS = 40  # a page number and the mark of a scanning program
_PICTURE_SHARE = 0.3  # of the page that a picture covers before it may be a scan


def read_pdf(data: bytes, file: str) -> tuple[Page, ...]:
    """Read a PDF, page by page.

    Raises:
        ReadError: it is locked, damaged, or has too many pages.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError(
                f"{file}: locked with a password. Save a copy without one.", f"{file}：有密码保护。请另存一份不设密码的。"
            ) from error
        raise ReadError(
            f"{file}: a damaged PDF ({error}). Download or export it again.", f"{file}：PDF 已损坏（{error}）。请重新下载或导出。"
        ) from error
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise ReadError(
                f"{file}: {count} pages are more than the {MAX_PAGES} a letter may have. Split it.",
                f"{file}：共 {count} 页，超过每份文件 {MAX_PAGES} 页的上限。请拆分。",
            )
        watch = ReadingTime(file)
        pages = tuple(_read_page(document[index], index + 1, watch) for index in range(count))
    except pypdfium2.PdfiumError as error:
        raise ReadError(
            f"{file}: a page of this PDF cannot be read ({error}). Export it again.",
            f"{file}：PDF 中有一页无法读取（{error}）。请重新导出。",
        ) from error
    finally:
        document.close()
    if not any(page.text.strip() for page in pages):
        raise ReadError(
            f"{file}: {len(pages)} page(s) without any text; OCR found none either. Scan it again, straight and with 200 dpi or more.",
            f"{file}：共 {len(pages)} 页，没有文字，文字识别也没有结果。请摆正后用 200 dpi 以上重新扫描。",
        )
    return pages


def draw_page(data: bytes, number: int, width: int) -> Picture:
    """The picture of a page, to show it with its lines marked.

    Args:
        data: the PDF.
        number: of the page, from 1.
        width: of the picture in pixels.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        page = document[number - 1]
        return _draw(page, width / max(page.get_width(), 1.0))
    finally:
        document.close()


def measure_pdf(data: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points, as it is looked at."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return [document.get_page_size(index) for index in range(len(document))]
    finally:
        document.close()


def _read_page(page: Any, number: int, watch: ReadingTime) -> Page:  # noqa: ANN401 - objects of a library without types
    try:
        text_page = page.get_textpage()
        try:
            characters = _read_characters(text_page, _view_of(page))
        finally:
            text_page.close()
        width, height = page.get_size()
        if _is_scan(page, characters):
            watch.check(number)
            scale = min(_SCAN_DPI / 72, 5000 / max(width, height, 1.0))
            recognised = recognise_page(_draw(page, scale), number)
            if len(recognised.text.split()) and len(recognised.text) >= len(characters):
                return recognised
        return arrange_page(characters, width, height, number)
    finally:
        page.close()


def _is_scan(page: Any, characters: list[Character]) -> bool:  # noqa: ANN401
    """A page that shows pictures and hardly any text, or text that has no readable characters behind its shapes."""
    readable = [c for c in characters if c.text.isprintable() and not "\ue000" <= c.text <= "\uf8ff" and c.text != "\ufffd"]
    if len(readable) * 2 < len(characters):
        return True
    if len(readable) > _FEW_CHARACTERS:
        return False
    import pypdfium2.raw as raw

    covered, paths = 0.0, 0
    area = max(page.get_width() * page.get_height(), 1.0)
    for found, item in enumerate(page.get_objects(max_depth=3)):
        if found > 5000:
            break
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom) / area
        elif item.type == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
    return covered > _PICTURE_SHARE or paths > 200  # text turned into outlines


def _draw(page: Any, scale: float) -> Picture:  # noqa: ANN401
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        pixels = bitmap.to_numpy()
        if pixels.ndim == 2 or pixels.shape[2] == 1:
            return np.ascontiguousarray(np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2))
        return np.ascontiguousarray(pixels[:, :, :3])
    finally:
        bitmap.close()


def _view_of(page: Any) -> tuple[float, float, float, float, int]:  # noqa: ANN401
    """The visible part of the page, and how far it is turned for viewing."""
    left, bottom, right, top = page.get_bbox()
    return left, bottom, right, top, int(page.get_rotation()) % 360


def _read_characters(text_page: Any, view: tuple[float, float, float, float, int]) -> list[Character]:  # noqa: ANN401
    count = text_page.count_chars()
    text = text_page.get_text_range(0, count) if count else ""
    single = len(text) == count
    characters: list[Character] = []
    for place in range(count):
        character = text[place] if single else text_page.get_text_range(place, 1)
        if not character or character.isspace() or character in "\ufffe\u0002\x00":
            continue
        characters.append(Character(character, *_turn(text_page.get_charbox(place, loose=True), view)))
    return characters


def _turn(box: tuple[float, float, float, float], view: tuple[float, float, float, float, int]) -> tuple[float, float, float, float]:
    """From the file's coordinates (upwards, before turning) to those of the page as it is looked at."""
    x0, y0, x1, y1 = box
    left, bottom, right, top, turned = view
    if turned == 90:
        return y0 - bottom, x0 - left, y1 - bottom, x1 - left
    if turned == 180:
        return right - x1, y0 - bottom, right - x0, y1 - bottom
    if turned == 270:
        return top - y1, right - x1, top - y0, right - x0
    return x0 - left, top - y1, x1 - left, top - y0
