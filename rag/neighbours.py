"""A refusal that helps: what the store has near the question, named but not given as the answer."""

from __future__ import annotations

from dataclasses import replace

from rag.candidates import Ledger
from rag.compose import english_place, label, proof, source
from rag.records import Figure, Finding, Outcome, Query, Statement, Status, Topic
from rag.scoring import Candidate, Slot

NEAR = 0.45  # a neighbour must be the same indicator, or nearly
SHOWN = 3


def not_found(query: Query, ledger: Ledger, topic: Topic) -> Finding:
    """Say that the letters do not give it, and what they do give: other years, other places, the other status."""
    english = query.language == "en"
    asked = _asked(query, topic, english)
    statements = [Statement(f"The letters do not give {asked}." if english else f"答复函中没有提到{asked}。")]
    near = _neighbours(query, ledger, topic)
    if near:
        statements.append(_name_neighbours(near, ledger, english))
    return Finding(Outcome.NOT_FOUND, tuple(statements), ledger.notes(query), near[0].score if near else 0.0)


def _asked(query: Query, topic: Topic, english: bool) -> str:
    places = [*query.places, *query.unknown_places]
    years = [str(y) for y in query.years]
    if english:
        scope = ", ".join([*map(english_place, query.places), *query.unknown_places, *years])
        return f"this figure ({scope})" if scope else "this figure"
    status = "目标" if query.statuses[:1] == (Status.TARGET,) else "实际" if query.statuses[:1] == (Status.ACTUAL,) else ""
    name = topic.terms.replace(" ", "") or topic.text or "这一数据"
    for place in places:
        name = name.removeprefix(place) or name
    return f"{'、'.join(places)}{'、'.join(y + '年' for y in years)}{status}“{name}”的数据"


def _neighbours(query: Query, ledger: Ledger, topic: Topic) -> list[Candidate]:
    places = ledger.home_places(query) if not query.unknown_places else ()
    slot = Slot(years=query.years, place=places[0] if places else None)
    anything = (Status.TARGET, Status.ACTUAL)
    for wider in (
        replace(slot, statuses=anything),
        replace(slot, years=(), statuses=anything),
        replace(slot, place=None, statuses=anything),
        Slot(statuses=anything),
    ):
        if wider.place is None and slot.place is not None and not wider.years and not slot.years:
            continue
        loose = query if wider.place else replace(query, places=(), level="")
        found = [c for c in ledger.candidates(topic, wider, replace(loose, part="")) if c.score >= NEAR]
        if found:
            return _distinct(found)
    return []


def _distinct(found: list[Candidate]) -> list[Candidate]:
    seen: dict[tuple[object, ...], Candidate] = {}
    for c in found:
        if c.score >= found[0].score - 0.15:
            seen.setdefault((c.figure.subject, c.figure.year, c.figure.status), c)
    return list(seen.values())[:SHOWN]


def _name_neighbours(near: list[Candidate], ledger: Ledger, english: bool) -> Statement:
    parts = [_name(c.figure, english) + f"{' (' if english else '（'}{source(c.letter, english)}{')' if english else '）'}" for c in near]
    text = f"What they do give: {'; '.join(parts)}." if english else f"已入库的相近内容有：{'；'.join(parts)}。"
    proofs = tuple(dict.fromkeys(p for c in near for p in proof(c.figure)))
    return Statement(text, proofs, ())


def _name(figure: Figure, english: bool) -> str:
    year = str(figure.year) if figure.year else ""
    if english:
        status = "target" if figure.status is Status.TARGET else "actual"
        scope = ", ".join(w for w in (english_place(figure.subject or figure.place or ""), year) if w)
        return f"{scope}: {label(figure)}, {status}"
    status = "目标" if figure.status is Status.TARGET else "实际"
    return f"{figure.subject or figure.place or ''}{year + '年' if year else ''}{label(figure)}（{status}）"
