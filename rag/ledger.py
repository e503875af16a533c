"""Query → Finding: what the ledger answers to a question about figures, composed by code, with no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from rag import asking
from rag.candidates import THRESHOLD, Ledger, LedgerSource, issued, ledger_of, status_order
from rag.compare import across_places, across_years, comparable, completion, ratio, total
from rag.compose import statement
from rag.listing import answer_list
from rag.match import heard
from rag.neighbours import not_found
from rag.quantity import read_quantities
from rag.records import Comparator, Figure, Finding, Intent, Measure, Outcome, Query, Statement, Status, Topic
from rag.scoring import Candidate, Slot

NUMERIC_INTENTS = (Intent.VALUE, Intent.LIST, Intent.COMPARE, Intent.COMPLETION)
TIE = 0.04  # two names that score closer than this are both shown
ALIKE = 0.6  # names more alike than this are one indicator


def answer_from_ledger(query: Query, view: LedgerSource) -> Finding | None:
    """Answer a question about figures; None where the question asks for something that the ledger does not hold."""
    return answer_from(query, ledger_of(view))


def answer_from(query: Query, ledger: Ledger) -> Finding | None:
    """The same, from a ledger at hand."""
    if query.intent not in NUMERIC_INTENTS or not query.topics:
        return None
    query = _repair(query, ledger)
    if query.unknown_places and not query.places:
        return not_found(query, ledger, query.topics[0])
    if query.intent is Intent.COMPARE:
        return _compare(query, ledger)
    if query.intent is Intent.COMPLETION:
        return _completion(query, ledger)
    if query.intent is Intent.LIST:
        return answer_list(query, ledger) or _values(query, ledger)
    return _values(query, ledger)


def _repair(query: Query, ledger: Ledger) -> Query:
    """Homophones in a Chinese question are read as the name that the store knows."""
    if query.language == "en":
        return query
    topics = []
    for topic in query.topics:
        terms = heard(topic.terms, ledger.sounded_names)
        topics.append(
            topic if terms == topic.terms else replace(topic, terms=terms, text=terms.replace(" ", ""), asked=f"{topic.asked} {terms}")
        )
    return replace(query, topics=tuple(topics))


def slots_of(query: Query, ledger: Ledger) -> list[Slot]:
    """The slot of a plain question: its years, its place."""
    places = ledger.home_places(query)
    if query.level and not places:
        return []
    return [Slot(years=_years_of(query), place=place, part=query.part, plan=query.plan) for place in (places or (None,))]


def _years_of(query: Query) -> tuple[int, ...]:
    if query.plan and query.years in ((), (query.plan[1],)):
        return (query.plan[1],)
    return query.years


# ------------------------------------------------------------------ value


def choose(topic: Topic, slot: Slot, query: Query, ledger: Ledger, near: Figure | None = None) -> list[Candidate]:
    """The figures that answer: one, or several where a choice would be a guess."""
    chosen: list[Candidate] = []
    for statuses in status_order(query):
        found = ledger.candidates(topic, replace(slot, statuses=statuses), query)
        if near is not None:
            found = sorted((_beside(c, near) for c in found), key=lambda c: -c.score)
        best = _best(found, slot, query, ledger)
        if best and (not chosen or best[0].score > chosen[0].score + 0.2):
            chosen = best
    return chosen


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
    values = _settle(same_scope, top, ledger)
    if len(values) > 1:
        return values
    other = [
        c
        for c in strong
        if c.score >= top.score - TIE
        and not ledger.same_indicator(top.figure, c.figure)
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


def agree(first: Figure, second: Figure) -> bool:
    """Whether two figures say the same, one perhaps rounded."""
    if not comparable(first, second):
        return False
    if first.value_base == second.value_base:
        return True
    rough = max((first, second), key=lambda f: -len(f.value.as_tuple().digits))
    fine = second if rough is first else first
    exponent = rough.value.as_tuple().exponent
    if not isinstance(exponent, int) or rough.value == 0:
        return False
    step = (rough.value_base / rough.value) * Decimal(10) ** min(exponent, 0)
    return len(rough.value.as_tuple().digits) >= 2 and abs(fine.value_base - rough.value_base) * 2 <= abs(step)


def _values(query: Query, ledger: Ledger) -> Finding:
    english = query.language == "en"
    statements: list[Statement] = []
    score, missing = 1.0, False
    first: Figure | None = None
    for topic in query.topics:
        picked = _pick(topic, query, ledger, first)
        if not picked:
            missing = True
            continue
        first = first or picked[0].figure
        score = min(score, *(c.score for c in picked))
        statements += _state(picked, query, english, ledger)
    if not statements:
        return not_found(query, ledger, query.topics[0])
    outcome = Outcome.PARTLY if missing else Outcome.ANSWERED
    if missing:
        statements.append(Statement("The letters do not give the rest." if english else "其余部分答复函中没有提到。"))
    return Finding(outcome, tuple(dict.fromkeys(statements)), ledger.notes(query), max(0.0, min(1.0, score)))


def _pick(topic: Topic, query: Query, ledger: Ledger, near: Figure | None) -> list[Candidate]:
    picked: list[Candidate] = []
    for slot in slots_of(query, ledger):
        years = slot.years or ()
        if len(years) > 1:
            if query.between:
                years = tuple(range(min(years), max(years) + 1))
            for year in years:
                picked += choose(topic, replace(slot, years=(year,)), query, ledger, near)
            continue
        found = choose(topic, slot, query, ledger, near)
        if slot.place is None:
            found = _each_place(topic, slot, query, ledger) or found
        picked += found
    if not picked and not (query.places or query.level or query.unknown_places):
        return _named_things(topic, query, ledger, near)
    return picked


def _named_things(topic: Topic, query: Query, ledger: Ledger, near: Figure | None) -> list[Candidate]:
    """No place is named, but a project is: its figure counts wherever under the home place it lies."""
    found: list[Candidate] = []
    for place in ledger.known.children(query.home):
        slot = Slot(years=_years_of(query), place=place, part=query.part, plan=query.plan)
        found += [c for c in choose(topic, slot, query, ledger, near) if ledger.names_thing(c.figure, query.question)]
    return sorted(found, key=lambda c: -c.score)[:1]


def _each_place(topic: Topic, slot: Slot, query: Query, ledger: Ledger) -> list[Candidate]:
    """No home is known: each place's figure, named."""
    found = []
    for place in ledger.known.places:
        found += choose(topic, replace(slot, place=place.name), query, ledger)[:1]
    return found


def _state(picked: Sequence[Candidate], query: Query, english: bool, ledger: Ledger) -> list[Statement]:
    if len(picked) == 2 and ledger.same_indicator(picked[0].figure, picked[1].figure) and picked[0].figure.year == picked[1].figure.year:
        same_place = picked[0].figure.subject == picked[1].figure.subject
        if same_place:
            return [statement(c.figure, english, c.letter, prefix=_dated(c, english)) for c in picked]
    out = []
    for c in picked:
        prefix = ""
        if c.figure.status is Status.TARGET and not query.statuses and query.years and max(query.years) < query.today.year:
            prefix = "Only a target is given. " if english else "答复函中只有目标数："
        out.append(statement(c.figure, english, c.letter, prefix=prefix))
    return out


def _dated(candidate: Candidate, english: bool) -> str:
    day = candidate.letter.issued_on
    if day is None:
        return ""
    return f"(letter of {day.isoformat()}) " if english else f"（{day.year}年{day.month}月{day.day}日答复）"


# ------------------------------------------------------------------ compare, completion


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
            and a.figure is not b.figure
            and max(a.score, b.score) >= THRESHOLD
            and ledger.indicator_likeness(a.figure, b.figure) >= 0.3
        ]
        if pairs:
            _, _, _, i, j = max(pairs)
            return left[i], right[j]
    return None


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


def _compare(query: Query, ledger: Ledger) -> Finding | None:
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
            return _finding(ratio(pair[0].figure, pair[1].figure, english), pair, query, ledger)
        if asking.SUM.search(query.question):
            return _finding(total([c.figure for c in pair], english), pair, query, ledger)
        return _finding(across_years(pair[0].figure, pair[1].figure, english), pair, query, ledger)
    if set(query.statuses) >= {Status.TARGET, Status.ACTUAL} or re.search(r"目标|计划|任务|target|plan", query.question):
        return _completion(query, ledger)
    return _values(replace(query, intent=Intent.VALUE), ledger)


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
            return _finding(total([c.figure for c in picked], english), picked, query, ledger)
        order = sorted(picked, key=lambda c: c.figure.value_base, reverse=True)
        return _finding([statement(c.figure, english, c.letter) for c in order], picked, query, ledger)
    pair = _pair(slots[0], slots[1], topic, query, ledger, _orders(query))
    if pair is None or (not years and pair[0].figure.year != pair[1].figure.year):
        return not_found(query, ledger, topic)
    make = ratio if asking.TIMES.search(query.question) else across_places
    return _finding(make(pair[0].figure, pair[1].figure, english), pair, query, ledger)


def _finding(statements: Sequence[Statement], picked: Sequence[Candidate], query: Query, ledger: Ledger) -> Finding:
    return Finding(Outcome.ANSWERED, tuple(statements), ledger.notes(query), max(0.0, min(1.0, *(c.score for c in picked))))


def _completion(query: Query, ledger: Ledger) -> Finding | None:
    english = query.language == "en"
    stated = [q for q in read_quantities(query.question)]
    topic = _without_stated(replace(query.topics[0], measure=Measure.LEVEL), [q.text for q in stated])
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
    if pair is not None:
        return _finding(completion(pair[0].figure, pair[1].figure, english), pair, query, ledger)
    rate = choose(replace(topic, measure=Measure.COMPLETION), slot, replace(query, statuses=()), ledger)
    if rate:
        met = rate[0].figure.value_base >= 100
        verdict = ("Yes. " if met else "No. ") if english else ("完成了：" if met else "没有完成：")
        return _finding([statement(rate[0].figure, english, rate[0].letter, prefix=verdict)], rate, query, ledger)
    return not_found(query, ledger, topic)


def _without_stated(topic: Topic, texts: Sequence[str]) -> Topic:
    """The topic without the amounts that the question itself states."""
    terms, text = topic.terms, topic.text
    for quantity in texts:
        bare = quantity.replace(" ", "")
        terms, text = terms.replace(bare, " "), text.replace(bare, " ")
    terms = re.sub(r"\d+(?:\.\d+)?(?:万|亿)?(?:%|家|个|人|户|台|元|公里|平方米)?", " ", terms) if texts else terms
    return replace(topic, terms=" ".join(terms.split()), text=" ".join(text.split()), unit_kind=topic.unit_kind)
