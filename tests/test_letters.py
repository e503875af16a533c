"""Golden letters: what is made of each file in tests/letters/sources is written down in tests/letters/expected.

REGENERATE=1 writes the expectations anew; look through the difference before it is committed.
"""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pytest

from ingest.parse import parse_letter
from ingest.readers import read_document

FOLDER = Path(__file__).parent / "letters"
SOURCES = sorted((FOLDER / "sources").iterdir())
REGENERATE = os.environ.get("REGENERATE") == "1"


def as_written(path: Path) -> str:
    letter = dataclasses.asdict(parse_letter(read_document(path)))
    sentences = [{name: value for name, value in s.items() if value not in (None, ())} for s in letter.pop("sentences")]
    fields = {name: value for name, value in letter.items() if value not in (None, (), False) and name != "text"}
    return json.dumps({**fields, "sentences": sentences}, ensure_ascii=False, indent=1, default=str) + "\n"


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_letter_is_read_as_written_down(source: Path) -> None:
    expected = FOLDER / "expected" / f"{source.name}.letter.json"
    if REGENERATE:
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(as_written(source), encoding="utf-8")
    assert as_written(source) == expected.read_text(encoding="utf-8")


def test_regeneration_is_switched_off() -> None:
    assert not REGENERATE, "REGENERATE is set: expectations were written anew, so nothing was tested"


def test_every_expectation_has_its_source() -> None:
    names = {path.name for path in SOURCES}
    assert [p.name for p in (FOLDER / "expected").glob("*.letter.json") if p.name.removesuffix(".letter.json") not in names] == []
