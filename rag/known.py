"""What a store knows by name, from its letters and figures: places with the places they lie in, bodies, people, the home place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.names import Known, KnownPlace, kind_of_place, plausible_place
from rag.records import Figure, Letter

PLACE_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}[市区县省]")
NO_TOWN = re.compile(r"[各个乡等和及、]|[一二三四五六七八九十两]|城镇|集镇|建制")
TOWN_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}(?:街道|镇)")


def make_known(letters: Sequence[Letter], figures: Iterable[Figure], home: str = "") -> Known:
    """What the store knows by name, from its letters and figures."""
    parents: dict[str, str | None] = {}
    votes: Counter[str] = Counter()
    for letter in letters:
        if letter.place:
            parents[letter.place] = parents.get(letter.place) or letter.parent_place
            if letter.parent_place:
                parents.setdefault(letter.parent_place, None)
            votes[letter.parent_place if letter.parent_place and kind_of_place(letter.place) in "区县镇乡道" else letter.place] += 1
    figures = list(figures)
    own = {letter.letter_id: letter.place for letter in letters}
    for figure in figures:
        for place in (figure.place, figure.subject):
            if place and place == figure.place and PLACE_NAME.fullmatch(place):
                parents.setdefault(place, None)
        town = figure.subject or ""
        if TOWN_NAME.fullmatch(town) and not NO_TOWN.search(town):
            parents.setdefault(town, own.get(figure.letter_id))
    dominant = home or _dominant(votes)
    found = Known(
        places=tuple(KnownPlace(name, parent) for name, parent in parents.items()),
        bodies=tuple(dict.fromkeys(b for letter in letters for b in letter.bodies)),
        people=tuple(dict.fromkeys(p for letter in letters for p in (*letter.addressees, letter.signer or "", letter.contact or "") if p)),
        indicators=tuple(dict.fromkeys(f.name for f in figures)),
        doc_numbers=tuple(dict.fromkeys(letter.doc_number for letter in letters if letter.doc_number)),
        home=dominant,
        home_set=bool(home),
    )
    return complete_parents(found)


def _dominant(votes: Counter[str]) -> str:
    """The place that at least half of the letters come from, and half as many again as from the next one; else none."""
    (name, count), *others = votes.most_common(2) or [("", 0)]
    return name if count * 2 >= votes.total() and all(2 * count >= 3 * second for _, second in others) else ""


def complete_parents(known: Known) -> Known:
    """Districts and counties of unknown city lie in the home city, cities of unknown province in the only province."""
    cities = [p.name for p in known.places if kind_of_place(p.name) == "市"]
    provinces = [p.name for p in known.places if kind_of_place(p.name) == "省"]
    city = known.home if kind_of_place(known.home) == "市" else cities[0] if len(cities) == 1 else None
    province = provinces[0] if len(provinces) == 1 else None
    over = {"区": city, "县": city, "市": province}
    return replace(
        known, places=tuple(replace(p, parent=p.parent or over.get(kind_of_place(p.name))) for p in known.places if plausible_place(p.name))
    )
