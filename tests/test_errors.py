"""What goes wrong with a file is told in both languages, each with what, where and what to do."""

from __future__ import annotations

import ast
import pickle
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.scan import FailedFile
from rag.errors import ReadError, StoreError
from screens.seams import FileOutcome, FileResult
from screens.texts import texts_for
from screens.upload_results import render_results

ROOT = Path(__file__).parent.parent
HAN = re.compile(r"[\u4e00-\u9fff]")


def raised_messages() -> list[tuple[str, str, str]]:
    """Where each ReadError of the readers is made, and its texts with the inserted values as {}."""
    found: list[tuple[str, str, str]] = []
    for path in sorted((ROOT / "ingest").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ReadError":
                texts = [text_of(argument) for argument in node.args]
                if texts[0]:  # else a message that was made elsewhere is passed on
                    found.append((f"{path.relative_to(ROOT)}:{node.lineno}", texts[0], texts[1]))
    return found


def text_of(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) for part in node.values)
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "{}" if isinstance(node, ast.FormattedValue) else ""


@pytest.mark.parametrize(("place", "english", "chinese"), [pytest.param(*found, id=found[0]) for found in raised_messages()])
def test_each_reason_says_what_where_and_what_to_do_in_both_languages(place: str, english: str, chinese: str) -> None:
    assert english.startswith("{}: "), place
    assert chinese.startswith("{}："), place
    assert not HAN.search(english), place
    assert HAN.search(chinese), place
    # what it is, and then a sentence of its own on what to do
    assert len(re.findall(r"[^.]{8,}\.(?= |$)", english)) >= 2 or english.endswith("{}"), place
    assert re.search(r"。请.+。$|可读取|\{\}$", chinese), place
    assert english.count("{}") == chinese.count("{}"), place


def test_all_readers_are_looked_at() -> None:
    assert len(raised_messages()) > 40


def test_error_keeps_both_texts_on_its_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ReadError("a.txt: empty. Export it again.", "a.txt：文件是空的。请重新导出。")))
    assert (str(error), error.chinese) == ("a.txt: empty. Export it again.", "a.txt：文件是空的。请重新导出。")
    assert FailedFile.of(Path("a.txt"), error).reason_zh == error.chinese


def test_error_without_chinese_text_shows_its_english_one() -> None:
    assert StoreError("The disk is full.").chinese == "The disk is full."


def test_page_shows_the_reason_in_its_own_language() -> None:
    result = FileResult("a.txt", FileOutcome.FAILED, reason="a.txt: empty. Export it again.", reason_zh="a.txt：文件是空的。请重新导出。")
    assert "文件是空的" in render_results([result], texts_for("zh"))
    assert "Export it again" not in render_results([result], texts_for("zh"))
    assert "Export it again" in render_results([result], texts_for("en"))
    assert "Export it again" in render_results([replace(result, reason_zh="")], texts_for("zh"))
