"""The whole server in a process of its own, with accounts of each role, over a store of real letters: what the doors are tested on."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from doors.account_book import AccountBook
from doors.roles import Role
from ingest.update import ingest_files
from rag.settings import ROOT, Settings
from rag.store import open_store
from tests.serving import wait_until_up

LETTERS = (
    "2023-wenzhou-kj-094.txt",
    "2022-qichuan-kj-018.txt",
    "2023-qichuan-kj-031.txt",
    "2023-qichuan-mz-017.docx",
    "2022-qichuan-wj-015.html",
)
QUESTION = "温州市2023年新增孵化面积目标是多少？"
LETTER_ID = "温州市科学技术局-温科提复〔2023〕94号"
PASSWORD = "一句够长的口令 4 all"


@dataclass(frozen=True, slots=True)
class Office:
    """A running server."""

    address: str  # http://127.0.0.1:…, without a slash
    store: Path
    keys: dict[str, str]  # role → key
    process: subprocess.Popen[bytes]
    log: Path
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def client(self, role: str = "") -> httpx.Client:
        """A client with the role's key; without one, nobody. Open until the tests end."""
        if role not in self.clients:
            headers = {"Authorization": f"Bearer {self.keys[role]}"} if role else {}
            self.clients[role] = httpx.Client(base_url=self.address, headers=headers, timeout=60)
        return self.clients[role]


@pytest.fixture(scope="session")
def letters_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of a few letters, made once; whoever writes copies it."""
    folder = tmp_path_factory.mktemp("office") / "store"
    with open_store(Settings(store=folder, llm="none"), write=True) as store:
        tally = ingest_files(store, [ROOT / "data/letters" / name for name in LETTERS])
    assert not tally.failed
    return folder


@pytest.fixture(scope="session")
def office(letters_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The server with a reader, an editor and an admin. Tests leave its letters as they found them."""
    store = tmp_path_factory.mktemp("served") / "store"
    shutil.copytree(letters_store, store)
    book = AccountBook(store)
    for role in Role:
        book.add(role.value, role, PASSWORD)
    keys = {role.value: book.add_key(role.value, "tests") for role in Role}
    with serve(store, REPLYDESK_LOG="json", REPLYDESK_ASKS_PER_ACCOUNT="4") as (address, process, log):
        served = Office(address, store, keys, process, log)
        yield served
        for client in served.clients.values():
            client.close()


@contextmanager
def serve(store: Path, **settings: str) -> Iterator[tuple[str, subprocess.Popen[bytes], Path]]:
    """`python app.py` over a store, until the end of the block."""
    port = free_port()
    log = store.parent / f"server-{port}.log"
    environment = {**os.environ, "REPLYDESK_STORE": str(store), "REPLYDESK_LLM": "none", "REPLYDESK_PORT": str(port), **settings}
    with log.open("wb") as out, subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stderr=out) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_up(f"{address}/ready", process)
            yield address, process, log
        finally:
            process.send_signal(signal.SIGTERM)


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
