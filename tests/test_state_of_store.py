"""An answer is right for one state of the store, the one before a write or the one after it, never for something between."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.extract import ReadLetter
from ingest.update import Tally, write_letters
from ingest.upkeep import remove_from_store
from rag.errors import StoreError
from rag.retrieve import Retriever
from rag.settings import Settings
from rag.store import Store, open_store
from rag.view import View
from tests.small_store import CountingEncoder, make_entry, make_figure, make_letter

OLD = "全市在孵企业有三百家。"
NEW = "说明一下情况。更多的话在前面。全市在孵企业有四百家。"


def entry(text: str, value: str, day: date) -> ReadLetter:
    letter = make_letter(text, issued_on=day)
    letter = replace(letter, content_hash=hashlib.sha256(text.encode()).hexdigest())
    return make_entry(letter, make_figure(letter, "在孵企业", value))


@pytest.fixture
def reader(store: Store, settings: Settings, encoder: CountingEncoder) -> Iterator[Store]:
    """Another program's view of the store, which holds the letter's old text."""
    write_letters(store, [entry(OLD, "300", date(2023, 1, 1))], Tally())
    with open_store(settings, encoder=encoder) as opened:
        yield opened


def test_view_keeps_its_state_while_a_letter_is_replaced(store: Store, reader: Store) -> None:
    before = View(reader, None, "")
    write_letters(store, [entry(NEW, "400", date(2023, 5, 1))], Tally())
    after = View(reader, None, "")
    for view, text, value in ((before, OLD, 300), (after, NEW, 400)):
        (letter,) = view.letters
        assert view.letter(letter.letter_id).text == text
        assert [int(figure.value) for figure in view.figures] == [value]
        found = Retriever(reader).retrieve("全市在孵企业", "zh", 9, view=view.version_ids)
        assert {hit.chunk.text for hit in found} <= {sentence.text for sentence in view.letter(letter.letter_id).sentences}
        assert found


def test_letter_removed_under_a_view_is_said_and_not_mixed(store: Store, reader: Store, tmp_path: Path) -> None:
    view = View(reader, None, "")
    (letter,) = view.letters
    remove_from_store(store, letter.letter_id)
    with pytest.raises(StoreError, match="has just been removed"):
        view.letter(letter.letter_id)
    assert View(reader, None, "").letters == []


def test_one_batch_of_letters_is_one_change_for_readers(store: Store, reader: Store) -> None:
    before = reader.registry.generation
    write_letters(store, [entry(NEW, "400", date(2023, 5, 1))], Tally())
    assert reader.registry.generation == before + 1
