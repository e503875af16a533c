"""Endpoints that work, and endpoints that fail in each way, each with a message that says what to do."""

from __future__ import annotations

import socket

import pytest

from rag.errors import ModelCallError, ModelFileError, SettingError
from rag.llm import Tokens, Usage, connect
from rag.prompting import Message
from rag.settings import Settings
from tests.lying_model import PROMPT_TOKENS, Fault, LyingModel

HELLO = (Message("system", "s"), Message("user", "[E1]（甲市，2023年）正文"))


def ask(settings: Settings) -> str:
    model = connect(settings)
    assert model is not None
    return "".join(model.stream(HELLO))


def test_none_means_no_model() -> None:
    assert connect(Settings(llm="none")) is None


def test_an_unknown_choice_is_named() -> None:
    with pytest.raises(SettingError, match="gpt"):
        connect(Settings(llm="gpt"))


def test_an_answer_comes_in_pieces() -> None:
    with LyingModel() as endpoint:
        model = connect(Settings(llm=endpoint.url))
        assert model is not None
        pieces = list(model.stream(HELLO))
    assert len(pieces) > 1
    assert "".join(pieces) == "甲市：正文 [E1]。"
    assert model.name == "lying-model"


def test_the_tokens_are_those_that_the_endpoint_counts() -> None:
    usage = Usage()
    with LyingModel() as endpoint:
        model = connect(Settings(llm=endpoint.url))
        assert model is not None
        text = "".join(model.stream(HELLO, usage))
    assert usage.tokens == Tokens(PROMPT_TOKENS, len(text))


def test_an_endpoint_that_counts_nothing_answers_all_the_same_and_is_asked_once_only() -> None:
    usage = Usage()
    with LyingModel(fault=Fault.NO_COUNT) as endpoint:
        model = connect(Settings(llm=endpoint.url))
        assert model is not None
        assert "".join(model.stream(HELLO, usage)) == "甲市：正文 [E1]。"
        assert "".join(model.stream(HELLO, usage))
    assert usage.tokens is None
    assert ["stream_options" in body for body in endpoint.asked] == [True, False, False]


def test_the_key_and_the_model_of_the_settings_are_sent() -> None:
    with LyingModel(key="s3cret") as endpoint:
        assert ask(Settings(llm=endpoint.url, llm_key="s3cret", llm_model="other"))
    assert endpoint.asked[0]["model"] == "other"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault.KEY, "REPLYDESK_LLM_KEY"),
        (Fault.NO_MODEL, "no model 'm'.*REPLYDESK_LLM_MODEL"),
        (Fault.TOO_LONG, "too long.*REPLYDESK_EVIDENCE_TOKENS"),
        (Fault.BROKEN, "status 500"),
        (Fault.GARBAGE, "no chat completion|does not answer"),
        (Fault.EMPTY, "answered nothing"),
    ],
)
def test_each_failure_says_what_to_do(fault: Fault, says: str) -> None:
    with LyingModel(fault=fault) as endpoint, pytest.raises(ModelCallError, match=says):
        ask(Settings(llm=endpoint.url, llm_model="m"))


def test_a_wrong_key_is_noticed_when_connecting() -> None:
    with LyingModel(key="right") as endpoint, pytest.raises(ModelCallError, match="REPLYDESK_LLM_KEY"):
        connect(Settings(llm=endpoint.url, llm_key="wrong"))


def test_a_slow_endpoint_is_given_up_once() -> None:
    with LyingModel(fault=Fault.SLOW) as endpoint, pytest.raises(ModelCallError, match=r"in time.*REPLYDESK_LLM_TIMEOUT_SECONDS"):
        ask(Settings(llm=endpoint.url, llm_timeout_seconds=0.3))
    assert len(endpoint.asked) == 1


def test_a_busy_endpoint_is_asked_a_second_time() -> None:
    with LyingModel(fault=Fault.ONCE) as endpoint:
        assert ask(Settings(llm=endpoint.url)) == "甲市：正文 [E1]。"
    assert len(endpoint.asked) == 2


def test_a_broken_endpoint_is_asked_twice_and_no_more() -> None:
    with LyingModel(fault=Fault.BROKEN) as endpoint, pytest.raises(ModelCallError):
        ask(Settings(llm=endpoint.url))
    assert len(endpoint.asked) == 2


@pytest.mark.parametrize("model", ["", "m"])
def test_an_endpoint_that_is_down_is_named(model: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ModelCallError, match=r"does not answer.*REPLYDESK_LLM"):
        ask(Settings(llm=url, llm_model=model))


def test_the_embedded_model_without_its_file_says_how_to_get_it(tmp_path: object) -> None:
    with pytest.raises(ModelFileError, match=r"python -m rag\.models"):
        connect(Settings(llm="embedded", model_cache=tmp_path))  # type: ignore[arg-type]
