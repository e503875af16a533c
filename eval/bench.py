"""How fast, how large, how does it grow? `python -m eval.bench [--letters N] [--json] [--llm …]`.

Letters are made by a script (`eval.made_letters`), N/5 and N of them, each number in a store of its own. Measured: ingestion and ingestion again without a
change, in a process of its own with its peak memory; the store's size; ledger, retrieval and whole answers with 1 and 8 askers; memory of a process that answers;
app.py from its start to the first page. The plain LangChain pipeline takes in the same letters in the same run, for the ratio. With --llm also the time to a model's first
word by size of the evidence.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench_parts import (
    measure_answers,
    measure_first_word,
    measure_ingestion,
    measure_plain,
    measure_start,
    run_apart,
    size_of_folder,
)
from eval.made_letters import write_letters
from rag.errors import ReplyDeskError

DEFAULT = 1000
STEP = 5  # the smaller size is N / STEP
QUESTIONS = 60


def run_bench(count: int, folder: Path, llm: str) -> dict[str, Any]:
    """All measurements at one size and at a fifth of it."""
    sizes = sorted({max(1, count // STEP), count})
    rows = []
    for size in sizes:
        sys.stderr.write(f"{size} letters …\n")
        rows.append(measure_size(size, folder / str(size)))
    result: dict[str, Any] = {"machine": describe_machine(), "sizes": rows, "growth": tell_growth(rows[0], rows[-1])}
    if llm != "none":
        result["first_word_seconds"] = measure_first_word(llm)
    return result


def measure_size(size: int, folder: Path) -> dict[str, Any]:
    """Everything about one number of letters."""
    made = write_letters(folder / "letters", size)
    step = max(1, size // QUESTIONS)
    questions = [question for letter in made[::step] for question in letter.questions][:QUESTIONS]
    store = folder / "store"
    row: dict[str, Any] = {"letters": size, "ingest": measure_ingestion(folder / "letters", store)}
    row["rescan"] = measure_ingestion(folder / "letters", store)
    row["store_mb"] = round(size_of_folder(store) / 1e6, 1)
    row["answers"] = run_apart(measure_answers, store, questions)
    row["start"] = measure_start(store)
    row["plain"] = run_apart(measure_plain, folder / "letters", folder / "plain", [text for text, _ in questions])
    row["ratio_to_plain"] = {
        "ingestion_rate": _ratio(row["ingest"]["letters_per_second"], row["plain"]["letters_per_second"]),
        "retrieval_p50": _ratio(row["answers"]["1 asker"]["retrieval_ms"]["p50"], row["plain"]["retrieval_ms"]["p50"]),
    }
    return row


def _ratio(ours: float, theirs: float) -> float | None:
    return round(ours / theirs, 3) if theirs else None


def tell_growth(small: Mapping[str, Any], large: Mapping[str, Any]) -> dict[str, float | None]:
    """How many times as much the larger size takes."""
    first, second = small["answers"]["1 asker"], large["answers"]["1 asker"]
    return {
        "letters": _ratio(large["letters"], small["letters"]),
        "ingestion_seconds": _ratio(large["ingest"]["seconds"], small["ingest"]["seconds"]),
        "store_mb": _ratio(large["store_mb"], small["store_mb"]),
        "memory_mb": _ratio(large["answers"]["memory_mb"], small["answers"]["memory_mb"]),
        "ledger_p95": _ratio(second["ledger_ms"]["p95"], first["ledger_ms"]["p95"]),
        "retrieval_p95": _ratio(second["retrieval_ms"]["p95"], first["retrieval_ms"]["p95"]),
    }


def describe_machine() -> dict[str, Any]:
    """What it ran on, and how busy that was: a figure from a busy machine is an upper bound."""
    import os

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "system": platform.system(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(load, 1) if load is not None else None,
    }


def as_text(result: Mapping[str, Any]) -> str:
    """For a person."""
    machine = result["machine"]
    lines = [f"{machine['cores']} cores, load {machine['load']} at the end, Python {machine['python']}"]
    for row in result["sizes"]:
        lines += ["", f"{row['letters']} letters, {row['ingest']['chunks']} chunks, {row['ingest']['figures']} figures"]
        lines.append(
            f"  ingestion        {row['ingest']['letters_per_second']:.1f} letters/s, {row['ingest']['cpu_seconds']:.0f} s of processor time, peak {row['ingest']['peak_mb']:.0f} MB"
        )
        lines.append(f"  again, unchanged {row['rescan']['seconds']:.1f} s")
        lines.append(f"  store            {row['store_mb']} MB")
        lines.append(f"  answering        {row['answers']['memory_mb']:.0f} MB of memory")
        for askers in ("1 asker", "8 askers"):
            for name in ("ledger_ms", "retrieval_ms", "answer_ms"):
                spread = row["answers"][askers][name]
                lines.append(f"  {name:<13}{askers:>9}: p50 {spread['p50']:.0f}, p95 {spread['p95']:.0f}, p99 {spread['p99']:.0f}")
        lines.append(f"  start to page    {row['start']['seconds']:.1f} s, {row['start']['memory_mb']:.0f} MB")
        lines.append(
            f"  plain LangChain  {row['plain']['letters_per_second']:.1f} letters/s, retrieval p50 {row['plain']['retrieval_ms']['p50']:.0f} ms"
        )
        lines.append(f"  ratio to plain   {row['ratio_to_plain']}")
    lines += ["", f"growth: {result['growth']}"]
    if "first_word_seconds" in result:
        lines.append(f"first word by tokens of evidence: {result['first_word_seconds']}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench", description="Measures speed, memory and growth over letters made by a script."
    )
    parser.add_argument(
        "--letters", type=int, default=DEFAULT, metavar="N", help=f"measured with N/{STEP} and N letters (default: {DEFAULT})"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--llm", default="none", help="measure a model's first word too: embedded or a URL (default: none)")
    options = parser.parse_args(arguments)
    if options.letters < 1:
        parser.error("--letters must be at least 1")
    try:
        with tempfile.TemporaryDirectory(prefix="replydesk-bench-") as folder:
            result = run_bench(options.letters, Path(folder), options.llm)
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n" if options.json else as_text(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
