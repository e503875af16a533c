"""What an ingestion says it changed: figures old → new, sentences, corrections; whichever text came first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.changes import Effect, FigureChange, LetterChange, compare_figures
from ingest.report import change_as_json, change_as_lines
from ingest.update import ingest_files
from rag.records import Comparator, Figure, Status
from rag.store import Store
from tests.make_stores import LETTERS
from tests.small_store import make_figure, make_letter

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "letters"
LETTER = make_letter("全市有三百家。")


def figure(name: str, value: str, year: int = 2023, status: Status = Status.ACTUAL) -> Figure:
    return replace(make_figure(LETTER, name, value, year=year), status=status)


def told(changes: Sequence[FigureChange]) -> list[tuple[str, str | None, str | None]]:
    return [(c.effect.value, str(c.old.value) if c.old else None, str(c.new.value) if c.new else None) for c in changes]


def test_value_that_differs_is_altered_and_others_are_not_told() -> None:
    old = [figure("甲", "1"), figure("乙", "2"), figure("丙", "3")]
    new = [figure("丙", "3"), figure("甲", "1"), figure("乙", "5")]
    assert told(compare_figures(old, new)) == [("altered", "2", "5")]


def test_figure_of_another_year_is_added_not_altered() -> None:
    assert told(compare_figures([figure("甲", "1")], [figure("甲", "1"), figure("甲", "7", 2024, Status.TARGET)])) == [("added", None, "7")]


def test_figure_that_is_gone_is_told_last() -> None:
    changes = compare_figures([figure("甲", "1"), figure("乙", "2")], [figure("丁", "9"), figure("乙", "2")])
    assert told(changes) == [("added", None, "9"), ("removed", "1", None)]


@pytest.mark.parametrize("other", [figure("甲", "1", 2024), figure("甲", "1", status=Status.TARGET), figure("甲类", "1")])
def test_same_value_with_another_year_status_or_name_is_altered(other: Figure) -> None:
    assert told(compare_figures([figure("甲", "1")], [other])) == [("altered", "1", "1")]


def test_bound_alone_is_a_change() -> None:
    assert told(compare_figures([figure("甲", "1")], [replace(figure("甲", "1"), comparator=Comparator.AT_LEAST)])) == [
        ("altered", "1", "1")
    ]


def test_equal_figures_that_stand_twice_are_paired_one_to_one() -> None:
    assert told(compare_figures([figure("甲", "1"), figure("甲", "1")], [figure("甲", "1")])) == [("removed", "1", None)]


def ingest(store: Store, folder: Path, *names: str) -> list[LetterChange]:
    files = []
    for name in names:
        files.append(folder / name)
        files[-1].write_text(LETTERS[name], encoding="utf-8")
    return ingest_files(store, files).changes


@pytest.mark.parametrize("steps", [[["11.txt"], ["11-again.txt"]], [["11.txt", "11-again.txt"]], [["11-again.txt", "11.txt"]]])
def test_reissue_is_told_with_its_figures_and_sentences(store: Store, tmp_path: Path, steps: list[list[str]]) -> None:
    assert ingest(store, tmp_path, "12.txt") == []
    changes: list[LetterChange] = []
    for names in steps:
        changes = ingest(store, tmp_path, *names)
    (change,) = changes
    assert (change.effect, change.file, change.doc_number) == (Effect.REPLACED, "11-again.txt", "松科提复〔2023〕11号")
    assert told(change.figures) == [("altered", "11", "99")]
    assert change.sentences_added == ("2022年，全市新增孵化面积99万平方米，在孵企业达到312家。", "松江市科学技术局　2023年8月9日")
    assert change.sentences_removed == ("2022年，全市新增孵化面积11万平方米，在孵企业达到312家。", "松江市科学技术局　2023年6月9日")
    assert list(change_as_lines(change)) == [
        "松科提复〔2023〕11号: now as in 11-again.txt. Figures: 1 altered. Sentences: 2 added, 2 removed.",
        "  ~ 松江市 2022 新增孵化面积 (actual): 11万平方米 → 99万平方米",
    ]
    shown = change_as_json(change)
    assert (shown["effect"], shown["sentences_added"], shown["sentences_removed"]) == ("replaced", 2, 2)


def test_older_text_that_comes_late_changes_nothing_and_is_told(store: Store, tmp_path: Path) -> None:
    ingest(store, tmp_path, "11-again.txt")
    (change,) = ingest(store, tmp_path, "11.txt")
    assert (change.effect, change.file, change.figures) == (Effect.OLDER, "11.txt", ())
    assert ingest(store, tmp_path, "11.txt") == []


@pytest.mark.parametrize("order", [["040.txt", "048-correction.txt"], ["048-correction.txt", "040.txt"]])
def test_correction_is_told_with_the_figures_of_the_letter_it_corrects(store: Store, order: list[str]) -> None:
    for ending in order:
        changes = ingest_files(store, [SAMPLES / f"2023-qichuan-jy-{ending}"]).changes
    (change,) = changes
    assert (change.effect, change.doc_number) == (Effect.CORRECTED, "栖教提〔2023〕40号")
    assert change.corrected_by == "栖川市教育局-栖教提〔2023〕48号"
    assert change.file == "2023-qichuan-jy-048-correction.txt"
    pairs = {(c.old.subject, c.old.value, c.new.value) for c in change.figures if c.old and c.new}
    assert {("竹屏县", Decimal(2300), Decimal(1300)), ("栖川市", Decimal(16000), Decimal(15000))} <= pairs
    assert any("11所 → 10所" in line for line in change_as_lines(change))
