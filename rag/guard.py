"""The last look at an answer of figures before it is shown: what the question names must stand in what proves it."""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.contrasts import is_of_another_kind
from rag.meaning import Encode, without_like
from rag.names import short_name
from rag.narrower import is_part_of_what_is_asked
from rag.quantity import read_quantities, same_quantity
from rag.records import Finding, Intent, Letter, Outcome, Quantity, Query, Statement
from rag.segment import nouns_of
from rag.terms import load_lexicon
from rag.topic import plain
from rag.units import UnitKind, unit_kind

LetterOf = Callable[[str], Letter]

# A township that a question names: never answered for by the county or city around it.
TOWN = re.compile(r"[\u4e00-\u9fff]{2,4}(?:镇(?!政府|长|区)|乡(?!村|镇|亲|土|下|道)|街道)")
# 提到多少钱了, 已经确定扩大到多少: a change is asked for, and what is in force all the time does not answer.
RAISED = re.compile(
    r"(?:提高?|上调|上浮|涨|扩大|扩充|加码|下调|降低?|压减|缩减)(?:到|至|为)(?:了)?(?:多少|几)|\b(?:raised|increased|expanded|cut|lowered|reduced) to (?:how|what)",
    re.IGNORECASE,
)
CHANGED = re.compile(
    r"提高|提升|提标|提到|提至|上调|上浮|涨|增[加至到长]|扩大|扩充|扩至|调[整高低到至为增减]|下调|降[到至低为]|压减|缩减|达到|升[到至为]|由[^，。；]{1,20}[到至为]|从[^，。；]{1,20}[到至为]|[控限]制在"
)
DOUBTING = frozenset({Intent.YES_NO, Intent.COMPARE, Intent.COMPLETION})  # a quantity of the question may be wrong
PLAIN_CHARACTERS = frozenset("在年人数性化大中小新全市县区各等内外上下")
SAME_MEANING = 0.6  # cosine of two nouns: 自来水 and 供水, 大学 and 高校
NEAR_NAME, NEAR_SENTENCE = 0.31, 0.25  # cosines across languages, of which an answer to an English question must reach one
BEFORE = 3  # sentences that may tell what the one that proves is about
# Nouns that set the scene and name nothing that is measured.
SCENE = re.compile(r"总数|总量|数量|现行|疫情|财政|交通|情况|口径|数据|水平|数字|咱们|老百姓|群众|官方|原来|现在|底子")
# 一共要发放多少钱: a sum is asked for, and a rate of so much for each does not answer.
SUM_ASKED = re.compile(
    r"共(?:计|要|需|须|将)*(?:发放?|支[出付]|花|拿出|补[贴助]?|投入?|兑[现付]|拨付?|用)(?:了)?.{0,6}(?:多少|几)|总额|in total|altogether",
    re.IGNORECASE,
)
RATE = re.compile(r"标准|每(?!年(?:投入|安排)|千|万|百)|[人户床]均")
# Words that end so and name no township.
NO_TOWN = re.compile(r"(?:城|乡|村|集|建制|小|各|全|本|该|两|几个|个|哪个|哪些|哪几个|中心|重点|和|及|与|的|年|市|县|区)(?:镇|乡|街道)$")


def guard(query: Query, finding: Finding, letter_of: LetterOf, encode: Encode | None = None) -> Finding:
    """The finding of figures, or `not_found` where it speaks of another thing, place or amount than the question does.

    `encode` tells which nouns mean the same; without it only words that share a character do.
    """
    finding = guard_amounts(query, finding, letter_of)
    if finding.outcome is Outcome.NOT_FOUND:
        return finding
    if RAISED.search(query.question) and not any(_tells_a_change(s, letter_of) for s in finding.statements):
        text = "未找到：答复函没有说这项数据作过调整。" if query.language == "zh" else "Not found: the letters tell of no such change."
        return Finding(Outcome.NOT_FOUND, (Statement(text),), finding.notes)
    figures = [figure for statement in finding.statements for figure in statement.figures]
    if (
        figures
        and SUM_ASKED.search(query.question)
        and all(RATE.search(f.name) and unit_kind(f.unit_base) is UnitKind.MONEY for f in figures)
    ):
        text = "未找到：答复函只有标准，没有总额。" if query.language == "zh" else "Not found: the letters give a rate, and no sum."
        return Finding(Outcome.NOT_FOUND, (Statement(text),), finding.notes)
    if any(is_part_of_what_is_asked(query, figure) for figure in figures):
        text = (
            "未找到：答复函中相近的数据只是所问事项的一部分。"
            if query.language == "zh"
            else "Not found: what the letters give is only a part of what is asked."
        )
        return Finding(Outcome.NOT_FOUND, (Statement(text),), finding.notes)
    others = [is_of_another_kind(query, figure, letter_of(figure.letter_id)) for figure in figures]
    if (all if query.intent is Intent.LIST else any)(others) and others:
        text = (
            "未找到：答复函中相近的数据说的是另一事项。"
            if query.language == "zh"
            else "Not found: what the letters give is near, but of another thing."
        )
        return Finding(Outcome.NOT_FOUND, (Statement(text),), finding.notes)
    if query.language == "zh" and (unspoken := unspoken_nouns(query, finding, letter_of, encode)):
        return Finding(Outcome.NOT_FOUND, (Statement(f"未找到：答复函没有说“{'、'.join(unspoken)}”的这项数据。"),), finding.notes)
    if encode is not None and _is_far_from_english(query, finding, letter_of, encode):
        return Finding(Outcome.NOT_FOUND, (Statement("Not found: what the letters give is of another thing."),), finding.notes)
    missing = [town for town in towns_of(query) if not all(_speaks_of(town, statement, letter_of) for statement in finding.statements)]
    if not missing:
        return finding
    names = "、".join(missing)
    text = f"未找到：答复函中没有{names}的这项数据。" if query.language == "zh" else f"Not found: the letters do not give this for {names}."
    return Finding(Outcome.NOT_FOUND, (Statement(text),), finding.notes)


def _is_far_from_english(query: Query, finding: Finding, letter_of: LetterOf, encode: Encode) -> bool:
    """Whether neither name nor sentence comes near to an English question for one value: a shared word (reward, new) is not enough."""
    if query.language != "en" or query.intent is not Intent.VALUE or query.follow_up or not query.topics:
        return False
    names = [figure.name for statement in finding.statements for figure in statement.figures]
    proofs = [letter_of(p.letter_id).sentences[p.sentence].text for s in finding.statements for p in s.proofs]
    if not names or not proofs:
        return False
    vectors = encode([query.topics[0].text or query.question, query.question, *names, *proofs])
    name = (vectors[2 : 2 + len(names)] @ vectors[0]).max()
    sentence = (vectors[2 + len(names) :] @ vectors[1]).max()
    return bool(name < NEAR_NAME and sentence < NEAR_SENTENCE)


def absent_quantities(query: Query, finding: Finding, letter_of: LetterOf) -> list[str]:
    """Quantities by which a question names its object (10亿元的母基金, 消费券6000万元) and which stand nowhere near what proves the answer.

    Whether a quantity is so, and what the difference from it is, may be asked of any. A time is no such name (22年, 15分钟), nor is a
    mere count (四个县区).
    """
    if query.intent in DOUBTING:
        return []
    named = [q for q in read_quantities(query.resolved) if unit_kind(q.unit_base) is not UnitKind.TIME and q.unit_base not in ("", "个")]
    if not named:
        return []
    told: list[Quantity] = []
    for proof in (proof for statement in finding.statements for proof in statement.proofs):
        letter = letter_of(proof.letter_id)
        sentence = letter.sentences[proof.sentence]
        around = letter.sentences[max(0, proof.sentence - BEFORE) : proof.sentence + 2]
        told += read_quantities("。".join((*sentence.section, sentence.caption or "", letter.title or "", *(s.text for s in around))))
    return [q.text for q in named if not any(same_quantity(q, other) for other in told)]


def _is_akin(noun: str, text: str) -> bool:
    """Whether a telling character of a noun stands in a text; one that has none is taken for granted."""
    telling = [character for character in noun if character not in PLAIN_CHARACTERS]
    return not telling or any(character in text for character in telling)


def unspoken_nouns(query: Query, finding: Finding, letter_of: LetterOf, encode: Encode | None = None) -> list[str]:
    """Nouns of what is asked of which not one character stands in what proves the answer: 注册资本, of 集团32个.

    A synonym most often shares a character with its word (泊位, 车位), another thing seldom does. Headings and caption prove with
    the sentence; title, bodies and the sentences before count only where they have the whole word.
    """
    near = far = ""
    for statement in finding.statements:
        near += "".join(f"{figure.name}{figure.group}{figure.subject or ''}" for figure in statement.figures)
        for proof in statement.proofs:
            letter = letter_of(proof.letter_id)
            sentence = letter.sentences[proof.sentence]
            near += "".join((sentence.text, *sentence.section, sentence.caption or ""))
            far += "".join((letter.title or "", *letter.bodies, *(s.text for s in letter.sentences[: proof.sentence][-BEFORE:])))
    lexicon = load_lexicon()
    near, far = plain(near + lexicon.canonical(near)), plain(far + lexicon.canonical(far))
    nouns = [noun for topic in query.topics for part in topic.terms.split() for noun in nouns_of(part)]
    unspoken = [n for n in dict.fromkeys(nouns) if n not in far and n not in near and not _is_akin(n, near) and not SCENE.fullmatch(n)]
    return unspoken if encode is None or not unspoken else without_like(unspoken, nouns_of(near), encode, SAME_MEANING)


def guard_amounts(query: Query, finding: Finding, letter_of: LetterOf) -> Finding:
    """The finding, or `not_found` where an amount that names what is asked about stands nowhere near what proves it."""
    lost = absent_quantities(query, finding, letter_of) if finding.outcome is not Outcome.NOT_FOUND else []
    if not lost:
        return finding
    named = "、".join(lost)
    text = (
        f"未找到：答复函中没有与“{named}”有关的这项内容。"
        if query.language == "zh"
        else f"Not found: the letters do not say this of {named}."
    )
    return Finding(Outcome.NOT_FOUND, (Statement(text),), finding.notes)


def _tells_a_change(statement: Statement, letter_of: LetterOf) -> bool:
    """Whether the sentence of a figure says that something was, or will be, changed to it."""
    if not statement.proofs:
        return False
    return any(CHANGED.search(plain(letter_of(p.letter_id).sentences[p.sentence].text)) for p in statement.proofs)


def towns_of(query: Query) -> list[str]:
    """Townships and streets that the question names, as far to the left as a name may reach."""
    text = plain(query.question)
    for place in query.places:
        text = text.replace(place, "　").replace(short_name(place), "　")
    return [found for found in TOWN.findall(text) if not NO_TOWN.search(found)]


def _speaks_of(town: str, statement: Statement, letter_of: LetterOf) -> bool:
    # the match may hold a word in front of the name: 其中溪口镇
    ending = 2 if town.endswith("街道") else 1
    core = town[-(2 + ending) : -ending]
    for proof in statement.proofs:
        letter = letter_of(proof.letter_id)
        sentence = letter.sentences[proof.sentence]
        if core in plain(sentence.text + "".join(sentence.section) + (sentence.caption or "") + "".join(letter.bodies)):
            return True
    return any(core in f"{figure.subject or ''}{figure.name}{figure.group}" for figure in statement.figures)
