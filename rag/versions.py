"""Which files are one text of a letter, and which text counts: decided from all files of a letter together, so that their order does not matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from rag.records import Letter, SentenceRole
from rag.script import normalise, to_simplified

SAME_SHARE = 0.97  # of the characters of a scan agree with another reading; recognition gets 98.5 % and more of a usable scan right
LONGEST_GAP = 6  # characters in a row that a scan may lack or have too much; what is longer was written, not misread
_WORDS = re.compile(r"[^\u3400-\u4dbf\u4e00-\u9fff\u3007A-Za-z]+")
_TELLING = re.compile("[一二三四五六七八九十百千万亿零〇两半不未无没非否已]")  # numerals and negations: never noise
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BODY = (SentenceRole.HEADING, SentenceRole.BODY, SentenceRole.TABLE_HEAD, SentenceRole.TABLE_ROW)


@dataclass(frozen=True, slots=True)
class Reading:
    """One file of a letter as it was read."""

    version_id: int
    letter: Letter
    ingestion: int  # number of the run that brought it

    @property
    def is_scanned(self) -> bool:
        """Whether any of it was recognised on a picture."""
        return any(sentence.scanned for sentence in self.letter.sentences)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is decided for one letter."""

    current: int  # version_id of the text that counts
    source_of: dict[int, int]  # readings whose text another reading gives, better or as well


def choose_version(readings: Sequence[Reading]) -> Choice:
    """Put readings of the same text together and choose the text that counts.

    Args:
        readings: of one letter, at least one.
    """
    texts: list[tuple[Reading, list[Reading]]] = []  # the best reading of each text, and all of it
    for reading in sorted(readings, key=lambda reading: (reading.is_scanned, -len(reading.letter.text), reading.letter.content_hash)):
        own = next((group for best, group in texts if is_same_text(best, reading)), None)
        if own is None:
            texts.append((reading, [reading]))
        else:
            own.append(reading)
    source_of = {reading.version_id: best.version_id for best, group in texts for reading in group if reading is not best}
    newest = max(texts, key=lambda text: rank_version(text[0].letter, min(reading.ingestion for reading in text[1])))
    return Choice(newest[0].version_id, source_of)


Rank = tuple[date, bool, date, int, str]


def rank_version(letter: Letter, ingestion: int) -> Rank:
    """Of two texts of a letter the one with the higher rank is the newer: by date of issue, else by arrival.

    Args:
        letter: its fields are enough.
        ingestion: number of the run that brought the text first. Within one run nothing tells which text is newer; the content
            hash decides, so that the order of the files does not.
    """
    return (letter.issued_on or date.min, letter.reissue, letter.printed_on or date.min, ingestion, letter.content_hash)


def is_same_text(one: Reading, other: Reading) -> bool:
    """Whether two readings of a letter give one text: a scan beside a document, or the same document saved in two formats.

    The fields that tell versions apart and all numbers must agree, but for numbers that a scan left in doubt. Then the words of two written
    files must agree too, and those of a scan up to what recognition misreads.
    """
    first, second = one.letter, other.letter
    if (first.issued_on, first.reissue, first.corrects) != (second.issued_on, second.reissue, second.corrects):
        return False
    if not _numbers_agree(first, second):
        return False
    words, others = _words(first), _words(second)
    return words == others or ((one.is_scanned or other.is_scanned) and _is_noise(words, others))


def _numbers_agree(first: Letter, second: Letter) -> bool:
    numbers, others = Counter(_numbers(first)), Counter(_numbers(second))
    if numbers == others:
        return True
    doubtful, others_doubtful = _doubtful(first), _doubtful(second)
    only_first, only_second = set(numbers - others), set(others - numbers)
    # One number may stand where another was misread: one side is sure of what only it has, the other side is in doubt about all that only it has.
    return bool(only_first and only_second) and (only_first <= doubtful or only_second <= others_doubtful)


def _numbers(letter: Letter) -> Iterable[str]:
    return (number for text in _texts(letter) for number in _NUMBER.findall(text.replace(",", "")))


def _doubtful(letter: Letter) -> set[str]:
    return {number for sentence in letter.sentences for told in sentence.doubtful for number in _NUMBER.findall(told.replace(",", ""))}


def _words(letter: Letter) -> str:
    return _WORDS.sub("", "".join(_texts(letter)))


def _texts(letter: Letter) -> list[str]:
    """The running text and tables; head and tail are laid out too differently from format to format."""
    return [to_simplified(normalise(sentence.text)) for sentence in letter.sentences if sentence.role in _BODY]


def _is_noise(words: str, others: str) -> bool:
    """Whether two texts differ only as misreading makes them differ."""
    if not words or not others or min(len(words), len(others)) < SAME_SHARE * max(len(words), len(others)):
        return False
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.quick_ratio() < SAME_SHARE or matcher.ratio() < SAME_SHARE:
        return False
    differences = [(words[i1:i2], others[j1:j2]) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]
    return not any(max(len(one), len(other)) > LONGEST_GAP or _TELLING.search(one + other) for one, other in differences)
