"""Visits to the page in a real browser, served to it by a small desk: what all tests with a browser share."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from screens.seams import ModelPhase
from tests.browser import open_browser
from tests.serving import wait_until_up

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent

# What a browser says of itself, not of the page
HARMLESS = ("Autofocus processing was blocked", "Method not implemented.")
PATIENCE = 30_000  # milliseconds
# A browser beside a whole test run on two cores now and then stalls for longer than any patience. What fails otherwise, or twice, fails.
AGAIN_AFTER_A_TIMEOUT = pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError"])


@dataclass
class Served:
    """A served page and the desk behind it."""

    address: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment)
        wait_until_up(self.address, self.process)

    def stop(self) -> None:
        assert self.process
        self.process.kill()  # it would wait for open pages
        self.process.wait(20)

    def asked(self) -> list[tuple[str, list[str]]]:
        """Questions so far, each with the questions of its history."""
        return [(question, history) for question, history in httpx.get(f"{self.address}small-desk/asked").json()]

    def letters(self) -> int:
        return int(httpx.get(f"{self.address}small-desk/letters").json())

    def set_model(self, phase: ModelPhase, name: str = "", percent: int = 0) -> None:
        httpx.post(f"{self.address}small-desk/model", params={"phase": phase.value, "name": name, "percent": percent}).raise_for_status()


@dataclass
class Visit:
    """An open page and what it did."""

    page: Page
    desk: Served
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    is_leaving: bool = False  # a page that is left complains of its broken connections

    def ask(self, question: str) -> None:
        self.page.fill("#question textarea", question)
        self.page.keyboard.press("Enter")

    def go(self, address: str, arrived: str = ".welcome") -> None:
        self.is_leaving = True
        self.page.goto(address, wait_until="commit")
        self.page.wait_for_selector(arrived)
        self.is_leaving = False

    def wait_done(self, question: str) -> None:
        self.page.wait_for_function(
            "words => document.querySelector('#present .exchange[data-state=done] .asked')?.textContent.includes(words)", arg=question
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(tmp_path_factory.mktemp("uploads"))}
    command = [sys.executable, "-m", "tests.serve_small", str(port), str(tmp_path_factory.mktemp("desk"))]
    desk = Served(f"http://127.0.0.1:{port}/", command, environment)
    desk.start()
    try:
        yield desk
    finally:
        desk.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def visit(request: pytest.FixtureRequest, served: Served, browser: Browser) -> Iterator[Visit]:
    """A fresh visit; in the end nothing has left loopback and nothing complained."""
    wanted: dict[str, object] = getattr(request, "param", {})
    context = browser.new_context(
        viewport={"width": int(str(wanted.get("width", 1440))), "height": 900},
        color_scheme="dark" if wanted.get("dark") else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    seen = Visit(page, served)

    def note(kind: str, text: str) -> None:
        if kind in ("error", "warning") and not seen.is_leaving:
            seen.complaints.append(text)

    page.on("request", lambda asked: seen.requests.append(asked.url))
    page.on("console", lambda said: note(said.type, said.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.goto(f"{served.address}?language={wanted.get('language', 'zh')}", wait_until="commit")
    page.wait_for_selector(".welcome [data-do=ask]")
    yield seen
    context.close()
    outside = [
        url for url in seen.requests if urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).hostname != "127.0.0.1"
    ]
    assert not outside
    assert [text for text in seen.complaints if not text.startswith(HARMLESS)] == []


def overflowing(page: Page) -> list[str]:
    """Elements that stick out of the window to the right; what scrolls by itself may."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(element => {
            const box = element.getBoundingClientRect();
            return box.width > 1 && box.height > 1 && box.right > innerWidth + 1 && !element.closest('.figures, .letters, .table, .drawing, .visually-hidden, details:not([open]) > div')
                && getComputedStyle(element).visibility !== 'hidden';
        }).map(element => element.tagName + '.' + element.className)"""
    )
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("the page scrolls sideways")
    return found
