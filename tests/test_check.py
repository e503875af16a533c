"""A check names what does not agree, in every part of the store, and the cure that it names cures."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.check import AGAIN, DELETE, REBUILD, RESTORE, check_store
from ingest.upkeep import rebuild_store, remove_from_store
from rag.embed import pack_vectors
from rag.registry import FILE
from rag.settings import Settings
from rag.store import ORIGINALS, Store, open_store
from tests.small_store import CountingEncoder
from tests.test_update import TEXT, sourced, write

ONE = "一号"
Damage = Callable[[Store], None]


def by_sql(*statements: str) -> Damage:
    def damage(store: Store) -> None:
        with store.registry.write() as connection:
            connection.execute_plain("PRAGMA defer_foreign_keys=ON")
            for statement in statements:
                connection.execute_plain(statement)

    return damage


def one_key(store: Store) -> str:
    with store.registry.read() as connection:
        return str(connection.execute_plain("SELECT vector_key FROM chunks ORDER BY chunk_key LIMIT 1")[0][0])


def remove_vector(store: Store) -> None:
    store.index.chunks.remove([one_key(store)])


def exchange_vector(store: Store) -> None:
    store.index.chunks.add([one_key(store)], CountingEncoder().encode(["完全另一回事"]))


def add_stray_vector(store: Store) -> None:
    store.index.chunks.add(["stray:0"], CountingEncoder().encode(["半封信"]))


def remove_name(store: Store) -> None:
    store.index.names.remove(["在孵企业"])


def remove_index(store: Store) -> None:
    folder = store.index.folder
    store.forget_index()
    shutil.rmtree(folder)


def exchange_words(store: Store) -> None:
    with store.registry.write() as connection:
        connection.execute_plain("UPDATE chunk_words SET text = '别的' WHERE rowid = 1")


def empty_word_index(store: Store) -> None:
    with store.registry.write() as connection:  # the terms stay, their index goes
        connection.execute_plain("DELETE FROM chunk_words_idx")
        connection.execute_plain("DELETE FROM chunk_words_data WHERE id > 10")


def shorten_vectors(store: Store) -> None:
    with store.registry.write() as connection:
        packed = pack_vectors(CountingEncoder().encode(["短"]))
        connection.execute_plain("UPDATE vectors SET packed = ? WHERE chunk_key = 1", (packed,))


def original_of_one(store: Store) -> Path:
    return next(path for path in (store.folder / ORIGINALS).rglob("*.txt") if path.read_text(encoding="utf-8") == f"{TEXT}{ONE}。")


def remove_original(store: Store) -> None:
    original_of_one(store).unlink()


def alter_original(store: Store) -> None:
    with original_of_one(store).open("a", encoding="utf-8") as stream:
        stream.write("多一句。")


def add_original(store: Store) -> None:
    (original_of_one(store).parent / f"{'f' * 64}.txt").write_text("半封信", encoding="utf-8")


AGAIN_ONE = AGAIN.format(letter_id=ONE)
DAMAGES: list[tuple[Damage, str, str]] = [
    (by_sql("DELETE FROM chunk_words WHERE rowid = 1"), f"letter {ONE}, chunk 0 is missing in the full text", REBUILD),
    (
        by_sql("INSERT INTO chunk_words(rowid, text, context) VALUES (99, '别的', '')"),
        "the full text holds chunk 99, which no letter",
        REBUILD,
    ),
    (exchange_words, f"letter {ONE}, chunk 0 is not found by its own words", REBUILD),
    (empty_word_index, "malformed", REBUILD),
    (by_sql("DELETE FROM vectors WHERE chunk_key = 1"), f"letter {ONE}, chunk 0 has no stored vectors", REBUILD),
    (shorten_vectors, f"letter {ONE}, chunk 0 has stored vectors of another length", REBUILD),
    (remove_vector, f"letter {ONE}, chunk 0 is missing in the vector index", REBUILD),
    (exchange_vector, f"letter {ONE}, chunk 0 has another vector in the index", REBUILD),
    (add_stray_vector, "the vector index holds stray:0", REBUILD),
    (remove_name, "the indicator name 在孵企业 is missing in the vector index", REBUILD),
    (remove_index, "The vector index", REBUILD),
    (
        by_sql("UPDATE figures SET indicator = '别的' WHERE version_id = 1"),
        f"letter {ONE}: the computed columns of the figure 在孵企业",
        REBUILD,
    ),
    (by_sql("UPDATE figures SET sentence = 77 WHERE version_id = 1"), f"letter {ONE}: a figure has no sentence", AGAIN_ONE),
    (by_sql("UPDATE figures SET 'end' = 9999 WHERE version_id = 1"), f"letter {ONE}: a figure has no sentence, or lies outside", AGAIN_ONE),
    (
        by_sql("UPDATE sentences SET 'end' = 9999 WHERE version_id = 1 AND position = 2"),
        f"letter {ONE}: a sentence lies outside",
        AGAIN_ONE,
    ),
    (by_sql("UPDATE chunks SET last_sentence = 50 WHERE chunk_key = 1"), f"letter {ONE}: a chunk has no sentences", AGAIN_ONE),
    (by_sql("UPDATE versions SET is_current = 0 WHERE version_id = 1"), f"letter {ONE}: no text of it counts", AGAIN_ONE),
    (by_sql("UPDATE versions SET source_of = 77 WHERE version_id = 1"), f"letter {ONE}: one of its files is a source", AGAIN_ONE),
    (remove_original, f"letter {ONE}: the original letter.txt is missing", AGAIN_ONE),
    (alter_original, f"letter {ONE}: the original letter.txt has been altered", AGAIN_ONE),
    (add_original, "belongs to no letter", DELETE),
]


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    write(store, *(sourced(tmp_path, f"{TEXT}{name}。", letter_id=name) for name in (ONE, "二号")))
    assert check_store(store) == []
    return store


@pytest.mark.parametrize(("damage", "what", "cure"), DAMAGES, ids=[what[-24:] for _, what, _ in DAMAGES])
def test_damage_is_named_with_a_cure_that_cures(
    damage: Damage, what: str, cure: str, filled: Store, settings: Settings, encoder: CountingEncoder, tmp_path: Path
) -> None:
    damage(filled)
    faults = check_store(filled)
    assert [fault for fault in faults if what in fault.what and fault.cure == cure], faults
    filled.close()
    with open_store(settings, write=True, encoder=encoder) as store:
        if any(fault.cure == REBUILD for fault in faults):
            rebuild_store(store)
        if any(fault.cure == AGAIN_ONE for fault in faults):
            remove_from_store(store, ONE)
            write(store, sourced(tmp_path, f"{TEXT}{ONE}。", letter_id=ONE))
        if cure == DELETE:
            next((store.folder / ORIGINALS).rglob(f"{'f' * 64}*")).unlink()
        assert check_store(store) == []
        assert store.registry.count() == 2


def test_damaged_registry_is_named(filled: Store) -> None:
    filled.close()
    path = filled.folder / FILE
    content = bytearray(path.read_bytes())
    page = len(content) // 4096 - 1
    content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with open_store(filled.settings, any_embedding=True) as store:
        faults = check_store(store)
    assert [fault for fault in faults if fault.cure == RESTORE]


def test_writer_at_work_is_no_disagreement(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    begun, ended = threading.Event(), threading.Event()

    def keep_writing() -> None:
        with open_store(settings, write=True, encoder=CountingEncoder()) as store:
            number = 0
            while not ended.is_set():
                write(store, sourced(tmp_path, f"{TEXT}第{number}号。", letter_id=f"{number}号"))
                if number % 2:
                    remove_from_store(store, f"{number}号")
                number += 1
                begun.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        assert begun.wait(120)
        with open_store(settings, encoder=encoder) as reader:
            for _ in range(10):
                assert check_store(reader) == []
    finally:
        ended.set()
        writer.join()


def test_command_tells_fault_and_cure(filled: Store, capsys: pytest.CaptureFixture[str]) -> None:
    remove_vector(filled)
    filled.close()
    assert main(["--check", "--store", str(filled.folder)]) == 1
    told = capsys.readouterr().out
    assert f"letter {ONE}, chunk 0 is missing in the vector index. Cure: {REBUILD}\n1 disagreements.\n" in told
