"""Retrieval: the right chunk first, in Chinese and in English, within letters and days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.update import Tally, write_letters
from rag.embed import BuiltInEncoder
from rag.langchain_retriever import make_langchain_retriever
from rag.retrieve import Retriever, standardise
from rag.settings import Settings
from rag.store import Store, open_store
from tests.small_store import make_entry, make_letter

TEXTS = {
    "松江科〔2023〕7号": "全市新增孵化面积五十万平方米以上。在孵企业达到三百家。技术合同成交额九十亿元。",
    "松江教〔2023〕2号": "新建幼儿园十二所。新增义务教育学位八千个。教师培训覆盖全部乡镇。",
    "松江卫〔2022〕5号": "新增养老床位六百张。家庭医生签约率达到四成。疫苗接种点二十处。",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three letters in a store with the built-in encoder."""
    settings = Settings(store=tmp_path_factory.mktemp("retrieve") / "store", llm="none")
    with open_store(settings, write=True, encoder=BuiltInEncoder()) as store:
        tally = Tally()
        letters = [make_letter(text, letter_id=name, issued_on=date(2023, 3, 1)) for name, text in TEXTS.items()]
        write_letters(store, [make_entry(letter) for letter in letters], tally)
        yield store


def best_text(store: Store, question: str, language: str) -> str:
    return Retriever(store).retrieve(question, language, 3)[0].chunk.text


@pytest.mark.parametrize(
    ("question", "language", "answer"),
    [
        ("新增孵化面积是多少？", "zh", "全市新增孵化面积五十万平方米以上。"),
        ("全市新增多少义务教育學位？", "zh", "新增义务教育学位八千个。"),
        ("How many new beds for elderly care?", "en", "新增养老床位六百张。"),
        ("How many kindergartens are built?", "en", "新建幼儿园十二所。"),
    ],
)
def test_chunk_that_answers_comes_first(filled: Store, question: str, language: str, answer: str) -> None:
    assert best_text(filled, question, language) == answer


def test_scores_fall(filled: Store) -> None:
    scores = [hit.score for hit in Retriever(filled).retrieve("新增面积", "zh", 9)]
    assert len(scores) == 9
    assert scores == sorted(scores, reverse=True)


def test_only_the_asked_letters_are_searched(filled: Store) -> None:
    hits = Retriever(filled).retrieve("新增孵化面积", "zh", 9, ["松江教〔2023〕2号"])
    assert {hit.chunk.letter_id for hit in hits} == {"松江教〔2023〕2号"}
    assert Retriever(filled).retrieve("新增孵化面积", "zh", 9, ["无此号"]) == []


def test_nothing_is_found_before_the_letters_were_issued(filled: Store) -> None:
    assert Retriever(filled).retrieve("新增孵化面积", "zh", 9, as_of=date(2022, 1, 1)) == []


def test_empty_question_and_empty_store_find_nothing(filled: Store, store: Store) -> None:
    assert Retriever(filled).retrieve("  ", "zh", 5) == []
    assert Retriever(store).retrieve("新增孵化面积", "zh", 5) == []


def test_superseded_text_is_not_found_now_but_as_of_its_day(tmp_path: Path) -> None:
    settings = Settings(store=tmp_path / "store", llm="none")
    with open_store(settings, write=True, encoder=BuiltInEncoder()) as store:
        for month, text in ((1, "旧目标为孵化面积四十万平方米。"), (9, "新目标为孵化面积五十万平方米。")):
            write_letters(store, [make_entry(make_letter(text, issued_on=date(2023, month, 1)))], Tally())
        find = Retriever(store).retrieve
        assert [hit.chunk.text[0] for hit in find("孵化面积目标", "zh", 5)] == ["新"]
        assert [hit.chunk.text[0] for hit in find("孵化面积目标", "zh", 5, as_of=date(2023, 5, 1))] == ["旧"]


class LastFirst:
    """A reranker that likes what stands last; remembers what it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read = list(texts)
        return np.arange(len(texts), dtype=np.float32)


def test_reranker_has_the_last_word(filled: Store) -> None:
    reranker = LastFirst()
    hits = Retriever(filled, reranker).retrieve("新增孵化面积", "zh", 9)
    assert [hit.chunk.text for hit in hits] == reranker.read[::-1]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_langchain_gets_documents_with_what_is_known(filled: Store) -> None:
    documents = make_langchain_retriever(filled, limit=2).invoke("新增孵化面积是多少？")
    assert len(documents) == 2
    known = documents[0].metadata
    letter = filled.registry.letter(known["letter_id"])
    assert letter.text[known["start"] : known["end"]] == documents[0].page_content


def test_equal_scores_say_nothing() -> None:
    assert standardise(np.full(4, 7.0)).tolist() == [0, 0, 0, 0]
