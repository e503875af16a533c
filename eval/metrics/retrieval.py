"""Does retrieval find the evidence? Recall at k and the reciprocal rank of the first evidence, over ranked passages.

Recall@k is the share of the gold evidence sentences that stand in the first k passages (Manning et al. 2008, ch. 8); the reciprocal rank is 1 over the place of the
first passage that has any of them, 0 where none has (MRR, Voorhees 1999). A passage has a sentence when it is of its file and contains it, or is a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eval.metrics.citations import is_same_passage
from eval.metrics.score import Score
from eval.questions import GoldEvidence, Question

DEPTHS = (1, 4, 10, 20)


@dataclass(frozen=True, slots=True)
class Passage:
    """What retrieval gives at one place of its ranking."""

    file: str
    text: str


def has_evidence(passage: Passage, piece: GoldEvidence) -> bool:
    """The passage has the sentence."""
    if passage.file != piece.file:
        return False
    return any(is_same_passage(text, piece) for text in (passage.text, *re.findall(r"[^。！？!?]+[。！？!?”」]*", passage.text)))


def score_recall_at(question: Question, passages: Sequence[Passage], depth: int) -> Score:
    """The share of the gold evidence within the first `depth` passages."""
    if not question.evidence:
        return Score.not_applicable("no gold evidence")
    missing = [piece for piece in question.evidence if not any(has_evidence(passage, piece) for passage in passages[:depth])]
    share = 1 - len(missing) / len(question.evidence)
    return Score(share, f"not found: {missing[0].file}: {missing[0].text[:40]}" if missing else "all evidence is found")


def score_reciprocal_rank(question: Question, passages: Sequence[Passage]) -> Score:
    """1 over the place of the first passage with evidence."""
    if not question.evidence:
        return Score.not_applicable("no gold evidence")
    for place, passage in enumerate(passages, 1):
        if any(has_evidence(passage, piece) for piece in question.evidence):
            return Score(1 / place, f"evidence at place {place}")
    return Score(0.0, f"no evidence among {len(passages)} passages")
