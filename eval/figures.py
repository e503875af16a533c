"""Ledger against a gold ledger: precision, recall, F1, and per field what was wrong.

    python -m eval.figures GOLD.jsonl… (--store DIR | --letters DIR) [--misses N] [--json]

A gold row is found when a figure of the same file has its value and unit (scale multiplied out), its year and its status, and a name by which a person
would recognise it (`is_same_name`). Each figure finds one row at most. Only `core` rows count for recall; a figure that has the value and the
unit of a row that is not core counts neither way, and neither does a repetition of a row already found. Every other figure counts against precision.
Subject and comparator are reported beside, over the rows found. Files without a gold row are left out.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rag.errors import QuestionSetError, ReplyDeskError
from rag.records import Figure

_TOLERANCE = Decimal("0.0005")  # relative; a third is written 0.3333
_NAME_OVERLAP = 0.5  # share of the shorter name's character bigrams that stand in the longer
_TWIN = re.compile(r"[（(][\u4e00-\u9fff]{1,2}[)）]$")
_NOISE = re.compile(r"[\s\W_]|的|总数|总量|数量|全市|全区|全县|全省")


@dataclass(frozen=True, slots=True)
class Miss:
    """A core row that was not found, with what was wrong: `value`, or the fields that differ in the nearest figure."""

    gold: Mapping[str, Any]
    wrong: tuple[str, ...]
    nearest: Figure | None = None

    def describe(self) -> str:
        """One line for a person."""
        gold = self.gold
        asked = f"{gold['file']} {gold['name']} {gold['value']}{gold['unit']} {gold['year']} {gold['status']} [{gold['subject']}]"
        if self.nearest is None:
            return f"{asked}: value not found"
        near = self.nearest
        return f"{asked}: wrong {', '.join(self.wrong)}: {near.name} {near.value}{near.unit} {near.year} {near.status} [{near.subject}]"


@dataclass(frozen=True, slots=True)
class FigureScores:
    """What came out; `None` where there is nothing to divide by."""

    core: int  # gold rows that must be found
    found: int  # core rows found
    spurious: tuple[tuple[str, Figure], ...]  # figures that no row backs
    neutral: int  # figures of rows that are not core, and repetitions
    misses: tuple[Miss, ...]
    subject_right: int  # of the rows found
    comparator_right: int
    wrong_fields: dict[str, int] = field(default_factory=dict)  # over the misses

    @property
    def precision(self) -> float | None:
        """Found rows over found rows and spurious figures."""
        given = self.found + len(self.spurious)
        return self.found / given if given else None

    @property
    def recall(self) -> float | None:
        """Found core rows over core rows."""
        return self.found / self.core if self.core else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        total = 2 * self.found + len(self.spurious) + len(self.misses)
        return 2 * self.found / total if total else None

    def summary(self) -> dict[str, object]:
        """The numbers, for JSON."""
        return {
            "precision": self.precision, "recall": self.recall, "f1": self.f1, "core": self.core, "found": self.found,
            "spurious": len(self.spurious), "neutral": self.neutral, "missed": len(self.misses), "wrong": self.wrong_fields,
            "subject_right": self.subject_right, "comparator_right": self.comparator_right,
        }  # fmt: skip


def is_same_name(gold: str, *names: str) -> bool:
    """Would a person take one of `names` for `gold`? One holds the other, or half of the shorter one's character bigrams stand in the longer."""
    return any(name_overlap(gold, name) >= _NAME_OVERLAP for name in names)


def name_overlap(one: str, other: str) -> float:
    """Share of the shorter name's bigrams that the longer one has; 1 when one holds the other."""
    a, b = sorted((_NOISE.sub("", one).lower(), _NOISE.sub("", other).lower()), key=len)
    if len(a) < 2:
        return float(bool(a) and a == b)
    if a in b:
        return 1.0
    pairs = [a[i : i + 2] for i in range(len(a) - 1)]
    known = {b[i : i + 2] for i in range(len(b) - 1)}
    return sum(pair in known for pair in pairs) / len(pairs)


def score_figures(gold_rows: Sequence[Mapping[str, Any]], figures_with_file: Iterable[tuple[str, Figure]]) -> FigureScores:
    """Compare figures with gold rows, file by file."""
    gold_of: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in gold_rows:
        gold_of[str(row["file"])].append(row)
    figures_of: dict[str, list[Figure]] = defaultdict(list)
    for file, figure in figures_with_file:
        if file in gold_of:
            figures_of[file].append(figure)
    parts = [_score_file(file, rows, figures_of[file]) for file, rows in gold_of.items()]
    misses = tuple(miss for part in parts for miss in part.misses)
    return FigureScores(
        core=sum(part.core for part in parts),
        found=sum(part.found for part in parts),
        spurious=tuple(pair for part in parts for pair in part.spurious),
        neutral=sum(part.neutral for part in parts),
        misses=misses,
        subject_right=sum(part.subject_right for part in parts),
        comparator_right=sum(part.comparator_right for part in parts),
        wrong_fields=dict(Counter(name for miss in misses for name in miss.wrong).most_common()),
    )


def _score_file(file: str, rows: Sequence[Mapping[str, Any]], figures: Sequence[Figure]) -> FigureScores:
    fits = [
        (-_likeness(row, figure), i, j) for i, row in enumerate(rows) for j, figure in enumerate(figures) if not _differences(row, figure)
    ]
    taken_rows: dict[int, int] = {}
    taken_figures: set[int] = set()
    for _, i, j in sorted(fits):
        if i not in taken_rows and j not in taken_figures:
            taken_rows[i] = j
            taken_figures.add(j)
    misses, found, subjects, comparators, neutral = [], 0, 0, 0, 0
    for i, row in enumerate(rows):
        if not row["core"]:
            neutral += i in taken_rows
        elif i in taken_rows:
            figure = figures[taken_rows[i]]
            found += 1
            subjects += is_same_name(str(row["subject"]), figure.subject or "", figure.place or "")
            comparators += str(figure.comparator) == row["comparator"]
        else:
            misses.append(_explain(row, [f for j, f in enumerate(figures) if j not in taken_figures]))
    spurious = []
    for j, figure in enumerate(figures):
        if j in taken_figures:
            continue
        if any(_is_harmless(row, figure) for row in rows):
            neutral += 1
        else:
            spurious.append((file, figure))
    core = sum(bool(row["core"]) for row in rows)
    return FigureScores(core, found, tuple(spurious), neutral, tuple(misses), subjects, comparators)


def _is_harmless(row: Mapping[str, Any], figure: Figure) -> bool:
    """A row that is not core, however read; or a repetition of a row."""
    wrong = _differences(row, figure)
    return "value" not in wrong if not row["core"] else not wrong


def _differences(row: Mapping[str, Any], figure: Figure) -> tuple[str, ...]:
    """The fields in which a figure differs from a gold row; `value` alone when it is another figure altogether."""
    high = row.get("value_high_base")
    if not _same_value(row["value_base"], figure.value_base) or (high is None) != (figure.high_base is None):
        return ("value",)
    if high is not None and figure.high_base is not None and not _same_value(high, figure.high_base):
        return ("value",)
    if not _same_unit(str(row["unit_base"]), figure.unit_base):
        return ("value",)
    wrong = []
    if figure.year != row["year"]:
        wrong.append("year")
    if str(figure.status) != row["status"]:
        wrong.append("status")
    if _likeness(row, figure) < _NAME_OVERLAP:
        wrong.append("name")
    return tuple(wrong)


def _likeness(row: Mapping[str, Any], figure: Figure) -> float:
    names = (figure.name, figure.group + figure.name, (figure.subject or "") + figure.name, figure.name + figure.group)
    return max(name_overlap(str(row["name"]), name) for name in names)


def _same_value(gold: object, value: Decimal) -> bool:
    wanted = Decimal(str(gold))
    return abs(wanted - value) <= abs(wanted) * _TOLERANCE


def _same_unit(gold: str, unit: str) -> bool:
    """The same, with or without a twin in brackets (套（间）); or one says per what (个/千人) where the other has that in its name (每千人…)."""
    gold, unit = _TWIN.sub("", gold), _TWIN.sub("", unit)
    if gold == unit:
        return True
    return ("/" in gold) != ("/" in unit) and gold.split("/")[0] == unit.split("/")[0]


def _explain(row: Mapping[str, Any], figures: Sequence[Figure]) -> Miss:
    """The nearest figure that is not taken by another row, and what is wrong with it."""
    near = [(wrong, figure) for figure in figures if "value" not in (wrong := _differences(row, figure))]
    if not near:
        return Miss(row, ("value",))
    wrong, figure = min(near, key=lambda pair: (len(pair[0]), -_likeness(row, pair[1])))
    return Miss(row, wrong or ("taken",), figure)


def read_gold(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The rows of gold ledgers; a folder stands for its *.figures.jsonl.

    Raises:
        QuestionSetError: a line is not a gold row.
    """
    rows: list[dict[str, Any]] = []
    files = [file for path in paths for file in (sorted(path.glob("*figures.jsonl")) if path.is_dir() else [path])]
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise QuestionSetError(f"{file} cannot be read: {error}.") from error
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                missing = [key for key in ("file", "name", "value_base", "unit_base", "year", "status", "core") if key not in row]
            except (ValueError, TypeError) as error:
                raise QuestionSetError(f"{file} line {number} is not a JSON object: {error}.") from error
            if missing:
                raise QuestionSetError(f"{file} line {number} lacks {', '.join(missing)}.")
            rows.append(row)
    return rows


def figures_of_store(folder: Path) -> list[tuple[str, Figure]]:
    """All figures of a store with the name of their letter's file."""
    from dataclasses import replace

    from rag.settings import Settings
    from rag.store import open_store

    store = open_store(replace(Settings.from_environment(), store=folder))
    file_of = {letter.letter_id: letter.file for letter in store.registry.letters()}
    return [(file_of[figure.letter_id], figure) for figure in store.registry.figures() if figure.letter_id in file_of]


def figures_of_letters(folder: Path, files: Iterable[str]) -> list[tuple[str, Figure]]:
    """The figures of letter files, read and parsed here and now, without a store."""
    from ingest.figures import find_figures
    from ingest.parse import parse_letter
    from ingest.readers.choose import read_document

    return [(file, figure) for file in files for figure in find_figures(parse_letter(read_document(folder / file)))]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.figures", description="Scores the ledger against a gold ledger.")
    parser.add_argument("gold", nargs="+", type=Path, help="gold ledger (JSON lines), or a folder of *.figures.jsonl")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--store", type=Path, help="store whose figures are scored")
    source.add_argument("--letters", type=Path, help="folder of letter files, read without a store")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="list the first N misses and spurious figures")
    parser.add_argument("--json", action="store_true", help="the numbers as JSON")
    options = parser.parse_args(arguments)
    try:
        gold = read_gold(options.gold)
        files = list(dict.fromkeys(str(row["file"]) for row in gold))
        figures = figures_of_store(options.store) if options.store else figures_of_letters(options.letters, files)
        scores = score_figures(gold, figures)
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.json:
        sys.stdout.write(json.dumps(scores.summary(), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(
            "".join(f"{name}: {value if not isinstance(value, float) else round(value, 4)}\n" for name, value in scores.summary().items())
        )
    for miss in scores.misses[: options.misses]:
        sys.stdout.write(f"missed    {miss.describe()}\n")
    for file, figure in scores.spurious[: options.misses]:
        shown = f"{figure.value}{figure.unit} {figure.year} {figure.status} [{figure.subject}]"
        sys.stdout.write(f"spurious  {file} {figure.name} {shown}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
