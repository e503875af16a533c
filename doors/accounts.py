"""`python -m doors.accounts add | list | role | password | unlock | remove | key | keys | remove-key`: who may use this store."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from doors.account_book import AccountBook
from doors.roles import Role
from rag.audit_trail import AuditTrail, Note
from rag.errors import AccessError, ReplyDeskError, SettingError
from rag.settings import Settings

ROLES = tuple(role.value for role in Role)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Exit 0: done, 1: it could not be done, 2: wrong use."""
    wanted = _read_arguments(arguments)
    try:
        settings = Settings.from_environment()
        if wanted.store:
            settings = replace(settings, store=wanted.store)
        book = AccountBook(settings.store)
        said = _ACTIONS[wanted.action](book, wanted)
        if wanted.action not in ("list", "keys"):
            _note(settings, wanted)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(said + "\n")
    return 0


def _add(book: AccountBook, wanted: argparse.Namespace) -> str:
    book.add(wanted.name, Role(wanted.role), _ask_password(wanted))
    return f"Added {wanted.name} as {wanted.role}."


def _list(book: AccountBook, _: argparse.Namespace) -> str:
    accounts = book.accounts()
    lines = [
        f"{account.name}\t{account.role}\tsince {account.made_at[:10]}\t{account.sessions} sessions\t{account.keys} keys"
        + ("\tlocked" if account.is_locked else "")
        for account in accounts
    ]
    return "\n".join([*lines, f"{len(accounts)} accounts"])


def _role(book: AccountBook, wanted: argparse.Namespace) -> str:
    book.change_role(wanted.name, Role(wanted.role))
    return f"{wanted.name} is {wanted.role} now, and must sign in again."


def _password(book: AccountBook, wanted: argparse.Namespace) -> str:
    book.change_password(wanted.name, _ask_password(wanted))
    return f"{wanted.name} has a new password, and must sign in again. Keys for programs stay."


def _unlock(book: AccountBook, wanted: argparse.Namespace) -> str:
    book.unlock(wanted.name)
    return f"{wanted.name} may sign in again."


def _remove(book: AccountBook, wanted: argparse.Namespace) -> str:
    book.remove(wanted.name)
    return f"Removed {wanted.name} with all sessions and keys."


def _key(book: AccountBook, wanted: argparse.Namespace) -> str:
    key = book.add_key(wanted.name, wanted.label)
    sys.stderr.write(f"A key for {wanted.name}; it is shown this once. Send it as the header `Authorization: Bearer KEY`.\n")
    return key


def _keys(book: AccountBook, _: argparse.Namespace) -> str:
    keys = book.keys()
    lines = [f"{key.key_id}\t{key.name}\t{key.label or '-'}\tsince {key.made_at[:10]}" for key in keys]
    return "\n".join([*lines, f"{len(keys)} keys"])


def _remove_key(book: AccountBook, wanted: argparse.Namespace) -> str:
    key = book.remove_key(wanted.name)
    return f"The key {key.key_id} of {key.name} opens nothing any more."


_ACTIONS: dict[str, Callable[[AccountBook, argparse.Namespace], str]] = {
    "add": _add,
    "list": _list,
    "role": _role,
    "password": _password,
    "unlock": _unlock,
    "remove": _remove,
    "key": _key,
    "keys": _keys,
    "remove-key": _remove_key,
}


def _ask_password(wanted: argparse.Namespace) -> str:
    """From the keyboard, twice; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(f"Password for {wanted.name}: ")
    if getpass.getpass("The same again: ") != password:
        raise AccessError("The two passwords differ. Nothing was changed.")
    return password


def _note(settings: Settings, wanted: argparse.Namespace) -> None:
    """Who changed accounts is remembered too."""
    said = wanted.role if wanted.action in ("add", "role") else ""
    note = Note(whose_computer(), "command", f"accounts {wanted.action}", subject=wanted.name, outcome=said or "done")
    AuditTrail(settings.store, settings.audit_days).add(note)


def whose_computer() -> str:
    """The name that commands are noted under: the user of the computer, who needs no account."""
    try:
        return f"local:{getpass.getuser()}"
    except (KeyError, OSError):  # a user without a name, as in containers
        return f"local:{os.getuid()}"


def _read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m doors.accounts", description="Who may use this store. The first account makes everybody sign in."
    )
    parser.add_argument("action", choices=tuple(_ACTIONS))
    parser.add_argument("name", nargs="?", metavar="NAME", help="the account; of remove-key, the key as `keys` lists it")
    parser.add_argument("given", nargs="?", choices=ROLES, metavar="ROLE", help="role: reader, editor or admin")
    parser.add_argument(
        "--role", choices=ROLES, help="add: reader asks and reads, editor also takes letters in and out, admin does everything"
    )
    parser.add_argument("--label", default="", help="key: which program it is for")
    parser.add_argument("--store", type=Path, metavar="DIR", help="the store's folder (else REPLYDESK_STORE, else data/store)")
    wanted = parser.parse_args(arguments)
    wanted.role = wanted.role or wanted.given
    if wanted.name is None and wanted.action not in ("list", "keys"):
        parser.error(f"{wanted.action} needs a NAME")
    if wanted.role is None and wanted.action in ("add", "role"):
        parser.error(f"{wanted.action} needs a role: --role {'|'.join(ROLES)}")
    return wanted


if __name__ == "__main__":
    sys.exit(main())
