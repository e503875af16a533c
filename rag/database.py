"""A small database of its own beside the registry, one SQLite file in the store's folder: the audit, the accounts.

Apart from the registry, so that noting a question never waits for letters that are being written, and the other way round.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from rag.errors import StoreError

BUSY_SECONDS = 10


class Database:
    """The file is made at the first write; several processes may share it."""

    def __init__(self, path: Path, metadata: sa.MetaData, also: tuple[str, ...] = ()) -> None:
        """Nothing is opened yet.

        Args:
            path: the file.
            metadata: its tables, made where they are missing.
            also: further statements after the tables are made, such as triggers; safe to repeat.
        """
        self.path = path
        self._metadata = metadata
        self._also = also
        self._is_made = False
        self._making = threading.Lock()
        self._engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
        sa.event.listen(self._engine, "connect", _prepare_connection)

    def exists(self) -> bool:
        """Whether anything was ever written."""
        return self.path.exists()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A read transaction. Only where `exists`."""
        with self._open("read", "BEGIN") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A write transaction, alone in the file from its begin: all of it or nothing."""
        with self._open("written", "BEGIN IMMEDIATE") as connection:
            yield connection
            connection.commit()

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _open(self, done: str, begin: str) -> Iterator[sa.Connection]:
        try:
            self._make_tables()
            with self._engine.connect() as connection:
                connection.exec_driver_sql(begin)
                yield connection
        except (SQLAlchemyError, OSError) as error:
            reason = str(error.orig) if isinstance(error, DatabaseError) else str(error)
            raise StoreError(
                f"{self.path} cannot be {done}: {reason}. Check that its folder can be written and its disk is not full.",
                f"{self.path} 无法读写：{reason}。请检查文件夹的写入权限和磁盘空间。",
            ) from error

    def _make_tables(self) -> None:
        with self._making:
            if self._is_made:
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)  # nobody else on this computer needs to read who asked what
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                self._metadata.create_all(connection)
                for statement in self._also:
                    connection.exec_driver_sql(statement)
                connection.commit()
            self._is_made = True


def _prepare_connection(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None  # transactions are begun by us
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    _switch_to_wal(connection)


def _switch_to_wal(connection: Any) -> None:  # noqa: ANN401 - the driver's own connection
    """Write-ahead log. SQLite does not wait by itself where another connection switches a new file at the same moment."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
