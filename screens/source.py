"""The letter beside the chat: what is known of it, its text as paragraphs, headings and tables, the cited sentence marked."""

from __future__ import annotations

from collections.abc import Iterator

from rag.records import Letter, Sentence, SentenceRole
from screens.markup import escape
from screens.source_pages import Original, render_sheets, render_tools
from screens.texts import Texts

MARK_ID = "cited"
NOTHING = Original()  # of a letter of which only the text is known
_TABLE_ROLES = (SentenceRole.TABLE_HEAD, SentenceRole.TABLE_ROW)


def render_source(letter: Letter, texts: Texts, start: int | None = None, end: int | None = None, original: Original = NOTHING) -> str:
    """The whole letter as a piece of HTML; the characters from start to end are marked, on its pages too where it has any."""
    span = (start, end) if start is not None and end is not None and 0 <= start < end <= len(letter.text) else None
    title = letter.title or texts.facts.untitled
    return (
        f'<header class="source-head"><h2 tabindex="-1" lang="zh">{escape(title)}</h2><p lang="zh">{escape(_describe(letter))}</p></header>'
        f"{render_tools(letter, original, span, texts)}{_render_facts(letter, texts)}{render_sheets(letter, original, span, texts)}"
        f'<div class="paper" lang="zh">{_render_text(letter, span, texts)}</div>'
    )


def render_missing(texts: Texts) -> str:
    """What is shown where the letter is no longer in the store."""
    return (
        f'<header class="source-head"><h2 tabindex="-1">{escape(texts.source.title)}</h2></header>'
        f'<p class="empty">{escape(texts.source.missing)}</p>'
    )


def render_page(inner: str, texts: Texts, style: str) -> str:
    """The letter as a page of its own, for a new browser tab."""
    language = "zh-CN" if texts.language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(texts.source.title)} · {escape(texts.frame.product)}</title><style>{style}</style></head><body class="alone">'
        f'<main class="source-alone">{inner}</main><script>const cited = [...document.querySelectorAll(".box, #{MARK_ID}")].find(mark => '
        f'mark.offsetParent); if (cited) cited.scrollIntoView({{block: "center"}});</script></body></html>'
    )


def _describe(letter: Letter) -> str:
    day = letter.issued_on.isoformat() if letter.issued_on else None
    return " · ".join(part for part in ("、".join(letter.bodies), letter.doc_number, day) if part) or letter.file


def _render_facts(letter: Letter, texts: Texts) -> str:
    proposal = " ".join(
        part for part in (letter.proposal_number, f"《{letter.proposal_title}》" if letter.proposal_title else None) if part
    )
    known = [
        (texts.source.body, "、".join(letter.bodies)),
        (texts.source.doc_number, letter.doc_number),
        (texts.source.issued_on, texts.show_date(letter.issued_on) if letter.issued_on else None),
        (texts.source.kind, texts.facts.kinds[letter.kind]),
        (texts.source.session, letter.session),
        (texts.source.proposal_number, proposal),
        (texts.source.addressee, "、".join(letter.addressees)),
        (texts.source.lead_bodies, "、".join(letter.lead_bodies)),
        (texts.source.joint_bodies, "、".join(letter.joint_bodies)),
        (texts.source.corrects, letter.corrects),
        (texts.source.file, letter.file),
    ]
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in known if value)
    return f'<dl class="facts">{rows}</dl>'


def _render_text(letter: Letter, span: tuple[int, int] | None, texts: Texts) -> str:
    if not letter.sentences:
        return f'<p class="line">{_mark(letter.text, 0, span, texts, is_first=True)}</p>'
    first = _first_marked(letter, span)
    parts: list[str] = []
    for block in _blocks(letter):
        render = _render_table if block[0].role in _TABLE_ROLES else _render_paragraph
        parts.append(render(letter, block, span, texts, first))
    return "".join(parts)


def _first_marked(letter: Letter, span: tuple[int, int] | None) -> int:
    """Index of the sentence in which the mark begins; it alone carries the mark's id."""
    if span is None:
        return -1
    return next((s.index for s in letter.sentences if s.end > span[0]), -1)


def _blocks(letter: Letter) -> Iterator[list[Sentence]]:
    """Sentences that stand together: a paragraph, a heading, or a table with all its rows."""
    block: list[Sentence] = []
    for sentence in letter.sentences:
        if block and not _belongs(letter, block[-1], sentence):
            yield block
            block = []
        block.append(sentence)
    if block:
        yield block


def _belongs(letter: Letter, last: Sentence, sentence: Sentence) -> bool:
    is_table = sentence.role in _TABLE_ROLES
    if is_table or last.role in _TABLE_ROLES:
        return is_table and last.role in _TABLE_ROLES and sentence.table == last.table
    return last.role is sentence.role and "\n" not in letter.text[last.end : sentence.start]


def _render_paragraph(letter: Letter, block: list[Sentence], span: tuple[int, int] | None, texts: Texts, first: int) -> str:
    parts: list[str] = []
    position = block[0].start
    for sentence in block:
        parts.append(escape(letter.text[position : sentence.start]))
        parts.append(_mark(letter.text[sentence.start : sentence.end], sentence.start, span, texts, is_first=sentence.index == first))
        position = sentence.end
    inner = "".join(parts)
    role = block[0].role
    if role is SentenceRole.HEADING:
        level = min(3 + max(0, len(block[0].section)), 6)
        return f"<h{level}>{inner}</h{level}>"
    if role is SentenceRole.HEAD:
        text = letter.text[block[0].start : block[-1].end]
        name = "title" if letter.title and _same(text, letter.title) else "opening"
        return f'<p class="{name}">{inner}</p>'
    name = "closing" if role is SentenceRole.TAIL else "line"
    return f'<p class="{name}">{inner}</p>'


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _render_table(letter: Letter, block: list[Sentence], span: tuple[int, int] | None, texts: Texts, first: int) -> str:
    caption = next((sentence.caption for sentence in block if sentence.caption), None)
    rows = []
    for sentence in block:
        tag = "th" if sentence.role is SentenceRole.TABLE_HEAD else "td"
        is_first = sentence.index == first
        cells: list[str] = []
        position = sentence.start
        for cell in _cells(letter.text[sentence.start : sentence.end]):
            content = _mark(cell, position, span, texts, is_first=is_first and "mark" not in "".join(cells))
            cells.append(f"<{tag}>{content}</{tag}>")
            position += len(cell) + 1
        rows.append(f"<tr>{''.join(cells)}</tr>")
    shown = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="table"><table>{shown}<tbody>{"".join(rows)}</tbody></table></div>'


def _cells(row: str) -> list[str]:
    separator = "\t" if "\t" in row else "|"
    return row.split(separator)


def _mark(text: str, offset: int, span: tuple[int, int] | None, texts: Texts, *, is_first: bool) -> str:
    """Text that begins at `offset` of the letter, with its share of the span marked."""
    if span is None:
        return escape(text)
    start = max(span[0] - offset, 0)
    end = min(span[1] - offset, len(text))
    if start >= end:
        return escape(text)
    name = f' id="{MARK_ID}"' if is_first else ""
    label = escape(texts.source.quoted_here)
    return f'{escape(text[:start])}<mark{name} title="{label}">{escape(text[start:end])}</mark>{escape(text[end:])}'
