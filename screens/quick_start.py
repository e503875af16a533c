"""Importing gradio in half the time.

With each import gradio parses its own source and writes a stub file (.pyi) beside every component, for editors. That is half of its
import time, and a write into the installation. It leaves a component out whose source cannot be found; so for the time of the
import its sources cannot be found. Where the package mcp is installed, gradio loads that too, for a server of its own that is not
used here; so for that time there is no such package.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from typing import cast


def import_gradio() -> None:
    """Import gradio without its stub files and without its MCP server."""
    find_source = inspect.getfile

    def find_other_source(thing: object) -> str:
        if isinstance(thing, type) and thing.__module__.startswith("gradio."):
            raise OSError(f"{thing.__module__} needs no stub file")
        return find_source(thing)  # type: ignore[arg-type]

    loaded = sys.modules.get("mcp")
    modules = cast("dict[str, object]", sys.modules)
    inspect.getfile = find_other_source  # type: ignore[assignment]
    if loaded is None:
        modules["mcp"] = None  # Python's own sign for a module that must not be imported
    try:
        importlib.import_module("gradio")
    finally:
        inspect.getfile = find_source
        if loaded is None:
            del sys.modules["mcp"]
