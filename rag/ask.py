"""`python -m rag.ask "QUESTION"`: one question, one proved answer."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from rag.errors import ModelError, ReplyDeskError, SettingError
from rag.evidence_pack import make_pack
from rag.llm import connect
from rag.pack_files import check_kind, kind_of, write_pack
from rag.pipeline import Pipeline
from rag.records import Answer, AnswerFigure, Citation
from rag.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask and write the answer. Exit 0: asked, 1: could not be asked, 2: wrong use."""
    options = _read_options(arguments)
    asked_at = datetime.now().astimezone()
    try:
        settings = _settings(options)
        if options.pack:
            check_kind(kind_of(options.pack))
        try:
            model = connect(settings)
        except ModelError as error:
            sys.stderr.write(f"{error}\nAnswering with quoted sentences alone.\n")
            model = None
        answer = Pipeline(settings, model=model).ask(options.question, as_of=options.as_of, asked_on=options.asked_on)
        if options.pack:
            days = (options.as_of, options.asked_on)
            options.pack.write_bytes(write_pack(make_pack(options.question, answer, asked_at, settings, *days), kind_of(options.pack)))
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (ReplyDeskError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(answer_as_json(answer), ensure_ascii=False, indent=2) + "\n" if options.json else _as_text(answer))
    return 0


def answer_as_json(answer: Answer) -> dict[str, object]:
    """The answer in the shape that commands, API and evaluation share."""
    return {
        "outcome": answer.outcome.value,
        "answer": answer.text,
        "citations": [_citation_as_json(c) for c in answer.citations],
        "figures": [_figure_as_json(f) for f in answer.figures],
        "seconds": {name: round(value, 4) for name, value in answer.seconds.items()},
        "model": answer.model,
        "dropped": list(answer.dropped),
        "notes": list(answer.notes),
    }


def _citation_as_json(citation: Citation) -> dict[str, object]:
    return {
        "marker": citation.marker,
        "file": citation.file,
        "letter_id": citation.letter_id,
        "doc_number": citation.doc_number,
        "title": citation.title,
        "issued_on": citation.issued_on.isoformat() if citation.issued_on else None,
        "section": citation.section,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
        "text": citation.text,
        "doubtful": list(citation.doubtful),
    }


def _figure_as_json(figure: AnswerFigure) -> dict[str, object]:
    return {
        "name": figure.name,
        "value": str(figure.value),
        "high": str(figure.high) if figure.high is not None else None,
        "unit": figure.unit,
        "comparator": figure.comparator.value,
        "year": figure.year,
        "status": figure.status.value if figure.status else None,
        "subject": figure.subject,
        "marker": figure.marker,
        "doubtful": figure.doubtful,
    }


def _as_text(answer: Answer) -> str:
    lines = [answer.text, ""]
    for citation in answer.citations:
        source = "，".join(str(part) for part in (citation.doc_number or citation.title or citation.file, citation.issued_on) if part)
        doubt = f"  （扫描件，此数字请核对原件：{'、'.join(citation.doubtful)}）" if citation.doubtful else ""
        lines.append(f"[{citation.marker}] {citation.text}  （{source}）{doubt}")
    return "\n".join([*lines, *answer.notes]).rstrip() + "\n"


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m rag.ask", description="Ask the letters of a store one question.")
    parser.add_argument("question")
    parser.add_argument("--store", type=Path, help="folder of the store (REPLYDESK_STORE, data/store)")
    parser.add_argument("--llm", help="none, embedded, or the URL of an OpenAI-compatible endpoint (REPLYDESK_LLM)")
    parser.add_argument("--home", help="the place meant where a question names none (REPLYDESK_HOME)")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="from the letters issued until that day: 2023-06-30")
    parser.add_argument("--asked-on", type=date.fromisoformat, metavar="DATE", help="the day from which “this year” counts; today")
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.add_argument("--pack", type=Path, metavar="FILE", help="also write the answer with all that proves it: FILE.docx or FILE.xlsx")
    return parser.parse_args(arguments)


def _settings(options: argparse.Namespace) -> Settings:
    settings = Settings.from_environment()
    given = {name: value for name in ("store", "llm", "home") if (value := getattr(options, name)) is not None}
    return replace(settings, **given)


if __name__ == "__main__":
    sys.exit(main())
