"""A store as one file and back: while it is written, from a damaged file, stopped at any step."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ingest.backup import LIST, back_up, restore
from ingest.check import check_store
from ingest.upkeep import remove_from_store
from rag.audit_trail import AuditTrail, Note
from rag.errors import EmbeddingMismatchError, StoreError
from rag.registry import FILE
from rag.settings import Settings
from rag.store import PINNED, Store, open_store
from tests.small_store import CountingEncoder
from tests.stopped_upkeep import run_stopped
from tests.test_update import TEXT, sourced, write


@contextmanager
def made_store(settings: Settings, encoder: CountingEncoder, folder: Path, *names: str) -> Iterator[Store]:
    """A store with a letter of each name."""
    with open_store(settings, write=True, encoder=encoder) as store:
        write(store, *(sourced(folder, f"{TEXT}{name}。", letter_id=name) for name in names))
        yield store


def read_all(store: Store) -> list[tuple[str, str, list[str]]]:
    """What the letters are: name, text, figures."""
    found = store.registry.letters()
    return [
        (
            letter.letter_id,
            store.registry.letter(letter.letter_id).text,
            [figure.name for figure in store.registry.figures([letter.letter_id])],
        )
        for letter in found
    ]


def originals(folder: Path) -> set[str]:
    return {path.name for path in (folder / "originals").rglob("*") if path.is_file()}


def test_backup_in_a_new_folder_is_the_same_store(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    with made_store(settings, encoder, tmp_path, "一号", "二号") as store:
        (store.folder / PINNED).write_text('{"id": "1"}\n', encoding="utf-8")
        AuditTrail(store.folder).add(Note("甲", "command", "ingest"))
        was, files = read_all(store), originals(store.folder)
        nearest = [near.key for near in store.index.chunks.search(encoder.encode(["二号"]), 1)]
        made = back_up(store, tmp_path / "saved" / "store.zip")
    assert (made.letters, made.originals, made.missing) == (2, 2, ())
    assert [path.name for path in made.file.parent.iterdir()] == ["store.zip"]
    elsewhere = Settings(store=tmp_path / "elsewhere", embedding="counting", llm="none")
    put_back = restore(elsewhere, made.file, encoder=encoder)
    assert (put_back.letters, put_back.originals, put_back.made_at) == (2, 2, made.made_at)
    with open_store(elsewhere, encoder=encoder) as store:
        assert check_store(store) == []
        assert read_all(store) == was
        assert originals(store.folder) == files
        assert [near.key for near in store.index.chunks.search(encoder.encode(["二号"]), 1)] == nearest
        assert store.nearest_names("在孵企业", 1)[0].key == "在孵企业"
        assert (store.folder / PINNED).read_text(encoding="utf-8") == '{"id": "1"}\n'
        assert [entry.note.account for entry in AuditTrail(store.folder).entries()] == ["甲"]


def test_programs_that_run_go_on_with_the_restored_store(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    with made_store(settings, encoder, tmp_path, "一号", "二号") as store:
        back_up(store, tmp_path / "store.zip")
        remove_from_store(store, "一号")
        write(store, sourced(tmp_path, f"{TEXT}三。", letter_id="三号"))
        AuditTrail(store.folder).add(Note("甲", "command", "remove"))
    with open_store(settings, encoder=encoder) as reader:
        assert [name for name, _, _ in read_all(reader)] == ["三号", "二号"]
        assert len(reader.index.chunks) == 6
        known = set(reader.registry.view().values())
        restore(settings, tmp_path / "store.zip", encoder=encoder)
        assert [(name, text) for name, text, _ in read_all(reader)] == [("一号", f"{TEXT}一号。"), ("二号", f"{TEXT}二号。")]
        assert not known & set(reader.registry.view().values())  # a number that somebody remembers never means another text
        assert check_store(reader) == []
        assert len(originals(settings.store)) == 2
        assert [entry.note.action for entry in AuditTrail(settings.store).entries()] == ["remove"]  # the audit stays
    with open_store(settings, write=True, encoder=encoder) as store:
        assert write(store, sourced(tmp_path, f"{TEXT}三。", letter_id="三号")).new == 1
        assert check_store(store) == []


def test_backup_during_writing_is_one_state(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    ended, begun, wrote = threading.Event(), threading.Event(), [0]

    def keep_writing() -> None:
        with made_store(settings, CountingEncoder(), tmp_path, "先") as store:
            begun.set()
            while not ended.is_set():
                name = f"第{wrote[0]}号"
                write(store, sourced(tmp_path, f"{TEXT}{name}。", letter_id=name))
                if wrote[0] % 3 == 2:
                    remove_from_store(store, name)  # its original goes, too, maybe just when it is to be copied
                wrote[0] += 1

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        assert begun.wait(120)
        made = []
        with open_store(settings, encoder=encoder) as reader:
            for number in range(4):
                before = wrote[0]
                made.append(back_up(reader, tmp_path / f"{number}.zip"))
                while writer.is_alive() and wrote[0] == before:
                    ended.wait(0.01)
    finally:
        ended.set()
        writer.join()
    for number, backup in enumerate(made):
        assert backup.missing == ()
        elsewhere = Settings(store=tmp_path / f"put-back-{number}", embedding="counting", llm="none")
        assert restore(elsewhere, backup.file, encoder=encoder).letters == backup.letters
        with open_store(elsewhere, encoder=encoder) as store:
            assert check_store(store) == []
    assert made[-1].letters > made[0].letters


@pytest.mark.parametrize("damage", ["truncated", "flipped", "emptied", "without_list", "foreign_name", "text"])
def test_damaged_backup_is_named_and_nothing_changes(damage: str, settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    file = tmp_path / "store.zip"
    with made_store(settings, encoder, tmp_path, "一号") as store:
        back_up(store, file)
        write(store, sourced(tmp_path, f"{TEXT}二。", letter_id="二号"))
    content = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        original = next(info for info in archive.infolist() if info.filename.startswith("originals/"))
        members = {name: archive.read(name) for name in archive.namelist()}
    expected = "store.zip"
    if damage == "truncated":
        file.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        place = original.header_offset + 30 + len(original.filename.encode()) + original.compress_size // 2
        file.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        expected = original.filename
    elif damage == "emptied":
        file.write_bytes(b"")
    elif damage == "text":
        file.write_text("no archive", encoding="utf-8")
    else:
        listed = json.loads(members.pop(LIST))
        if damage == "foreign_name":
            listed["sha256"]["../escaped.sqlite"] = listed["sha256"][FILE]
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
            if damage == "foreign_name":
                archive.writestr("../escaped.sqlite", members[FILE])
                archive.writestr(LIST, json.dumps(listed))
        expected = LIST
    with pytest.raises(StoreError, match=expected.replace(".", r"\.")) as told:
        restore(settings, file, encoder=encoder)
    assert "备份" in told.value.chinese
    assert not (tmp_path / "escaped.sqlite").exists()
    with open_store(settings, write=True, encoder=encoder) as store:
        assert store.registry.count() == 2
        assert check_store(store) == []


def test_backup_of_another_embedding_is_refused_and_nothing_changes(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    with made_store(settings, encoder, tmp_path, "一号") as store:
        back_up(store, tmp_path / "store.zip")
    with pytest.raises(EmbeddingMismatchError):
        restore(settings, tmp_path / "store.zip", encoder=CountingEncoder("other", 32))
    with open_store(settings, write=True, encoder=encoder) as store:
        assert store.registry.count() == 1
        assert check_store(store) == []


def test_damaged_registry_is_replaced_and_kept_aside(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    with made_store(settings, encoder, tmp_path, "一号") as store:
        back_up(store, tmp_path / "store.zip")
    (settings.store / FILE).write_bytes(b"no database at all" * 500)
    with pytest.raises(StoreError, match="Restore a backup"), open_store(settings, encoder=encoder):
        pass
    restore(settings, tmp_path / "store.zip", encoder=encoder)
    with open_store(settings, write=True, encoder=encoder) as store:
        assert store.registry.count() == 1
        assert check_store(store) == []
    assert (settings.store / f"{FILE}.damaged").exists()


def test_backup_that_is_killed_leaves_the_older_file(settings: Settings, encoder: CountingEncoder, tmp_path: Path) -> None:
    file = tmp_path / "store.zip"
    with made_store(settings, encoder, tmp_path, "一号") as store:
        back_up(store, file)
        write(store, sourced(tmp_path, f"{TEXT}二。", letter_id="二号"))
    was = file.read_bytes()
    assert run_stopped("ingest.backup:_add_original", 1, settings.store, "backup", file) == -9
    assert file.read_bytes() == was
    with open_store(settings, write=True, encoder=encoder) as store:
        assert check_store(store) == []
        (left,) = tmp_path.glob(".store.zip.*")
        assert back_up(store, file).letters == 2
        assert left.exists()  # it might be at work
        os.utime(left, (0, 0))
        assert back_up(store, file).letters == 2
        assert not left.exists()
    assert restore(settings, file, encoder=encoder).letters == 2


STEPS = [
    ("ingest.backup:_unpack", 1, "before"),
    ("ingest.backup:_make_index", 0, "before"),
    ("ingest.backup:_unpack", 2, "before"),  # among the originals
    ("ingest.backup:prepare_copy", 0, "before"),
    ("ingest.backup:finish_restore", 0, "after"),
    ("rag.restoring:_put_in_place", 1, "after"),  # the registry is in place, the conversations are not
    ("ingest.backup:sweep_store", 0, "after"),
]


@pytest.mark.parametrize(("step", "done", "state"), STEPS)
def test_restore_that_is_killed_leaves_one_of_both_states(
    step: str, done: int, state: str, settings: Settings, encoder: CountingEncoder, tmp_path: Path
) -> None:
    with made_store(settings, encoder, tmp_path, "一号", "二号") as store:
        _write_beside(store.folder, "then")
        back_up(store, tmp_path / "store.zip")
        remove_from_store(store, "一号")
        write(store, sourced(tmp_path, f"{TEXT}三。", letter_id="三号"))
        _write_beside(store.folder, "now")
    assert run_stopped(step, done, settings.store, "restore", tmp_path / "store.zip") == -9
    expected = {"before": (["三号", "二号"], "now"), "after": (["一号", "二号"], "then")}[state]
    with open_store(settings, encoder=encoder) as reader:  # whoever comes first, also one that only reads
        assert ([name for name, _, _ in read_all(reader)], _read_beside(settings.store)) == expected
        assert check_store(reader) == []
    with open_store(settings, write=True, encoder=encoder) as store:
        assert ([name for name, _, _ in read_all(store)], _read_beside(settings.store)) == expected
        assert check_store(store) == []
        kept = {version.content_hash for version in store.registry.versions()}
        assert {name.split(".")[0] for name in originals(settings.store)} == kept
        left = {path.name for path in settings.store.iterdir() if not path.name.startswith(("registry", "conversations", "write"))}
        assert left == {"originals", store.index.folder.name}


def _write_beside(folder: Path, word: str) -> None:
    with closing(sqlite3.connect(folder / "conversations.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS said(word)")
        connection.execute("DELETE FROM said")
        connection.execute("INSERT INTO said VALUES (?)", (word,))


def _read_beside(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "conversations.sqlite")) as connection:
        return str(connection.execute("SELECT word FROM said").fetchone()[0])
