"""The language model: any OpenAI-compatible endpoint, or the embedded one, through one code path (the only importer of langchain_openai)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import httpx

from rag import model_server
from rag.errors import ModelCallError, ModelFileError, SettingError
from rag.models import HOW_TO, fetch_model, find_model
from rag.privacy import mask
from rag.prompting import Message, explain_prompt
from rag.records import Evidence
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessageChunk
    from langchain_openai import ChatOpenAI

    from rag.model_sources import OnProgress

NO_KEY = "none"  # ChatOpenAI wants one, endpoints without keys ignore it
CONNECT_SECONDS = 5.0
RETRIES = 1


class Tokens(NamedTuple):
    """What a call of a model read and wrote, in its own tokens, as its endpoint reports it."""

    prompt: int
    completion: int


@dataclass(slots=True)
class Usage:
    """Filled by a call: what it read and wrote; None as long as the endpoint has not said."""

    tokens: Tokens | None = None


class Model(Protocol):
    """A language model that writes text."""

    @property
    def name(self) -> str:
        """Its name, for the screen and the trace."""
        ...

    def stream(self, messages: Sequence[Message], usage: Usage | None = None) -> Iterator[str]:
        """Its answer, piece by piece; at the end `usage` is filled, where the endpoint reports it.

        Raises:
            ModelCallError: the endpoint failed, refused or answered nonsense.
        """
        ...


class ChatModel:
    """A model behind an OpenAI-compatible endpoint."""

    def __init__(self, chat: ChatOpenAI, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self._chat = chat

    def stream(self, messages: Sequence[Message], usage: Usage | None = None) -> Iterator[str]:
        """See `Model`. One retry where nothing came yet."""
        sent = [(message.role, mask(message.content)) for message in messages]  # no number of a person leaves for a model
        tries_left = RETRIES
        while True:
            started = False
            try:
                for piece in self._chat.stream(sent):
                    text = _text_of(piece)
                    if usage is not None and (told := _tokens_of(piece)) is not None:
                        usage.tokens = told
                    started = started or bool(text)
                    if text:
                        yield text
            except Exception as error:  # the client raises many kinds; each becomes one of ours
                if not started and self._chat.stream_usage and _refuses_usage(error):
                    self._chat = self._chat.model_copy(update={"stream_usage": False})
                    continue
                if tries_left and not started and _is_worth_retrying(error):
                    tries_left -= 1
                    continue
                raise ModelCallError(describe_failure(error, self.name, self.url)) from error
            if not started:
                raise ModelCallError(f"{self.name} at {self.url} answered nothing. Ask again, or choose another model.")
            return


class EmbeddedModel:
    """The embedded model: the same code over a server of our own, which is started again after a crash."""

    def __init__(self, settings: Settings, model_file: Path) -> None:
        self.name = model_file.stem
        self._settings = settings
        self._model_file = model_file
        self._server: model_server.ModelServer | None = None
        self._chat: ChatModel | None = None

    def start(self) -> ChatModel:
        """The model on a running server.

        Raises:
            ModelCallError: the server does not come up.
        """
        server = model_server.open_server(self._model_file)
        if self._chat is None or server is not self._server:
            self._server = server
            self._chat = ChatModel(_make_chat(self._settings, server.url, self.name, server.key), self.name, server.url)
        return self._chat

    def stream(self, messages: Sequence[Message], usage: Usage | None = None) -> Iterator[str]:
        """See `Model`."""
        chat, server = self.start(), self._server
        try:
            yield from chat.stream(messages, usage)
        except ModelCallError as error:
            if server and server.has_ended():
                raise ModelCallError(f"{server.describe_end()}. It is started again with the next question.") from error
            raise


def connect(settings: Settings, *, fetch: bool = False, on_progress: OnProgress | None = None) -> Model | None:
    """The model that the settings name; None for `none`.

    Args:
        settings: `llm` is none, embedded or a URL.
        fetch: fetch the embedded model's file where it is missing.
        on_progress: told how far the fetch is.

    Raises:
        ModelFileError: the embedded model's file is not here.
        ModelCallError: the endpoint does not answer as it should.
        SettingError: `llm` is none of the three.
    """
    choice = settings.llm.strip()
    if choice in ("", "none"):
        return None
    if choice == "embedded":
        path = fetch_model(settings, on_progress) if fetch else find_model(settings)
        if path is None:
            raise ModelFileError(f"The embedded model's file is not here yet. {HOW_TO}")
        model = EmbeddedModel(settings, path)
        model.start()
        threading.Thread(target=_warm_up, args=(model, settings.language), name="model-warm-up", daemon=True).start()
        return model
    if choice.startswith(("http://", "https://")):
        url = choice.rstrip("/")
        name = settings.llm_model or _first_model(url, settings)
        return ChatModel(_make_chat(settings, url, name, settings.llm_key or NO_KEY), name, url)
    raise SettingError(f"REPLYDESK_LLM={choice!r} is none of: none, embedded, or a URL such as http://127.0.0.1:11434/v1.")


def explain(model: Model, question: str, language: str, evidence: Sequence[Evidence], usage: Usage | None = None) -> Iterator[str]:
    """The model's draft of a short explanation from the evidence, piece by piece. It must pass `verify` before it is an answer.

    Raises:
        ModelCallError: the endpoint failed, refused or answered nonsense.
    """
    yield from model.stream(explain_prompt(question, language, evidence), usage)


def _warm_up(model: Model, language: str) -> None:
    """Let the server read the fixed beginning of the prompt, so that the first question does not wait for it."""
    with contextlib.suppress(ModelCallError):  # the first question meets the same failure and shows it
        next(iter(explain(model, "", language, ())), None)


def describe_failure(error: Exception, name: str, url: str) -> str:
    """What went wrong with a call, and what to do."""
    import openai

    said = str(error)[:300]
    if isinstance(error, openai.APITimeoutError | TimeoutError | httpx.TimeoutException) or "timeout" in type(error).__name__.lower():
        return f"{name} at {url} did not answer in time. Raise REPLYDESK_LLM_TIMEOUT_SECONDS, or choose a faster model."
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return f"{url} refuses the key. Set REPLYDESK_LLM_KEY to a key that it knows."
    if isinstance(error, openai.NotFoundError):
        return (
            f"{url} has no model {name!r}, or is no OpenAI-compatible address. Check REPLYDESK_LLM_MODEL and REPLYDESK_LLM. It said: {said}"
        )
    if isinstance(error, openai.RateLimitError):
        return f"{url} is over its limit. Wait, or choose another endpoint. It said: {said}"
    if isinstance(error, openai.APIStatusError):
        if "context" in said.lower() and any(word in said.lower() for word in ("exceed", "length", "long", "size", "maximum")):
            return f"The question and its evidence are too long for {name}. Lower REPLYDESK_EVIDENCE_TOKENS. It said: {said}"
        return f"{url} failed with status {error.status_code}. It said: {said}"
    if isinstance(error, openai.APIConnectionError | httpx.HTTPError | OSError):
        return f"{url} does not answer. Is it running, and is REPLYDESK_LLM right? ({said})"
    return f"{url} answered something that is no chat completion ({type(error).__name__}: {said}). Check REPLYDESK_LLM."


def _is_worth_retrying(error: Exception) -> bool:
    import openai

    if isinstance(error, openai.APITimeoutError):
        return False
    if isinstance(error, openai.APIStatusError):
        return error.status_code in (500, 502, 503, 504)
    return isinstance(error, openai.APIConnectionError | httpx.HTTPError)


def _make_chat(settings: Settings, url: str, name: str, key: str) -> ChatOpenAI:
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        model=name,
        base_url=url,
        api_key=SecretStr(key),
        temperature=0.0,
        max_tokens=settings.max_tokens,  # type: ignore[call-arg]
        timeout=httpx.Timeout(settings.llm_timeout_seconds, connect=CONNECT_SECONDS),
        stream_chunk_timeout=settings.llm_timeout_seconds,
        max_retries=0,  # ours is bounded and only where nothing was shown yet
        use_responses_api=False,
        stream_usage=True,
    )


def _refuses_usage(error: Exception) -> bool:
    """Whether an endpoint does not know the request for its count of tokens; it answers without."""
    import openai

    return isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError) and "stream_options" in str(error)


def _tokens_of(piece: BaseMessageChunk) -> Tokens | None:
    told = getattr(piece, "usage_metadata", None)
    return Tokens(told["input_tokens"], told["output_tokens"]) if told else None


def _text_of(piece: BaseMessageChunk) -> str:
    return piece.content if isinstance(piece.content, str) else str(piece.text)


def _first_model(url: str, settings: Settings) -> str:
    """The first model that the endpoint lists."""
    headers = {"Authorization": f"Bearer {settings.llm_key}"} if settings.llm_key else {}
    cure = "Set REPLYDESK_LLM_MODEL to the model's name."
    try:
        answer = httpx.get(f"{url}/models", headers=headers, timeout=httpx.Timeout(10.0, connect=CONNECT_SECONDS))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ModelCallError(f"{url} does not answer. Is it running, and is REPLYDESK_LLM right? ({error})") from error
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise ModelCallError(f"{url} refuses the key. Set REPLYDESK_LLM_KEY to a key that it knows.")
    try:
        return str(answer.raise_for_status().json()["data"][0]["id"])
    except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
        raise ModelCallError(f"{url}/models lists no model ({type(error).__name__}). {cure}") from error
