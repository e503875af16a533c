"""The vector index: neighbours, names, repeated writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.embed import unit_length
from rag.index import VectorIndex
from rag.store import Store
from tests.small_store import CountingEncoder


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VectorIndex]:
    opened = VectorIndex(tmp_path / "vectors")
    yield opened
    opened.close()


def random_rows(count: int, size: int = 16) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return unit_length(np.random.default_rng(7).standard_normal((count, size)).astype(np.float32))


def test_neighbours_are_those_of_a_plain_search(index: VectorIndex) -> None:
    rows = random_rows(300)
    index.chunks.add([str(number) for number in range(300)], rows)
    found = index.chunks.search(rows[5], 10)
    assert [near.key for near in found] == [str(number) for number in np.argsort(-(rows @ rows[5]))[:10]]
    assert found[0].score == pytest.approx(1.0, abs=1e-5)
    assert found[9].score == pytest.approx(float(np.sort(rows @ rows[5])[-10]), abs=1e-5)


def test_writing_twice_does_not_double(index: VectorIndex) -> None:
    for _ in range(2):
        index.chunks.add(["a", "b"], random_rows(2))
    assert len(index.chunks) == 2


def test_removed_key_is_not_found(index: VectorIndex) -> None:
    rows = random_rows(2)
    index.chunks.add(["a", "b"], rows)
    index.chunks.remove(["a", "never there"])
    assert [near.key for near in index.chunks.search(rows[0], 5)] == ["b"]


def test_empty_index_finds_nothing(index: VectorIndex) -> None:
    assert index.chunks.search(random_rows(1)[0], 5) == []


def test_index_holds_after_reopening(tmp_path: Path) -> None:
    rows = random_rows(3)
    first = VectorIndex(tmp_path / "vectors")
    first.chunks.add(["a", "b", "c"], rows)
    first.close()
    again = VectorIndex(tmp_path / "vectors")
    assert set(again.chunks.keys()) == {"a", "b", "c"}
    assert again.chunks.search(rows[2], 1)[0].key == "c"
    again.close()


def test_known_indicator_names_are_not_encoded_again(store: Store, encoder: CountingEncoder) -> None:
    store.encode_names(["新增孵化面积", "在孵企业"])
    store.encode_names(["在孵企业", "毕业企业", "在孵企业"])
    assert sorted(encoder.asked) == ["在孵企业", "新增孵化面积", "毕业企业"]
