"""The accounts of one store: names, roles, password hashes, sessions, keys for programs, failures.

Passwords are kept as argon2 hashes. Session tokens and keys are random and long, so that their SHA-256 is kept and they themselves nowhere.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from doors.roles import Caller, Role
from rag.database import Database
from rag.errors import AccessError, SignInError

FILE = "accounts.sqlite"
NAME = re.compile(r"[\w.@-]{1,64}")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024
FAILURES_PER_NAME = 5
FAILURES_PER_ADDRESS = 50  # many people may sit behind one
LOCKED_MINUTES = 15
LONGEST_SESSION_DAYS = 7
TOUCH_EVERY = timedelta(minutes=1)  # how exactly it is known when a session was used last
KEY_PREFIX = "rd-"
_hashing = threading.BoundedSemaphore(2)  # each takes 64 MB; a flood of sign-ins must not take all memory

_metadata = sa.MetaData()
_accounts = sa.Table(
    "accounts",
    _metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),  # argon2 hash
    sa.Column("made_at", sa.Text, nullable=False),
)
_sessions = sa.Table(
    "sessions",
    _metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("name", sa.ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("used_at", sa.Text, nullable=False),
)
_keys = sa.Table(
    "keys",
    _metadata,
    sa.Column("key_id", sa.Text, primary_key=True),
    sa.Column("key_hash", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
)
_failures = sa.Table(
    "failures",
    _metadata,
    sa.Column("failure_id", sa.Integer, primary_key=True),
    sa.Column("whose", sa.Text, nullable=False, index=True),  # name:… or address:…
    sa.Column("at", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Account:
    """A person or program that may sign in."""

    name: str
    role: Role
    made_at: str
    sessions: int
    keys: int
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an account, without its secret."""

    key_id: str
    name: str
    label: str
    made_at: str


class AccountBook:
    """Accounts by name. Several processes may share the file."""

    def __init__(self, folder: Path, session_hours: float = 12.0) -> None:
        """`session_hours`: an unused session ends after that."""
        self._database = Database(folder / FILE, _metadata)
        self._idle = timedelta(hours=session_hours)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # ---------------------------------------------------------------- accounts

    def is_empty(self) -> bool:
        """Whether there are no accounts, so that nobody needs to sign in."""
        if not self._database.exists():
            return True
        with self._database.read() as connection:
            return connection.execute(sa.select(_accounts.c.name).limit(1)).first() is None

    def add(self, name: str, role: Role, password: str) -> None:
        """Add an account.

        Raises:
            AccessError: the name is taken or cannot be used, or the password is too weak.
        """
        if not NAME.fullmatch(name):
            raise AccessError(f"{name!r} cannot be an account's name. Use up to 64 letters, digits and . _ @ -, for instance zhang.wei.")
        row = {"name": name, "role": role.value, "password": _hash_password(name, password), "made_at": _now().isoformat()}
        with self._database.write() as connection:
            if _find(connection, name):
                raise AccessError(f"There is an account {name} already. `python -m doors.accounts password {name}` sets its password anew.")
            connection.execute(_accounts.insert().values(**row))

    def remove(self, name: str) -> None:
        """Remove an account with its sessions and keys.

        Raises:
            AccessError: there is none, or it is the last administrator while others remain.
        """
        with self._database.write() as connection:
            self._keep_an_admin(connection, _get(connection, name), None)
            connection.execute(_accounts.delete().where(_accounts.c.name == name))

    def change_role(self, name: str, role: Role) -> None:
        """Give an account another role; its sessions end.

        Raises:
            AccessError: there is none, or it is the last administrator.
        """
        with self._database.write() as connection:
            self._keep_an_admin(connection, _get(connection, name), role)
            connection.execute(_accounts.update().where(_accounts.c.name == name).values(role=role.value))
            connection.execute(_sessions.delete().where(_sessions.c.name == name))

    def change_password(self, name: str, password: str) -> None:
        """Set a password anew; sessions end, a lock is opened.

        Raises:
            AccessError: there is no such account, or the password is too weak.
        """
        hashed = _hash_password(name, password)
        with self._database.write() as connection:
            _get(connection, name)
            connection.execute(_accounts.update().where(_accounts.c.name == name).values(password=hashed))
            connection.execute(_sessions.delete().where(_sessions.c.name == name))
            connection.execute(_failures.delete().where(_failures.c.whose == f"name:{name}"))

    def accounts(self) -> list[Account]:
        """All of them, by name."""
        if not self._database.exists():
            return []
        with self._database.read() as connection:
            return [
                Account(
                    row.name, Role(row.role), row.made_at,
                    _count(connection, _sessions.c.name == row.name), _count(connection, _keys.c.name == row.name),
                    _failed(connection, f"name:{row.name}") >= FAILURES_PER_NAME,
                )
                for row in connection.execute(sa.select(_accounts).order_by(_accounts.c.name)).all()
            ]  # fmt: skip

    @staticmethod
    def _keep_an_admin(connection: sa.Connection, row: sa.Row[tuple[object, ...]], role: Role | None) -> None:
        others = connection.execute(sa.select(_accounts.c.role).where(_accounts.c.name != row.name)).scalars().all()
        is_last = row.role == Role.ADMIN.value and Role.ADMIN.value not in others
        if is_last and role is not Role.ADMIN and others:
            raise AccessError(f"{row.name} is the only administrator. Make another one first: `python -m doors.accounts role NAME admin`.")

    # ---------------------------------------------------------------- people

    def sign_in(self, name: str, password: str, address: str) -> str:
        """Begin a session; gives its token, for the cookie. Takes some tenths of a second on purpose.

        Raises:
            SignInError: wrong name or password, or too many failures before.
        """
        marks = (f"name:{name[:64]}", f"address:{address}")
        with self._database.write() as connection:
            connection.execute(_failures.delete().where(_failures.c.at < _ago(minutes=LOCKED_MINUTES)))
            if _failed(connection, marks[0]) >= FAILURES_PER_NAME or _failed(connection, marks[1]) >= FAILURES_PER_ADDRESS:
                raise SignInError(
                    f"Too many failures. Try again in {LOCKED_MINUTES} minutes, or ask an administrator for `python -m doors.accounts unlock`.",
                    f"登录失败次数过多，请 {LOCKED_MINUTES} 分钟后再试，或请管理员解锁（python -m doors.accounts unlock）。",
                )
            # counted as a failure until it is known to be none: many tries at once cannot slip under the limit
            tries = [
                connection.execute(_failures.insert().values(whose=mark, at=_now().isoformat())).inserted_primary_key for mark in marks
            ]
            row = _find(connection, name)
        # an unknown name takes as long as a known one
        if not _fits(row.password if row else _DECOY, password[:LONGEST_PASSWORD]) or row is None:
            raise SignInError("The name or the password is wrong. Try again.", "用户名或密码不对，请重试。")
        token, moment = secrets.token_urlsafe(32), _now()
        with self._database.write() as connection:
            _get(connection, name)
            connection.execute(_failures.delete().where(_failures.c.failure_id.in_([key[0] for key in tries if key])))
            connection.execute(_failures.delete().where(_failures.c.whose == marks[0]))
            connection.execute(_sessions.delete().where(_sessions.c.used_at < (moment - self._idle).isoformat()))
            times = {"made_at": moment.isoformat(), "used_at": moment.isoformat()}
            connection.execute(_sessions.insert().values(token_hash=_digest(token), name=name, **times))
        return token

    def caller_of_session(self, token: str) -> Caller | None:
        """Whose session it is; None where it is over or never was."""
        moment = _now()
        with self._database.read() as connection:
            joined = sa.select(_accounts.c.name, _accounts.c.role, _sessions.c.used_at).join(_sessions)
            live = (
                _sessions.c.token_hash == _digest(token),
                _sessions.c.used_at > (moment - self._idle).isoformat(),
                _sessions.c.made_at > _ago(days=LONGEST_SESSION_DAYS),
            )
            row = connection.execute(joined.where(*live)).first()
        if row is None:
            return None
        if row.used_at < (moment - TOUCH_EVERY).isoformat():
            with self._database.write() as connection:
                connection.execute(_sessions.update().where(_sessions.c.token_hash == _digest(token)).values(used_at=moment.isoformat()))
        return Caller(row.name, Role(row.role))

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._database.write() as connection:
            connection.execute(_sessions.delete().where(_sessions.c.token_hash == _digest(token)))

    def unlock(self, name: str) -> None:
        """Forget the failures of an account, and of all addresses.

        Raises:
            AccessError: there is no such account.
        """
        with self._database.write() as connection:
            _get(connection, name)
            connection.execute(_failures.delete().where(sa.or_(_failures.c.whose == f"name:{name}", _failures.c.whose.like("address:%"))))

    # ---------------------------------------------------------------- programs

    def add_key(self, name: str, label: str) -> str:
        """Make a key with the account's role; it is told this once.

        Raises:
            AccessError: there is no such account.
        """
        key_id, key = secrets.token_hex(4), KEY_PREFIX + secrets.token_urlsafe(32)
        with self._database.write() as connection:
            _get(connection, name)
            row = {"key_id": key_id, "key_hash": _digest(key), "name": name, "label": label[:100], "made_at": _now().isoformat()}
            connection.execute(_keys.insert().values(**row))
        return key

    def keys(self) -> list[Key]:
        """All keys, without their secrets."""
        if not self._database.exists():
            return []
        with self._database.read() as connection:
            rows = connection.execute(sa.select(_keys).order_by(_keys.c.name, _keys.c.made_at)).all()
            return [Key(row.key_id, row.name, row.label, row.made_at) for row in rows]

    def remove_key(self, key_id: str) -> Key:
        """Let a key open nothing any more.

        Raises:
            AccessError: there is no such key.
        """
        key = next((key for key in self.keys() if key.key_id == key_id), None)
        if key is None:
            raise AccessError(f"There is no key {key_id}. `python -m doors.accounts keys` shows them.")
        with self._database.write() as connection:
            connection.execute(_keys.delete().where(_keys.c.key_id == key_id))
        return key

    def caller_of_key(self, key: str) -> Caller | None:
        """Whose key it is."""
        with self._database.read() as connection:
            query = sa.select(_accounts.c.name, _accounts.c.role).join(_keys).where(_keys.c.key_hash == _digest(key))
            row = connection.execute(query).first()
        return Caller(row.name, Role(row.role)) if row else None


# An argon2 hash that fits no password
_DECOY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$3L6v1rDgM7oHyZBlfBKLcjN6nEHwVfzUHM9XzUZ1BkU"


def _hash_password(name: str, password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccessError(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; this one has {len(password)}. Choose another."
        )
    if (len(name) > 2 and name.casefold() in password.casefold()) or len(set(password)) < 4:
        raise AccessError("This password is easy to guess: it holds the account's name, or few different characters. Choose another.")
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def _fits(hashed: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    try:
        with _hashing:
            return PasswordHasher().verify(hashed, password)
    except VerificationError:
        return False


def _find(connection: sa.Connection, name: str) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(sa.select(_accounts).where(_accounts.c.name == name)).first()


def _get(connection: sa.Connection, name: str) -> sa.Row[tuple[object, ...]]:
    row = _find(connection, name)
    if row is None:
        raise AccessError(f"There is no account {name}. `python -m doors.accounts list` shows them.")
    return row


def _count(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).where(condition)).scalar() or 0)


def _failed(connection: sa.Connection, whose: str) -> int:
    return _count(connection, sa.and_(_failures.c.whose == whose, _failures.c.at > _ago(minutes=LOCKED_MINUTES)))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


def _ago(*, minutes: float = 0, days: float = 0) -> str:
    return (_now() - timedelta(minutes=minutes, days=days)).isoformat()
