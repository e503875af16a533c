"""The last ingestion taken back: the store is as it was before it, wholly."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.changes import Effect
from ingest.check import check_store
from ingest.undo import undo_ingestion
from rag.errors import StoreError
from rag.settings import Settings
from rag.store import ORIGINALS, Store, open_store
from tests.kill_ingestion import read_letters
from tests.small_store import CountingEncoder
from tests.stopped_upkeep import run_stopped
from tests.test_ingest_command import LETTER, folder, run_json
from tests.test_update import TEXT, sourced, write

__all__ = ["folder"]  # a fixture


def test_undo_puts_the_store_back_and_tells_what_it_took(store: Store, tmp_path: Path) -> None:
    write(store, *(sourced(tmp_path, f"{TEXT}{name}。", letter_id=name, issued_on=date(2023, 5, 1)) for name in ("一号", "二号", "三号")))
    was = read_letters(store.folder)
    write(
        store,
        sourced(tmp_path, f"{TEXT}四号。", letter_id="四号"),
        sourced(tmp_path, "全市在孵企业有四百家。", letter_id="一号", issued_on=date(2023, 9, 1)),
        sourced(tmp_path, f"{TEXT}二号旧。", letter_id="二号", issued_on=date(2022, 5, 1)),
    )
    assert read_letters(store.folder) != was
    undone = undo_ingestion(store)
    assert read_letters(store.folder) == was
    assert check_store(store) == []
    assert len(list((store.folder / ORIGINALS).rglob("*.txt"))) == 3
    assert (undone.ingestion, len(undone.files)) == (2, 3)
    told = {change.letter_id: change for change in undone.changes}
    assert {letter_id: change.effect for letter_id, change in told.items()} == {
        "一号": Effect.BACK,
        "二号": Effect.KEPT,
        "四号": Effect.GONE,
    }
    assert told["一号"].sentences_removed == ("全市在孵企业有四百家。",)
    assert told["一号"].sentences_added == ("全市在孵企业有三百家。", "新增孵化面积五十万平方米。", "一号。")


def test_undo_again_takes_the_run_before_and_then_there_is_none(store: Store, tmp_path: Path) -> None:
    write(store, sourced(tmp_path, f"{TEXT}一。", letter_id="一号"))
    write(store, sourced(tmp_path, f"{TEXT}二。", letter_id="二号"))
    assert [undo_ingestion(store).ingestion, undo_ingestion(store).ingestion] == [2, 1]
    assert store.registry.count() == 0
    assert check_store(store) == []
    with pytest.raises(StoreError, match="--remove") as told:
        undo_ingestion(store)
    assert "撤销" in told.value.chinese
    assert write(store, sourced(tmp_path, f"{TEXT}一。", letter_id="一号")).new == 1  # and what was taken back can come again
    assert undo_ingestion(store).ingestion == 3


@pytest.mark.parametrize(
    ("step", "is_undone"),
    [
        ("rag.registry_write:choose_current", False),  # in the midst of the transaction
        ("rag.index:VectorCollection.remove", True),
        ("ingest.undo:remove_originals", True),
        ("ingest.undo:drop_pending", True),
    ],
)
def test_undo_that_is_killed_leaves_one_of_both_states(
    step: str, is_undone: bool, settings: Settings, encoder: CountingEncoder, tmp_path: Path
) -> None:
    with open_store(settings, write=True, encoder=encoder) as store:
        write(store, sourced(tmp_path, f"{TEXT}一。", letter_id="一号"))
        before = read_letters(store.folder)
        write(store, sourced(tmp_path, "全市在孵企业有四百家。", letter_id="一号"), sourced(tmp_path, f"{TEXT}二。", letter_id="二号"))
        after = read_letters(store.folder)
    assert run_stopped(step, 0, settings.store, "undo") == -9
    assert read_letters(settings.store) == (before if is_undone else after)
    with open_store(settings, write=True, encoder=encoder) as store:
        assert check_store(store) == []
        if not is_undone:
            undo_ingestion(store)
        assert read_letters(store.folder) == before
        assert check_store(store) == []
        assert len(list((store.folder / ORIGINALS).rglob("*.txt"))) == 1


def test_command_takes_back_a_correction(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", str(tmp_path / "store"))
    run_json(capsys, str(folder), *store)
    (folder / "11.txt").write_text(LETTER.format(number=11, area=99, month=8), encoding="utf-8")
    assert run_json(capsys, str(folder), *store)["changed"] == 1
    undone = run_json(capsys, "--undo", *store)
    assert undone["files"] == ["11.txt"]
    changes = undone["changes"]
    assert isinstance(changes, list)
    (change,) = changes
    assert change["effect"] == "back"
    assert [(figure["old"]["value"], figure["new"]["value"]) for figure in change["figures"]] == [("99", "11")]
    assert run_json(capsys, "--check", *store)["faults"] == []
    assert main(["--undo", *store]) == 0
    assert "Took back the ingestion of" in capsys.readouterr().out
    assert main(["--list", *store, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["--undo", *store]) == 1
    assert "can be taken back" in capsys.readouterr().err
