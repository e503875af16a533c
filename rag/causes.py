"""Whether a sentence that tells a cause tells it of what is asked: a letter gives many causes, and most are of another thing."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.meaning import Encode, without_like
from rag.quoting import Candidate
from rag.segment import nouns_of
from rag.topic import plain

TOGETHER = 0.6  # coverage and likeness that a sentence must reach where no noun shows what it is about
SURE_TOGETHER = 0.93  # with so much of both no noun is looked for
SAME_MEANING = 0.5  # cosine of two nouns
SENTENCES_BEFORE = 8  # that say what a sentence goes on about
# Nouns of a question for a cause that do not say of what.
SCENE = re.compile(r"原因|缘故|理由|因素|任务|目标|计划|预期|结果|日子|代表|委员|建设|统一|时间|全市|全县|全区|全省|.*[局委办]")


def tells_cause_of(candidate: Candidate, question: str, names: Collection[str], encode: Encode) -> bool:
    """Whether each noun of a Chinese question stands in the sentence or before it, or has one there that means the same.

    Args:
        candidate: the sentence, with its coverage and likeness.
        question: as asked.
        names: words of it that name places, bodies, people.
        encode: texts → unit vectors.
    """
    together = candidate.coverage + candidate.likeness
    if together >= SURE_TOGETHER:
        return True
    for name in names:
        question = question.replace(name, "，")
    nouns = [noun for noun in dict.fromkeys(nouns_of(plain(question))) if not SCENE.fullmatch(noun)]
    letter, sentence = candidate.letter, candidate.sentence
    near = plain("".join((sentence.text, *sentence.section, sentence.caption or "")))
    before = "".join(s.text for s in letter.sentences[max(0, sentence.index - SENTENCES_BEFORE) : sentence.index])
    far = plain(f"{letter.title or ''}{letter.proposal_title or ''}{''.join(letter.bodies)}{before}")
    lost = [noun for noun in nouns if noun not in near and noun not in far]
    if not lost:
        return len(nouns) > 1 or together >= TOGETHER
    return not without_like(lost, nouns_of(near), encode, SAME_MEANING)
