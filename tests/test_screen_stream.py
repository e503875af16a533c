"""Stopping a question's events."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from rag.errors import StoreError
from rag.pipeline import Draft, Event, EvidenceReady, Final
from screens.chat.stream import StoppableStream
from tests.small_desk import answer_target


def test_events_come_in_their_order_and_end() -> None:
    events: list[Event] = [EvidenceReady(answer_target("zh")), Draft("目"), Draft("目标"), Final(answer_target("zh"))]
    assert list(StoppableStream(iter(events))) == events


def test_stop_ends_a_silent_stream_and_closes_it() -> None:
    let_go, closed = threading.Event(), threading.Event()

    def events() -> Iterator[Event]:
        try:
            yield Draft("目")
            let_go.wait(10)
            yield Draft("目标")
        finally:
            closed.set()

    stream = StoppableStream(events())
    seen = []
    for event in stream:
        seen.append(event)
        threading.Timer(0.05, stream.stop).start()
    assert seen == [Draft("目")]
    assert stream.is_stopped
    let_go.set()
    assert closed.wait(10)


def test_error_of_the_pipeline_is_raised_where_the_events_are_read() -> None:
    def events() -> Iterator[Event]:
        yield Draft("目")
        raise StoreError("gone")

    stream = StoppableStream(events())
    with pytest.raises(StoreError, match="gone"):
        list(stream)
    assert not stream.is_stopped


def test_reader_that_goes_away_stops_the_stream() -> None:
    closed = threading.Event()

    def events() -> Iterator[Event]:
        try:
            while True:
                yield Draft("目")
        finally:
            closed.set()

    reading = iter(StoppableStream(events()))
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert closed.wait(10)
