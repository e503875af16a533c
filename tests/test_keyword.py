"""Full text by bigrams."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import keyword
from rag.keyword import read_characters, read_terms
from rag.registry import Connection, Registry


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    registry = Registry(tmp_path)
    with registry.change_schema() as opened:
        keyword.create_table(opened)
        yield opened
    registry.close()


def test_terms_are_bigrams_latin_words_and_numbers() -> None:
    assert read_terms("研发投入占GDP的2.58%") == ["研发", "发投", "投入", "入占", "gdp", "的", "2.58%"]
    assert read_terms("1,200家") == ["1200", "家"]


def test_width_and_script_do_not_matter() -> None:
    assert read_terms("孵化面積１８０萬") == read_terms("孵化面积180万")


def test_characters_stand_alone() -> None:
    assert read_characters("面积5.5 GDP") == ["面", "积", "5.5", "gdp"]


def test_best_match_comes_first(connection: Connection) -> None:
    for key, text in enumerate(["全市新增孵化面积五十万平方米", "全市教育经费", "孵化企业"], 1):
        keyword.add_text(connection, key, text, "")
    assert [hit.key for hit in keyword.search_terms(connection, read_terms("新增孵化面积"), 10)] == [1, 3]


def test_signs_in_a_question_are_no_syntax(connection: Connection) -> None:
    keyword.add_text(connection, 1, "R&D投入2.58%", "")
    assert [hit.key for hit in keyword.search_terms(connection, read_terms('R&D "OR" NEAR( 2.58% * '), 10)] == [1]


def test_words_of_title_and_heading_count_less(connection: Connection) -> None:
    keyword.add_text(connection, 1, "孵化面积", "教育经费")
    keyword.add_text(connection, 2, "教育经费", "孵化面积")
    assert [hit.key for hit in keyword.search_terms(connection, read_terms("孵化面积"), 10)] == [1, 2]


def test_search_can_be_bounded_to_some_chunks(connection: Connection) -> None:
    for key in (1, 2, 3):
        keyword.add_text(connection, key, "孵化面积", "")
    assert [hit.key for hit in keyword.search_terms(connection, read_terms("孵化面积"), 10, [2])] == [2]
    assert keyword.search_terms(connection, read_terms("孵化面积"), 10, []) == []


def test_removed_text_is_not_found(connection: Connection) -> None:
    keyword.add_text(connection, 1, "孵化面积", "标题")
    keyword.remove_text(connection, 1)
    assert keyword.search_terms(connection, read_terms("孵化面积"), 10) == []
    assert keyword.list_keys(connection) == set()
    keyword.check_table(connection)


def test_question_without_words_finds_nothing(connection: Connection) -> None:
    keyword.add_text(connection, 1, "孵化面积", "")
    assert keyword.search_terms(connection, read_terms("？！"), 10) == []
