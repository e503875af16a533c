"""A conversation as HTML: its exchanges, or what an empty one shows."""

from __future__ import annotations

from collections.abc import Sequence

from screens.chat.answer import render_exchange
from screens.chat.exchange import Exchange
from screens.markup import escape
from screens.seams import Desk, Shelf
from screens.texts import Texts


def render_thread(exchanges: Sequence[Exchange], texts: Texts) -> str:
    """Exchanges one below the other."""
    return "".join(render_exchange(exchange, texts) for exchange in exchanges)


def render_failure(reason: str, texts: Texts) -> str:
    """What went wrong, in place of what was to be shown."""
    return (
        f'<div class="reply failed" role="alert"><div class="verdict"><b aria-hidden="true">!</b>{escape(texts.frame.error)}</div>'
        f'<p class="para">{escape(reason)}</p></div>'
    )


def render_welcome(desk: Desk, texts: Texts) -> str:
    """What an empty conversation shows: what can be asked here."""
    shelf: Shelf = desk.shelf()
    words = texts.chat
    if not shelf.is_open:
        return f'<div class="welcome"><h1>{escape(words.welcome)}</h1><p>{escape(texts.frame.store_opening)}</p></div>'
    if shelf.fault:
        return render_failure(shelf.fault, texts)
    if not shelf.letters:
        return f'<div class="welcome"><h1>{escape(words.welcome_empty)}</h1><p>{escape(words.welcome_empty_detail)}</p></div>'
    buttons = "".join(
        f'<button type="button" data-do="ask" data-question="{escape(question)}">{escape(question)}</button>'
        for question in desk.examples(texts.language)
    )
    examples = f'<h2>{escape(words.examples)}</h2><div class="examples">{buttons}</div>' if buttons else ""
    return f'<div class="welcome"><h1>{escape(words.welcome)}</h1><p>{escape(words.welcome_detail)}</p>{examples}</div>'
