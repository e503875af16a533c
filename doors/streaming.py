"""An answer's events in an event loop, while it is made in a thread; it ends when nobody listens any more."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import TYPE_CHECKING

from doors.line import Place
from doors.office import Asked, Office, Waiting
from doors.roles import Caller
from rag.records import Answer

if TYPE_CHECKING:
    from starlette.requests import Request

    from rag.pipeline import Event

SILENCE_SECONDS = 5.0  # after that a sign of life


class StillWorking:
    """Nothing new, but it goes on: keeps proxies from closing the connection."""


async def follow(office: Office, caller: Caller, asked: Asked) -> AsyncGenerator[Event | Waiting | StillWorking, None]:
    """The question's places in line, then its events. Whoever stops iterating stops the answer with its next event.

    Raises:
        ReplyDeskError: as `Office.ask`.
    """
    asked = office.admit(caller, asked)
    place = office.line.join(caller.name)
    try:
        yield Waiting(place.position)
        while not await place.comes(SILENCE_SECONDS):
            yield Waiting(place.position)
    except BaseException:
        place.leave()
        raise
    reading = _Reading(office.answer(caller, asked), place)
    try:
        async for event in reading.events():
            yield event
    finally:
        reading.stop()


async def ask_once(office: Office, caller: Caller, asked: Asked, request: Request) -> Answer | None:
    """The verified answer alone; None where the client has gone away meanwhile, and the answer was stopped.

    Raises:
        ReplyDeskError: as `Office.ask`.
    """
    from rag.pipeline import Final

    async def read() -> Answer:
        stream = follow(office, caller, asked)
        async with contextlib.aclosing(stream):
            async for event in stream:
                if isinstance(event, Final):
                    return event.answer
        raise AssertionError("a stream ends with its answer")

    reading = asyncio.ensure_future(read())
    leaving = asyncio.ensure_future(_until_gone(request))
    try:
        await asyncio.wait([reading, leaving], return_when=asyncio.FIRST_COMPLETED)
        return await reading if reading.done() else None
    finally:
        leaving.cancel()
        reading.cancel()


async def _until_gone(request: Request) -> None:
    """Until the client has closed the connection; the body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class _Reading:
    """Reads a stream in a thread of its own."""

    def __init__(self, events: Iterator[Event], place: Place) -> None:
        self._events = events
        self._place = place
        self._loop = asyncio.get_running_loop()
        self._arrived: asyncio.Queue[Event | Exception | None] = asyncio.Queue()  # None: there is no more
        self._stop = threading.Event()
        threading.Thread(target=self._read, name="answer", daemon=True).start()

    def stop(self) -> None:
        """End it with its next event."""
        self._stop.set()

    async def events(self) -> AsyncIterator[Event | StillWorking]:
        """As they come."""
        while True:
            try:
                item = await asyncio.wait_for(self._arrived.get(), SILENCE_SECONDS)
            except TimeoutError:
                yield StillWorking()
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item

    def _read(self) -> None:
        try:
            for event in self._events:
                if self._stop.is_set():
                    break
                self._put(event)
        except Exception as error:  # noqa: BLE001 - raised again where the events are read
            self._put(error)
        finally:
            if hasattr(self._events, "close"):
                self._events.close()  # lets go of the model's connection
            self._place.leave()
            self._put(None)

    def _put(self, item: Event | Exception | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: the program does
            self._loop.call_soon_threadsafe(self._arrived.put_nowait, item)
