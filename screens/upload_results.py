"""What became of an upload: each file's result, what it changed in other letters and in pinned answers, and how to take it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rag.compose import amount, state
from screens.markup import escape, source_address
from screens.seams import FileOutcome, FileResult
from screens.texts import Texts

if TYPE_CHECKING:
    from ingest.changes import FigureChange, LetterChange
    from ingest.pinned import AnswerChange

FIGURES_SHOWN = 20  # of one letter; the rest is counted


def ingestions_of(results: Sequence[FileResult]) -> list[int]:
    """Numbers of the ingestions that an upload made."""
    return sorted({result.ingestion for result in results if result.ingestion})


def render_results(results: Sequence[FileResult], texts: Texts, running: str = "", fault: str = "") -> str:
    """What became of each uploaded file, and of all together."""
    if not results and not running:
        return ""
    words = {
        FileOutcome.NEW: texts.library.upload_new,
        FileOutcome.CHANGED: texts.library.upload_changed,
        FileOutcome.UNCHANGED: texts.library.upload_unchanged,
        FileOutcome.FAILED: texts.library.upload_failed,
    }
    items = [_render_result(result, words[result.outcome], texts) for result in results]
    if running:
        items.append(f'<li class="running"><b><i></i></b><span>{escape(running)}</span></li>')
    counts = {outcome.value: sum(result.outcome is outcome for result in results) for outcome in FileOutcome}
    summary = "" if running else f"<p>{escape(texts.library.upload_summary.format(**counts))}</p>"
    undo = _render_undo(results, fault, texts) if ingestions_of(results) and not running else ""
    return (
        f'<section class="results" role="status"><h2>{escape(texts.library.upload_result)}</h2>{summary}<ul>{"".join(items)}</ul>'
        f"{undo}</section>"
    )


def render_undone(files: Sequence[str], texts: Texts) -> str:
    """What was taken back."""
    items = "".join(f'<li class="unchanged"><b>{escape(texts.library.undone)}</b><span>{escape(file)}</span></li>' for file in files)
    return f'<section class="results" role="status"><h2>{escape(texts.library.undone_title)}</h2><ul>{items}</ul></section>'


def _render_undo(results: Sequence[FileResult], fault: str, texts: Texts) -> str:
    """A button that first tells what it does."""
    files = sum(bool(result.ingestion) for result in results)
    told = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    return (
        f'<details class="undo"{" open" if fault else ""}><summary>{escape(texts.library.undo)}</summary>'
        f"<p>{escape(texts.say_count(texts.library.undo_detail, files))}</p>{told}"
        f'<button type="button" class="danger" data-undo>{escape(texts.library.undo_confirm)}</button></details>'
    )


def _render_result(result: FileResult, word: str, texts: Texts) -> str:
    reason = (result.reason_zh if texts.language == "zh" else "") or result.reason
    detail = escape(reason or result.title)
    if result.figures:
        detail += f" · {escape(texts.say_count(texts.library.upload_figures, result.figures))}"
    if result.letter_id:
        address = escape(source_address(result.letter_id, texts.language))
        detail += f' <a href="{address}" target="_blank" rel="noopener" data-source="{address}">{escape(texts.source.title)}</a>'
    changes = "".join(part for change in result.changes for part in _render_letter_change(change, texts))
    answers = "".join(_render_answer(change, texts) for change in result.answers)
    if answers:
        changes += f'<div class="answers"><b>{escape(texts.library.answers_changed)}</b><ul>{answers}</ul></div>'
    return (
        f'<li class="{result.outcome.value}"><b>{escape(word)}</b>'
        f"<div><span>{escape(result.file)}<small>{detail}</small></span>{changes}</div></li>"
    )


def _render_letter_change(change: LetterChange, texts: Texts) -> Iterator[str]:
    """The figures of a letter that are others now, old → new."""
    if not change.figures and not change.sentences_added and not change.sentences_removed:
        return
    name = change.doc_number or change.title or change.letter_id
    rows = "".join(f"<li>{_render_figure_change(figure, texts)}</li>" for figure in change.figures[:FIGURES_SHOWN])
    if len(change.figures) > FIGURES_SHOWN:
        rows += f"<li>{escape(texts.say_count(texts.library.more_figures, len(change.figures) - FIGURES_SHOWN))}</li>"
    counts = texts.library.sentences_changed.format(added=len(change.sentences_added), removed=len(change.sentences_removed))
    yield (
        f'<details class="change"><summary>{escape(texts.library.changed_in.format(letter=name))} · {escape(counts)}</summary>'
        f'<ul lang="zh">{rows}</ul></details>'
    )


def _render_figure_change(change: FigureChange, texts: Texts) -> str:
    english = texts.language == "en"
    if change.old is None:
        return f"<ins>+ {escape(state(change.figure, english))}</ins>"
    if change.new is None:
        return f"<del>− {escape(state(change.figure, english))}</del>"
    if change.old.name == change.new.name and change.old.year == change.new.year:
        old, new = escape(amount(change.old, english)), state(change.new, english)
        return f"<del>{old}</del> → <ins>{escape(new)}</ins>"
    return f"<del>{escape(state(change.old, english))}</del> → <ins>{escape(state(change.new, english))}</ins>"


def _render_answer(change: AnswerChange, texts: Texts) -> str:
    by = "、".join(file for _, file in change.changed_by)
    return (
        f"<li><b>{escape(change.pinned.question)}</b><del>{escape(change.old.text)}</del><ins>{escape(change.new.text)}</ins>"
        f"<small>{escape(texts.library.changed_by.format(file=by))}</small></li>"
    )
