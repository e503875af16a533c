"""What is measured, for Prometheus. One register an application; what it holds is told at /metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120)


class Queue(Protocol):
    """What is told of the line of questions."""

    @property
    def waiting(self) -> int:
        """How many wait."""
        ...

    @property
    def served(self) -> int:
        """How many are being served."""
        ...


class Metrics:
    """Counters and times of one application."""

    def __init__(self, line: Queue) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
        from prometheus_client.process_collector import ProcessCollector

        self.registry: CollectorRegistry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter("replydesk_requests", "HTTP requests", ["method", "route", "status"], registry=self.registry)
        self._request_seconds = Histogram(
            "replydesk_request_seconds", "Time to a response's end", ["route"], buckets=SECONDS, registry=self.registry
        )
        self._answers = Counter("replydesk_answers", "Questions by what became of them", ["outcome", "door"], registry=self.registry)
        self._answer_seconds = Histogram(
            "replydesk_answer_seconds", "From a question's turn to its verified answer", ["door"], buckets=SECONDS, registry=self.registry
        )
        self._evidence_seconds = Histogram(
            "replydesk_evidence_seconds", "From a question's turn to its evidence", ["door"], buckets=SECONDS, registry=self.registry
        )
        self._ingested = Counter("replydesk_ingested_files", "Files taken in, by outcome", ["outcome"], registry=self.registry)
        self._sign_ins = Counter("replydesk_sign_ins", "Sign-ins by outcome", ["outcome"], registry=self.registry)
        Gauge("replydesk_questions_waiting", "Questions in line", registry=self.registry).set_function(lambda: line.waiting)
        Gauge("replydesk_questions_served", "Questions being answered", registry=self.registry).set_function(lambda: line.served)
        self._letters = Gauge("replydesk_letters", "Letters in the store", registry=self.registry)

    def count_letters(self, count: Callable[[], float]) -> None:
        """How many letters there are is asked whenever the metrics are read."""
        self._letters.set_function(count)

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request has ended."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def evidence_after(self, seconds: float, door: str) -> None:
        """A question's evidence is there."""
        self._evidence_seconds.labels(door).observe(seconds)

    def answered(self, outcome: str, seconds: float, door: str) -> None:
        """A question has ended: an Outcome, failed or stopped."""
        self._answers.labels(outcome, door).inc()
        self._answer_seconds.labels(door).observe(seconds)

    def ingested(self, outcome: str) -> None:
        """A file was taken in."""
        self._ingested.labels(outcome).inc()

    def signed_in(self, outcome: str) -> None:
        """Somebody signed in, or could not."""
        self._sign_ins.labels(outcome).inc()

    def render(self) -> bytes:
        """All of it as Prometheus reads it."""
        from prometheus_client import generate_latest

        return bytes(generate_latest(self.registry))
