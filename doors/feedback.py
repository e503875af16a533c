"""What people say of answers: a table of its own in the store's folder, to which entries are only added."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from rag.errors import LimitError, StoreError
from rag.privacy import mask

FILE = "feedback.sqlite"
COMMENT_AT_MOST = 2000  # characters
BUSY_SECONDS = 10.0

_TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, ticket TEXT NOT NULL, given_at TEXT NOT NULL,
    verdict TEXT NOT NULL, comment TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS feedback_stays BEFORE UPDATE ON feedback BEGIN SELECT RAISE(ABORT, 'feedback is only added to'); END;
CREATE TRIGGER IF NOT EXISTS feedback_is_kept BEFORE DELETE ON feedback BEGIN SELECT RAISE(ABORT, 'feedback is only added to'); END;
"""


class Verdict(StrEnum):
    """What an answer was found to be."""

    RIGHT = "right"
    WRONG_FIGURE = "wrong_figure"
    WRONG_SOURCE = "wrong_source"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One entry; question and answer as they were shown, so that it outlasts their conversation."""

    owner: str
    ticket: str  # of the exchange
    verdict: Verdict
    comment: str
    question: str
    answer: str
    given_at: str = ""  # ISO time, UTC; set when it is kept


class FeedbackBook:
    """All entries of a store. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """The file is made with the first entry."""
        self.path = folder / FILE

    def add(self, entry: Feedback) -> None:
        """Keep one more, numbers of people masked; a later one of the same person on the same answer stands beside the earlier.

        Raises:
            LimitError: the comment is too long.
            StoreError: the file cannot be written.
        """
        if len(entry.comment) > COMMENT_AT_MOST:
            raise LimitError(
                f"The comment has {len(entry.comment)} characters; at most {COMMENT_AT_MOST} are taken. Shorten it.",
                f"说明有 {len(entry.comment)} 个字符，最多 {COMMENT_AT_MOST} 个。请缩短。",
            )
        told = (entry.comment, entry.question, entry.answer)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._open() as file:
            file.execute(
                "INSERT INTO feedback (owner, ticket, given_at, verdict, comment, question, answer) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (entry.owner, entry.ticket, now, entry.verdict.value, *map(mask, told)),
            )

    def entries(self) -> list[Feedback]:
        """All, the last first."""
        if not self.path.exists():
            return []
        with self._open() as file:
            rows = file.execute(
                "SELECT owner, ticket, verdict, comment, question, answer, given_at FROM feedback ORDER BY number DESC"
            ).fetchall()
        return [Feedback(row[0], row[1], Verdict(row[2]), *row[3:]) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            file = sqlite3.connect(self.path, timeout=BUSY_SECONDS)
            try:
                file.executescript(_TABLES)
                with file:
                    yield file
            finally:
                file.close()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"The feedback in {self.path} cannot be used: {error}. Check that the folder can be written and has room.",
                f"无法读写评价记录 {self.path}：{error}。请检查该文件夹能否写入、磁盘是否已满。",
            ) from error
