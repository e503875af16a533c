"""All settings, read once from the environment (REPLYDESK_…) into one frozen record. The only reader of os.environ."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from rag.errors import SettingError

PREFIX = "REPLYDESK_"
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is the variable REPLYDESK_<NAME> in capitals."""

    store: Path = ROOT / "data" / "store"  # the one folder that is written
    home: str = ""  # the place meant by 我市 and by questions that name none: 甲市
    embedding: str = "use"  # "use": the built-in encoder; else a sentence-transformers name or folder
    reranker: str = ""  # a CrossEncoder name or folder; empty: none
    llm: str = "embedded"  # none, embedded, or the URL of an OpenAI-compatible endpoint
    llm_model: str = ""  # model name at that endpoint; empty: its first
    llm_key: str = ""  # API key for that endpoint
    llm_timeout_seconds: float = 60.0
    model_file: str = ""  # a GGUF file to use in place of the default one
    model_cache: Path = Path("~/.cache/replydesk")  # where the model file is kept
    hub: str = "https://huggingface.co"  # where models are fetched from; HF_ENDPOINT counts too
    host: str = "127.0.0.1"
    port: int = 7860
    language: str = "zh"  # of the screen: zh or en
    max_tokens: int = 400  # of a model's answer
    evidence_tokens: int = 300  # budget of the evidence in a prompt
    session_hours: float = 12.0  # an unused sign-in ends after that
    audit_days: int = 0  # audit entries are kept that long; 0: for ever
    asks_at_once: int = 4  # questions that are answered at the same time; others wait in line
    asks_per_account: int = 2  # of them, at most so many of one account
    asks_waiting: int = 200  # in line at most; further ones are refused
    log: str = "text"  # text: warnings for people; json: every request, one JSON object a line

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        Raises:
            SettingError: a REPLYDESK_ variable is unknown or its value cannot be read.
        """
        variables = os.environ if environment is None else environment
        known = {f.name: f for f in fields(cls)}
        values: dict[str, object] = {}
        if variables.get("HF_ENDPOINT"):
            values["hub"] = variables["HF_ENDPOINT"]
        for variable, text in variables.items():
            if not variable.startswith(PREFIX):
                continue
            name = variable.removeprefix(PREFIX).lower()
            if name not in known:
                listed = ", ".join(sorted(PREFIX + n.upper() for n in known))
                raise SettingError(f"Unknown setting {variable}. Known settings: {listed}.")
            values[name] = _read_value(variable, text, known[name].default)
        return cls(**values)  # type: ignore[arg-type]


def _read_value(variable: str, text: str, default: object) -> object:
    try:
        if isinstance(default, Path):
            return Path(text).expanduser()
        if isinstance(default, int):
            return int(text)
        if isinstance(default, float):
            return float(text)
    except ValueError as error:
        raise SettingError(f"{variable}={text!r} is not a number. Set it like {variable}={default}.") from error
    return text
