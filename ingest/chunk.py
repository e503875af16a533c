"""Letter to chunks: runs of whole sentences within one section, bounded by tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.records import Chunk, Letter, Sentence, SentenceRole

MAX_TOKENS = 320
_TABLE = (SentenceRole.TABLE_HEAD, SentenceRole.TABLE_ROW)


def make_chunks(letter: Letter, count_tokens: Callable[[str], int], max_tokens: int = MAX_TOKENS) -> list[Chunk]:
    """Cut a letter into chunks. Each sentence is in exactly one of them; a heading goes with what follows it.

    Args:
        letter: the parsed letter.
        count_tokens: counts the tokens of a text.
        max_tokens: the limit for context and text together; a single longer sentence stays whole.
    """
    chunks: list[Chunk] = []
    for group in _groups(letter.sentences):
        context = _context(letter, group)
        budget = max(max_tokens - count_tokens(f"{context}\n") - 2, max_tokens // 4)
        for part in _fill(group, letter, count_tokens, budget):
            text = letter.text[part[0].start : part[-1].end]
            chunks.append(
                Chunk(
                    chunk_id=f"{letter.letter_id}#{part[0].index}-{part[-1].index}",
                    letter_id=letter.letter_id,
                    text=text,
                    context=context,
                    first_sentence=part[0].index,
                    last_sentence=part[-1].index,
                    tokens=count_tokens(f"{context}\n{text}"),
                )
            )
    return chunks


@dataclass(frozen=True, slots=True)
class _Place:
    """What sentences of one chunk have in common."""

    region: str
    section: tuple[str, ...]
    table: int | None


def _place(sentence: Sentence) -> _Place:
    if sentence.table is not None:  # a row, the head or the title of a table
        return _Place("table", sentence.section, sentence.table)
    region = {SentenceRole.HEAD: "head", SentenceRole.TAIL: "tail"}.get(sentence.role, "body")
    section = sentence.section
    if sentence.role is SentenceRole.HEADING:
        section = (*section, sentence.text.rstrip("。：:；，,"))
    return _Place(region, section, None)


def _groups(sentences: tuple[Sentence, ...]) -> Iterator[list[Sentence]]:
    """Runs of sentences of one section, one table, the head or the tail; headings without text of their own join what follows."""
    group: list[Sentence] = []
    for sentence in sentences:
        if group and _place(sentence) != _place(group[-1]) and not _opens(group, sentence):
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def _opens(group: list[Sentence], sentence: Sentence) -> bool:
    """Nothing but headings so far, and `sentence` stands under them."""
    return all(s.role is SentenceRole.HEADING for s in group) and sentence.role not in (SentenceRole.HEAD, SentenceRole.TAIL)


def _fill(group: list[Sentence], letter: Letter, count_tokens: Callable[[str], int], budget: int) -> Iterator[list[Sentence]]:
    """Cut a group into even parts that keep to the budget, before a paragraph where that is near."""
    part: list[Sentence] = []
    for sentence in group:
        if (
            part
            and count_tokens(letter.text[part[0].start : sentence.end]) > budget
            and any(s.role is not SentenceRole.HEADING for s in part)
        ):
            yield part
            part = []
        part.append(sentence)
    if part:
        yield part


def _context(letter: Letter, group: list[Sentence]) -> str:
    """What a chunk is about, for its vector: title, year, body, headings, and the head of its table."""
    lead = [letter.proposal_title or letter.title or "", "、".join(letter.bodies), f"{letter.year}年" if letter.year else ""]
    lines = [" ".join(part for part in lead if part)]
    section = group[-1].section
    if section:
        lines.append(" › ".join(section))
    table = next((s for s in group if s.role in _TABLE), None)
    if table is not None:
        if table.caption:
            lines.append(table.caption)
        heads = [s.text for s in letter.sentences if s.role is SentenceRole.TABLE_HEAD and s.table == table.table]
        lines.extend(heads)
    return "\n".join(lines)
