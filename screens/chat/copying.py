"""An answer as plain text with its sources, to be pasted elsewhere."""

from __future__ import annotations

from rag.records import Answer
from screens.markup import MARKER, describe_letter, mark_number
from screens.texts import Texts


def copy_text(question: str, answer: Answer, texts: Texts) -> str:
    """Question, answer with numbers, and each quoted sentence with its letter."""
    words = texts.conversations
    known = {citation.marker for citation in answer.citations}
    body = MARKER.sub(lambda found: f"[{mark_number(found.group(1))}]" if found.group(1) in known else "", answer.text)
    lines = [f"{words.copy_question}{question}", "", body]
    if answer.citations:
        lines += ["", words.copy_sources]
        lines += [f"[{mark_number(c.marker)}] “{c.text}” — {describe_letter(c)}" for c in answer.citations]
    return "\n".join(lines)
