"""Archives and mails go into the store member by member, and only once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ingest.scan import FailedFile, SourceFile
from ingest.unpack import list_sources, shown_name
from ingest.update import ingest_files, original_path
from rag.store import SCRATCH, Store
from tests.make_formats import FOLDER, pack
from tests.test_formats import locked_ole
from tests.test_readers import pdf_file

LETTER = "临河市水务局\n\n临水提复〔2022〕{n}号\n\n关于市政协八届一次会议第{n}号提案的答复\n\n周望野委员：\n\n您提出的《关于节水的提案》收悉。2022年新建管网{n}公里。\n"


def two_letters(**more: bytes) -> bytes:
    return pack({"甲/第8号.txt": LETTER.format(n=8).encode("gb18030"), "乙.txt": LETTER.format(n=9).encode()} | more)


def test_each_member_is_a_letter_with_the_archives_name(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "答复.zip"
    path.write_bytes(two_letters())
    tally = ingest_files(store, [path])
    assert (tally.new, tally.failed) == (2, [])
    assert {letter.file for letter in store.registry.letters()} == {"答复.zip/甲/第8号.txt", "答复.zip/乙.txt"}


def test_original_of_a_member_is_kept(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(two_letters())
    ingest_files(store, [path])
    content = LETTER.format(n=9).encode()
    assert original_path(store, hashlib.sha256(content).hexdigest(), ".txt").read_bytes() == content


def test_archive_given_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(two_letters())
    ingest_files(store, [path])
    again = tmp_path / "renamed.zip"
    again.write_bytes(two_letters(new=LETTER.format(n=10).encode()))
    tally = ingest_files(store, [path, again])
    assert (tally.new, tally.changed, tally.unchanged) == (1, 0, 4)


def test_member_that_fails_is_named_by_archive_and_name(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(two_letters(**{"坏.pdf": b"%PDF-1.7 broken", "弹.txt": b"0" * 30_000_000, "空.txt": b""}))
    tally = ingest_files(store, [path])
    assert tally.new == 2
    assert sorted(failed.file for failed in tally.failed) == ["a.zip/坏.pdf", "a.zip/弹.txt", "a.zip/空.txt"]
    assert not any(SCRATCH in failed.reason for failed in tally.failed)


def test_empty_archive_is_named(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(pack({}))
    assert [failed.file for failed in ingest_files(store, [path]).failed] == [str(path)]


def test_mails_attachments_go_in(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "报送.eml"
    path.write_bytes((FOLDER / "letter.eml").read_bytes())
    tally = ingest_files(store, [path])
    assert tally.failed == []
    assert [letter.doc_number for letter in store.registry.letters()] == ["云交提复〔2023〕46号"]


def test_ordinary_and_known_files_are_not_unpacked(tmp_path: Path) -> None:
    scratch = tmp_path / f"{SCRATCH}x"
    scratch.mkdir()
    word = FOLDER / "letter.docx"
    assert [source.path for source in list_sources(word, scratch, ()) if isinstance(source, SourceFile)] == [word]
    archive = tmp_path / "a.zip"
    archive.write_bytes(two_letters())
    known = {source.content_hash for source in list_sources(archive, scratch, ()) if isinstance(source, SourceFile)}
    for file in scratch.rglob("*.txt"):
        file.unlink()
    assert len([*list_sources(archive, scratch, known)]) == 2
    assert [*scratch.rglob("*.txt")] == []


def test_names_that_no_disk_takes_are_shortened(tmp_path: Path) -> None:
    scratch = tmp_path / f"{SCRATCH}x"
    archive = tmp_path / "a.zip"
    archive.write_bytes(pack({"提" * 200 + ".txt": b"1", 'a:b"?.txt': b"2"}))
    sources = [*list_sources(archive, scratch, ())]
    assert not any(isinstance(source, FailedFile) for source in sources)
    names = [shown_name(source.path) for source in sources if isinstance(source, SourceFile)]
    assert names == ["a.zip/" + "提" * 76 + ".txt", "a.zip/a_b__.txt"]


def test_member_names_in_gb18030_are_read_as_chinese(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    data = pack({"ABCD.txt": LETTER.format(n=8).encode()})
    path.write_bytes(data.replace(b"ABCD.txt", "答复.txt".encode("gb18030")))  # as Windows packs: no mark of UTF-8
    assert ingest_files(store, [path]).new == 1
    assert [letter.file for letter in store.registry.letters()] == ["a.zip/答复.txt"]


def test_member_behind_a_password_is_named_and_the_others_go_in(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    data = bytearray(pack({"甲.txt": LETTER.format(n=8).encode(), "乙.txt": LETTER.format(n=9).encode()}))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1  # the first member is encrypted
    path.write_bytes(bytes(data))
    tally = ingest_files(store, [path])
    assert tally.new == 1
    assert [failed.file for failed in tally.failed] == ["a.zip/甲.txt"]
    assert "password" in tally.failed[0].reason
    assert "密码" in tally.failed[0].reason_zh


def test_locked_documents_in_a_nested_archive_are_named_and_its_letter_goes_in(store: Store, tmp_path: Path) -> None:
    inner = {"甲.txt": LETTER.format(n=8).encode(), "乙.pdf": pdf_file([[(80.0, 0.0, "字")]], password="geheim"), "丙.docx": locked_ole()}
    path = tmp_path / "a.zip"
    path.write_bytes(pack({"内.zip": pack(inner)}))
    tally = ingest_files(store, [path])
    assert [letter.file for letter in store.registry.letters()] == ["a.zip/内.zip/甲.txt"]
    assert sorted(failed.file for failed in tally.failed) == ["a.zip/内.zip/丙.docx", "a.zip/内.zip/乙.pdf"]
    for failed in tally.failed:
        assert "locked with a password. Save a copy without one." in failed.reason
        assert "有密码保护。请另存一份不设密码的。" in failed.reason_zh
