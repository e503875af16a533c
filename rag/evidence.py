"""Figures + sentences → Evidence [E1]…[En] within a budget of tokens, each with its scope."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from rag.claims import find_years, is_instruction
from rag.records import Evidence, Figure, Hit, Letter, Sentence, SentenceRef, SentenceRole, Status
from rag.script import normalise

T = TypeVar("T")

STATUS_WORDS = {Status.TARGET: "目标", Status.ACTUAL: "实际", Status.BASELINE: "原值"}
QUOTED_ROLES = (SentenceRole.BODY, SentenceRole.TABLE_ROW)


def choose_evidence(
    letters: Mapping[str, Letter],
    figures: Sequence[Figure],
    sentences: Sequence[SentenceRef],
    budget_tokens: int,
    count_tokens: Callable[[str], int],
    all_figures: Iterable[Figure] = (),
) -> tuple[Evidence, ...]:
    """The sentences of the figures first, then the others, as long as the budget lasts; at least one.

    Args:
        letters: the letters by letter_id.
        figures: the ledger's answer, best first.
        sentences: other sentences, best first.
        budget_tokens: for all evidence lines together.
        count_tokens: counts a text's tokens.
        all_figures: figures of the letters, so that each sentence carries its own.
    """
    by_sentence: dict[SentenceRef, list[Figure]] = {}
    for figure in dict.fromkeys([*figures, *all_figures]):
        by_sentence.setdefault(SentenceRef(figure.letter_id, figure.sentence), []).append(figure)
    wanted = dict.fromkeys([*(SentenceRef(f.letter_id, f.sentence) for f in figures), *sentences])
    chosen: list[Evidence] = []
    spent = 0
    asked = set(figures)
    for reference in wanted:
        letter = letters.get(reference.letter_id)
        if letter is None or not 0 <= reference.sentence < len(letter.sentences):
            continue
        if is_instruction(letter.sentences[reference.sentence].text):
            continue  # a sentence that speaks to a model proves nothing and must not reach one
        item = make_evidence(f"E{len(chosen) + 1}", letter, reference, by_sentence.get(reference, ()), asked)
        cost = count_tokens(f"[{item.marker}]（{item.scope}）{item.header}：{item.text}\n")
        if chosen and spent + cost > budget_tokens:
            continue
        chosen.append(item)
        spent += cost
    return tuple(chosen)


def sentences_of_hits(question: str, hits: Sequence[Hit], letters: Mapping[str, Letter], limit: int = 8) -> list[SentenceRef]:
    """The sentences of the chunks found, those first that share most with the question; order of the hits otherwise."""
    asked = _pairs(question)
    scored: list[tuple[float, int, SentenceRef]] = []
    for rank, hit in enumerate(hits):
        letter = letters.get(hit.chunk.letter_id)
        if letter is None:
            continue
        for sentence in letter.sentences[hit.chunk.first_sentence : hit.chunk.last_sentence + 1]:
            if sentence.role in QUOTED_ROLES and len(sentence.text) > 5:
                shared = len(asked & _pairs(sentence.text)) / (len(asked) or 1)
                scored.append((shared + 1 / (2 + rank), -len(scored), SentenceRef(letter.letter_id, sentence.index)))
    ranked = [reference for _, _, reference in sorted(scored, key=lambda entry: (-entry[0], -entry[1]))]
    return list(dict.fromkeys(ranked))[:limit]


def make_evidence(
    marker: str, letter: Letter, reference: SentenceRef, figures: Sequence[Figure], asked: Collection[Figure] = ()
) -> Evidence:
    """One sentence with its scope.

    Args:
        marker: E1.
        letter: where it stands.
        reference: which sentence.
        figures: all figures of that sentence.
        asked: those of them that the answer gives; they decide place, year and status where the sentence holds several.
    """
    sentence = letter.sentences[reference.sentence]
    deciding = [f for f in figures if f in asked] or list(figures)
    place = _one(f.place for f in deciding) or letter.place
    year = _one(f.year for f in deciding) or _one(y for _, y in find_years(sentence.text))
    status = _one(f.status for f in deciding)
    dated = f"{year}年" if year else (f"{letter.year}年答复" if letter.year else "")
    scope = "，".join(part for part in (place, dated, STATUS_WORDS.get(status, "") if status else "") if part)
    return Evidence(
        marker=marker,
        text=sentence.text,
        letter_id=letter.letter_id,
        sentence=sentence.index,
        place=place,
        year=year,
        status=status,
        scope=scope,
        header=_header(letter, sentence),
        figures=tuple(figures),
        letter_year=letter.year,
        body=letter.bodies[0] if letter.bodies else None,
    )


def _header(letter: Letter, sentence: Sentence) -> str:
    """Caption and head of the table that a row stands in."""
    if sentence.role is not SentenceRole.TABLE_ROW:
        return ""
    heads = [s.text for s in letter.sentences if s.table == sentence.table and s.role is SentenceRole.TABLE_HEAD]
    return " ".join(part for part in (sentence.caption, *heads) if part)


def _one(values: Iterable[T | None]) -> T | None:
    """The value, if all that are known agree."""
    found = {value for value in values if value is not None}
    return found.pop() if len(found) == 1 else None


def _pairs(text: str) -> set[str]:
    folded = normalise(text)
    return {folded[i : i + 2] for i in range(len(folded) - 1) if folded[i : i + 2].isalnum()}
