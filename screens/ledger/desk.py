"""What the tab 指标台账 needs of the program, and the real one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rag.figure_table import FigureTable
    from rag.pipeline import Pipeline


class LedgerDesk(Protocol):
    """Behind `screens.seams.Desk.ledger`."""

    def table(self) -> FigureTable:
        """The figures as they stand now.

        Raises:
            StoreError: the store cannot be opened or read.
        """
        ...


class LiveLedger:
    """From the store."""

    def __init__(self, open_pipeline: Callable[[], Pipeline]) -> None:
        self._open_pipeline = open_pipeline
        self._table: FigureTable | None = None
        self._lock = threading.Lock()

    def table(self) -> FigureTable:
        """See `LedgerDesk`; made anew when the store has changed."""
        from rag.figure_table import FigureTable

        pipeline = self._open_pipeline()
        with self._lock:
            if self._table is None or self._table.generation != pipeline.store.registry.generation:
                self._table = FigureTable(pipeline.store, lambda: pipeline.view().known)
            return self._table
