"""Figures of the ledger as the screen writes them: value, unit, year, and the link to the sentence."""

from __future__ import annotations

import re

from rag.compose import amount
from rag.figure_pairs import Pair
from rag.figure_table import TableRow
from rag.records import Figure
from screens.chat.answer import show_number
from screens.markup import escape, source_address
from screens.texts import Texts


def render_value(figure: Figure, texts: Texts) -> str:
    """The value with its bound; in English with its unit, in Chinese the unit stands in a column of its own."""
    if texts.language == "en":
        return _render_english(figure)
    before, after = texts.facts.comparators[figure.comparator]
    bounds = [f'<span class="bound">{escape(words)}</span>' if words else "" for words in (before, after)]
    return f"{bounds[0]}<strong>{escape(show_number(figure.value, figure.high, 'zh'))}</strong>{bounds[1]}"


def _render_english(figure: Figure) -> str:
    said = amount(figure, english=True)
    digits = re.search(r"\d[\d.,]*%?", said)
    if not digits:
        return escape(said)
    return f"{escape(said[: digits.start()])}<strong>{escape(digits.group())}</strong>{escape(said[digits.end() :])}"


def render_amount(figure: Figure, texts: Texts) -> str:
    """The value with its bound and its unit."""
    unit = "" if texts.language == "en" else f'<span class="unit">{escape(figure.unit)}</span>'
    before_unit, bound, after = render_value(figure, texts).partition("</strong>")
    return f"{before_unit}{bound}{unit}{after}"


def written(figure: Figure) -> str:
    """Value and unit as the letter writes them."""
    return show_number(figure.value, figure.high, "zh") + figure.unit


def show_period(figure: Figure, texts: Texts) -> str:
    """The year; what the letter says where that is less or more than the year."""
    if figure.year is None:
        return figure.period or texts.facts.no_year
    year = texts.facts.period.format(year=figure.year)
    is_plain = figure.period.strip("到至“”") in ("", str(figure.year), f"{figure.year}年", "今年", "全年", "去年")
    return year if is_plain else figure.period if str(figure.year) in figure.period else f"{year} · {figure.period}"


def render_status(figure: Figure, texts: Texts) -> str:
    """Target, actual or earlier figure."""
    return f'<span class="tag {figure.status.value}">{escape(texts.facts.statuses[figure.status])}</span>'


def render_source(row: TableRow, content: str, texts: Texts, label: str = "") -> str:
    """A link that opens the row's sentence in its letter."""
    address = escape(source_address(row.figure.letter_id, texts.language, row.start, row.end))
    said = f' aria-label="{escape(label)}"' if label else ""
    return f'<a href="{address}" target="_blank" rel="noopener" data-source="{address}"{said}>{content}</a>'


def name_letter(row: TableRow) -> str:
    """Its number, else its body, else its file."""
    return row.doc_number or "、".join(row.bodies) or row.file


def render_letter(row: TableRow, texts: Texts) -> str:
    """Number and day of the letter, as the link to the sentence."""
    day = f"<small>{row.issued_on.isoformat()}</small>" if row.issued_on else ""
    return (
        f"{render_source(row, f'<span>{escape(name_letter(row))}</span>', texts, f'{texts.ledger.open_sentence} {name_letter(row)}')}{day}"
    )


def render_marks(row: TableRow, texts: Texts) -> str:
    """What is to be known of a figure before it is used."""
    marks = []
    if row.disagrees:
        marks.append(f'<span class="flag care" title="{escape(texts.ledger.disagrees_hint)}">{escape(texts.ledger.disagrees)}</span>')
    if row.is_retired:
        marks.append(f'<span class="flag old">{escape(texts.ledger.retired)}</span>')
    return "".join(marks)


def render_completion(pair: Pair, texts: Texts) -> str:
    """Per cent and whether the target was met."""
    if pair.target is None or pair.actual is None:
        return f'<span class="hint">{escape(texts.ledger.no_actual if pair.target else texts.ledger.no_target)}</span>'
    share = ""
    if pair.completion is not None:
        width = min(100, max(0, int(pair.completion)))
        share = f'<span class="share"><i style="width:{width}%"></i></span><b>{pair.completion.normalize():f}%</b>'
    if pair.is_met is None:
        return share
    name, said = ("met", texts.ledger.met) if pair.is_met else ("missed", texts.ledger.missed)
    return f'<span class="completion {name}">{share}<span class="verdict-mark">{escape(said)}</span></span>'
