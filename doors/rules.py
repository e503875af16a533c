"""Which addresses there are, and what a caller must be allowed to do there. What no rule names is shut, gradio's own routes too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from doors.roles import Action

MB = 1024 * 1024
BODY = 1 * MB
UPLOAD = 256 * MB  # several files


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may send these methods to these paths: `{}` stands for one part of a path, `*` for any rest."""

    methods: str  # GET POST; GET means HEAD too
    path: str
    action: Action | None  # None: whoever comes
    door: str
    body_at_most: int = BODY
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        escaped = re.escape(self.path).replace(r"\{\}", "[^/]+").replace(r"\*", ".*")
        object.__setattr__(self, "pattern", re.compile(escaped, re.DOTALL))

    def takes(self, method: str) -> bool:
        """Whether the method is one of its own."""
        return ("GET" if method == "HEAD" else method) in self.methods.split()


_READ, _ASK = Action.READ, Action.ASK

RULES = (
    # for whoever comes
    Rule("GET POST", "/login", None, "screen", 16 * 1024),
    Rule("GET", "/health", None, "watch"),
    Rule("GET", "/ready", None, "watch"),
    Rule("GET", "/favicon.ico", None, "screen"),
    Rule("GET", "/robots.txt", None, "screen"),
    # the screen
    Rule("POST", "/logout", _READ, "screen"),
    Rule("GET", "/", _READ, "screen"),
    Rule("GET", "/source", _READ, "screen"),  # a letter, one of its pages, its original
    Rule("GET", "/page", _READ, "screen"),
    Rule("GET", "/line", _READ, "screen"),
    Rule("GET", "/original", _READ, "screen"),
    Rule("GET", "/page", _READ, "screen"),
    Rule("GET", "/original", _READ, "screen"),
    Rule("GET", "/ledger", _READ, "screen"),
    Rule("GET", "/ledger/*", _READ, "screen"),
    Rule("GET", "/status", _READ, "screen"),
    Rule("POST", "/feedback/{}", _ASK, "screen", 16 * 1024),
    Rule("GET", "/pack/{}", _READ, "screen"),  # the evidence of an own answer as a file
    Rule("GET", "/config", _READ, "screen"),
    Rule("GET", "/theme.css", _READ, "screen"),
    Rule("GET", "/static/*", _READ, "screen"),
    Rule("GET", "/assets/*", _READ, "screen"),
    Rule("GET", "/svelte/*", _READ, "screen"),
    Rule("GET", "/manifest.json", _READ, "screen"),
    Rule("GET", "/gradio_api/startup-events", _READ, "screen"),
    Rule("GET", "/gradio_api/heartbeat/{}", _READ, "screen"),
    Rule("GET", "/gradio_api/queue/data", _READ, "screen"),
    Rule("POST", "/gradio_api/queue/join", _READ, "screen"),  # what an event does is checked where it does it
    Rule("POST", "/gradio_api/cancel", _READ, "screen"),
    Rule("POST", "/gradio_api/reset", _READ, "screen"),
    Rule("GET", "/gradio_api/file=*", _READ, "screen"),
    Rule("POST", "/gradio_api/upload", Action.INGEST, "screen", UPLOAD),
    Rule("GET", "/gradio_api/upload_progress", Action.INGEST, "screen"),
    # REST
    Rule("GET", "/api/v1/openapi.json", _READ, "rest"),
    Rule("GET", "/api/v1/docs", _READ, "rest"),
    Rule("POST", "/api/v1/ask", _ASK, "rest"),
    Rule("POST", "/api/v1/ask/stream", _ASK, "rest"),
    Rule("POST", "/api/v1/ask/pack", _ASK, "rest"),
    Rule("GET", "/api/v1/figures", _READ, "rest"),
    Rule("GET", "/api/v1/letters", _READ, "rest"),
    Rule("POST", "/api/v1/letters", Action.INGEST, "rest", UPLOAD),
    Rule("GET", "/api/v1/letters/*", _READ, "rest"),
    Rule("DELETE", "/api/v1/letters/*", Action.REMOVE, "rest"),
    Rule("POST", "/api/v1/evaluations", Action.EVALUATE, "rest", 16 * MB),
    Rule("GET DELETE", "/api/v1/evaluations/{}", Action.EVALUATE, "rest"),
    # as OpenAI's
    Rule("GET", "/v1/models", _READ, "openai"),
    Rule("GET", "/v1/models/{}", _READ, "openai"),
    Rule("POST", "/v1/chat/completions", _ASK, "openai"),
    # MCP
    Rule("GET POST DELETE", "/mcp", _ASK, "mcp"),
    # for those who keep it running
    Rule("GET", "/metrics", Action.OBSERVE, "watch"),
)


def find_rule(method: str, path: str) -> Rule | None:
    """The rule for a request."""
    return next((rule for rule in rules_of(path) if rule.takes(method)), None)


def rules_of(path: str) -> list[Rule]:
    """The rules for a path, whatever the method."""
    return [rule for rule in RULES if rule.pattern.fullmatch(path)]
