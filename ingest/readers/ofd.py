"""OFD documents (GB/T 33190; the only importer of ofdkit): text by its places; pages that are pictures by character recognition."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from defusedxml import ElementTree

from ingest.readers.arrange import Character, arrange_page
from ingest.readers.ocr import Picture, recognise_page
from ingest.readers.pictures import ReadingTime, decode_picture, fit_picture
from rag.errors import ReadError
from rag.records import Page

MAX_PAGES = 500
_DOTS_PER_MM = 200 / 25.4
_MARGIN = 2.0  # mm by which text may stick out of the page
_ASCENT = 0.86  # of the type size that stands above the baseline
_PICTURE_SHARE = 0.3  # of the page that pictures cover before it may be a scan
_FEW_CHARACTERS = 40


def read_ofd(data: bytes, file: str) -> tuple[Page, ...]:
    """Read an OFD, page by page.

    Raises:
        ReadError: it is damaged, locked or has too many pages.
    """
    import ofdkit

    watch = ReadingTime(file)
    try:
        with ofdkit.open(data) as document:
            if len(document.pages) > MAX_PAGES:
                raise ReadError(
                    f"{file}: {len(document.pages)} pages are more than the {MAX_PAGES} a letter may have. Split it.",
                    f"{file}：共 {len(document.pages)} 页，超过每份文件 {MAX_PAGES} 页的上限。请拆分。",
                )
            drawn = _Pictures(data)
            pages = tuple(_read_page(page, number, drawn, watch) for number, page in enumerate(document.pages, start=1))
    except ofdkit.OFDError as error:
        raise ReadError(
            f"{file}: a damaged OFD ({error}). Export it again, or save it as pdf.",
            f"{file}：OFD 文件已损坏（{error}）。请重新导出，或存为 pdf。",
        ) from error
    if not any(page.text.strip() for page in pages):
        unread = f", {len(drawn.unread)} picture(s) of a kind that cannot be read ({drawn.unread[0]})" if drawn.unread else ""
        unread_zh = f"，{len(drawn.unread)} 张图片的格式无法读取（{drawn.unread[0]}）" if drawn.unread else ""
        raise ReadError(
            f"{file}: {len(pages)} page(s) without any text{unread}; OCR found none either. Save it as pdf or scan it again.",
            f"{file}：共 {len(pages)} 页，没有文字{unread_zh}，文字识别也没有结果。请存为 pdf 或重新扫描。",
        )
    return pages


def _read_page(page: Any, number: int, drawn: _Pictures, watch: ReadingTime) -> Page:  # noqa: ANN401 - objects of a library, loaded late
    left, top, width, height = page.box
    characters = [
        character
        for run in page.runs
        if left - _MARGIN <= run.x <= left + width + _MARGIN and top - _MARGIN <= run.y <= top + height + _MARGIN
        for character in _spread(run, left, top)
    ]
    if len(characters) <= _FEW_CHARACTERS and page.location:
        picture = drawn.draw_page(page.location, width, height)
        if picture is not None:
            watch.check(number)
            recognised = recognise_page(picture, number)
            if len(recognised.text) > len(characters):
                return recognised
    return arrange_page(characters, width, height, number)


def _spread(run: Any, left: float, top: float) -> list[Character]:  # noqa: ANN401
    """The characters of one run, its width shared out among them."""
    weights = [0.5 if character.isascii() else 1.0 for character in run.text]
    whole = sum(weights)
    if not whole:
        return []
    size = run.size or 3.7
    step = (run.width or whole * size) / whole
    upper, lower, x = run.y - top - _ASCENT * size, run.y - top + (1 - _ASCENT) * size, run.x - left
    characters: list[Character] = []
    for character, weight in zip(run.text, weights, strict=True):
        if not character.isspace():
            characters.append(Character(character, x, upper, x + step * weight, lower))
        x += step * weight
    return characters


@dataclass(slots=True)
class _Pictures:
    """Draws the pictures of a page where they stand."""

    data: bytes
    unread: list[str] = field(default_factory=list)  # pictures that could not be decoded
    _files: dict[str, str] | None = None  # id of a resource → path in the package

    def draw_page(self, location: str, width: float, height: float) -> Picture | None:
        """The page's pictures on white; None where they cover too little of it."""
        if not 1 < width < 3000 or not 1 < height < 3000:
            return None
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as package:
                placed = self._placed(package, location)
                if sum(wide * tall for _, (_, _, wide, tall) in placed) < _PICTURE_SHARE * width * height:
                    return None
                scale = min(_DOTS_PER_MM, 5000 / max(width, height))
                canvas = np.full((round(height * scale), round(width * scale), 3), 255, dtype=np.uint8)
                drawn = sum([_paste(canvas, package.read(name), box, scale) or self._note(name) for name, box in placed])
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, RuntimeError, EOFError, NotImplementedError):
            return None
        return canvas if drawn else None

    def _note(self, name: str) -> bool:
        self.unread.append(posixpath.basename(name))
        return False

    def _placed(self, package: zipfile.ZipFile, location: str) -> list[tuple[str, tuple[float, float, float, float]]]:
        if self._files is None:
            self._files = _resource_files(package)
        placed: list[tuple[str, tuple[float, float, float, float]]] = []
        for element in ElementTree.fromstring(package.read(location)).iter():
            if _local(element.tag) != "ImageObject":
                continue
            numbers = [float(part) for part in (element.get("Boundary") or "").split()]
            path = self._files.get((element.get("ResourceID") or "").strip())
            if len(numbers) == 4 and path and all(abs(number) < 10000 for number in numbers):
                placed.append((path, (numbers[0], numbers[1], numbers[2], numbers[3])))
        return placed


def _resource_files(package: zipfile.ZipFile) -> dict[str, str]:
    """Where the pictures of all resource lists lie."""
    names = {name.casefold(): name for name in package.namelist()}
    files: dict[str, str] = {}
    for name in package.namelist():
        if not name.lower().endswith(".xml") or "res" not in posixpath.basename(name).lower():
            continue
        root = ElementTree.fromstring(package.read(name))
        base = posixpath.join(posixpath.dirname(name), root.get("BaseLoc") or "")
        for element in root.iter():
            if _local(element.tag) != "MultiMedia":
                continue
            media = next((child.text for child in element if _local(child.tag) == "MediaFile"), None)
            for folder in (base, posixpath.dirname(name), ""):
                path = posixpath.normpath(posixpath.join(folder, (media or "").strip())).lstrip("/")
                if media and path.casefold() in names:
                    files.setdefault((element.get("ID") or "").strip(), names[path.casefold()])
                    break
    return files


def _paste(canvas: Picture, content: bytes, box: tuple[float, float, float, float], scale: float) -> bool:
    picture = decode_picture(content, "picture")
    if picture is None:
        return False
    left, top, width, height = (round(number * scale) for number in box)
    x0, y0, x1, y1 = max(0, left), max(0, top), min(canvas.shape[1], left + width), min(canvas.shape[0], top + height)
    if x1 <= x0 or y1 <= y0 or width > 3 * canvas.shape[1] or height > 3 * canvas.shape[0]:
        return False
    fitted = fit_picture(picture, width, height)
    canvas[y0:y1, x0:x1] = fitted[y0 - top : y1 - top, x0 - left : x1 - left]
    return True


def _local(tag: object) -> str:
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""
