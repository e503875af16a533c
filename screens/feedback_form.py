"""Under an answer: what the reader finds of it."""

from __future__ import annotations

from urllib.parse import quote

from rag.records import Answer
from screens.markup import escape
from screens.texts import Texts

_WORDS = {"zh": ("评价", "说明（可不填）", "提交"), "en": ("Feedback", "Comment (optional)", "Send")}
_VERDICTS = {
    "zh": {"right": "正确", "wrong_figure": "数字有误", "wrong_source": "出处有误", "incomplete": "不完整"},
    "en": {"right": "right", "wrong_figure": "wrong figure", "wrong_source": "wrong source", "incomplete": "incomplete"},
}


_QUESTION = {
    "zh": ("加入评测题", "正确答案，如：45家以上", "依据的句子", "其他句子（粘贴在右边）", "函中没有，应当拒答", "从原文复制的句子"),
    "en": (
        "Ask it in evaluations",
        "The right answer, such as: at least 45",
        "The sentence that proves it",
        "Another sentence, pasted beside",
        "The letters do not say it",
        "The sentence, copied from the letter",
    ),
}
OTHER = "-"  # in place of a sentence: another than those quoted
SHOWN_AT_MOST = 40  # characters of a sentence in the list


def render_feedback(ticket: str, answer: Answer, texts: Texts) -> str:
    """A button that opens into a small form; chat.js sends it and shows what comes back."""
    title, comment, send = (escape(word) for word in _WORDS[texts.language])
    options = "".join(f'<option value="{value}">{escape(name)}</option>' for value, name in _VERDICTS[texts.language].items())
    return (
        f'<details class="pack feedback"><summary>{title}</summary><form data-feedback="/feedback/{quote(ticket)}" data-language="{texts.language}">'
        f'<select name="verdict" aria-label="{title}">{options}</select>'
        f'<input name="comment" maxlength="2000" placeholder="{comment}" aria-label="{comment}">'
        f'{_render_question(answer, texts)}<button>{send}</button><output role="status"></output></form></details>'
    )


def _render_question(answer: Answer, texts: Texts) -> str:
    """To have it asked in evaluations: the right answer, and the sentence that proves it."""
    ask, gold, proof, other, none, paste = (escape(word) for word in _QUESTION[texts.language])
    sentences = "".join(
        f'<option value="{escape(c.text)}">{escape(c.text if len(c.text) <= SHOWN_AT_MOST else c.text[:SHOWN_AT_MOST] + "…")}</option>'
        for c in answer.citations
    )
    return (
        f'<label class="again"><input type="checkbox" name="is_question"> {ask}</label><span class="gold">'
        f'<input name="gold" maxlength="2000" placeholder="{gold}" aria-label="{gold}">'
        f'<select name="proof" aria-label="{proof}">{sentences}<option value="{OTHER}">{other}</option><option value="">{none}</option></select>'
        f'<input name="pasted" maxlength="2000" placeholder="{paste}" aria-label="{paste}"></span>'
    )
