"""Upkeep of a store in a process of its own that kills itself (kill -9) at a named step: python -m tests.stopped_upkeep STEP DONE STORE [FILE].

STEP is module:function, and it is called DONE times before the process dies instead of calling it again. With FILE that backup is
restored; without it the indexes are rebuilt with another embedding, or with the same one where STEP is "none": that one is not killed.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.small_store import CountingEncoder

ROOT = Path(__file__).resolve().parent.parent
REBUILT = ("other", 32)  # the embedding that a rebuild changes to


def run_stopped(step: str, done: int, store: Path, *backup: Path) -> int:
    """Run it; gives its exit code, which is -9 where it was killed."""
    return start(step, done, store, *backup).wait(240)


def start(step: str, done: int, store: Path, *backup: Path) -> subprocess.Popen[bytes]:
    """Start it, without waiting for its end."""
    return subprocess.Popen([sys.executable, "-m", "tests.stopped_upkeep", step, str(done), str(store), *map(str, backup)], cwd=ROOT)


def _stop_at(step: str, done: int) -> None:
    module_name, _, path = step.partition(":")
    owner: Any = importlib.import_module(module_name)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    real, calls = getattr(owner, name), [0]

    def stop(*given: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] > done:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)

    setattr(owner, name, stop)


def main() -> None:
    from ingest.backup import restore
    from ingest.upkeep import rebuild_store
    from rag.settings import Settings
    from rag.store import open_store

    step, done, store, *backup = sys.argv[1:]
    settings = Settings(store=Path(store), embedding="counting", llm="none")
    if step != "none":
        _stop_at(step, int(done))
    if backup:
        restore(settings, Path(backup[0]), encoder=CountingEncoder())
        return
    encoder = CountingEncoder() if step == "none" else CountingEncoder(*REBUILT)
    with open_store(settings, write=True, encoder=encoder, any_embedding=True) as opened:
        rebuild_store(opened)


if __name__ == "__main__":
    main()
