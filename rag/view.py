"""What answering needs of one state of the store, kept until the store changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from rag.names import Known, KnownPlace
from rag.passages import Passages
from rag.records import Figure, Letter
from rag.store import Store

HOME_SHARE = 0.5  # share of letters that a city and the places under it must have to be taken as home


class View:
    """The letters, figures and names that count on one day."""

    def __init__(self, store: Store, as_of: date | None, home: str) -> None:
        """Read the light records; whole letters are read when they are asked for."""
        self.store = store
        self.as_of = as_of
        self.letters: list[Letter] = store.registry.letters(as_of)
        self.figures: list[Figure] = store.registry.figures(as_of=as_of)
        self.known = build_known(self.letters, self.figures, home)
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


def build_known(letters: Sequence[Letter], figures: Sequence[Figure], home: str) -> Known:
    """The names that questions may use.

    A home that is not set is taken from the letters where one city with the places under it clearly dominates.
    """
    places: dict[str, str | None] = {}
    for letter in letters:
        if letter.place:
            places[letter.place] = places.get(letter.place) or letter.parent_place
        if letter.parent_place:
            places.setdefault(letter.parent_place, None)
    for figure in figures:
        if figure.place:
            places.setdefault(figure.place, None)
    return Known(
        places=tuple(KnownPlace(name, parent) for name, parent in sorted(places.items())),
        bodies=tuple(sorted({body for letter in letters for body in letter.bodies})),
        people=tuple(sorted({p for letter in letters for p in (*letter.addressees, letter.signer or "", letter.contact or "") if p})),
        indicators=tuple(sorted({figure.name for figure in figures})),
        doc_numbers=tuple(sorted({letter.doc_number for letter in letters if letter.doc_number})),
        home=home or dominant_place(letters),
        home_set=bool(home),
    )


def dominant_place(letters: Sequence[Letter]) -> str:
    """The city that most letters come from, the places under it counted with it; empty where none dominates."""
    own = Counter(letter.parent_place or letter.place for letter in letters if letter.place and not letter.place.endswith("省"))
    if not own:
        return ""
    (name, count), *rest = own.most_common(2)
    second = rest[0][1] if rest else 0
    return name if name and count >= HOME_SHARE * len(letters) and count > 2 * second else ""
