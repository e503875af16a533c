"""Several whole questions in one message (甲市2023年…多少？乙县2024年…多少？) → each for itself, and one answer of theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.records import Finding, Outcome, Query, Statement

MOST = 5  # questions of one message
SHORTEST = 6  # characters; what is shorter leans on the question before it: 差多少？
END = re.compile(r"(?<=[？?])\s*(?=\S)")
LEANS = re.compile(
    r"^(?:其|比|较|那|它|该|这|差|相差|分别|各|同比|增[长加减]|为什么|为啥|又|还|与|跟|和|完成了?吗|达标)"
    r"|^(?:and\b|(?:what|how) about|of (?:which|these|them|that)|is (?:that|it|this)|was (?:that|it|this)|why\b|by how)",
    re.IGNORECASE,
)
OWN_PLACE = re.compile(r"我[市省县区]|本[市省县区]|我们|\b(?:our|we)\b", re.IGNORECASE)


def questions_in(message: str) -> tuple[str, ...]:
    """The questions of a message, where it holds two or more; else none."""
    found = tuple(part.strip() for part in END.split(message) if part.strip())
    return found if 2 <= len(found) <= MOST and all(len(part) >= SHORTEST for part in found) else ()


def stand_alone(queries: Sequence[Query]) -> bool:
    """Whether each names its own time or place, and its own matter: then none leans on another."""
    return all(
        (query.years or query.places or query.plan)
        and query.topics
        and (query.topics[0].terms or len(query.topics[0].text.split()) > 1)
        and not LEANS.search(query.question)
        for query in queries
    )


def with_places(queries: Sequence[Query]) -> list[Query]:
    """What names no place is asked of the place named before it."""
    filled: list[Query] = []
    for query in queries:
        if not query.places and not query.unknown_places and filled and filled[-1].places and not OWN_PLACE.search(query.question):
            query = replace(query, places=filled[-1].places)
        filled.append(query)
    return filled


def put_together(questions: Sequence[str], findings: Sequence[Finding], english: bool) -> Finding:
    """The statements of all, in the order of the questions; those without an answer are named."""
    statements: list[Statement] = []
    missing = []
    for question, finding in zip(questions, findings, strict=True):
        if finding.outcome is Outcome.NOT_FOUND:
            missing.append(question)
        statements += [s for s in finding.statements if finding.outcome is not Outcome.NOT_FOUND and s not in statements]
    notes = tuple(dict.fromkeys(note for finding in findings for note in finding.notes))
    if not statements:
        return replace(findings[0], notes=notes)
    if missing:
        listed = " ".join(missing)
        statements.append(Statement(f"Not found: {listed}" if english else f"未找到：{listed}"))
    partly = missing or any(f.outcome is Outcome.PARTLY for f in findings)
    score = min(f.score for f in findings if f.outcome is not Outcome.NOT_FOUND)
    return Finding(Outcome.PARTLY if partly else Outcome.ANSWERED, tuple(statements), notes, score)
