"""A store's databases copied while they are in use, and copies put in their place: what the commands --backup and --restore stand on.

A restore prepares everything beside what is there, then gives the prepared folder its final name: from that moment on it counts, and whoever
opens the store finishes it, should the one that restores be stopped. Each step may be repeated.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from rag.errors import StoreError
from rag.faults import FOLDER, REGISTRY, read_fault, write_fault
from rag.registry import FILE

READY = "restore-ready"  # folder of databases and files that only wait to be put in their place
BUSY_SECONDS = 60
_OF_VERSION = ("sentences", "figures", "chunks")  # tables with a version's number


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite database as it is at one moment; whoever writes to it is not held up.

    Raises:
        StoreError: it cannot be read, or the copy cannot be written.
    """
    try:
        with closing(_open(source)) as present, closing(_open(target)) as copy:
            present.backup(copy)
    except sqlite3.Error as error:
        raise read_fault(REGISTRY, source, error) from error


def is_damaged(database: Path) -> bool:
    """Whether a database is there and cannot be read as one."""
    if not database.exists():
        return False
    try:
        with closing(_open(database)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.DatabaseError as error:
        return not isinstance(error, sqlite3.OperationalError)  # locked or not readable is no damage


def prepare_copy(copy: Path, present: Path, series: int, leftover: Sequence[str]) -> None:
    """Make a registry's copy fit to take the place of the present one.

    Its versions get numbers that the present one never used, so that no program that runs reads another letter under a number that
    it remembers; its vectors get the series of the new index.

    Args:
        copy: of the present schema.
        present: what it will replace.
        series: number of the embedding run that its vectors will be of.
        leftover: keys to be swept once it is in place.

    Raises:
        StoreUnwritableError: the copy cannot be written.
    """
    try:
        with closing(_open(present)) as connection:
            last = _last_version(connection)
            (generation,) = connection.execute("SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'generation'").fetchone()
        with closing(_open(copy)) as connection, connection:
            _renumber(connection, max(last, _last_version(connection)))
            connection.execute("DELETE FROM vectors WHERE series != (SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'series')")
            connection.execute("UPDATE vectors SET series = ?", (series,))
            connection.execute("UPDATE facts SET value = ? WHERE name = 'series'", (str(series),))
            connection.execute("UPDATE facts SET value = max(CAST(value AS INTEGER), ?) + 1 WHERE name = 'generation'", (generation,))
            connection.execute("DELETE FROM pending")
            connection.executemany("INSERT OR IGNORE INTO pending(vector_key) VALUES (?)", ((key,) for key in leftover))
    except sqlite3.Error as error:
        raise write_fault(REGISTRY, copy, error) from error


def read_vectors(copy: Path) -> Iterator[tuple[str, bytes]]:
    """Each chunk's key in the vector index, with its packed vectors, of the series in force."""
    with closing(_open(copy)) as connection:
        yield from connection.execute(
            "SELECT vector_key, packed FROM chunks JOIN vectors USING (chunk_key) "
            "WHERE series = (SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'series') ORDER BY chunk_key"
        )


def finish_restore(folder: Path) -> bool:
    """Put what a restore made ready in its place; gives whether there was anything. Only under the writer's lock.

    Raises:
        StoreError: something cannot be written; what is ready stays, and is tried again when the store is opened next.
    """
    ready = folder / READY
    if not ready.is_dir():
        return False
    try:
        for path in sorted(ready.iterdir(), key=lambda path: (path.name != FILE, path.name)):
            if path.suffix == ".sqlite":
                _put_in_place(path, folder / path.name)
            elif "." in path.name and not path.name.endswith(("-wal", "-shm")):
                shutil.copyfile(path, folder / f"{path.name}.part")
                (folder / f"{path.name}.part").replace(folder / path.name)
        spent = folder / f"{READY}.done"  # renamed first: a half-deleted folder must not be put in place again
        shutil.rmtree(spent, ignore_errors=True)
        ready.rename(spent)
        shutil.rmtree(spent, ignore_errors=True)
    except OSError as error:
        raise write_fault(FOLDER, folder, error.strerror) from error
    return True


def _put_in_place(copy: Path, present: Path) -> None:
    """Replace what a database holds by a copy's, in one transaction: readers see the one or the other."""
    try:
        if not present.exists():
            present.touch(mode=0o600)
        with closing(_open(copy)) as source, closing(_open(present)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise write_fault(REGISTRY, present, error) from error


def set_aside(database: Path) -> None:
    """Move a damaged database away, with what SQLite keeps beside it."""
    try:
        database.replace(database.with_name(f"{database.name}.damaged"))
        for suffix in ("-wal", "-shm"):
            database.with_name(f"{database.name}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"{database} is damaged and cannot be moved away: {error.strerror}. Let the user who runs this program write there.",
            f"{database} 已损坏且无法移开：{error.strerror}。请授予运行本程序的用户写入权限。",
        ) from error


def _open(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(database, timeout=BUSY_SECONDS)


def _renumber(connection: sqlite3.Connection, shift: int) -> None:
    """Shift the versions' numbers, by at least the highest of them, so that none meets another on the way."""
    connection.execute("UPDATE versions SET version_id = version_id + ?, source_of = source_of + ?", (shift, shift))
    for table in _OF_VERSION:
        connection.execute(f"UPDATE {table} SET version_id = version_id + ?", (shift,))
    connection.execute("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'versions'", (shift,))


def _last_version(connection: sqlite3.Connection) -> int:
    """The highest number that a version ever had."""
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'versions'").fetchone()
    return int(found[0]) if found else 0
