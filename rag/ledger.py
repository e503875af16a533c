"""Query → Finding: what the ledger answers to a question about figures, composed by code, with no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag import asking
from rag.candidates import Ledger, LedgerSource, ledger_of
from rag.choice import choose, slots_of, years_of
from rag.compose import statement
from rag.indicators import strip_filler
from rag.listing import answer_list
from rag.match import heard
from rag.neighbours import not_found
from rag.operands import changed_to, compare, complete
from rag.records import Figure, Finding, Intent, Outcome, Query, Statement, Status, Topic
from rag.scoring import Candidate, Slot
from rag.terms import load_lexicon

COUNTED_MEMBERS = re.compile(r"[两三四五六七八九](?:项|个|所|处|家|条|座)[^，,。？?]{0,16}各(?:[^县区市镇]|$)")
NUMERIC_INTENTS = (Intent.VALUE, Intent.LIST, Intent.COMPARE, Intent.COMPLETION)


def answer_from_ledger(query: Query, view: LedgerSource) -> Finding | None:
    """Answer a question about figures; None where the question asks for something that the ledger does not hold."""
    return answer_from(query, ledger_of(view))


def answer_from(query: Query, ledger: Ledger) -> Finding | None:
    """The same, from a ledger at hand."""
    if query.intent is Intent.YES_NO and query.topics and asking.CHANGE_TO.search(query.question):
        return changed_to(query, ledger)
    if query.intent not in NUMERIC_INTENTS or not query.topics:
        return None
    query = _repair(query, ledger)
    if query.unknown_places and not query.places:
        return not_found(query, ledger, query.topics[0])
    if query.intent is Intent.COMPARE:
        return compare(query, ledger) or _values(replace(query, intent=Intent.VALUE), ledger)
    if query.intent is Intent.COMPLETION:
        return complete(query, ledger)
    if query.intent is Intent.LIST:
        if len(query.topics) > 1:
            return _values(query, ledger)
        found = answer_list(query, ledger)
        if found is None and COUNTED_MEMBERS.search(query.question):
            return not_found(query, ledger, query.topics[0])  # a total is not what each of four has
        return found or _values(query, ledger)
    return _values(query, ledger)


def _repair(query: Query, ledger: Ledger) -> Query:
    """Homophones in a Chinese question are read as the name that the store knows."""
    if query.language == "en":
        return query
    topics = []
    for topic in query.topics:
        # the words as written, too: canonical terms may have cut a misspelt one in two
        text = heard(topic.text, ledger.sounded_names)
        lexicon = load_lexicon()
        terms = strip_filler(lexicon.canonical(text), lexicon) if text != topic.text else heard(topic.terms, ledger.sounded_names)
        topics.append(
            topic if terms == topic.terms else replace(topic, terms=terms, text=terms.replace(" ", ""), asked=f"{topic.asked} {terms}")
        )
    return replace(query, topics=tuple(topics))


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
    if near is not None:
        beside = Slot(years=years_of(query), place=ledger.place_of(near), part=query.part, plan=query.plan)
        same = [c for c in choose(topic, beside, query, ledger, near) if c.figure.letter_id == near.letter_id]
        if same:
            return same[:1]
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
        slot = Slot(years=years_of(query), place=place, part=query.part, plan=query.plan)
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
