"""Pinned questions: asked before and after an ingestion, so that nobody is surprised by an answer that a letter has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.changes import LetterChange
from rag.errors import QuestionSetError
from rag.pipeline import Pipeline
from rag.records import Answer, Turn
from rag.store import PINNED, Store


@dataclass(frozen=True, slots=True)
class PinnedQuestion:
    """One question whose answer is watched."""

    id: str
    question: str
    history: tuple[Turn, ...] = ()
    asked_on: date | None = None  # the day from which “this year” counts; today when left out


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A pinned question whose answer is another one after an ingestion."""

    pinned: PinnedQuestion
    old: Answer
    new: Answer
    changed_by: tuple[tuple[str, str], ...]  # letter_id and file of the letters that did it


def find_pinned_file(store: Store, given: Path | None) -> Path | None:
    """The file that is given, else the store's own, else none."""
    own = store.folder / PINNED
    return given or (own if own.exists() else None)


def read_pinned(path: Path) -> list[PinnedQuestion]:
    """Read pinned questions: a question set, one JSON object a line; of its fields `id`, `question`, `history` and `asked_on` count.

    Raises:
        QuestionSetError: with the number of the first line that cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(
            f"The pinned questions {path} cannot be read: {error}. Give a UTF-8 file with one JSON object a line.",
            f"固定问题文件 {path} 无法读取：{error}。请使用 UTF-8 编码、每行一个 JSON 对象的文件。",
        ) from error
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_read_line(line, number))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                reason = f"it lacks the field {error}" if isinstance(error, KeyError) else str(error)
                raise QuestionSetError(
                    f'{path} line {number}: {reason}. A line looks like {{"id": "1", "question": "…"}}.',
                    f'{path} 第 {number} 行无法读取：{reason}。每行形如 {{"id": "1", "question": "…"}}。',
                ) from error
    return found


def _read_line(line: str, number: int) -> PinnedQuestion:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")
    if not isinstance(row["question"], str) or not row["question"].strip():
        raise ValueError("its question is no text")
    history = tuple(Turn(turn["question"], turn.get("answer") or "") for turn in row.get("history") or ())
    asked_on = date.fromisoformat(row["asked_on"]) if row.get("asked_on") else None
    return PinnedQuestion(str(row.get("id") or number), row["question"], history, asked_on)


class PinnedGate:
    """Made before an ingestion; afterwards it tells which answers changed."""

    def __init__(self, store: Store, questions: Sequence[PinnedQuestion]) -> None:
        """Ask all questions of the store as it is."""
        self._pipeline = Pipeline(store.settings, store)  # no model: what letters say is composed by code, the same each time
        self._questions = questions
        self._today = date.today()
        self._before = [self._ask(pinned) for pinned in questions]

    def find_changes(self, written: Iterable[int], changes: Sequence[LetterChange]) -> list[AnswerChange]:
        """Ask again and compare.

        Args:
            written: numbers of the versions that the ingestion wrote.
            changes: what it changed in the letters.
        """
        numbers = set(written)
        arrived = {v.letter_id: v.file for v in self._pipeline.store.registry.versions() if v.version_id in numbers}
        if not arrived:
            return []
        corrected = {change.letter_id: change.corrected_by for change in changes if change.corrected_by}
        found = []
        for pinned, old in zip(self._questions, self._before, strict=True):
            new = self._ask(pinned)
            if _said(old) != _said(new):
                found.append(AnswerChange(pinned, old, new, _find_causes(old, new, arrived, corrected)))
        return found

    def _ask(self, pinned: PinnedQuestion) -> Answer:
        return self._pipeline.ask(pinned.question, pinned.history, asked_on=pinned.asked_on or self._today)


def _said(answer: Answer) -> tuple[object, ...]:
    return (answer.outcome, answer.text, [(citation.letter_id, citation.text) for citation in answer.citations])


def _find_causes(old: Answer, new: Answer, arrived: dict[str, str], corrected: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The letters of the ingestion that one of both answers cites, or that correct a cited one; where there is none, all of them."""
    cited = [citation.letter_id for answer in (new, old) for citation in answer.citations]
    named = dict.fromkeys([*cited, *(corrected[letter_id] for letter_id in cited if letter_id in corrected)])
    causes = [letter_id for letter_id in named if letter_id in arrived]
    return tuple((letter_id, arrived[letter_id]) for letter_id in causes or arrived)
