"""Upkeep of a store in a process of its own that kills itself (kill -9) at a named step: python -m tests.stopped_upkeep STEP DONE STORE ACTION [FILE].

STEP is module:function, and it is called DONE times before the process dies instead of calling it again; "none" kills nothing.
ACTION is backup FILE, restore FILE, rebuild (with another embedding), rebuild_same or undo.
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


def run_stopped(step: str, done: int, store: Path, *action: str | Path) -> int:
    """Run it; gives its exit code, which is -9 where it was killed."""
    return start(step, done, store, *action).wait(240)


def start(step: str, done: int, store: Path, *action: str | Path) -> subprocess.Popen[bytes]:
    """Start it, without waiting for its end."""
    return subprocess.Popen([sys.executable, "-m", "tests.stopped_upkeep", step, str(done), str(store), *map(str, action)], cwd=ROOT)


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
    from ingest.backup import back_up, restore
    from ingest.undo import undo_ingestion
    from ingest.upkeep import rebuild_store
    from rag.settings import Settings
    from rag.store import open_store

    step, done, store, action, *file = sys.argv[1:]
    settings = Settings(store=Path(store), embedding="counting", llm="none")
    encoder = CountingEncoder(*REBUILT) if action == "rebuild" else CountingEncoder()
    if step != "none":
        _stop_at(step, int(done))
    if action == "restore":
        restore(settings, Path(file[0]), encoder=encoder)
        return
    with open_store(settings, write=True, encoder=encoder, any_embedding=True) as opened:
        if action == "backup":
            back_up(opened, Path(file[0]))
        elif action == "undo":
            undo_ingestion(opened)
        else:
            rebuild_store(opened)


if __name__ == "__main__":
    main()
