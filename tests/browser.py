"""Finding a browser for the browser tests, or installing one.

python -m tests.browser      find or install one, and say which
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
# The browser itself must not call home, or the test that nothing leaves this machine would see it
ARGUMENTS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHINESE_FONT = "fonts-noto-cjk"


class NoBrowserError(RuntimeError):
    """No browser is here and none could be installed."""


def find_browser() -> Path | None:
    """A Chromium on the path, or the one that playwright fetched earlier."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def find_or_install_browser() -> Path:
    """A browser, installed if there is none: Debian's package as root, playwright's own elsewhere.

    Raises:
        NoBrowserError: none could be installed; the message says what was tried.
    """
    found = find_browser()
    if found:
        return found
    tried: list[str] = []
    for command in _ways_to_install():
        sys.stderr.write(f"No browser found; installing one: {' '.join(command)}\n")
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        if done.returncode:
            tried.append(f"`{' '.join(command)}` ended with {done.returncode}: {done.stderr.strip()[-300:]}")
        elif found := find_browser():
            return found
    raise NoBrowserError(
        "No browser for the browser tests. Tried: " + "; ".join(tried) + ". Install chromium, or set BROWSER_PATH to a Chromium."
    )


def _ways_to_install() -> Iterator[list[str]]:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        yield ["apt-get", "update", "-qq"]
        yield ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", CHINESE_FONT]
    yield [sys.executable, "-m", "playwright", "install", "chromium"]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless browser, closed at the end."""
    from playwright.sync_api import sync_playwright

    path = find_or_install_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def main() -> int:
    """Say which browser the tests will use; 0 = there is one."""
    try:
        path = find_or_install_browser()
    except NoBrowserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write(f"Browser for the tests: {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
