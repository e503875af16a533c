"""Starts `python -m ingest` over and over, cheaply: one process has imported all that the command needs, and forks for each start.

The child is a process of its own that runs the command's own `main`; only the seconds in which Python reads its modules are saved.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent


class Forks:
    """The process that forks; `with Forks() as forks: …`."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.forked_ingestion"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._ask()  # it is ready

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()

    def start(self, words: Sequence[str]) -> int:
        """Start the command with these arguments; gives its process number."""
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(list(words)) + "\n")
        self._server.stdin.flush()
        return self._ask()

    def wait(self) -> int:
        """Wait for the end of what was started last; gives its exit code, negative where a signal ended it."""
        return self._ask()

    def _ask(self) -> int:
        assert self._server.stdout is not None
        return int(self._server.stdout.readline())


def serve() -> None:
    """Fork for each line of arguments."""
    import chromadb  # noqa: F401 - so that no child has to

    from ingest.__main__ import main
    from rag.embed import load_encoder
    from rag.settings import Settings

    load_encoder(Settings()).encode(["一"])
    sys.stdout.write("0\n")
    sys.stdout.flush()
    for line in sys.stdin:
        process = os.fork()
        if not process:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nowhere, stream)
            os._exit(main(json.loads(line)))
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
