"""What an ingestion did and what a store holds, as JSON and as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.changes import Effect, FigureChange, LetterChange
from ingest.pinned import AnswerChange
from ingest.undo import Undone
from ingest.update import Tally
from rag.records import Comparator, Figure
from rag.registry import Registry, Size
from rag.rows import Version

LISTED = 20  # figures of one letter that are listed for a person; JSON has all
_BOUNDS = {Comparator.AT_LEAST: "≥", Comparator.MORE: ">", Comparator.AT_MOST: "≤", Comparator.LESS: "<", Comparator.ABOUT: "≈"}
_SIGNS = {"added": "+", "removed": "-", "altered": "~"}


def ingestion_as_json(tally: Tally, size: Size, seconds: float) -> dict[str, object]:
    """The result of an ingestion: what the store holds now, what became of the files, what changed in the letters."""
    return {
        "letters": size.letters,
        "new": tally.new,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "failed": [{"file": failed.file, "reason": failed.reason} for failed in tally.failed],
        "figures": size.figures,
        "chunks": size.chunks,
        "seconds": round(seconds, 3),
        "changes": [change_as_json(change) for change in tally.changes],
    }


def change_as_json(change: LetterChange) -> dict[str, object]:
    """One changed letter."""
    return {
        "letter_id": change.letter_id,
        "effect": change.effect.value,
        "file": change.file,
        "doc_number": change.doc_number,
        "title": change.title,
        "corrected_by": change.corrected_by,
        "figures": [
            {
                "effect": figure.effect.value,
                "name": figure.figure.name,
                "old": _figure_as_json(figure.old),
                "new": _figure_as_json(figure.new),
            }
            for figure in change.figures
        ],
        "sentences_added": len(change.sentences_added),
        "sentences_removed": len(change.sentences_removed),
    }


def _figure_as_json(figure: Figure | None) -> dict[str, object] | None:
    if figure is None:
        return None
    return {
        "name": figure.name,
        "value": str(figure.value),
        "high": str(figure.high) if figure.high is not None else None,
        "unit": figure.unit,
        "comparator": figure.comparator.value,
        "year": figure.year,
        "status": figure.status.value,
        "subject": figure.subject,
    }


def ingestion_as_text(tally: Tally, size: Size, seconds: float) -> str:
    """The same for a person."""
    lines = [f"{failed.file}: {failed.reason.removeprefix(f'{Path(failed.file).name}: ')}" for failed in tally.failed]
    for change in tally.changes:
        lines += change_as_lines(change)
    lines.append(
        f"{tally.new} new, {tally.changed} changed, {tally.unchanged} unchanged, {len(tally.failed)} failed in {round(seconds, 3)} s. "
        f"The store holds {size.letters} letters, {size.figures} figures, {size.chunks} chunks."
    )
    return "\n".join(lines)


def change_as_lines(change: LetterChange) -> Iterator[str]:
    """One changed letter: what happened to it, then its figures, one a line."""
    name = change.doc_number or change.title or change.letter_id
    if change.effect is Effect.OLDER:
        yield f"{name}: {change.file} is an older text; what counted still counts."
        return
    if change.effect is Effect.GONE:
        yield f"{name}: gone, with {change.file}."
        return
    if change.effect is Effect.KEPT:
        yield f"{name}: {change.file} is gone; what counted still counts."
        return
    if change.effect is Effect.SOURCE and not change.sentences_added:
        yield f"{name}: {change.file} is another file of a text that is there."
        return
    if change.effect is Effect.CORRECTED:
        yield f"{name}: corrected by {change.corrected_by} ({change.file})."
    else:
        effects = [figure.effect.value for figure in change.figures]
        counts = ", ".join(f"{effects.count(word)} {word}" for word in ("altered", "added", "removed") if word in effects)
        yield (
            f"{name}: now as in {change.file}. Figures: {counts or 'as before'}. "
            f"Sentences: {len(change.sentences_added)} added, {len(change.sentences_removed)} removed."
        )
    yield from (f"  {_SIGNS[figure.effect.value]} {_say_change(figure)}" for figure in change.figures[:LISTED])
    if len(change.figures) > LISTED:
        yield f"  … and {len(change.figures) - LISTED} more (--json lists them all)"


def _say_change(change: FigureChange) -> str:
    if change.old is None or change.new is None:
        return f"{_say_scope(change.figure)}: {_say_value(change.figure)}"
    old, new = _say_value(change.old), _say_value(change.new)
    if _say_scope(change.old) == _say_scope(change.new):
        return f"{_say_scope(change.new)}: {old} → {new}"
    return f"{_say_scope(change.old)}: {old} → {_say_scope(change.new)}: {new}"


def _say_scope(figure: Figure) -> str:
    return " ".join(
        part for part in (figure.subject, str(figure.year or ""), figure.name, figure.group, f"({figure.status.value})") if part
    )


def _say_value(figure: Figure) -> str:
    high = f"–{figure.high:f}" if figure.high is not None else ""
    return f"{_BOUNDS.get(figure.comparator, '')}{figure.value:f}{high}{figure.unit}"


def answers_as_json(changes: Sequence[AnswerChange]) -> list[dict[str, object]]:
    """Pinned questions whose answers changed."""
    return [
        {
            "id": change.pinned.id,
            "question": change.pinned.question,
            "old": {"outcome": change.old.outcome.value, "answer": change.old.text},
            "new": {"outcome": change.new.outcome.value, "answer": change.new.text},
            "changed_by": [{"letter_id": letter_id, "file": file} for letter_id, file in change.changed_by],
        }
        for change in changes
    ]


def answers_as_text(changes: Sequence[AnswerChange], asked: int) -> str:
    """The same for a person."""
    lines = []
    for change in changes:
        causes = [f"{letter_id} ({file})" for letter_id, file in change.changed_by]
        listed = "; ".join(causes[:3]) + (f" and {len(causes) - 3} more" if len(causes) > 3 else "")
        lines += [f"Pinned question {change.pinned.id}: {change.pinned.question}", f"  changed by {listed}"]
        lines += [f"  - {change.old.text}", f"  + {change.new.text}"]
    return "\n".join([*lines, f"{len(changes)} of {asked} pinned questions are answered otherwise than before."])


def undone_as_json(undone: Undone) -> dict[str, object]:
    """What an undo took back."""
    return {
        "ingestion": undone.ingestion,
        "began_at": undone.began_at,
        "files": list(undone.files),
        "changes": [change_as_json(change) for change in undone.changes],
    }


def undone_as_text(undone: Undone) -> str:
    """The same for a person."""
    lines = [line for change in undone.changes for line in change_as_lines(change)]
    return "\n".join([*lines, f"Took back the ingestion of {undone.began_at}: {len(undone.files)} files."])


def letters_as_json(registry: Registry) -> list[dict[str, object]]:
    """The letters of a store: number, date and title, how many texts there are, and the files of the one that counts."""
    files: dict[str, list[Version]] = {}
    for version in registry.versions():
        files.setdefault(version.letter_id, []).append(version)
    return [
        {
            "letter_id": letter.letter_id,
            "doc_number": letter.doc_number,
            "title": letter.title,
            "body": letter.bodies[0] if letter.bodies else None,
            "issued_on": letter.issued_on.isoformat() if letter.issued_on else None,
            "file": letter.file,
            "versions": sum(version.source_of is None for version in files[letter.letter_id]),
            "sources": _sources_of(files[letter.letter_id]),
        }
        for letter in registry.letters()
    ]


def _sources_of(files: Sequence[Version]) -> list[str]:
    """The files of the text that counts, the one that it is taken from first."""
    used = next(version for version in files if version.current)
    return [used.file, *sorted(version.file for version in files if version.source_of == used.version_id)]


def letters_as_text(rows: Sequence[dict[str, object]]) -> str:
    """One letter a line: id, date, number, title, files, number of texts."""
    lines = []
    for row in rows:
        sources = row["sources"]
        assert isinstance(sources, list)
        known = [str(row[name] or "-") for name in ("letter_id", "issued_on", "doc_number", "title")]
        lines.append("\t".join([*known, ", ".join(sources), str(row["versions"])]))
    return "\n".join([*lines, f"{len(rows)} letters"])
