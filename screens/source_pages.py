"""The original's pages as pictures with the cited sentence marked, its versions, and its download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from rag.records import Box, Letter
from screens.markup import escape, source_address
from screens.texts import Texts

if TYPE_CHECKING:
    from ingest.page_pictures import PageSize
    from rag.rows import Version

PAGES_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Original:
    """What is known of a letter beside its text."""

    versions: Sequence[Version] = ()  # in order of issue
    sizes: Sequence[PageSize] = ()  # of its pages, where they can be shown as pictures
    has_file: bool = False
    is_quoted_version_gone: bool = False
    is_masked: bool = False  # numbers of people are hidden, and with them pages and file


def render_tools(letter: Letter, original: Original, span: tuple[int, int] | None, texts: Texts) -> str:
    """Choice between pages and text, versions, download; and what must be known of this version."""
    words = texts.source
    parts: list[str] = []
    if original.sizes:
        pages, text = (" checked", "") if shows_pages_first(letter, original, span) else ("", " checked")
        parts.append(
            f'<fieldset class="views"><legend class="sr">{escape(words.view)}</legend>'
            f'<label><input type="radio" name="source-view" value="pages"{pages}><span>{escape(words.view_pages)}</span></label>'
            f'<label><input type="radio" name="source-view" value="text"{text}><span>{escape(words.view_text)}</span></label></fieldset>'
        )
    parts.append(_render_versions(letter, original, texts))
    if original.has_file:
        address = escape("original?" + urlencode({"letter": letter.letter_id, "version": letter.content_hash}, quote_via=quote))
        parts.append(f'<a class="download" href="{address}" download="{escape(letter.file)}">{escape(words.download)}</a>')
    shown = "".join(parts)
    return (f'<div class="source-tools">{shown}</div>' if shown else "") + _render_notice(letter, original, texts)


def shows_pages_first(letter: Letter, original: Original, span: tuple[int, int] | None) -> bool:
    """Pages, where the cited sentence can be marked on them; without a citation the text reads better, unless it was recognised."""
    if not original.sizes:
        return False
    if span is not None:
        return bool(_boxes_of(letter, span))
    return any(sentence.scanned for sentence in letter.sentences)


def render_sheets(letter: Letter, original: Original, span: tuple[int, int] | None, texts: Texts) -> str:
    """All pages one below the other; a page's picture is fetched when it comes into view."""
    if not original.sizes:
        return ""
    boxes = _boxes_of(letter, span)
    sheets: list[str] = []
    for number, size in enumerate(original.sizes[:PAGES_AT_MOST], start=1):
        address = escape(
            "page?" + urlencode({"letter": letter.letter_id, "version": letter.content_hash, "number": number}, quote_via=quote)
        )
        said = escape(texts.source.page_of.format(page=number, pages=len(original.sizes)))
        marks = "".join(_render_box(box) for box in boxes if (box.page or 1) == number)
        sheets.append(
            f'<figure class="sheet" style="aspect-ratio:{size.width:.2f}/{size.height:.2f}"><img src="{address}" alt="{said}" loading="lazy">{marks}'
            f"<figcaption>{said}</figcaption></figure>"
        )
    return f'<div class="sheets">{"".join(sheets)}</div>'


def _boxes_of(letter: Letter, span: tuple[int, int] | None) -> list[Box]:
    if span is None:
        return []
    return [box for sentence in letter.sentences if sentence.start < span[1] and sentence.end > span[0] for box in sentence.boxes]


def _render_box(box: Box) -> str:
    place = f"left:{box.left:.2%};top:{box.top:.2%};width:{box.right - box.left:.2%};height:{box.bottom - box.top:.2%}"
    return f'<i class="box" style="{place}"></i>'


def _render_versions(letter: Letter, original: Original, texts: Texts) -> str:
    texts_of = [version for version in original.versions if version.source_of is None]
    others = [version for version in original.versions if version.source_of is not None]
    if len(original.versions) < 2:
        return ""
    own = next((version for version in original.versions if version.content_hash == letter.content_hash), None)
    shown = own.version_id if own and own.source_of is None else own.source_of if own else None
    place = next((number for number, version in enumerate(texts_of, start=1) if version.version_id == shown), len(texts_of))
    label = escape(texts.source.versions.format(number=place, count=len(texts_of)))
    entries = "".join(_render_version(version, letter, texts) for version in reversed(texts_of))
    if others:
        entries += f"<li><b>{escape(texts.source.other_sources)}</b></li>" + "".join(_render_version(v, letter, texts) for v in others)
    return f'<details class="menu versions"><summary>{label}</summary><div><ul>{entries}</ul></div></details>'


def _render_version(version: Version, letter: Letter, texts: Texts) -> str:
    address = escape(source_address(version.letter_id, texts.language, version=version.content_hash))
    day = version.issued_on.isoformat() if version.issued_on else f"{texts.source.version_arrived} {version.arrived_at[:10]}"
    tag = f'<span class="tag actual">{escape(texts.source.version_now)}</span>' if version.current else ""
    here = ' aria-current="true"' if version.content_hash == letter.content_hash else ""
    return f'<li><a href="{address}" data-source="{address}"{here}><span>{escape(day)}</span><small>{escape(version.file)}</small>{tag}</a></li>'


def _render_notice(letter: Letter, original: Original, texts: Texts) -> str:
    masked = f'<p class="source-notice" role="status">{escape(texts.source.masked)}</p>' if original.is_masked else ""
    return masked + _render_version_notice(letter, original, texts)


def _render_version_notice(letter: Letter, original: Original, texts: Texts) -> str:
    if original.is_quoted_version_gone:
        return f'<p class="source-notice" role="status">{escape(texts.source.version_gone)}</p>'
    own = next((version for version in original.versions if version.content_hash == letter.content_hash), None)
    if own is None or own.current or own.source_of is not None:
        return ""
    address = escape(source_address(letter.letter_id, texts.language))
    return (
        f'<p class="source-notice" role="status">{escape(texts.source.old_version)} '
        f'<a href="{address}" data-source="{address}">{escape(texts.source.see_current)}</a></p>'
    )
