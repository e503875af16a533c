"""A run as report.md and report.html; two runs side by side.

    python -m eval.report RUN_A [RUN_B]

With one run its report is written anew. With two, the second is compared with the first, question by question, and each metric is called better, worse or
cannot tell; comparison.md goes into RUN_B and to standard output.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from eval.charts import bar_chart, histogram
from eval.metrics import LOWER_IS_BETTER, NAMES
from eval.statistics import compare_pairs
from rag.errors import QuestionSetError, ReplyDeskError

_RUNS_SHOWN = 20
RUNS_FILE = "runs.jsonl"  # one line a run into the same folder
PAGE_STYLE = """
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;color:#1c2430;background:#fff}
h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em}table{border-collapse:collapse;margin:.6em 0}th,td{border:1px solid #d5dbe3;padding:.25em .6em;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}.chart{width:100%;max-width:720px}.chart text{font-size:12px;fill:#333}.bar{fill:#3b78b5}
.span{stroke:#b03a2e;stroke-width:1.5}.grid{stroke:#e2e6ec}.name{text-anchor:end}.tick{text-anchor:middle}
details{border:1px solid #d5dbe3;border-radius:6px;margin:.6em 0;padding:.4em .8em}summary{cursor:pointer}.bad{color:#a02318}.small{color:#566;font-size:.9em}
dt{font-weight:600;margin-top:.4em}dd{margin:0 0 0 1em;white-space:pre-wrap}
"""


def read_run(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The scores and answers of a run.

    Raises:
        QuestionSetError: the folder has no run.
    """
    try:
        scores = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
        answers = [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise QuestionSetError(f"{folder} holds no run: {error}. Give the --out folder of python -m eval.run.") from error
    return scores, answers


def write_report(folder: Path) -> None:
    """Write report.md and report.html of a run from its scores and answers, and from the runs before it."""
    scores, answers = read_run(folder)
    (folder / "report.md").write_text(as_markdown(scores, answers), encoding="utf-8")
    (folder / "report.html").write_text(as_html(scores, answers, read_earlier(folder, scores["run"])), encoding="utf-8")


def read_earlier(folder: Path, run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The runs into this folder over the same questions with the same model, oldest first."""
    path = folder / RUNS_FILE
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []
    alike = [line for line in lines if all(line.get(name) == run.get(name) for name in ("questions_hash", "llm"))]
    return [line for line in alike if line["mean"] is not None][-_RUNS_SHOWN:]


def failing(scores: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[str]]]:
    """Each answer that is not right, with the metrics that say why."""
    chosen = []
    for answer in answers:
        marks = scores["per_question"][answer["id"]]
        if marks["right"]["value"] != 1:
            chosen.append((answer, [f"{name}: {marks[name]['reason']}" for name in NAMES[1:] if _is_fault(name, marks[name])]))
    return chosen


def _is_fault(name: str, mark: Mapping[str, Any]) -> bool:
    if mark["value"] is None:
        return bool(mark["state"] == "unparsed")
    return bool(mark["value"] > 0 if name in LOWER_IS_BETTER else mark["value"] < 1)


def as_markdown(scores: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> str:
    """The report as Markdown."""
    run = scores["run"]
    lines = [
        f"# Evaluation of {run.get('questions_file', '')}",
        "",
        _one_line(run),
        "",
        f"{scores['questions']} questions, {scores['failed']} failed.",
        "",
    ]
    lines += ["| Metric | Mean | 95 % interval | n | unparsed |", "|---|---:|---|---:|---:|"]
    lines += [f"| {cell[0]} | {' | '.join(cell[1:])} |" for cell in _metric_rows(scores["overall"])]
    for title, groups in (("By kind", scores["by_kind"]), ("By language", scores["by_language"])):
        lines += ["", f"## {title}", "", f"| | n | {' | '.join(NAMES)} |", f"|---|---:|{'---:|' * len(NAMES)}"]
        for group, table in groups.items():
            cells = [_percent(table[name]["mean"]) for name in NAMES]
            lines.append(f"| {group} | {table['right']['count']} | {' | '.join(cells)} |")
    lines += ["", f"Refused: {_refusals(scores)}. Seconds: {_latency(scores)}.", "", *_retrieval_lines(scores)]
    faults = failing(scores, answers)
    lines += [f"## Not right: {len(faults)}", ""]
    for answer, reasons in faults:
        cited = "; ".join(f"[{c['marker']}] {c['file']}: {c['text']}" for c in answer["citations"]) or "none"
        lines += [
            f"- **{answer['id']}** ({answer['kind']}, {answer['lang']}) {_flat(answer['question'])}",
            f"  - gold: {_flat(answer['gold'])}",
        ]
        lines += [f"  - answer ({answer['outcome']}): {_flat(answer['answer'] or answer.get('error', ''))}", f"  - cited: {_flat(cited)}"]
        lines += [f"  - reason: {_flat(reason)}" for reason in reasons]
    return "\n".join(lines) + "\n"


def _retrieval_lines(scores: Mapping[str, Any]) -> list[str]:
    if not scores.get("retrieval"):
        return []
    lines = ["## Retrieval alone", "", "| | mean | 95 % interval | n |", "|---|---:|---|---:|"]
    return [*lines, *(f"| {' | '.join(cells)} |" for cells in _retrieval_rows(scores)), ""]


def _retrieval_rows(scores: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    table = scores.get("retrieval", {})
    return [(n, _percent(r["mean"]), f"{_percent(r['low'])} to {_percent(r['high'])}", str(r["count"])) for n, r in table.items()]


def as_html(scores: Mapping[str, Any], answers: Sequence[Mapping[str, Any]], earlier: Sequence[Mapping[str, Any]] = ()) -> str:
    """The report as one page that needs nothing from outside."""
    run = scores["run"]
    parts = [
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>ReplyDesk evaluation</title>',
        f"<style>{PAGE_STYLE}</style></head><body>",
    ]
    parts += [f"<h1>Evaluation of {escape(str(run.get('questions_file', '')))}</h1>", f'<p class="small">{escape(_one_line(run))}</p>']
    parts += [
        f"<p>{scores['questions']} questions, {scores['failed']} failed. Refused: {escape(_refusals(scores))}. Seconds: {escape(_latency(scores))}.</p>"
    ]
    parts += ["<h2>Scores</h2><table><tr><th>Metric</th><th>Mean</th><th>95 % interval</th><th>n</th><th>unparsed</th></tr>"]
    for name, *cells in _metric_rows(scores["overall"]):
        parts.append(f"<tr><td>{escape(name)}</td>{''.join(f'<td class=n>{escape(cell)}</td>' for cell in cells)}</tr>")
    parts.append("</table>")
    for title, groups in (("Right, by kind", scores["by_kind"]), ("Right, by language", scores["by_language"])):
        rows = [(group, t["right"]) for group, t in groups.items() if t["right"]["mean"] is not None]
        parts += [f"<h2>{title}</h2>", bar_chart(title, [(g, r["mean"], r["low"], r["high"], r["count"]) for g, r in rows])]
    if scores.get("retrieval"):
        found = [(name, r["mean"], r["low"], r["high"], r["count"]) for name, r in scores["retrieval"].items()]
        parts += ["<h2>Retrieval alone</h2>", bar_chart("Retrieval alone", found)]
    if len(earlier) > 1:
        shown = [
            (f"{line['started'] or ''} {line['commit'] or ''}"[-27:], line["mean"], line["low"], line["high"], line["count"])
            for line in earlier
        ]
        parts += ["<h2>Right, over time</h2>", bar_chart("Right, over time", shown)]
    parts += ["<h2>Seconds an answer</h2>", histogram("Seconds an answer", [answer["seconds"] for answer in answers])]
    faults = failing(scores, answers)
    parts.append(f"<h2>Not right: {len(faults)}</h2>")
    parts += [_fault_html(answer, reasons) for answer, reasons in faults]
    parts.append(f"<h2>The run</h2><pre>{escape(json.dumps(run, ensure_ascii=False, indent=1))}</pre></body></html>\n")
    return "\n".join(parts)


def _fault_html(answer: Mapping[str, Any], reasons: Sequence[str]) -> str:
    cited = (
        "".join(f"<dd>[{escape(c['marker'])}] {escape(c['file'])}: {escape(c['text'])}</dd>" for c in answer["citations"])
        or "<dd>none</dd>"
    )
    proof = "".join(f"<dd>{escape(piece['file'])}: {escape(piece['text'])}</dd>" for piece in answer["gold_evidence"]) or "<dd>none</dd>"
    before = "".join(f"<dt>Before</dt><dd>{escape(t['question'])} — {escape(t['answer'])}</dd>" for t in answer["history"])
    why = "".join(f'<dd class="bad">{escape(reason)}</dd>' for reason in reasons)
    said = escape(answer["answer"] or answer.get("error", ""))
    head = f"<summary><b>{escape(answer['id'])}</b> ({escape(answer['kind'])}, {escape(answer['lang'])}) {escape(answer['question'])}</summary>"
    body = (
        f"<dt>Gold</dt><dd>{escape(answer['gold'])}</dd><dt>Answer ({escape(answer['outcome'])})</dt><dd>{said}</dd><dt>Cited</dt>{cited}"
    )
    return f"<details open>{head}<dl>{before}{body}<dt>Gold evidence</dt>{proof}<dt>Reason</dt>{why}</dl></details>"


def _metric_rows(table: Mapping[str, Any]) -> list[tuple[str, str, str, str, str]]:
    rows = []
    for name in NAMES:
        row = table[name]
        label = f"{name} (lower is better)" if name in LOWER_IS_BETTER else name
        span = f"{_percent(row['low'])} to {_percent(row['high'])}" if row["mean"] is not None else "—"
        rows.append((label, _percent(row["mean"]), span, str(row["count"]), str(row["unparsed"])))
    return rows


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"


def _refusals(scores: Mapping[str, Any]) -> str:
    refusal = scores["refusal"]
    parts = [("unanswerable", refusal["unanswerable_refused"]), ("answerable", refusal["answerable_refused"])]
    return ", ".join(f"{row['refused']} of {row['of']} {name}" for name, row in parts)


def _latency(scores: Mapping[str, Any]) -> str:
    told = [f"{name} {value:.3f}" for name, value in scores["seconds"].items() if value is not None]
    for label, key in (("first evidence", "first_evidence_seconds"), ("first word of the model", "first_token_seconds")):
        spread = scores.get(key) or {}
        told += [f"{label} median {spread['median']:.3f}, p95 {spread['p95']:.3f}"] if spread.get("median") is not None else []
    return ", ".join(told)


def _one_line(run: Mapping[str, Any]) -> str:
    store = run.get("store") or {}
    parts = (
        f"commit {run.get('commit')}",
        f"model {run.get('llm')}",
        f"embedding {run.get('embedding')}",
        f"home {run.get('home') or 'none'}",
    )
    return ", ".join((*parts, f"{store.get('letters', '?')} letters", str(run.get("started", ""))))


def _flat(text: str) -> str:
    """On one line, and no markup of a letter comes alive."""
    return " ".join(text.split()).replace("<", "&lt;")


def compare_runs(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    """Two runs side by side, as Markdown: each metric, then each question whose answer turned right or wrong."""
    shared = [name for name in first["per_question"] if name in second["per_question"]]
    left_out = len(first["per_question"]) + len(second["per_question"]) - 2 * len(shared)
    lines = ["# Second run against the first", "", f"First: {_one_line(first['run'])}  ", f"Second: {_one_line(second['run'])}", ""]
    lines += [f"{len(shared)} questions in both runs, {left_out} in one only (left out).", ""]
    lines += ["| Metric | First | Second | gained | lost | p | Second is |", "|---|---:|---:|---:|---:|---:|---|"]
    for name in NAMES:
        pairs = [
            (a, b)
            for q in shared
            if None not in (a := first["per_question"][q][name]["value"], b := second["per_question"][q][name]["value"])
        ]
        if pairs:
            result = compare_pairs([a for a, _ in pairs], [b for _, b in pairs], lower_is_better=name in LOWER_IS_BETTER)
            numbers = f"{_percent(result.first)} | {_percent(result.second)} | {result.gained} | {result.lost} | {result.p_value:.3f}"
            lines.append(f"| {name} (n={result.count}) | {numbers} | {result.verdict} |")
    for title, wanted in (("Turned right", 1), ("Turned wrong", 0)):
        turned = [q for q in shared if _right(second, q) == wanted and _right(first, q) == 1 - wanted]
        lines += ["", f"## {title}: {len(turned)}", ""]
        lines += [f"- {q}: {_flat((second if wanted == 0 else first)['per_question'][q]['right']['reason'])}" for q in turned]
    return "\n".join(lines) + "\n"


def _right(scores: Mapping[str, Any], question: str) -> float | None:
    value: float | None = scores["per_question"][question]["right"]["value"]
    return value


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.report", description="Writes a run's report, or compares two runs.")
    parser.add_argument("first", type=Path, metavar="RUN_A", help="--out folder of a run")
    parser.add_argument("second", type=Path, nargs="?", metavar="RUN_B", help="a later run over the same questions")
    options = parser.parse_args(arguments)
    try:
        if options.second is None:
            write_report(options.first)
            sys.stdout.write(f"{options.first / 'report.html'}\n")
            return 0
        text = compare_runs(read_run(options.first)[0], read_run(options.second)[0])
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    (options.second / "comparison.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
