"""Under an answer: what the reader finds of it."""

from __future__ import annotations

from urllib.parse import quote

from screens.markup import escape
from screens.texts import Texts

_WORDS = {"zh": ("评价", "说明（可不填）", "提交"), "en": ("Feedback", "Comment (optional)", "Send")}
_VERDICTS = {
    "zh": {"right": "正确", "wrong_figure": "数字有误", "wrong_source": "出处有误", "incomplete": "不完整"},
    "en": {"right": "right", "wrong_figure": "wrong figure", "wrong_source": "wrong source", "incomplete": "incomplete"},
}


def render_feedback(ticket: str, texts: Texts) -> str:
    """A button that opens into a small form; chat.js sends it and shows what comes back."""
    title, comment, send = (escape(word) for word in _WORDS[texts.language])
    options = "".join(f'<option value="{value}">{escape(name)}</option>' for value, name in _VERDICTS[texts.language].items())
    return (
        f'<details class="pack feedback"><summary>{title}</summary><form data-feedback="/feedback/{quote(ticket)}" data-language="{texts.language}">'
        f'<select name="verdict" aria-label="{title}">{options}</select>'
        f'<input name="comment" maxlength="2000" placeholder="{comment}" aria-label="{comment}"><button>{send}</button>'
        f'<output role="status"></output></form></details>'
    )
