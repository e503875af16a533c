"""The originals behind letters: their versions, their files, their pages as pictures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.errors import ReadError
from rag.records import Letter

if TYPE_CHECKING:
    from ingest.page_pictures import PageDrawer, PagePicture, PageSize
    from rag.pipeline import Pipeline
    from rag.rows import Version


class Originals(Protocol):
    """What the source view needs."""

    def letter(self, letter_id: str, version: str = "") -> Letter | None:
        """A version of a letter by its content hash, the current one where that is empty; None where there is none."""
        ...

    def versions(self, letter_id: str) -> Sequence[Version]:
        """All versions of a letter, in order of issue, those that are other sources of the same text among them."""
        ...

    def file(self, letter: Letter) -> Path | None:
        """The original as it was taken in; None where it is not kept."""
        ...

    def sizes(self, letter: Letter) -> tuple[PageSize, ...]:
        """Of each page that can be shown as a picture; none where the format has no pages."""
        ...

    def draw(self, letter: Letter, number: int) -> PagePicture:
        """One page, counted from 1.

        Raises:
            ReadError: it cannot be drawn.
        """
        ...


def cut_out(originals: Originals, letter: Letter, start: int, end: int) -> PagePicture | None:
    """The lines of a quoted sentence as they stand on the page that it begins on; None where the format has no places.

    Raises:
        ReadError: the page cannot be drawn.
    """
    from ingest.page_pictures import cut_lines

    boxes = [box for sentence in letter.sentences if sentence.start < end and sentence.end > start for box in sentence.boxes]
    number = (boxes[0].page or 1) if boxes else 0
    sizes = originals.sizes(letter) if boxes else ()
    if number > len(sizes) or not boxes:
        return None
    return cut_lines(originals.draw(letter, number), [box for box in boxes if (box.page or 1) == number], sizes[number - 1])


class LiveOriginals:
    """From the store. Pages are drawn in a process of their own, which starts with the first page that is looked at."""

    def __init__(self, folder: Path, open_pipeline: Callable[[], Pipeline]) -> None:
        self._folder = folder
        self._open_pipeline = open_pipeline
        self._drawer: PageDrawer | None = None
        self._lock = threading.Lock()

    def letter(self, letter_id: str, version: str = "") -> Letter | None:
        """See `Originals`."""
        registry = self._open_pipeline().store.registry
        if not version:
            return registry.letter(letter_id) if letter_id in registry.view() else None
        found = next((known for known in registry.versions(letter_id) if known.content_hash == version), None)
        return registry.version(found.version_id) if found else None

    def versions(self, letter_id: str) -> Sequence[Version]:
        """See `Originals`."""
        found = self._open_pipeline().store.registry.versions(letter_id)
        return sorted(found, key=lambda version: (version.issued_on is not None, version.issued_on, version.version_id))

    def file(self, letter: Letter) -> Path | None:
        """See `Originals`."""
        folder = self._folder / "originals" / letter.content_hash[:2]
        return next((path for path in folder.glob(f"{letter.content_hash}.*") if path.suffix != ".part"), None)

    def sizes(self, letter: Letter) -> tuple[PageSize, ...]:
        """See `Originals`."""
        from ingest.page_pictures import DRAWN_FORMATS

        path = self.file(letter)
        if path is None or letter.format not in DRAWN_FORMATS:
            return ()
        try:
            return self._draws().measure(path, letter.format)
        except ReadError:
            return ()  # its text is shown

    def draw(self, letter: Letter, number: int) -> PagePicture:
        """See `Originals`."""
        path = self.file(letter)
        if path is None:
            raise ReadError(f"The original of {letter.file} is not kept.", f"{letter.file} 的原件没有保存。")
        return self._draws().draw(path, letter.format, number)

    def _draws(self) -> PageDrawer:
        from ingest.page_pictures import PageDrawer

        with self._lock:
            if self._drawer is None:
                self._drawer = PageDrawer()
            return self._drawer
