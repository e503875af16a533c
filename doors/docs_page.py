"""The REST documentation as one page without outside assets, made from the OpenAPI document."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee6;--paper:#fff;--ground:#f5f6f8;--accent:#1f4e8c}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#9aa5b4;--line:#353d49;--paper:#1d232c;--ground:#151a21;--accent:#8db6ee}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem}h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
details{background:var(--paper);border:1px solid var(--line);border-radius:8px;margin:.5rem 0}summary{cursor:pointer;padding:.6rem .8rem;overflow-wrap:anywhere}
summary b{display:inline-block;min-width:4.2em;color:var(--accent)}summary small{color:var(--soft);margin-left:.6em}details>div{padding:0 .8rem .8rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}td,th{text-align:left;border-top:1px solid var(--line);padding:.35rem .5rem;vertical-align:top}
pre{overflow:auto;background:var(--ground);border-radius:6px;padding:.6rem;font-size:.85rem}code{font-family:ui-monospace,Consolas,monospace}
"""


def render_docs(document: dict[str, Any]) -> str:
    """Every operation with its parameters, bodies and responses."""
    address = document["servers"][0]["url"]
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            shown = _render_operation(f"{address}{path}", method, operation)
            groups.setdefault((operation.get("tags") or ["more"])[0], []).append(shown)
    inner = "".join(f"<h2>{escape(name)}</h2>{''.join(shown)}" for name, shown in groups.items())
    shapes = "".join(_render_shape(name, shape) for name, shape in sorted(document["components"]["schemas"].items()))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>ReplyDesk API</title><style>{_STYLE}</style></head><body><main><h1>ReplyDesk API</h1>"
        f'<p>{escape(document["info"]["description"])}</p><p><a href="{escape(address)}/openapi.json">openapi.json</a></p>'
        f"{inner}<h2>shapes</h2>{shapes}</main></body></html>"
    )


def _render_operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{escape(parameter['in'])}</td>"
        f"<td>{escape(_name_of(parameter.get('schema', {})))}</td><td>{escape(parameter.get('description', ''))}</td></tr>"
        for parameter in operation.get("parameters", ())
    )
    table = f"<table><tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr>{rows}</table>" if rows else ""
    body = "".join(
        f"<p>Body: <code>{escape(kind)}</code> {escape(_name_of(content.get('schema', {})))}</p>"
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
    )
    answers = "".join(
        f"<tr><td>{escape(status)}</td><td>{escape(answer.get('description', ''))}</td><td>"
        + escape(", ".join(f"{kind} {_name_of(content.get('schema', {}))}" for kind, content in answer.get("content", {}).items()))
        + "</td></tr>"
        for status, answer in operation["responses"].items()
    )
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code><small>{escape(operation.get('summary', ''))}</small></summary>"
        f"<div>{table}{body}<table><tr><th>Status</th><th></th><th></th></tr>{answers}</table></div></details>"
    )


def _render_shape(name: str, shape: dict[str, Any]) -> str:
    said = json.dumps(shape.get("properties", shape), ensure_ascii=False, indent=1)
    return (
        f"<details><summary><code>{escape(name)}</code><small>{escape(shape.get('description', ''))}</small></summary>"
        f"<div><pre>{escape(said)}</pre></div></details>"
    )


def _name_of(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_name_of(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_name_of(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(repr(value) for value in schema["enum"])
    return str(schema.get("format") or schema.get("type") or "any")
