"""Blocks to the clean text and its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.layout import Block, BlockKind
from ingest.outline import heading_length, mark_of
from rag.records import Sentence, SentenceRole

_END = re.compile(r"[。！？!?]+[”’」』）)】》〕\"']*")
_OPEN, _CLOSE = "（(《〔【", "）)》〕】"
_CLOSERS = "”’」』）)】》〕\"'"
_ROLES = {
    BlockKind.HEAD: SentenceRole.HEAD,
    BlockKind.CAPTION: SentenceRole.HEADING,
    BlockKind.TABLE_HEAD: SentenceRole.TABLE_HEAD,
    BlockKind.TABLE_ROW: SentenceRole.TABLE_ROW,
    BlockKind.TAIL: SentenceRole.TAIL,
}
_ATTACHMENT = re.compile(r"^附\s?件\s?\d{0,2}[一二三四五六七八九十]?[:：]?")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of one paragraph stand, without the spaces between them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _boundaries(text):
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _boundaries(text: str) -> list[int]:
    ends: list[int] = []
    for match in _END.finditer(text):
        sign = match.group(0)
        rest = text[match.end() :]
        if not rest.strip():
            continue
        if sign[0] in "!?" and not (rest[0].isspace() or "\u4e00" <= rest[0] <= "\u9fff"):
            continue
        if _depth(text, match.start()) > 0 and sign[-1] not in _CLOSE:
            continue
        if sign[-1] in _CLOSERS and (rest.lstrip()[0] in "，、；：。的等之与和或" or re.match(r"这|那|为|是|进行|开展", rest)):
            continue
        if "。" not in sign and (_inside_quotes(text, match.start()) and sign[-1] not in _CLOSERS):
            continue
        ends.append(match.end())
    if _mainly_latin(text):
        ends.extend(m.end() for m in re.finditer(r"(?<=[a-z)\d])\.[\"')]*(?=\s+[A-Z])", text))
    return sorted(set(ends))


def _depth(text: str, position: int) -> int:
    """How many brackets are open at `position`, of those that are closed later within reach."""
    depth = 0
    for index in range(max(0, position - 200), position):
        if text[index] in _OPEN:
            depth += 1
        elif text[index] in _CLOSE and depth:
            depth -= 1
    return depth if depth and any(c in _CLOSE for c in text[position : position + 200]) else 0


def _inside_quotes(text: str, position: int) -> bool:
    before = text[:position]
    return before.count("“") > before.count("”") and "”" in text[position : position + 150]


def _mainly_latin(text: str) -> bool:
    return sum(1 for c in text if c.isascii() and c.isalpha()) * 2 > len(text)


@dataclass(slots=True)
class _Writer:
    """Gathers text and sentences; holds the headings that are open."""

    numbered_first: bool  # the letter has headings 一、
    text: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    stack: list[tuple[int, str]] = field(default_factory=list)

    def add(self, block: Block, start: int, end: int, role: SentenceRole, *, opens: int | None = None) -> None:
        """Add `block.text[start:end]`, which stands at the end of the text; `opens`: depth of the heading that it is."""
        base = len(self.text) - len(block.text)
        text = block.text[start:end]
        if opens is not None:
            while self.stack and self.stack[-1][0] >= opens:
                self.stack.pop()
        section = tuple(title for _, title in self.stack)
        page = [page for offset, page in block.pages if offset <= start][-1]
        self.sentences.append(
            Sentence(len(self.sentences), base + start, base + end, text, role, section, page, block.table, block.caption)
        )
        if opens is not None:
            self.stack.append((opens, text.rstrip("。：:；，,")))

    def write(self, block: Block) -> None:
        self.text += ("\n" if self.text else "") + block.text


def write_text(blocks: list[Block]) -> tuple[str, tuple[Sentence, ...]]:
    """The clean text of a letter, one block a line, and its sentences with roles and sections."""
    writer = _Writer(any((mark_of(b.text) or (0, 0))[0] == 1 for b in blocks if b.kind is BlockKind.PROSE))
    signed = False
    for index, block in enumerate(blocks):
        if not block.text:
            continue
        writer.write(block)
        signed = signed or block.kind is BlockKind.TAIL
        if block.kind is BlockKind.PROSE:
            _write_paragraph(writer, block, signed=signed, alone=_stands_alone(blocks, index))
        else:
            if block.kind is BlockKind.TAIL:
                writer.stack.clear()
            writer.add(block, 0, len(block.text), _ROLES[block.kind])
    return writer.text, tuple(writer.sentences)


def _stands_alone(blocks: list[Block], index: int) -> bool:
    """A following paragraph or table gives an unnumbered title something to stand above."""
    return index + 1 < len(blocks) and blocks[index + 1].kind in (
        BlockKind.PROSE,
        BlockKind.TABLE_HEAD,
        BlockKind.TABLE_ROW,
        BlockKind.CAPTION,
    )


_CLOSING = re.compile(
    r"^(?:最后，)?(?:再次|衷心|诚挚|由衷|非常|十分|真诚|特别|最后|同时)*(?:地)?感谢(?:您|你|贵|各位|委员|代表|对|大家)|^(?:以上答复|专此|特此|此复)"
)


def _leave_section(writer: _Writer, text: str) -> None:
    """Thanks stand under no heading; 下一步 stands beside the points of a list and not under the last of them."""
    if _CLOSING.match(text):
        writer.stack.clear()
    elif re.match(r"^下一步，", text) and writer.sentences[-1].role is not SentenceRole.HEADING:
        while writer.stack and writer.stack[-1][0] >= 2:
            writer.stack.pop()


def _write_paragraph(writer: _Writer, block: Block, *, signed: bool, alone: bool) -> None:
    text = block.text
    if writer.sentences:
        _leave_section(writer, text)
    if signed and _ATTACHMENT.match(text) and len(text) < 80:
        writer.add(block, 0, len(text), SentenceRole.HEADING, opens=0)
        return
    spans = split_sentences(text)
    heading = heading_length(text, spans[0][1]) if spans else 0
    if heading:
        depth = (mark_of(text) or (3, 0))[0]
    elif alone and len(spans) == 1 and _is_title(text):
        heading, depth = len(text), 1 if not writer.numbered_first else 5
    elif mark := mark_of(text):
        while writer.stack and writer.stack[-1][0] >= mark[0]:  # a point without a heading ends the one before it
            writer.stack.pop()
    for start, end in spans:
        opens = depth if heading and start == 0 else None
        writer.add(block, start, end, SentenceRole.HEADING if opens is not None else SentenceRole.BODY, opens=opens)


def _is_title(text: str) -> bool:
    return 2 <= len(text) <= 30 and not re.search(r"[。！？；：:，,|]", text) and not re.match(r"[\d（(注]", text)
