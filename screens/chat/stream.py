"""A question's events that can be stopped at any moment, also while the model is silent."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.pipeline import Event


class StoppableStream:
    """Reads the events in a thread of its own; `stop` ends the iteration at once, the thread with its next event.

    Not gradio's `cancels`: it counts a cancelled event as a failed one, and leaves open which of the two is shown last.
    """

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._arrived: queue.SimpleQueue[Event | Exception | None] = queue.SimpleQueue()  # None: there is no more
        self._stop = threading.Event()

    @property
    def is_stopped(self) -> bool:
        """Whether somebody stopped it."""
        return self._stop.is_set()

    def stop(self) -> None:
        """End the iteration."""
        self._stop.set()
        self._arrived.put(None)

    def __iter__(self) -> Iterator[Event]:
        threading.Thread(target=self._read, name="ask", daemon=True).start()
        try:
            while (item := self._arrived.get()) is not None and not self.is_stopped:
                if isinstance(item, Exception):
                    raise item
                yield item
        except GeneratorExit:  # the page was closed
            self._stop.set()
            raise

    def _read(self) -> None:
        try:
            for event in self._events:
                if self.is_stopped:
                    break
                self._arrived.put(event)
        except Exception as error:  # noqa: BLE001 - raised again where the events are read
            self._arrived.put(error)
        finally:
            if hasattr(self._events, "close"):
                self._events.close()  # lets go of the model's connection
            self._arrived.put(None)
