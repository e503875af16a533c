"""A candidate sentence → a statement of an answer: what of it is quoted, and yes or no in front where that is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.records import Letter, Sentence, SentenceRef, SentenceRole, Statement
from rag.topic import Term, plain
from rag.wordings import CONDITION, DECIDED, DENIAL, PROPOSED, Asked

LONG_SENTENCE = 160  # characters; longer ones are quoted by their telling clauses, where one fact is asked for
SENTENCES_AFTER = 4  # a proposal's decision, and the denial of a rumour, stand right behind it
MOST_ITEMS = 8
ITEM = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳●■◆•·—-]|[一二三四五六七八九十]是|其[一二三四五六七八九])")
CUT_KINDS = frozenset({Asked.WHO, Asked.WHEN, Asked.WHERE, Asked.HOW_MANY})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence looked at for a question."""

    letter: Letter
    sentence: Sentence
    coverage: float  # 0…1, weighted share of the question's terms that the sentence and its headings have
    likeness: float  # cosine of question and sentence
    score: float = 0.0


def quote(candidate: Candidate, terms: Sequence[Term], language: str, kind: Asked) -> Statement:
    """A statement that quotes the sentence, cut to its telling clauses where it is long and one fact is asked for."""
    text = candidate.sentence.text.strip()
    items = _items_behind(candidate) if text.endswith(("：", ":")) else []
    if items:
        text += "".join(("\n" if s.table is not None else "") + s.text.strip() for s in items)
    elif len(text) > LONG_SENTENCE and kind in CUT_KINDS:
        text = telling_clauses(text, terms)
    if language == "en":
        text = f"The letter says: “{text}”"
    return Statement(text, tuple(SentenceRef(candidate.letter.letter_id, s.index) for s in (candidate.sentence, *items)))


def _items_behind(candidate: Candidate) -> list[Sentence]:
    """The items that a sentence with a colon at its end announces: those that are numbered, or all up to the first full stop."""
    following = candidate.letter.sentences[candidate.sentence.index + 1 : candidate.sentence.index + 1 + MOST_ITEMS]
    if following and following[0].table is not None:
        return [s for s in following if s.table == following[0].table]
    items: list[Sentence] = []
    for sentence in following:
        numbered = ITEM.match(sentence.text)
        if sentence.role is not SentenceRole.BODY or (items and not numbered and items[-1].text.rstrip().endswith("。")):
            break
        if items and ITEM.match(items[0].text) and not numbered:
            break
        items.append(sentence)
    return items


def only_asks(text: str) -> bool:
    """Whether a sentence only repeats what a proposer asked for."""
    return bool(PROPOSED.search(text)) and not DECIDED.search(text)


def undecided(statement: Statement, language: str) -> Statement:
    """A statement that says that the letters leave it open, and quotes how."""
    text = f"答复函没有给出，只说：“{statement.text}”" if language == "zh" else f"The letters do not give it. {statement.text}"
    return replace(statement, text=text)


def telling_clauses(text: str, terms: Sequence[Term]) -> str:
    """The shortest run of clauses parted by ； that has as many of the terms as the whole sentence."""
    clauses = re.findall(r"[^；;]+[；;]?", text)
    weights = [{t.text for t in terms if t.stands_in(plain(clause).lower())} for clause in clauses]
    whole = set().union(*weights)
    runs = [
        (end - start, start, end)
        for start in range(len(clauses))
        for end in range(start + 1, len(clauses) + 1)
        if set().union(*weights[start:end]) >= whole
    ]
    _, start, end = min(runs)
    return "".join(clauses[start:end]).strip("；;。 ") + "。"


def with_verdict(statement: Statement, candidate: Candidate, terms: Sequence[Term], language: str) -> Statement:
    """Put yes or no in front, read from the clause that the question is about."""
    clauses = re.split(r"[，；。,;]", candidate.sentence.text)
    share = [sum(t.weight for t in terms if t.stands_in(plain(c).lower())) for c in clauses]
    start = share.index(max(share))
    if CONDITION.search(plain(candidate.sentence.text)):
        return statement  # what would be, decides nothing
    denied = any(DENIAL.search(clause) for clause in clauses[start:])
    verdict = ("没有。" if denied else "是的。") if language == "zh" else ("No. " if denied else "Yes. ")
    return Statement(verdict + statement.text, statement.proofs, statement.figures)


def denied(candidate: Candidate, told: Statement, language: str) -> tuple[Statement, ...]:
    """What is only rumoured: no, with the sentence behind it that denies it, where there is one."""
    at = candidate.sentence
    following = candidate.letter.sentences[at.index + 1 : at.index + 1 + SENTENCES_AFTER]
    denial = next((s for s in following if s.role is SentenceRole.BODY and s.section == at.section and DENIAL.search(plain(s.text))), None)
    verdict = "不是。" if language == "zh" else "No. "
    first = replace(told, text=verdict + told.text)
    return (first,) if denial is None else (first, quote(replace(candidate, sentence=denial), (), language, Asked.WHETHER))
