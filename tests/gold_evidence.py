"""Evidence made from the golden ledgers of the test letters, so that verification is tested apart from ingestion."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from rag.records import Comparator, Evidence, Figure, Status

LEDGERS = Path(__file__).parent / "letters" / "expected"
WORDS = {Status.TARGET: "目标", Status.ACTUAL: "实际", Status.BASELINE: "原值"}


def read_figures() -> list[tuple[Figure, str]]:
    """All golden figures of prose sentences, each with its sentence."""
    found: list[tuple[Figure, str]] = []
    for path in sorted(LEDGERS.glob("*.figures.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "\t" not in row["sentence"]:
                found.append((_figure(row), row["sentence"]))
    return found


def gold_evidence() -> list[Evidence]:
    """One piece of evidence for each sentence."""
    evidence: list[Evidence] = []
    for (sentence, letter_id), rows in groupby(read_figures(), key=lambda pair: (pair[1], pair[0].letter_id)):
        figures = tuple(figure for figure, _ in rows)
        years = {f.year for f in figures}
        kinds = {f.status for f in figures}
        year = years.pop() if len(years) == 1 else None
        status = kinds.pop() if len(kinds) == 1 else None
        subjects = {f.subject for f in figures if f.subject}
        place = subjects.pop() if len(subjects) == 1 else None
        scope = "，".join(part for part in (place or "", f"{year}年" if year else "", WORDS[status] if status else "") if part)
        evidence.append(Evidence(f"E{len(evidence) + 1}", sentence, letter_id, len(evidence), place, year, status, scope, "", figures))
    return evidence


def _figure(row: dict[str, object]) -> Figure:
    high = row.get("value_high")
    low = Decimal(str(row["value"]))
    base = Decimal(str(row["value_base"]))
    return Figure(
        letter_id=str(row["file"]),
        name=str(row["name"]),
        value=low,
        unit=str(row["unit"]),
        value_base=base,
        unit_base=str(row["unit_base"]),
        comparator=Comparator(str(row["comparator"])),
        year=int(str(row["year"])) if row["year"] else None,
        period=str(row["period"] or ""),
        status=Status(str(row["status"])),
        subject=str(row["subject"]) if row["subject"] else None,
        place=None,
        sentence=0,
        start=0,
        end=0,
        high=Decimal(str(high)) if high is not None else None,
        high_base=Decimal(str(high)) * (base / low) if high is not None and low else None,
    )
