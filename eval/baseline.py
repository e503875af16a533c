"""ReplyDesk and the plain pipelines in one run: the same letters, questions, embedding, model and scoring.

    python -m eval.baseline QUESTIONS.jsonl --ingest LETTERS_DIR --out DIR [--llm none|embedded|URL] [--home PLACE] [--sample N]

The chunk size of a plain pipeline is the one of its usual sizes that finds most gold evidence among the chunks that it shows the model, on the dev half of the
set where it has one. LlamaIndex is asked too where it is installed (requirements-peers.txt). Each system's run goes into a folder of DIR, and the table with intervals into table.md and table.json. Without a model a plain
pipeline quotes its first chunk.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from eval import peer_llamaindex
from eval.metrics.retrieval import Passage, score_recall_at
from eval.plain import TOP, Index, PlainIndex, PlainPipeline, PlainText, WordIndex, read_plain_texts
from eval.questions import Question, read_questions
from eval.run import Asker, ask_all, choose_questions, describe_run, ingest_letters, write_run
from eval.scores import Result
from eval.statistics import compare_pairs, mean_interval
from rag.embed import load_encoder
from rag.errors import ReplyDeskError
from rag.llm import Model, connect
from rag.pipeline import Pipeline
from rag.settings import Settings

IndexType = TypeVar("IndexType", bound=Index)
CHUNK_SIZES = (200, 400, 800)
COLUMNS = ("right", "wrong_figure", "citation_precision", "citation_recall")


@dataclass(frozen=True, slots=True)
class System:
    """One of the systems that are compared."""

    name: str
    folder: str
    asker: Asker


def choose_index(
    make: Callable[[int], IndexType], sizes: Sequence[int], top: int, texts: Sequence[PlainText], questions: Sequence[Question]
) -> IndexType:
    """The index with the chunk size that finds most among its `top` chunks, on the dev half of the set where it has one; told on standard error."""
    tuned_on = [q for q in questions if q.extra.get("split") == "dev"] or list(questions)
    found: dict[int, float] = {}
    indexes: dict[int, IndexType] = {}
    for size in sizes:
        indexes[size] = make(size)
        indexes[size].add(texts)
        found[size] = evidence_recall(PlainPipeline(indexes[size], top=top), tuned_on)
    best = max(found, key=lambda size: found[size])
    sys.stderr.write(
        f"{type(indexes[best]).__name__}: gold evidence within the first {top} chunks, by chunk size: {found}; {best} is taken\n"
    )
    return indexes[best]


def evidence_recall(pipeline: PlainPipeline, questions: Sequence[Question]) -> float:
    """Mean share of the gold evidence among the chunks that are shown to the model."""
    scores = []
    for question in questions:
        if question.evidence:
            chunks = pipeline.retrieve(question.question)
            score = score_recall_at(question, [Passage(chunk.file, chunk.text) for chunk in chunks], len(chunks) or 1)
            scores += [score.value] if score.value is not None else []
    return statistics.fmean(scores) if scores else 0.0


def open_systems(options: argparse.Namespace, settings: Settings, questions: Sequence[Question], model: Model | None) -> list[System]:
    """ReplyDesk first, then the plain ones."""
    texts, encoder = read_plain_texts(options.ingest), load_encoder(settings)
    index = choose_index(lambda size: PlainIndex(options.out / "plain-store", encoder, size), CHUNK_SIZES, TOP, texts, questions)
    plain, fused = PlainPipeline(index, model=model), PlainPipeline(index, WordIndex(index.chunks), model)
    systems = [
        System("ReplyDesk", "replydesk", Pipeline(settings, model=model)),
        System("LangChain tutorial (Chroma, top 4)", "plain", plain),
        System("the same with BM25 and rank fusion", "fused", fused),
    ]
    if not peer_llamaindex.is_installed():
        sys.stderr.write(f"{peer_llamaindex.HOW_TO}\n")
        return systems
    make = partial(peer_llamaindex.LlamaIndexIndex, encoder)
    other = choose_index(make, peer_llamaindex.CHUNK_TOKENS, peer_llamaindex.TOP, texts, questions)
    return [*systems, System("LlamaIndex's default (top 2)", "llamaindex", peer_llamaindex.LlamaIndexPipeline(other, model))]


def summarise_system(name: str, results: Sequence[Result], reference: Sequence[Result]) -> dict[str, Any]:
    """One row of the table."""
    row: dict[str, Any] = {"system": name, "questions": len(results)}
    for column in COLUMNS:
        row[column] = _interval([result.scores[column].value for result in results])
    refused = [result.scores["refusal"].value for result in results if not result.question.answerable]
    row["refused_unanswerable"] = _interval(refused)
    row["median_seconds"] = statistics.median(result.seconds for result in results) if results else None
    row["cited_characters"] = (
        statistics.fmean(sum(len(c.text) for c in r.answer.citations) for r in results if r.answer) if results else None
    )
    if results is not reference:
        pairs = [(a.scores["right"].value or 0.0, b.scores["right"].value or 0.0) for a, b in zip(results, reference, strict=True)]
        row["replydesk_is"] = compare_pairs([a for a, _ in pairs], [b for _, b in pairs]).verdict
    return row


def _interval(values: Sequence[float | None]) -> dict[str, float | int] | None:
    interval = mean_interval([value for value in values if value is not None])
    return {"mean": interval.mean, "low": interval.low, "high": interval.high, "count": interval.count} if interval else None


def as_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The table for the README, as Markdown."""
    head = "| | right | shows a wrong figure | refuses the unanswerable | citation precision | citation recall | median s | characters cited | ReplyDesk is |"
    lines = [head, "|---|---|---|---|---|---|---:|---:|---|"]
    for row in rows:
        cells = [_cell(row[name]) for name in ("right", "wrong_figure", "refused_unanswerable", "citation_precision", "citation_recall")]
        cells += [f"{row['median_seconds']:.2f}", f"{row['cited_characters']:.0f}", row.get("replydesk_is", "")]
        lines.append(f"| {row['system']} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(interval: Mapping[str, float] | None) -> str:
    return f"{interval['mean']:.1%} ({interval['low']:.1%}–{interval['high']:.1%})" if interval else "—"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.baseline", description="ReplyDesk against the plain pipelines.")
    parser.add_argument("questions", type=Path, help="question set, one JSON object a line")
    parser.add_argument("--ingest", type=Path, required=True, metavar="LETTERS_DIR", help="the letters")
    parser.add_argument("--out", type=Path, required=True, help="folder for the runs and the table")
    parser.add_argument("--llm", default="none", help="none, embedded or a URL (default: none)")
    parser.add_argument("--home", default="", help="the place meant when a question names none")
    parser.add_argument("--sample", type=int, metavar="N", help="a fixed sample of N questions")
    options = parser.parse_args(arguments)
    if not options.questions.is_file() or not options.ingest.is_dir():
        parser.error("a question file and a folder of letters are needed")
    options.out.mkdir(parents=True, exist_ok=True)
    settings = replace(Settings.from_environment(), store=options.out / "store", llm=options.llm, home=options.home)
    rows: list[dict[str, Any]] = []
    try:
        questions = choose_questions(read_questions(options.questions), sample=options.sample)
        ingest_letters(options.ingest, settings)
        reference: list[Result] = []
        for system in open_systems(options, settings, questions, connect(settings)):
            about = {**describe_run(options.questions, settings, datetime.now(UTC)), "system": system.name}
            results = ask_all(system.asker, questions)
            reference = reference or results
            write_run(options.out / system.folder, results, about)
            rows.append(summarise_system(system.name, results, reference))
            sys.stderr.write(f"{system.name}: done\n")
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    (options.out / "table.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (options.out / "table.md").write_text(as_table(rows), encoding="utf-8")
    sys.stdout.write(as_table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
