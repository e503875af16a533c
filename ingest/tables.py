"""Finds tables in lines of text: cells parted by tabs, bars, box-drawing lines or runs of spaces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from ingest.clean import Line, close_gaps

_BAR = re.compile(r"[|｜│┃║┆┊]")
_RULE = re.compile(r"^[\s|｜│┃║+:\-—–=─━═┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬┏┓┗┛┣┫┳┻╋╭╮╰╯]{3,}$")
_GAP = re.compile(r"[ \u3000]{2,}|\u3000")
_WIDE_WORD = re.compile(r"(?<![^ \u3000\t|])([\u4e00-\u9fff])[ \u3000]{1,8}([\u4e00-\u9fff])(?=[ \u3000\t|]|$)")
_NUMBER = re.compile(
    r"^[约近超≥≤＞＜><~±+\-]*(?:不低于|不高于|不少于|不超过|不小于|达到|超过|突破|力争|约|近|[≥≤])?[\d.,]+\s*(?:[%‰]|[\u4e00-\u9fff/%A-Za-z²³]{0,8})?"
    r"(?:以上|以下|以内|左右|余|多)?(?:[（(][^）)]*[)）])?$"
)
_YEAR = re.compile(r"^(?:(?:19|20)\d\d年?$|(?:19|20)\d\d[年-])")
_EMPTY = re.compile(r"^[-—–―/\\*…无]*$")
_NOT_TABLE = re.compile(
    r"(?:联系|电话|签发|承办|经办|抄送|印发|手机|邮编|地址|传真|网址|邮箱|主办|会办|公开|发布|浏览|来源)[\u4e00-\u9fff]*\s*[:：]|印发$|〔\d{4}〕|委员[:：]$|\d{4}年\d{1,2}月\d{1,2}日$"
)
_SENTENCE = re.compile(r"[。；！？]")
_LABEL = re.compile(r"^(?:\d{1,2}[.、．)）]|[（(][\d一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[①-⑳]|[•·●■◆-])$")


@dataclass(frozen=True, slots=True)
class Table:
    """A table within the lines `first` to `last` (inclusive); head rows come first."""

    first: int
    last: int
    head: tuple[str, ...]  # cells parted by “ | ”
    rows: tuple[str, ...]
    pages: tuple[int | None, ...]  # of head rows, then rows


def find_tables(lines: list[Line]) -> list[Table]:
    """All tables, in order."""
    tables: list[Table] = []
    index = 0
    while index < len(lines):
        for reader in (_read_barred, _read_tabbed, _read_spaced):
            table = reader(lines, index)
            if table:
                tables.append(table)
                index = table.last
                break
        index += 1
    return tables


def _build(first: int, last: int, grid: list[list[str]], pages: list[int | None], ruled: int | None = None) -> Table | None:
    width = max(map(len, grid))
    grid = [[_tidy(cell) for cell in row] + [""] * (width - len(row)) for row in grid]
    keep = [column for column in range(width) if any(row[column] for row in grid)]
    grid = [[row[column] for column in keep] for row in grid]
    if len(grid) < 2 or len(keep) < 2:
        return None
    heads = ruled if ruled else _count_heads(grid)
    for row, lower in pairwise(grid[: heads + 1]):
        _fill_spans(row, lower)
    if heads > 1:
        _fill_down(grid[:heads])
    joined = [" | ".join(row) for row in grid]
    kept = [i for i in range(heads, len(joined)) if joined[i] not in joined[:heads]]  # a head is printed again on a new page
    return Table(
        first,
        last,
        tuple(joined[:heads]),
        tuple(joined[i] for i in kept),
        tuple(pages[i] for i in [*range(heads), *kept] if i < len(pages)),
    )


def _tidy(cell: str) -> str:
    return close_gaps(cell, prose=True).replace("|", "/")


def is_value(cell: str) -> bool:
    """Tell whether a cell holds a figure and not a name; a bare year is a name."""
    return bool(_NUMBER.match(cell)) and not _YEAR.match(cell)


def _count_heads(grid: list[list[str]]) -> int:
    if any(is_value(cell) for cell in grid[0][1:]) or not any(grid[0][1:]):
        return 0
    heads = 1
    while heads < len(grid) - 1 and heads < 3:
        row = grid[heads]
        continues = row[0] == "" or row[0] == grid[0][0]
        if not continues or any(is_value(cell) or re.fullmatch(r"[-—–―/]+", cell) for cell in row[1:]):
            break
        heads += 1
    return heads


def _fill_spans(row: list[str], lower: list[str]) -> None:
    """2020年 | (empty) above 目标 | 完成: the upper cell spans both."""
    for column in range(1, len(row)):
        if not row[column] and row[column - 1] and lower[column] and lower[column - 1]:
            row[column] = row[column - 1]


def _fill_down(heads: list[list[str]]) -> None:
    """地区 above an empty cell: it spans both rows."""
    for upper, lower in pairwise(heads):
        for column, cell in enumerate(lower):
            if not cell and column == 0:
                lower[column] = upper[column]


def _read_barred(lines: list[Line], start: int) -> Table | None:
    grid: list[list[str]] = []
    pages: list[int | None] = []
    ruled = None
    index = last = start
    while index < len(lines):
        text = lines[index].bare
        if _RULE.match(text) and (grid or _BAR.search(text) or re.search(r"[┌┬┐╔╦╗┏┳┓+]", text)):
            if len(grid) and ruled is None and re.search(r"[-─━═]", text):
                ruled = len(grid)
        elif (len(_BAR.findall(text)) >= 2 and not re.search(r"。.{10}", text)) or (
            grid and len(_BAR.findall(text)) == len(grid[0]) - 1 > 0
        ):
            parts = _BAR.split(text)
            bordered = bool(_BAR.match(text))
            cells = parts[1:-1] if bordered and _BAR.search(text[-1]) else parts[1:] if bordered else parts
            if (
                grid
                and bordered
                and not cells[0].strip()
                and ruled is not None
                and len(cells) == len(grid[-1])
                and _continues(grid[-1], cells)
            ):
                grid[-1] = [a.strip() + b.strip() for a, b in zip(grid[-1], cells, strict=True)]
            else:
                grid.append([cell.strip() for cell in cells])
                pages.append(lines[index].page)
        else:
            break
        last = index
        index += 1
    if len(grid) < 2 or (ruled is None and not any(is_value(_tidy(c)) for row in grid for c in row[1:]) and len(grid) < 3):
        return None
    heads = ruled if ruled and ruled <= 3 and ruled < len(grid) else None
    return _build(start, last, grid, pages, heads)


def _continues(above: list[str], cells: list[str]) -> bool:
    """A row of a drawn table that only carries on the words of the row above."""
    return sum(1 for cell in cells if cell.strip()) <= len(cells) // 2 and not any(is_value(cell.strip()) for cell in cells) and any(above)


def _read_tabbed(lines: list[Line], start: int) -> Table | None:
    grid: list[list[str]] = []
    pages: list[int | None] = []
    index = start
    while index < len(lines) and "\t" in lines[index].text.strip("\u3000 "):
        cells = lines[index].text.split("\t")
        filled = [cell for cell in cells if cell.strip()]
        if _LABEL.match(filled[0].strip()) and len(filled) == 2 and len(filled[1]) > 12:
            break  # 1.⇥加快管网改造: a numbered point
        if len(filled) < 2 and (not grid or len(filled[0]) > 30 or _SENTENCE.search(filled[0])):
            break
        if _SENTENCE.search(lines[index].text) and len(lines[index].bare) > 200 and len(cells) < 3:
            break
        if sum(1 for c in cells if _NOT_TABLE.search(c.strip())) and len(cells) < 4:
            break
        grid.append([cell.strip() for cell in cells])
        pages.append(lines[index].page)
        index += 1
    if len(grid) < 2 or (len(grid) == 2 and max(map(len, grid)) < 3 and not any(is_value(_tidy(c)) for row in grid for c in row[1:])):
        return None
    return _build(start, index - 1, grid, pages)


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    left: int  # in columns of the screen, a Chinese character taking two
    right: int


def _screen_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _split_spaced(text: str) -> list[_Cell]:
    """The cells of a line that is parted by runs of spaces."""
    text = _WIDE_WORD.sub(lambda m: m.group(1) + m.group(2) + " " * (_screen_width(m.group(0)) - 4), text)
    cells, position = [], 0
    for gap in [*_GAP.finditer(text), None]:
        end = gap.start() if gap else len(text)
        piece = text[position:end]
        if piece.strip():
            left = _screen_width(text[:position])
            cells.append(_Cell(piece.strip(), left, left + _screen_width(piece)))
        position = gap.end() if gap else len(text)
    return cells


_OUTLINE = re.compile(r"^\s*(?:第[一二三四五六七八九十]{1,3}(?:部分|章|节|条)|[（(]?[一二三四五六七八九十]{1,3}[)）、])")


def _read_spaced(lines: list[Line], start: int) -> Table | None:
    rows: list[list[_Cell]] = []
    index = start
    while index < len(lines):
        text = lines[index].text
        cells = _split_spaced(text)
        if index == start and _OUTLINE.match(text):
            break  # 第三部分  各县情况 is a heading, not the head of the table under it
        if "\t" in text.strip() or _SENTENCE.search(text) or _NOT_TABLE.search(text) or len(cells) < 2 or _screen_width(text) > 200:
            break
        if index > start and lines[index].blank_before and len(rows) >= 3 and len(cells) != len(rows[-1]):
            break
        rows.append(cells)
        index += 1
    if len(rows) < 2:
        return None
    columns = max(map(len, rows))
    values = sum(1 for row in rows[1:] for cell in row[1:] if is_value(_tidy(cell.text)) or _EMPTY.match(cell.text))
    others = sum(1 for row in rows[1:] for cell in row[1:])
    regular = sum(1 for row in rows if len(row) >= columns - 1) * 4 >= len(rows) * 3
    enough = (columns >= 3 or len(rows) >= 3) and regular and values * 2 >= others
    if not enough and not (columns >= 3 and len(rows) >= 3 and regular and _aligned(rows)):
        return None
    grid = _place(rows, columns)
    return _build(start, index - 1, grid, [line.page for line in lines[start:index]])


def _aligned(rows: list[list[_Cell]]) -> bool:
    """Tell whether the cells of full rows stand under each other."""
    widest = max(map(len, rows))
    full = [row for row in rows if len(row) == widest]
    columns = zip(*full, strict=True)
    return len(full) * 2 > len(rows) and all(max(c.left for c in column) - min(c.left for c in column) <= 6 for column in columns)


def _place(rows: list[list[_Cell]], columns: int) -> list[list[str]]:
    """Put each cell into the column that it stands in."""
    full = [row for row in rows if len(row) == columns]
    spans = [(min(row[i].left for row in full), max(row[i].right for row in full)) for i in range(columns)]
    grid: list[list[str]] = []
    for row in rows:
        if len(row) == columns:
            grid.append([cell.text for cell in row])
            continue
        cells = [""] * columns
        lowest = 0
        for place, cell in enumerate(row):
            highest = columns - (len(row) - place)
            column = max(range(lowest, highest + 1), key=lambda i: _nearness(cell, spans[i]))
            cells[column] = cell.text
            lowest = column + 1
        grid.append(cells)
    return grid


def _nearness(cell: _Cell, span: tuple[int, int]) -> float:
    overlap = min(cell.right, span[1]) - max(cell.left, span[0])
    return overlap if overlap > 0 else -abs((cell.left + cell.right) / 2 - (span[0] + span[1]) / 2)
