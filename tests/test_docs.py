"""The documentation against the code: what it names exists, and what exists is named. Each message says which line is missing and where."""

from __future__ import annotations

import ast
import importlib
import json
import re
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from rag.ask import answer_as_json
from rag.figures import COLUMNS
from rag.records import Answer, AnswerFigure, Citation, Comparator, Outcome, Status
from rag.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ingest", "rag", "doors", "screens", "eval")
READMES = ("README.md", "README.zh-CN.md")
REFERENCE = "docs/reference.md"
PAGES = (*READMES, REFERENCE, "docs/guide.md", "docs/guide.zh-CN.md")
FIRST_LINES = 30


@cache
def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def first_docstring_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]


def our_modules() -> list[str]:
    """Every module that has a line in the trees; an `__init__` is told by its folder's line."""
    found = (p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if p.name != "__init__.py")
    return sorted(["app.py", *(p.relative_to(ROOT).as_posix() for p in found)])


def tree_of(page: str) -> dict[str, str]:
    """Path → what is said of it, from the page's tree: folders end in /, what is in them stands deeper."""
    blocks = [block for block in re.findall(r"```text\n(.*?)```", read(page), re.DOTALL) if "app.py" in block]
    assert blocks, f"{page} has no tree: a ```text block with app.py in it"
    lines: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in blocks[0].splitlines():
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        name, _, said = line.strip().partition(" ")
        above = [(d, folder) for d, folder in above if d < depth]
        path = "".join(folder for _, folder in above) + name
        if name.endswith("/"):
            above.append((depth, name))
        lines[path] = said.strip()
    return lines


@cache
def commands() -> dict[str, str]:
    """Module → how it is called, of all that can be called."""
    found = {}
    for path in our_modules():
        if re.search(r'^if __name__ == "__main__":', (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE):
            module = path.removesuffix(".py").replace("/", ".")
            found[module] = "python app.py" if module == "app" else f"python -m {module.removesuffix('.__main__')}"
    return found


@cache
def sections_of(page: str) -> dict[str, str]:
    """Heading (without its marks and backticks) → text under it."""
    parts = re.split(r"^#{2,4} (.+)$", read(page), flags=re.MULTILINE)
    return {heading.replace("`", "").strip(): text for heading, text in zip(parts[1::2], parts[2::2], strict=True)}


def json_under(heading: str) -> list[object]:
    text = sections_of(REFERENCE)[heading]
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


@pytest.mark.parametrize("page", READMES)
def test_each_module_has_its_line_in_the_tree_and_each_line_its_file(page: str) -> None:
    tree = tree_of(page)
    faults = [
        f"{page}: the tree lacks {path}. Under {path.rpartition('/')[0] or 'the top'}/ add: {path.rpartition('/')[2]}   {first_docstring_line(ROOT / path)}"
        for path in our_modules()
        if path not in tree
    ]
    faults += [f"{page}: the tree names {path}, which does not exist. Take the line out." for path in tree if not (ROOT / path).exists()]
    faults += [f"{page}: the tree says nothing of {path}." for path, said in tree.items() if not said]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("page", READMES)
def test_run_and_test_stand_at_the_top_and_are_targets(page: str) -> None:
    top = read(page).splitlines()[:FIRST_LINES]
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    for command in ("make run", "make test"):
        assert any(line.startswith(command) for line in top), f"{page}: {command} does not stand within the first {FIRST_LINES} lines"
        assert command.split()[1] in targets, f"{command} is no target of the Makefile"


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_and_commands_that_are_named_exist(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    code = "\n".join(re.findall(r"```\w*\n(.*?)```", read(page), re.DOTALL) + re.findall(r"`([^`\n]+)`", read(page)))
    wrong = [
        f"{page}: `make {target}` is no target of the Makefile" for target in re.findall(r"\bmake ([a-z-]+)", code) if target not in targets
    ]
    for module in sorted(set(re.findall(r"python -m ([a-z_.]+)", code)) - {"venv", "pip", "pytest"}):
        path = ROOT / module.replace(".", "/")
        if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists():
            wrong.append(f"{page}: `python -m {module}` is no module")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", sorted(commands()))
def test_every_option_of_every_command_is_documented(
    module: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = commands()[module]
    section = sections_of(REFERENCE).get(command)
    assert section is not None, f"{REFERENCE} has no section `{command}`. Add a heading: ### `{command}`"
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        importlib.import_module(module).main(["--help"])
    told = capsys.readouterr().out
    wanted = set(re.findall(r"^\s+(?:-\w, )?(--[a-z-]+)", told, re.MULTILINE)) - {"--help"}
    wanted |= {choice for choices in re.findall(r"\{([\w,]+)\}", told) for choice in choices.split(",")}
    missing = [option for option in sorted(wanted) if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", section)]
    assert not missing, f"{REFERENCE}, section `{command}`: not documented: {', '.join(missing)}"
    gone = [o for o in sorted(set(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE))) if o not in wanted]
    assert not gone, f"{REFERENCE}, section `{command}`: the command has no {', '.join(gone)}"


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(REPLYDESK_[A-Z_]+)` \| ([^|]*) \|", read(REFERENCE), re.MULTILINE))
    faults = []
    for setting in fields(Settings):
        name = PREFIX + setting.name.upper()
        default = setting.default
        if isinstance(default, Path):
            default = default.relative_to(ROOT) if default.is_relative_to(ROOT) else default
        wanted = f"`{default:g}`" if isinstance(default, float) else f"`{default}`" if default != "" else ""
        if name not in rows:
            faults.append(f"{REFERENCE}: no row for {name}. Add: | `{name}` | {wanted} | what it does |")
        elif rows[name].strip() != wanted:
            faults.append(f"{REFERENCE}: the default of {name} is {wanted or 'empty'}, not {rows[name].strip() or 'empty'}")
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("page", PAGES)
def test_settings_that_are_named_exist(page: str) -> None:
    known = {PREFIX + setting.name.upper() for setting in fields(Settings)}
    assert not set(re.findall(r"REPLYDESK_[A-Z_]*[A-Z]", read(page))) - known


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_exist(page: str) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", read(page))
    assert targets
    missing = [t for t in targets if not re.match(r"https?://|#", t) and not ((ROOT / page).parent / t.partition("#")[0]).exists()]
    assert not missing, f"{page} links to what is not there: {', '.join(missing)}"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_path_of_a_machine(page: str) -> None:
    assert not re.findall(r"(?<![\w.])/(?:home|root|work|Users|tmp|mnt)/\w+|[A-Z]:\\\w+", read(page))


def test_json_of_an_answer_is_as_documented() -> None:
    citation = Citation("E1", "a.txt", "a-1", None, None, date(2023, 6, 20), "", None, 0, 2, "二。")
    figure = AnswerFigure("名", Decimal(1), "家", Comparator.EQUAL, 2023, Status.ACTUAL, None, "E1")
    answer = Answer(Outcome.ANSWERED, "二。[E1]", (citation,), (figure,), {"total": 0.1}, None)
    (shown,) = json_under("python -m rag.ask")
    real = answer_as_json(answer)
    assert isinstance(shown, dict)
    assert list(shown) == list(real)
    for part in ("citations", "figures"):
        made = real[part]
        assert isinstance(made, list)
        assert list(shown[part][0]) == list(made[0]), f"{REFERENCE}: the {part} of an answer are told with other fields"


def test_json_of_a_figure_is_as_documented() -> None:
    (shown,) = json_under("python -m rag.figures")
    assert isinstance(shown, list)
    assert tuple(shown[0]) == COLUMNS


def test_json_of_ingestion_is_as_documented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from ingest.__main__ import main
    from ingest.changes import Effect, LetterChange
    from ingest.report import change_as_json

    empty = tmp_path / "empty.txt"
    empty.touch()
    assert main([str(empty), "--store", str(tmp_path / "store"), "--json"]) == 1
    real = json.loads(capsys.readouterr().out)
    shown = json_under("python -m ingest")[0]
    assert isinstance(shown, dict)
    assert list(shown) == list(real)
    assert list(shown["failed"][0]) == list(real["failed"][0])
    assert list(shown["changes"][0]) == list(change_as_json(LetterChange("a", Effect.REPLACED, "a.txt")))


def test_lines_and_scores_of_a_run_are_as_documented() -> None:
    from eval.questions import Question
    from eval.scores import answer_row, score_result, summarise

    question = Question(id="q1", lang="zh", kind="single_target", question="？", answer="", answerable=False)
    result = score_result(question, Answer(Outcome.NOT_FOUND, "没有。"), 0.1)
    line, scores = json_under("python -m eval.run")
    assert isinstance(line, dict)
    assert isinstance(scores, dict)
    missing = [name for name in answer_row(result) if name not in line]
    assert not missing, f"{REFERENCE}: a line of answers.jsonl also has {', '.join(missing)}"
    missing = [name for name in ("run", *summarise([result])) if name not in scores]
    assert not missing, f"{REFERENCE}: scores.json also has {', '.join(missing)}"


def test_every_test_that_the_threat_table_names_exists() -> None:
    named = re.findall(r"`(tests/\w+\.py)::(\w+)`", read("docs/security.md"))
    assert len(named) > 20
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")]
    assert not missing
