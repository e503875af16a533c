"""How good is the product's own retrieval on a public set: `python -m eval.retrieval DIR`.

The folder holds corpus.jsonl (id, text) and queries.jsonl (id, text, lang, relevant). Each passage goes into a store of its own as one
letter with one chunk, and each question is asked as the product asks: candidates, scores and all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from ingest.extract import ReadLetter
from ingest.sentences import split_sentences
from ingest.update import Tally, write_letters
from rag.errors import QuestionSetError, ReplyDeskError
from rag.records import Chunk, Letter, Sentence
from rag.retrieve import Retriever
from rag.settings import Settings
from rag.store import Store, open_store

DEPTH = 20
BATCH = 64


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of the questions of one language whose passage came first, or among the first five."""

    language: str
    questions: int
    first: float
    first_five: float
    milliseconds: float  # median, a question


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """One question of a public set."""

    text: str
    language: str
    relevant: frozenset[str]


def make_passage(passage_id: str, text: str) -> ReadLetter:
    """A passage as a letter of one chunk."""
    sentences: list[Sentence] = []
    for start, end in split_sentences(text):
        sentences.append(Sentence(index=len(sentences), start=start, end=end, text=text[start:end]))
    content_hash = hashlib.sha256(f"{passage_id}\n{text}".encode()).hexdigest()
    letter = Letter(passage_id, content_hash, passage_id, "txt", text, tuple(sentences))
    chunk = Chunk(f"{passage_id}#0", passage_id, text, "", 0, max(0, len(sentences) - 1), 0)
    return ReadLetter(letter, (), (chunk,))


def fill_store(store: Store, corpus: Sequence[dict[str, Any]]) -> None:
    """Write all passages."""
    tally = Tally()
    for first in range(0, len(corpus), BATCH):
        write_letters(store, [make_passage(row["id"], row["text"]) for row in corpus[first : first + BATCH]], tally)
    if tally.failed:
        raise QuestionSetError(f"{len(tally.failed)} passages could not be stored, first: {tally.failed[0].reason}")


def score_retrieval(retriever: Retriever, questions: Sequence[SetQuestion], *, quiet: bool) -> list[Score]:
    """Ask all questions and score each language."""
    places: dict[str, list[int]] = defaultdict(list)
    times: dict[str, list[float]] = defaultdict(list)
    for question in track(questions, description="questions", console=Console(stderr=True, quiet=quiet)):
        started = time.perf_counter()
        hits = retriever.retrieve(question.text, question.language, DEPTH)
        times[question.language].append((time.perf_counter() - started) * 1000)
        found = [place for place, hit in enumerate(hits) if hit.chunk.letter_id in question.relevant]
        places[question.language].append(found[0] if found else DEPTH)
    return [
        Score(
            language,
            len(found),
            sum(place < 1 for place in found) / len(found),
            sum(place < 5 for place in found) / len(found),
            statistics.median(times[language]),
        )
        for language, found in sorted(places.items())
    ]


def read_questions(path: Path, limit: int | None) -> list[SetQuestion]:
    """The questions of a set; language codes such as zh-Hans count as zh."""
    rows = list(_read_lines(path))[:limit]
    return [SetQuestion(row["text"], row["lang"].split("-")[0], frozenset(row["relevant"])) for row in rows]


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise QuestionSetError(f"{path}, line {number} is not JSON: {error}") from error
    except OSError as error:
        raise QuestionSetError(
            f"{path} cannot be read: {error.strerror}. A folder with corpus.jsonl and queries.jsonl is needed."
        ) from error


def main(words: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m eval.retrieval", description="Measure the product's own retrieval on a public set.")
    parser.add_argument("folder", type=Path, help="folder with corpus.jsonl and queries.jsonl")
    parser.add_argument("--questions", type=int, metavar="N", help="only the first N questions")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(words)
    try:
        questions = read_questions(asked.folder / "queries.jsonl", asked.questions)
        corpus = list(_read_lines(asked.folder / "corpus.jsonl"))
        with tempfile.TemporaryDirectory() as folder:
            settings = replace(Settings.from_environment(), store=Path(folder) / "store")
            with open_store(settings, write=True) as store:
                fill_store(store, corpus)
                scores = score_retrieval(Retriever(store), questions, quiet=asked.json)
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if asked.json:
        sys.stdout.write(json.dumps([asdict(score) for score in scores], ensure_ascii=False) + "\n")
    else:
        for score in scores:
            sys.stdout.write(
                f"{score.language}: first place {score.first:.3f}, first five {score.first_five:.3f} "
                f"({score.questions} questions, {score.milliseconds:.0f} ms each)\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
