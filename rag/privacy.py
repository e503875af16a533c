"""Mobile numbers and identity numbers in texts → masked: 154****1234.

Lengths are kept, so offsets into a text hold for its masked form. Landlines of offices are public and stay. What is followed by a unit is a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rag.records import Answer, Letter

_DIGIT = "[0-9０-９]"
_ONE = "[1１]"
_GAP = r"[ \u00a0-]?"
_NO_CODE_BEFORE = r"(?<![0-9０-９A-Za-z.．])"
# a further digit, a part of a code, or a unit that is counted in tens of billions behind it: no number of a person (张 and 万 are surnames)
_NO_MORE = r"(?![0-9０-９A-Za-z])(?![.．][0-9０-９])(?! ?[0-9０-９])(?!\s*(?:元|美元|平方|立方|吨|千瓦|公[里顷斤]|%|％))"
_MOBILE = re.compile(
    rf"(?:(?<![0-9０-９A-Za-z.．])|(?<=[+＋](?:86|８６))|(?<=[+＋](?:86|８６)[ -]))({_ONE}[3-9３-９]{_DIGIT}{_GAP})({_DIGIT}{{4}})({_GAP}{_DIGIT}{{4}}){_NO_MORE}"
)
_MONTH = "(?:[0０][1-9１-９]|[1１][0-2０-２])"
_DAY = "(?:[0０][1-9１-９]|[12１２][0-9０-９]|[3３][01０１])"
_CENTURY = "(?:[1１][89８９]|[2２][0０])"
_IDENTITY = re.compile(
    rf"{_NO_CODE_BEFORE}([1-9１-９]{_DIGIT}{{5}})({_GAP}{_CENTURY}{_DIGIT}{{2}}{_MONTH}{_DAY}{_GAP}{_DIGIT}{{2}})({_DIGIT}[0-9０-９XxＸｘ]){_NO_MORE}"
)
_OLD_IDENTITY = re.compile(rf"{_NO_CODE_BEFORE}([1-9１-９]{_DIGIT}{{5}})({_DIGIT}{{2}}{_MONTH}{_DAY}{_DIGIT})({_DIGIT}{{2}}){_NO_MORE}")
_PATTERNS = (_IDENTITY, _OLD_IDENTITY, _MOBILE)
_HIDDEN = re.compile(_DIGIT)


def mask(text: str) -> str:
    """The text with a star for each hidden digit; the same text where there is none. Masking twice changes nothing."""
    for pattern in _PATTERNS:
        text = pattern.sub(_hide_middle, text)
    return text


def has_personal(text: str) -> bool:
    """Whether `mask` would hide something."""
    return any(pattern.search(text) for pattern in _PATTERNS)


def _hide_middle(match: re.Match[str]) -> str:
    first, middle, last = match.groups()
    return f"{first}{_HIDDEN.sub('*', middle)}{last}"


def mask_answer(answer: Answer) -> Answer:
    """The answer with its text, quotations and notes masked."""
    return replace(
        answer,
        text=mask(answer.text),
        citations=tuple(replace(c, text=mask(c.text), title=mask(c.title) if c.title else c.title) for c in answer.citations),
        dropped=_mask_all(answer.dropped),
        notes=_mask_all(answer.notes),
    )


def mask_letter(letter: Letter) -> Letter:
    """The letter with its text and all that was read from it masked; offsets hold."""
    return replace(
        letter,
        text=mask(letter.text),
        sentences=tuple(
            replace(s, text=mask(s.text), section=_mask_all(s.section), caption=mask(s.caption or "") or None) for s in letter.sentences
        ),
        title=mask(letter.title) if letter.title else letter.title,
        proposal_title=mask(letter.proposal_title) if letter.proposal_title else letter.proposal_title,
        contact=mask(letter.contact) if letter.contact else letter.contact,
    )


def _mask_all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(mask(text) for text in texts)
