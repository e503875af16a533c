"""The real embedded model, on its real server: `make test-model`."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from rag import model_server
from rag.errors import ModelCallError, ModelFileError
from rag.llm import Model, connect, explain
from rag.model_server import open_server, stop_servers
from rag.models import fetch_model
from rag.prompting import Message
from rag.settings import Settings
from rag.verify import verify
from tests.test_verify import PLAN, RESULT, WAY

pytestmark = [pytest.mark.model, pytest.mark.timeout(1200)]
SETTINGS = replace(Settings(), model_cache=Path("~/.cache/replydesk").expanduser(), llm="embedded", llm_timeout_seconds=300.0)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    try:
        fetch_model(SETTINGS)
    except ModelFileError as error:
        pytest.skip(f"the model file cannot be had: {error}")
    connected = connect(SETTINGS)
    assert connected is not None
    yield connected
    stop_servers()


@pytest.mark.parametrize(
    ("question", "language", "says"),
    [
        ("岚川市2023年新增孵化面积目标是多少？", "zh", "180万平方米以上"),
        ("2022年全市在孵企业有多少家？", "zh", "3424家"),
        ("企业怎样才能尽快进入审批？", "zh", "主要材料"),
    ],
)
def test_a_question_is_answered_from_the_evidence_and_proved(model: Model, question: str, language: str, says: str) -> None:
    evidence = (PLAN, RESULT, WAY)
    draft = "".join(explain(model, question, language, evidence))
    verified = verify(draft, evidence)
    shown = verified.text or ""
    assert says in shown, f"draft: {draft!r}, dropped: {verified.dropped}"
    assert verified.markers


def test_a_question_too_long_for_its_context_is_a_message(model: Model) -> None:
    with pytest.raises(ModelCallError, match="too long"):
        list(model.stream([Message("user", "答复" * 6000)]))


def test_the_server_asks_for_its_key_and_listens_on_loopback_only(model: Model) -> None:
    server = open_server(fetch_model(SETTINGS))
    assert server.address.startswith("http://127.0.0.1:")
    body = {"messages": [{"role": "user", "content": "你好"}]}
    assert httpx.post(f"{server.url}/chat/completions", json=body, trust_env=False).status_code == httpx.codes.UNAUTHORIZED
    assert server.is_healthy()


def test_a_server_that_was_killed_is_started_again(model: Model) -> None:
    before = open_server(fetch_model(SETTINGS))
    os.kill(before.process_id, signal.SIGKILL)
    assert before.has_ended(5)
    assert "code -9" in before.describe_end()
    assert "".join(model.stream([Message("user", "只回答一个字：好")]))
    assert open_server(fetch_model(SETTINGS)).process_id != before.process_id


def test_a_server_that_dies_while_it_writes_is_a_message(model: Model) -> None:
    server = open_server(fetch_model(SETTINGS))
    pieces = model.stream([Message("user", "请写一篇五百字的文章。")])
    next(pieces)
    os.kill(server.process_id, signal.SIGKILL)
    with pytest.raises(ModelCallError, match=r"ended with code -9.*next question"):
        list(pieces)


def test_a_file_that_is_no_model_ends_the_start_with_a_message(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(1000))
    started = time.monotonic()
    with pytest.raises(ModelCallError, match=r"broken\.gguf"):
        open_server(broken)
    assert time.monotonic() - started < 30
    assert broken not in model_server._servers
