"""Stores of earlier schema versions: kept in tests/stores as the program of their time wrote them, opened by the present one."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ingest.check import check_store
from ingest.update import ingest_files
from ingest.upkeep import rebuild_store
from rag.errors import StoreBusyError, StoreError
from rag.migrate import STEPS
from rag.registry import FILE
from rag.registry_tables import SCHEMA_VERSION, figures, metadata
from rag.settings import Settings
from rag.store import open_store
from tests.make_stores import FOLDER, LETTERS
from tests.small_store import CountingEncoder

EARLIER = [str(version) for version in range(1, SCHEMA_VERSION)]


@pytest.fixture(params=EARLIER)
def earlier(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings whose store is one of an earlier version."""
    shutil.copytree(FOLDER / request.param, settings.store)
    return settings


def schema_of(settings: Settings) -> str:
    with closing(sqlite3.connect(settings.store / FILE)) as connection:
        return str(connection.execute("SELECT value FROM facts WHERE name = 'schema_version'").fetchone()[0])


def test_each_earlier_version_has_its_step_and_its_store() -> None:
    assert len(STEPS) == SCHEMA_VERSION - 1
    assert [version for version in EARLIER if not (FOLDER / version / FILE).exists()] == []


@pytest.mark.parametrize("write", [True, False])
def test_earlier_store_is_brought_up_and_holds_the_same(earlier: Settings, encoder: CountingEncoder, *, write: bool) -> None:
    with open_store(earlier, write=write, encoder=encoder) as store:
        assert sorted(letter.doc_number or "" for letter in store.registry.letters()) == ["松科提复〔2023〕11号", "松科提复〔2023〕12号"]
        assert sorted(figure.value for figure in store.registry.figures() if figure.name == "新增孵化面积") == [12, 60, 60, 99]
        assert sorted(version.current for version in store.registry.versions()) == [False, True, True]
        whole = store.registry.letter(store.registry.letters()[0].letter_id)
        assert all(whole.text[s.start : s.end] == s.text and s.boxes == () and not s.scanned for s in whole.sentences)
    assert schema_of(earlier) == str(SCHEMA_VERSION)
    assert not (earlier.store / "write.holder").exists()


def test_earlier_store_goes_on_being_written(earlier: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    with open_store(earlier, write=True, encoder=encoder) as store:
        rebuild_store(store)  # the kept store has no vector index
        files = []
        for name, text in {**LETTERS, "13.txt": LETTERS["12.txt"].replace("12号", "13号")}.items():
            files.append(tmp_path / name)
            files[-1].write_text(text, encoding="utf-8")
        tally = ingest_files(store, files)
        assert (tally.new, tally.changed, tally.unchanged, tally.failed) == (1, 0, 3, [])
        assert check_store(store) == []


def test_tables_are_as_those_of_a_new_store(earlier: Settings, encoder: CountingEncoder) -> None:
    with open_store(earlier, encoder=encoder) as store, store.registry.read() as connection:
        context = MigrationContext.configure(
            connection.sql, opts={"include_object": lambda _, name, *rest: not str(name).startswith("chunk_words")}
        )
        assert compare_metadata(context, metadata) == []


def test_reader_of_an_earlier_store_is_told_what_to_do_where_it_cannot_be_written(
    settings: Settings, encoder: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FOLDER / "1", settings.store)
    (settings.store / "write.lock").mkdir()  # a lock that cannot be taken
    with pytest.raises(StoreError, match=r"schema version 1 and must be brought up to version \d+.*--check"):
        open_store(settings, encoder=encoder)
    (settings.store / "write.lock").rmdir()
    with open_store(settings, write=True, encoder=encoder), closing(sqlite3.connect(settings.store / FILE)) as connection:
        with connection:
            connection.execute("UPDATE facts SET value = '1' WHERE name = 'schema_version'")
        monkeypatch.setattr("rag.store.MIGRATION_SECONDS", 0)
        with pytest.raises(StoreBusyError, match=r"brought up.*by process \d+.*--check"):
            open_store(settings, encoder=encoder)


def test_step_that_fails_leaves_the_store_as_it_was(settings: Settings, encoder: CountingEncoder) -> None:
    shutil.copytree(FOLDER / "1", settings.store)
    with closing(sqlite3.connect(settings.store / FILE)) as connection:
        connection.execute("ALTER TABLE sentences ADD COLUMN doubtful TEXT")  # in the way of the last change of the first step
        connection.commit()
    with pytest.raises(StoreError, match="doubtful"):
        open_store(settings, write=True, encoder=encoder)
    with closing(sqlite3.connect(settings.store / FILE)) as connection:
        assert "boxes" not in {row[1] for row in connection.execute("PRAGMA table_info(sentences)")}
    assert schema_of(settings) == "1"


def test_figures_of_an_earlier_store_are_as_those_of_a_new_one(earlier: Settings, encoder: CountingEncoder) -> None:
    with open_store(earlier, encoder=encoder) as store, store.registry.read() as connection:
        found = {(row["name"], row["indicator"], row["scope"], row["part"], row["number"]) for row in connection.rows(figures.select())}
    assert ("新增孵化面积", "孵化面积 新增", "松江市", "", 600000.0) in found
