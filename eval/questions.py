"""Question sets: one JSON object a line, read into `Question`; and the check that a set is sound.

    python -m eval.questions check SET.jsonl --letters DIR

The fields are told in eval/questions/README.md. Fields that are not known are kept in `extra` and ignored.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.errors import QuestionSetError
from rag.records import Turn

_KNOWN = {
    "id", "lang", "kind", "question", "answer", "answerable", "numbers", "numbers_en", "comparators", "must", "verdict", "forbidden", "optional_numbers",
    "evidence", "derived", "derivation", "superseded_files", "forbidden_output", "history", "asked_on", "trap", "near_files",
}  # fmt: skip
_WRITTEN = {".txt", ".md", ".html", ".htm"}
_TAG = re.compile(r"<[^>]+>")
# Not quantities, yet figures that an answer may have to give: a date, a number of a document or proposal.
_LABEL_NUMBER = re.compile(r"\d{4}-\d{2}-\d{2}|(?:\d{2,4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?|第?\d+号|\S*〔\d{4}〕\d+号")
_RELATIVE_YEAR = re.compile(r"今年|去年|明年|前年|本年|this year|last year|next year", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GoldEvidence:
    """A sentence of a letter that proves the gold answer; `text` is what a reader sees of it."""

    file: str
    sentence: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with all that its answer is measured by."""

    id: str
    lang: str
    kind: str
    question: str
    answer: str
    answerable: bool
    numbers: tuple[str, ...] = ()
    numbers_en: tuple[str, ...] = ()
    comparators: tuple[str, ...] = ()
    must: tuple[tuple[str, ...], ...] = ()
    verdict: str | None = None
    forbidden: tuple[str, ...] = ()
    optional_numbers: tuple[str, ...] = ()
    evidence: tuple[GoldEvidence, ...] = ()
    derived: bool = False
    derivation: tuple[tuple[str, str], ...] = ()  # (number, expression)
    superseded_files: tuple[str, ...] = ()
    forbidden_output: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    asked_on: date | None = None
    trap: str | None = None
    near_files: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asked(self) -> str:
        """The words of the question and of the turns before it."""
        return "\n".join([self.question, *(f"{turn.question}\n{turn.answer}" for turn in self.history)])


def read_questions(path: Path) -> list[Question]:
    """Read a question set.

    Raises:
        QuestionSetError: with the number of the first line that cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(
            f"The question set {path} cannot be read: {error}. Give a UTF-8 file with one JSON object a line."
        ) from error
    questions = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                questions.append(_read_row(json.loads(line)))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                reason = f"lacks the field {error}" if isinstance(error, KeyError) else str(error)
                raise QuestionSetError(f"{path} line {number}: {reason}.") from error
    if not questions:
        raise QuestionSetError(f"{path} has no question. Give a file with one JSON object a line.")
    return questions


def _read_row(row: Any) -> Question:  # noqa: ANN401 - JSON
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    asked_on = row.get("asked_on")
    return Question(
        id=str(row["id"]), lang=str(row.get("lang") or "zh"), kind=str(row.get("kind") or "other"), question=_text(row, "question"),
        answer=str(row.get("answer") or ""), answerable=bool(row.get("answerable", True)), numbers=_texts(row, "numbers"),
        numbers_en=_texts(row, "numbers_en"), comparators=_texts(row, "comparators"),
        must=tuple(tuple(group) if isinstance(group, list) else (str(group),) for group in row.get("must") or ()), verdict=row.get("verdict"),
        forbidden=_texts(row, "forbidden"), optional_numbers=_texts(row, "optional_numbers"),
        evidence=tuple(GoldEvidence(e["file"], e["sentence"], e.get("text") or visible(e["sentence"])) for e in row.get("evidence") or ()),
        derived=bool(row.get("derived")), derivation=tuple((d["number"], d["expr"]) for d in row.get("derivation") or ()),
        superseded_files=_texts(row, "superseded_files"), forbidden_output=_texts(row, "forbidden_output"),
        history=tuple(Turn(t["question"], t.get("answer") or "") for t in row.get("history") or ()),
        asked_on=date.fromisoformat(asked_on) if asked_on else None, trap=row.get("trap"), near_files=_texts(row, "near_files"),
        extra={key: value for key, value in row.items() if key not in _KNOWN},
    )  # fmt: skip


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} is not a text")
    return value


def _texts(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = row.get(key) or []
    if not isinstance(values, list):
        raise ValueError(f"{key} is not a list")
    return tuple(str(value) for value in values)


def visible(text: str) -> str:
    """What a reader sees of a piece of html; plain text stays as it is."""
    return html.unescape(_TAG.sub("", re.sub(r"</t[dh]>\s*<t[dh][^>]*>", " | ", text))) if "<" in text else text


def is_readable(number: str) -> bool:
    """Is it one quantity, or a date or number of a document?"""
    from rag.quantity import read_quantities

    found = read_quantities(number)
    return len(found) == 1 or (bool(number) and _LABEL_NUMBER.fullmatch(number) is not None)


def check_questions(questions: Sequence[Question], letters: Path) -> list[str]:
    """Everything that is unsound in a set, one line each; empty when all is well."""
    texts = {path.name: LetterText(path) for path in letters.iterdir() if path.is_file()}
    faults = [f"{name}: id is used {count} times" for name, count in Counter(q.id for q in questions).items() if count > 1]
    for question in questions:
        faults += [f"{question.id}: {fault}" for fault in _check_question(question, texts)]
    return faults


class LetterText:
    """The text of a letter's file, in whatever encoding and format: as its author wrote it, and as the product reads it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def written(self) -> str:
        """Text and markup with their noise, without white space; empty of what is no text file."""
        from ingest.readers.plain import decode

        if self._path.suffix.lower() not in _WRITTEN:
            return ""
        return _squeeze(decode(self._path.read_bytes(), self._path.name, markup=True))

    @cached_property
    def read(self) -> str:
        """What the product's reader makes of it, without white space."""
        from ingest.readers.choose import read_document

        return _squeeze("".join(page.text for page in read_document(self._path).pages))

    def holds(self, piece: GoldEvidence) -> bool:
        """The evidence stands in it."""
        sentence, text = _squeeze(piece.sentence), _squeeze(piece.text)
        if not sentence:
            return False
        return sentence in self.written or sentence in self.read or (bool(text) and text.replace("|", "") in self.read)


def _check_question(question: Question, letters: Mapping[str, LetterText]) -> list[str]:
    faults = []
    for piece in question.evidence:
        if piece.file not in letters:
            faults.append(f"no letter {piece.file}")
        elif not letters[piece.file].holds(piece):
            faults.append(f"evidence does not stand in {piece.file}: {piece.sentence[:40]}")
    for number in (*question.numbers, *question.optional_numbers, *question.forbidden):
        if not is_readable(number):
            faults.append(f"figure {number!r} cannot be read")
    faults += [f"no letter {name}" for name in (*question.near_files, *question.superseded_files) if name not in letters]
    if question.answerable:
        faults += _check_answerable(question)
    elif question.evidence or question.numbers:
        faults.append("unanswerable, yet with evidence or numbers")
    overlap = set(question.forbidden) & {*question.numbers, *question.optional_numbers}
    if overlap:
        faults.append(f"both wanted and forbidden: {', '.join(sorted(overlap))}")
    if _RELATIVE_YEAR.search(question.question) and not question.asked_on:
        faults.append("a year that counts from the day of asking, without asked_on")
    return faults


def _check_answerable(question: Question) -> list[str]:
    faults = []
    if not question.evidence:
        faults.append("answerable without evidence")
    if not question.numbers and not question.must and not question.verdict:
        faults.append("nothing to mark the answer by: numbers, must or verdict")
    if question.comparators and len(question.comparators) != len(question.numbers):
        faults.append("comparators are not parallel to numbers")
    if question.numbers_en and len(question.numbers_en) != len(question.numbers):
        faults.append("numbers_en are not parallel to numbers")
    if question.verdict not in (None, "yes", "no"):
        faults.append(f"verdict {question.verdict!r} is neither yes nor no")
    if question.kind == "follow_up" and not question.history:
        faults.append("follow_up without history")
    if question.derived and not question.derivation:
        faults.append("derived without derivation")
    return faults


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.questions", description="Checks a question set against its letters.")
    parser.add_argument("action", choices=["check"])
    parser.add_argument("set", type=Path, help="question set, one JSON object a line")
    parser.add_argument("--letters", type=Path, required=True, metavar="DIR", help="folder of the letters as text or html")
    options = parser.parse_args(arguments)
    if not options.letters.is_dir():
        parser.error(f"{options.letters} is not a folder")
    try:
        questions = read_questions(options.set)
    except QuestionSetError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    faults = check_questions(questions, options.letters)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(q.kind for q in questions).most_common())
    sys.stdout.write(f"{len(questions)} questions ({kinds}): {f'{len(faults)} faults' if faults else 'sound'}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
