"""The tab 文件: the letters of the store, found by title, body or number; upload with a result for each file."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from rag.errors import ReplyDeskError
from rag.records import Letter
from screens.markup import escape, source_address
from screens.seams import Desk, FileOutcome, FileResult
from screens.texts import Texts, texts_for
from screens.upload_results import ingestions_of, render_results, render_undone

FILE_TYPES = [
    *(".txt", ".md", ".html", ".htm", ".mht", ".mhtml", ".docx", ".doc", ".wps", ".rtf", ".pdf", ".ofd"),
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".zip", ".eml"),
]
ROWS_PER_PAGE = 20

_ON_LOAD = """
element.addEventListener('click', event => {
  const button = event.target.closest('[data-page]');
  if (button) trigger('select', {page: Number(button.dataset.page)});
});
"""

_ON_RESULTS = """
element.addEventListener('click', event => { if (event.target.closest('[data-undo]')) trigger('select', {}); });
"""

_log = logging.getLogger(__name__)

Update = Any  # gradio's updates have no type of their own


@dataclass(frozen=True, slots=True)
class LibraryTab:
    """The parts of the tab that other parts of the page change."""

    head: gr.HTML
    files: gr.File
    hint: gr.HTML
    results: gr.HTML
    search: gr.Textbox
    listing: gr.HTML
    done: gr.State  # list[FileResult] of the last upload

    def texts_outputs(self) -> list[Any]:
        """The components that `retell` fills, in its order."""
        return [self.head, self.files, self.hint, self.results, self.search, self.listing]


def build_library(desk: Desk, texts: Texts, language: gr.State) -> LibraryTab:
    """Lay out the tab and wire it."""
    with gr.Column(elem_id="library"):
        head = gr.HTML(_render_head(texts), apply_default_css=False)
        with gr.Column(elem_id="drop"):
            hint = gr.HTML(_render_hint(texts), elem_id="drop-hint", apply_default_css=False)
            files = gr.File(
                file_count="multiple", file_types=FILE_TYPES, label=texts.library.upload, show_label=False, container=False, elem_id="files"
            )
        results = gr.HTML(elem_id="results", apply_default_css=False, js_on_load=_ON_RESULTS)
        search = gr.Textbox(
            placeholder=texts.library.search,
            label=texts.library.search_label,
            show_label=False,
            container=False,
            max_length=200,
            elem_id="search",
        )
        listing = gr.HTML(elem_id="listing", apply_default_css=False, js_on_load=_ON_LOAD)
    tab = LibraryTab(head, files, hint, results, search, listing, gr.State([]))
    _wire(desk, tab, language)
    return tab


def _wire(desk: Desk, tab: LibraryTab, language: gr.State) -> None:
    def add(paths: list[str] | None, search: str | None, spoken: str) -> Iterator[tuple[Update, ...]]:
        yield from add_files(desk, paths or [], search or "", texts_for(spoken))

    def find(search: str | None, spoken: str) -> str:
        return render_listing(desk.letters(), search or "", 1, texts_for(spoken))

    def turn(search: str | None, spoken: str, event: gr.EventData) -> str:
        return render_listing(desk.letters(), search or "", int(event.page), texts_for(spoken))

    def undo(done: list[FileResult], search: str | None, spoken: str) -> tuple[Update, ...]:
        return take_back(desk, done, search or "", texts_for(spoken))

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    tab.files.upload(add, [tab.files, tab.search, language], [tab.results, tab.listing, tab.files, tab.done], concurrency_limit=1, **quiet)
    tab.results.select(undo, [tab.done, tab.search, language], [tab.results, tab.listing, tab.done], concurrency_limit=1, **quiet)
    tab.search.change(find, [tab.search, language], tab.listing, trigger_mode="always_last", **quiet)
    tab.listing.select(turn, [tab.search, language], tab.listing, **quiet)


def add_files(desk: Desk, paths: Sequence[str], search: str, texts: Texts) -> Iterator[tuple[Update, ...]]:
    """Take files in one after the other; each one's result is shown as soon as it is known."""
    results: list[FileResult] = []
    for number, path in enumerate(map(Path, paths), start=1):
        running = texts.library.uploading.format(done=number, count=len(paths), file=path.name)
        yield render_results(results, texts, running), gr.skip(), gr.skip(), gr.skip()
        try:
            results += desk.add_file(path)
        except (ReplyDeskError, OSError) as error:
            _log.warning("%s could not be taken in: %s", path.name, error)
            chinese = error.chinese if isinstance(error, ReplyDeskError) else ""
            results.append(FileResult(path.name, FileOutcome.FAILED, reason=str(error), reason_zh=chinese))
    yield render_results(results, texts), render_listing(desk.letters(), search, 1, texts), None, results


def take_back(desk: Desk, done: Sequence[FileResult], search: str, texts: Texts) -> tuple[Update, ...]:
    """Undo what the last upload brought; where that cannot be, its results stay and say why."""
    try:
        files = desk.undo(ingestions_of(done))
    except (ReplyDeskError, OSError) as error:
        _log.warning("the upload could not be taken back: %s", error)
        chinese = error.chinese if isinstance(error, ReplyDeskError) else ""
        return render_results(done, texts, fault=(texts.language == "zh" and chinese) or str(error)), gr.skip(), done
    return render_undone(files, texts), render_listing(desk.letters(), search, 1, texts), []


def retell(desk: Desk, done: Sequence[FileResult], search: str | None, language: str) -> tuple[Update, ...]:
    """The whole tab in another language."""
    texts = texts_for(language)
    return (
        _render_head(texts),
        gr.update(label=texts.library.upload),
        _render_hint(texts),
        render_results(done, texts),
        gr.update(placeholder=texts.library.search, label=texts.library.search_label),
        render_listing(desk.letters(), search or "", 1, texts),
    )


def _render_head(texts: Texts) -> str:
    return f'<div class="library-head"><h1>{escape(texts.library.title)}</h1><p>{escape(texts.library.detail)}</p></div>'


def _render_hint(texts: Texts) -> str:
    return f'<div class="drop-hint"><b>{escape(texts.library.upload)}</b><span>{escape(texts.library.upload_detail)}</span></div>'


def find_letters(letters: Sequence[Letter], search: str) -> list[Letter]:
    """The letters in which each word of the search occurs, newest first."""
    words = search.casefold().split()
    found = [letter for letter in letters if all(word in _searchable(letter) for word in words)]
    return sorted(found, key=lambda letter: letter.issued_on.toordinal() if letter.issued_on else 0, reverse=True)


def _searchable(letter: Letter) -> str:
    known = [letter.title, letter.doc_number, letter.proposal_number, letter.proposal_title, letter.file, letter.place]
    known += [*letter.bodies, *letter.addressees, letter.issued_on.isoformat() if letter.issued_on else None]
    return " ".join(part for part in known if part).casefold()


def render_listing(letters: Sequence[Letter], search: str, page: int, texts: Texts) -> str:
    """One page of the letters as a table."""
    if not letters:
        return f'<p class="empty">{escape(texts.library.empty)}</p>'
    found = find_letters(letters, search)
    if not found:
        return f'<p class="empty">{escape(texts.library.search_none.format(text=search.strip()))}</p>'
    pages = (len(found) + ROWS_PER_PAGE - 1) // ROWS_PER_PAGE
    page = min(max(1, page), pages)
    shown = found[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    names = [texts.facts.column_title, texts.facts.column_body, texts.facts.column_number, texts.facts.column_date, texts.facts.column_kind]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = "".join(_render_row(letter, texts) for letter in shown)
    return (
        f'<div class="letters"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        f"{_render_pages(page, pages, len(found), texts)}"
    )


def _render_row(letter: Letter, texts: Texts) -> str:
    address = escape(source_address(letter.letter_id, texts.language))
    title = escape(letter.proposal_title or letter.title or texts.facts.untitled)
    day = letter.issued_on.isoformat() if letter.issued_on else ""
    return (
        f'<tr><td class="title" lang="zh"><a href="{address}" target="_blank" rel="noopener" data-source="{address}">{title}</a>'
        f"<small>{escape(letter.file)}</small></td>"
        f'<td lang="zh">{escape("、".join(letter.bodies))}</td><td lang="zh">{escape(letter.doc_number or "")}</td>'
        f"<td>{escape(day)}</td><td>{escape(texts.facts.kinds[letter.kind])}</td></tr>"
    )


def _render_pages(page: int, pages: int, count: int, texts: Texts) -> str:
    def button(target: int, label: str) -> str:
        off = "" if 1 <= target <= pages else " disabled"
        return f'<button type="button" data-page="{target}"{off}>{escape(label)}</button>'

    said = f"<span>{escape(texts.frame.page_of.format(page=page, pages=pages, count=count))}</span>"
    if pages == 1:
        return f'<nav class="pages">{said}</nav>'
    return f'<nav class="pages">{button(page - 1, texts.frame.previous)}{said}{button(page + 1, texts.frame.next)}</nav>'
