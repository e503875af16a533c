"""Conversations that outlast the program: one SQLite file in the store's folder, each user's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from rag.errors import StoreError
from screens.chat.exchange import Exchange

FILE = "conversations.sqlite"
VERSION = 1
BUSY_SECONDS = 10.0
TITLE_AT_MOST = 80  # characters
LISTED_AT_MOST = 200

_TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
    conversation_id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, changed_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversations_of_owner ON conversations (owner, changed_at);
CREATE TABLE IF NOT EXISTS exchanges (
    position INTEGER PRIMARY KEY AUTOINCREMENT, ticket TEXT NOT NULL UNIQUE, conversation_id TEXT NOT NULL
        REFERENCES conversations (conversation_id) ON DELETE CASCADE,
    words TEXT NOT NULL, packed TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS exchanges_of_conversation ON exchanges (conversation_id, position);
"""

_EXCHANGE: TypeAdapter[Exchange] = TypeAdapter(Exchange)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as the list shows it."""

    conversation_id: str
    title: str
    changed_at: datetime  # UTC


class Conversations:
    """Safe to use from several threads; whoever is not the owner finds nothing."""

    def __init__(self, folder: Path) -> None:
        """The file is made with the first question; a folder that cannot be written is told then."""
        self.path = folder / FILE

    def begin(self, owner: str, title: str) -> str:
        """A new, empty conversation: its id."""
        conversation_id = uuid4().hex
        with self._open() as file:
            file.execute("INSERT INTO conversations VALUES (?, ?, ?, ?)", (conversation_id, owner, _shorten(title), _now()))
        return conversation_id

    def find(self, owner: str, words: str = "") -> list[Conversation]:
        """The owner's conversations whose title, questions or answers hold the words, the last changed first."""
        if not self.path.exists():
            return []
        like = f"%{_escape(words.strip())}%"
        with self._open() as file:
            rows = file.execute(
                "SELECT conversation_id, title, changed_at FROM conversations c WHERE owner = ? AND (title LIKE ? ESCAPE '~' OR EXISTS "
                "(SELECT 1 FROM exchanges e WHERE e.conversation_id = c.conversation_id AND e.words LIKE ? ESCAPE '~')) "
                "ORDER BY changed_at DESC LIMIT ?",
                (owner, like, like, LISTED_AT_MOST),
            ).fetchall()
        return [Conversation(number, title, datetime.fromisoformat(changed)) for number, title, changed in rows]

    def load(self, owner: str, conversation_id: str) -> list[Exchange]:
        """Its exchanges, oldest first; none where it is not there or another's."""
        if not self.path.exists():
            return []
        with self._open() as file:
            rows = file.execute(
                "SELECT e.ticket, e.packed FROM exchanges e JOIN conversations c USING (conversation_id) "
                "WHERE conversation_id = ? AND owner = ? ORDER BY position",
                (conversation_id, owner),
            ).fetchall()
        return [_unpack(ticket, packed) for ticket, packed in rows]

    def exchange(self, owner: str, ticket: str) -> Exchange | None:
        """One exchange by its ticket; None where it was not kept or is another's."""
        if not self.path.exists():
            return None
        with self._open() as file:
            row = file.execute(
                "SELECT e.ticket, e.packed FROM exchanges e JOIN conversations c USING (conversation_id) WHERE ticket = ? AND owner = ?",
                (ticket, owner),
            ).fetchone()
        return _unpack(*row) if row else None

    def before(self, owner: str, ticket: str) -> list[Exchange]:
        """The exchanges of the same conversation before this one, oldest first."""
        if not self.path.exists():
            return []
        with self._open() as file:
            rows = file.execute(
                "SELECT e.ticket, e.packed FROM exchanges e JOIN conversations c USING (conversation_id) JOIN exchanges this USING (conversation_id) "
                "WHERE this.ticket = ? AND owner = ? AND e.position < this.position ORDER BY e.position",
                (ticket, owner),
            ).fetchall()
        return [_unpack(*row) for row in rows]

    def add(self, owner: str, conversation_id: str, exchange: Exchange) -> None:
        """Put a finished exchange at the end, or in the place of the one with the same ticket.

        Raises:
            StoreError: the conversation was deleted meanwhile, or the file cannot be written.
        """
        words = f"{exchange.question}\n{exchange.answer.text if exchange.answer else ''}"
        with self._open() as file:
            changed = file.execute(
                "UPDATE conversations SET changed_at = ? WHERE conversation_id = ? AND owner = ?", (_now(), conversation_id, owner)
            ).rowcount
            if not changed:
                raise StoreError("This conversation was deleted, so the answer is not kept.", "这个对话已被删除，回答没有保存。")
            file.execute(
                "INSERT INTO exchanges (ticket, conversation_id, words, packed) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (ticket) DO UPDATE SET words = excluded.words, packed = excluded.packed",
                (exchange.ticket, conversation_id, words, _EXCHANGE.dump_json(exchange).decode()),
            )

    def cut(self, owner: str, conversation_id: str, ticket: str) -> None:
        """Take out an exchange and all that followed it: its question is asked in other words."""
        with self._open() as file:
            file.execute(
                "DELETE FROM exchanges WHERE conversation_id = (SELECT conversation_id FROM conversations WHERE conversation_id = ? AND owner = ?) "
                "AND position >= (SELECT position FROM exchanges WHERE ticket = ?)",
                (conversation_id, owner, ticket),
            )

    def rename(self, owner: str, conversation_id: str, title: str) -> None:
        """Give it another title; an empty one changes nothing."""
        if title.strip():
            with self._open() as file:
                file.execute(
                    "UPDATE conversations SET title = ? WHERE conversation_id = ? AND owner = ?", (_shorten(title), conversation_id, owner)
                )

    def delete(self, owner: str, conversation_id: str) -> None:
        """For good."""
        with self._open() as file:
            file.execute("DELETE FROM conversations WHERE conversation_id = ? AND owner = ?", (conversation_id, owner))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = sqlite3.connect(self.path, timeout=BUSY_SECONDS)
            try:
                with file:
                    _prepare(file, self.path)
                    yield file
            finally:
                file.close()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"The conversations in {self.path} cannot be used: {error}. Check that the folder can be written and has room.",
                f"无法读写对话记录 {self.path}：{error}。请检查该文件夹能否写入、磁盘是否已满。",
            ) from error


def _prepare(file: sqlite3.Connection, path: Path) -> None:
    file.execute("PRAGMA foreign_keys = ON")
    version = int(file.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise StoreError(
            f"{path} was made by a newer version of this program. Use that version, or move the file away to begin anew.",
            f"{path} 由更新版本的程序生成。请使用该版本，或移走此文件后重新开始。",
        )
    if version < VERSION:
        file.executescript(f"PRAGMA journal_mode = WAL; {_TABLES} PRAGMA user_version = {VERSION};")
        file.execute("PRAGMA foreign_keys = ON")


def _unpack(ticket: str, packed: str) -> Exchange:
    try:
        return _EXCHANGE.validate_json(packed)
    except ValidationError as error:
        return Exchange(
            "…", error=f"This exchange cannot be read any more: {error.error_count()} fields differ.", is_done=True, ticket=ticket
        )


def _shorten(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= TITLE_AT_MOST else line[: TITLE_AT_MOST - 1] + "…"


def _escape(words: str) -> str:
    return words.replace("~", "~~").replace("%", "~%").replace("_", "~_")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
