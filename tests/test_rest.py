"""REST as a program uses it, against the running server."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from doors.office import QUESTION_AT_MOST
from doors.shapes import AnswerBody, FigureBody
from rag.ask import answer_as_json
from rag.figures import COLUMNS
from rag.pipeline import Pipeline
from rag.records import Answer, AnswerFigure, Citation, Comparator, Outcome, Status
from rag.settings import ROOT, Settings
from tests.office_server import LETTER_ID, LETTERS, QUESTION, Office

LETTER = f"/api/v1/letters/{quote(LETTER_ID, safe='')}"


def problem(response: httpx.Response, status: int, code: str) -> dict[str, str]:
    """The response is a refusal that says what and what to do."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, str] = response.json()
    assert told["type"] == f"urn:replydesk:{code}"
    assert told["what"]
    assert told["cure"]
    assert told["request_id"] == response.headers["x-request-id"]
    return told


def test_answer_is_that_of_the_command(office: Office, letters_store: Path) -> None:
    told = office.client("reader").post("/api/v1/ask", json={"question": QUESTION}).json()
    pipeline = Pipeline(Settings(store=letters_store, llm="none"))
    wanted = answer_as_json(pipeline.ask(QUESTION))
    pipeline.store.close()
    assert {**told, "seconds": 0} == {**json.loads(json.dumps(wanted)), "seconds": 0}
    assert "180万平方米" in told["answer"]


def test_history_and_day_count(office: Office) -> None:
    asked = {"question": "那2022年呢？", "history": [{"question": "温州市2023年孵化面积是多少？"}], "asked_on": "2023-07-01"}
    assert "2022" in office.client("reader").post("/api/v1/ask", json=asked).json()["answer"]
    early = {"question": QUESTION, "as_of": "2023-01-01"}
    assert office.client("reader").post("/api/v1/ask", json=early).json()["outcome"] == "not_found"


def test_stream_gives_evidence_before_the_answer(office: Office) -> None:
    with office.client("reader").stream("POST", "/api/v1/ask/stream", json={"question": QUESTION}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        text = response.read().decode()
    events = [block.split("\n") for block in text.strip().split("\n\n")]
    assert [lines[0] for lines in events] == ["event: waiting", "event: evidence", "event: answer"]
    answer = json.loads(events[-1][1].removeprefix("data: "))
    assert answer["citations"][0]["letter_id"] == LETTER_ID


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"question": "长" * 100_000}, "too-long"),
        ({"question": "长" * (QUESTION_AT_MOST + 1)}, "too-long"),
        ({"question": "\x07\u202e "}, "too-long"),
        ({"question": ""}, "not-understood"),
        ({"question": 5}, "not-understood"),
        ({"question": QUESTION, "temperature": 1}, "not-understood"),
        ({"question": QUESTION, "as_of": "gestern"}, "not-understood"),
        ({}, "not-understood"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(office: Office, body: dict[str, object], code: str) -> None:
    for path in ("/api/v1/ask", "/api/v1/ask/stream"):
        told = problem(office.client("reader").post(path, json=body), 422, code)
        if code == "too-long" and len(str(body["question"])) > QUESTION_AT_MOST:
            assert str(QUESTION_AT_MOST) in told["what"]


def test_control_characters_do_not_reach_the_question(office: Office) -> None:
    told = office.client("reader").post("/api/v1/ask", json={"question": f"\x00\u202e{QUESTION}\x1b[31m"}).json()
    assert told["outcome"] in ("answered", "partly", "not_found")


def test_figures_filtered_and_paged(office: Office) -> None:
    client = office.client("reader")
    every = client.get("/api/v1/figures", params={"per_page": 500}).json()
    assert every["total"] == len(every["figures"]) > 20
    pages = [
        client.get("/api/v1/figures", params={"per_page": 7, "page": page}).json()["figures"] for page in range(1, every["total"] // 7 + 2)
    ]
    assert [row for page in pages for row in page] == every["figures"]
    some = client.get("/api/v1/figures", params={"name": "孵化面积", "year": [2023], "status": "target"}).json()["figures"]
    assert some
    assert all("孵化面积" in row["name"] and row["year"] == 2023 and row["status"] == "target" for row in some)
    assert "180" in {str(row["value"]) for row in some}
    assert client.get("/api/v1/figures", params={"page": 9999}).json()["figures"] == []
    problem(client.get("/api/v1/figures", params={"page": 0}), 422, "not-understood")
    problem(client.get("/api/v1/figures", params={"status": "wish"}), 422, "not-understood")


def test_letters_are_listed_found_and_read(office: Office) -> None:
    client = office.client("reader")
    listed = client.get("/api/v1/letters").json()
    assert listed["total"] == len(LETTERS)
    days = [letter["issued_on"] for letter in listed["letters"]]
    assert days == sorted(days, reverse=True)
    assert [letter["letter_id"] for letter in client.get("/api/v1/letters", params={"words": "温科提复 科学"}).json()["letters"]] == [
        LETTER_ID
    ]
    letter = client.get(LETTER).json()
    for sentence in letter["sentences"]:
        assert letter["text"][sentence["start"] : sentence["end"]] == sentence["text"]
    (version,) = client.get(f"{LETTER}/versions").json()
    assert version["current"]
    original = client.get(f"{LETTER}/original")
    assert original.content == (ROOT / "data/letters" / LETTERS[0]).read_bytes()
    assert original.headers["content-disposition"].startswith("attachment")
    assert original.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("letter_id", ["nobody", "..%2F..%2Fetc%2Fpasswd", "a%00b", "%E2%80%AE", quote("'; DROP TABLE versions --")])
@pytest.mark.parametrize("behind", ["", "/versions", "/original"])
def test_missing_letter_is_named(office: Office, letter_id: str, behind: str) -> None:
    problem(office.client("reader").get(f"/api/v1/letters/{letter_id}{behind}"), 404, "no-such-letter")


def test_letter_goes_in_and_out(office: Office) -> None:
    client = office.client("editor")
    text = (ROOT / "data/letters/2023-wuling-kj-044.txt").read_bytes()
    files = [("files", ("../../2023-wuling.txt", text)), ("files", ("empty.txt", b"")), ("files", ("broken.pdf", b"%PDF-1.7 broken"))]
    results = client.post("/api/v1/letters", files=files).json()["results"]
    assert [(row["file"], row["outcome"]) for row in results] == [
        ("2023-wuling.txt", "new"),
        ("empty.txt", "failed"),
        ("broken.pdf", "failed"),
    ]
    assert results[0]["figures"] > 0
    assert results[1]["reason"]
    again = client.post("/api/v1/letters", files=files[:1]).json()["results"]
    assert again[0]["outcome"] == "unchanged"
    letter_id = results[0]["letter_id"]
    assert again[0]["letter_id"] == letter_id
    address = f"/api/v1/letters/{quote(letter_id, safe='')}"
    assert client.get(address).status_code == 200
    assert client.delete(address).json() == {"letter_id": letter_id, "versions": 1}
    problem(client.get(address), 404, "no-such-letter")
    problem(client.delete(address), 404, "no-such-letter")
    problem(client.post("/api/v1/letters", files=[("other", ("a.txt", b"x"))]), 422, "not-understood")


def test_evaluation_is_started_followed_and_stopped(office: Office) -> None:
    client = office.client("admin")
    lines = (ROOT / "eval/questions/sample.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines[:2]]
    problem(client.post("/api/v1/evaluations", json={"questions": [{"id": "x"}]}), 422, "no-question-set")
    started = client.post("/api/v1/evaluations", json={"questions": questions})
    assert started.status_code == 202
    address = f"/api/v1/evaluations/{started.json()['evaluation_id']}"
    problem(client.post("/api/v1/evaluations", json={"questions": questions}), 429, "too-many-questions")
    told = started.json()
    end = time.monotonic() + 120
    while told["state"] == "running" and time.monotonic() < end:
        time.sleep(0.5)
        told = client.get(address).json()
    assert told["state"] == "done", told
    assert told["scores"]["questions"] == 2
    other = client.post("/api/v1/evaluations", json={"questions": questions}).json()["evaluation_id"]
    client.delete(f"/api/v1/evaluations/{other}")
    while client.get(f"/api/v1/evaluations/{other}").json()["state"] == "running" and time.monotonic() < end:
        time.sleep(0.2)
    assert client.get(f"/api/v1/evaluations/{other}").json()["state"] == "stopped"
    problem(client.get("/api/v1/evaluations/0123456789ab"), 404, "no-such-evaluation")


def test_document_and_its_page_need_nothing_from_outside(office: Office) -> None:
    client = office.client("reader")
    document = client.get("/api/v1/openapi.json").json()
    assert {"/ask", "/ask/stream", "/figures", "/letters", "/evaluations"} <= set(document["paths"])
    page = client.get("/api/v1/docs").text
    assert all(path in page for path in document["paths"])
    assert "src=" not in page
    assert "//" not in page.replace("http://", "").replace("https://", "") or "<link" not in page
    assert "<script" not in page


def test_shapes_are_those_of_the_commands() -> None:
    citation = Citation("E1", "a.txt", "a-1", None, None, None, "", None, 0, 2, "二。")
    figure = AnswerFigure("名", 1, "家", Comparator.EQUAL, 2023, Status.ACTUAL, None, "E1")  # type: ignore[arg-type]
    real = answer_as_json(Answer(Outcome.ANSWERED, "二。[E1]", (citation,), (figure,), {"total": 0.1}, None))
    told = AnswerBody.model_validate(real).model_dump(mode="json")
    assert told == real  # no field more, none fewer
    assert tuple(FigureBody.model_fields) == COLUMNS
