"""Every route of the whole application, gradio's too: `python -m tests.list_routes` writes them as JSON, for the table of roles.

In a process of its own, since gradio leaves things to the garbage collector, which in the tests' own process is an error.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from screens.quick_start import import_gradio


def list_routes() -> list[tuple[str, str]]:
    """(method, path) of each; a path's changing parts stand as {}."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import_gradio()
    from doors.account_book import AccountBook
    from doors.chat_completions import make_completions
    from doors.evaluations import Evaluations
    from doors.rest import make_rest
    from doors.server import OPENAI_PATH, REST_PATH
    from rag.settings import Settings
    from screens.live import LiveDesk
    from screens.server import Guarded, make_app

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(store=Path(folder), llm="none")
        desk = LiveDesk(settings)
        app = make_app(desk, "zh", guarded=Guarded(AccountBook(settings.store), desk.office))
        found = set(_walk(app.router.routes, ""))
        found |= set(_walk(make_rest(desk.office, Evaluations(settings), REST_PATH).router.routes, REST_PATH))
        found |= set(_walk(make_completions(desk.office, OPENAI_PATH).router.routes, OPENAI_PATH))
    return sorted(found, key=lambda route: (route[1], route[0]))


def _walk(routes: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
    for route in routes:
        inner = getattr(route, "original_router", None)  # a router that was included
        if inner is not None:
            yield from _walk(inner.routes, prefix + route.include_context.prefix)
        elif getattr(getattr(route, "app", None), "routes", None) is not None and not hasattr(route, "methods"):
            yield from _walk(route.app.routes, prefix + route.path)
        else:
            for method in sorted(getattr(route, "methods", None) or ()):
                yield method, re.sub(r"\{[^}]*\}", "{}", prefix + route.path)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(list_routes()))
