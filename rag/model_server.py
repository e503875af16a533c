"""llama.cpp's own server for the embedded model, on a loopback port, in a process of its own.

A process of its own, so that its crash or its hunger for memory is a message and not the end of the program. It ends with
the program that started it, however that ends: it watches its standard input, which closes when the parent is gone.
Started on demand, one for each model file, and shared by all callers in one process.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import os
import queue
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import httpx

from rag.errors import ModelCallError

CONTEXT_TOKENS = 4096  # shared by the slots
SLOTS = 2
THREADS = 2
PROMPT_CACHE_MIB = 256  # the library's own default is 8 GB
START_SECONDS = 120.0
READY = "ready "
ROOT = Path(__file__).resolve().parent.parent


class ModelServer:
    """One running server process."""

    def __init__(self, model_file: Path, process: subprocess.Popen[str], address: str, key: str, log: IO[bytes]) -> None:
        self.model_file = model_file
        self.address = address
        self.key = key
        self._process = process
        self._log = log

    @property
    def url(self) -> str:
        """Base address of its OpenAI-compatible routes."""
        return f"{self.address}/v1"

    @property
    def process_id(self) -> int:
        """Of the server's process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def has_ended(self, patience_seconds: float = 0.5) -> bool:
        """Whether the process is gone, or goes now: its connections break a moment before it ends."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_seconds)
        return not self.is_alive()

    def is_healthy(self, timeout_seconds: float = 2.0) -> bool:
        """Whether it answers."""
        if not self.is_alive():
            return False
        try:
            return httpx.get(f"{self.address}/health", timeout=timeout_seconds, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    def describe_end(self) -> str:
        """Why it is gone, for a message."""
        return f"The embedded model's server ended with code {self._process.poll()}: {_read_tail(self._log)}"

    def stop(self) -> None:
        """End the process and wait for it."""
        if self._process.stdin:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._log.close()


_servers: dict[Path, ModelServer] = {}
_lock = threading.Lock()


def open_server(model_file: Path) -> ModelServer:
    """The running server of this file; started, or started again after a crash, when there is none.

    Raises:
        ModelCallError: it does not come up.
    """
    with _lock:
        server = _servers.get(model_file)
        if server and server.is_alive():
            return server
        if server:
            server.stop()
        elif not _servers:
            atexit.register(stop_servers)
        _servers[model_file] = server = _start(model_file)
        return server


def stop_servers() -> None:
    """End all servers that this process started."""
    with _lock:
        while _servers:
            _servers.popitem()[1].stop()


def _start(model_file: Path) -> ModelServer:
    key = secrets.token_urlsafe(24)
    log = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the server)
    process = subprocess.Popen(
        [sys.executable, "-m", "rag.model_server", "--model", str(model_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        cwd=ROOT,
    )
    _send_key(process.stdin, key)
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_pass_lines, args=(process.stdout, lines), name="model-server-output", daemon=True).start()
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            line = lines.get(timeout=0.2)
        except queue.Empty:
            if process.poll() is None:
                continue
            line = ""
        if line.startswith(READY):
            return ModelServer(model_file, process, line.removeprefix(READY).strip(), key, log)
        if line == "" and process.poll() is not None:
            break
    failed = ModelServer(model_file, process, "", key, log)
    message = failed.describe_end() if not failed.is_alive() else f"The embedded model did not load within {START_SECONDS:.0f} s"
    failed.stop()
    raise ModelCallError(f"{message}. Free some memory, check {model_file}, or do without a model: REPLYDESK_LLM=none.")


def _send_key(standard_input: IO[str] | None, key: str) -> None:
    """By standard input, since others can read the command line and the environment of a process."""
    if standard_input is None:
        return
    with contextlib.suppress(OSError):  # a process that is gone already is reported by the caller
        standard_input.write(f"{key}\n")
        standard_input.flush()


def _pass_lines(output: IO[str] | None, lines: queue.SimpleQueue[str]) -> None:
    """Read the process's output to its end, so that it never blocks on a full pipe."""
    if output is None:
        return
    try:
        for line in output:
            lines.put(line)
    except ValueError:  # closed by stop()
        return


def _read_tail(log: IO[bytes], lines: int = 3) -> str:
    log.seek(0)
    text = log.read().decode("utf-8", "replace").strip()
    return " / ".join(text.splitlines()[-lines:]) or "it left no message"


def serve(model_file: Path, key: str) -> None:
    """Serve until standard input closes; each request must bring the key. Runs in the server's own process."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model_file)
    params.model_alias = {model_file.stem}
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = SLOTS
    params.kv_unified = True
    params.cpuparams.n_threads = THREADS
    params.cpuparams_batch.n_threads = THREADS
    params.cpuparams.poll = 0  # no busy waiting: the screen and the index need the same cores
    params.cpuparams_batch.poll = 0
    params.cache_prompt = True
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.n_gpu_layers = 0
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.ui = False
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{READY}{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # the server's threads do not end by themselves


def main(arguments: Sequence[str] | None = None) -> int:
    """The server's process; started by `open_server`."""
    parser = argparse.ArgumentParser(prog="python -m rag.model_server", description="Serve a model file on a loopback port.")
    parser.add_argument("--model", type=Path, required=True, metavar="PATH", help="the GGUF file")
    chosen = parser.parse_args(arguments)
    serve(chosen.model, sys.stdin.readline().strip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
