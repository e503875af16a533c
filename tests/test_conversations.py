"""Conversations that outlast the program."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from rag.errors import StoreError
from screens.chat.conversations import FILE, Conversations
from screens.chat.exchange import Exchange
from tests.small_desk import answer_comparison, answer_list, answer_target


def exchange(question: str, ticket: str) -> Exchange:
    return Exchange(question, answer_target("zh"), is_done=True, ticket=ticket, asked_at="2023-07-01T08:00:00+00:00")


def test_conversation_is_there_after_a_restart_to_the_last_field(tmp_path: Path) -> None:
    kept = Conversations(tmp_path)
    number = kept.begin("local", "第一问")
    exchanges = [
        Exchange("列出全部", answer_list(), is_done=True, ticket="a", is_stopped=True),
        Exchange("相比如何", answer_comparison(), is_done=True, ticket="b"),
        Exchange("坏了", error="The store is gone.", is_done=True, ticket="c"),
    ]
    for one in exchanges:
        kept.add("local", number, one)
    again = Conversations(tmp_path)
    assert again.load("local", number) == exchanges
    assert [c.title for c in again.find("local")] == ["第一问"]


def test_each_user_has_their_own(tmp_path: Path) -> None:
    kept = Conversations(tmp_path)
    number = kept.begin("zhou", "周的问题")
    kept.add("zhou", number, exchange("问", "a"))
    assert kept.find("wu") == []
    assert kept.load("wu", number) == []
    kept.rename("wu", number, "改名")
    kept.cut("wu", number, "a")
    kept.delete("wu", number)
    with pytest.raises(StoreError, match="deleted"):
        kept.add("wu", number, exchange("问", "b"))
    assert [c.title for c in kept.find("zhou")] == ["周的问题"]
    assert len(kept.load("zhou", number)) == 1


def test_found_by_title_question_or_answer_the_last_changed_first(tmp_path: Path) -> None:
    kept = Conversations(tmp_path)
    first, second = kept.begin("local", "城市书房"), kept.begin("local", "夜间公交100%开通")
    kept.add("local", second, exchange("线路多少条", "a"))
    kept.add("local", first, exchange("2023年目标", "b"))
    assert [c.conversation_id for c in kept.find("local")] == [first, second]
    assert [c.conversation_id for c in kept.find("local", "公交")] == [second]
    assert [c.conversation_id for c in kept.find("local", "线路")] == [second]
    assert len(kept.find("local", "45座以上")) == 2
    assert [c.conversation_id for c in kept.find("local", "100%")] == [second]
    assert kept.find("local", "%没有%") == []


def test_asking_in_other_words_takes_out_what_followed(tmp_path: Path) -> None:
    kept = Conversations(tmp_path)
    number, other = kept.begin("local", "一"), kept.begin("local", "另一个")
    for ticket in "abc":
        kept.add("local", number, exchange(ticket, ticket))
    kept.add("local", other, exchange("d", "d"))
    kept.cut("local", number, "b")
    kept.add("local", number, exchange("改过的", "e"))
    assert [e.question for e in kept.load("local", number)] == ["a", "改过的"]
    assert len(kept.load("local", other)) == 1


def test_same_ticket_again_replaces_the_exchange_in_its_place(tmp_path: Path) -> None:
    kept = Conversations(tmp_path)
    number = kept.begin("local", "一")
    for ticket in "ab":
        kept.add("local", number, exchange(ticket, ticket))
    kept.add("local", number, exchange("新", "a"))
    assert [e.question for e in kept.load("local", number)] == ["新", "b"]


def test_renamed_and_deleted(tmp_path: Path) -> None:
    kept = Conversations(tmp_path)
    number = kept.begin("local", "很长" * 100)
    assert len(kept.find("local")[0].title) == 80
    kept.rename("local", number, "  ")
    kept.rename("local", number, " 新\n题目 ")
    assert kept.find("local")[0].title == "新 题目"
    kept.add("local", number, exchange("问", "a"))
    kept.delete("local", number)
    assert kept.find("local") == []
    assert kept.load("local", number) == []
    with sqlite3.connect(tmp_path / FILE) as file:
        assert file.execute("SELECT count(*) FROM exchanges").fetchone() == (0,)
    file.close()


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    kept = Conversations(tmp_path)
    number = kept.begin("local", "一")
    threads = [threading.Thread(target=kept.add, args=("local", number, exchange(str(i), str(i)))) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {e.question for e in kept.load("local", number)} == {str(i) for i in range(12)}


def test_file_of_a_newer_program_or_a_damaged_one_is_told_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with sqlite3.connect(tmp_path / "new" / FILE) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()
    with pytest.raises(StoreError, match="newer version"):
        Conversations(tmp_path / "new").find("local")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="Check that the folder"):
        Conversations(tmp_path / "bad").find("local")


def test_exchange_that_cannot_be_read_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    kept = Conversations(tmp_path)
    number = kept.begin("local", "一")
    for ticket in "ab":
        kept.add("local", number, exchange(ticket, ticket))
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("UPDATE exchanges SET packed = '{}' WHERE ticket = 'a'")
    file.close()
    first, second = kept.load("local", number)
    assert "cannot be read" in first.error
    assert second.question == "b"
