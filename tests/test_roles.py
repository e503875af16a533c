"""Every route × nobody, reader, editor, admin, asked of the running server: docs/roles.md is the table.

REGENERATE=1 writes the table anew; look through the difference before it is committed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import httpx
import pytest

from doors.roles import Role
from rag.settings import ROOT
from tests.office_server import Office
from tests.test_letters import REGENERATE

TABLE = ROOT / "docs/roles.md"
CALLERS = ("nobody", *(role.value for role in Role))
OPEN, SIGN_IN, FORBIDDEN, SHUT = "yes", "sign in", "–", "shut"
HEAD = """# Who may do what

Written by the tests (`tests/test_roles.py`) from what the running server answered: every route of the application, gradio's own too, asked by
nobody, by a reader, by an editor and by an admin. Without accounts whoever sits at this computer may do what an admin may.

What an event of the screen does (take a letter in) is checked once more where it is done: `POST /gradio_api/queue/join` carries all events.

| Route | nobody | reader | editor | admin |
|---|---|---|---|---|
"""


def routes() -> list[tuple[str, str]]:
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.list_routes"], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=120
    )
    return [(method, path) for method, path in json.loads(done.stdout)]


def ask(client: httpx.Client, method: str, path: str) -> str:
    """What the gate made of it; what the application says behind it does not count here."""
    with client.stream(method, path.replace("{}", "x")) as response:
        status, location = response.status_code, response.headers.get("location", "")
        if status == 303 and location.startswith("/login?next="):
            return SIGN_IN
        if status not in (401, 403, 404, 405):
            return OPEN
        body = response.read()
    if method == "HEAD":  # without a body
        return {401: SIGN_IN, 403: FORBIDDEN, 404: SHUT}.get(status, OPEN)
    try:
        told = json.loads(body)
    except ValueError:
        return OPEN
    if not isinstance(told, dict):
        return OPEN
    code = told.get("type", "").removeprefix("urn:replydesk:") or told.get("error", {}).get("code")
    return {"sign-in-needed": SIGN_IN, "not-allowed": FORBIDDEN, "not-here": SHUT, "wrong-method": SHUT}.get(code, OPEN)


def test_every_route_opens_for_those_it_is_for(office: Office) -> None:
    rows, shut = [], []
    for method, path in routes():
        said = [ask(office.client("" if caller == "nobody" else caller), method, path) for caller in CALLERS]
        if set(said) <= {SHUT, SIGN_IN}:
            shut.append(f"`{method} {path}`")
        else:
            rows.append(f"| `{method} {path}` | {' | '.join(said)} |")
    made = f"{HEAD}{chr(10).join(rows)}\n\nShut for everybody, though gradio has them: {', '.join(shut)}.\n"
    if REGENERATE:
        TABLE.write_text(made, encoding="utf-8")
    kept = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    assert made == kept, "the routes or who may use them have changed: see doors/rules.py, then REGENERATE=1 writes docs/roles.md anew"


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "/health", (OPEN, OPEN, OPEN, OPEN)),
        ("GET", "/", (SIGN_IN, OPEN, OPEN, OPEN)),
        ("POST", "/gradio_api/upload", (SIGN_IN, FORBIDDEN, OPEN, OPEN)),
        ("POST", "/gradio_api/queue/join", (SIGN_IN, OPEN, OPEN, OPEN)),
        ("GET", "/gradio_api/file=x", (SIGN_IN, OPEN, OPEN, OPEN)),
        ("POST", "/api/v1/letters", (SIGN_IN, FORBIDDEN, OPEN, OPEN)),
        ("DELETE", "/api/v1/letters/x", (SIGN_IN, FORBIDDEN, OPEN, OPEN)),
        ("POST", "/api/v1/evaluations", (SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN)),
        ("POST", "/v1/chat/completions", (SIGN_IN, OPEN, OPEN, OPEN)),
        ("POST", "/mcp", (SIGN_IN, OPEN, OPEN, OPEN)),
        ("GET", "/metrics", (SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN)),
    ],
)
def test_what_matters_most_is_not_only_what_the_table_says(office: Office, method: str, path: str, wanted: tuple[str, ...]) -> None:
    assert tuple(ask(office.client("" if caller == "nobody" else caller), method, path) for caller in CALLERS) == wanted


def test_events_of_the_screen_are_checked_where_they_are_done(office: Office) -> None:
    """A reader who calls the upload's event by its number is refused there, whatever the page shows him."""
    config = office.client("reader").get("/config").json()
    (upload,) = [event for event in config["dependencies"] if any(target[1] == "upload" for target in event["targets"])]
    before = office.client("reader").get("/api/v1/letters").json()["total"]
    planted = office.store / "uploads" / "planted.txt"
    planted.parent.mkdir(exist_ok=True)
    planted.write_text("柳溪市文化和旅游局\n\n2023年计划新建城市书房45座以上。", encoding="utf-8")
    file = {"path": str(planted), "meta": {"_type": "gradio.FileData"}, "orig_name": "planted.txt"}
    data = [[file], *[None] * (len(upload["inputs"]) - 1)]
    body = {"data": data, "fn_index": upload["id"], "session_hash": "roles", "trigger_id": None, "event_data": None}
    assert office.client("reader").post("/gradio_api/queue/join", json=body).status_code == 200
    with office.client("reader").stream("GET", "/gradio_api/queue/data", params={"session_hash": "roles"}) as stream:
        told = "".join(line for line in stream.iter_lines())
    assert "needs the role editor" in told or "需要角色" in told
    assert office.client("reader").get("/api/v1/letters").json()["total"] == before
