"""One exchange as HTML: the question, the evidence card, the text, its numbered sources and the mark of proof."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.records import Answer, AnswerFigure, Citation, Outcome
from screens.chat.copying import copy_text
from screens.chat.drawing import draw_figures
from screens.chat.exchange import Exchange
from screens.chat.filters import render_narrowed
from screens.feedback_form import render_feedback
from screens.markup import citation_address, citation_link, escape, line_address, mark_number, render_letter_line, render_marked
from screens.pack_menu import render_pack_menu
from screens.texts import Texts

CARDS_AT_MOST = 4  # more figures than this stand in a table
PAIR = 2  # and of those that are drawn, more than two
QUOTE_AT_MOST = 240  # characters of a sentence on a card; the source list has it whole

_ICONS = {Outcome.ANSWERED: "✓", Outcome.PARTLY: "◐", Outcome.NOT_FOUND: "?"}


def render_exchange(exchange: Exchange, texts: Texts) -> str:
    """Question and everything known of its answer so far."""
    parts = [_render_asked(exchange, texts)]
    if exchange.answer:
        parts.append(_render_answer(exchange, exchange.answer, texts))
    if exchange.error:
        parts.append(
            f'<div class="reply failed" role="alert"><div class="verdict"><b aria-hidden="true">!</b>{escape(texts.frame.error)}</div>'
            f'<p class="para">{escape(exchange.error)}</p></div>'
        )
    elif not exchange.answer and exchange.is_done:
        parts.append(f'<p class="hint">{escape(texts.chat.stopped_empty)}</p>')
    elif not exchange.answer:
        parts.append(f'<div class="reply waiting" role="status"><i></i><i></i><i></i><span>{escape(texts.chat.looking)}</span></div>')
    state = "done" if exchange.is_done else "running"
    if exchange.warning:
        parts.append(f'<p class="warning" role="alert">{escape(exchange.warning)}</p>')
    return f'<article class="exchange" data-state="{state}" data-ticket="{escape(exchange.ticket)}">{"".join(parts)}</article>'


def _render_asked(exchange: Exchange, texts: Texts) -> str:
    said = f'<div class="asked"><span class="sr">{escape(texts.chat.you)}: </span>{escape(exchange.question)}</div>'
    chips = render_narrowed(exchange.filters, texts)
    if not exchange.is_done:
        return said + chips
    edit = escape(texts.conversations.edit)
    return f'{said}<div class="asked-tools"><button type="button" data-do="edit" data-ticket="{escape(exchange.ticket)}">{edit}</button></div>{chips}'


def _render_actions(exchange: Exchange, answer: Answer, texts: Texts) -> str:
    words = texts.conversations
    copied = escape(copy_text(exchange.question, answer, texts)).replace("\n", "&#10;")
    copy = f'<button type="button" data-copy="{copied}" data-copied="{escape(words.copied)}">{escape(words.copy)}</button>'
    return f'<div class="actions">{copy}{render_pack_menu(exchange.ticket, texts)}{render_feedback(exchange.ticket, answer, texts)}</div>'


def _render_answer(exchange: Exchange, answer: Answer, texts: Texts) -> str:
    citations = {citation.marker: citation for citation in answer.citations}
    parts = [_render_verdict(answer, texts)]
    if answer.outcome is not Outcome.NOT_FOUND:
        parts.append(_render_figures(answer, citations, texts))
    if exchange.is_stopped:
        parts.append(f'<p class="hint">{escape(texts.chat.stopped)}</p>')
    parts.append(f'<div class="text">{render_marked(answer.text, citations, texts.language, texts.facts.open_source)}</div>')
    if exchange.draft and not exchange.is_done:
        parts.append(
            f'<div class="draft" role="status"><span class="hint">{escape(texts.chat.writing)}</span>'
            f'<p class="para">{escape(_hide_markers(exchange.draft))}</p></div>'
        )
    parts.append(_render_sources(answer, texts))
    if exchange.is_done:
        parts += [_render_proof(answer, texts), _render_actions(exchange, answer, texts)]
    return f'<div class="reply {answer.outcome.value}">{"".join(parts)}</div>'


def _hide_markers(draft: str) -> str:
    return re.sub(r"\s*\[E?\d*\]?", "", draft)


def _say_note(note: str, texts: Texts) -> str:
    """The pipeline's `home: 柳溪市` in the screen's language; other notes are messages already."""
    return texts.frame.home.format(home=note.removeprefix("home: ")) if note.startswith("home: ") else note


def _render_verdict(answer: Answer, texts: Texts) -> str:
    notes = "".join(f"<span>{escape(_say_note(note, texts))}</span>" for note in answer.notes)
    if notes:
        notes = f'<div class="notes"><span class="sr">{escape(texts.chat.notes)}</span>{notes}</div>'
    if answer.outcome is Outcome.ANSWERED:
        return notes
    icon = _ICONS[answer.outcome]
    return f'<div class="verdict"><b aria-hidden="true">{icon}</b>{escape(texts.chat.outcomes[answer.outcome])}</div>{notes}'


def _render_figures(answer: Answer, citations: dict[str, Citation], texts: Texts) -> str:
    figures = answer.figures
    if not figures:
        return ""
    drawn = draw_figures(figures, texts)
    if len(figures) > (PAIR if drawn else CARDS_AT_MOST):
        return drawn + _render_table(figures, citations, texts)
    size = "one" if len(figures) == 1 else "many"
    cards = "".join(_render_card(figure, citations.get(figure.marker), texts) for figure in figures)
    return f'<div class="cards {size}" role="group" aria-label="{escape(texts.chat.evidence)}">{cards}</div>{drawn}'


def _render_card(figure: AnswerFigure, citation: Citation | None, texts: Texts) -> str:
    quote = ""
    if citation:
        link = citation_link(citation, texts.language, texts.facts.open_source)
        quote = (
            f"<blockquote>{_shorten_quote(citation.text, figure)}{link}</blockquote>"
            f'<div class="letter-line">{render_letter_line(citation)}</div>'
        )
    scan = _render_scan(citation, texts) if citation and figure.doubtful else ""
    return (
        f'<section class="card"><header><span class="name">{escape(figure.name)}</span>{_render_tags(figure, texts)}</header>'
        f'<div class="value">{_render_value(figure, texts)}</div>{_render_doubt(figure, texts)}{quote}{scan}</section>'
    )


def _render_scan(citation: Citation, texts: Texts) -> str:
    """The line that a number in doubt was read from, as it stands in the original; the script takes it away where it cannot be drawn."""
    address, said = escape(line_address(citation)), escape(texts.facts.scanned_line)
    return f'<figure class="scan"><img src="{address}" alt="{said}" loading="lazy"><figcaption>{said}</figcaption></figure>'


def _render_doubt(figure: AnswerFigure, texts: Texts) -> str:
    return f'<div class="doubt">{escape(texts.facts.doubtful)}</div>' if figure.doubtful else ""


def _render_tags(figure: AnswerFigure, texts: Texts) -> str:
    status = texts.facts.statuses[figure.status] if figure.status else texts.facts.computed
    tone = figure.status.value if figure.status else "computed"
    tags = [f'<span class="tag">{escape(_period(figure, texts))}</span>', f'<span class="tag {tone}">{escape(status)}</span>']
    if figure.subject:
        tags.insert(0, f'<span class="tag plain">{escape(figure.subject)}</span>')
    return f'<span class="tags">{"".join(tags)}</span>'


def _period(figure: AnswerFigure, texts: Texts) -> str:
    year = texts.facts.period.format(year=figure.year) if figure.year else texts.facts.no_year
    if not figure.period or figure.period.strip("“”") == year:
        return year
    return (
        figure.period
        if figure.year and str(figure.year) in figure.period
        else f"{year} · {figure.period}"
        if figure.year
        else figure.period
    )


def _render_value(figure: AnswerFigure, texts: Texts) -> str:
    before, after = texts.facts.comparators[figure.comparator]
    number, unit = _split_value(figure, texts)
    parts = [
        f'<span class="bound">{escape(before)}</span>' if before else "",
        f'<strong>{escape(number)}</strong><span class="unit">{escape(unit)}</span>',
        f'<span class="bound">{escape(after)}</span>' if after else "",
    ]
    if texts.language == "en" and _as_written(figure) != number + unit:
        parts.append(f'<span class="as-written" lang="zh">{escape(_as_written(figure))}</span>')
    return " ".join(part for part in parts if part)


def _split_value(figure: AnswerFigure, texts: Texts) -> tuple[str, str]:
    """The number to print large and its unit."""
    if texts.language == "zh":
        return show_number(figure.value, figure.high, texts.language), figure.unit
    from rag.quantity import format_english

    low = format_english(figure.value, figure.unit)
    if figure.high is not None:
        low = f"{show_number(figure.value, None, 'en')} to {format_english(figure.high, figure.unit)}"
    found = re.match(r"[\d.,]+(?:\s*%)?(?: to [\d.,]+(?:\s*%)?)?", low)
    if not found:
        return low, ""
    return found.group(0), low[found.end() :].strip()


def _as_written(figure: AnswerFigure) -> str:
    return show_number(figure.value, figure.high, "zh") + figure.unit


def show_number(value: Decimal, high: Decimal | None, language: str) -> str:
    """Digits as the language groups them; a range with its dash."""
    text = format(value, ",f") if language == "en" or abs(value) >= 10_000 else format(value, "f")
    return text if high is None else f"{text}–{show_number(high, None, language)}"


def _shorten_quote(sentence: str, figure: AnswerFigure) -> str:
    """The sentence with the figure in bold; a long one is cut around the figure."""
    digits = format(figure.value, "f")
    found = re.search(rf"(?<![\d.]){re.escape(digits)}(?![\d.]\d)", sentence) or re.search(
        rf"(?<![\d.]){re.escape(format(figure.value, ',f'))}", sentence
    )
    start, end = found.span() if found else (0, 0)
    if found and figure.unit and sentence.startswith(figure.unit, end):
        end += len(figure.unit)
    first, last = 0, len(sentence)
    if len(sentence) > QUOTE_AT_MOST:
        first = max(0, min(start - QUOTE_AT_MOST // 2, len(sentence) - QUOTE_AT_MOST))
        last = min(len(sentence), first + QUOTE_AT_MOST)
    head = ("…" if first else "") + sentence[first:start]
    tail = sentence[end:last] + ("…" if last < len(sentence) else "")
    if not found:
        return escape(head + tail)
    return f"{escape(head)}<b>{escape(sentence[start:end])}</b>{escape(tail)}"


def _render_table(figures: tuple[AnswerFigure, ...], citations: dict[str, Citation], texts: Texts) -> str:
    has_subject = any(figure.subject for figure in figures)
    heads = [texts.facts.column_name, texts.facts.column_value, texts.facts.column_period, texts.facts.column_status]
    heads += [texts.facts.column_subject] if has_subject else []
    rows = []
    for figure in figures:
        citation = citations.get(figure.marker)
        link = citation_link(citation, texts.language, texts.facts.open_source) if citation else ""
        status = texts.facts.statuses[figure.status] if figure.status else texts.facts.computed
        cells = [
            f"<td>{escape(figure.name)}</td>",
            f'<td class="amount">{_render_value(figure, texts)}{link}{_render_doubt(figure, texts)}</td>',
            f"<td>{escape(_period(figure, texts))}</td>",
            f"<td>{escape(status)}</td>",
        ]
        cells += [f"<td>{escape(figure.subject or '')}</td>"] if has_subject else []
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    caption = escape(texts.chat.more_figures.format(count=len(figures)))
    return (
        f'<div class="figures"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _render_sources(answer: Answer, texts: Texts) -> str:
    if not answer.citations:
        return ""
    items = []
    on_cards = {figure.marker for figure in answer.figures if figure.doubtful} if len(answer.figures) <= CARDS_AT_MOST else set()
    for citation in answer.citations:
        address = escape(citation_address(citation, texts.language))
        place = [citation.section] if citation.section else []
        place += [texts.facts.page.format(page=citation.page)] if citation.page else []
        doubt = f"{escape(texts.facts.doubtful)} ({escape(', '.join(citation.doubtful))})" if citation.doubtful else ""
        scan = _render_scan(citation, texts) if citation.doubtful and citation.marker not in on_cards else ""
        items.append(
            f'<li><a class="quoted" href="{address}" target="_blank" rel="noopener" data-source="{address}">'
            f'<span class="number">{escape(mark_number(citation.marker))}</span>'
            f'<span><q lang="zh">{escape(citation.text)}</q><small>{render_letter_line(citation, *place)}</small>'
            f"{f'<small class=doubt>{doubt}</small>' if doubt else ''}</span></a>{scan}</li>"
        )
    is_open = " open" if len(items) <= CARDS_AT_MOST or answer.outcome is Outcome.NOT_FOUND else ""
    return (
        f'<details class="sources"{is_open}><summary>{escape(texts.chat.sources)} <span>{len(items)}</span></summary>'
        f"<ol>{''.join(items)}</ol></details>"
    )


def _render_proof(answer: Answer, texts: Texts) -> str:
    facts = []
    if answer.figures and answer.outcome is not Outcome.NOT_FOUND:
        facts.append(f'<span class="proof">✓ {escape(texts.say_count(texts.chat.proved, len(answer.figures)))}</span>')
    elif answer.citations:
        facts.append(f'<span class="proof">✓ {escape(texts.chat.quoted_proof)}</span>')
    facts.append(f"<span>{escape(answer.model or texts.chat.quoting)}</span>")
    if "total" in answer.seconds:
        facts.append(f"<span>{escape(texts.chat.seconds.format(seconds=_show_seconds(answer.seconds['total'])))}</span>")
    dropped = ""
    if answer.dropped:
        items = "".join(f"<li>{escape(reason)}</li>" for reason in answer.dropped)
        label = escape(texts.say_count(texts.chat.dropped, len(answer.dropped)))
        dropped = f'<details class="dropped"><summary>{label}</summary><ul>{items}</ul></details>'
    return f'<footer class="meta">{"".join(facts)}{dropped}</footer>'


def _show_seconds(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 1 else f"{seconds:.1f}"
