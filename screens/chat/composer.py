"""What stands around the field to ask in."""

from __future__ import annotations

from screens.markup import escape
from screens.texts import Texts

QUOTED_AT_MOST = 40  # characters of the question that is being changed

_LIST = '<svg viewBox="0 0 18 18" aria-hidden="true"><path d="M3 4.5h12M3 9h12M3 13.5h7"/></svg>'
_PLUS = '<svg viewBox="0 0 18 18" aria-hidden="true"><path d="M9 3.5v11M3.5 9h11"/></svg>'


def render_tools(texts: Texts) -> str:
    """Buttons under the field; the first two only where the list of conversations is out of sight."""
    words = texts.conversations
    rows = "".join(f"<div><dt><kbd>{escape(key)}</kbd></dt><dd>{escape(said)}</dd></div>" for key, said in words.shortcut_list)
    return (
        f'<div class="tools" data-copied="{escape(words.copied)}">'
        f'<button type="button" class="tool narrow" data-list-switch aria-label="{escape(words.show)}" title="{escape(words.show)}">{_LIST}</button>'
        f'<button type="button" class="tool narrow" data-press="#fresh" aria-label="{escape(words.fresh)}" title="{escape(words.fresh)}">{_PLUS}</button>'
        f'<button type="button" class="tool keys" data-dialog="shortcuts" aria-label="{escape(words.shortcuts)}" title="{escape(words.shortcuts)}">?</button>'
        f'<dialog id="shortcuts" aria-labelledby="shortcuts-title"><h2 id="shortcuts-title">{escape(words.shortcuts)}</h2><dl>{rows}</dl>'
        f'<form method="dialog"><button>{escape(texts.frame.close)}</button></form></dialog></div>'
    )


def render_editing(question: str, texts: Texts) -> str:
    """That an earlier question is being changed, and the way back."""
    words = texts.conversations
    shown = question if len(question) <= QUOTED_AT_MOST else question[: QUOTED_AT_MOST - 1] + "…"
    return (
        f'<div class="editing" role="status"><span>{escape(words.editing.format(question=shown))}</span>'
        f'<button type="button" data-do="keep">{escape(words.cancel)}</button></div>'
    )
