"""Lines to blocks: head, paragraphs joined over hard line ends, tables, tail."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from ingest.clean import Line, close_gaps, join_pieces
from ingest.dates import find_month, is_date_line, without_date
from ingest.outline import starts_with_mark
from ingest.tables import Table, find_tables
from rag.script import to_simplified


class BlockKind(StrEnum):
    """What a block of a letter is."""

    HEAD = "head"
    PROSE = "prose"
    CAPTION = "caption"
    TABLE_HEAD = "table_head"
    TABLE_ROW = "table_row"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a line of head or tail, or a row of a table, clean."""

    kind: BlockKind
    text: str
    pages: tuple[tuple[int, int | None], ...]  # (offset into text, page that begins there)
    table: int | None = None
    caption: str | None = None
    raw: str = ""  # as the line was, for names parted by spaces only


_BODY_END = r"(?:局|委员会|厅|办公室|办公厅|政府|中心|公司|法院|检察院|[总支大]队|集团|委|院|处|联合会|总会|学会|银行|管委会|部)"
BODY_LINE = re.compile(rf"^(?:[\u4e00-\u9fff（）()、·]{{2,24}}{_BODY_END}[\u3000 ]?)+(?:[（(](?:代章|盖章|印章|公章|章)[)）])?$")
_TAIL = re.compile(
    r"^[（(【\[]?(?:(?:联系|承办|经办|具体经办|具体联系|主办|会办|协办)(?:人|单位|处室|科室|部门|电话|方式|地址)?|电话|手机|传真|邮编|领导签发|签发人?|审核人?|核稿人?|拟稿人?|校对人?|"
    r"抄送|抄报|分送|主送|公开(?:方式|属性|选项|形式)|信息公开(?:选项|方式)?|网站发布|网站发布(?:日期|时间)|发布(?:日期|时间)|备注)[^，。；：:]{0,10}[:：]"
    r"|^[（(]?(?:抄送|抄报)|^[（(]?(?:此件|本件|此文|本文)[^，。；]{0,12}公开|^[（(]?(?:主动公开|依申请公开|不予公开)[)）]?$"
)
_TAIL_WORDS = re.compile(r"(?:日|^)[\u3000 ]*印发$|^共印\d+份")
_PHONE = re.compile(r"\d{3,4}[-－—]\d{7,8}|(?<!\d)\d{7,11}(?![\d\u4e00-\u9fff%.])")
_ADDRESSEE = re.compile(r"^[^。；，：:]{2,80}[：:]$")
_ADDRESSEE_RUN_IN = re.compile(
    r"^([^。，；：:]{2,60}(?:委员|代表|先生|女士|同志|委会|总支|支部|联合会|工商联|学社|界别|党派|委员会))[：:]\s*(?=[您你贵现《].{8,})"
)
_NO_ADDRESSEE = re.compile(r"文号|来源|日期|机构|公开|签发|联系|索引|标题|单位[:：]$|答复如下|附件|编号|类别|问[:：]$|答复?[:：]$")
_TERMINAL = re.compile(r"[。！？!?：:；;…][”’」』）)】》\"']*$")
_FULL_STOP = re.compile(r"[。！？!?][”’」』）)】》\"']*$")
_NOT_FIRST = re.compile(r"^[，。、；：？！”’）】》〉,;:?!)\]%％]")
_REMARK = re.compile(r"^[（(【\[※★*][^。]{2,40}[)）】\]※★*]$")
_ATTACHED = re.compile(r"^附\s*件\s*\d{0,2}\s*[:：][^。；]{2,60}$")
_ATTACHMENT = re.compile(r"^附\s*件\s*\d{0,2}\s*[一二三四五六七八九十]?\s*$")


def build_blocks(lines: list[Line]) -> list[Block]:
    """Make the blocks of a letter, in order of reading."""
    lines = _split_addressee(lines)
    start = _find_body(lines)
    blocks = _head_blocks(lines[:start])
    body = lines[start:]
    tables = {table.first: (number, table) for number, table in enumerate(find_tables(body), start=1)}
    return blocks + _body_blocks(body, tables)


def _split_addressee(lines: list[Line]) -> list[Line]:
    for index, line in enumerate(lines[:30]):
        match = _ADDRESSEE_RUN_IN.match(to_simplified(line.bare))
        if match:
            bare = line.bare
            parts = [replace(line, text=bare[: match.end()].rstrip()), replace(line, text=bare[match.end() :], blank_before=True)]
            return lines[:index] + parts + lines[index + 1 :]
    return lines


def _find_body(lines: list[Line]) -> int:
    """Index of the first line after the addressee, or of the first running text where there is none."""
    for index, line in enumerate(lines[:40]):
        text = close_gaps(to_simplified(line.bare), prose=True)
        if _ADDRESSEE.match(text) and not _NO_ADDRESSEE.search(text):
            return index + 1
        if len(text) >= 30 and re.search(r"。", text) and "\t" not in line.text and not re.match(r"[（(\[【※★*=]", text):
            return index
    for index, line in enumerate(lines):
        if "，" in line.text or "。" in line.text:
            return index
    return min(len(lines), 3)


_TITLE_START = re.compile(r"^(?:.{0,30}(?:关于|對|对).*(?:提案|建议|代表|委员|政协|人大)|.{0,24}关于|对.{0,30}(?:第|提案|建议))")
_TITLE_END = re.compile(r"(?:答复|复函|答复函|的函|函|的报告|答复意见|回复|意见|说明|通报)(?:[（(].{1,12}[)）])?$")


def _head_blocks(lines: list[Line]) -> list[Block]:
    blocks: list[Block] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        text = (
            close_gaps(line.text, prose=False)
            if "\t" not in line.bare
            else " | ".join(close_gaps(c, prose=True) for c in line.bare.split("\t"))
        )
        plain = to_simplified(text)
        taken = 1
        if _TITLE_START.match(plain) and not _TITLE_END.search(plain) and " | " not in text:
            text, taken = _join_title(text, lines[index:])
        if _TITLE_START.match(plain):
            text = close_gaps(text, prose=True)
        blocks.append(Block(BlockKind.HEAD, text, ((0, line.page),), raw=line.text))
        index += taken
    return blocks


def _join_title(first: str, lines: list[Line]) -> tuple[str, int]:
    """A title over two to four lines as one, and how many lines it took."""
    joined = first
    for more, line in enumerate(lines[1:4], start=1):
        text = close_gaps(line.text, prose=True)
        if _ADDRESSEE.match(text) or "〕" in text or BODY_LINE.match(to_simplified(text)):
            break
        joined = join_pieces(joined, text)
        if _TITLE_END.search(to_simplified(joined)):
            return joined, more + 1
    return first, 1


def screen_width(text: str) -> int:
    """Width on a screen where a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _indent(line: Line) -> int:
    return screen_width(line.text[: len(line.text) - len(line.text.lstrip(" \u3000\t"))])


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How the text is wrapped: `width` columns, or None where each line is a paragraph."""

    width: int | None

    def is_full(self, line: Line) -> bool:
        return self.width is not None and screen_width(line.text) >= self.width * 0.82


def _measure_wrap(lines: list[Line]) -> _Wrap:
    pairs = [(a, b) for a, b in pairwise(lines) if not b.blank_before and screen_width(a.text) >= 28]
    cut = [screen_width(a.text) for a, b in pairs if not _TERMINAL.search(a.bare) and not is_tail(b) and not starts_with_mark(b.bare)]
    if len(cut) < 3 or len(cut) * 3 < len(pairs):
        return _Wrap(None)
    return _Wrap(sorted(cut)[int(len(cut) * 0.8)])


def is_tail(line: Line) -> bool:
    """Tell whether a line belongs to the end of a letter: contact, signature, date, copies."""
    text = close_gaps(to_simplified(line.bare), prose=False)
    if _TAIL.match(text) and len(text) < 160 and not re.search(r"。.", text):
        return True
    if len(text) > 60:
        return False
    if without_date(text) != text and BODY_LINE.match(without_date(text)):
        return True
    if find_month(text):
        return True
    named = bool(BODY_LINE.match(text)) and not starts_with_mark(text)
    return named or bool(
        is_date_line(text)
        or _TAIL_WORDS.search(text)
        or (_PHONE.search(text) and not re.search(r"。.|[；;]$", text) and not starts_with_mark(text))
    )


def _body_blocks(lines: list[Line], tables: dict[int, tuple[int, Table]]) -> list[Block]:
    wrap = _measure_wrap([line for index, line in enumerate(lines) if not any(t.first <= index <= t.last for _, t in tables.values())])
    blocks: list[Block] = []
    run: list[Line] = []  # lines of the paragraph being gathered
    index = 0

    def finish() -> None:
        if run:
            blocks.append(_paragraph(run))
            run.clear()

    while index < len(lines):
        line = lines[index]
        if index in tables:
            finish()
            number, table = tables[index]
            _caption_above(blocks, number)
            blocks.extend(_table_blocks(table, number, blocks))
            index = table.last + 1
            continue
        listed = _ATTACHED.match(line.bare) and not any(b.kind is BlockKind.TAIL for b in blocks)
        if (listed or (is_tail(line) and _closes(lines, index, blocks))) and not (run and _is_inside(run[-1], line, wrap)):
            finish()
            _add_tail(blocks, line)
        elif not run and blocks and blocks[-1].kind is BlockKind.TAIL and (_REMARK.match(line.bare) or _is_listed(blocks, line)):
            _add_tail(blocks, line)
        elif not run and blocks and blocks[-1].kind is BlockKind.TAIL and _carries_on(blocks[-1], line):
            blocks[-1] = replace(blocks[-1], text=join_pieces(blocks[-1].text, close_gaps(line.text, prose=False)))
        elif run and _belongs(run, line, lines, index, wrap):
            run.append(line)
        else:
            finish()
            run.append(line)
        index += 1
    finish()
    return blocks


def _add_tail(blocks: list[Block], line: Line) -> None:
    """Add a line of the tail; the date of a signature joins the body above it, so that both are quoted together."""
    text = close_gaps(line.text, prose=False)
    above = blocks[-1] if blocks else None
    if above and above.kind is BlockKind.TAIL and is_date_line(to_simplified(text)) and BODY_LINE.match(to_simplified(above.text)):
        blocks[-1] = replace(above, text=f"{above.text}\u3000{text}")
    else:
        blocks.append(Block(BlockKind.TAIL, text, ((0, line.page),), raw=line.text))


def _is_listed(blocks: list[Block], line: Line) -> bool:
    """附件：1.… is followed by a line 2.…: the list goes on."""
    started = any(_ATTACHED.match(block.text) for block in blocks[-6:] if block.kind is BlockKind.TAIL)
    return started and bool(re.match(r"\d{1,2}\s?[.．、][^。；]{2,60}$", line.bare))


def _closes(lines: list[Line], index: int, blocks: list[Block]) -> bool:
    """A body's name alone is a signature only where the end is near; else it may be a heading of a joint reply."""
    text = close_gaps(to_simplified(lines[index].bare), prose=False)
    if not BODY_LINE.match(text) or (blocks and blocks[-1].kind is BlockKind.TAIL):
        return True
    near = [close_gaps(to_simplified(line.bare), prose=False) for line in lines[index + 1 : index + 5]]
    return len(near) < 4 or any(is_date_line(text) or without_date(text) != text or text.endswith("印发") for text in near)


def _carries_on(block: Block, line: Line) -> bool:
    if not re.match(r"抄[送报]|主送", block.text) or line.blank_before or len(line.bare) >= 60:
        return False
    return not re.search(r"[。.]$", block.text) and not re.match(r"[（(【\[※★*]|附\s*件", line.bare)


def _is_inside(previous: Line, line: Line, wrap: _Wrap) -> bool:
    """A wrapped line of prose that looks like a tail line only by its words."""
    return not line.blank_before and wrap.is_full(previous) and not _TERMINAL.search(previous.bare) and _indent(line) <= _indent(previous)


def _belongs(run: list[Line], line: Line, lines: list[Line], index: int, wrap: _Wrap) -> bool:
    """Tell whether `line` carries on the paragraph gathered in `run`."""
    previous = run[-1]
    if _NOT_FIRST.match(line.bare):
        return True
    ended = bool(_FULL_STOP.search(previous.bare)) if wrap.width else bool(_TERMINAL.search(previous.bare))
    marked = starts_with_mark(line.bare) or bool(_ATTACHMENT.match(line.bare))
    full = wrap.is_full(previous)
    if previous.bare[-1] in "，、" and not marked and not line.blank_before:
        return True
    if line.blank_before or previous.page != line.page:
        stop = _FULL_STOP if full and not line.blank_before else _TERMINAL
        open_end = not stop.search(previous.bare) and (full or len(previous.bare) >= (60 if line.blank_before else 20))
        return open_end and not marked and not _is_heading_line(run) and (_indent(line) == 0 or _indent(line) == _indent(previous))
    base = _base_indent(lines, index)
    if _indent(line) >= base + 2 and (ended or _indent(line) - base <= 4):
        return False
    if wrap.width is None:
        return not ended and not marked and _is_prose(previous.bare) and _indent(line) == 0 and not _is_heading_line(run)
    if marked and (ended or not full):
        return False
    return full or (_is_broken_off(run) and not marked and _indent(line) <= base)


def _is_broken_off(run: list[Line]) -> bool:
    """A short line in the middle of a sentence: the paragraph has begun its clauses and the line ends in none of their marks."""
    return not _TERMINAL.search(run[-1].bare) and not _is_heading_line(run) and any(re.search(r"[，；。]", line.bare) for line in run)


def _is_prose(text: str) -> bool:
    return len(text) >= 30 or (len(text) >= 16 and "，" in text)


def _base_indent(lines: list[Line], index: int) -> int:
    """The indent of continuation lines around `index`: the smallest between two blank lines."""
    first = last = index
    while first > 0 and not lines[first].blank_before:
        first -= 1
    while last + 1 < len(lines) and not lines[last + 1].blank_before:
        last += 1
    return min(_indent(line) for line in lines[first : last + 1])


def _is_heading_line(run: list[Line]) -> bool:
    return len(run) == 1 and starts_with_mark(run[0].bare) and not re.search(r"[。；]", run[0].bare) and len(run[0].bare) <= 60


def _paragraph(run: list[Line]) -> Block:
    text, pages = "", [(0, run[0].page)]
    for line in run:
        piece = close_gaps(line.text, prose=True)
        joined = join_pieces(text, piece)
        if line.page != pages[-1][1]:
            pages.append((len(joined) - len(piece), line.page))
        text = joined
    return Block(BlockKind.PROSE, close_gaps(text, prose=True), tuple(pages), raw=run[0].text if len(run) == 1 else "")


_CAPTION = re.compile(
    r"^(?:附?表\s*[\d一二三四五六七八九十]*[\u3000 :：.、-]?|附件\d*[:：])|(?:表|情况|明细|清单|一览|对比|比较|分解|安排)(?:[（(].{1,20}[)）])*$|^[（(]?单位[:：]"
)


def _caption_above(blocks: list[Block], number: int) -> None:
    """Turn the short title lines just above a table into its caption."""
    index = len(blocks) - 1
    while index >= 0 and index >= len(blocks) - 2 and blocks[index].kind is BlockKind.PROSE:
        text = blocks[index].text
        if len(text) > 60 or re.search(r"[。；]|[：:]$", text) or starts_with_mark(text) or not _CAPTION.search(text):
            break
        title = close_gaps(blocks[index].raw, prose=False) if blocks[index].raw else text
        blocks[index] = replace(blocks[index], kind=BlockKind.CAPTION, text=title, table=number)
        index -= 1


def _table_blocks(table: Table, number: int, before: list[Block]) -> list[Block]:
    titles = [block.text for block in before[-3:] if block.kind is BlockKind.CAPTION and block.table == number]
    caption = "\u3000".join(titles) or None
    if (
        caption is None
        and before
        and before[-1].kind is BlockKind.PROSE
        and re.search(r"[：:]$|[见如].{0,6}[下附]?表.{0,6}[：:。]?$", before[-1].text)
    ):
        caption = re.split(r"(?<=[。！？])(?=.)", before[-1].text)[-1].rstrip("：:。") if len(before[-1].text) < 400 else None
    blocks = [Block(BlockKind.TABLE_HEAD, text, ((0, page),), number, caption) for text, page in zip(table.head, table.pages, strict=False)]
    pages = table.pages[len(table.head) :]
    return blocks + [
        Block(BlockKind.TABLE_ROW, text, ((0, pages[i] if i < len(pages) else table.pages[-1]),), number, caption)
        for i, text in enumerate(table.rows)
    ]
