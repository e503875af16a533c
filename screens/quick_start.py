"""Importing gradio in half the time.

With each import gradio parses its own source and writes a stub file (.pyi) beside every component, for editors. That is half of its
import time, and a write into the installation. It leaves a component out whose source cannot be found; so for the time of the
import its sources cannot be found.
"""

from __future__ import annotations

import importlib
import inspect


def import_gradio() -> None:
    """Import gradio without its stub files."""
    find_source = inspect.getfile

    def find_other_source(thing: object) -> str:
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError(f"{thing.__module__} needs no stub file")
        return find_source(thing)  # type: ignore[arg-type]

    inspect.getfile = find_other_source  # type: ignore[assignment]
    try:
        importlib.import_module("gradio")
    finally:
        inspect.getfile = find_source
