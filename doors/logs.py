"""Logs that programs can read: one JSON object a line, each with the id of the request that it belongs to."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from rag.privacy import mask

request_id: ContextVar[str] = ContextVar("request_id", default="")  # of the request that is being answered
ACCESS = logging.getLogger("replydesk.access")
TEXT = "%(levelname)s %(name)s: %(message)s"
_OWN = ("account", "door", "method", "path", "status", "seconds")  # what a line about a request has beside the message


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; texts of people are not in it, only addresses and names of accounts."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
            "request_id": request_id.get(),
        }
        line |= {name: getattr(record, name) for name in _OWN if hasattr(record, name)}
        if "path" in line:
            line["path"] = mask(str(line["path"]))
        if record.exc_info:
            line["fault"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class TextLines(logging.Formatter):
    """A record as text for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with numbers of people masked."""
        return mask(super().format(record))


def set_up_logs(form: str) -> None:
    """`text`: warnings, for people; `json`: every request too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines(TEXT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    ACCESS.setLevel(logging.INFO if form == "json" else logging.WARNING)
