"""What every page of an evaluation shares: its frame, its style, and how numbers and texts are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_STYLE = """
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;color:#1c2430;background:#fff}
h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em}table{border-collapse:collapse;margin:.6em 0}th,td{border:1px solid #d5dbe3;padding:.25em .6em;text-align:left}
td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}.chart{width:100%;max-width:720px}.chart text{font-size:12px;fill:#333}.bar{fill:#3b78b5}
.span{stroke:#b03a2e;stroke-width:1.5}.grid{stroke:#e2e6ec}.name{text-anchor:end}.tick{text-anchor:middle}
details{border:1px solid #d5dbe3;border-radius:6px;margin:.6em 0;padding:.4em .8em}summary{cursor:pointer}.bad{color:#a02318}.small{color:#566;font-size:.9em}
dt{font-weight:600;margin-top:.4em}dd{margin:0 0 0 1em;white-space:pre-wrap;overflow-wrap:anywhere}.wide{overflow-x:auto}pre{overflow-x:auto}
.line{fill:none;stroke-width:2}.line0{stroke:#3b78b5}.line1{stroke:#b03a2e}.chart .key0{fill:#3b78b5}.chart .key1{fill:#b03a2e}.axis{text-anchor:middle}
.sides{display:grid;grid-template-columns:1fr 1fr;gap:1em}.said{white-space:pre-wrap;margin:.2em 0;overflow-wrap:anywhere}
@media(max-width:640px){body{margin:1em auto}.sides{grid-template-columns:1fr}.chart{min-width:520px}.chartbox{overflow-x:auto}}
"""


def make_page(title: str, parts: Sequence[str]) -> str:
    """One self-contained page; the parts are HTML already."""
    head = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
    )
    return "\n".join([head, *parts, "</body></html>\n"])


def percent(value: float | None) -> str:
    """A share as it is read; a dash for none."""
    return "—" if value is None else f"{value:.1%}"


def describe_in_a_line(run: Mapping[str, Any]) -> str:
    """What a run was, in one line."""
    store = run.get("store") or {}
    parts = (
        f"commit {run.get('commit')}",
        f"model {run.get('llm')}",
        f"embedding {run.get('embedding')}",
        f"home {run.get('home') or 'none'}",
    )
    return ", ".join((*parts, f"{store.get('letters', '?')} letters", str(run.get("started", ""))))


def flat(text: str) -> str:
    """On one line, and no markup of a letter comes alive."""
    return " ".join(text.split()).replace("<", "&lt;")
