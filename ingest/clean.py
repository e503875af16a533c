"""Takes the noise of copying and scanning out of lines, without changing the value of any digit."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.records import Document
from rag.script import normalise

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CLOSE_SIGNS = "，。、；：？！“”‘’《》〈〉（）〔〕【】「」『』…—％"
_NEAR = HAN + _CLOSE_SIGNS
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\ufff9-\ufffc\ufffe\ue000-\uf8ff]"
)
_DASH = r"[-—–－−―─·•~～_=*﹣\s]"
_CHINESE_DIGITS = "一二三四五六七八九十百零〇"
_PAGE_LINE = re.compile(
    rf"^\s*(?:{_DASH}*第\s*(?P<a>\d{{1,3}}|[{_CHINESE_DIGITS}]{{1,4}})\s*[页頁]\s*(?:[,，/／、|]?\s*[（(]?\s*共\s*(?:\d{{1,3}}|[{_CHINESE_DIGITS}]{{1,4}})\s*[页頁]\s*[)）]?)?{_DASH}*"
    rf"|[-—–－−―─·•~～_=*﹣][-—–－−―─·•~～_=*﹣\s]*(?P<b>\d{{1,3}})\s*[-—–－−―─·•~～_=*﹣][-—–－−―─·•~～_=*﹣\s]*"
    rf"|[（(\[【]?\s*(?P<c>\d{{1,3}})\s*[/／]\s*\d{{1,3}}\s*[页頁]?\s*[)）\]】]?"
    rf"|(?:[Pp]age|PAGE)\s*(?P<d>\d{{1,3}})(?:\s*(?:of|/)\s*\d{{1,3}})?"
    rf"|共\s*\d{{1,3}}\s*[页頁]\s*[,，/／]?\s*第\s*(?P<e>\d{{1,3}})\s*[页頁])\s*$"
)
_LONE_NUMBER = re.compile(r"^\s*(\d{1,3})\s*$")
_TRAILING_PAGE = re.compile(r"\s{6,}(?:[·•—–－-]\s*(\d{1,3})\s*[·•—–－-]|第\s*(\d{1,3})\s*[页頁](?:\s*共\s*\d+\s*[页頁])?)\s*$")
_SEPARATOR = re.compile(r"^[\s\-—–_=＝*＊·.…~─━═]{4,}$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a letter, folded, its indent kept."""

    text: str
    page: int | None = None
    blank_before: bool = False

    @property
    def bare(self) -> str:
        """The line without its outer spaces."""
        return self.text.strip(" \u3000\t")


def fold_characters(text: str) -> str:
    """Drop invisible characters and give each other one its usual form; no line is joined or split."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return normalise(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def clean_lines(document: Document) -> list[Line]:
    """The lines of all pages without page numbers and running heads, each with its page where that is known."""
    lines: list[Line] = []
    several = len(document.pages) > 1
    for page in document.pages:
        rows = fold_characters(page.text).split("\n")
        if several:
            rows = _without_margins(rows)
        lines.extend(Line(row.rstrip(), page.number) for row in rows)
    lines = _drop_page_lines(lines, known_pages=several)
    return _mark_blanks(_drop_running_heads(lines))


def _without_margins(rows: list[str]) -> list[str]:
    """Take a bare page number from the foot or head of a real page."""
    filled = [i for i, row in enumerate(rows) if row.strip()]
    drop = {i for i in (filled[:1] + filled[-1:]) if _LONE_NUMBER.match(rows[i])}
    return [row for i, row in enumerate(rows) if i not in drop]


_CUT = "\x00"  # stands where a page ended, until running heads are dealt with


def _page_of(match: re.Match[str]) -> int | None:
    for text in match.groups():
        if text:
            return int(text) if text.isdigit() else None
    return None


def _drop_page_lines(lines: list[Line], *, known_pages: bool) -> list[Line]:
    """Take out page-number lines; in a text without pages of its own they tell the page of what stands before them."""
    marks: dict[int, int | None] = {}
    stripped: list[Line] = []
    lone = set() if known_pages else _lone_numbers(lines)
    for index, line in enumerate(lines):
        if match := _PAGE_LINE.match(line.text) or (_LONE_NUMBER.match(line.text) if index in lone else None):
            stripped.append(replace(line, text=_CUT))
            marks[len(stripped) - 1] = _page_of(match)
        elif match := _TRAILING_PAGE.search(line.text):
            stripped.extend((replace(line, text=line.text[: match.start()]), replace(line, text=_CUT)))
            marks[len(stripped) - 1] = _page_of(match)
        else:
            stripped.append(line)
    numbers = [number for number in marks.values() if number]
    if not known_pages and numbers and numbers == list(range(1, len(numbers) + 1)):
        page, numbered = 1, []
        for index, line in enumerate(stripped):
            numbered.append(replace(line, page=page))
            if marks.get(index):
                page = (marks[index] or page) + 1
        stripped = numbered
    return stripped


def _lone_numbers(lines: list[Line]) -> set[int]:
    """Lines with nothing but a number: centred ones, and those that count 1, 2, 3 … through the text at a page's distance."""
    centred = {i for i, line in enumerate(lines) if re.fullmatch(r"(?: {10,}|\u3000{5,})\d{1,2}", line.text.rstrip())}
    found = [(i, int(m.group(1))) for i, line in enumerate(lines) if (m := _LONE_NUMBER.match(line.text))]
    counting = [number for _, number in found] == list(range(1, len(found) + 1))
    apart = all(b[0] - a[0] >= 8 for a, b in pairwise(found))
    return centred | ({i for i, _ in found} if len(found) > 1 and counting and apart else set())


_HEAD_WORDS = re.compile(r"(?:文件|答复|答复函|答覆|复函|函|提案办理|建议办理|(?:局|委|委员会|厅|办公室|中心|政府|支队|总队|大队))$")
_NUMBERED_HEAD = re.compile(r"(?:局|委|委员会|厅|办公室|政府|中心)[^，。；]{2,8}[〔\[（(]\d{4}[〕\])）]\d{1,4}号$")
_SENTENCE_SIGN = re.compile(r"[。！？；，：:;]")


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _drop_running_heads(lines: list[Line]) -> list[Line]:
    """Take out short lines that repeat at the top or bottom of pages, or follow a page number and name the letter again."""
    near: Counter[str] = Counter()
    edges: dict[int, str] = {}
    filled = [i for i, line in enumerate(lines) if line.text.strip(" \u3000\t") and line.text != _CUT]
    position = {index: place for place, index in enumerate(filled)}
    opening = {_squeeze(lines[i].text) for i in filled[:8]}
    after_cut: set[int] = set()
    for place, index in enumerate(filled):
        line = lines[index]
        earlier = filled[place - 1] if place else None
        later = filled[place + 1] if place + 1 < len(filled) else None
        cut_before = earlier is not None and (lines[earlier].page != line.page or any(lines[i].text == _CUT for i in range(earlier, index)))
        cut_after = later is not None and (lines[later].page != line.page or any(lines[i].text == _CUT for i in range(index, later)))
        text = _squeeze(line.text)
        if (cut_before or cut_after) and len(text) <= 60:
            edges[index] = text
            near[text] += 1
            if cut_before:
                after_cut.add(index)
    dropped = set()
    for index, text in edges.items():
        if position[index] < 3 or _SENTENCE_SIGN.search(text) or re.match(r"[（(]?[一二三四五六七八九十\d]+[)）、.]", text) or "|" in text:
            continue
        if "\t" in lines[index].text.strip() or re.fullmatch(r"[\d.%,年月日\s]+", text):
            continue
        again = near[text] > 1 or (text in opening and index in after_cut)
        named = (
            index in after_cut
            and len(text) <= 40
            and (_HEAD_WORDS.search(text) or _NUMBERED_HEAD.search(text))
            and not _is_signature(lines, filled, position[index])
        )
        if again or named:
            dropped.add(index)
    return [line for i, line in enumerate(lines) if i not in dropped]


def _is_signature(lines: list[Line], filled: list[int], place: int) -> bool:
    following = _squeeze(lines[filled[place + 1]].text) if place + 1 < len(filled) else ""
    return not following or bool(re.match(r"[\d二〇零一三四五六七八九十]{4}年", following)) or len(filled) - place < 4


def _mark_blanks(lines: list[Line]) -> list[Line]:
    """Drop blank and ruled lines, remembering where a blank one stood. Where a page ended nothing is remembered."""
    kept: list[Line] = []
    blank = cut = False
    for line in lines:
        if line.text == _CUT:
            cut = True
        elif not line.text.strip(" \u3000\t") or (_SEPARATOR.match(line.text) and not re.search(r"\d", line.text)):
            blank = True
        else:
            kept.append(replace(line, blank_before=blank and not cut))
            blank = cut = False
    return kept


def join_pieces(before: str, after: str) -> str:
    """Put two parts of one wrapped line together; only Latin words are kept apart."""
    before, after = before.rstrip(), after.lstrip()
    if not before or not after:
        return before + after
    last, first = before[-1], after[0]
    latin_last, latin_first = last.isascii() and (last.isalpha() or last in ",.;:)"), first.isascii() and first.isalpha()
    if last.isupper() and first.isupper() and latin_last and latin_first and not _mainly_latin(before):
        return before + after  # GD-P: an abbreviation cut at the end of a line
    if (latin_last and latin_first) or (latin_last and last.isalpha() and first.isdigit() and _mainly_latin(before)):
        return f"{before} {after}"
    if last.isdigit() and first.isascii() and first.isalpha() and _mainly_latin(after):
        return f"{before} {after}"
    return before + after


def _mainly_latin(text: str) -> bool:
    return sum(1 for c in text if c.isascii() and c.isalpha()) * 2 > len(text)


_SPACE = "[ \u3000\t]"


def close_gaps(text: str, *, prose: bool) -> str:
    """Take out the spaces that scanning put in.

    Args:
        text: one paragraph or line.
        prose: running text; else a line of the head or tail, where a wide gap parts two entries and stays as one U+3000.
    """
    text = text.strip(" \u3000\t")
    if prose:
        text = re.sub(_SPACE + "+", " ", text)
    else:
        if re.fullmatch(rf"(?:\S{_SPACE}{{1,4}})+\S", text):  # 澜　州　市: each character stands alone
            return re.sub(_SPACE, "", text)
        text = re.sub(rf"(?<![^ \u3000\t])([{HAN}]){_SPACE}{{1,6}}([{HAN}])(?=[：:]|$)", r"\1\2", text)
        text = re.sub(rf"{_SPACE}{{2,}}|\u3000|\t", "\u3000", text)
    text = re.sub(rf"(?<=[{_NEAR}]) +(?=[{_NEAR}])", "", text)
    text = re.sub(rf"(?<=[{_NEAR}]) +(?=[\w(\[$¥€+±<>≥≤-])", "", text)
    text = re.sub(rf"(?<=[\w)\]%‰℃°]) +(?=[{_NEAR}])", "", text)
    return _close_numbers(text) if prose else text


_UNIT_AHEAD = rf"(?= ?(?:[{HAN}%‰℃]|[.,]\d))"


def _close_numbers(text: str) -> str:
    """Join the parts of one number; numbers that stand side by side without a unit behind them are left as they are."""
    text = re.sub(r"(?<![\d.,])(?<!\d )(\d{1,3}(?: \d{3})+)(?!\d)" + _UNIT_AHEAD, lambda m: m.group(1).replace(" ", ""), text)
    text = re.sub(r"(?<![\d.,])(?<!\d )\d(?: \d)+(?!\d)" + _UNIT_AHEAD, lambda m: m.group(0).replace(" ", ""), text)
    text = re.sub(r"(?<=\d) ?([.,]) ?(?=\d)", _close_point, text)
    text = re.sub(r"(?<![\d.,])(?<!\d )(\d{1,3}) (\d{1,3})(?!\d)" + _UNIT_AHEAD, r"\1\2", text)
    return re.sub(r"(?<=\d) +(?=[%‰℃])", "", text)


def _close_point(match: re.Match[str]) -> str:
    """A point or comma between digits loses its spaces, unless it ends an English sentence or parts a list."""
    whole = match.group(0)
    if match.group(1) == "," and whole != "," and not re.match(r"\d{3}(?!\d)", match.string[match.end() :]):
        return whole
    return match.group(1)
