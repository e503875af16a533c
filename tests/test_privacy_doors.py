"""Numbers of people at every way out of a running server: whoever may not see them sees stars; audit, logs and prompts never hold them."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import anyio
import httpx
import openai
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from doors.account_book import AccountBook
from doors.chat_completions import MODEL
from doors.feedback import Feedback, FeedbackBook, Verdict
from doors.gate import CALLER
from doors.roles import Caller, Role
from eval.questions import Question
from eval.scores import answer_row, score_result
from ingest.update import ingest_files
from rag.audit_trail import AuditTrail, Note, Shown
from rag.llm import connect
from rag.pipeline import Pipeline
from rag.prompting import Message
from rag.records import Answer, AnswerFigure, Citation, Comparator, Outcome, Status
from rag.settings import Settings
from rag.store import open_store
from screens.access import show_to
from screens.chat.conversations import Conversations
from screens.chat.exchange import Exchange
from screens.pack import make_pack_routes
from tests.lying_model import LyingModel
from tests.office_server import PASSWORD, Office, serve
from tests.test_mcp_door import content_of, over_http

MOBILE, HIDDEN = "15400001234", "154****1234"
IDENTITY, HIDDEN_IDENTITY = "330399199001011234", "330399**********34"
TEXT = f"""云汀市综合行政执法局
云执提复〔2023〕7号

对市政协十届二次会议第88号提案的答复函
（本函为测试样例，内容均为虚构）

樊远山委员：
您提出的《关于增建公共厕所的建议》收悉，现答复如下：
一、工作进展
2022年，全市新建公共厕所35座，由施工负责人（手机{MOBILE}）逐座验收。工期推迟的原因是图纸经手人身份证号{IDENTITY}登记有误，重新办理用了两个月。
2022年，{MOBILE}热线受理投诉120件。
年份\t保洁岗位（个）\t值班电话
2021\t9\t{MOBILE}
2022\t12\t{MOBILE}
二、下一步打算
2023年，全市计划新建公共厕所40座。

联系人：樊山
联系电话：{MOBILE}
云汀市综合行政执法局
2023年6月20日
"""
ASKED = {"question": "云汀市2022年新建公共厕所多少座？"}
WHY = {"question": "公共厕所的工期为什么推迟？"}


@pytest.fixture(scope="module")
def guarded(letters_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    store = tmp_path_factory.mktemp("private") / "store"
    shutil.copytree(letters_store, store)
    letter = store.parent / f"答复{MOBILE}.txt"
    letter.write_text(TEXT, encoding="utf-8")
    with open_store(Settings(store=store, llm="none"), write=True) as opened:
        assert ingest_files(opened, [letter]).new == 1
    book = AccountBook(store)
    for role in Role:
        book.add(role.value, role, PASSWORD)
    keys = {role.value: book.add_key(role.value, "tests") for role in Role}
    with serve(store, REPLYDESK_LOG="json") as (address, process, log):
        served = Office(address, store, keys, process, log)
        yield served
        for client in served.clients.values():
            client.close()


def ways_out(client: httpx.Client) -> dict[str, str]:
    """What each way out of the server says of the letter."""
    letters = client.get("/api/v1/letters", params={"words": "公共厕所"}).json()["letters"]
    letter = next(row["letter_id"] for row in letters if "综合行政执法局" in row["letter_id"])
    chat = {"model": "replydesk", "messages": [{"role": "user", "content": ASKED["question"]}]}
    return {
        "ask": client.post("/api/v1/ask", json=ASKED).text,
        "why": client.post("/api/v1/ask", json=WHY).text,
        "stream": client.post("/api/v1/ask/stream", json=ASKED).text,
        "chat": client.post("/v1/chat/completions", json=chat).text,
        "letter": client.get(f"/api/v1/letters/{letter}").text,
        "list": client.get("/api/v1/letters").text,
        "figures": client.get("/api/v1/figures").text,
        "screen": client.get("/source", params={"letter": letter}).text,
        "ledger": client.get("/ledger", params={"q": "投诉"}).text,
        "ledger csv": client.get("/ledger/export.csv").text,
        "ledger xlsx": text_of_office_file(client.get("/ledger/export.xlsx").content),
        "pack docx": text_of_office_file(client.post("/api/v1/ask/pack", params={"kind": "docx"}, json=ASKED).content),
        "pack xlsx": text_of_office_file(client.post("/api/v1/ask/pack", params={"kind": "xlsx"}, json=ASKED).content),
        "library": use_search_of_library(client),
        "versions": client.get(f"/api/v1/letters/{letter}/versions").text,
    }


def text_of_office_file(content: bytes) -> str:
    """All the XML within a Word file or a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return unescape("".join(archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml")))


def use_search_of_library(client: httpx.Client) -> str:
    """What the event behind the search of the tab 文件 gives."""
    parts = {part["id"]: part["props"].get("elem_id") for part in client.get("/config").json()["components"]}
    events = client.get("/config").json()["dependencies"]
    (find,) = [e for e in events if any(parts.get(target[0]) == "search" and target[1] == "change" for target in e["targets"])]
    body = {"data": ["公共厕所", None], "fn_index": find["id"], "session_hash": "privacy", "trigger_id": None, "event_data": None}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 200
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": "privacy"}) as stream:
        return "".join(stream.iter_lines())


def test_a_reader_sees_stars_and_an_editor_the_numbers(guarded: Office) -> None:
    told = {role: ways_out(guarded.client(role)) for role in ("reader", "editor", "admin")}
    for way, text in told["reader"].items():
        assert MOBILE not in text, way
        assert IDENTITY not in text, way
    for way in ("ask", "stream", "chat", "letter", "screen", "figures", "pack docx", "pack xlsx", "library"):
        assert HIDDEN in told["reader"][way], way
        assert MOBILE in told["editor"][way], way
        assert MOBILE in told["admin"][way], way
    assert HIDDEN_IDENTITY in told["reader"]["why"]
    assert IDENTITY in told["editor"]["why"]
    assert "35座" in told["reader"]["ask"]  # the figure stays
    for way in ("ledger", "ledger csv", "ledger xlsx"):  # names of figures are masked for everybody, a telephone in a table is none
        assert HIDDEN in told["reader"][way], way
        assert MOBILE not in told["admin"][way], way
        assert "热线受理投诉" in told["reader"][way], way


def test_an_assistant_over_mcp_is_told_what_its_role_may_see(guarded: Office) -> None:
    async def use(key: str) -> str:
        async with over_http(guarded, key) as session:
            found = content_of(await session.call_tool("search_letters", {"words": "公共厕所施工负责人", "limit": 5}))
            letter_id = next(p["letter_id"] for p in found["result"] if "综合行政执法局" in p["letter_id"])
            told = [
                found,
                content_of(await session.call_tool("ask", ASKED)),
                content_of(await session.call_tool("list_figures", {"name": "公共厕所"})),
                content_of(await session.call_tool("list_figures", {"name": "投诉"})),
                content_of(await session.call_tool("read_letter", {"letter_id": letter_id})),
            ]
        return "\n".join(str(one) for one in told)

    reader, editor = anyio.run(use, guarded.keys["reader"]), anyio.run(use, guarded.keys["editor"])
    assert MOBILE not in reader
    assert IDENTITY not in reader
    assert HIDDEN in reader
    assert MOBILE in editor


def test_openai_client_is_told_what_its_role_may_see(guarded: Office) -> None:
    def use(role: str) -> str:
        with openai.OpenAI(base_url=f"{guarded.address}/v1", api_key=guarded.keys[role], max_retries=0, timeout=60) as client:
            asked: Any = [{"role": "user", "content": ASKED["question"]}]
            whole = client.chat.completions.create(model=MODEL, messages=asked).model_dump_json()
            pieces = client.chat.completions.create(model=MODEL, messages=asked, stream=True)
            return whole + "".join(piece.model_dump_json() for piece in pieces)

    assert MOBILE not in use("reader")
    assert HIDDEN in use("reader")
    assert MOBILE in use("editor")


def test_marks_stand_at_the_same_places(guarded: Office) -> None:
    """What a reader is given can be marked in the letter by the same offsets."""
    asked = guarded.client("reader").post("/api/v1/ask", json=ASKED).json()
    citation = next(c for c in asked["citations"] if HIDDEN in c["text"])
    letter = guarded.client("reader").get(f"/api/v1/letters/{citation['letter_id']}").json()
    assert letter["text"][citation["start"] : citation["end"]] == citation["text"]
    place = {"letter": citation["letter_id"], "start": citation["start"], "end": citation["end"]}
    marked = re.search("<mark[^>]*>(.*?)</mark>", guarded.client("reader").get("/source", params=place).text, re.DOTALL)
    assert marked
    assert re.sub("<[^>]+>", "", marked[1]) == citation["text"]


def test_the_file_itself_goes_to_whoever_may_see_it(guarded: Office) -> None:
    letters = guarded.client("reader").get("/api/v1/letters").json()["letters"]
    personal, plain = (next(r["letter_id"] for r in letters if name in r["letter_id"]) for name in ("综合行政执法局", "温州市科学技术局"))
    for address in ("/api/v1/letters/{}/original", "/original?letter={}"):
        assert guarded.client("reader").get(address.format(personal)).status_code in (403, 404)
        assert MOBILE in guarded.client("editor").get(address.format(personal)).text
        assert guarded.client("reader").get(address.format(plain)).status_code == 200
    page = guarded.client("reader").get("/source", params={"letter": personal}).text
    assert "您的角色看到的是遮盖后的文字" in page
    assert "original?" not in page


def test_neither_audit_nor_log_holds_them(guarded: Office) -> None:
    guarded.client("editor").post("/api/v1/ask", json={"question": f"{MOBILE}是谁的手机，云汀市2022年新建公共厕所多少座？"})
    kept = b"".join(path.read_bytes() for path in guarded.store.glob("audit*") if path.is_file()) + guarded.log.read_bytes()
    assert HIDDEN.encode() in kept
    assert MOBILE.encode() not in kept
    assert IDENTITY.encode() not in kept


def test_whatever_is_noted_is_masked(tmp_path: Path) -> None:
    shown = Shown("甲", 0, 30, f"负责人手机{MOBILE}。")
    AuditTrail(tmp_path).add(Note("张某", "rest", "ingest", subject=f"{MOBILE}.txt", question=MOBILE, sentences=(shown,), reason=IDENTITY))
    FeedbackBook(tmp_path).add(Feedback("张某", "t", Verdict.INCOMPLETE, f"来电{MOBILE}", f"{IDENTITY}？", f"负责人{MOBILE}"))
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert HIDDEN.encode() in kept
    assert MOBILE.encode() not in kept
    assert IDENTITY.encode() not in kept


def test_an_answer_kept_from_a_higher_role_is_masked_afterwards(tmp_path: Path) -> None:
    """An editor's conversation, once the account is a reader's: the file that is made of it, too."""
    citation = Citation("E1", f"{MOBILE}.txt", "甲", None, None, None, None, None, 0, 30, f"手机{MOBILE}。", doubtful=(MOBILE, "35"))
    figure = AnswerFigure(f"联系{MOBILE}", Decimal(35), "座", Comparator.EQUAL, 2022, Status.ACTUAL, None, "E1")
    answer = Answer(Outcome.ANSWERED, f"手机{MOBILE}。[E1]", (citation,), (figure,))
    conversations = Conversations(tmp_path)
    conversation = conversations.begin("wang", "公共厕所")
    conversations.add("wang", conversation, Exchange("谁负责？", answer, is_done=True, ticket="t1", asked_at="2026-01-05T08:00:00+00:00"))
    door = FastAPI()
    door.include_router(make_pack_routes(conversations, Settings(store=tmp_path)))

    def fetch(role: Role) -> str:
        async def let_in(scope: Scope, receive: Receive, send: Send) -> None:
            await door({**scope, CALLER: Caller("wang", role)}, receive, send)

        return text_of_office_file(TestClient(let_in).get("/pack/t1.docx").content)

    assert MOBILE in fetch(Role.EDITOR)
    assert MOBILE not in fetch(Role.READER)
    assert HIDDEN in fetch(Role.READER)
    shown = [
        show_to(Caller("wang", role), exchange.answer or answer)
        for role in (Role.EDITOR, Role.READER)
        for exchange in conversations.load("wang", conversation)
    ]
    assert MOBILE in str(shown[0])
    assert MOBILE not in str(shown[1])


def test_answers_of_an_evaluation_are_written_masked() -> None:
    question = Question(id="q", lang="zh", kind="why", question="谁？", answer="", answerable=True)
    answer = Answer(Outcome.ANSWERED, f"手机{MOBILE}。[E1]")
    row = str(answer_row(score_result(question, answer, 0.1)))
    assert HIDDEN in row
    assert MOBILE not in row


def test_no_model_is_told_them(guarded: Office) -> None:
    with LyingModel() as endpoint:
        settings = Settings(store=guarded.store, llm=endpoint.url)
        answer = Pipeline(settings, model=connect(settings)).ask(WHY["question"] + f"（来电{MOBILE}）")
        assert answer.model
        assert not answer.dropped  # its words are held against what it read
        assert HIDDEN_IDENTITY in answer.text
        said = str([body["messages"] for body in endpoint.asked])
        model = connect(settings)
        assert model is not None
        list(model.stream([Message("user", f"请评分：{MOBILE}，{IDENTITY}")]))  # whoever asks a model, an evaluation's judge too
        said += str([body["messages"] for body in endpoint.asked])
    assert HIDDEN_IDENTITY in said
    assert HIDDEN in said
    assert MOBILE not in said
    assert IDENTITY not in said
