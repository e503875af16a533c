"""A cause is told only of what is asked: nouns that stand there, or mean the same."""

from __future__ import annotations

import pytest

from rag.causes import tells_cause_of
from rag.embed import load_encoder
from rag.meaning import Encode, without_like
from rag.quoting import Candidate
from rag.settings import Settings
from tests.small_store import make_letter

LETTER = make_letter("关于供水。2023年没有完成供水管网改造任务，主要原因是道路开挖许可办得晚。", letter_id="x")


@pytest.fixture(scope="module")
def encode() -> Encode:
    return load_encoder(Settings()).encode


def found(coverage: float = 0.4, likeness: float = 0.3) -> Candidate:
    return Candidate(LETTER, LETTER.sentences[-1], coverage, likeness)


@pytest.mark.parametrize("question", ["2023年供水管网改造为什么没完成？", "自来水管道改造任务为什么没做完？"])
def test_cause_of_what_is_asked(question: str, encode: Encode) -> None:
    assert tells_cause_of(found(), question, (), encode)


@pytest.mark.parametrize("question", ["2023年农贸市场为什么没有建成？", "老年食堂的就餐人数为什么少了？"])
def test_cause_of_another_thing(question: str, encode: Encode) -> None:
    assert not tells_cause_of(found(), question, (), encode)


def test_sentence_that_covers_the_question_is_not_asked_for_nouns(encode: Encode) -> None:
    assert tells_cause_of(found(coverage=0.7, likeness=0.4), "2023年农贸市场为什么没有建成？", (), encode)


def test_name_of_the_body_is_no_noun_of_the_cause(encode: Encode) -> None:
    assert tells_cause_of(found(), "鹭城集团的供水管网改造为什么没完成？", ("鹭城集团",), encode)


def test_words_that_mean_the_same(encode: Encode) -> None:
    assert without_like(["自来水", "养老院"], ["供水", "改造"], encode, 0.6) == ["养老院"]
    assert without_like(["自来水"], [], encode, 0.6) == ["自来水"]
