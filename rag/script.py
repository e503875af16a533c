"""One spelling for characters: simplified for traditional, half-width for full-width. All of the same length, so that offsets hold."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import opencc

_FIRST, _LAST = 0x3400, 0x9FFF
# Punctuation that carries meaning in Chinese text (，：（）) keeps its width; what stands inside figures and words does not.
_FOLDED_SIGNS = "％＆＋－／＝＜＞．～＃＠＊"
_RADICALS = {"⺀": "冫", "⺁": "厂", "⺄": "乙", "⺈": "刀", "⺌": "小", "⺍": "小", "⺕": "彐", "⺗": "心", "⺘": "扌", "⺙": "攵", "⺝": "月",
             "⺟": "母", "⺠": "民", "⺡": "氵", "⺢": "水", "⺣": "灬", "⺤": "爪", "⺨": "犭", "⺩": "王", "⺬": "示", "⺭": "礻", "⺮": "竹",
             "⺯": "糸", "⺶": "羊", "⺷": "羊", "⺸": "羊", "⺼": "月", "⺽": "臼", "⺾": "艹", "⻁": "虎", "⻄": "西", "⻅": "见", "⻆": "角",
             "⻉": "贝", "⻋": "车", "⻌": "辶", "⻓": "长", "⻔": "门", "⻘": "青", "⻙": "韦", "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食",
             "⻢": "马", "⻣": "骨", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻧": "卤", "⻨": "麦", "⻩": "黄", "⻬": "齐", "⻮": "齿", "⻰": "龙",
             "⻳": "龟"}  # fmt: skip
_LOOK_ALIKES = {"曰": "日", "囗": "口", "己": "已", "巳": "已"}
_LATIN_TWINS = dict(zip("АВЕКМНОРСТХасеорхуΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXaceopxyABEZHIKMNOPTYXo", strict=True))


@lru_cache(maxsize=1)
def _simplified_characters() -> dict[int, str]:
    """The one-to-one part of OpenCC's table: a character that becomes one other character."""
    characters = [chr(code) for code in range(_FIRST, _LAST + 1)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = {ord(a): b for a, b in zip(characters, converted, strict=True) if len(b) == 1 and a != b}
    table.update({ord("「"): "“", ord("」"): "”", ord("『"): "‘", ord("』"): "’"})
    return table


@lru_cache(maxsize=1)
def _half_width_characters() -> dict[int, str]:
    table: dict[int, str] = {}
    compatible = [*range(0x2F00, 0x2FD6), *range(0xF900, 0xFAFF), *range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]
    for code in [*compatible, *map(ord, _FOLDED_SIGNS), 0x1F100]:
        folded = unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1 and folded != chr(code):
            table[code] = folded
    for source in (_RADICALS, _LATIN_TWINS):
        table.update({ord(a): b for a, b in source.items()})
    table.update({0x00A0: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x202F: " "})
    return table


def to_simplified(text: str) -> str:
    """Replace traditional characters one by one; the result has the length of `text`."""
    return text.translate(_simplified_characters())


def is_traditional(text: str) -> bool:
    """Tell whether `text` is written in traditional characters (and does not merely hold one or two of them)."""
    table = _simplified_characters()
    han = sum(1 for character in text if _FIRST <= ord(character) <= _LAST)
    changed = sum(1 for character in text if _FIRST <= ord(character) <= _LAST and ord(character) in table)
    return changed > 3 and changed * 12 > han


def normalise(text: str) -> str:
    """Fold full-width digits, letters and signs, radicals and Latin look-alikes; same length, no digit's value changes."""
    return text.translate(_half_width_characters())


class _Folds(dict[int, str]):
    """The fold of each character, worked out where it is first met: texts are folded by the million characters."""

    def __missing__(self, code: int) -> str:
        character = to_simplified(normalise(chr(code)))
        character = _LOOK_ALIKES.get(character, character)
        lower = character.lower()
        folded = lower if len(lower) == 1 else character
        self[code] = folded
        return folded


_FOLDS = _Folds()


def fold_for_matching(text: str) -> str:
    """Fold as far as two spellings of the same words may differ: width, script, case, look-alike characters. Same length."""
    return text.translate(_FOLDS)
