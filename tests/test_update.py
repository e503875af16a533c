"""Taking letters in: each wholly or not at all, repeated without harm, swept after an interruption."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.check import check_store
from ingest.extract import ReadLetter
from ingest.update import Tally, ingest_files, original_path, write_letters
from ingest.upkeep import rebuild_store, remove_from_store
from rag.errors import StoreError, StoreUnwritableError
from rag.registry_write import add_pending
from rag.settings import Settings
from rag.store import SCRATCH, Store, open_store
from tests.small_store import CountingEncoder, make_entry, make_figure, make_letter

TEXT = "全市在孵企业有三百家。新增孵化面积五十万平方米。"


def sourced(folder: Path, text: str = TEXT, **known: str | date) -> ReadLetter:
    """An entry with a file behind it."""
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:8]}.txt"
    path.write_text(text, encoding="utf-8")
    letter = replace(make_letter(text, **known), content_hash=hashlib.sha256(path.read_bytes()).hexdigest())  # type: ignore[arg-type]
    return replace(make_entry(letter, make_figure(letter, "在孵企业", "300")), source=path)


def write(store: Store, *entries: ReadLetter) -> Tally:
    tally = Tally()
    write_letters(store, entries, tally)
    return tally


def test_parts_of_the_store_agree_after_writing(store: Store, tmp_path: Path) -> None:
    assert write(store, sourced(tmp_path), sourced(tmp_path, TEXT + "二。", letter_id="二号")).new == 2
    assert check_store(store) == []


def test_vector_that_no_letter_has_is_named(store: Store, encoder: CountingEncoder) -> None:
    store.index.chunks.add(["stray:0"], encoder.encode(["半封信"]))
    assert [fault.what for fault in check_store(store)] == ["the vector index holds stray:0, which no letter has"]


def test_letter_whose_vectors_fail_leaves_nothing_visible(
    store: Store, settings: Settings, encoder: CountingEncoder, tmp_path: Path
) -> None:
    store.index.close()  # an index that fails: its folder is closed under the writer
    with pytest.raises(StoreUnwritableError, match="vector index"):
        write(store, sourced(tmp_path))
    assert store.registry.count() == 0
    store.close()
    with open_store(settings, write=True, encoder=encoder) as again:
        assert write(again, sourced(tmp_path)).new == 1
        assert check_store(again) == []


def test_one_bad_letter_of_a_batch_does_not_take_the_others_with_it(store: Store, tmp_path: Path) -> None:
    good, bad = sourced(tmp_path), sourced(tmp_path, TEXT + "二。", letter_id="二号")
    assert bad.source is not None
    bad.source.write_text("changed while it was read", encoding="utf-8")
    tally = write(store, good, bad)
    assert tally.new == 1
    assert len(tally.failed) == 1
    assert "changed while it was read" in tally.failed[0].reason
    assert [letter.letter_id for letter in store.registry.letters()] == [good.letter.letter_id]


def test_what_an_interrupted_writer_left_is_swept(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    with open_store(settings, write=True, encoder=encoder) as store:
        write(store, sourced(tmp_path))
        with store.registry.write() as connection:
            add_pending(connection, ["half:0"])
        store.index.chunks.add(["half:0"], encoder.encode(["半封信"]))
        copy = original_path(store, "half", ".txt")
        copy.parent.mkdir(parents=True)
        copy.write_text("半封信", encoding="utf-8")
        scratch = store.folder / f"{SCRATCH}left"
        scratch.mkdir()
        assert "half:0" in set(store.index.chunks.keys())
        assert check_store(store) == []  # noted as being written
    with open_store(settings, write=True, encoder=encoder) as store:
        assert check_store(store) == []
        assert "half:0" not in set(store.index.chunks.keys())
        assert not copy.exists()
        assert not scratch.exists()
        assert len(list((store.folder / "originals").rglob("*.txt"))) == 1


def test_removed_letter_is_gone_from_every_part(store: Store, tmp_path: Path) -> None:
    old = sourced(tmp_path, TEXT, issued_on=date(2023, 1, 1))
    new = sourced(tmp_path, TEXT + "又。", issued_on=date(2023, 5, 1))
    other = sourced(tmp_path, TEXT + "二。", letter_id="二号")
    write(store, old, new, other)
    assert remove_from_store(store, old.letter.letter_id) == 2
    assert [letter.letter_id for letter in store.registry.letters()] == ["二号"]
    assert len(list((store.folder / "originals").rglob("*.txt"))) == 1
    assert check_store(store) == []
    with pytest.raises(StoreError, match="--list"):
        remove_from_store(store, old.letter.letter_id)


def test_removed_letter_can_come_back(store: Store, tmp_path: Path) -> None:
    write(store, sourced(tmp_path))
    remove_from_store(store, make_letter(TEXT).letter_id)
    assert write(store, sourced(tmp_path)).new == 1
    assert check_store(store) == []


def test_rebuild_mends_index_and_full_text(store: Store, tmp_path: Path) -> None:
    entry = sourced(tmp_path)
    write(store, entry)
    store.index.chunks.remove([f"{entry.letter.content_hash[:32]}:0"])
    with store.registry.write() as connection:
        connection.execute_plain("DELETE FROM chunk_words")
    assert rebuild_store(store) == 2
    assert check_store(store) == []
    assert store.index.folder.name == "vectors-2"
    assert not (store.folder / "vectors-1").exists()


def test_rebuild_changes_the_embedding(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    with open_store(settings, write=True, encoder=encoder) as store:
        write(store, sourced(tmp_path))
    other = CountingEncoder("other", 32)
    with open_store(settings, write=True, encoder=other, any_embedding=True) as store:
        rebuild_store(store)
    with open_store(settings, encoder=other) as store:
        assert check_store(store) == []
        assert store.nearest_names("在孵企业", 3)[0].key == "在孵企业"


def test_interrupted_rebuild_changes_nothing(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    with open_store(settings, write=True, encoder=encoder) as store:
        write(store, sourced(tmp_path))

        def stop(_done: int, _total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rebuild_store(store, stop)
        assert check_store(store) == []
    with open_store(settings, write=True, encoder=encoder) as store:
        assert [folder.name for folder in store.folder.glob("vectors-*")] == ["vectors-1"]
        assert check_store(store) == []


def test_sentence_that_two_letters_share_is_encoded_once(store: Store, encoder: CountingEncoder) -> None:
    write(store, make_entry(make_letter(TEXT)), make_entry(make_letter(TEXT + "二。", letter_id="二号")))
    assert encoder.asked.count("全市在孵企业有三百家。") == 1


def test_file_that_fails_is_named_and_the_rest_goes_on(store: Store, tmp_path: Path) -> None:
    tally = ingest_files(store, [tmp_path / "nowhere.txt"])
    assert [failed.file for failed in tally.failed] == [str(tmp_path / "nowhere.txt")]
    assert "no such file or folder" in tally.failed[0].reason
