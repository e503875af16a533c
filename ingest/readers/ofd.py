"""OFD documents (GB/T 33190; the only importer of ofdkit): text by its places; pages that are pictures by character recognition."""

from __future__ import annotations

import base64
import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from defusedxml import ElementTree

from ingest.readers.arrange import Character, arrange_page
from ingest.readers.ocr import Picture, recognise_page
from ingest.readers.pictures import ReadingTime, decode_picture, encode_png, fit_picture
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
                placed = self.placed(package, location)
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

    def placed(self, package: zipfile.ZipFile, location: str) -> list[tuple[str, tuple[float, float, float, float]]]:
        """The pictures of a page: path in the package, and left, top, width and height in mm."""
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


# ---------------------------------------------------------------- pages to look at


def measure_ofd(data: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in millimetres."""
    import ofdkit

    with ofdkit.open(data) as document:
        return [(page.width, page.height) for page in document.pages]


def draw_ofd_page(data: bytes, number: int) -> str:
    """A page, counted from 1, as SVG: text, lines and pictures where they stand. Seals and gradients are left out."""
    import ofdkit

    with ofdkit.open(data) as document, zipfile.ZipFile(io.BytesIO(data)) as package:
        page = document.pages[number - 1]
        left, top, width, height = page.box
        pictures = _Pictures(data)
        parts = [f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#fff"/>']
        if page.location:
            root = ElementTree.fromstring(package.read(page.location))
            parts += [_show_picture(package, name, box) for name, box in pictures.placed(package, page.location)]
            parts += [_show_path(element) for element in root.iter() if _local(element.tag) == "PathObject"]
        parts += [_show_run(run) for run in page.runs if run.text.strip()]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{left} {top} {width} {height}" '
        f'width="{width}mm" height="{height}mm" font-family="SimSun, Songti SC, Noto Serif CJK SC, serif">{"".join(parts)}</svg>'
    )


def _show_run(run: Any) -> str:  # noqa: ANN401
    stretched = f' textLength="{run.width:.2f}"' if run.width and len(run.text) > 1 else ""
    return (
        f'<text x="{run.x:.2f}" y="{run.y:.2f}" font-size="{run.size or 3.7:.2f}" xml:space="preserve"{stretched}>{escape(run.text)}</text>'
    )


def _show_picture(package: zipfile.ZipFile, name: str, box: tuple[float, float, float, float]) -> str:
    picture = decode_picture(package.read(name), name)
    if picture is None:
        return ""
    content = base64.b64encode(encode_png(picture)).decode()
    x, y, width, height = box
    return f'<image x="{x}" y="{y}" width="{width}" height="{height}" preserveAspectRatio="none" href="data:image/png;base64,{content}"/>'


def _show_path(element: Any) -> str:  # noqa: ANN401
    """A line or frame: OFD's S, M, L, Q, B, A and C are SVG's M, M, L, Q, C, A and Z."""
    numbers = re.compile(r"-?\d+(?:\.\d+)?")
    place = numbers.findall(element.get("Boundary") or "")
    drawn = next((child.text or "" for child in element if _local(child.tag) == "AbbreviatedData"), "")
    if len(place) != 4 or not re.fullmatch(r"[SMLQBAC\d.\s\-]*", drawn):
        return ""
    turned = numbers.findall(element.get("CTM") or "")
    moved = f"translate({place[0]} {place[1]})" + (f" matrix({' '.join(turned)})" if len(turned) == 6 else "")
    line = "none" if element.get("Stroke") == "false" else _colour_of(element, "StrokeColor")
    inside = _colour_of(element, "FillColor") if element.get("Fill") == "true" else "none"
    width = (numbers.findall(element.get("LineWidth") or "") or ["0.353"])[0]
    path = drawn.translate(str.maketrans("SBC", "MCZ"))
    return f'<path d="{path}" transform="{moved}" fill="{inside}" stroke="{line}" stroke-width="{width}"/>'


def _colour_of(element: Any, kind: str) -> str:  # noqa: ANN401
    found = next((child.get("Value") or "" for child in element if _local(child.tag) == kind), "")
    parts = [part for part in found.split() if part.isdigit() and int(part) < 256]
    return f"rgb({','.join(parts)})" if len(parts) == 3 else "#000"
