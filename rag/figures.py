"""List and export the ledger: `python -m rag.figures [--year --body --place --status --name --series] --format table|csv|xlsx|json`."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rag.candidates import Ledger
from rag.errors import ReplyDeskError
from rag.records import Figure, Letter
from rag.series import SERIES_COLUMNS, make_series
from rag.settings import Settings
from rag.store import open_store

COLUMNS = (
    "name", "value", "unit", "value_base", "unit_base", "low", "high", "comparator", "year", "period", "status", "measure", "subject", "place", "group",
    "revoked", "file", "letter_id", "doc_number", "issued_on", "sentence",
)  # fmt: skip
TABLE_COLUMNS = ("name", "value", "unit", "comparator", "year", "status", "subject", "doc_number", "sentence")
WIDTHS = {"name": 26, "value": 10, "unit": 10, "comparator": 5, "year": 5, "status": 8, "subject": 10, "doc_number": 18, "sentence": 48}

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Which figures are wanted; what is empty does not count."""

    years: tuple[int, ...] = ()  # that the figure is true of
    status: str = ""
    name: str = ""  # part of the indicator's name
    body: str = ""  # part of the issuing body's name
    place: str = ""  # part of the place or subject


def as_number(value: Decimal | None) -> int | float | None:
    """A Decimal as JSON can hold it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def figure_row(figure: Figure, letter: Letter) -> Row:
    """One figure with its sentence and letter, as exported."""
    sentence = letter.sentences[figure.sentence].text if figure.sentence < len(letter.sentences) else ""
    return {
        "name": figure.name,
        "value": as_number(figure.value),
        "unit": figure.unit,
        "value_base": as_number(figure.value_base),
        "unit_base": figure.unit_base,
        "low": as_number(figure.value_base) if figure.high is not None else None,
        "high": as_number(figure.high_base) if figure.high is not None else None,
        "comparator": figure.comparator.value,
        "year": figure.year,
        "period": figure.period,
        "status": figure.status.value,
        "measure": figure.measure.value,
        "subject": figure.subject,
        "place": figure.place,
        "group": figure.group,
        "revoked": figure.revoked,
        "file": letter.file,
        "letter_id": figure.letter_id,
        "doc_number": letter.doc_number,
        "issued_on": letter.issued_on.isoformat() if letter.issued_on else None,
        "sentence": sentence,
    }


def keeps(figure: Figure, letter: Letter, wanted: FigureFilter) -> bool:
    """Whether a figure passes the filter."""
    tests = (
        not wanted.years or figure.year in wanted.years,
        not wanted.status or figure.status.value == wanted.status,
        not wanted.name or wanted.name in figure.name,
        not wanted.body or any(wanted.body in body for body in letter.bodies),
        not wanted.place or any(wanted.place in place for place in (figure.subject, figure.place) if place),
    )
    return all(tests)


def write_json(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """All columns, readable."""
    return json.dumps([{c: row[c] for c in columns} for row in rows], ensure_ascii=False, indent=1) + "\n"


def write_csv(rows: Sequence[Row], columns: Sequence[str], *, with_head: bool = True) -> str:
    """A table for other programs; a leading sign that a spreadsheet would run as a formula is defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if with_head:
        writer.writerow(columns)
    for row in rows:
        writer.writerow([defuse(row[c]) for c in columns])
    return out.getvalue()


FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # spreadsheets take the wide ones for the narrow ones


def defuse(value: object) -> object:
    """Text that begins like a formula gets a quote in front: the letters' text is not to be run."""
    if isinstance(value, str) and value[:1] in FORMULA_SIGNS and not re.fullmatch(r"[<>=~]{1,2}", value):
        return f"'{value}"
    return "" if value is None else value


def write_table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Columns of equal width; a Chinese character counts as two."""
    lines = ["  ".join(pad(c, WIDTHS.get(c, 12)) for c in columns)]
    lines += ["  ".join(pad("" if row[c] is None else str(row[c]), WIDTHS.get(c, 12)) for c in columns) for row in rows]
    return "\n".join(line.rstrip() for line in lines) + f"\n{len(rows)} figures\n"


def pad(text: str, width: int) -> str:
    """Cut or fill to a width on screen."""
    out, used = "", 0
    for char in text.replace("\n", " "):
        size = 2 if ord(char) > 0x2E7F else 1
        if used + size > width:
            break
        out, used = out + char, used + size
    return out + " " * (width - used)


def save_xlsx(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    """Write a workbook with one sheet, row by row, so that it may be long."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("figures")
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    for row in rows:
        sheet.append([defuse(row[c]) if row[c] is not None else None for c in columns])
    book.save(path)


WRITERS: dict[str, Callable[[Sequence[Row], Sequence[str]], str]] = {"json": write_json, "csv": write_csv, "table": write_table}


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m rag.figures", description="List and export the figures of the letters.")
    parser.add_argument("--store", type=Path, help="folder of the store")
    parser.add_argument("--year", type=int, action="append", help="year that the figure is true of; may be given again")
    parser.add_argument("--body", help="part of the issuing body's name")
    parser.add_argument("--place", help="part of the place or subject that the figure is true of")
    parser.add_argument("--status", choices=("target", "actual", "baseline"))
    parser.add_argument("--name", help="part of the indicator's name")
    parser.add_argument("--series", metavar="NAME", help="one indicator over years and places, target beside actual, with completion")
    parser.add_argument("--revoked", action="store_true", help="also figures that were corrected or replaced")
    parser.add_argument("--format", choices=("table", "csv", "xlsx", "json"), default="table")
    parser.add_argument("--out", type=Path, help="write to this file; xlsx needs it")
    wanted = parser.parse_args(arguments)
    if wanted.format == "xlsx" and wanted.out is None:
        parser.error("--format xlsx needs --out FILE.xlsx")
    return wanted


def collect(wanted: argparse.Namespace, settings: Settings) -> tuple[list[Row], Sequence[str]]:
    """The rows that are asked for, and their columns."""
    with open_store(settings) as store:
        registry = store.registry
        ledger = Ledger(registry.letters(), registry.figures(), registry.letter, home=settings.home)
        figures = [*ledger.figures, *(ledger.retired if wanted.revoked else ())]
        kept = FigureFilter(tuple(wanted.year or ()), wanted.status or "", wanted.name or "", wanted.body or "", wanted.place or "")
        chosen = [f for f in figures if keeps(f, ledger.letters[f.letter_id], kept)]
        if wanted.series:
            return make_series(wanted.series, chosen, ledger), SERIES_COLUMNS
        rows = [figure_row(f, ledger.letter_of(f.letter_id)) for f in chosen]
    return rows, TABLE_COLUMNS if wanted.format == "table" else COLUMNS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    wanted = read_arguments(arguments)
    try:
        settings = Settings.from_environment()
        if wanted.store:
            from dataclasses import replace

            settings = replace(settings, store=wanted.store)
        rows, columns = collect(wanted, settings)
        if wanted.format == "xlsx":
            save_xlsx(rows, columns, wanted.out)
        elif wanted.out:
            wanted.out.write_text(WRITERS[wanted.format](rows, columns), encoding="utf-8")
        else:
            sys.stdout.write(WRITERS[wanted.format](rows, columns))
    except (ReplyDeskError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
