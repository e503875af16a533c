"""The sample archive and its questions: what the set calls evidence stands in the letters, and the made letters are up to date."""

from __future__ import annotations

import ast
import html
import importlib.util
import json
import operator
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ingest.readers import read_document

ROOT = Path(__file__).resolve().parent.parent
LETTER_FOLDER = ROOT / "data" / "letters"
LETTERS = sorted(LETTER_FOLDER.iterdir())
SOURCES = sorted((ROOT / "data" / "sources").glob("*.txt"))
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (ROOT / "eval" / "questions" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
]
OPERATIONS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def squeeze(text: str) -> str:
    """All whitespace out: line ends and cell borders differ between formats and readers."""
    return re.sub(r"\s+", "", text)


@cache
def read_letter(file: str) -> str:
    """The letter as a reader sees it, without the running heads and page numbers of a PDF."""
    texts = [[squeeze(line) for line in page.text.splitlines() if line.strip()] for page in read_document(LETTER_FOLDER / file).pages]
    if file.endswith(".pdf"):
        head = load_script().read_source(ROOT / "data" / "sources" / file.replace(".pdf", ".txt")).fields["head"]
        texts = [[line for line in lines if not re.fullmatch(r"—\d+—", line)] for lines in texts]
        texts = [texts[0], *(lines[1:] if lines[0] == squeeze(head) else lines for lines in texts[1:])]
    return "".join(line for lines in texts for line in lines)


@cache
def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_samples", ROOT / "data" / "make_samples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_samples"] = module
    spec.loader.exec_module(module)
    return module


def compute(expression: str) -> float:
    def walk(node: ast.expr) -> float:
        if isinstance(node, ast.BinOp):
            return OPERATIONS[type(node.op)](walk(node.left), walk(node.right))
        assert isinstance(node, ast.Constant)
        return float(node.value)  # type: ignore[arg-type]

    return walk(ast.parse(expression, mode="eval").body)


@pytest.mark.parametrize("path", LETTERS, ids=lambda p: p.name)
def test_every_letter_says_that_it_is_a_sample(path: Path) -> None:
    assert re.search("（(样例文件|樣例文件)", read_letter(path.name))


@pytest.mark.parametrize("path", LETTERS, ids=lambda p: p.name)
def test_letters_have_the_length_of_real_ones_and_no_real_telephone(path: Path) -> None:
    assert 700 <= len(read_letter(path.name)) <= 1900
    text = "\n".join(page.text for page in read_document(path).pages)
    numbers = re.findall(r"\d{3,4}-\d{7,8}|(?<![\d.-])\d{7,}(?![\d.])", text)
    assert [n for n in numbers if not n.startswith("0000")] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_made_letters_hold_the_text_of_their_sources(path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    script = load_script()
    source = script.read_source(path)
    kept = read_letter(source.made_name)
    fresh_file = tmp_path_factory.mktemp("made") / source.made_name
    fresh_file.write_bytes(script.MAKERS[source.fields["format"]](source))
    assert squeeze("".join(p.text for p in read_document(fresh_file).pages)) == squeeze(
        "".join(p.text for p in read_document(LETTER_FOLDER / source.made_name).pages)
    )
    if source.fields["format"] in script.ENCODINGS:
        assert kept == squeeze(source.text)
        return
    for block in script.read_blocks(source.text):
        for text in [block.text, *("".join(row) for row in block.rows)]:
            if block.kind != "head" and text:
                assert squeeze(text) in kept


def test_every_source_has_its_letter_and_the_archive_has_its_formats() -> None:
    script = load_script()
    made = {script.read_source(path).made_name for path in SOURCES}
    assert made <= {path.name for path in LETTERS}
    formats = Counter(path.suffix for path in LETTERS)
    assert formats == {".txt": 27, ".md": 2, ".html": 6, ".docx": 5, ".pdf": 4}


def test_the_list_of_letters_names_each_letter() -> None:
    card = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in LETTERS if path.name not in card] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["id"])
def test_evidence_stands_in_its_letter(question: dict[str, Any]) -> None:
    for evidence in question["evidence"]:
        sentence = squeeze(evidence["sentence"])
        assert sentence
        if "text" not in evidence:
            assert sentence in read_letter(evidence["file"])
            continue
        page = (LETTER_FOLDER / evidence["file"]).read_text(encoding="utf-8")
        assert sentence in squeeze(page)
        seen = squeeze(html.unescape(re.sub(r"<[^>]+>|\*\*|\|", "", evidence["sentence"])))
        assert seen == squeeze(evidence["text"].replace(" | ", ""))
        assert evidence["file"].endswith(".html") or seen in read_letter(evidence["file"]).replace("|", "")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["id"])
def test_figures_of_an_answer_stand_in_its_evidence(question: dict[str, Any]) -> None:
    made = {step["number"]: step["expr"] for step in question.get("derivation", [])}
    shown = unicodedata.normalize("NFKC", "|".join(re.sub(r"[\t　]+|  +", "|", e.get("text", e["sentence"])) for e in question["evidence"]))
    shown = squeeze(shown)
    for number in question["numbers"]:
        digits = re.match(r"\d+(?:\.\d+)?", number)
        if number in made:
            assert digits is not None
            assert compute(made[number]) == pytest.approx(float(digits.group()), abs=1e-6)
        else:
            wanted = digits.group() if digits else number
            assert re.search(rf"(?<![\d.]){re.escape(wanted)}(?![\d.])", shown)
    assert len(question["numbers"]) == len(question["comparators"])
    assert set(question["comparators"]) <= {"=", ">=", ">", "<=", "<", "~", "range"}
    assert set(question["numbers"]).isdisjoint(question["forbidden"])


def test_questions_have_their_own_ids_and_wordings() -> None:
    for asked, times in Counter((q["question"], json.dumps(q.get("history"))) for q in QUESTIONS).items():
        assert times == 1, asked
    assert len({q["id"] for q in QUESTIONS}) == len(QUESTIONS)


def test_unanswerable_questions_have_no_evidence_and_the_others_have() -> None:
    for question in QUESTIONS:
        assert question["answerable"] == (question["kind"] != "unanswerable")
        assert bool(question["evidence"]) == question["answerable"]
        if not question["answerable"]:
            assert question["trap"]
            assert question["numbers"] == []


def test_the_set_is_balanced() -> None:
    assert len(QUESTIONS) >= 130
    assert sum(q["lang"] == "en" for q in QUESTIONS) * 4 >= len(QUESTIONS)
    assert sum(not q["answerable"] for q in QUESTIONS) >= 30
    splits = Counter(q["split"] for q in QUESTIONS)
    assert splits["dev"] == splits["test"] == len(QUESTIONS) // 2
    assert {q["kind"] for q in QUESTIONS if q["split"] == "dev"} == {q["kind"] for q in QUESTIONS if q["split"] == "test"}


def test_relative_years_come_with_the_day_of_asking() -> None:
    relative = re.compile("今年|去年|明年|this year|last year")
    missing = [q["id"] for q in QUESTIONS if relative.search(q["question"]) and "asked_on" not in q]
    assert missing == []
