"""Mobile numbers and identity numbers in texts → masked: 154****1234.

Lengths are kept, so offsets into a text hold for its masked form. Landlines of offices are public and stay. What is followed by a unit is a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from rag.records import Answer, AnswerFigure, Citation, Figure, Letter, Sentence

# one character each, so that places in the text and in its plain form are the same
_WIDE = "０１２３４５６７８９ＸｘＡａ＋－–—‐‑−．＊￥＄\u00a0\u2002\u2003\u2009\u202f\u3000"
_PLAIN = str.maketrans(_WIDE, "0123456789XxAa+------.*¥$      ")
_ENOUGH = re.compile(r"\d(?:\W{0,3}\d){10}")  # fewer digits are no number of a person: most texts end here

_GAP = "(?: ?- ?| {1,2})"
_BEFORE = r"(?:(?<![0-9a-z*¥$])(?<![¥$] )|(?<=tel)|(?<=phone)|(?<=mobile)|(?<=\bid)|(?<=\bno))"
# What is counted is no number of a person; 万 alone, 人, 家 and 台 may begin a name or a place
_UNITS = (
    r"(?:[万亿]*(?:元|美元|欧元|平方|立方|吨|千瓦|公[里顷斤]|亩|件|人次|人民币)|亿|万[人个户]|[%％]"
    r"|(?:yuan|rmb|cny|usd|dollars?|square|cubic|tons?|tonnes?|[kmg]wh?|km|kg|m|mu|people|hectares?|per ?cent)[23²³]?\b)"
)
_AFTER = rf"(?!\d)(?![a-z]\d)(?!\.\d{{1,4}}(?!\d))(?! ?{_UNITS})"
_NO_ROW = r"(?! \d{4}(?![\d年]))"  # 154 0000 1234 5678 is a row of figures, or of a card
_GROUPED = rf"1[3-9]\d(?:{_GAP}\d{{4}}{_GAP}?|\d{_GAP}\d{{3}}{_GAP}|\d{{4}}{_GAP})\d{{4}}{_NO_ROW}"
_MOBILE = rf"{_BEFORE}(?:\+?(?:00)?86[ -]?|0)?(?P<number>1[3-9]\d{{9}}|{_GROUPED}){_AFTER}"
_YEAR = "(?:1@[89]|2@0)@\\d@\\d"
_DAY = "(?:0@[1-9]|1@[0-2])@(?:0@[1-9]|[12]@\\d|3@[01])"  # a day that its month has not is somebody's slip, and hidden all the same
_IDENTITY = rf"{_BEFORE}(?P<number>[1-9](?:@\d){{5}}@{_YEAR}@{_DAY}(?:@\d){{3}}@[\dx]){_AFTER}".replace("@", "[ -]?")
_OLD_IDENTITY = rf"{_BEFORE}(?P<number>[1-9]\d{{5}}@\d\d{_DAY.replace('@', '')}@\d{{3}}){_AFTER}".replace("@", "[ -]?")
# each with how many of its digits stay, at the beginning and at the end
_KINDS = tuple(
    (re.compile(pattern, re.IGNORECASE), first, last)
    for pattern, first, last in ((_IDENTITY, 6, 2), (_OLD_IDENTITY, 6, 2), (_MOBILE, 3, 4))
)


def mask(text: str) -> str:
    """The text with a star for each hidden digit; the same text where there is none. Masking twice changes nothing."""
    if not _ENOUGH.search(text):
        return text
    plain = before = text.translate(_PLAIN)
    while (hidden := _hide(plain)) != plain:  # what is hidden may leave digits that make a number with their neighbours
        plain = hidden
    return text if plain == before else "".join("*" if now != was else own for own, was, now in zip(text, before, plain, strict=True))


def has_personal(text: str) -> bool:
    """Whether `mask` would hide something."""
    return mask(text) != text


def _hide(plain: str) -> str:
    for pattern, first, last in _KINDS:
        for match in pattern.finditer(plain):
            start, end = match.span("number")
            digits = [place for place in range(start, end) if plain[place].isalnum()]
            middle = "".join(
                "*" if digits[first] <= place <= digits[-last - 1] and plain[place].isalnum() else plain[place]
                for place in range(start, end)
            )
            plain = plain[:start] + middle + plain[end:]  # as long as before: the matches to come hold
    return plain


def mask_answer(answer: Answer) -> Answer:
    """The answer with all texts in it masked; what it counts and where it stands stay."""
    return replace(
        answer,
        text=mask(answer.text),
        citations=tuple(map(_mask_citation, answer.citations)),
        figures=tuple(_mask_fields(figure, "name", "subject", "period") for figure in answer.figures),
        dropped=_mask_all(answer.dropped),
        notes=_mask_all(answer.notes),
    )


def mask_letter(letter: Letter) -> Letter:
    """The letter with its text, its file's name and all that was read from it masked; offsets hold."""
    known = (*(getattr(letter, name) or "" for name in _TEXTS_OF_LETTER), *letter.addressees, *letter.copies_to)
    if not has_personal("\n".join(known)):  # of most letters, whose number may be large
        return letter
    return replace(
        _mask_fields(letter, *_TEXTS_OF_LETTER),
        sentences=tuple(map(_mask_sentence, letter.sentences)),
        addressees=_mask_all(letter.addressees),
        copies_to=_mask_all(letter.copies_to),
    )


def mask_figure(figure: Figure) -> Figure:
    """The figure with a name that tells no number of a person."""
    return _mask_fields(figure, "name", "subject", "period", "group")


_TEXTS_OF_LETTER = ("text", "file", "title", "proposal_title", "contact", "signer")
_Record = TypeVar("_Record", Answer, AnswerFigure, Citation, Figure, Letter, Sentence)


def _mask_fields(record: _Record, *names: str) -> _Record:
    masked: dict[str, Any] = {name: mask(text) for name in names if (text := getattr(record, name))}
    return replace(record, **masked)


def _mask_citation(citation: Citation) -> Citation:
    masked = _mask_fields(citation, "text", "file", "title", "section")
    return replace(masked, doubtful=_still_there(citation.doubtful, masked.text))


def _mask_sentence(sentence: Sentence) -> Sentence:
    masked = _mask_fields(sentence, "text", "caption")
    return replace(masked, section=_mask_all(sentence.section), doubtful=_still_there(sentence.doubtful, masked.text))


def _still_there(doubtful: tuple[str, ...], masked: str) -> tuple[str, ...]:
    """The numbers in doubt without those that are hidden now; they were noted without spaces."""
    return tuple(number for number in doubtful if number in masked or number in masked.replace(" ", ""))


def _mask_all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(mask(text) for text in texts)
