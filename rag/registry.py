"""The truth about letters, versions, sentences, figures and chunks: SQLite through SQLAlchemy. Chroma is an index of it.

Reads are cached: a version never changes once it is written, so that a running program loads only what is new after each write.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, SQLAlchemyError

from rag.errors import StoreError
from rag.faults import REGISTRY, is_read_only, read_fault, write_fault
from rag.records import Chunk, Figure, Letter
from rag.registry_tables import chunks, figures, sentences, versions
from rag.rows import Row, Version, read_chunk, read_figure, read_letter, read_sentence, read_version
from rag.versions import Rank, rank_version

FILE = "registry.sqlite"
BUSY_SECONDS = 30

LIGHT = [column for column in versions.c if column.name != "text"]


class Connection:
    """One transaction; full text shares it."""

    def __init__(self, connection: sa.Connection) -> None:
        self.sql = connection

    def execute_plain(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Run one plain statement and give its rows."""
        result = self.sql.exec_driver_sql(statement, tuple(values))
        return [tuple(row) for row in result] if result.returns_rows else []

    def rows(self, query: sa.Select[Any]) -> Iterator[Row]:
        """The rows of a query as mappings."""
        for row in self.sql.execute(query).mappings():
            yield cast(Row, row)

    def insert(self, table: sa.Table, row: Row) -> int:
        """Write one row and give its number."""
        key = self.sql.execute(table.insert(), row).inserted_primary_key
        assert key is not None
        return int(key[0])


@dataclass(frozen=True, slots=True)
class State:
    """The current letters of one moment."""

    view: Mapping[str, int]  # letter → the version that counts
    letters: list[Letter]  # light, in the order of the view
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class Size:
    """How much the store holds of what counts now."""

    letters: int
    figures: int
    chunks: int


class Registry:
    """Reading side, and the transactions that `rag.registry_write` writes in."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._lock = threading.RLock()
        self._generation = -1
        self._light: dict[int, tuple[Version, Letter]] = {}
        self._whole: dict[int, Letter] = {}
        self._figures: dict[int, tuple[Figure, ...]] = {}
        self._views: dict[date | None, dict[str, int]] = {}
        self._engine = sa.create_engine(_choose_url(self.path), connect_args={"timeout": BUSY_SECONDS})
        sa.event.listen(self._engine, "connect", _prepare_connection)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: what it sees is one state of the store, also while another process writes."""
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                yield Connection(connection)
        except SQLAlchemyError as error:
            raise read_fault(REGISTRY, self.path, _reason(error)) from error

    @contextmanager
    def write(self, *, is_visible: bool = True) -> Iterator[Connection]:
        """A write transaction: all of it or nothing.

        Args:
            is_visible: it changes what can be asked: the generation grows, so that other programs read anew.
        """
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                if is_visible:
                    connection.exec_driver_sql("UPDATE facts SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'")
                yield Connection(connection)
                connection.commit()
        except SQLAlchemyError as error:
            raise _write_error(self.path, error) from error

    @contextmanager
    def change_schema(self) -> Iterator[Connection]:
        """A transaction that makes tables or changes them."""
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield Connection(connection)
                connection.commit()
        except SQLAlchemyError as error:
            raise _write_error(self.path, error) from error

    def is_made(self) -> bool:
        """Whether it has its tables: whoever is stopped before they are made leaves none, or an empty file."""
        if not self.path.exists():
            return False
        with self.read() as connection:
            return bool(connection.execute_plain("SELECT 1 FROM sqlite_master WHERE name = 'facts'"))

    def facts(self) -> dict[str, str]:
        """What the store remembers of itself: schema_version, embedding, embedding_size, created, generation, series."""
        with self.read() as connection:
            return {str(row[0]): str(row[1]) for row in connection.execute_plain("SELECT name, value FROM facts")}

    @property
    def generation(self) -> int:
        """Grows with each write."""
        with self.read() as connection:
            return int(str(connection.execute_plain("SELECT value FROM facts WHERE name = 'generation'")[0][0]))

    def letters(self, as_of: date | None = None) -> list[Letter]:
        """The current version of each letter, light: without text and sentences. `as_of`: as on that day."""
        with self._lock:
            return [self._light[version_id][1] for version_id in self.view(as_of).values()]

    def letter(self, letter_id: str, as_of: date | None = None) -> Letter:
        """One letter, whole.

        Raises:
            StoreError: there is no such letter.
        """
        with self._lock:
            version_id = self.view(as_of).get(letter_id)
            if version_id is None:
                raise StoreError(f"No letter {letter_id!r} in {self.path.parent}. `python -m ingest --list` shows those that are there.")
            return self._load_whole(version_id)

    def version(self, version_id: int) -> Letter:
        """One version of a letter, whole, current or not."""
        with self._lock:
            self._refresh()
            return self._load_whole(version_id)

    def versions(self, letter_id: str | None = None) -> list[Version]:
        """All files of one letter, or of all letters, in order of arrival; several may be sources of one text."""
        with self._lock:
            self._refresh()
            return [version for version, _ in self._light.values() if letter_id in (None, version.letter_id)]

    def texts(self, letter_id: str) -> list[Version]:
        """The texts of one letter, oldest first; each is told by the file that gives it best."""
        with self._lock:
            self._refresh()
            return _rank_texts([entry for entry in self._light.values() if entry[0].letter_id == letter_id]).get(letter_id, [])

    def figures(self, letter_ids: Collection[str] | None = None, as_of: date | None = None) -> list[Figure]:
        """The figures of current letters (or of some of them), in the order of the letters."""
        with self._lock:
            view = self.view(as_of)
            wanted = [number for letter_id, number in view.items() if letter_ids is None or letter_id in letter_ids]
            return self._figures_of(wanted)

    def state(self, as_of: date | None = None) -> State:
        """All that is light of one moment; with its numbers of versions the rest can be read of the same moment."""
        with self._lock:
            view = self.view(as_of)
            return State(view, [self._light[number][1] for number in view.values()], self._figures_of(list(view.values())))

    def names(self) -> list[str]:
        """The distinct indicator names of current figures."""
        return sorted({figure.name for figure in self.figures()})

    def version_figures(self, version_id: int) -> tuple[Figure, ...]:
        """The figures of one version, current or not."""
        with self._lock:
            self._refresh()
            self._load_figures([version_id] if version_id not in self._figures else [])
            return self._figures[version_id]

    def chunks(self, letter_ids: Collection[str] | None = None, as_of: date | None = None) -> list[Chunk]:
        """The chunks of current letters (or of some of them)."""
        view = self.view(as_of)
        return self.chunks_of({letter_id: view[letter_id] for letter_id in view if letter_ids is None or letter_id in letter_ids})

    def chunks_of(self, view: Mapping[str, int]) -> list[Chunk]:
        """The chunks of these versions, told as letter → version."""
        wanted = {number: letter_id for letter_id, number in view.items()}
        with self.read() as connection:
            rows = connection.rows(sa.select(chunks).order_by(chunks.c.position))
            found = [read_chunk(wanted[row["version_id"]], row) for row in rows if row["version_id"] in wanted]
        return sorted(found, key=lambda chunk: chunk.letter_id)

    def version_chunks(self, version_id: int) -> list[Chunk]:
        """The chunks of one version, in order."""
        letter_id = self.version(version_id).letter_id
        with self.read() as connection:
            query = sa.select(chunks).where(chunks.c.version_id == version_id).order_by(chunks.c.position)
            return [read_chunk(letter_id, row) for row in connection.rows(query)]

    def count(self) -> int:
        """How many letters it holds."""
        return len(self.view())

    def size(self) -> Size:
        """How many letters, figures and chunks count now; counted by the database."""
        with self.read() as connection:
            counts = [
                connection.execute_plain(
                    f"SELECT count(*) FROM {table} WHERE version_id IN (SELECT version_id FROM versions WHERE is_current)"
                )
                for table in ("versions", "figures", "chunks")
            ]
        return Size(*(int(str(rows[0][0])) for rows in counts))

    def view(self, as_of: date | None = None) -> dict[str, int]:
        """Letter → the version that counts, now or on a day. Letters issued later are not there on that day."""
        with self._lock:
            self._refresh()
            if as_of not in self._views:
                self._views[as_of] = self._choose_versions(as_of)
            return self._views[as_of]

    def _choose_versions(self, as_of: date | None) -> dict[str, int]:
        """In the order of the letters' ids, so that the order in which they came does not show."""
        if as_of is None:
            chosen = {version.letter_id: version.version_id for version, _ in self._light.values() if version.current}
        else:
            issued = [entry for entry in self._light.values() if entry[0].issued_on is None or entry[0].issued_on <= as_of]
            chosen = {letter_id: texts[-1].version_id for letter_id, texts in _rank_texts(issued).items()}
        return dict(sorted(chosen.items()))

    def _refresh(self) -> None:
        with self.read() as connection:
            generation = int(str(connection.execute_plain("SELECT value FROM facts WHERE name = 'generation'")[0][0]))
            if generation == self._generation:
                return
            query = sa.select(versions.c.version_id, versions.c.is_current, versions.c.source_of).order_by(versions.c.version_id)
            listed = {row["version_id"]: (row["is_current"], row["source_of"]) for row in connection.rows(query)}
            # A version's text never changes, but another one may have become the current one, or give the same text better.
            known = {number: entry for number, entry in self._light.items() if listed.get(number) == (entry[0].current, entry[0].source_of)}
            for row in _select_in(connection, sa.select(*LIGHT), versions.c.version_id, [n for n in listed if n not in known]):
                known[row["version_id"]] = (read_version(row), read_letter(row))
        self._light = {number: known[number] for number in listed}
        self._figures = {number: found for number, found in self._figures.items() if number in known}
        self._whole = {number: found for number, found in self._whole.items() if number in known}
        self._views = {}
        self._generation = generation

    def _load_whole(self, version_id: int) -> Letter:
        if version_id not in self._whole:
            with self.read() as connection:
                row = next(connection.rows(sa.select(versions).where(versions.c.version_id == version_id)), None)
                if row is None:
                    raise StoreError(
                        f"Version {version_id} in {self.path.parent} has just been removed. Ask again.",
                        f"{self.path.parent} 中的版本 {version_id} 刚刚被删除。请再问一次。",
                    )
                query = sa.select(sentences).where(sentences.c.version_id == version_id).order_by(sentences.c.position)
                found = [read_sentence(line, row["text"]) for line in connection.rows(query)]
            if len(self._whole) >= 512:
                self._whole.pop(next(iter(self._whole)))
            self._whole[version_id] = read_letter(row, row["text"], found)
        return self._whole[version_id]

    def _figures_of(self, version_ids: list[int]) -> list[Figure]:
        self._load_figures([number for number in version_ids if number not in self._figures])
        return [figure for number in version_ids for figure in self._figures[number]]

    def _load_figures(self, version_ids: list[int]) -> None:
        if not version_ids:
            return
        found: dict[int, list[Figure]] = {number: [] for number in version_ids}
        with self.read() as connection:
            for row in _select_in(connection, sa.select(figures), figures.c.version_id, version_ids):
                number = row["version_id"]
                found[number].append(read_figure(self._light[number][0].letter_id, row))
        self._figures |= {number: tuple(rows) for number, rows in found.items()}


def _rank_texts(entries: Collection[tuple[Version, Letter]]) -> dict[str, list[Version]]:
    """Letter → its texts, each by the file that gives it best, oldest first."""
    arrivals: dict[int, int] = {}
    for version, _ in entries:
        best = version.source_of or version.version_id
        arrivals[best] = min(version.ingestion, arrivals.get(best, version.ingestion))
    texts: dict[str, list[tuple[Rank, Version]]] = {}
    for version, letter in entries:
        if version.source_of is None:
            texts.setdefault(version.letter_id, []).append((rank_version(letter, arrivals[version.version_id]), version))
    return {letter_id: [version for _, version in sorted(found, key=itemgetter(0))] for letter_id, found in texts.items()}


def _select_in(connection: Connection, query: Any, column: Any, numbers: list[int]) -> Iterator[Row]:  # noqa: ANN401
    """Rows whose column is one of many numbers, in parts that SQLite takes."""
    for first in range(0, len(numbers), 500):
        part = query.where(column.in_(numbers[first : first + 500])).order_by(*query.selected_columns[0].table.primary_key.columns)
        yield from connection.rows(part)


def _choose_url(path: Path) -> sa.URL:
    """How SQLite opens the file. Even a reader writes beside it, unless told that nobody does; where somebody does, it joins in what they wrote."""
    if not is_read_only(path.parent):
        return sa.URL.create("sqlite", database=str(path))
    log, shared = (path.with_name(f"{path.name}-{part}") for part in ("wal", "shm"))
    is_in_use = shared.exists() or (log.exists() and log.stat().st_size > 0)  # a log without the other part cannot be joined, which is told
    still = {} if is_in_use else {"immutable": "1"}
    return sa.URL.create("sqlite", database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"} | still)


def _prepare_connection(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None  # transactions are begun by us, so that reads see one state and writes never wait for a lock half-way
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", f"busy_timeout={BUSY_SECONDS * 1000}", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def _write_error(path: Path, error: SQLAlchemyError) -> StoreError:
    """One letter that does not fit leaves the store as good as it was; any other fault stops whoever writes."""
    fault = write_fault(REGISTRY, path, _reason(error))
    return StoreError(str(fault), fault.chinese) if isinstance(error, IntegrityError | DataError) else fault


def _reason(error: SQLAlchemyError) -> str:
    return str(error.orig) if isinstance(error, DatabaseError) else str(error)
