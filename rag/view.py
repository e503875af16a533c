"""What answering needs of one state of the store, kept until the store changes."""

from __future__ import annotations

from datetime import date

from rag.known import make_known
from rag.passages import Passages
from rag.records import Figure, Letter
from rag.store import Store


class View:
    """The letters, figures and names that count on one day."""

    def __init__(self, store: Store, as_of: date | None, home: str) -> None:
        """Read the light records; whole letters are read when they are asked for."""
        self.store = store
        self.as_of = as_of
        self.letters: list[Letter] = store.registry.letters(as_of)
        self.figures: list[Figure] = store.registry.figures(as_of=as_of)
        self.known = make_known(self.letters, self.figures, home)
        self._passages: Passages | None = None

    def letter(self, letter_id: str) -> Letter:
        """One whole letter, as it stood on the view's day."""
        return self.store.registry.letter(letter_id, self.as_of)

    @property
    def passages(self) -> Passages:
        """The quotable sentences; counted at first use."""
        if self._passages is None:
            texts = [chunk.text for chunk in self.store.registry.chunks(as_of=self.as_of)]
            self._passages = Passages(texts, self.letter, self.store.encoder.encode)
        return self._passages
