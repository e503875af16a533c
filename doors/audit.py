"""`python -m doors.audit verify | export`: is the audit's chain whole, and what does it say."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TextIO

from rag.audit_trail import AuditTrail, Entry
from rag.errors import ReplyDeskError
from rag.figures import defuse
from rag.settings import Settings

COLUMNS = (
    "number", "at", "account", "role", "door", "action", "request_id", "subject", "question", "outcome", "sentences", "reason", "previous", "hash",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Exit 0: the chain is whole, or exported; 1: it is broken, or cannot be read; 2: wrong use."""
    wanted = _read_arguments(arguments)
    try:
        settings = Settings.from_environment()
        if wanted.store:
            settings = replace(settings, store=wanted.store)
        trail = AuditTrail(settings.store)
        if wanted.action == "verify":
            return _verify(trail, wanted.head)
        chosen = _choose(trail, wanted)
        if wanted.out:
            with wanted.out.open("w", encoding="utf-8-sig" if wanted.format == "csv" else "utf-8", newline="") as file:
                _export(chosen, wanted.format, file)
        else:
            _export(chosen, wanted.format, sys.stdout)
    except (ReplyDeskError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def entry_as_json(entry: Entry) -> dict[str, object]:
    """One entry as it is exported."""
    said = {**asdict(entry.note), "number": entry.number, "at": entry.at, "previous": entry.previous, "hash": entry.hash}
    return {column: said[column] for column in COLUMNS}


def _verify(trail: AuditTrail, noted_head: str) -> int:
    verdict = trail.verify(noted_head)
    for fault in verdict.faults:
        sys.stderr.write(f"{fault}\n")
    if verdict.faults:
        sys.stdout.write(f"The audit is broken in {len(verdict.faults)} places; {verdict.count} entries.\n")
        return 1
    sys.stdout.write(f"The audit is whole: {verdict.count} entries. Head: entry {verdict.last}, {verdict.head}\n")
    return 0


def _choose(trail: AuditTrail, wanted: argparse.Namespace) -> Iterator[Entry]:
    for entry in trail.entries():
        day = entry.at[:10]
        is_in_time = (not wanted.since or day >= wanted.since) and (not wanted.until or day <= wanted.until)
        if is_in_time and wanted.account in (None, entry.note.account):
            yield entry


def _export(entries: Iterator[Entry], form: str, out: TextIO) -> None:
    if form == "jsonl":
        for entry in entries:
            out.write(json.dumps(entry_as_json(entry), ensure_ascii=False) + "\n")
        return
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        row = {**entry_as_json(entry), "sentences": "\n".join(sentence.text for sentence in entry.note.sentences)}
        writer.writerow([defuse(row[column]) for column in COLUMNS])


def _read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m doors.audit", description="Who asked what when, who took in or removed what.")
    parser.add_argument("action", choices=("verify", "export"))
    parser.add_argument("--store", type=Path, metavar="DIR", help="the store's folder (else REPLYDESK_STORE, else data/store)")
    parser.add_argument("--head", default="", metavar="HASH", help="verify: a hash noted earlier, which must still be in the chain")
    parser.add_argument("--since", metavar="DATE", help="export: from that day on (UTC): 2026-01-31")
    parser.add_argument("--until", metavar="DATE", help="export: until that day")
    parser.add_argument("--account", metavar="NAME", help="export: only of this account")
    parser.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="export: one JSON object a line, or a table")
    parser.add_argument("--out", type=Path, metavar="FILE", help="export: write to this file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
