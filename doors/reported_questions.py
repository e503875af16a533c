"""Answers that people judged, made questions of the evaluation: asked again with every run, `python -m eval.run STORE/reported_questions.jsonl`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from rag.errors import LimitError, QuestionSetError, StoreError
from rag.quantity import read_quantities, same_quantity
from rag.records import Letter, Sentence, Turn

FILE = "reported_questions.jsonl"
KIND = "reported"
TEXT_AT_MOST = 2000  # characters of an answer or a sentence
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Gold:
    """What is right, as somebody says who looked it up."""

    answer: str  # empty, with no sentence: the letters do not say it
    sentence: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the sentence stands."""

    letter: Letter
    sentence: Sentence


def find_sentence(text: str, letters: Sequence[Letter]) -> Proof | None:
    """The sentence that somebody chose or copied, white space aside; a part of one of eight characters or more will do."""
    wanted = _SPACE.sub("", text)
    for letter in letters:
        for sentence in letter.sentences:
            own = _SPACE.sub("", sentence.text)
            if own == wanted or (len(wanted) >= 8 and wanted in own):
                return Proof(letter, sentence)
    return None


def make_row(question: str, history: Sequence[Turn], gold: Gold, proof: Proof | None, asked_on: date) -> dict[str, object]:
    """A line of a question set.

    Raises:
        LimitError: the texts are too long, or the answer is missing.
        QuestionSetError: the sentence stands in no letter, or none of the answer's figures stands in it.
    """
    if max(len(gold.answer), len(gold.sentence)) > TEXT_AT_MOST:
        raise LimitError(
            f"Answer and sentence have at most {TEXT_AT_MOST} characters each. Shorten them.",
            f"答案和依据句最多各 {TEXT_AT_MOST} 个字符。请缩短。",
        )
    row: dict[str, object] = {
        "id": f"{KIND}-{uuid4().hex[:10]}",
        "lang": "zh" if _HAN.search(question) else "en",
        "kind": KIND,
        "question": question,
        "history": [{"question": turn.question, "answer": turn.answer} for turn in history],
        "asked_on": asked_on.isoformat(),
        "answer": gold.answer.strip(),
        "answerable": bool(gold.sentence.strip()),
    }
    if not gold.sentence.strip():
        return row
    if not gold.answer.strip():
        raise LimitError("Write the right answer, as short as it can be.", "请写出正确答案，越短越好。")
    if proof is None:
        raise QuestionSetError(
            "This sentence stands in no letter of the store. Copy it from the letter itself.",
            "文件库的函件里没有这句话。请从原文中复制。",
        )
    figures, there = read_quantities(gold.answer), read_quantities(proof.sentence.text)
    kept = [figure.text for figure in figures if any(same_quantity(figure, other) for other in there)]
    if figures and not kept:
        raise QuestionSetError(
            "No figure of the right answer stands in the sentence. Choose the sentence that gives it.",
            "正确答案里的数字不在所选的句子里。请选给出该数字的句子。",
        )
    row["evidence"] = [{"file": proof.letter.file, "sentence": proof.sentence.text}]
    row |= {"numbers": kept} if kept else {"must": [[gold.answer.strip().rstrip("。.")]]}
    return row


def append_row(folder: Path, row: dict[str, object]) -> None:
    """Add a line, in one write, so that two at once do not mix.

    Raises:
        StoreError: the file cannot be written.
    """
    line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
    path = folder / FILE
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error}. Check that the folder can be written and has room.",
            f"无法写入 {path}：{error}。请检查该文件夹能否写入、磁盘是否已满。",
        ) from error
