"""Numbers of people at every way out of a running server: whoever may not see them sees stars; audit, logs and prompts never hold them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from doors.account_book import AccountBook
from doors.roles import Role
from ingest.update import ingest_files
from rag.llm import connect
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.store import open_store
from tests.lying_model import LyingModel
from tests.office_server import PASSWORD, Office, serve

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
    letter = store.parent / "personal.txt"
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
    }


def test_a_reader_sees_stars_and_an_editor_the_numbers(guarded: Office) -> None:
    told = {role: ways_out(guarded.client(role)) for role in ("reader", "editor", "admin")}
    for way, text in told["reader"].items():
        assert MOBILE not in text, way
        assert IDENTITY not in text, way
    for way in ("ask", "stream", "chat", "letter", "screen"):
        assert HIDDEN in told["reader"][way], way
        assert MOBILE in told["editor"][way], way
        assert MOBILE in told["admin"][way], way
    assert HIDDEN_IDENTITY in told["reader"]["why"]
    assert IDENTITY in told["editor"]["why"]
    assert "35座" in told["reader"]["ask"]  # the figure stays


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


def test_no_model_is_told_them(guarded: Office) -> None:
    with LyingModel() as endpoint:
        settings = Settings(store=guarded.store, llm=endpoint.url)
        Pipeline(settings, model=connect(settings)).ask(WHY["question"] + f"（来电{MOBILE}）")
        said = str([body["messages"] for body in endpoint.asked])
    assert HIDDEN_IDENTITY in said
    assert HIDDEN in said
    assert MOBILE not in said
    assert IDENTITY not in said
