"""Waiting for a page that another process serves."""

from __future__ import annotations

import subprocess
import time

import httpx


def wait_until_up(address: str, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    """Return when the page answers.

    Raises:
        RuntimeError: the process ended, or the time is over.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server for {address} ended with {process.returncode}")
        try:
            if httpx.get(address, timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not come up within {seconds:.0f} s")
