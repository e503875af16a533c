"""Letter → Figures, sentence by sentence."""

from __future__ import annotations

import re

from ingest.figures.flow import Flow, fold
from ingest.figures.leave_out import is_skipped_sentence
from ingest.figures.read_sentence import SentenceReader
from ingest.figures.tables import TableReader
from rag.privacy import has_personal, mask, mask_figure
from rag.records import Figure, Letter, SentenceRole


def find_figures(letter: Letter) -> list[Figure]:
    """Find every figure that a letter states as fact or plan, in order of position."""
    flow = Flow.begin(letter)
    tables = TableReader(flow)
    figures: list[Figure] = []
    end_before = 0
    for index, sentence in enumerate(letter.sentences):
        new_paragraph = "\n" in letter.text[end_before : sentence.start] or end_before == 0
        end_before = sentence.end
        if sentence.role in (SentenceRole.HEAD, SentenceRole.TAIL, SentenceRole.HEADING):
            tables.close()
            tables.line_before = fold(sentence.text) if sentence.role is SentenceRole.HEADING else ""
            continue
        flow.enter(sentence, new_paragraph=new_paragraph)
        text = fold(sentence.text)
        flow.open_plans(text, letter.sentences[index + 1] if index + 1 < len(letter.sentences) else None)
        if sentence.role is SentenceRole.TABLE_HEAD:
            tables.read_head(sentence, text)
            continue
        if sentence.role is SentenceRole.TABLE_ROW:
            figures.extend(tables.read_row(sentence, text))
            continue
        tables.close()
        tables.line_before = text
        flow.text_before, before = flow.text_before + text, flow.text_before
        if (
            _is_instruction(text, flow)
            or is_skipped_sentence(text)
            or _is_wish(text, flow)
            or (new_paragraph and _is_answered(letter, index))
        ):
            continue
        figures.extend(SentenceReader(flow, sentence, text, before).read())
        tables.figures_before = flow.previous
    return _without_personal(figures, letter)


def _without_personal(figures: list[Figure], letter: Letter) -> list[Figure]:
    """A telephone in a table is no figure, and a name that a figure goes by tells no number of a person."""
    if not has_personal(letter.text):
        return figures
    masked = mask(letter.text)
    return [
        mask_figure(figure)
        for figure in figures
        if figure.unit or masked[figure.start : figure.end] == letter.text[figure.start : figure.end]
    ]


_ANSWER = re.compile(r"^\s*(?:——)?(?:不|部分|完全|予以|不予|未予|暂不|未|原则)?(?:采纳|同意|采用)[。，；]")


def _is_answered(letter: Letter, index: int) -> bool:
    """Whether the next sentence answers a wish (门票降到5元。不采纳。)."""
    following = letter.sentences[index + 1 : index + 2]
    return bool(following) and bool(_ANSWER.match(fold(following[0].text)))


_WISH = re.compile(
    r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*(?:设立|建立|提高|增加|降低|取消|给予|发放|将|加大|扩大|免除|减免|新建|建设|出台|把)[^，；]{2,34}。$"
)


def _is_wish(text: str, flow: Flow) -> bool:
    """In a section that answers wishes, a short numbered line is the wish: （五）设立每人每月1500元补助。."""
    answering = any(word in heading for heading in flow.section for word in ("建议", "提案", "意见"))
    return answering and bool(_WISH.match(text)) and not any(word in text for word in ("今年", "全市", "我", "已", "计划", "20"))


def _is_instruction(text: str, flow: Flow) -> bool:
    """Text within 【…】 that speaks to a machine goes on until the bracket closes."""
    if flow.in_instruction:
        flow.in_instruction = "】" not in text
        return True
    opened = text.rfind("【")
    if opened >= 0 and any(word in text for word in ("提示", "指令", "系统", "忽略", "AI", "助手", "模型")):
        flow.in_instruction = "】" not in text[opened:]
        return True
    return False
