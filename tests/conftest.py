"""What all tests share: the network is shut, and a store that is small and quick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from rag.settings import Settings
from rag.store import Store, open_store
from tests.office_server import letters_store, office
from tests.small_store import CountingEncoder
from tests.visiting import browser, served, visit

__all__ = ["browser", "letters_store", "office", "served", "visit"]  # fixtures of the tests with a browser, and of those of the doors


def pytest_runtest_setup() -> None:
    """Only loopback answers: a test that reaches for the network fails at once."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose store is a fresh folder."""
    return Settings(store=tmp_path / "store", embedding="counting", llm="none")


@pytest.fixture
def encoder() -> CountingEncoder:
    """An encoder that needs no model and remembers what it was asked."""
    return CountingEncoder()


@pytest.fixture
def store(settings: Settings, encoder: CountingEncoder) -> Iterator[Store]:
    """An empty store, open for writing."""
    with open_store(settings, write=True, encoder=encoder) as opened:
        yield opened
