"""Text → safe HTML. Everything that comes from a letter, a file name, a model or a user passes through `escape`."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlencode

from rag.records import Citation

MARKER = re.compile(r"\[(E\d{1,4})\]")
_STATEMENT_END = re.compile(r"(?<=[。；.;!?！？])(\s*(?:\[E\d{1,4}\]\s*)+)(?=[^\s\[。，；,.;])")
# The page's template language would read these two signs in a letter as its own
_TEMPLATE_SIGNS = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;", "\\": "&#92;"})
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """The text as HTML that shows it and does nothing else."""
    return html.escape(_INVISIBLE.sub("", text), quote=True).translate(_TEMPLATE_SIGNS)


def source_address(letter_id: str, language: str, start: int | None = None, end: int | None = None, version: str = "") -> str:
    """Where the letter is shown, with the sentence marked; `version` is a content hash, empty for the current one."""
    values: dict[str, str | int] = {"letter": letter_id, "language": language}
    if version:
        values["version"] = version
    if start is not None and end is not None:
        values |= {"start": start, "end": end}
    return "source?" + urlencode(values, quote_via=quote)


def citation_address(citation: Citation, language: str) -> str:
    """Where the quoted sentence is shown in the version that was quoted."""
    return source_address(citation.letter_id, language, citation.start, citation.end, citation.content_hash)


def line_address(citation: Citation) -> str:
    """The quoted sentence as a picture of its lines in the original."""
    values = {"letter": citation.letter_id, "version": citation.content_hash, "start": citation.start, "end": citation.end}
    return "line?" + urlencode(values, quote_via=quote)


def mark_number(marker: str) -> str:
    """E12 → 12."""
    return marker.lstrip("E")


def citation_link(citation: Citation, language: str, label: str) -> str:
    """The small number in the text that opens the letter at its sentence; it never stands alone at the head of a line."""
    address = escape(citation_address(citation, language))
    number = escape(mark_number(citation.marker))
    return (
        f'&#8288;<a class="cite" href="{address}" target="_blank" rel="noopener" data-source="{address}" data-cite="{number}" '
        f'aria-label="{escape(label)} {number}">{number}</a>'
    )


def describe_letter(citation: Citation) -> str:
    """Body, number and date of the letter, or what there is of them, or its file."""
    return " · ".join(_known_of(citation))


def render_letter_line(citation: Citation, *more: str) -> str:
    """The same as HTML, and more, broken between the parts only where they fit."""
    return " · ".join(f'<span class="part">{escape(part)}</span>' for part in (*_known_of(citation), *more))


def _known_of(citation: Citation) -> list[str]:
    day = citation.issued_on.isoformat() if citation.issued_on else None
    return [part for part in (citation.body, citation.doc_number, day) if part] or [citation.file]


def render_marked(text: str, citations: dict[str, Citation], language: str, label: str) -> str:
    """Answer text as paragraphs; markers become numbers to click, unknown markers go."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "".join(_render_line(line, citations, language, label) for line in _one_statement_a_line(lines))


def _one_statement_a_line(lines: list[str]) -> list[str]:
    """Statements that follow each other, each with its markers, are easier to check on lines of their own."""
    statements = [piece.strip() for line in lines for piece in _STATEMENT_END.sub(r"\1\n", line).splitlines() if piece.strip()]
    if len(statements) < 3 or len(lines) > 1:
        return statements if len(lines) == 1 else lines
    return [f"- {statement}" for statement in statements]


def _render_line(line: str, citations: dict[str, Citation], language: str, label: str) -> str:
    is_item = line.startswith(("- ", "• ", "· "))
    line = line[2:] if is_item else line
    parts: list[str] = []
    position = 0
    for found in MARKER.finditer(line):
        parts.append(escape(line[position : found.start()].rstrip()))
        citation = citations.get(found.group(1))
        if citation:
            parts.append(citation_link(citation, language, label))
        position = found.end()
    parts.append(escape(line[position:]))
    return f'<p class="{"item" if is_item else "para"}">{"".join(parts)}</p>'
