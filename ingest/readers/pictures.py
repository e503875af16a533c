"""Picture files (png, jpg, tiff, bmp, webp) as scanned pages (the only importer of PIL)."""

from __future__ import annotations

import io
import re
import time
import warnings
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

from ingest.readers.ocr import Picture, recognise_page
from rag.errors import ReadError
from rag.records import Page

MAX_PIXELS = 120_000_000  # of one page: an A3 sheet at 800 dpi
MAX_SCANNED_PAGES = 80
MAX_SECONDS = 600.0  # for one file; what is read by then would be a part only, so it is refused
_SMALLEST_PAGE = 300  # pixels; smaller ones are seals and logos
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")


def read_pictures(data: bytes, file: str) -> tuple[Page, ...]:
    """Read a picture, or a tiff of several pages.

    Raises:
        ReadError: it is damaged, too large or has too many pages.
    """
    watch = ReadingTime(file)
    pages = []
    for number, picture in enumerate(_open_pages(data, file), start=1):
        pages.append(recognise_page(picture, number))
        watch.check(number)
    return tuple(pages)


def read_packed_pictures(data: bytes, file: str) -> tuple[Page, ...]:
    """Read the pictures within a Word document that holds nothing else, in the order of their numbers.

    Raises:
        ReadError: there are too many.
    """
    watch = ReadingTime(file)
    pages: list[Page] = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if "/media/" in name]
        for name in sorted(names, key=lambda name: [int(part) if part.isdigit() else 0 for part in re.split(r"(\d+)", name)]):
            try:
                picture = decode_picture(package.read(name), file)
            except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
                continue
            if picture is not None and min(picture.shape[:2]) >= _SMALLEST_PAGE:
                watch.check(len(pages) + 1)
                pages.append(recognise_page(picture, len(pages) + 1))
    return tuple(pages)


class ReadingTime:
    """Ends the reading of a file that takes too long."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._started = time.monotonic()

    def check(self, pages: int) -> None:
        """Look at the clock.

        Raises:
            ReadError: the time is over.
        """
        if pages > MAX_SCANNED_PAGES:
            raise ReadError(
                f"{self._file}: more than the {MAX_SCANNED_PAGES} scanned pages a letter may have. Split it.",
                f"{self._file}：扫描页超过每份文件 {MAX_SCANNED_PAGES} 页的上限。请拆分。",
            )
        if time.monotonic() - self._started > MAX_SECONDS:
            raise ReadError(
                f"{self._file}: not read to its end within {MAX_SECONDS:.0f} s (stopped after page {pages}). Split it.",
                f"{self._file}：{MAX_SECONDS:.0f} 秒内未能识别完（停在第 {pages} 页）。请拆分。",
            )


def decode_picture(data: bytes, file: str) -> Picture | None:
    """The first page of a picture that is part of another file; None if it cannot be read."""
    try:
        return next(_open_pages(data, file), None)
    except ReadError:
        return None


def _open_pages(data: bytes, file: str) -> Iterator[Picture]:
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library, about metadata and size; the size is checked here
        try:
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            frames = getattr(image, "n_frames", 1)
            if frames > MAX_SCANNED_PAGES:
                raise ReadError(
                    f"{file}: {frames} pages are more than the {MAX_SCANNED_PAGES} scanned pages a letter may have. Split it.",
                    f"{file}：共 {frames} 页，超过每份文件 {MAX_SCANNED_PAGES} 页扫描页的上限。请拆分。",
                )
            for frame in range(frames):
                image.seek(frame)
                if image.width * image.height > MAX_PIXELS:
                    raise ReadError(
                        f"{file}: a picture of {image.width}×{image.height} pixels is more than the {MAX_PIXELS // 1_000_000} million "
                        "a page may have. Scan it with 200 to 300 dpi.",
                        f"{file}：图片为 {image.width}×{image.height} 像素，超过每页 {MAX_PIXELS // 10_000} 万像素的上限。请用 200 至 300 dpi 扫描。",
                    )
                upright = ImageOps.exif_transpose(image)
                yield _on_white(upright)
        except ReadError:
            raise
        except Exception as error:
            raise ReadError(
                f"{file}: a damaged picture ({type(error).__name__}: {error}). Scan or download it again.",
                f"{file}：图片已损坏（{type(error).__name__}: {error}）。请重新扫描或下载。",
            ) from error


def _on_white(image: object) -> Picture:
    """RGB pixels; what is transparent becomes white, sixteen grey bits become eight."""
    from PIL import Image

    assert isinstance(image, Image.Image)
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float32)
        low, high = float(values.min()), float(values.max())
        grey = ((values - low) / max(high - low, 1e-6) * 255).astype(np.uint8)
        return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layers = image.convert("RGBA")
        white = Image.new("RGBA", layers.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, layers)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"), dtype=np.uint8))


def fit_picture(picture: Picture, width: int, height: int) -> Picture:
    """The picture in another size."""
    from PIL import Image

    return np.ascontiguousarray(np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS), dtype=np.uint8))


def encode_png(picture: Picture) -> bytes:
    """The picture as a PNG file."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    return stream.getvalue()


def cut_png(content: bytes, shares: tuple[float, float, float, float]) -> bytes:
    """A part of a PNG, from left, top to right, bottom as shares of its sides, as a PNG."""
    from PIL import Image

    stream = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
        edges = [round(share * side) for share, side in zip(shares, image.size * 2, strict=True)]
        image.crop((edges[0], edges[1], max(edges[2], edges[0] + 1), max(edges[3], edges[1] + 1))).save(stream, "PNG")
    return stream.getvalue()


def open_picture_page(data: bytes, file: str, number: int) -> Picture:
    """One page, counted from 1, of a picture file as it is looked at.

    Raises:
        ReadError: it is damaged or has no such page.
    """
    for place, picture in enumerate(_open_pages(data, file), start=1):
        if place == number:
            return picture
    raise ReadError(
        f"{file}: the file has no page {number}. Choose a page that it has, or take the file in again.",
        f"{file}：文件没有第 {number} 页。请选择已有的页，或重新入库该文件。",
    )


def measure_pictures(data: bytes, file: str) -> list[tuple[float, float]]:
    """Width and height of each page in pixels."""
    return [(float(picture.shape[1]), float(picture.shape[0])) for picture in _open_pages(data, file)]
