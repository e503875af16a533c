"""Spoken words of a question → the written words that the rest of the program reads."""

from __future__ import annotations

import re

SPOKEN = {
    "啥时候": "什么时候",
    "啥时": "什么时候",
    "多会儿": "什么时候",
    "为啥": "为什么",
    "干啥": "做什么",
    "啥": "什么",
    "咋样": "怎么样",
    "咋": "怎么",
    "多少钱一": "多少元一",
    "修好": "建成",
    "弄好": "完成",
    "搞好": "完成",
    "盖好": "建成",
    "赚了": "收入",
    "花了多少钱": "支出多少元",
    "要花多少钱": "投资多少元",
    "大夫": "医生",
    "每一万": "每万",
    "每一千": "每千",
    "娃娃": "儿童",
    "娃": "儿童",
}
PATTERN = re.compile("|".join(map(re.escape, sorted(SPOKEN, key=len, reverse=True))))


def write_out(question: str) -> str:
    """The question in written words: 啥时候修好 → 什么时候建成."""
    return PATTERN.sub(lambda found: SPOKEN[found.group(0)], question)
