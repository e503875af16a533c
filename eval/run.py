"""Ask a question set of a store, measure the answers, write the report.

    python -m eval.run QUESTIONS.jsonl [--store DIR] [--llm none|embedded|URL] [--home PLACE] [--limit N | --sample N] [--price READ WRITTEN] --out DIR [--ingest LETTERS_DIR]

Writes answers.jsonl, scores.json, report.md and report.html into --out, and one line more into its runs.jsonl, from which the report draws runs over time. Exit code 0: done; 1: some question failed and is named; 2: wrong use.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from eval.metrics.cost import Price
from eval.metrics.retrieval import DEPTHS, Passage
from eval.questions import Question, read_questions
from eval.report import RUNS_FILE, write_report
from eval.scores import Result, Times, answer_row, score_result, summarise
from rag.errors import QuestionSetError, ReplyDeskError
from rag.records import Answer, Turn
from rag.settings import ROOT, Settings

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

_SEED = 7
Retrieve = Callable[[Question], Sequence[Passage]]


class Asker(Protocol):
    """What is measured: the pipeline, or anything that answers like it."""

    def ask(self, question: str, history: Sequence[Turn] = (), as_of: date | None = None, asked_on: date | None = None) -> Answer:
        """Answer one question."""


def ask_all(
    asker: Asker,
    questions: Sequence[Question],
    on_result: Callable[[Result], None] = lambda result: None,
    retrieve: Retrieve | None = None,
) -> list[Result]:
    """Ask and measure each question; a failure is a result too. With `retrieve`, what retrieval alone finds is measured beside."""
    results = []
    for question in questions:
        start = time.perf_counter()
        times, passages = Times(), None
        try:
            answer, times = _ask_timed(asker, question)
            error = None
        except Exception as failure:  # noqa: BLE001 - a crash on one question is a finding of the evaluation, not its end
            answer, error = None, f"{type(failure).__name__}: {failure}"
        seconds = time.perf_counter() - start
        if retrieve is not None and error is None:
            passages = retrieve(question)
        result = score_result(question, answer, seconds, error, times, passages)
        on_result(result)
        results.append(result)
    return results


def _ask_timed(asker: Asker, question: Question) -> tuple[Answer, Times]:
    """The answer; of what answers as a stream also when the first evidence and the first word of a model came."""
    if not hasattr(asker, "stream"):
        return asker.ask(question.question, history=question.history, asked_on=question.asked_on), Times()
    from rag.pipeline import Draft, EvidenceReady, Final

    start = time.perf_counter()
    answer, evidence, token = None, None, None
    for event in asker.stream(question.question, history=question.history, asked_on=question.asked_on):
        now = time.perf_counter() - start
        if isinstance(event, EvidenceReady):
            evidence = now
        elif isinstance(event, Draft) and token is None:
            token = now
        elif isinstance(event, Final):
            answer = event.answer
    if answer is None:
        raise RuntimeError("the stream ended without an answer")
    return answer, Times(evidence, token)


def choose_questions(questions: Sequence[Question], limit: int | None = None, sample: int | None = None) -> list[Question]:
    """The first `limit`, or a fixed sample in which each kind keeps its share; in the order of the set."""
    if limit is not None:
        return list(questions[:limit])
    if sample is None or sample >= len(questions):
        return list(questions)
    chance = random.Random(_SEED)
    kinds = Counter(question.kind for question in questions)
    ranked: list[tuple[float, str]] = []
    for kind, count in kinds.items():
        ids = [question.id for question in questions if question.kind == kind]
        chance.shuffle(ids)
        ranked += [((place + 0.5) / count, name) for place, name in enumerate(ids)]
    chosen = {name for _, name in sorted(ranked)[:sample]}
    return [question for question in questions if question.id in chosen]


def write_run(folder: Path, results: Sequence[Result], about: dict[str, Any]) -> dict[str, Any]:
    """Write the four files of a run; gives back what scores.json has."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [answer_row(result) for result in results]
    (folder / "answers.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    price = about.get("price")
    scores = {"run": about, **summarise(results, Price(**price) if price else None)}
    (folder / "scores.json").write_text(json.dumps(scores, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    right = scores["overall"]["right"]
    line = {name: about.get(name) for name in ("started", "commit", "questions_hash", "llm")}
    line |= {name: right[name] for name in ("mean", "low", "high", "count")} | {"wrong_figure": scores["overall"]["wrong_figure"]["mean"]}
    with (folder / RUNS_FILE).open("a", encoding="utf-8") as runs:
        runs.write(json.dumps(line, ensure_ascii=False) + "\n")
    write_report(folder)
    return scores


def describe_run(questions_file: Path, settings: Settings, started: datetime) -> dict[str, Any]:
    """What the run was: enough to repeat it."""
    prompts = {path.name: _hash(path) for path in sorted((ROOT / "prompts").glob("*.txt"))}
    return {
        "questions_file": questions_file.name, "questions_hash": _hash(questions_file), "started": started.isoformat(timespec="seconds"), "commit": _commit(),
        "store": _store_facts(settings), "llm": settings.llm, "llm_model": settings.llm_model, "embedding": settings.embedding, "reranker": settings.reranker,
        "home": settings.home, "evidence_tokens": settings.evidence_tokens, "prompts": prompts, "python": sys.version.split()[0],
    }  # fmt: skip


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _commit() -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _store_facts(settings: Settings) -> dict[str, Any]:
    """Number of letters and a fingerprint of which ones."""
    from rag.registry import Registry

    registry = Registry(settings.store)
    try:
        hashes = sorted(letter.content_hash for letter in registry.letters())
    finally:
        registry.close()
    return {"letters": len(hashes), "fingerprint": hashlib.sha256("".join(hashes).encode()).hexdigest()[:16]}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.run", description="Asks a question set of a store and measures the answers.")
    parser.add_argument("questions", type=Path, help="question set, one JSON object a line")
    parser.add_argument("--store", type=Path, help="the store (default: REPLYDESK_STORE, else data/store)")
    parser.add_argument("--llm", help="none, embedded, or the URL of an OpenAI-compatible endpoint (default: REPLYDESK_LLM)")
    parser.add_argument("--home", help="the place meant when a question names none (default: REPLYDESK_HOME)")
    parser.add_argument("--out", type=Path, required=True, help="folder for answers.jsonl, scores.json, report.md, report.html")
    parser.add_argument("--ingest", type=Path, metavar="LETTERS_DIR", help="ingest these letters into the store first")
    parser.add_argument("--price", type=float, nargs=2, metavar=("READ", "WRITTEN"), help="what a million tokens cost, in any currency")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    which.add_argument("--sample", type=int, metavar="N", help="a fixed sample of N questions, each kind with its share")
    return parser


def _read_settings(options: argparse.Namespace) -> Settings:
    given = {name: getattr(options, name) for name in ("store", "llm", "home") if getattr(options, name) is not None}
    return replace(Settings.from_environment(), **given)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.questions.is_file():
        parser.error(f"{options.questions} is not a file")
    try:
        settings = _read_settings(options)
        questions = choose_questions(read_questions(options.questions), options.limit, options.sample)
        if options.ingest:
            ingest_letters(options.ingest, settings)
        started = datetime.now(UTC)
        price = dict(zip(("prompt", "completion"), options.price, strict=True)) if options.price else None
        about = describe_run(options.questions, settings, started) | {"price": price}
        results = _ask_with_progress(settings, questions)
    except QuestionSetError as error:
        parser.error(str(error))
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    scores = write_run(options.out, results, about)
    for result in results:
        if result.error:
            sys.stderr.write(f"{result.question.id}: {result.error}\n")
    sys.stdout.write(_headline(scores))
    sys.stdout.write(f"report: {options.out / 'report.html'}\n")
    return 1 if scores["failed"] else 0


def _headline(scores: dict[str, Any]) -> str:
    lines = []
    for name, row in scores["overall"].items():
        if row["mean"] is not None:
            lines.append(f"{name:<20} {row['mean']:.3f}  [{row['low']:.3f}, {row['high']:.3f}]  n={row['count']}\n")
    return "".join(lines)


def ingest_letters(letters: Path, settings: Settings) -> None:
    """In a process of its own, as a user would.

    Raises:
        QuestionSetError: nothing could be ingested.
    """
    command = [sys.executable, "-m", "ingest", str(letters), "--store", str(settings.store)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    if done.returncode == 2:
        raise QuestionSetError(f"{letters} cannot be ingested into {settings.store}; the reason stands above")


def _ask_with_progress(settings: Settings, questions: Sequence[Question]) -> list[Result]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    asker = open_asker(settings)
    right = 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("asking", total=len(questions))

        def advance(result: Result) -> None:
            nonlocal right
            right += result.scores["right"].value == 1
            progress.update(task, advance=1, description=f"asking ({right} right)")

        return ask_all(asker, questions, advance, open_retrieval(asker))


def open_retrieval(pipeline: Pipeline) -> Retrieve:
    """What the product's retrieval finds for a question as the product understands it."""
    from rag.question import understand
    from rag.spoken import write_out

    def retrieve(question: Question) -> Sequence[Passage]:
        view = pipeline.view()
        day = question.asked_on or date.today()
        query = understand(write_out(question.question), question.history, view.known, day, pipeline.settings.home)
        hits = pipeline.retriever.retrieve(query.resolved, query.language, max(DEPTHS))
        return [Passage(view.letter(hit.chunk.letter_id).file, hit.chunk.text) for hit in hits]

    return retrieve


def open_asker(settings: Settings) -> Pipeline:
    """The product's own pipeline over the store of the settings."""
    from rag.llm import connect
    from rag.pipeline import Pipeline

    return Pipeline(settings, model=connect(settings))


if __name__ == "__main__":
    sys.exit(main())
