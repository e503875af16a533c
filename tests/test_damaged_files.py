"""Damaged files of every format: each ends in a letter or in a named reason, soon, and never in a crash.

`python -m tests.test_damaged_files 3000` runs more of them and tells reasons, time and memory.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from ingest.readers.choose import read_bytes
from ingest.readers.containers import UnreadMember, container_kind, list_members
from rag.errors import ReadError
from tests.make_formats import FOLDER, pack

SEED = 20230619
COUNT = 150
# A scan that is still readable costs seconds; the many are made of files whose reading is quick, a few of scans.
QUICK = [
    "letter.txt",
    "letter.html",
    "letter.mht",
    "letter.docx",
    "letter.doc",
    "letter.rtf",
    "letter.pdf",
    "columns.pdf",
    "letter.ofd",
    "letter.eml",
    "letter.zip",
]
SCANS = ["scan.png", "scan.jpg", "scan.tiff", "scan.pdf", "scan.ofd", "mixed.pdf"]
SUFFIXES = ["txt", "md", "html", "mht", "docx", "doc", "wps", "rtf", "pdf", "ofd", "png", "jpg", "tiff", "zip", "eml", "xls", ""]


def flip_bits(data: bytes, chance: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(chance.choice([1, 3, 20, 200])):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def cut_out(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 2000) :]


def overwrite(data: bytes, chance: random.Random) -> bytes:
    start, length = chance.randrange(len(data)), chance.randrange(1, 600)
    return data[:start] + (chance.randbytes(length) if chance.random() < 0.6 else b"\x00" * length) + data[start + length :]


def repeat_part(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start : start + 400] * chance.choice([2, 50, 1000]) + data[start:]


def add_rubbish(data: bytes, chance: random.Random) -> bytes:
    rubbish = chance.randbytes(chance.randrange(1, 3000))
    return rubbish + data if chance.random() < 0.5 else data + rubbish


def nest_deep(data: bytes, chance: random.Random) -> bytes:
    depth = chance.choice([100, 2000, 50_000])
    return chance.choice(
        [b"{\\rtf1" + b"{" * depth, b"<html><body>" + b"<div>" * depth + "提案的答复".encode(), b"%PDF-1.4\n" + b"[" * depth]
    )


def make_bomb(data: bytes, chance: random.Random) -> bytes:
    """An archive that grows, a document in an archive in an archive, an entity that doubles."""
    entity = "".join(f'<!ENTITY a{i} "&a{i - 1};&a{i - 1};">' for i in range(1, 40))
    xml = f'<!DOCTYPE a [<!ENTITY a0 "提案">{entity}]><a>&a39;</a>'.encode()
    grown = pack({"word/document.xml": b"<a>" + b" " * 20_000_000, "[Content_Types].xml": b"<a/>"})
    return chance.choice(
        [
            grown,
            pack({"OFD.xml": xml}),
            pack({"word/document.xml": xml, "[Content_Types].xml": xml}),
            pack({"1.zip": pack({"2.zip": data})}),
            xml,
        ]
    )


def swap_part(data: bytes, chance: random.Random) -> bytes:
    other = (FOLDER / chance.choice(QUICK)).read_bytes()
    cut = chance.randrange(min(len(data), len(other)))
    return data[:cut] + other[cut:]


DAMAGES = [flip_bits, flip_bits, cut_off, cut_out, overwrite, overwrite, repeat_part, add_rubbish, nest_deep, make_bomb, swap_part]


def damaged_files(count: int) -> Iterator[tuple[str, bytes]]:
    """Always the same files: name with a suffix that may be wrong, and bytes."""
    chance = random.Random(SEED)
    for number in range(count):
        source = chance.choice(SCANS) if number % 15 == 0 else chance.choice(QUICK)
        damage = chance.choice(DAMAGES)
        data = damage((FOLDER / source).read_bytes(), chance)
        suffix = source.split(".")[1] if chance.random() < 0.7 else chance.choice(SUFFIXES)
        yield f"{number}-{source.split('.')[0]}-{damage.__name__}.{suffix}", data


def read_all(data: bytes, file: str) -> Iterator[str]:
    """What becomes of a file, or of each member: read, or the reason."""
    try:
        members = list(list_members(data, file)) if data and container_kind(data) else []
    except ReadError as error:
        yield str(error)
        return
    if not members:
        yield read_one(data, file)
    for member in members:
        yield member.reason if isinstance(member, UnreadMember) else read_one(member.data, member.file)


def read_one(data: bytes, file: str) -> str:
    try:
        document = read_bytes(data, file)
    except ReadError as error:
        return str(error)
    assert any(page.text.strip() for page in document.pages)
    return "read"


@pytest.mark.timeout(900)
def test_damaged_files_end_in_a_letter_or_in_a_named_reason() -> None:
    outcomes: Counter[bool] = Counter()
    for file, data in damaged_files(COUNT):
        started = time.process_time()
        for outcome in read_all(data, file):
            outcomes[outcome == "read"] += 1
            assert outcome == "read" or file in outcome, file
            assert len(outcome) < 1500, outcome
        assert time.process_time() - started < 60, file
    assert outcomes[True] > 30
    assert outcomes[False] > 60


def test_the_damaged_files_are_always_the_same() -> None:
    assert [name for name, _ in damaged_files(20)] == [name for name, _ in damaged_files(20)]
    assert len({data for _, data in damaged_files(40)}) > 35


def main() -> None:
    """Run as many as asked, from the second number on."""
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    reasons: Counter[str] = Counter()
    slowest: list[tuple[float, str]] = []
    for number, (file, data) in enumerate(damaged_files(count)):
        if number < first:
            continue
        started = time.process_time()
        for outcome in read_all(data, file):
            reasons["read" if outcome == "read" else outcome.split(": ", 1)[-1][:48]] += 1
        slowest = sorted([*slowest, (time.process_time() - started, file)])[-8:]
        if number % 100 == 99:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            sys.stderr.write(f"{number + 1} files, slowest {slowest[-1]}, {peak:.2f} GB\n")
    for reason, times in reasons.most_common(60):
        sys.stdout.write(f"{times:5} {reason}\n")
    sys.stdout.write(f"slowest: {slowest}\nmemory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB\n")


if __name__ == "__main__":
    main()
