"""The registry: what goes in comes out, versions, as-of, generations."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ingest.update import Tally, write_letters
from rag.errors import EmbeddingMismatchError, StoreBusyError, StoreError
from rag.records import Box, Comparator, Measure, Status
from rag.settings import Settings
from rag.store import Store, open_store
from tests.small_store import CountingEncoder, make_entry, make_figure, make_letter

TEXT = "全市在孵企业有三百家。新增孵化面积五十万平方米。"


def write(store: Store, *entries: object) -> Tally:
    tally = Tally()
    write_letters(store, list(entries), tally)  # type: ignore[arg-type]
    assert not tally.failed
    return tally


def test_letter_comes_back_as_it_went_in(store: Store) -> None:
    letter = make_letter(TEXT)
    write(store, make_entry(letter))
    assert store.registry.letter(letter.letter_id) == letter


def test_places_and_doubts_of_a_scanned_sentence_come_back(store: Store) -> None:
    letter = make_letter(TEXT)
    boxes = (Box(0.1, 0.25, 0.90001, 0.3, 1), Box(0.1, 0.05, 0.5, 0.1, 2), Box(0.0, 0.0, 1.0, 1.0))
    scanned = replace(letter.sentences[0], page=1, boxes=boxes, scanned=True, doubtful=("128", "3.45"))
    letter = replace(letter, sentences=(scanned, *letter.sentences[1:]))
    write(store, make_entry(letter))
    assert store.registry.letter(letter.letter_id) == letter
    assert [s.doubtful_digits for s in letter.sentences] == [True, False]


def test_figure_comes_back_digit_by_digit(store: Store) -> None:
    letter = make_letter(TEXT)
    figure = replace(
        make_figure(letter, "孵化面积", "50.10", "万平方米"),
        high=Decimal("60"), high_base=Decimal("600000"), comparator=Comparator.RANGE, status=Status.TARGET,
        measure=Measure.CHANGE, group="其中：市区", doubt="年份不明", revoked=True, header=1, year=None,
    )  # fmt: skip
    write(store, make_entry(letter, figure))
    assert store.registry.figures() == [figure]
    assert str(store.registry.figures()[0].value) == "50.10"


def test_listed_letters_are_light(store: Store) -> None:
    write(store, make_entry(make_letter(TEXT)))
    (light,) = store.registry.letters()
    assert (light.text, light.sentences) == ("", ())
    assert light.issued_on == date(2023, 6, 20)


def test_store_gives_the_same_after_reopening(settings: Settings, encoder: CountingEncoder) -> None:
    letter = make_letter(TEXT)
    with open_store(settings, write=True, encoder=encoder) as first:
        write(first, make_entry(letter, make_figure(letter, "在孵企业", "300")))
        before = (first.registry.letters(), first.registry.figures(), first.registry.chunks())
    with open_store(settings, encoder=encoder) as again:
        assert (again.registry.letters(), again.registry.figures(), again.registry.chunks()) == before


def test_reissued_letter_replaces_the_older_figures(store: Store) -> None:
    old = make_letter(TEXT, issued_on=date(2023, 6, 1))
    new = make_letter(TEXT.replace("三百", "四百"), issued_on=date(2023, 8, 1))
    write(store, make_entry(old, make_figure(old, "在孵企业", "300")))
    tally = write(store, make_entry(new, make_figure(new, "在孵企业", "400")))
    assert (tally.new, tally.changed) == (0, 1)
    assert store.registry.count() == 1
    assert [figure.value for figure in store.registry.figures()] == [Decimal(400)]
    assert [version.current for version in store.registry.versions(new.letter_id)] == [False, True]


def test_older_version_that_arrives_late_does_not_become_current(store: Store) -> None:
    new, old = make_letter(TEXT, issued_on=date(2023, 8, 1)), make_letter(TEXT + "又。", issued_on=date(2023, 6, 1))
    write(store, make_entry(new))
    write(store, make_entry(old))
    assert store.registry.letter(new.letter_id) == new


def test_of_two_versions_of_one_day_the_later_arrival_counts(store: Store) -> None:
    first, second = make_letter(TEXT), make_letter(TEXT + "又。")
    write(store, make_entry(first))
    write(store, make_entry(second))
    assert store.registry.letter(first.letter_id) == second


def test_as_of_an_earlier_day_the_older_version_counts(store: Store) -> None:
    old = make_letter(TEXT, issued_on=date(2023, 6, 1))
    new = make_letter(TEXT + "又。", issued_on=date(2023, 8, 1))
    write(store, make_entry(old, make_figure(old, "在孵企业", "300")), make_entry(new, make_figure(new, "在孵企业", "400")))
    assert store.registry.letter(old.letter_id, as_of=date(2023, 7, 1)) == old
    assert [figure.value for figure in store.registry.figures(as_of=date(2023, 7, 1))] == [Decimal(300)]
    assert store.registry.letters(as_of=date(2022, 1, 1)) == []


def test_figures_of_some_letters(store: Store) -> None:
    one, two = make_letter(TEXT), make_letter(TEXT + "二。", letter_id="江口科〔2023〕1号")
    write(store, make_entry(one, make_figure(one, "甲", "1")), make_entry(two, make_figure(two, "乙", "2")))
    assert [figure.name for figure in store.registry.figures([two.letter_id])] == ["乙"]


def test_reader_sees_what_another_program_writes(store: Store, settings: Settings, encoder: CountingEncoder) -> None:
    with open_store(settings, encoder=encoder) as reader:
        assert reader.registry.count() == 0
        before = reader.registry.generation
        write(store, make_entry(make_letter(TEXT)))
        assert reader.registry.generation > before
        assert reader.registry.count() == 1


def test_second_writer_is_told_who_writes(store: Store, settings: Settings, encoder: CountingEncoder) -> None:
    with pytest.raises(StoreBusyError, match=rf"by process {os.getpid()} \(.*\), since 20\d\d-.*--wait"):
        open_store(settings, write=True, encoder=encoder)


def test_lock_is_free_again_after_closing(settings: Settings, encoder: CountingEncoder) -> None:
    for _ in range(2):
        with open_store(settings, write=True, encoder=encoder) as opened:
            assert opened.writable


def test_other_embedding_is_refused_with_the_cure(store: Store, settings: Settings) -> None:
    with pytest.raises(EmbeddingMismatchError, match=r"counting \(64 numbers\).*--rebuild"):
        open_store(settings, encoder=CountingEncoder("another"))
    with pytest.raises(EmbeddingMismatchError, match="32 numbers"):
        open_store(settings, encoder=CountingEncoder(size=32))


def test_store_of_another_schema_is_refused(settings: Settings, encoder: CountingEncoder) -> None:
    open_store(settings, encoder=encoder).close()
    with sqlite3.connect(settings.store / "registry.sqlite") as connection:
        connection.execute("UPDATE facts SET value = '99' WHERE name = 'schema_version'")
    connection.close()
    with pytest.raises(StoreError, match="schema version 99"):
        open_store(settings, encoder=encoder)


def test_file_that_is_no_registry_is_named(settings: Settings, encoder: CountingEncoder) -> None:
    settings.store.mkdir()
    (settings.store / "registry.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match=r"registry\.sqlite"):
        open_store(settings, encoder=encoder)


def test_unknown_letter_is_named(store: Store) -> None:
    with pytest.raises(StoreError, match="无此号"):
        store.registry.letter("无此号")
