"""The line of questions: so many are answered at once, so many of one account, the others wait in the order in which they came."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetError

from rag.errors import BusyError


class Place:
    """A place in the line, held until `leave`. Can be waited for by a thread and by an event loop."""

    def __init__(self, line: Line, account: str) -> None:
        self.account = account
        self.turn: Future[None] = Future()
        self._line = line

    @property
    def position(self) -> int:
        """1: the next in line; 0: it is its turn."""
        return self._line.position_of(self)

    def wait(self, seconds: float) -> bool:
        """Block until it is its turn, but no longer; gives whether it is."""
        try:
            self.turn.result(seconds)
        except NotYetError:
            return False
        return True

    async def comes(self, seconds: float) -> bool:
        """The same without blocking."""
        if not self.turn.done():
            await asyncio.wait([asyncio.wrap_future(self.turn)], timeout=seconds)
        return self.turn.done()

    def leave(self) -> None:
        """Let the next one come; may be called again."""
        self._line.leave(self)


class Line:
    """Safe to share between threads."""

    def __init__(self, at_once: int, per_account: int, longest: int) -> None:
        """How many are served at once, how many of one account, how many wait at most."""
        self._at_once = max(1, at_once)
        self._per_account = max(1, per_account)
        self._longest = longest
        self._waiting: list[Place] = []
        self._served: list[Place] = []
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def served(self) -> int:
        """How many are being served."""
        return len(self._served)

    def join(self, account: str) -> Place:
        """Stand at the end.

        Raises:
            BusyError: the line is as long as it may be, or half of it is this account's.
        """
        place = Place(self, account)
        with self._lock:
            self._check(account)
            self._waiting.append(place)
            self._call_next()
        return place

    def check(self, account: str) -> None:
        """Whether there is room for one more, before a response is begun that could not be refused any more.

        Raises:
            BusyError: as `join`.
        """
        with self._lock:
            self._check(account)

    def _check(self, account: str) -> None:
        own = sum(other.account == account for other in self._waiting)
        if len(self._waiting) >= self._longest or own >= max(1, self._longest // 2):
            raise BusyError(
                f"{len(self._waiting)} questions are waiting, {own} of them yours; no more are taken. Try again in a minute.",
                f"正在排队的问题已有 {len(self._waiting)} 个（其中您的 {own} 个），暂不接收新的问题。请稍后再试。",
            )

    def leave(self, place: Place) -> None:
        """See `Place.leave`."""
        with self._lock:
            for listed in (self._waiting, self._served):
                if place in listed:
                    listed.remove(place)
            self._call_next()

    def position_of(self, place: Place) -> int:
        """See `Place.position`."""
        with self._lock:
            return self._waiting.index(place) + 1 if place in self._waiting else 0

    def _call_next(self) -> None:
        """Whose turn it is: the first whose account is not at its limit. Call with the lock held."""
        own = Counter(place.account for place in self._served)
        for place in list(self._waiting):
            if len(self._served) >= self._at_once:
                return
            if own[place.account] < self._per_account:
                own[place.account] += 1
                self._waiting.remove(place)
                self._served.append(place)
                place.turn.set_result(None)
