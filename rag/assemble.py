"""A finding → an Answer: markers put in, each proof turned into a citation that stands in its letter."""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.records import Answer, AnswerFigure, Citation, Figure, Finding, Letter, Outcome, SentenceRef, Statement

# A part of a year, or several years: the year alone would say too much.
PART_OF_YEAR = re.compile(r"月|季|半年|“?十[一二三四五]五|截至|[年内]?底|年末|以来|[两三四五]年")
LetterOf = Callable[[str], Letter]


def assemble(finding: Finding, language: str, letter_of: LetterOf) -> Answer:
    """Number the proofs in order of appearance and write their markers behind the statements.

    Args:
        finding: what ledger or passages found.
        language: zh or en; decides how statements are joined.
        letter_of: letter_id → Letter, the version that the finding speaks of.
    """
    markers: dict[SentenceRef, str] = {}
    figures: list[AnswerFigure] = []
    parts: list[str] = []
    for statement in finding.statements:
        own = [markers.setdefault(proof, f"E{len(markers) + 1}") for proof in dict.fromkeys(statement.proofs)]
        body = statement.text.rstrip()
        tail = statement.text[len(body) :]
        parts.append(body + "".join(f"[{marker}]" for marker in own) + tail)
        figures.extend(_answer_figure(figure, statement, markers, letter_of) for figure in statement.figures)
    if finding.outcome is Outcome.NOT_FOUND:
        figures = []  # what is named there is a neighbour, not the answer
    citations = tuple(cite(proof, marker, letter_of(proof.letter_id)) for proof, marker in markers.items())
    return Answer(
        finding.outcome, _join(parts, language), citations, tuple(dict.fromkeys(figures)), notes=finding.notes, score=finding.score
    )


def cite(proof: SentenceRef, marker: str, letter: Letter) -> Citation:
    """The citation of one sentence."""
    sentence = letter.sentences[proof.sentence]
    return Citation(
        marker=marker,
        file=letter.file,
        letter_id=letter.letter_id,
        doc_number=letter.doc_number,
        title=letter.title,
        issued_on=letter.issued_on,
        section=" › ".join(sentence.section) or None,
        page=sentence.page,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        body=letter.bodies[0] if letter.bodies else None,
        doubtful=sentence.doubtful,
        content_hash=letter.content_hash,
    )


def _answer_figure(figure: Figure, statement: Statement, markers: dict[SentenceRef, str], letter_of: LetterOf) -> AnswerFigure:
    own = SentenceRef(figure.letter_id, figure.sentence)
    marker = markers.get(own) or (markers[statement.proofs[0]] if statement.proofs else "")
    return AnswerFigure(
        name=figure.name,
        value=figure.value,
        unit=figure.unit,
        comparator=figure.comparator,
        year=figure.year,
        status=figure.status,
        subject=figure.subject,
        marker=marker,
        high=figure.high,
        period=figure.period if PART_OF_YEAR.search(figure.period) else "",
        doubtful=_is_doubtful(figure, letter_of(figure.letter_id)),
    )


def _is_doubtful(figure: Figure, letter: Letter) -> bool:
    """Whether a number that a scan left in doubt is this figure's value or year; others of its sentence do not count."""
    quantity = "".join(letter.text[figure.start : figure.end].split())
    return any(
        number == str(figure.year) or re.search(rf"(?<!\d){re.escape(number)}(?!\d)", quantity)
        for number in letter.sentences[figure.sentence].doubtful
    )


def _join(parts: list[str], language: str) -> str:
    text = ""
    for part in parts:
        space = " " if language == "en" and text and not text.endswith("\n") else ""
        text += space + part
    return text.strip()
