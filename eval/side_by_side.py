"""Two runs over the same questions: each metric called better, worse or cannot tell, and each question with both answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from eval.metrics import LOWER_IS_BETTER, NAMES
from eval.page import describe_in_a_line, flat, make_page, percent
from eval.statistics import Comparison, compare_pairs

Scores = Mapping[str, Any]
Row = Mapping[str, Any]
_RIGHT_IN_BOTH = "Right in both, told otherwise"
_GROUPS = (("Turned wrong", (1, 0)), ("Turned right", (0, 1)), ("Not right in either", (0, 0)), (_RIGHT_IN_BOTH, (1, 1)))


@dataclass(frozen=True, slots=True)
class Run:
    """What a run left behind."""

    scores: Scores
    answers: Mapping[str, Row]  # by the question's id

    @classmethod
    def of(cls, scores: Scores, answers: Sequence[Row]) -> Run:
        """From what `eval.report.read_run` gives."""
        return cls(scores, {answer["id"]: answer for answer in answers})

    def value(self, question: str, metric: str) -> float | None:
        """None where the metric has nothing to measure, could not read it, or is younger than the run."""
        found: float | None = self.scores["per_question"][question].get(metric, {}).get("value")
        return found


def compare_metrics(first: Run, second: Run) -> list[tuple[str, Comparison]]:
    """Each metric over the questions of which both runs have a value."""
    told = []
    for name in NAMES:
        values = [(first.value(q, name), second.value(q, name)) for q in shared_questions(first, second)]
        pairs = [(a, b) for a, b in values if a is not None and b is not None]
        if pairs:
            told.append((name, compare_pairs([a for a, _ in pairs], [b for _, b in pairs], lower_is_better=name in LOWER_IS_BETTER)))
    return told


def shared_questions(first: Run, second: Run) -> list[str]:
    """The questions that both runs asked, in the order of the first."""
    return [q for q in first.answers if q in second.answers]


def grouped(first: Run, second: Run) -> list[tuple[str, list[str]]]:
    """The questions by what became of them; one that is right in both stands there only when its answer is told otherwise."""
    groups = []
    for title, wanted in _GROUPS:
        found = [q for q in shared_questions(first, second) if (first.value(q, "right"), second.value(q, "right")) == wanted]
        if title == _RIGHT_IN_BOTH:
            found = [q for q in found if first.answers[q]["answer"] != second.answers[q]["answer"]]
        groups.append((title, found))
    return groups


def as_markdown(first: Run, second: Run) -> str:
    """The comparison for a terminal or a review."""
    lines = ["# Second run against the first", "", *(f"{line}  " for line in _about(first, second)), ""]
    lines += ["| Metric | First | Second | gained | lost | p | Second is |", "|---|---:|---:|---:|---:|---:|---|"]
    lines += [f"| {' | '.join(cells)} |" for cells in _metric_rows(first, second)]
    for title, questions in grouped(first, second):
        lines += ["", f"## {title}: {len(questions)}", ""]
        for q in questions:
            old, new = first.answers[q], second.answers[q]
            lines += [f"- **{q}** {flat(old['question'])}", f"  - gold: {flat(old['gold'])}"]
            lines += [f"  - {name}: {flat(said(row))}" for name, row in (("first", old), ("second", new))]
            lines += [f"  - why: {flat(reason)}" for reason in _reasons(first, second, q)]
    return "\n".join(lines) + "\n"


def as_html(first: Run, second: Run) -> str:
    """The same as one page; each question has its two answers beside one another."""
    parts = ["<h1>Second run against the first</h1>", *(f'<p class="small">{escape(line)}</p>' for line in _about(first, second))]
    head = "".join(f"<th>{name}</th>" for name in ("Metric", "First", "Second", "gained", "lost", "p", "Second is"))
    parts.append(f'<div class="wide"><table><tr>{head}</tr>')
    for name, *cells in _metric_rows(first, second):
        parts.append(f"<tr><td>{escape(name)}</td>{''.join(f'<td class=n>{escape(cell)}</td>' for cell in cells)}</tr>")
    parts.append("</table></div>")
    for title, questions in grouped(first, second):
        parts.append(f"<h2>{title}: {len(questions)}</h2>")
        parts += [_question_html(first, second, q) for q in questions]
    return make_page("ReplyDesk: two runs", parts)


def _question_html(first: Run, second: Run, question: str) -> str:
    old, new = first.answers[question], second.answers[question]
    head = f"<summary><b>{escape(question)}</b> ({escape(old['kind'])}, {escape(old['lang'])}) {escape(old['question'])}</summary>"
    sides = "".join(f'<div><div class="small">{name}</div>{_answer_html(row)}</div>' for name, row in (("First", old), ("Second", new)))
    why = "".join(f'<dd class="bad">{escape(reason)}</dd>' for reason in _reasons(first, second, question))
    return (
        f'<details open>{head}<dl><dt>Gold</dt><dd>{escape(old["gold"])}</dd></dl><div class="sides">{sides}</div><dl>{why}</dl></details>'
    )


def _answer_html(row: Row) -> str:
    cited = "".join(f'<p class="small">[{escape(c["marker"])}] {escape(c["file"])}: {escape(c["text"])}</p>' for c in row["citations"])
    return f'<p class="said">{escape(said(row))}</p>{cited}'


def said(row: Row) -> str:
    """What a run answered, or why it did not."""
    return f"({row['outcome']}) {row['answer'] or row.get('error', '')}"


def _reasons(first: Run, second: Run, question: str) -> list[str]:
    """Why a run's answer is not right, of each metric that differs from the other run's or tells of a fault in both."""
    told = []
    for name in NAMES[1:]:
        a, b = first.value(question, name), second.value(question, name)
        best = 0.0 if name in LOWER_IS_BETTER else 1.0
        for label, run, value in (("first", first, a), ("second", second, b)):
            if value is not None and value != best:
                told.append(f"{label}, {name}: {run.scores['per_question'][question][name]['reason']}")
    return told


def _about(first: Run, second: Run) -> list[str]:
    shared = len(shared_questions(first, second))
    alone = len(first.answers) + len(second.answers) - 2 * shared
    told = [f"{name}: {describe_in_a_line(run.scores['run'])}" for name, run in (("First", first), ("Second", second))]
    changed = [
        name
        for name in ("questions_hash", "store", "prompts", "llm_model")
        if first.scores["run"].get(name) != second.scores["run"].get(name)
    ]
    if changed:
        told.append(f"Not the same in both: {', '.join(changed)}.")
    return [*told, f"{shared} questions in both runs, {alone} in one only (left out)."]


def _metric_rows(first: Run, second: Run) -> list[tuple[str, ...]]:
    return [
        (
            f"{name} (n={c.count})" + (" (lower is better)" if name in LOWER_IS_BETTER else ""),
            percent(c.first),
            percent(c.second),
            str(c.gained),
            str(c.lost),
            f"{c.p_value:.3f}",
            c.verdict,
        )
        for name, c in compare_metrics(first, second)
    ]
