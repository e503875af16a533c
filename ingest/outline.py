"""The outline of a letter: which marks open a heading, how deep it stands, where a run-in heading ends."""

from __future__ import annotations

import re

_N = "一二三四五六七八九十"
_MARKS = (
    (1, re.compile(rf"^(?:第[{_N}]{{1,3}}(?:部分|章)[、，：:\s]?|[{_N}]{{1,3}}\s?、)")),
    (2, re.compile(rf"^[（(]\s?[{_N}]{{1,3}}\s?[)）]\s?、?")),
    (3, re.compile(r"^\d{1,2}\s?(?:[.．](?!\d)|、)")),
    (4, re.compile(r"^(?:[（(]\d{1,2}[)）](?![\d年月])|[①-⑳]|\d{1,2}[)）])")),
    (3, re.compile(rf"^(?:第[{_N}]{{1,2}}[，、]|(?:建议|意见|问题)[{_N}\d]{{1,2}}[:：、])")),
)
_ASKED = re.compile(rf"^(?:(?:建议|意见|问题|诉求|提问)[{_N}\d]{{1,2}}\s?[:：、]|问\s?[:：])")
_ASK = re.compile(r"^(?:问|答复?|回复|办理情况)\s?[:：]")
_MEASURED = re.compile(
    r"\d[\d.,]*\s?(?:万|亿|千|百)?\s?(?!号|年|月|日|个方面|方面|条|点|项|个问题|岁|[）)]|届|次|、)[\u4e00-\u9fff%]|[一二三四五六七八九十百千万]{2,}(?:家|个|人|名|万|亿)"
)
_QUOTING = re.compile(r"^(?:关于|对于?|针对|就|您|你们?|贵|提案|建议|[“「《])")
_CORRECTING = re.compile(r"(?:应为|更正为|修正为|订正为|应改为|实为)“?[^”。；]{0,24}\d")  # 三、“…80.4%”有误，应为“78.4%”: no heading
MAX_RUN_IN = 60


def mark_of(text: str) -> tuple[int, int] | None:
    """Depth of the heading mark that `text` begins with, and the mark's length; None without one."""
    for depth, pattern in _MARKS:
        if match := pattern.match(text):
            return depth, match.end()
    return None


def starts_with_mark(text: str) -> bool:
    """Tell whether a new paragraph begins here: a heading mark, 问：, 答复：."""
    return mark_of(text) is not None or bool(_ASK.match(text))


def heading_length(text: str, first_sentence: int) -> int:
    """How many characters of paragraph `text` are its heading; 0 where it has none.

    Args:
        text: the paragraph.
        first_sentence: length of its first sentence.
    """
    if _ASKED.match(text) and first_sentence >= len(text) <= 100:
        return len(text)  # what was asked for, with the answer below it
    mark = mark_of(text)
    if mark is None:
        return first_sentence if first_sentence < len(text) and re.match(r"^关于[^。，；！？]{2,45}[。：]?$", text[:first_sentence]) else 0
    depth, after = mark
    opening = text[:first_sentence]
    words = opening[after:].strip()
    if len(opening) > MAX_RUN_IN or not words or re.search(r"[；;]", words) or _CORRECTING.search(words):
        return 0
    whole = first_sentence >= len(text)
    if whole and not re.search(r"[。！？；：，]$", opening):
        return first_sentence
    if re.search(r"[：:]$", opening):
        return first_sentence if whole and len(words) <= 30 else 0
    if _QUOTING.match(words) and (not whole or not _MEASURED.search(words)):
        return first_sentence
    if _MEASURED.search(words):
        return 0
    if whole:
        return first_sentence if depth <= 2 and len(words) <= 40 else 0
    return first_sentence if len(words) <= 45 and not re.search(r"(?:年|目前|截至|至今)，", words) else 0
