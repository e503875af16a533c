"""Prompts: text files with named variables in `prompts/`, their one home.

A file holds sections `=== system` and `=== user`; `{name}` is a variable. A missing or unknown one stops with its name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from rag.errors import PromptError
from rag.records import Evidence
from rag.settings import ROOT

PROMPTS = ROOT / "prompts"
SECTION = re.compile(r"^=== (\w+)[ \t]*\n", re.MULTILINE)
VARIABLE = re.compile(r"\{([a-z_]+)\}")
ROLES = ("system", "user", "assistant")
FENCES = re.compile(r"<<<|>>>")
Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file, read."""

    path: Path
    hash: str  # SHA-256 of the file, hex; goes into each answer's trace
    sections: tuple[Message, ...]
    variables: frozenset[str]

    def fill(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """Put the values in; what they hold is never read as a variable itself.

        Raises:
            PromptError: a variable has no value, or a value no variable.
        """
        if missing := sorted(self.variables - values.keys()):
            raise PromptError(f"{self.path.name}: no value for {', '.join(missing)}")
        if unknown := sorted(values.keys() - self.variables):
            raise PromptError(f"{self.path.name} has no variable {', '.join(unknown)}; it has {', '.join(sorted(self.variables))}")
        return tuple(Message(m.role, VARIABLE.sub(lambda found: values[found.group(1)], m.content)) for m in self.sections)


@lru_cache(maxsize=32)
def load_prompt(name: str, folder: Path = PROMPTS) -> Prompt:
    """Read the prompt `name` (its file without .txt).

    Raises:
        PromptError: there is no such file, or it has no sections.
    """
    path = folder / f"{name}.txt"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in folder.glob("*.txt"))) or "none"
        raise PromptError(f"There is no prompt {path}. Prompts there: {there}.")
    text = path.read_text(encoding="utf-8")
    pieces = SECTION.split(text)
    if pieces[0].strip() or len(pieces) < 3:
        raise PromptError(f"{path.name} must begin with a line such as “=== system”.")
    sections: list[Message] = []
    for role, content in zip(pieces[1::2], pieces[2::2], strict=True):
        if role not in ROLES:
            raise PromptError(f"{path.name}: unknown section “=== {role}”; known: {', '.join(ROLES)}.")
        sections.append(Message(role, content.strip()))  # type: ignore[arg-type]
    variables = frozenset(found for m in sections for found in VARIABLE.findall(m.content))
    return Prompt(path, hashlib.sha256(text.encode("utf-8")).hexdigest(), tuple(sections), variables)


def write_evidence(evidence: Sequence[Evidence]) -> str:
    """The evidence as the prompt shows it: one line each, its scope in front, nothing in it that could close the fence."""
    return "\n".join(_write_line(item) for item in evidence)


def _write_line(item: Evidence) -> str:
    scope = f"（{item.scope}）" if item.scope else ""
    header = f"{item.header}：" if item.header else ""
    body = FENCES.sub(" ", f"{header}{item.text}")
    return f"[{item.marker}]{scope}{' '.join(body.split())}"


def explain_prompt(question: str, language: str, evidence: Sequence[Evidence]) -> tuple[Message, ...]:
    """The messages that ask for a short explanation from the evidence; `language` is zh or en."""
    prompt = load_prompt(explain_prompt_name(language))
    return prompt.fill({"evidence": write_evidence(evidence), "question": FENCES.sub(" ", " ".join(question.split()))})


def explain_prompt_name(language: str) -> str:
    """Name of the prompt file for answers in this language."""
    return "explain.en" if language == "en" else "explain.zh"
