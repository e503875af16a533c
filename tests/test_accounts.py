"""Accounts: passwords only as hashes, roles, sessions that end, a lock after failures, keys for programs, all of it by command."""

from __future__ import annotations

import io
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doors.account_book import FAILURES_PER_NAME, FILE, AccountBook
from doors.accounts import main
from doors.roles import LOCAL, Action, Caller, Role, may, require
from rag.audit_trail import AuditTrail
from rag.errors import AccessError, SignInError

PASSWORD = "柳溪市的一句好口令!7"


@pytest.fixture
def book(tmp_path: Path) -> AccountBook:
    made = AccountBook(tmp_path)
    made.add("anna", Role.READER, PASSWORD)
    return made


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str, typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main([*words, "--store", str(folder)])


def age(folder: Path, table: str, column: str, past: timedelta) -> None:
    """Make all of a table so much older."""
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ?", ((datetime.now(UTC) - past).isoformat(),))
    connection.close()


def test_roles_include_each_other() -> None:
    assert [[may(Caller("x", role), action) for role in Role] for action in Action] == [
        [True, True, True],  # read
        [True, True, True],  # ask
        [False, True, True],  # ingest
        [False, True, True],  # remove
        [False, False, True],  # evaluate
        [False, False, True],  # observe
        [False, True, True],  # see personal
    ]
    assert all(may(LOCAL, action) for action in Action)
    with pytest.raises(AccessError, match="needs the role editor"):
        require(Caller("anna", Role.READER), Action.INGEST)


def test_without_accounts_nothing_is_written(tmp_path: Path) -> None:
    book = AccountBook(tmp_path / "store")
    assert book.is_empty()
    assert book.accounts() == []
    assert not (tmp_path / "store").exists()


def test_session_is_for_who_knows_the_password(book: AccountBook, tmp_path: Path) -> None:
    token = book.sign_in("anna", PASSWORD, "192.0.2.1")
    assert book.caller_of_session(token) == Caller("anna", Role.READER)
    for name, password in (("anna", PASSWORD + "x"), ("nobody", PASSWORD), ("anna", "")):
        with pytest.raises(SignInError, match="wrong"):
            book.sign_in(name, password, "192.0.2.1")
    assert book.caller_of_session(token[:-1] + "x") is None
    book.sign_out(token)
    assert book.caller_of_session(token) is None
    assert PASSWORD.encode() not in (tmp_path / FILE).read_bytes()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_session_ends_unused_and_at_last_anyway(book: AccountBook, tmp_path: Path) -> None:
    token = book.sign_in("anna", PASSWORD, "a")
    age(tmp_path, "sessions", "used_at", timedelta(hours=11))
    assert book.caller_of_session(token)  # and it is used now
    age(tmp_path, "sessions", "made_at", timedelta(days=8))
    assert book.caller_of_session(token) is None
    token = book.sign_in("anna", PASSWORD, "a")
    age(tmp_path, "sessions", "used_at", timedelta(hours=13))
    assert book.caller_of_session(token) is None


def test_account_is_locked_after_failures_even_for_the_right_password(book: AccountBook, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:  # many at once do not slip under the limit
        said = list(pool.map(lambda _: failure_of(book, "anna"), range(FAILURES_PER_NAME + 2)))
    assert sum("wrong" in text for text in said) <= FAILURES_PER_NAME
    assert "Too many" in failure_of(book, "anna", PASSWORD)
    assert book.accounts()[0].is_locked
    age(tmp_path, "failures", "at", timedelta(minutes=16))
    assert book.sign_in("anna", PASSWORD, "a")
    for _ in range(FAILURES_PER_NAME):
        failure_of(book, "anna")
    book.unlock("anna")
    assert book.sign_in("anna", PASSWORD, "a")


def failure_of(book: AccountBook, name: str, password: str = "wrong password") -> str:
    try:
        book.sign_in(name, password, "a")
    except SignInError as error:
        return str(error)
    return ""


def test_unknown_names_are_locked_too_so_that_nobody_learns_which_exist(book: AccountBook) -> None:
    said = {tuple(failure_of(book, name) for _ in range(FAILURES_PER_NAME + 1)) for name in ("anna", "nobody")}
    assert len(said) == 1


def test_new_password_or_role_ends_sessions_and_keys_take_the_new_role(book: AccountBook) -> None:
    token, key = book.sign_in("anna", PASSWORD, "a"), book.add_key("anna", "Open WebUI")
    assert book.caller_of_key(key) == Caller("anna", Role.READER)
    book.change_role("anna", Role.EDITOR)
    assert book.caller_of_session(token) is None
    assert book.caller_of_key(key) == Caller("anna", Role.EDITOR)
    token = book.sign_in("anna", PASSWORD, "a")
    book.change_password("anna", PASSWORD + "2")
    assert book.caller_of_session(token) is None
    book.remove("anna")
    assert book.caller_of_key(key) is None
    assert book.is_empty()


def test_removed_key_opens_nothing(book: AccountBook) -> None:
    key = book.add_key("anna", "")
    (kept,) = book.keys()
    book.remove_key(kept.key_id)
    assert book.caller_of_key(key) is None
    with pytest.raises(AccessError, match="no key"):
        book.remove_key(kept.key_id)


def test_last_administrator_stays_while_others_are_there(book: AccountBook) -> None:
    book.add("root", Role.ADMIN, PASSWORD)
    with pytest.raises(AccessError, match="only administrator"):
        book.remove("root")
    with pytest.raises(AccessError, match="only administrator"):
        book.change_role("root", Role.READER)
    book.remove("anna")
    book.remove("root")
    assert book.is_empty()


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("bo", "short", "10 to"),
        ("bobby", "xxBOBBYxx12", "easy to guess"),
        ("bo", "aaaaaaaaaaaa", "easy to guess"),
        ("b o", PASSWORD, "cannot be an account's name"),
        ("../x", PASSWORD, "cannot be an account's name"),
        ("anna", PASSWORD, "already"),
    ],
)
def test_what_is_no_account(book: AccountBook, name: str, password: str, why: str) -> None:
    with pytest.raises(AccessError, match=why):
        book.add(name, Role.READER, password)
    assert [account.name for account in book.accounts()] == ["anna"]


def test_all_of_it_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, tmp_path, "add", "bo", "--role", "reader", typed=f"{PASSWORD}\n") == 0
    assert run(monkeypatch, tmp_path, "role", "bo", "editor") == 0
    assert run(monkeypatch, tmp_path, "password", "bo", typed="short\n") == 1
    capsys.readouterr()
    assert run(monkeypatch, tmp_path, "key", "bo", "--label", "Dify") == 0
    book, key = AccountBook(tmp_path), capsys.readouterr().out.strip()
    assert book.caller_of_key(key) == Caller("bo", Role.EDITOR)
    assert book.sign_in("bo", PASSWORD, "a")
    assert run(monkeypatch, tmp_path, "keys") == 0
    assert "Dify" in (listed := capsys.readouterr().out)
    assert key not in listed
    assert run(monkeypatch, tmp_path, "remove-key", listed.split("\t")[0]) == 0
    assert run(monkeypatch, tmp_path, "unlock", "bo") == 0
    assert run(monkeypatch, tmp_path, "remove", "nobody") == 1
    assert run(monkeypatch, tmp_path, "remove", "bo") == 0
    assert run(monkeypatch, tmp_path, "list") == 0
    assert "0 accounts" in capsys.readouterr().out
    noted = [(entry.note.action, entry.note.subject) for entry in AuditTrail(tmp_path).entries()]
    assert noted[0] == ("accounts add", "bo")
    assert len(noted) == 6


@pytest.mark.parametrize("words", [("add", "bo"), ("role", "bo"), ("remove",), ("add", "bo", "--role", "chief")])
def test_wrong_use(words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, tmp_path, *words)
