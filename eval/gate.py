"""May this run pass? It may not when a wrong figure is shown, or when it is significantly worse than the last accepted run.

    python -m eval.gate check RUN_DIR     exit 0: passes; 1: does not, and why
    python -m eval.gate accept RUN_DIR    make this run the one to be measured against

Accepted runs stand in eval/accepted.json, one for each question set and kind of model, so that the whole set without a model and a sample with the
embedded one are two entries. “Significantly worse” is `eval.statistics.compare_pairs` over the questions that both runs asked, at the 5 % level for
each metric of `GATED`. A sample that differs from the accepted one is compared on what they share.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.report import read_run
from eval.statistics import compare_pairs
from rag.errors import QuestionSetError, ReplyDeskError

ACCEPTED = Path(__file__).with_name("accepted.json")
GATED = ("right", "citation_precision", "citation_recall")
HARMS = ("wrong_figure", "forbidden_output")  # one of these is one too many


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of a run."""

    faults: tuple[str, ...]  # each one closes the gate
    notes: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """No fault."""
        return not self.faults


def judge_run(scores: Mapping[str, Any], accepted: Mapping[str, Any] | None) -> Judgement:
    """Judge the scores of a run by an accepted entry; without one, by its harms alone."""
    faults = [f"{scores['failed']} questions failed"] if scores["failed"] else []
    for name in HARMS:
        shown = [q for q, marks in scores["per_question"].items() if (marks[name]["value"] or 0) > 0]
        faults += [f"{name}: {q}: {scores['per_question'][q][name]['reason']}" for q in shown]
    if accepted is None:
        return Judgement(tuple(faults), ("no run of this set and model is accepted yet: `python -m eval.gate accept RUN_DIR`",))
    notes = []
    if accepted["questions_hash"] != scores["run"].get("questions_hash"):
        notes.append("the question set has changed since: compared on the ids that both have")
    for name in GATED:
        pairs = _pairs(name, accepted, scores)
        if not pairs:
            notes.append(f"{name}: nothing to compare")
            continue
        result = compare_pairs([old for old, _ in pairs], [new for _, new in pairs])
        line = (
            f"{name}: {result.second:.1%} against {result.first:.1%} of {accepted['commit']} "
            f"(n={result.count}, gained {result.gained}, lost {result.lost}, p={result.p_value:.3f}): {result.verdict}"
        )
        (faults if result.verdict == "worse" else notes).append(line)
    return Judgement(tuple(faults), tuple(notes))


def _pairs(name: str, accepted: Mapping[str, Any], scores: Mapping[str, Any]) -> list[tuple[float, float]]:
    values = accepted["values"].get(name, {})
    now = {q: marks[name]["value"] for q, marks in scores["per_question"].items()}
    return [(old, now[q]) for q, old in values.items() if now.get(q) is not None]


def entry_name(run: Mapping[str, Any]) -> str:
    """Which accepted run a run is measured against: question set and kind of model."""
    llm = str(run.get("llm") or "none")
    return f"{run.get('questions_file')} {'endpoint' if '://' in llm else llm}"


def make_entry(scores: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of an accepted run."""
    run = scores["run"]
    per_question = scores["per_question"]
    values = {name: {q: marks[name]["value"] for q, marks in per_question.items() if marks[name]["value"] is not None} for name in GATED}
    return {"commit": run.get("commit"), "started": run.get("started"), "questions_hash": run.get("questions_hash"), "values": values}


def read_accepted(path: Path) -> dict[str, Any]:
    """All accepted runs; none where there is no file.

    Raises:
        QuestionSetError: the file is damaged.
    """
    if not path.is_file():
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise QuestionSetError(f"{path} cannot be read: {error}. Restore it, or delete it and accept a run anew.") from error
    if not isinstance(entries, dict):
        raise QuestionSetError(f"{path} is no JSON object. Restore it, or delete it and accept a run anew.")
    return entries


def accept_run(scores: Mapping[str, Any], path: Path) -> str:
    """Write the run into the accepted ones; gives back the entry's name.

    Raises:
        QuestionSetError: the run shows a wrong figure or failed on a question, which nothing is to be measured against.
    """
    judged = judge_run(scores, None)
    if not judged.passes:
        raise QuestionSetError("This run cannot be accepted:\n" + "\n".join(judged.faults))
    entries = read_accepted(path)
    name = entry_name(scores["run"])
    entries[name] = make_entry(scores)
    rows = [f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(entries[key], ensure_ascii=False)}" for key in sorted(entries)]
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    return name


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.gate", description="Passes a run, or says why not; accepts a run.")
    parser.add_argument("action", choices=["check", "accept"])
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="--out folder of python -m eval.run")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED, metavar="FILE", help="accepted runs (default: eval/accepted.json)")
    options = parser.parse_args(arguments)
    try:
        scores, _ = read_run(options.run)
        if options.action == "accept":
            sys.stdout.write(f"accepted: {accept_run(scores, options.accepted)}\n")
            return 0
        judged = judge_run(scores, read_accepted(options.accepted).get(entry_name(scores["run"])))
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for note in judged.notes:
        sys.stdout.write(f"{note}\n")
    for fault in judged.faults:
        sys.stdout.write(f"FAULT {fault}\n")
    sys.stdout.write("gate: passes\n" if judged.passes else f"gate: closed, {len(judged.faults)} faults\n")
    return 0 if judged.passes else 1


if __name__ == "__main__":
    sys.exit(main())
