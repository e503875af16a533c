"""The list of conversations beside the chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from screens.chat.conversations import Conversation
from screens.markup import escape
from screens.texts import Texts

_DOTS = '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="3" cy="8" r="1.3"/><circle cx="8" cy="8" r="1.3"/><circle cx="13" cy="8" r="1.3"/></svg>'


def render_conversations(conversations: Sequence[Conversation], opened: str, search: str, now: datetime, texts: Texts) -> str:
    """Titles under the day of their last change; the opened one is marked.

    Args:
        conversations: the last changed first.
        opened: id of the one that is on screen; empty: a new one.
        search: what was searched for.
        now: with the reader's zone, in which days are counted.
        texts: words of the language.
    """
    words = texts.conversations
    parts: list[str] = []
    last = ""
    for conversation in conversations:
        head = _name_day(conversation.changed_at, now, texts)
        if head != last:
            parts.append(f"{'</ul>' if last else ''}<h3>{escape(head)}</h3><ul>")
            last = head
        parts.append(_render_entry(conversation, conversation.conversation_id == opened, texts))
    if last:
        parts.append("</ul>")
    else:
        said = words.none_found.format(text=search.strip()) if search.strip() else words.none
        parts.append(f'<p class="empty">{escape(said)}</p>')
    return f'<nav class="conversations" aria-label="{escape(words.title)}" data-opened="{escape(opened)}">{"".join(parts)}</nav>'


def _name_day(changed_at: datetime, now: datetime, texts: Texts) -> str:
    words = texts.conversations
    days = (now.date() - changed_at.astimezone(now.tzinfo).date()).days
    return words.today if days <= 0 else words.yesterday if days == 1 else words.week if days < 7 else words.earlier


def _render_entry(conversation: Conversation, is_open: bool, texts: Texts) -> str:
    words = texts.conversations
    number, title = escape(conversation.conversation_id), escape(conversation.title)
    current = ' aria-current="true"' if is_open else ""
    return (
        f'<li data-conversation="{number}"><button type="button" class="entry" data-do="open" data-id="{number}" title="{title}"{current}>{title}</button>'
        f'<details class="more"><summary aria-label="{escape(words.rename)}, {escape(words.delete)}: {title}">{_DOTS}</summary><div>'
        f'<button type="button" data-rename>{escape(words.rename)}</button><button type="button" data-delete>{escape(words.delete)}</button></div></details>'
        f'<form class="renaming" hidden><input type="text" name="title" value="{title}" maxlength="80" aria-label="{escape(words.rename)}"></form>'
        f'<div class="deleting" hidden role="alertdialog" aria-label="{escape(words.delete_sure)}"><span>{escape(words.delete_sure)}</span>'
        f'<button type="button" class="danger" data-do="delete" data-id="{number}">{escape(words.yes)}</button>'
        f'<button type="button" data-keep>{escape(words.no)}</button></div></li>'
    )
