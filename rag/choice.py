"""Of the figures that fit, the one that answers; or two, where to choose one would be a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from rag.candidates import THRESHOLD, Ledger, issued, status_order
from rag.compare import comparable
from rag.records import Comparator, Figure, Query, Status, Topic
from rag.scoring import Candidate, Slot

MEANT = 0.5  # likeness of meaning, with a share for the words, that an indicator named otherwise must reach
APART = 0.2  # and by how much it must stand out from every other indicator of its slot
ONE_YEAR = re.compile(r"当年|单年")
AKIN = 0.15  # names less alike than this are no two readings of one question
TIE = 0.04  # two names that score closer than this are both shown


def slots_of(query: Query, ledger: Ledger) -> list[Slot]:
    """The slot of a plain question: its years, its place."""
    places = ledger.home_places(query)
    if query.level and not places:
        return []
    return [Slot(years=years_of(query), place=place, part=query.part, plan=query.plan) for place in (places or (None,))]


def years_of(query: Query) -> tuple[int, ...]:
    """The years that a figure must be true of; of a plan its last."""
    if query.plan and query.years in ((), (query.plan[1],)):
        return (query.plan[1],)
    return query.years


def choose(topic: Topic, slot: Slot, query: Query, ledger: Ledger, near: Figure | None = None) -> list[Candidate]:
    """The figures that answer: one, or several where a choice would be a guess."""
    chosen: list[Candidate] = []
    for statuses in status_order(replace(query, years=slot.years or query.years)):
        found = ledger.candidates(topic, replace(slot, statuses=statuses), query)
        if near is not None:
            found = sorted((_beside(c, near) for c in found), key=lambda c: -c.score)
        best = _best(found, slot, query, ledger)
        if best and (not chosen or best[0].score > chosen[0].score + 0.2):
            chosen = best
    return chosen or standing_out(topic, slot, query, ledger)


def standing_out(topic: Topic, slot: Slot, query: Query, ledger: Ledger) -> list[Candidate]:
    """No name has the words that are asked; one whose meaning comes near, while all others of the slot are far from it."""
    if not topic.text:
        return []
    ranked: list[tuple[float, Candidate]] = []
    for statuses in status_order(query):
        ranked += ledger.by_meaning(topic, replace(slot, statuses=statuses), query)
    ranked.sort(key=lambda found: -found[0])
    if not ranked or ranked[0][0] < MEANT:
        return []
    best = ranked[0][1]
    others = [likeness for likeness, c in ranked if not ledger.same_indicator(best.figure, c.figure)]
    if ranked[0][0] - max(others, default=0.0) < APART:
        return []
    return [replace(best, score=THRESHOLD)]


def _beside(candidate: Candidate, near: Figure) -> Candidate:
    """The second of two figures asked at once most often stands in the sentence of the first."""
    same = candidate.figure.letter_id == near.letter_id and candidate.figure.sentence == near.sentence
    bonus = (0.25 if same else 0.0) - (1.0 if candidate.figure is near else 0.0)
    return replace(candidate, score=candidate.score + bonus)


def _best(found: Sequence[Candidate], slot: Slot, query: Query, ledger: Ledger) -> list[Candidate]:
    strong = [c for c in found if c.score >= THRESHOLD]
    if not strong:
        return []
    top = strong[0]
    rivals = [c for c in strong if c.score >= top.score - 0.1 and ledger.same_indicator(top.figure, c.figure)]
    if not slot.years:
        top = max(rivals, key=lambda c: (c.figure.year or c.letter.year or 0, issued(c), c.score))
    same_scope = [
        c
        for c in rivals
        if c.figure.year == top.figure.year and c.figure.subject == top.figure.subject and c.figure.status == top.figure.status
    ]
    if ONE_YEAR.search(query.question) and not all(agree(c.figure, top.figure) for c in same_scope):
        return [min(same_scope, key=lambda c: c.figure.value_base)]  # the larger is the plan's total
    values = _settle(same_scope, top, ledger)
    if len(values) > 1:
        return values
    other = [
        c
        for c in strong
        if c.score >= top.score - TIE
        and not ledger.same_indicator(top.figure, c.figure)
        and comparable(c.figure, top.figure)
        and ledger.indicator_likeness(top.figure, c.figure) >= AKIN
        and c.figure.year == top.figure.year
        and not agree(c.figure, top.figure)
    ]
    return [values[0], *other[:1]] if other and slot.years else values[:1]


REVISED = re.compile(r"调整(?:为|至|到)|(?:上|下)调(?:为|至|到)|修订|更正|更改为|调增|调减|改为|提高到|核减|核定为|重新(?:核定|确定|印发)")


def _settle(rivals: Sequence[Candidate], top: Candidate, ledger: Ledger) -> list[Candidate]:
    """Of figures that say the same thing: one where they agree; where they differ the later letter first, then the other."""
    order = sorted(rivals, key=lambda c: (issued(c), c.score), reverse=True)
    own = [c for c in order if c.score >= top.score - 0.05] or [top]
    if all(agree(c.figure, own[0].figure) for c in own):
        # the more exact statement, then the better match
        return [max(own, key=lambda c: (c.figure.comparator is Comparator.EQUAL, round(c.score, 2), issued(c)))]
    own_best = [c for c in own if c.score >= own[0].score - 0.02]
    if (
        len({c.letter.letter_id for c in own}) == 1
        and len(own_best) > 1
        and own[0].figure.unit_base not in ("%", "成", "比例", "元/人")
        and not comparable_rates(own)
    ):
        # one letter, one name, one scope: the larger is the total, the smaller a part of it
        return [max(own_best, key=lambda c: c.figure.value_base)]
    first = own[0]
    if first.letter.letter_id == top.letter.letter_id:
        first = top
    if first.figure.status is Status.TARGET and REVISED.search(ledger.around(first.figure).far):
        return [first]  # the later letter itself says that it changes the value
    other = next((c for c in own if not agree(c.figure, first.figure) and c.letter.letter_id != first.letter.letter_id), None)
    return [first] if other is None else [first, other]


def comparable_rates(own: Sequence[Candidate]) -> bool:
    """Whether the figures are rates or averages, of which none is a part of another."""
    return any(re.search(r"率|浓度|强度|人均|每[千万人户生]|平均|日均|标准|补[贴助]", c.figure.name) for c in own)


def _within_bound(bound: Figure, exact: Figure) -> bool:
    """超过60万 and 63.5万 do not contradict each other; 超过60万 and 90万 rather do."""
    if exact.comparator is not Comparator.EQUAL or not bound.value_base:
        return False
    share = exact.value_base / bound.value_base
    if bound.comparator in (Comparator.MORE, Comparator.AT_LEAST):
        return 1 <= share <= Decimal("1.15")
    if bound.comparator in (Comparator.LESS, Comparator.AT_MOST):
        return Decimal("0.85") <= share <= 1
    return bound.comparator is Comparator.ABOUT and Decimal("0.95") <= share <= Decimal("1.05")


def agree(first: Figure, second: Figure) -> bool:
    """Whether two figures say the same, one perhaps rounded."""
    if not comparable(first, second):
        return False
    if first.value_base == second.value_base or _within_bound(first, second) or _within_bound(second, first):
        return True
    rough = max((first, second), key=lambda f: -len(f.value.as_tuple().digits))
    fine = second if rough is first else first
    exponent = rough.value.as_tuple().exponent
    if not isinstance(exponent, int) or rough.value == 0:
        return False
    step = (rough.value_base / rough.value) * Decimal(10) ** min(exponent, 0)
    return len(rough.value.as_tuple().digits) >= 2 and abs(fine.value_base - rough.value_base) * 2 <= abs(step)
