"""What a store knows by name: above all the home place that is meant where a question names none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.known import make_known
from rag.records import Letter
from tests.small_store import make_letter


def letters_of(**counts: int) -> list[Letter]:
    names = {"east": "东岭市", "west": "西岭市", "district": "东湖区"}
    made = [
        make_letter("现答复如下。", letter_id=f"{key}{number}", place=names[key])
        for key, count in counts.items()
        for number in range(count)
    ]
    return [replace(letter, parent_place="东岭市") if letter.place == "东湖区" else letter for letter in made]


@pytest.mark.parametrize(
    ("letters", "home"),
    [
        (letters_of(east=3, west=1), "东岭市"),
        (letters_of(east=1, district=2, west=1), "东岭市"),
        (letters_of(east=2, west=2), ""),
        (letters_of(east=5, west=4), ""),
        ([], ""),
    ],
)
def test_home_is_the_city_that_clearly_dominates(letters: list[Letter], home: str) -> None:
    assert make_known(letters, []).home == home


def test_home_by_setting_comes_before_what_the_letters_tell() -> None:
    known = make_known(letters_of(east=3), [], home="西岭市")
    assert (known.home, known.home_set) == ("西岭市", True)
