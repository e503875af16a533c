"""A run as report.md and report.html; two runs side by side.

    python -m eval.report RUN_A [RUN_B]

With one run its report is written anew. With two, the second is compared with the first, question by question, and each metric is called better, worse or
cannot tell; comparison.md and comparison.html go into RUN_B, the first of them to standard output too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from eval import side_by_side
from eval.charts import bar_chart, histogram, line_chart
from eval.metrics import LOWER_IS_BETTER, NAMES
from eval.page import describe_in_a_line, flat, make_page, percent
from rag.errors import QuestionSetError, ReplyDeskError

_RUNS_SHOWN = 20
_COVERAGE = "Refusal against coverage"
_CURVES = (("unanswerable questions refused", "refused"), ("answers shown that are right", "right"))
_CURVE_NOTE = "What would be if only answers of a score and above were shown; the last point on the right is the run as it was."
RUNS_FILE = "runs.jsonl"  # one line a run into the same folder


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
            chosen.append(
                (answer, [f"{name}: {marks[name]['reason']}" for name in NAMES[1:] if name in marks and _is_fault(name, marks[name])])
            )
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
        describe_in_a_line(run),
        "",
        f"{scores['questions']} questions, {scores['failed']} failed.",
        "",
    ]
    lines += ["| Metric | Mean | 95 % interval | n | unparsed |", "|---|---:|---|---:|---:|"]
    lines += [f"| {cell[0]} | {' | '.join(cell[1:])} |" for cell in _metric_rows(scores["overall"])]
    names = _measured(scores)
    for title, groups in (("By kind", scores["by_kind"]), ("By language", scores["by_language"])):
        lines += ["", f"## {title}", "", f"| | n | {' | '.join(names)} |", f"|---|---:|{'---:|' * len(names)}"]
        for group, table in groups.items():
            cells = [percent(table[name]["mean"]) for name in names]
            lines.append(f"| {group} | {table['right']['count']} | {' | '.join(cells)} |")
    lines += [
        "",
        f"Refused: {_refusals(scores)}. Seconds: {_latency(scores)}.",
        "",
        *([_cost(scores), ""] if _cost(scores) else []),
        *_retrieval_lines(scores),
    ]
    faults = failing(scores, answers)
    lines += [f"## Not right: {len(faults)}", ""]
    for answer, reasons in faults:
        cited = "; ".join(f"[{c['marker']}] {c['file']}: {c['text']}" for c in answer["citations"]) or "none"
        lines += [
            f"- **{answer['id']}** ({answer['kind']}, {answer['lang']}) {flat(answer['question'])}",
            f"  - gold: {flat(answer['gold'])}",
        ]
        lines += [f"  - answer ({answer['outcome']}): {flat(answer['answer'] or answer.get('error', ''))}", f"  - cited: {flat(cited)}"]
        lines += [f"  - reason: {flat(reason)}" for reason in reasons]
    return "\n".join(lines) + "\n"


def _measured(scores: Mapping[str, Any]) -> list[str]:
    """The metrics that the run has: an earlier one may lack the youngest."""
    return [name for name in NAMES if name in scores["overall"]]


def _retrieval_lines(scores: Mapping[str, Any]) -> list[str]:
    if not scores.get("retrieval"):
        return []
    lines = ["## Retrieval alone", "", "| | mean | 95 % interval | n |", "|---|---:|---|---:|"]
    return [*lines, *(f"| {' | '.join(cells)} |" for cells in _retrieval_rows(scores)), ""]


def _retrieval_rows(scores: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    table = scores.get("retrieval", {})
    return [(n, percent(r["mean"]), f"{percent(r['low'])} to {percent(r['high'])}", str(r["count"])) for n, r in table.items()]


def as_html(scores: Mapping[str, Any], answers: Sequence[Mapping[str, Any]], earlier: Sequence[Mapping[str, Any]] = ()) -> str:
    """The report as one page that needs nothing from outside."""
    run = scores["run"]
    parts = [
        f"<h1>Evaluation of {escape(str(run.get('questions_file', '')))}</h1>",
        f'<p class="small">{escape(describe_in_a_line(run))}</p>',
    ]
    parts += [
        f"<p>{scores['questions']} questions, {scores['failed']} failed. Refused: {escape(_refusals(scores))}. Seconds: {escape(_latency(scores))}.</p>"
    ]
    parts += [f"<p>{escape(_cost(scores))}</p>"] if _cost(scores) else []
    parts += [
        '<h2>Scores</h2><div class="wide"><table><tr><th>Metric</th><th>Mean</th><th>95 % interval</th><th>n</th><th>unparsed</th></tr>'
    ]
    for name, *cells in _metric_rows(scores["overall"]):
        parts.append(f"<tr><td>{escape(name)}</td>{''.join(f'<td class=n>{escape(cell)}</td>' for cell in cells)}</tr>")
    parts.append("</table></div>")
    for title, groups in (("Right, by kind", scores["by_kind"]), ("Right, by language", scores["by_language"])):
        rows = [(group, t["right"]) for group, t in groups.items() if t["right"]["mean"] is not None]
        parts += [f"<h2>{title}</h2>", bar_chart(title, [(g, r["mean"], r["low"], r["high"], r["count"]) for g, r in rows])]
    if scores.get("retrieval"):
        found = [(name, r["mean"], r["low"], r["high"], r["count"]) for name, r in scores["retrieval"].items()]
        parts += ["<h2>Retrieval alone</h2>", bar_chart("Retrieval alone", found)]
    if curve := scores.get("coverage"):
        lines = [(name, [(p["coverage"], p[key]) for p in curve if None not in (p["coverage"], p[key])]) for name, key in _CURVES]
        parts += [f"<h2>{_COVERAGE}</h2>", line_chart(_COVERAGE, "answerable questions that get an answer", lines)]
        parts.append(f'<p class="small">{_CURVE_NOTE}</p>')
    if len(earlier) > 1:
        shown = [
            (
                f"{(line['started'] or '')[:16].replace('T', ' ')} {line['commit'] or ''}",
                line["mean"],
                line["low"],
                line["high"],
                line["count"],
            )
            for line in earlier
        ]
        parts += ["<h2>Right, over time</h2>", bar_chart("Right, over time", shown)]
    parts += ["<h2>Seconds an answer</h2>", histogram("Seconds an answer", [answer["seconds"] for answer in answers])]
    faults = failing(scores, answers)
    parts.append(f"<h2>Not right: {len(faults)}</h2>")
    parts += [_fault_html(answer, reasons) for answer, reasons in faults]
    parts.append(f"<h2>The run</h2><pre>{escape(json.dumps(run, ensure_ascii=False, indent=1))}</pre>")
    return make_page("ReplyDesk evaluation", parts)


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
    for name in (name for name in NAMES if name in table):
        row = table[name]
        label = f"{name} (lower is better)" if name in LOWER_IS_BETTER else name
        span = f"{percent(row['low'])} to {percent(row['high'])}" if row["mean"] is not None else "—"
        rows.append((label, percent(row["mean"]), span, str(row["count"]), str(row["unparsed"])))
    return rows


def _refusals(scores: Mapping[str, Any]) -> str:
    refusal = scores["refusal"]
    parts = [("unanswerable", refusal["unanswerable_refused"]), ("answerable", refusal["answerable_refused"])]
    return ", ".join(f"{row['refused']} of {row['of']} {name}" for name, row in parts)


def _cost(scores: Mapping[str, Any]) -> str:
    """Tokens and price, where a model took part."""
    cost = scores.get("cost")
    if not cost or not cost["asked"]:
        return ""
    if cost["unknown"]:
        return f"Model asked {cost['asked']} times; tokens unknown: the endpoint does not count those of {cost['unknown']}."
    price = "" if cost["price"] is None else f", {cost['price']:.4f} at the price given"
    return f"Model asked {cost['asked']} times: {cost['prompt']} tokens read, {cost['completion']} written{price}."


def _latency(scores: Mapping[str, Any]) -> str:
    told = [f"{name} {value:.3f}" for name, value in scores["seconds"].items() if value is not None]
    for label, key in (("first evidence", "first_evidence_seconds"), ("first word of the model", "first_token_seconds")):
        spread = scores.get(key) or {}
        told += [f"{label} median {spread['median']:.3f}, p95 {spread['p95']:.3f}"] if spread.get("median") is not None else []
    return ", ".join(told)


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
        runs = [side_by_side.Run.of(*read_run(folder)) for folder in (options.first, options.second)]
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    text = side_by_side.as_markdown(*runs)
    (options.second / "comparison.md").write_text(text, encoding="utf-8")
    (options.second / "comparison.html").write_text(side_by_side.as_html(*runs), encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
