"""What answering needs of one state of the store, kept until the store changes."""

from __future__ import annotations

from datetime import date

from rag.filters import NOTHING, Filters
from rag.known import make_known
from rag.passages import Passages
from rag.records import Figure, Letter
from rag.store import Store


class View:
    """The letters, figures and names that count on one day. All of it is of one moment, also while the store is written."""

    def __init__(self, store: Store, as_of: date | None, home: str, filters: Filters = NOTHING) -> None:
        """Read the light records of the letters that `filters` keeps; whole letters are read when they are asked for."""
        self.store = store
        self.as_of = as_of
        state = store.registry.state(as_of)
        self.version_ids = state.view
        self.letters: list[Letter] = state.letters
        self.figures: list[Figure] = state.figures
        self.known = make_known(
            self.letters, self.figures, home
        )  # of the whole store: a place keeps its name where its letters are left out
        if filters:
            self.letters = [letter for letter in state.letters if filters.keeps(letter)]
            self.version_ids = {letter.letter_id: state.view[letter.letter_id] for letter in self.letters}
            self.figures = [figure for figure in state.figures if figure.letter_id in self.version_ids]
        self._passages: Passages | None = None

    def letter(self, letter_id: str) -> Letter:
        """One whole letter, as it stood on the view's day."""
        return self.store.registry.version(self.version_ids[letter_id])

    @property
    def passages(self) -> Passages:
        """The quotable sentences; counted at first use."""
        if self._passages is None:
            texts = [chunk.text for chunk in self.store.registry.chunks_of(self.version_ids)]
            self._passages = Passages(texts, self.letter, self.store.encoder.encode)
        return self._passages
