"""The page: masthead, status line, one tab a module, and what changes them all at once (the language)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from screens import library
from screens.chat.exchange import Exchange
from screens.chat.tab import build_chat
from screens.chat.thread import render_welcome
from screens.markup import escape
from screens.seams import Desk, FileResult, ModelPhase
from screens.status import render_status
from screens.texts import LANGUAGES, Texts, texts_for

FOLDER = Path(__file__).resolve().parent
SCRIPTS = ("vendor/htmx.min.js", "desk.js", "parts.js", "chat/chat.js")
STYLES = ("style.css", "parts.css", "chat/chat.css")
REFRESH_SECONDS = 2.0  # of the status line while something is still on its way
LANGUAGE_COOKIE = "replydesk_language"
FONTS = (
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "HarmonyOS Sans SC",
    "WenQuanYi Micro Hei",
    "system-ui",
    "sans-serif",
)

_ON_LOAD = """
element.addEventListener('click', event => {
  const button = event.target.closest('[data-language]');
  if (!button) return;
  document.cookie = 'replydesk_language=' + button.dataset.language + ';path=/;max-age=31536000;samesite=lax';
  trigger('select', {language: button.dataset.language});
});
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What gradio wants beside the blocks themselves."""

    style: str
    head: str
    theme: Any


def make_look() -> Look:
    """Style, script and theme, all from this folder; nothing from the internet."""
    names = list(FONTS)
    theme = gr.themes.Base(
        font=names,
        font_mono=["ui-monospace", "Consolas", "Noto Sans Mono CJK SC", "monospace"],
        radius_size=gr.themes.sizes.radius_md,
    )
    script = "".join((FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
    style = "".join((FOLDER / name).read_text(encoding="utf-8") for name in STYLES)
    # Not gradio's `css=`: that confines each rule to gradio's own frame, and the letter beside the chat stands outside it
    return Look(style=style, head=f"<style>{style}</style><script>{script}</script>", theme=theme)


def build_page(desk: Desk, default_language: str) -> gr.Blocks:
    """The whole page, wired to the desk."""
    texts = texts_for(default_language)
    with gr.Blocks(
        title=f"{texts_for('zh').frame.product} ReplyDesk", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as page:
        language = gr.State(texts.language)
        shown_welcome = gr.State("")
        with gr.Row(elem_id="masthead"):
            brand = gr.HTML(render_brand(texts), elem_id="brand", apply_default_css=False)
            status = gr.HTML(render_status(desk.shelf(), desk.model(), texts), elem_id="status", apply_default_css=False)
            switches = gr.HTML(render_switches(texts), elem_id="switches", apply_default_css=False, js_on_load=_ON_LOAD)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(texts.frame.chat, id="chat") as chat_label:
                chat_tab = build_chat(desk, texts, language)
            with gr.Tab(texts.frame.ledger, id="ledger") as ledger_label:
                ledger_tab = gr.HTML(render_place("ledger", texts), apply_default_css=False)
            with gr.Tab(texts.frame.library, id="library") as library_label:
                library_tab = library.build_library(desk, texts, language)
        timer = gr.Timer(REFRESH_SECONDS)

        def retell(spoken: str, done: list[FileResult], search: str | None) -> tuple[Any, ...]:
            words = texts_for(spoken)
            return (
                words.language,
                render_brand(words),
                render_status(desk.shelf(), desk.model(), words),
                render_switches(words),
                gr.update(label=words.frame.chat),
                gr.update(label=words.frame.ledger),
                render_place("ledger", words),
                gr.update(label=words.frame.library),
                *library.retell(desk, done, search, spoken),
            )

        def switch(done: list[FileResult], search: str | None, event: gr.EventData) -> tuple[Any, ...]:
            return retell(str(event.language), done, search)

        def open_page(done: list[FileResult], search: str | None, request: gr.Request) -> tuple[Any, ...]:
            return retell(choose_language(request, default_language), done, search)

        def refresh(shown: str, exchanges: tuple[Exchange, ...], current: Exchange | None, spoken: str) -> tuple[Any, ...]:
            words = texts_for(spoken)
            shelf, model = desk.shelf(), desk.model()
            welcome = render_welcome(desk, words)
            is_news = welcome != shown
            is_empty = not exchanges and current is None
            listing = library.render_listing(desk.letters(), "", 1, words) if is_news else gr.skip()
            is_moving = not shelf.is_settled or model.phase in (ModelPhase.FETCHING, ModelPhase.LOADING)
            return (
                render_status(shelf, model, words),
                welcome if is_news and is_empty else gr.skip(),
                listing,
                welcome,
                gr.Timer(active=is_moving),
            )

        def recount(spoken: str) -> str:
            return render_status(desk.shelf(), desk.model(), texts_for(spoken))

        memory = [library_tab.done, library_tab.search]
        told = [language, brand, status, switches, chat_label, ledger_label, ledger_tab, library_label, *library_tab.texts_outputs()]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        page.load(open_page, memory, told, **quiet)
        chat_tab.follow_page(
            page, switches.select(switch, memory, told, **quiet), lambda request: choose_language(request, default_language)
        )
        timer.tick(
            refresh,
            [shown_welcome, chat_tab.exchanges, chat_tab.current, language],
            [status, chat_tab.present, library_tab.listing, shown_welcome, timer],
            **quiet,
        )
        library_tab.done.change(recount, language, status, **quiet)
    return page.queue(default_concurrency_limit=16, api_open=False)  # type: ignore[no-any-return]


def choose_language(request: gr.Request, default: str) -> str:
    """What the address or an earlier visit asks for, else the setting."""
    asked = request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE) or default
    return asked if asked in LANGUAGES else default


def render_brand(texts: Texts) -> str:
    """Name of the product; its data- attributes are the words that the script needs."""
    return (
        f'<div class="brand" data-spoken="{texts.language}" data-loading="{escape(texts.frame.loading)}" data-tab-loading="{escape(texts.frame.tab_loading)}" data-tab-failed="{escape(texts.frame.tab_failed)}" data-failed="{escape(texts.frame.load_failed)}" '
        f'data-close="{escape(texts.frame.close)}" data-source-name="{escape(texts.source.title)}" data-own-page="{escape(texts.source.own_page)}">'
        f'<span class="seal" aria-hidden="true">答</span><span class="product"><b>{escape(texts.frame.product)}</b>'
        f"<small>{escape(texts.frame.tagline)}</small></span></div>"
    )


def render_place(part: str, texts: Texts) -> str:
    """Where a tab goes that is fetched when it is first seen."""
    return f'<div class="tabpart" data-part="{part}" data-language="{texts.language}"></div>'


def render_switches(texts: Texts) -> str:
    """The other language, and light or dark."""
    other = "en" if texts.language == "zh" else "zh"
    return (
        f'<div class="switches"><button type="button" data-language="{other}" lang="{other}">{escape(texts.frame.switch_language)}</button>'
        f'<button type="button" data-theme-switch aria-label="{escape(texts.frame.switch_theme)}" title="{escape(texts.frame.switch_theme)}">'
        f'<span aria-hidden="true">◐</span></button></div>'
    )
