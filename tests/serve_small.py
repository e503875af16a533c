"""Serve the screens over a small desk in a process of its own: `python -m tests.serve_small PORT FOLDER`.

A process of its own, since gradio leaves event loops and sockets to the garbage collector, which in the tests' own process is an error.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from screens.quick_start import import_gradio
from screens.seams import ModelPhase, ModelState
from tests.small_desk import SmallDesk


def main(port: int, folder: Path) -> None:
    """Serve until ended; /small-desk/… lets a test look at the desk's memory and set the model's state."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import_gradio()
    import uvicorn
    from fastapi import APIRouter

    from screens.server import make_app

    desk = SmallDesk(folder)
    app = make_app(desk, "zh", port=port)
    memory = APIRouter(prefix="/small-desk")

    @memory.get("/asked")
    def tell_asked() -> list[tuple[str, list[str]]]:
        return [(question, [turn.question for turn in history]) for question, history in desk.asked]

    @memory.get("/letters")
    def tell_letters() -> int:
        return len(desk.shelved)

    @memory.post("/model")
    def set_model(phase: ModelPhase, name: str = "", percent: int = 0) -> None:
        desk.state = ModelState(phase, name, percent)

    app.router.routes[:0] = memory.routes
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", ws="none")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
