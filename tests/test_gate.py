"""The gate before the running server: signing in, keys, other sites, sizes, request ids, and no listening to others without accounts."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from doors.account_book import FAILURES_PER_NAME, AccountBook
from doors.roles import Role
from rag.audit_trail import AuditTrail
from rag.settings import ROOT
from tests.office_server import PASSWORD, QUESTION, Office, free_port, serve
from tests.test_rest import problem


@pytest.fixture
def visitor(office: Office) -> Iterator[httpx.Client]:
    """A browser without a session."""
    with httpx.Client(base_url=office.address, headers={"Accept": "text/html"}, timeout=30) as client:
        yield client


def sign_in(client: httpx.Client, name: str, password: str = PASSWORD, following: str = "/") -> httpx.Response:
    return client.post("/login", data={"name": name, "password": password, "next": following})


def test_page_leads_to_the_sign_in_and_back(office: Office, visitor: httpx.Client) -> None:
    led = visitor.get("/source", params={"letter": "a b"})
    assert led.status_code == 303
    assert led.headers["location"] == f"/login?next={quote('/source?letter=a+b', safe='')}"
    page = visitor.get(led.headers["location"])
    assert page.status_code == 200
    assert 'value="/source?letter=a+b"' in page.text
    assert "script" not in page.text.split("<body")[1]
    assert "<script" not in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    done = sign_in(visitor, "reader", following="/source?letter=a+b")
    assert (done.status_code, done.headers["location"]) == (303, "/source?letter=a+b")
    cookie = done.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/"))
    assert visitor.get("/").status_code == 200
    assert visitor.get("/config").json()["username"] == "reader"
    assert visitor.post("/logout").headers["location"] == "/login"
    assert visitor.get("/").status_code == 303


@pytest.mark.parametrize(
    "following", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "javascript:1", "/a\r\nX: y"]
)
def test_sign_in_leads_nowhere_else(visitor: httpx.Client, following: str) -> None:
    assert 'name="next" value="/"' in visitor.get("/login", params={"next": following}).text


def test_wrong_password_is_said_in_the_readers_language_and_is_in_the_audit(office: Office, visitor: httpx.Client) -> None:
    refused = sign_in(visitor, '"><script>x</script>', "wrong")
    assert refused.status_code == 401
    assert "用户名或密码不对" in refused.text
    assert "<script>" not in refused.text
    visitor.get("/login", params={"language": "en"})
    assert "The name or the password is wrong" in sign_in(visitor, "nobody-knows", "wrong").text
    noted = [entry.note for entry in AuditTrail(office.store).entries() if entry.note.action == "sign-in"]
    assert ("nobody-knows", "refused") in [(note.account, note.outcome) for note in noted]
    assert "wrong" not in {note.question for note in noted}


def test_account_is_locked_on_the_screen_too(office: Office, visitor: httpx.Client) -> None:
    AccountBook(office.store).add("lotte", Role.READER, PASSWORD)
    for _ in range(FAILURES_PER_NAME):
        assert sign_in(visitor, "lotte", "wrong").status_code == 401
    assert "15" in sign_in(visitor, "lotte").text
    AccountBook(office.store).unlock("lotte")
    assert sign_in(visitor, "lotte").status_code == 303
    AccountBook(office.store).remove("lotte")
    assert visitor.get("/").status_code == 303  # at once, not when the session ends


def test_keys_open_and_wrong_ones_say_so(office: Office) -> None:
    assert office.client("reader").get("/api/v1/letters").status_code == 200
    with httpx.Client(base_url=office.address) as client:
        told = problem(client.get("/api/v1/letters"), 401, "sign-in-needed")
        assert "python -m doors.accounts key" in told["cure"]
        wrong = client.get("/api/v1/letters", headers={"Authorization": "Bearer rd-wrong"})
        problem(wrong, 401, "wrong-key")
        assert wrong.headers["www-authenticate"].startswith("Bearer")
        assert client.get("/v1/models").json()["error"]["code"] == "sign-in-needed"


def test_other_sites_pages_change_nothing(office: Office, visitor: httpx.Client) -> None:
    sign_in(visitor, "editor")
    own = {"Origin": office.address, "Sec-Fetch-Site": "same-origin"}
    assert visitor.post("/api/v1/ask", json={"question": QUESTION}, headers=own).status_code == 200
    for foreign in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        problem(visitor.post("/api/v1/ask", json={"question": QUESTION}, headers=foreign), 403, "cross-site")
        problem(visitor.post("/login", data={"name": "editor", "password": PASSWORD}, headers=foreign), 403, "cross-site")
    assert "access-control-allow-origin" not in visitor.get("/api/v1/letters", headers={"Origin": "https://evil.example"}).headers


def test_too_much_is_refused_whether_announced_or_not(office: Office) -> None:
    client = office.client("reader")
    big = json.dumps({"question": "长" * 600_000}).encode()
    problem(client.post("/api/v1/ask", content=big), 413, "too-large")
    pieces = (b" " * 100_000 for _ in range(40))
    problem(client.post("/api/v1/ask", content=pieces, headers={"Content-Type": "application/json"}), 413, "too-large")
    problem(client.post("/login", content=b"x" * 40_000), 413, "too-large")


def test_unknown_addresses_and_methods(office: Office) -> None:
    client = office.client("admin")
    for path in (
        "/gradio_api/info",
        "/monitoring",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api//upload",
        "/openapi.json",
        "/API/v1/letters",
    ):
        problem(client.get(path), 404, "not-here")
    refused = client.put("/api/v1/letters", json={})
    assert problem(refused, 405, "wrong-method")["cure"] == "Use GET, POST."
    assert refused.headers["allow"] == "GET, POST"
    assert client.request("OPTIONS", "/api/v1/ask").status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/./upload", "/gradio_api/../gradio_api/upload", "/gradio_api/%75pload", "//gradio_api/upload", "/gradio_api/upload/"],
)
def test_spelling_an_address_otherwise_opens_nothing(office: Office, path: str) -> None:
    parts = urlsplit(office.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 0, timeout=20)
    connection.request("POST", path, b"", {"Authorization": f"Bearer {office.keys['reader']}"})  # as it is written
    assert connection.getresponse().status in (403, 404)
    connection.close()


def test_request_has_an_id_in_response_log_and_audit(office: Office) -> None:
    office.client("reader").post("/api/v1/ask", json={"question": QUESTION}, headers={"X-Request-ID": "my-own.id_1"})
    lines = [json.loads(line) for line in office.log.read_text(encoding="utf-8").splitlines()[1:]]
    (line,) = [line for line in lines if line["request_id"] == "my-own.id_1"]
    assert (line["account"], line["door"], line["path"], line["status"]) == ("reader", "rest", "/api/v1/ask", 200)
    (entry,) = [entry for entry in AuditTrail(office.store).entries() if entry.note.request_id == "my-own.id_1"]
    assert (entry.note.account, entry.note.door, entry.note.question, entry.note.outcome) == ("reader", "rest", QUESTION, "answered")
    assert any("180万平方米" in sentence.text for sentence in entry.note.sentences)
    assert QUESTION not in office.log.read_text(encoding="utf-8")
    given = office.client("reader").get("/health", headers={"X-Request-ID": "a {b}" * 100}).headers["x-request-id"]
    assert given.isalnum()


def test_watching_needs_little_and_tells_little(office: Office) -> None:
    with httpx.Client(base_url=office.address) as client:
        assert client.get("/health").json() == {"status": "alive"}
        assert client.get("/ready").json() == {"status": "ready"}
        assert client.get("/metrics").status_code == 401
    told = office.client("admin").get("/metrics").text
    assert 'replydesk_answers_total{door="rest",outcome="answered"}' in told
    assert "replydesk_letters 5.0" in told
    assert "replydesk_questions_waiting 0.0" in told
    assert "process_resident_memory_bytes" in told


def test_every_response_tells_the_browser_to_stay_here(office: Office, visitor: httpx.Client) -> None:
    for response in (visitor.get("/login"), visitor.get("/"), visitor.get("/health"), visitor.get("/nothing")):
        assert "frame-ancestors" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"


def test_audit_of_all_this_is_whole(office: Office) -> None:
    assert AuditTrail(office.store).verify().faults == ()


def test_listening_to_others_without_accounts_is_refused_with_the_cure(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "REPLYDESK_STORE": str(tmp_path / "store"),
        "REPLYDESK_HOST": "0.0.0.0",
        "REPLYDESK_PORT": str(free_port()),
    }
    done = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "python -m doors.accounts add NAME --role admin" in done.stderr


def test_without_accounts_only_this_computer_is_served(letters_store: Path, tmp_path: Path) -> None:
    shutil.copytree(letters_store, tmp_path / "store")
    with serve(tmp_path / "store") as (address, _, _), httpx.Client(base_url=address, timeout=30) as client:
        assert client.get("/").status_code == 200
        assert client.get("/login").headers["location"] == "/"
        assert client.get("/metrics").status_code == 200
        key = {"Authorization": "Bearer whatever a client must send"}
        assert client.post("/api/v1/ask", json={"question": QUESTION}, headers=key).status_code == 200
        problem(client.get("/api/v1/letters", headers={"X-Forwarded-For": "198.51.100.7"}), 403, "accounts-needed")
        problem(client.get("/api/v1/letters", headers={"Host": "rebound.example"}), 403, "accounts-needed")
        problem(client.post("/api/v1/ask", json={"question": QUESTION}, headers={"Origin": "https://evil.example"}), 403, "cross-site")
        AccountBook(tmp_path / "store").add("root", Role.ADMIN, PASSWORD)
        problem(client.get("/api/v1/letters"), 401, "sign-in-needed")  # from now on


def test_web_sockets_are_shut(office: Office) -> None:
    parts = urlsplit(office.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
        head = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        connection.sendall(head.encode())
        assert b" 403 " in connection.recv(200).split(b"\r\n")[0]
