"""Asks every robustness set, each of a store of its own, and puts them side by side.

    python -m eval.robustness_run SETS_DIR --out DIR [--llm none|embedded|URL] [--home PLACE] [--sample N]

SETS_DIR is what `python -m eval.robustness` wrote. Each set's run goes into a folder of DIR; table.md, table.json and table.html compare them.
The abilities are those of RGB (Chen et al. 2023): noise, rejection, integration, and altered figures against what a model may remember.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from eval.charts import bar_chart
from eval.page import make_page
from eval.questions import read_questions
from eval.run import ask_all, choose_questions, describe_run, ingest_letters, open_asker, write_run
from rag.errors import QuestionSetError, ReplyDeskError
from rag.settings import Settings

COLUMNS = ("right", "wrong_figure", "forbidden_output", "refusal")
HEADINGS = ("right", "shows a wrong figure", "shows a forbidden figure", "refuses when it should, and only then")


def find_sets(folder: Path) -> list[Path]:
    """The folders with questions and letters, by name.

    Raises:
        QuestionSetError: there is none.
    """
    found = sorted(path.parent for path in folder.glob("*/questions.jsonl") if (path.parent / "letters").is_dir())
    if not found:
        raise QuestionSetError(f"{folder} holds no sets; make them with: python -m eval.robustness QUESTIONS --letters DIR --out {folder}")
    return found


def run_set(folder: Path, out: Path, settings: Settings, sample: int | None = None) -> dict[str, Any]:
    """One set, asked of its letters alone: a row of the table."""
    settings = replace(settings, store=out / "store")
    ingest_letters(folder / "letters", settings)
    file = folder / "questions.jsonl"
    questions = choose_questions(read_questions(file), sample=sample)
    about = describe_run(file, settings, datetime.now(UTC))
    scores = write_run(out, ask_all(open_asker(settings), questions), {**about, "set": folder.name})
    row: dict[str, Any] = {
        "set": folder.name,
        "letters": about["store"]["letters"],
        "questions": scores["questions"],
        "failed": scores["failed"],
    }
    return row | {column: scores["overall"].get(column) for column in COLUMNS}


def as_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The sets as Markdown."""
    lines = [f"| set | letters | questions | {' | '.join(HEADINGS)} |", f"|---|---:|---:|{'---|' * len(HEADINGS)}"]
    for row in rows:
        cells = " | ".join(_cell(row[column]) for column in COLUMNS)
        lines.append(f"| {row['set']} | {row['letters']} | {row['questions']} | {cells} |")
    return "\n".join(lines) + "\n"


def as_html(rows: Sequence[Mapping[str, Any]]) -> str:
    """The sets as one page: a chart of what is right, and the table."""
    bars = [
        (row["set"], row["right"]["mean"], row["right"]["low"], row["right"]["high"], row["right"]["count"])
        for row in rows
        if row["right"] and row["right"]["mean"] is not None
    ]
    head = "".join(f"<th>{escape(name)}</th>" for name in ("set", "letters", "questions", *HEADINGS))
    body = "".join(
        f"<tr><td>{escape(row['set'])}</td><td class=n>{row['letters']}</td><td class=n>{row['questions']}</td>"
        + "".join(f"<td class=n>{escape(_cell(row[column]))}</td>" for column in COLUMNS)
        + "</tr>"
        for row in rows
    )
    table = f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'
    return make_page("ReplyDesk robustness", ["<h1>Robustness</h1>", bar_chart("Right, by set", bars), table])


def _cell(interval: Mapping[str, Any] | None) -> str:
    if not interval or interval["mean"] is None:
        return "—"
    return f"{interval['mean']:.1%} ({interval['low']:.1%}–{interval['high']:.1%})"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.robustness_run", description="Asks every robustness set and compares them.")
    parser.add_argument("sets", type=Path, help="folder that python -m eval.robustness wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder for the runs and the table")
    parser.add_argument("--llm", default="none", help="none, embedded or a URL (default: none)")
    parser.add_argument("--home", default="", help="the place meant when a question names none")
    parser.add_argument("--sample", type=int, metavar="N", help="a fixed sample of N questions of each set")
    options = parser.parse_args(arguments)
    settings = replace(Settings.from_environment(), llm=options.llm, home=options.home)
    rows: list[dict[str, Any]] = []
    try:
        sets = find_sets(options.sets)
        for number, folder in enumerate(sets, 1):
            sys.stderr.write(f"{number}/{len(sets)} {folder.name}\n")
            rows.append(run_set(folder, options.out / folder.name, settings, options.sample))
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    (options.out / "table.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (options.out / "table.md").write_text(as_table(rows), encoding="utf-8")
    (options.out / "table.html").write_text(as_html(rows), encoding="utf-8")
    sys.stdout.write(as_table(rows))
    return 1 if any(row["failed"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
