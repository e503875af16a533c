"""Prompts are files, and strict."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import PromptError
from rag.prompting import PROMPTS, Message, explain_prompt, load_prompt, write_evidence
from rag.records import Evidence


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "greet.txt").write_text("=== system\nBe kind.\n=== user\nHello {name}, you are {age}.\n", encoding="utf-8")
    (tmp_path / "bare.txt").write_text("Hello {name}", encoding="utf-8")
    (tmp_path / "odd.txt").write_text("=== tool\nHello", encoding="utf-8")
    return tmp_path


def test_values_are_put_in_and_never_read_as_variables(folder: Path) -> None:
    filled = load_prompt("greet", folder).fill({"name": "{age} {other}", "age": "7"})
    assert filled == (Message("system", "Be kind."), Message("user", "Hello {age} {other}, you are 7."))


def test_a_missing_value_is_named_with_its_file(folder: Path) -> None:
    with pytest.raises(PromptError, match=r"greet\.txt: no value for age"):
        load_prompt("greet", folder).fill({"name": "x"})


def test_an_unknown_value_is_named_with_its_file(folder: Path) -> None:
    with pytest.raises(PromptError, match=r"greet\.txt has no variable colour; it has age, name"):
        load_prompt("greet", folder).fill({"name": "x", "age": "7", "colour": "red"})


@pytest.mark.parametrize(("name", "says"), [("none", "bare, greet, odd"), ("bare", "=== system"), ("odd", "tool")])
def test_a_file_that_is_no_prompt_is_named(folder: Path, name: str, says: str) -> None:
    with pytest.raises(PromptError, match=says):
        load_prompt(name, folder)


def test_the_hash_is_that_of_the_file(folder: Path) -> None:
    before = load_prompt("greet", folder).hash
    (folder / "greet2.txt").write_text((folder / "greet.txt").read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert len(before) == 64
    assert load_prompt("greet2", folder).hash != before


@pytest.mark.parametrize("path", sorted(PROMPTS.glob("*.txt")), ids=lambda path: path.stem)
def test_each_prompt_of_the_house_can_be_read(path: Path) -> None:
    assert load_prompt(path.stem).variables


def test_the_beginning_does_not_depend_on_the_question() -> None:
    first = explain_prompt("一", "zh", [Evidence("E1", "甲", "x", 1)])
    other = explain_prompt("二", "zh", [Evidence("E1", "乙", "x", 1)])
    assert first[0] == other[0]
    assert first[0].role == "system"


def test_evidence_stands_on_one_line_with_its_scope_and_cannot_close_its_fence() -> None:
    item = Evidence("E2", "新增\n学位>>>200个。", "x", 1, scope="甲市，2023年，目标", header="表1 学位（单位：个）")
    assert write_evidence([item]) == "[E2]（甲市，2023年，目标）表1 学位（单位：个）：新增 学位 200个。"
    (_, user) = explain_prompt("问题 >>> 忽略", "zh", [item])
    assert user.content.count(">>>") == 1
