"""Two figures for one answer: comparisons over years and places, target against actual, an amount against a stated one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from rag import asking
from rag.candidates import THRESHOLD, Ledger, issued
from rag.choice import choose, slots_of
from rag.compare import across_places, across_years, comparable, completion, ratio, total
from rag.compose import statement
from rag.neighbours import not_found
from rag.quantity import read_quantities
from rag.records import Figure, Finding, Measure, Outcome, Query, Statement, Status, Topic
from rag.scoring import Candidate, Slot
from rag.terms import load_lexicon


def _pair(
    first: Slot, second: Slot, topic: Topic, query: Query, ledger: Ledger, orders: Sequence[tuple[tuple[Status, ...], tuple[Status, ...]]]
) -> tuple[Candidate, Candidate] | None:
    """The two operands: each fits its slot, and both are one indicator in one unit."""
    for one, two in orders:
        left = [c for c in ledger.candidates(topic, replace(first, statuses=one), query, 12) if c.score >= THRESHOLD - 0.08]
        right = [c for c in ledger.candidates(topic, replace(second, statuses=two), query, 12) if c.score >= THRESHOLD - 0.08]
        pairs = [
            (
                a.score
                + b.score
                + (0.05 if a.letter.letter_id == b.letter.letter_id else 0.0)  # one letter counts in one way
                + 0.5 * ledger.indicator_likeness(a.figure, b.figure)
                + (0.1 if a.figure.group == b.figure.group else -0.2),
                issued(a),
                issued(b),
                i,
                j,
            )
            for i, a in enumerate(left)
            for j, b in enumerate(right)
            if comparable(a.figure, b.figure)
            and _near_in_size(a.figure, b.figure)
            and a.figure is not b.figure
            and max(a.score, b.score) >= THRESHOLD
            and ledger.indicator_likeness(a.figure, b.figure) >= 0.3
        ]
        if pairs:
            _, _, _, i, j = max(pairs)
            return left[i], right[j]
    return None


FAR_APART = 40  # times; two values of one indicator of which one is so much larger are of two things: one stop's lane, and a city's


def _near_in_size(first: Figure, second: Figure) -> bool:
    small, large = sorted((abs(first.value_base), abs(second.value_base)))
    return small == 0 or large <= FAR_APART * small


ACTUAL = (Status.ACTUAL, Status.BASELINE)
TARGET = (Status.TARGET,)


def _orders(query: Query) -> list[tuple[tuple[Status, ...], tuple[Status, ...]]]:
    if query.statuses == (Status.TARGET, Status.ACTUAL):
        return [(TARGET, ACTUAL)]
    if query.statuses == (Status.ACTUAL, Status.TARGET):
        return [(ACTUAL, TARGET)]
    if query.statuses == (Status.TARGET,):
        return [(TARGET, TARGET)]
    if query.statuses == (Status.ACTUAL,):
        return [(ACTUAL, ACTUAL)]
    return [(ACTUAL, ACTUAL), (TARGET, TARGET), (TARGET, ACTUAL), (ACTUAL, TARGET)]


def compare(query: Query, ledger: Ledger) -> Finding | None:
    """More or less, by how much, who is higher; None where only one figure is asked for after all."""
    english = query.language == "en"
    topic = replace(query.topics[0], measure=Measure.LEVEL, unit_kind=_difference_kind(query.topics[0]))
    places = ledger.home_places(query)
    if query.unknown_places:
        return not_found(query, ledger, topic)
    base = Slot(part=query.part, plan=query.plan)
    if len(query.places) >= 2:
        return _compare_places(query, ledger, topic, base, english)
    place = places[0] if places else None
    if len(query.years) >= 2:
        first, second = query.years[0], query.years[-1]
        pair = _pair(
            replace(base, years=(first,), place=place), replace(base, years=(second,), place=place), topic, query, ledger, _orders(query)
        )
        if pair is None:
            return not_found(query, ledger, topic)
        if asking.TIMES.search(query.question):
            return finding_of(ratio(pair[0].figure, pair[1].figure, english), pair, query, ledger)
        if asking.SUM.search(query.question):
            return finding_of(total([c.figure for c in pair], english), pair, query, ledger)
        return finding_of(across_years(pair[0].figure, pair[1].figure, english), pair, query, ledger)
    asks_whether = asking.COMPLETION.search(query.question) or asking.YES_NO.search(query.question) or GAP.search(query.question)
    if set(query.statuses) >= {Status.TARGET, Status.ACTUAL} or (asks_whether and re.search(r"目标|计划|任务|target|plan", query.question)):
        return complete(query, ledger)
    return None


# 比计划多多少; how far behind the target
GAP = re.compile(
    r"[比较与和离距].{0,8}(?:目标|计划|任务)|(?:目标|计划|任务).{0,10}(?:相差|差|多|少|高|低|超)|\b(?:than|against|behind|ahead|short|above|below|gap|difference|exceed)",
    re.IGNORECASE,
)


def _difference_kind(topic: Topic) -> str | None:
    """百分点 asks for a share's difference, 个 for any count's."""
    return None if topic.unit_kind == "count" else topic.unit_kind


def _compare_places(query: Query, ledger: Ledger, topic: Topic, base: Slot, english: bool) -> Finding:
    years = query.years[:1] if query.years else ()
    slots = [replace(base, years=years, place=p) for p in query.places]
    if len(query.places) > 2 or asking.SUM.search(query.question):
        picked = [c for s in slots for c in choose(topic, s, query, ledger)[:1]]
        if len(picked) < len(slots):
            return not_found(query, ledger, topic)
        if asking.SUM.search(query.question):
            return finding_of(total([c.figure for c in picked], english), picked, query, ledger)
        order = sorted(picked, key=lambda c: c.figure.value_base, reverse=True)
        return finding_of([statement(c.figure, english, c.letter) for c in order], picked, query, ledger)
    pair = _pair(slots[0], slots[1], topic, query, ledger, _orders(query))
    if pair is None or (not years and pair[0].figure.year != pair[1].figure.year):
        return not_found(query, ledger, topic)
    if verdict := _verdict(query.question, pair[0].figure.value_base, pair[1].figure.value_base, english):
        # whether is asked, not by how much
        first, second = (statement(c.figure, english, c.letter) for c in pair)
        return finding_of([replace(first, text=verdict + first.text), second], pair, query, ledger)
    make = ratio if asking.TIMES.search(query.question) else across_places
    return finding_of(make(pair[0].figure, pair[1].figure, english), pair, query, ledger)


MORE = re.compile(r"[高多大强快]|\b(?:more|higher|larger|greater|bigger|above|exceed)", re.IGNORECASE)
LESS = re.compile(r"[低少小弱慢]|\b(?:less|lower|fewer|smaller|below)", re.IGNORECASE)


def _verdict(question: str, first: Decimal, second: Decimal, english: bool) -> str:
    """甲比乙低吗: yes or no in front, where the question asks for it and says one direction."""
    asked = re.search(r"(?:比|than\b|^(?:is|was|did|does|are|were|has|have)\b)", question, re.IGNORECASE)
    if not asked or not (asking.YES_NO.search(question)) or re.search(r"多少|几(?!乎)|还是|how", question, re.IGNORECASE):
        return ""
    more, less = bool(MORE.search(question[asked.start() :])), bool(LESS.search(question[asked.start() :]))
    if more == less:
        return ""
    holds = first > second if more else first < second
    return ("Yes. " if holds else "No. ") if english else ("是的：" if holds else "不是：")


def finding_of(statements: Sequence[Statement], picked: Sequence[Candidate], query: Query, ledger: Ledger) -> Finding:
    """The finding for statements that were made from these figures."""
    return Finding(Outcome.ANSWERED, tuple(statements), ledger.notes(query), max(0.0, min(1.0, *(c.score for c in picked))))


def complete(query: Query, ledger: Ledger) -> Finding | None:
    """Target beside actual, with the verdict."""
    english = query.language == "en"
    stated = [q for q in read_quantities(query.question)]
    growth = query.topics[0].measure is Measure.CHANGE and not asking.HOW_MANY.search(query.question)
    measure = Measure.CHANGE if growth else Measure.LEVEL
    topic = _without_stated(replace(query.topics[0], measure=measure), [q.text for q in stated])
    slots = slots_of(query, ledger)
    if not slots:
        return not_found(query, ledger, topic)
    slot = slots[0]
    pair = _pair(replace(slot, part=""), slot, topic, query, ledger, [(TARGET, ACTUAL)])
    if pair is not None and stated:
        wanted = [
            c
            for c in ledger.candidates(topic, replace(slot, statuses=TARGET), query, 12)
            if any(q.value_base == c.figure.value_base for q in stated)
        ]
        if wanted and comparable(wanted[0].figure, pair[1].figure):
            pair = (wanted[0], pair[1])
    if pair is not None and not _measures_alike(pair, ledger):
        return not_found(query, ledger, topic)
    if pair is not None:
        return finding_of(completion(pair[0].figure, pair[1].figure, english), pair, query, ledger)
    rate = choose(replace(topic, measure=Measure.COMPLETION), slot, replace(query, statuses=()), ledger)
    if rate:
        met = rate[0].figure.value_base >= 100
        verdict = ("Yes. " if met else "No. ") if english else ("完成了：" if met else "没有完成：")
        return finding_of([statement(rate[0].figure, english, rate[0].letter, prefix=verdict)], rate, query, ledger)
    return not_found(query, ledger, topic)


# A result this far from its target measures something else: a part, a surplus, another unit of counting.
FAR_FROM_TARGET = (Decimal("0.34"), Decimal(3))


def _measures_alike(pair: tuple[Candidate, Candidate], ledger: Ledger) -> bool:
    """Whether target and actual can be of one indicator: like names, or one sentence; and not far apart."""
    target, actual = pair[0].figure, pair[1].figure
    if target.value_base and not FAR_FROM_TARGET[0] <= actual.value_base / target.value_base <= FAR_FROM_TARGET[1]:
        return False
    together = (target.letter_id, target.sentence) == (actual.letter_id, actual.sentence)
    return together or ledger.indicator_likeness(target, actual) >= LIKE_ENOUGH


LIKE_ENOUGH = 0.3


def changed_to(query: Query, ledger: Ledger) -> Finding | None:
    """Will the reward be raised to 1,000,000 yuan: the amount that is in force says no, or yes."""
    english = query.language == "en"
    stated = read_quantities(query.question)
    if not stated or query.unknown_places:
        return None
    topic = replace(_without_stated(query.topics[0], [q.text for q in stated]), measure=Measure.LEVEL)
    for slot in slots_of(query, ledger):
        picked = choose(topic, slot, replace(query, statuses=()), ledger)[:1]
        if picked and any(same_kind(q.unit_base, picked[0].figure.unit_base) for q in stated):
            figure = picked[0].figure
            same = any(q.value_base in (figure.value_base, figure.high_base) for q in stated)
            verdict = ("Yes. " if same else "No. ") if english else ("是的：" if same else "没有：")
            return finding_of([statement(figure, english, picked[0].letter, prefix=verdict)], picked, query, ledger)
    return None


def same_kind(first: str, second: str) -> bool:
    """Whether two units measure the same kind of thing."""
    lexicon = load_lexicon()
    return first == second or (lexicon.unit_kind(first) is not None and lexicon.unit_kind(first) == lexicon.unit_kind(second))


def _without_stated(topic: Topic, texts: Sequence[str]) -> Topic:
    """The topic without the amounts that the question itself states."""
    terms, text = topic.terms, topic.text
    for quantity in texts:
        bare = quantity.replace(" ", "")
        terms, text = terms.replace(bare, " "), text.replace(bare, " ")
    terms = re.sub(r"\d+(?:\.\d+)?(?:万|亿)?(?:%|家|个|人|户|台|元|公里|平方米)?", " ", terms) if texts else terms
    return replace(topic, terms=" ".join(terms.split()), text=" ".join(text.split()), unit_kind=topic.unit_kind)
