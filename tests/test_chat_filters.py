"""What a question is narrowed down to on the screen: fields read, chips told, choices of a store."""

from __future__ import annotations

from datetime import date

import pytest

from rag.filters import NOTHING, Filters
from rag.records import LetterKind, Status
from screens.chat.filters import list_choices, read_day, read_filters, render_chips, render_narrowed, without
from screens.texts import texts_for
from tests.small_desk import HOSTILE_LETTER, LIBRARY_LETTER, NUMBERLESS_LETTER

ALL = Filters((2022, 2023), (Status.TARGET,), ("柳溪市文化和旅游局",), (LetterKind.PROPOSAL,), ("文旅-12",), date(2023, 6, 30))


def test_fields_become_filters() -> None:
    fields = (["2023", "2022"], ["target"], ["柳溪市文化和旅游局"], ["proposal"], ["文旅-12"], "2023-06-30")
    assert read_filters(*fields) == ALL
    assert read_filters([], [], [], [], [], "") == NOTHING


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-06-30", date(2023, 6, 30)),
        (" 2023/6/3 ", date(2023, 6, 3)),
        ("2023年6月30日", date(2023, 6, 30)),
        ("2023-02-30", None),
        ("去年", None),
        ("2023", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_each_choice_can_be_taken_away_and_all_at_once() -> None:
    assert without(ALL, "years", "2022").years == (2023,)
    assert without(ALL, "statuses", "target").statuses == ()
    assert without(ALL, "as_of", "").as_of is None
    assert without(ALL, "letters", "文旅-12").bodies == ALL.bodies
    assert without(ALL, "", "") == NOTHING
    assert without(ALL, "__class__", "x") == ALL


@pytest.mark.parametrize(
    ("language", "said"), [("zh", ["2023年", "目标", "政协提案", "截至 2023-06-30"]), ("en", ["2023", "Target", "as of 2023-06-30"])]
)
def test_chips_say_what_is_chosen(language: str, said: list[str]) -> None:
    texts = texts_for(language)
    chips = render_chips(ALL, texts, {"文旅-12": "关于把书房办到家门口的提案"})
    assert all(f"<span>{word}</span>" in chips for word in said), chips
    assert chips.count('data-do="unfilter"') == 8  # seven, and one for all
    assert "把书房办到家门口" in chips
    assert render_chips(NOTHING, texts, {}) == ""
    assert "<button" not in render_narrowed(ALL, texts)


def test_nothing_of_a_letter_becomes_markup() -> None:
    chosen = Filters(letters=(HOSTILE_LETTER.letter_id,), bodies=HOSTILE_LETTER.bodies)
    choices = list_choices([HOSTILE_LETTER], [])
    assert "<script" not in render_chips(chosen, texts_for("zh"), choices.letters)


def test_choices_are_those_of_the_store_the_latest_first() -> None:
    choices = list_choices([HOSTILE_LETTER, NUMBERLESS_LETTER, LIBRARY_LETTER], [])
    assert list(choices.letters) == ["文旅-12", "hostile", "numberless"]
    assert choices.letters["文旅-12"] == "柳文旅提复〔2023〕12号 关于把书房办到家门口的提案"
    assert set(choices.kinds) == {LetterKind.PROPOSAL, LetterKind.OTHER}
    assert choices.years == ()
