"""What is each part worth? The product with one part left out at a time, over the same questions and letters.

    python -m eval.ablations QUESTIONS.jsonl --ingest LETTERS_DIR --out DIR [--llm none|embedded|URL] [--home PLACE] [--sample N]

Each variant's run goes into a folder of DIR, the table into ablations.md and ablations.json. A variant is called better, worse or cannot tell against the
whole product, by the questions answered right and by the wrong figures shown. With a model there are more: none, its drafts shown unproved, other
budgets of evidence.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.page import percent
from eval.questions import read_questions
from eval.run import ask_all, choose_questions, describe_run, ingest_letters, write_run
from eval.scores import Result
from eval.statistics import compare_pairs, mean_interval
from rag.errors import ReplyDeskError
from rag.filters import NOTHING, Filters
from rag.llm import Model, connect
from rag.pipeline import Pipeline
from rag.records import Evidence, Finding, Outcome, Query, SentenceRef, Statement
from rag.retrieve import WEIGHTS, Retriever, Weights
from rag.route import EVERYTHING, Parts
from rag.settings import Settings
from rag.store import Store, open_store
from rag.verify import ProvedSentence, Verified
from rag.view import View

WORDS_ONLY: Mapping[str, Weights] = {name: replace(w, sentence=0.0, passage=0.0) for name, w in WEIGHTS.items()}
VECTORS_ONLY: Mapping[str, Weights] = {name: replace(w, words=0.0, characters=0.0) for name, w in WEIGHTS.items()}


class Unproved(Pipeline):
    """Shows a model's draft as it is."""

    def check_draft(self, draft: str, evidence: Sequence[Evidence], view: View) -> Verified:
        """All of it, with every marker that it may have meant."""
        return Verified(draft, (ProvedSentence(draft, tuple(item.marker for item in evidence)),))


class WholeChunks(Pipeline):
    """Quotes the best chunk as a whole, as plain retrieval does, in place of the ledger's figures and of single sentences."""

    def find(self, query: Query, view: View, filters: Filters = NOTHING) -> Finding:
        """The chunk with all its sentences as proof."""
        hits = self.retriever.retrieve(query.resolved, query.language, 1, view=view.version_ids)
        if not hits:
            return Finding(Outcome.NOT_FOUND)
        chunk = hits[0].chunk
        proofs = tuple(SentenceRef(chunk.letter_id, number) for number in range(chunk.first_sentence, chunk.last_sentence + 1))
        return Finding(Outcome.ANSWERED, (Statement(chunk.text, proofs),))


@dataclass(frozen=True, slots=True)
class Variant:
    """The product with something left out."""

    name: str
    folder: str
    parts: Parts = EVERYTHING
    weights: Mapping[str, Weights] | None = None
    make: type[Pipeline] = Pipeline
    evidence_tokens: int | None = None  # None: as the settings say
    has_model: bool = True

    def open(self, settings: Settings, store: Store, model: Model | None) -> Pipeline:
        """Its pipeline over a store that all variants share."""
        retriever = Retriever(store, weights=self.weights) if self.weights else None
        own = settings if self.evidence_tokens is None else replace(settings, evidence_tokens=self.evidence_tokens)
        return self.make(own, store, model if self.has_model else None, retriever, self.parts)


WHOLE = Variant("the whole product", "whole")
WITHOUT: tuple[Variant, ...] = (
    Variant("without the ledger: figures from quoted sentences", "no-ledger", Parts(ledger=False)),
    Variant("whole chunks in place of sentences and ledger", "chunks", make=WholeChunks),
    Variant("without the letters' own fields", "no-fields", Parts(fields=False)),
    Variant("without the last look at what a figure is of", "no-last-look", Parts(last_look=False)),
    Variant("without answering several questions each for itself", "no-several", Parts(several=False)),
    Variant("without likeness of meaning in finding sentences", "words-only", weights=WORDS_ONLY),
    Variant("without words in finding sentences", "vectors-only", weights=VECTORS_ONLY),
)
WITH_MODEL: tuple[Variant, ...] = (
    Variant("without a model: open questions are answered by quoting", "no-model", has_model=False),
    Variant("without proof of what the model writes", "unproved", make=Unproved),
    Variant("100 tokens of evidence for the model", "tokens-100", evidence_tokens=100),
    Variant("1,000 tokens of evidence for the model", "tokens-1000", evidence_tokens=1000),
)


def summarise_variant(name: str, results: Sequence[Result], whole: Sequence[Result]) -> dict[str, Any]:
    """One row of the table; `whole` are the results of the whole product over the same questions."""
    row: dict[str, Any] = {"variant": name, "questions": len(results)}
    for metric in ("right", "wrong_figure"):
        values = [result.scores[metric].value or 0.0 for result in results]
        interval = mean_interval(values)
        row[metric] = {"mean": interval.mean, "low": interval.low, "high": interval.high} if interval else None
        if results is not whole:
            reference = [result.scores[metric].value or 0.0 for result in whole]
            row[f"{metric}_is"] = compare_pairs(reference, values, lower_is_better=metric == "wrong_figure").verdict
    for answerable, key in ((False, "unanswerable_refused"), (True, "answerable_refused")):
        shares = [result.scores["refusal"].value for result in results if result.question.answerable is answerable]
        told = [value for value in shares if value is not None]
        row[key] = (sum(told) / len(told) if not answerable else 1 - sum(told) / len(told)) if told else None
    return row


def as_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as Markdown."""
    head = "| | right | against the whole | wrong figure shown | against the whole | refuses the unanswerable | refuses the answerable |"
    lines = [head, "|---|---|---|---|---|---:|---:|"]
    for row in rows:
        cells = [_cell(row["right"]), row.get("right_is", ""), _cell(row["wrong_figure"]), row.get("wrong_figure_is", "")]
        cells += [percent(row["unanswerable_refused"]), percent(row["answerable_refused"])]
        lines.append(f"| {row['variant']} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(interval: Mapping[str, float] | None) -> str:
    return f"{interval['mean']:.1%} ({interval['low']:.1%}–{interval['high']:.1%})" if interval else "—"


def run_variants(
    options: argparse.Namespace, settings: Settings, on_done: Callable[[str], None] = lambda name: None
) -> list[dict[str, Any]]:
    """Ask all variants and write their runs."""
    questions = choose_questions(read_questions(options.questions), sample=options.sample)
    ingest_letters(options.ingest, settings)
    model = connect(settings)
    variants = (WHOLE, *WITHOUT, *(WITH_MODEL if model is not None else ()))
    rows: list[dict[str, Any]] = []
    whole: list[Result] = []
    store = open_store(settings)
    for number, variant in enumerate(variants, 1):
        about = {**describe_run(options.questions, settings, datetime.now(UTC)), "variant": variant.name}
        results = ask_all(variant.open(settings, store, model), questions)
        whole = whole or results
        write_run(options.out / variant.folder, results, about)
        rows.append(summarise_variant(variant.name, results, whole))
        on_done(f"{number}/{len(variants)} {variant.name}")
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.ablations", description="The product with one part left out at a time.")
    parser.add_argument("questions", type=Path, help="question set, one JSON object a line")
    parser.add_argument("--ingest", type=Path, required=True, metavar="LETTERS_DIR", help="the letters")
    parser.add_argument("--out", type=Path, required=True, help="folder for the runs and the table")
    parser.add_argument("--llm", default="none", help="none, embedded or a URL (default: none)")
    parser.add_argument("--home", default="", help="the place meant when a question names none")
    parser.add_argument("--sample", type=int, metavar="N", help="a fixed sample of N questions, each kind with its share")
    options = parser.parse_args(arguments)
    if not options.questions.is_file() or not options.ingest.is_dir():
        parser.error("a question file and a folder of letters are needed")
    options.out.mkdir(parents=True, exist_ok=True)
    settings = replace(Settings.from_environment(), store=options.out / "store", llm=options.llm, home=options.home)

    def tell(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    try:
        rows = run_variants(options, settings, tell)
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    (options.out / "ablations.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (options.out / "ablations.md").write_text(as_table(rows), encoding="utf-8")
    sys.stdout.write(as_table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
