"""A language model as judge of open answers. Optional: every other score stands without it.

    python -m eval.judge RUN_DIR --llm embedded|URL [--labels FILE] [--limit N]

Each answer to a question of `OPEN_KINDS` is compared with the reference and graded right, partly or wrong. The output is typed: one JSON object with a grade
that exists, or it is unparsed, never guessed. Three checks stand beside the score, since a judge that fails them says nothing (Zheng et al. 2023):

- position: the same two texts in the other order must get the same grade;
- verbosity: the same answer with empty politeness added must not get a better one;
- agreement with hand labels (eval/questions/judge_labels.jsonl): share and Cohen's kappa.

Writes judge.json into RUN_DIR.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from eval.report import read_run
from eval.statistics import mean_interval
from rag.errors import ModelCallError, QuestionSetError, ReplyDeskError
from rag.llm import Model, connect
from rag.prompting import FENCES, load_prompt
from rag.settings import Settings

OPEN_KINDS = {"explain"}
LABELS = Path(__file__).parent / "questions" / "judge_labels.jsonl"
PADDING = {
    "zh": "感谢您的提问。以上内容供您参考，如有需要欢迎随时继续了解，我们将一如既往地做好服务。",
    "en": " Thank you for your question. We hope that this is useful to you, and we are always glad to be of service.",
}


class Grade(StrEnum):
    """What a judge may say."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


VALUES = {Grade.RIGHT: 1.0, Grade.PARTLY: 0.5, Grade.WRONG: 0.0}


@dataclass(frozen=True, slots=True)
class Item:
    """One answer to be judged."""

    id: str
    language: str
    question: str
    reference: str
    answer: str
    label: Grade | None = None  # by hand


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge said; `grade` is None where it could not be read."""

    grade: Grade | None
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer judged three times."""

    item: Item
    opinion: Opinion
    swapped: Opinion
    padded: Opinion

    @property
    def keeps_position(self) -> bool | None:
        """The same grade in the other order; None where one of the two was unparsed."""
        if self.opinion.grade is None or self.swapped.grade is None:
            return None
        return self.opinion.grade is self.swapped.grade

    @property
    def resists_padding(self) -> bool | None:
        """No better grade for empty words; None where one of the two was unparsed."""
        if self.opinion.grade is None or self.padded.grade is None:
            return None
        return VALUES[self.padded.grade] <= VALUES[self.opinion.grade]


def read_opinion(text: str) -> Opinion:
    """The judge's output as it has to be: one JSON object, in a code fence or bare."""
    bare = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()
    try:
        said = json.loads(bare)
        return Opinion(Grade(said["grade"]), str(said.get("reason", "")))
    except (ValueError, TypeError, KeyError, AttributeError):
        return Opinion(None, f"unparsed: {text[:80]!r}")


def ask_judge(model: Model, item: Item, *, swapped: bool = False, padded: bool = False) -> Opinion:
    """One opinion; a model that fails has none."""
    answer = item.answer + (PADDING["en" if item.language == "en" else "zh"] if padded else "")
    pair = [("Reference", item.reference), ("Answer to grade", answer)]
    (first_name, first), (second_name, second) = reversed(pair) if swapped else pair
    values = {"question": item.question, "first_name": first_name, "first": first, "second_name": second_name, "second": second}
    messages = load_prompt("judge").fill({name: FENCES.sub(" ", value) for name, value in values.items()})
    try:
        return read_opinion("".join(model.stream(messages)))
    except ModelCallError as error:
        return Opinion(None, f"unparsed: {error}")


def judge_items(model: Model, items: Sequence[Item]) -> list[Judged]:
    """Every item: as it is, in the other order, with padding."""
    return [
        Judged(item, ask_judge(model, item), ask_judge(model, item, swapped=True), ask_judge(model, item, padded=True)) for item in items
    ]


def cohen_kappa(pairs: Sequence[tuple[Grade, Grade]]) -> float | None:
    """Agreement beyond chance (Cohen 1960); None where chance alone would agree always."""
    if not pairs:
        return None
    agreed = sum(a is b for a, b in pairs) / len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[grade] * second[grade] for grade in Grade) / len(pairs) ** 2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def summarise_judged(judged: Sequence[Judged], labelled: Sequence[Judged]) -> dict[str, Any]:
    """The score with what it is worth."""
    grades = [one.opinion.grade for one in judged]
    interval = mean_interval([VALUES[grade] for grade in grades if grade is not None])
    pairs = [(one.item.label, one.opinion.grade) for one in labelled if one.item.label is not None and one.opinion.grade is not None]
    everything = [*judged, *labelled]
    return {
        "score": {"mean": interval.mean, "low": interval.low, "high": interval.high, "count": interval.count} if interval else None,
        "unparsed": sum(grade is None for grade in grades),
        "position_kept": _share([one.keeps_position for one in everything]),
        "padding_resisted": _share([one.resists_padding for one in everything]),
        "labels": {"agreement": _share([a is b for a, b in pairs]), "kappa": cohen_kappa(pairs), "count": len(pairs), "of": len(labelled)},
        "prompt": load_prompt("judge").hash[:16],
        "answers": [{"id": one.item.id, "grade": one.opinion.grade, "reason": one.opinion.reason} for one in judged],
    }


def _share(values: Sequence[bool | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def read_labels(path: Path) -> list[Item]:
    """Answers graded by hand.

    Raises:
        QuestionSetError: the file cannot be read.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [Item(r["id"], r["lang"], r["question"], r["reference"], r["answer"], Grade(r["grade"])) for r in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuestionSetError(
            f"{path} holds no labels: {error!r}. One JSON object a line: id, lang, question, reference, answer, grade."
        ) from error


def open_answers(answers: Sequence[Mapping[str, Any]]) -> list[Item]:
    """The answers of a run that no figure decides; refused ones say nothing to be judged."""
    chosen = [row for row in answers if row["kind"] in OPEN_KINDS and not row["refused"] and row["answer"]]
    return [Item(row["id"], row["lang"], row["question"], row["gold"], row["answer"]) for row in chosen]


def as_text(result: Mapping[str, Any]) -> str:
    """For a person: the score never without the checks."""
    score, labels = result["score"], result["labels"]
    told = f"{score['mean']:.1%} [{score['low']:.1%}, {score['high']:.1%}], n={score['count']}" if score else "nothing judged"
    kappa = "—" if labels["kappa"] is None else f"{labels['kappa']:.2f}"
    return (
        f"judge: {told}, {result['unparsed']} unparsed\n"
        f"agreement with {labels['count']} of {labels['of']} hand labels: {_percent(labels['agreement'])}, kappa {kappa}\n"
        f"same grade in the other order: {_percent(result['position_kept'])}; no better grade for padding: {_percent(result['padding_resisted'])}\n"
    )


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.judge", description="Lets a language model judge the open answers of a run.")
    parser.add_argument("run", type=Path, metavar="RUN_DIR", help="--out folder of python -m eval.run")
    parser.add_argument("--llm", required=True, help="embedded, or the URL of an OpenAI-compatible endpoint")
    parser.add_argument("--labels", type=Path, default=LABELS, metavar="FILE", help="answers graded by hand")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N answers")
    options = parser.parse_args(arguments)
    try:
        _, answers = read_run(options.run)
        labels = read_labels(options.labels)
        model = connect(replace(Settings.from_environment(), llm=options.llm))
        if model is None:
            parser.error("a judge needs a model: --llm embedded or a URL")
        result = {
            "model": model.name,
            **summarise_judged(judge_items(model, open_answers(answers)[: options.limit]), judge_items(model, labels)),
        }
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    (options.run / "judge.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(as_text(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
