"""From answers to scores: every metric of every question, then means with intervals, over all, by kind and by language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from eval.metrics import NAMES, Score, State, score_answer, score_failure
from eval.metrics.cost import Price, sum_cost
from eval.metrics.coverage import Shown, coverage_curve
from eval.metrics.retrieval import DEPTHS, Passage, score_recall_at, score_reciprocal_rank
from eval.questions import Question
from eval.statistics import mean_interval
from rag.ask import answer_as_json
from rag.privacy import mask_answer
from rag.records import Answer, Outcome


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from the question on; None where the moment did not come."""

    first_evidence: float | None = None
    first_token: float | None = None


NO_TIMES = Times()


@dataclass(frozen=True, slots=True)
class Result:
    """One question with what came of it. Without an answer there is an error."""

    question: Question
    answer: Answer | None
    seconds: float
    scores: dict[str, Score]
    error: str | None = None
    times: Times = NO_TIMES
    retrieval: Mapping[str, Score] = field(default_factory=dict)  # empty where retrieval was not measured


def score_result(
    question: Question,
    answer: Answer | None,
    seconds: float,
    error: str | None = None,
    times: Times = NO_TIMES,
    passages: Sequence[Passage] | None = None,
) -> Result:
    """Measure one answer, or note that there is none; and what retrieval found, where that is given."""
    scores = score_answer(question, answer) if answer else score_failure(question, f"no answer: {error}")
    return Result(question, answer, seconds, scores, error, times, {} if passages is None else score_retrieval(question, passages))


def score_retrieval(question: Question, passages: Sequence[Passage]) -> dict[str, Score]:
    """Recall at each depth and the reciprocal rank."""
    recalls = {f"recall@{depth}": score_recall_at(question, passages, depth) for depth in DEPTHS}
    return {**recalls, "reciprocal_rank": score_reciprocal_rank(question, passages)}


def summarise(results: Sequence[Result], price: Price | None = None) -> dict[str, Any]:
    """Everything that scores.json says beside what the run was; `price` of a million tokens, where the model has one."""
    seconds = [result.seconds for result in results]
    return {
        "questions": len(results),
        "failed": sum(result.error is not None for result in results),
        "overall": _means(results),
        "by_kind": _grouped(results, lambda result: result.question.kind),
        "by_language": _grouped(results, lambda result: result.question.lang),
        "refusal": {
            "unanswerable_refused": _share(results, answerable=False),
            "answerable_refused": _share(results, answerable=True),
        },
        "seconds": _spread(seconds),
        "first_evidence_seconds": _spread([r.times.first_evidence for r in results if r.times.first_evidence is not None]),
        "first_token_seconds": _spread([r.times.first_token for r in results if r.times.first_token is not None]),
        "cost": asdict(sum_cost([r.answer for r in results if r.answer], price)),
        "coverage": [asdict(point) for point in coverage_curve([_shown(result) for result in results])],
        "retrieval": _retrieval_means(results),
        "per_question": {result.question.id: {name: _score_row(score) for name, score in result.scores.items()} for result in results},
        "retrieval_per_question": {
            r.question.id: {name: _score_row(score) for name, score in r.retrieval.items()} for r in results if r.retrieval
        },
    }


def _shown(result: Result) -> Shown:
    answer = result.answer
    score = None if answer is None or answer.outcome is Outcome.NOT_FOUND else answer.score
    return Shown(score, result.question.answerable, result.scores["right"].value == 1)


def answer_row(result: Result) -> dict[str, Any]:
    """The line of answers.jsonl."""
    question, answer = result.question, mask_answer(result.answer) if result.answer else None  # what is written down outlasts every role
    shown = answer_as_json(answer) if answer else {}
    row: dict[str, Any] = {
        "id": question.id, "lang": question.lang, "kind": question.kind, "question": question.question,
        "history": [{"question": turn.question, "answer": turn.answer} for turn in question.history],
        "gold": question.answer, "gold_evidence": [{"file": piece.file, "text": piece.text} for piece in question.evidence],
        "answer": answer.text if answer else "",
        "refused": answer is not None and answer.outcome is Outcome.NOT_FOUND,
        "outcome": str(answer.outcome) if answer else "failed",
        "citations": shown.get("citations", []), "figures": shown.get("figures", []), "seconds": round(result.seconds, 4),
        "score": round(answer.score, 4) if answer else None, "tokens": dict(zip(("prompt", "completion"), answer.tokens, strict=True)) if answer and answer.tokens else None,
        "stages": shown.get("seconds", {}), "model": shown.get("model"), "dropped": shown.get("dropped", []), "notes": shown.get("notes", []),
    }  # fmt: skip
    if result.times.first_evidence is not None:
        row["first_evidence_seconds"] = round(result.times.first_evidence, 4)
    if result.error:
        row["error"] = result.error
    return row


def _score_row(score: Score) -> dict[str, Any]:
    return {"value": score.value, "state": str(score.state), "reason": score.reason}


def _means(results: Iterable[Result]) -> dict[str, Any]:
    rows = list(results)
    table: dict[str, Any] = {}
    for name in NAMES:
        scores = [result.scores[name] for result in rows]
        interval = mean_interval([score.value for score in scores if score.value is not None])
        table[name] = {
            "mean": interval.mean if interval else None,
            "low": interval.low if interval else None,
            "high": interval.high if interval else None,
            "count": interval.count if interval else 0,
            "unparsed": sum(score.state is State.UNPARSED for score in scores),
        }
    return table


def _grouped(results: Sequence[Result], key: Callable[[Result], str]) -> dict[str, Any]:
    groups = sorted({key(result) for result in results})
    return {group: _means(result for result in results if key(result) == group) for group in groups}


def _share(results: Sequence[Result], *, answerable: bool) -> dict[str, Any]:
    chosen = [result for result in results if result.question.answerable is answerable and result.answer]
    refused = [result.answer is not None and result.answer.outcome is Outcome.NOT_FOUND for result in chosen]
    return {"refused": sum(refused), "of": len(refused), "share": sum(refused) / len(refused) if refused else None}


def _retrieval_means(results: Sequence[Result]) -> dict[str, Any]:
    table = {}
    for name in dict.fromkeys(name for result in results for name in result.retrieval):
        values = [r.retrieval[name].value for r in results if name in r.retrieval]
        interval = mean_interval([value for value in values if value is not None])
        if interval:
            table[name] = {"mean": interval.mean, "low": interval.low, "high": interval.high, "count": interval.count}
    return table


def _spread(values: Sequence[float]) -> dict[str, float | None]:
    ordered = sorted(values)
    return {"median": _quantile(ordered, 0.5), "p95": _quantile(ordered, 0.95), "max": ordered[-1] if ordered else None}


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
