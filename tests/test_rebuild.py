"""A rebuild grows beside what is there: readers go on answering, and whoever kills it leaves the old index or the new one, never a mix."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

import rag.retrieve
from ingest.check import check_store
from ingest.upkeep import rebuild_store
from rag.embed import Encoder
from rag.errors import EmbeddingMismatchError
from rag.keyword import Connection, WordHit, search_terms
from rag.retrieve import Retriever
from rag.settings import Settings
from rag.store import Store, open_store
from tests.small_store import CountingEncoder
from tests.stopped_upkeep import REBUILT, run_stopped, start
from tests.test_update import TEXT, sourced, write

LETTERS = 20  # more than one batch
ASKED = "第7号"


@pytest.fixture
def filled(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> Settings:
    with open_store(settings, write=True, encoder=encoder) as store:
        write(store, *(sourced(tmp_path, f"{TEXT}第{number}号。", letter_id=f"{number}号") for number in range(LETTERS)))
    return settings


def find(store: Store) -> list[str]:
    return [hit.chunk.text for hit in Retriever(store).retrieve(ASKED, "zh", 5)]


def assert_works(settings: Settings, encoder: Encoder, found: list[str]) -> None:
    with open_store(settings, encoder=encoder) as store:
        assert check_store(store) == []
        assert find(store)[0] == found[0] == "第7号。"
        assert len(store.index.chunks) == 3 * LETTERS


@pytest.mark.parametrize(
    ("step", "done", "switched"),
    [
        ("ingest.upkeep:encode_letters", 0, False),
        ("ingest.upkeep:write_vectors", LETTERS - 2, False),  # in the second batch
        ("rag.index:VectorIndex.add_names", 0, False),
        ("ingest.upkeep:replace_derived", 0, False),  # the full text is made anew, not yet for others
        ("rag.store:Store.forget_index", 0, True),  # the old index still lies there
    ],
)
def test_rebuild_that_is_killed_leaves_the_old_index_or_the_new_one(
    step: str, done: int, switched: bool, filled: Settings, encoder: CountingEncoder
) -> None:
    other = CountingEncoder(*REBUILT)
    right, wrong = (other, encoder) if switched else (encoder, other)
    with open_store(filled, encoder=encoder) as store:
        found = find(store)
    assert run_stopped(step, done, filled.store, "rebuild") == -9
    assert_works(filled, right, found)
    with pytest.raises(EmbeddingMismatchError, match="--rebuild"), open_store(filled, encoder=wrong):
        pass
    with open_store(filled, write=True, encoder=right) as store:  # sweeps
        assert [folder.name for folder in store.folder.glob("vectors-*")] == [f"vectors-{1 + switched}"]
        with store.registry.read() as connection:
            assert connection.execute_plain("SELECT count(DISTINCT series) FROM vectors") == [(1,)]
    assert_works(filled, right, found)
    with open_store(filled, write=True, encoder=other, any_embedding=True) as store:  # and it can be done again
        assert rebuild_store(store) == 3 * LETTERS
    assert_works(filled, other, found)


def test_readers_answer_while_another_process_rebuilds(filled: Settings, encoder: CountingEncoder) -> None:
    with open_store(filled, encoder=encoder) as reader:
        found = find(reader)
        process = start("none", 0, filled.store, "rebuild_same")
        answered = 0
        try:
            while process.poll() is None:
                assert find(reader) == found
                answered += 1
        finally:
            process.kill()
            process.wait()
        assert process.returncode == 0
        assert answered
        assert (reader.series, reader.index.folder.name) == (2, "vectors-2")
        assert find(reader) == found
        assert check_store(reader) == []


def test_question_that_is_being_answered_while_the_index_is_switched_gets_its_answer(
    filled: Settings, encoder: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(filled, encoder=encoder) as reader:
        found = find(reader)
        rebuilt: list[int] = []

        def rebuild_first(connection: Connection, terms: Collection[str], limit: int, within: Collection[int] | None) -> list[WordHit]:
            if not rebuilt:
                with open_store(filled, write=True, encoder=CountingEncoder()) as store:
                    rebuilt.append(rebuild_store(store))
            return search_terms(connection, terms, limit, within)

        monkeypatch.setattr(rag.retrieve, "search_terms", rebuild_first)
        assert find(reader) == found
        assert rebuilt
        assert reader.series == 2
