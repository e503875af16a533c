"""Pages of an original as pictures, drawn in a process of their own: the libraries for pages are machine code, which a damaged file may crash."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from ingest.readers.kinds import PICTURE_FORMATS
from ingest.reading import start_pool
from rag.errors import ReadError
from rag.records import Box

DRAWN_FORMATS = ("pdf", "ofd", *PICTURE_FORMATS)
WIDTH = 1240  # pixels: an A4 page at 150 dpi
KEPT = 24  # pictures
SECONDS_AT_MOST = 40
AROUND = 0.008  # share of the page that is shown around a line that is cut out

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page, ready to be sent to a browser."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PageSize:
    """In whatever unit the format has; only their ratio counts."""

    width: float
    height: float


class PageDrawer:
    """Draws pages one after the other; starts its process with the first one."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._drawn: OrderedDict[tuple[Path, int], PagePicture] = OrderedDict()
        self._sizes: dict[Path, tuple[PageSize, ...]] = {}

    def measure(self, path: Path, kind: str) -> tuple[PageSize, ...]:
        """The sizes of all pages.

        Raises:
            ReadError: the file cannot be drawn.
        """
        with self._lock:
            if path not in self._sizes:
                self._sizes[path] = self._run(path, partial(measure_pages, path, kind))
            return self._sizes[path]

    def draw(self, path: Path, kind: str, number: int) -> PagePicture:
        """One page, counted from 1.

        Raises:
            ReadError: the file cannot be drawn, or has no such page.
        """
        key = (path, number)
        with self._lock:
            if key not in self._drawn:
                self._drawn[key] = self._run(path, partial(draw_page_of, path, kind, number))
                if len(self._drawn) > KEPT:
                    self._drawn.popitem(last=False)
            self._drawn.move_to_end(key)
            return self._drawn[key]

    def close(self) -> None:
        """End its process."""
        with self._lock:
            self._end()

    def _run(self, path: Path, work: Callable[[], T]) -> T:
        if self._pool is None:
            self._pool = start_pool(1)
        try:
            return self._pool.submit(work).result(SECONDS_AT_MOST)
        except (BrokenProcessPool, TimeoutError) as error:
            self._end()
            raise ReadError(
                f"{path.name}: its pages cannot be drawn, the program that draws them crashed or hung. Read the text instead.",
                f"{path.name}：无法显示原页，绘制程序崩溃或没有响应。请看文字。",
            ) from error

    def _end(self) -> None:
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def measure_pages(path: Path, kind: str) -> tuple[PageSize, ...]:
    """Runs in the drawing process."""
    from ingest.readers.ofd import measure_ofd
    from ingest.readers.pdf import measure_pdf
    from ingest.readers.pictures import measure_pictures

    data = path.read_bytes()
    try:
        if kind == "pdf":
            sizes = measure_pdf(data)
        elif kind == "ofd":
            sizes = measure_ofd(data)
        else:
            sizes = measure_pictures(data, path.name)
    except Exception as error:  # a damaged file finds faults in any library
        raise _cannot(path, error) from error
    return tuple(PageSize(max(width, 1.0), max(height, 1.0)) for width, height in sizes)


def draw_page_of(path: Path, kind: str, number: int) -> PagePicture:
    """Runs in the drawing process."""
    from ingest.readers.ofd import draw_ofd_page
    from ingest.readers.pdf import draw_page
    from ingest.readers.pictures import encode_png, fit_picture, open_picture_page

    data = path.read_bytes()
    try:
        if kind == "ofd":
            return PagePicture("image/svg+xml", draw_ofd_page(data, number).encode())
        if kind == "pdf":
            return PagePicture("image/png", encode_png(draw_page(data, number, WIDTH)))
        picture = open_picture_page(data, path.name, number)
        if picture.shape[1] > WIDTH:
            picture = fit_picture(picture, WIDTH, max(1, round(picture.shape[0] * WIDTH / picture.shape[1])))
        return PagePicture("image/png", encode_png(picture))
    except Exception as error:
        raise _cannot(path, error) from error


def cut_lines(picture: PagePicture, boxes: Sequence[Box], size: PageSize) -> PagePicture:
    """The strip of a page that holds the boxes of one sentence, with a little around it."""
    left, right = max(0.0, min(b.left for b in boxes) - AROUND), min(1.0, max(b.right for b in boxes) + AROUND)
    top, bottom = max(0.0, min(b.top for b in boxes) - AROUND / 2), min(1.0, max(b.bottom for b in boxes) + AROUND / 2)
    if picture.media_type == "image/png":
        from ingest.readers.pictures import cut_png

        return PagePicture(picture.media_type, cut_png(picture.content, (left, top, right, bottom)))
    within = f"{left * size.width:.2f} {top * size.height:.2f} {(right - left) * size.width:.2f} {(bottom - top) * size.height:.2f}"
    page = f"data:{picture.media_type};base64,{b64encode(picture.content).decode()}"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{within}"><image width="{size.width}" height="{size.height}" href="{page}"/></svg>'
    return PagePicture("image/svg+xml", svg.encode())


def _cannot(path: Path, error: Exception) -> ReadError:
    if isinstance(error, ReadError):
        return error
    return ReadError(
        f"{path.name}: its page cannot be drawn ({type(error).__name__}: {error}). Read the text instead.",
        f"{path.name}：无法显示原页（{type(error).__name__}: {error}）。请看文字。",
    )
