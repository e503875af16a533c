"""Pictures of every state of the screens, from the real app over the sample letters: `python -m tests.take_screens` → docs/screens/*.png."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.browser import open_browser
from tests.serving import wait_until_up

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screens"
HEIGHTS = {1440: 900, 1024: 768, 390: 844}


@dataclass(frozen=True)
class Words:
    """What is asked for the pictures, in one language."""

    target: str
    compare: str
    listing: str
    missing: str
    facts: str
    library: str


WORDS = {
    "zh": Words(
        "温州市2023年新增孵化面积的目标是多少？",
        "栖川市2022年和2024年的新增孵化面积分别是多少？",
        "栖川市科学技术局2025年有哪些目标？",
        "2039年新增孵化面积的目标是多少？",
        "第142号提案是谁提的？哪天答复的？",
        "文件",
    ),
    "en": Words(
        "What is the 2023 incubation area target of Wenzhou?",
        "How does incubation area of Qichuan in 2024 compare with 2022?",
        "What are all the 2025 targets of the Qichuan Science and Technology Bureau?",
        "What is the 2039 target for incubation area?",
        "Who made proposal no. 142, and when was it answered?",
        "Letters",
    ),
}


@contextmanager
def serve_samples(folder: Path) -> Iterator[str]:
    """The real app in quoting mode over the sample letters."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "REPLYDESK_STORE": str(folder), "REPLYDESK_LLM": "none", "REPLYDESK_PORT": str(port)}
    subprocess.run(
        [sys.executable, "-m", "ingest", str(ROOT / "data" / "letters"), "--store", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    with subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment) as process:
        address = f"http://127.0.0.1:{port}/"
        try:
            wait_until_up(address, process)
            yield address
        finally:
            process.terminate()


def ask(page: Page, question: str) -> None:
    """Ask in a fresh conversation and wait for the whole answer."""
    page.keyboard.press("Alt+n")
    page.wait_for_selector(".welcome")
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "words => document.querySelector('#present .exchange[data-state=done] .asked')?.textContent.includes(words)", arg=question
    )


def shrink(path: Path) -> None:
    """Few colours are enough for a page, and keep the repository small."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def take_all(browser: Browser, address: str, language: str, width: int, theme: str) -> None:
    """All states of one language, width and theme."""
    words = WORDS[language]
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]}, color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
    )
    page = context.new_page()
    name = f"{language}-{width}" + ("-dark" if theme == "dark" else "")

    def take(state: str) -> None:
        page.wait_for_timeout(400)
        path = FOLDER / f"{name}-{state}.png"
        page.screenshot(path=path)
        shrink(path)

    page.goto(f"{address}?language={language}")
    page.wait_for_selector(".welcome [data-do=ask]", timeout=90_000)
    take("welcome")
    ask(page, words.target)
    take("answer")
    page.locator("#present .cite").first.click()
    page.wait_for_selector("#source #cited")
    take("source")
    page.keyboard.press("Escape")
    for state, question in (("compare", words.compare), ("list", words.listing), ("missing", words.missing), ("facts", words.facts)):
        ask(page, question)
        take(state)
    page.get_by_role("tab", name=words.library).click()
    page.wait_for_selector("#listing .title")
    take("library")
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.txt"
        empty.touch()
        again = ROOT / "data" / "letters" / "2023-qichuan-kj-031.txt"
        page.set_input_files("#files input[type=file]", [again, empty])
        page.wait_for_selector(".results > p", timeout=60_000)
        take("upload")
    context.close()


def main() -> int:
    """Take all pictures anew; 0 = done."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, serve_samples(Path(folder) / "store") as address, open_browser() as browser:
        for language in WORDS:
            for width in HEIGHTS:
                take_all(browser, address, language, width, "light")
        take_all(browser, address, "zh", 1440, "dark")
    sys.stderr.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
