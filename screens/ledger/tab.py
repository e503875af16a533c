"""The tab 指标台账 as it is fetched: head, filters, and the part that changes with them."""

from __future__ import annotations

from rag.figure_pairs import PairTable, Reached
from rag.figure_table import FigureTable, Wanted
from screens.ledger.query import LedgerQuery, Look
from screens.ledger.rows import BODY, fetch_body, render_indicators, render_pairs, render_rows
from screens.markup import escape
from screens.parts import Choice, count_pages, render_choices, render_empty, render_switch, render_turner
from screens.texts import Texts

ROWS_A_PAGE = 50
PLACES_OFFERED = 400


def render_tab(table: FigureTable, query: LedgerQuery, texts: Texts) -> str:
    """All of it."""
    words = texts.ledger
    head = f'<header class="tab-head"><h1>{escape(words.title)}</h1><p>{escape(words.detail)}</p></header>'
    if not table.letters:
        return head + render_empty(words.empty, words.empty_detail)
    return f'{head}{_render_form(table, query, texts)}<div id="ledger-series"></div><div id="ledger-body">{render_body(table, query, texts)}</div>'


def _render_form(table: FigureTable, query: LedgerQuery, texts: Texts) -> str:
    words, wanted = texts.ledger, query.wanted
    years = [Choice(year.value, texts.facts.period.format(year=year.value), year.count) for year in table.years]
    names = {status.value: said for status, said in texts.facts.statuses.items()}
    statuses = [Choice(status.value, names[status.value], status.count) for status in table.statuses]
    chosen_years = [str(year) for year in wanted.years]
    chosen_statuses = [status.value for status in wanted.statuses]
    places = "".join(f'<option value="{escape(place)}">' for place in table.places[:PLACES_OFFERED])
    clear = escape(LedgerQuery(Wanted(), query.look, language=query.language).as_address("ledger"))
    fetch = (
        'hx-get="ledger/body" hx-target="#ledger-body" hx-sync="this:replace" '
        'hx-trigger="change, submit, input changed delay:300ms from:#ledger-q, input changed delay:300ms from:#ledger-where"'
    )
    return (
        f'<form id="ledger-form" class="filters" role="search" aria-label="{escape(words.filters)}" {fetch}>'
        f'<input type="hidden" name="language" value="{texts.language}">'
        f'<label class="field wide"><span>{escape(words.search)}</span><input id="ledger-q" type="search" name="q" value="{escape(wanted.search)}" '
        f'placeholder="{escape(words.search_hint)}" maxlength="200" autocomplete="off"></label>'
        f'<label class="field"><span>{escape(words.where)}</span><input id="ledger-where" type="search" name="where" value="{escape(wanted.where)}" '
        f'placeholder="{escape(words.where_hint)}" list="ledger-places" maxlength="200" autocomplete="off"></label>'
        f'<datalist id="ledger-places">{places}</datalist>'
        f"{render_choices('year', words.years, years, chosen_years, texts)}"
        f"{render_choices('status', words.statuses, statuses, chosen_statuses, texts)}"
        f'<div class="ticks">{_tick("disagreeing", words.only_disagreeing, wanted.only_disagreeing)}'
        f"{_tick('retired', words.with_retired, wanted.with_retired)}"
        f'<button type="button" class="link" hx-get="{clear}" hx-target="closest [data-part]">{escape(words.clear)}</button></div></form>'
    )


def _tick(name: str, label: str, is_on: bool) -> str:
    return f'<label><input type="checkbox" name="{name}" value="1"{" checked" if is_on else ""}><span>{escape(label)}</span></label>'


def render_body(table: FigureTable, query: LedgerQuery, texts: Texts) -> str:
    """The part under the filters: how to look, how many, the rows, the pages."""
    words = texts.ledger
    count, rows, said = _look(table, query, texts)
    pages = count_pages(count, ROWS_A_PAGE)
    looks = [Choice(Look.ROWS.value, words.rows), Choice(Look.PAIRS.value, words.pairs), Choice(Look.INDICATORS.value, words.indicators)]
    switch = render_switch("look", words.views, looks, query.look.value).replace("<input ", '<input form="ledger-form" ')
    shown = rows or render_empty(words.none_found, words.none_found_detail)
    place = words.page_of.format(page=query.page, pages=pages)
    turner = render_turner(query.page, pages, place, texts, lambda page: fetch_body(query.at_page(page))) if rows else ""
    return (
        f'<div class="bar" hx-get="ledger/body" hx-include="#ledger-form" hx-trigger="change" hx-target="{BODY}">{switch}{_render_reached(query, texts)}<output aria-live="polite">{escape(texts.say_count(said, count))}</output>'
        f"{_render_export(query, texts) if count else ''}</div>"
        f'<input type="hidden" form="ledger-form" name="sort" value="{query.wanted.sort.value}">'
        f'<input type="hidden" form="ledger-form" name="up" value="{int(query.wanted.ascending)}">{shown}{turner}'
    )


def _look(table: FigureTable, query: LedgerQuery, texts: Texts) -> tuple[int, str, str]:
    """How many there are, the page's rows, and the words for the number."""
    wanted, first = query.wanted, (query.page - 1) * ROWS_A_PAGE
    if query.look is Look.PAIRS:
        pairs = PairTable(table)
        count = pairs.count(wanted, query.reached)
        found = pairs.page(wanted, first, ROWS_A_PAGE, query.reached)
        return count, render_pairs(found, query, texts) if found else "", texts.ledger.count_pairs
    if query.look is Look.INDICATORS:
        indicators = table.indicators(wanted, first, ROWS_A_PAGE)
        return (
            table.count_indicators(wanted),
            render_indicators(indicators, query, texts) if indicators else "",
            texts.ledger.count_indicators,
        )
    rows = table.page(wanted, first, ROWS_A_PAGE)
    return table.count(wanted), render_rows(rows, query, texts) if rows else "", texts.ledger.count_rows


def _render_reached(query: LedgerQuery, texts: Texts) -> str:
    if query.look is not Look.PAIRS:
        return ""
    options = "".join(
        f'<option value="{reached.value}"{" selected" if reached is query.reached else ""}>{escape(texts.ledger.reached_choices[reached])}</option>'
        for reached in Reached
    )
    return f'<select form="ledger-form" name="reached" aria-label="{escape(texts.ledger.reached)}">{options}</select>'


def _render_export(query: LedgerQuery, texts: Texts) -> str:
    links = "".join(
        f'<a href="{escape(query.at_page(1).as_address(f"ledger/export.{kind}"))}" download>{escape(label)}</a>'
        for kind, label in (("xlsx", texts.ledger.excel), ("csv", texts.ledger.csv))
    )
    return f'<span class="export" title="{escape(texts.ledger.export_hint)}"><span>{escape(texts.ledger.export)}</span>{links}</span>'
