"""Recall at k and reciprocal rank, worked by hand."""

from __future__ import annotations

import pytest

from eval.metrics import State
from eval.metrics.retrieval import Passage, score_recall_at, score_reciprocal_rank
from eval.questions import GoldEvidence, Question
from eval.scores import score_result, summarise
from rag.records import Answer, Outcome

FIRST, SECOND = "全市新增养老床位1200张。", "改造老旧小区85个，总投资9亿元。"
QUESTION = Question(
    "q",
    "zh",
    "list",
    "多少？",
    "",
    True,
    numbers=("1200张",),
    evidence=(GoldEvidence("a.txt", FIRST, FIRST), GoldEvidence("b.txt", SECOND, SECOND)),
)
RANKED = [
    Passage("c.txt", FIRST),  # the same words in another letter are not the evidence
    Passage("a.txt", f"一、目标。{FIRST}二、措施。"),
    Passage("a.txt", "感谢您的关心。"),
    Passage("b.txt", SECOND),
]


@pytest.mark.parametrize(("depth", "share"), [(1, 0), (2, 0.5), (3, 0.5), (4, 1), (20, 1)])
def test_recall_counts_the_evidence_within_the_first_places(depth: int, share: float) -> None:
    assert score_recall_at(QUESTION, RANKED, depth).value == share


def test_the_rank_is_that_of_the_first_evidence() -> None:
    assert score_reciprocal_rank(QUESTION, RANKED).value == 0.5
    assert score_reciprocal_rank(QUESTION, RANKED[:1]).value == 0
    assert score_reciprocal_rank(QUESTION, []).value == 0


def test_a_long_passage_does_not_hold_a_sentence_by_scattered_characters() -> None:
    scattered = "全面推进市政设施，新区增添养护站，老街修整床铺位次，共1200处、九张图。" * 3
    assert score_recall_at(QUESTION, [Passage("a.txt", scattered)], 1).value == 0


def test_without_evidence_there_is_nothing_to_find() -> None:
    asked = Question("q", "zh", "unanswerable", "多少？", "", False)
    assert score_recall_at(asked, RANKED, 4).state is State.NOT_APPLICABLE
    assert score_reciprocal_rank(asked, RANKED).state is State.NOT_APPLICABLE


def test_what_retrieval_finds_stands_in_the_scores() -> None:
    result = score_result(QUESTION, Answer(Outcome.ANSWERED, "1200张"), 0.1, passages=RANKED)
    scores = summarise([result, score_result(QUESTION, Answer(Outcome.ANSWERED, "1200张"), 0.1)])
    assert scores["retrieval"]["recall@4"]["mean"] == 1
    assert scores["retrieval"]["reciprocal_rank"]["mean"] == 0.5
    assert scores["retrieval"]["recall@4"]["count"] == 1  # not measured is not zero
