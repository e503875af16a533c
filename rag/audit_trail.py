"""Who asked what when, which sentences were shown, who took in or removed what: a chain to which entries are only added.

Each entry holds the hash of the one before it, so that an altered, removed or inserted entry breaks the chain from there on. Whoever can
write the file can make the whole chain anew: note its head elsewhere (`python -m doors.audit verify` prints it) to find that too.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from rag.database import Database
from rag.privacy import mask

FILE = "audit.sqlite"
BEGINNING = "0" * 64  # stands for the hash before the first entry
RETENTION = "retention"  # the action of the entry that says which older entries were let go

_metadata = sa.MetaData()
_entries = sa.Table(
    "entries",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("at", "account", "role", "door", "action", "request_id")),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("subject", "question", "outcome", "sentences", "reason")),
    sa.Column("lets_go", sa.Integer),  # of an entry `retention`: the last number that was let go
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)
_GUARDS = (
    "CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END",
    "CREATE TRIGGER IF NOT EXISTS entries_remain BEFORE DELETE ON entries WHEN OLD.number > coalesce((SELECT max(lets_go) FROM entries), 0) "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are only removed by retention'); END",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence that somebody was shown."""

    letter_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be remembered of one act."""

    account: str
    door: str  # screen, rest, openai, mcp, command
    action: str  # ask, ingest, remove, evaluate, sign_in …
    role: str = ""
    request_id: str = ""
    subject: str = ""  # what it was done to: a letter, a file, an account
    question: str = ""
    outcome: str = ""
    sentences: tuple[Shown, ...] = ()
    reason: str = ""  # why it failed


@dataclass(frozen=True, slots=True)
class Entry:
    """A note in its place of the chain."""

    number: int
    at: str  # UTC, ISO 8601
    note: Note
    lets_go: int | None
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found; no faults: the chain is whole."""

    count: int
    head: str  # hash of the last entry
    last: int  # its number
    faults: tuple[str, ...]


def _masked(note: Note) -> Note:
    sentences = tuple(replace(shown, text=mask(shown.text)) for shown in note.sentences)
    told = {name: mask(getattr(note, name)) for name in ("subject", "question", "outcome", "reason")}
    return replace(note, sentences=sentences, **told)


class AuditTrail:
    """The trail of one store. Several processes may add to it."""

    def __init__(self, folder: Path, keep_days: int = 0) -> None:
        """`keep_days`: older entries are let go; 0 keeps all."""
        self._database = Database(folder / FILE, _metadata, _GUARDS)
        self._keep_days = keep_days
        self._swept_on: date | None = None
        self._sweeping = threading.Lock()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def add(self, note: Note) -> Entry:
        """Add one entry, numbers of people masked: the audit outlasts every role. It is on disk when this returns.

        Raises:
            StoreError: it cannot be written.
        """
        with self._database.write() as connection:
            entry = _append(connection, _masked(note), datetime.now(UTC))
        self._sweep_daily()
        return entry

    def entries(self) -> Iterator[Entry]:
        """All entries, oldest first."""
        if not self._database.exists():
            return
        with self._database.read() as connection:
            for row in connection.execute(sa.select(_entries).order_by(_entries.c.number)).mappings():
                yield _read_entry(row)

    def verify(self, noted_head: str = "") -> Verdict:
        """Go through the whole chain.

        Args:
            noted_head: the hash of some entry, noted elsewhere earlier; it must still be there.
        """
        chain = _Chain(noted_head)
        if self._database.exists():
            with self._database.read() as connection:
                for row in connection.execute(sa.select(_entries).order_by(_entries.c.number)).mappings():
                    chain.follow(dict(row))
        return chain.judge()

    def sweep(self, now: datetime | None = None) -> int:
        """Let go of the entries older than is kept; gives how many went. An entry says so."""
        if self._keep_days <= 0:
            return 0
        moment = now or datetime.now(UTC)
        limit = (moment - timedelta(days=self._keep_days)).isoformat()
        with self._database.write() as connection:
            kept = connection.execute(sa.select(sa.func.min(_entries.c.number)).where(_entries.c.at >= limit)).scalar()
            last = connection.execute(sa.select(sa.func.max(_entries.c.number))).scalar()
            if last is None:
                return 0
            wanted = int(kept) - 1 if kept is not None else int(last)
            gone = connection.execute(sa.select(_entries.c.hash).where(_entries.c.number == wanted)).scalar()
            if gone is None:
                return 0
            note = Note("system", "system", RETENTION, subject=gone, reason=f"older than {self._keep_days} days")
            _append(connection, note, moment, lets_go=wanted)
            return connection.execute(_entries.delete().where(_entries.c.number <= wanted)).rowcount

    def _sweep_daily(self) -> None:
        today = datetime.now(UTC).date()
        with self._sweeping:
            if self._swept_on == today:
                return
            self._swept_on = today
        self.sweep()


class _Chain:
    """What a walk along the chain has seen so far."""

    def __init__(self, noted_head: str) -> None:
        self._noted_head = noted_head
        self._is_noted_there = not noted_head
        self._faults: list[str] = []
        self._let_go: dict[int, str] = {}  # last number that was let go → its hash
        self._first: dict[str, Any] | None = None
        self._last: dict[str, Any] | None = None
        self._count = 0

    def follow(self, row: dict[str, Any]) -> None:
        """Look at the next entry."""
        number, name, before = row["number"], f"entry {row['number']} of {row['at']}", self._last
        if _hash_row(row) != row["hash"]:
            self._faults.append(f"{name} was altered: its hash does not fit what it says")
        if before is not None and (number, row["previous"]) != (before["number"] + 1, before["hash"]):
            self._faults.append(f"{name} does not follow entry {before['number']}: entries were removed, inserted or altered")
        if row["lets_go"] is not None:
            self._let_go[row["lets_go"]] = row["subject"]
        self._is_noted_there = self._is_noted_there or row["hash"] == self._noted_head
        self._first, self._last = self._first or row, row
        self._count += 1

    def judge(self) -> Verdict:
        """What it comes to."""
        faults, first, last = list(self._faults), self._first, self._last
        if first is not None and first["previous"] not in (BEGINNING, self._let_go.get(first["number"] - 1)):
            faults.append(f"the chain begins with entry {first['number']}, and no retention entry says that those before it were let go")
        if not self._is_noted_there:
            faults.append(f"no entry has the noted hash {self._noted_head}: the chain was cut off or made anew")
        return Verdict(self._count, last["hash"] if last else BEGINNING, last["number"] if last else 0, tuple(faults))


def _append(connection: sa.Connection, note: Note, moment: datetime, lets_go: int | None = None) -> Entry:
    last = connection.execute(sa.select(_entries.c.number, _entries.c.hash).order_by(_entries.c.number.desc()).limit(1)).first()
    number, previous = (int(last[0]) + 1, str(last[1])) if last else (1, BEGINNING)
    said = asdict(note)
    said["sentences"] = json.dumps(said["sentences"], ensure_ascii=False)
    row = {"number": number, "at": moment.isoformat(), **said, "lets_go": lets_go, "previous": previous}
    row = {name: _storable(value) if isinstance(value, str) else value for name, value in row.items()}
    row["hash"] = _hash_row(row)
    connection.execute(_entries.insert().values(**row))
    return Entry(number, row["at"], note, lets_go, previous, row["hash"])


def _storable(text: str) -> str:
    """Without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_entry(row: Any) -> Entry:  # noqa: ANN401 - a row of SQLAlchemy
    names = ("account", "door", "action", "role", "request_id", "subject", "question", "outcome", "reason")
    shown = tuple(Shown(**sentence) for sentence in json.loads(row["sentences"]))
    note = Note(**{name: row[name] for name in names}, sentences=shown)
    return Entry(row["number"], row["at"], note, row["lets_go"], row["previous"], row["hash"])


def _hash_row(row: dict[str, Any]) -> str:
    """Over all that the entry says and the hash before it."""
    said = {name: value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8")).hexdigest()
