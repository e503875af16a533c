"""Whether evidence states a quantity of a sentence: value, unit, bound, year, target or actual, place and name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rag import claims
from rag.cited import Source, candidates_for, pairs_of, share_of
from rag.names import Known, KnownPlace, find_places, short_name
from rag.quantity import read_quantities
from rag.records import Comparator, Figure, Measure, Quantity, Status
from rag.script import normalise

Similarity = Callable[[str, str], float]  # 0…1, across languages


def check_quantity(
    sentence: str,
    quantity: Quantity,
    all_here: Sequence[Quantity],
    sources: Sequence[Source],
    similarity: Similarity | None,
    *,
    english: bool,
) -> str:
    """Empty when one of the sources states this very quantity of this very thing."""
    reason = f"{quantity.text} is not in the evidence"
    for source in sources:
        for candidate, figure in candidates_for(source, quantity):
            if _bound(candidate, figure) != quantity.comparator:
                reason = f"{quantity.text}: the evidence says it with another bound"
                continue
            reason = _check_reading(sentence, quantity, all_here, source, candidate, figure, english=english)
            if english and not reason:
                reason = _check_english_name(sentence, quantity, source, figure, similarity)
            if not reason:
                return ""
    return reason


def _bound(candidate: Quantity, figure: Figure | None) -> Comparator:
    return figure.comparator if figure and candidate.start < 0 else candidate.comparator


def _check_reading(
    sentence: str,
    quantity: Quantity,
    all_here: Sequence[Quantity],
    source: Source,
    candidate: Quantity,
    figure: Figure | None,
    *,
    english: bool,
) -> str:
    """Year, status, place and name with which the quantity is stated, against those with which the evidence states it."""
    said = claims.year_of(sentence, quantity, claims.find_years(sentence, all_here))
    true_years = _true_years(source, candidate, figure)
    if said.years and true_years and not said.years & true_years and not _is_copied(sentence, said.start, quantity, source):
        return f"{quantity.text} is of {_listed(true_years)}, not of {_listed(said.years)}"
    if reason := _check_status(sentence, quantity, source, candidate, figure):
        return reason
    if reason := _check_change(sentence, quantity, source, candidate, figure):
        return reason
    if english:
        return ""
    return _check_place_of(sentence, quantity, source, candidate, figure) or _check_name(sentence, quantity, all_here, source, figure)


def _listed(years: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(years)))


def _true_years(source: Source, candidate: Quantity, figure: Figure | None) -> set[int]:
    """The ledger's year, else the one with which the evidence words the quantity, else that of its scope."""
    item = source.evidence
    if figure and figure.year:
        return {figure.year, *_period_years(figure.period)}
    worded = claims.year_of(item.text, candidate, claims.find_years(item.text, source.quantities)).years if candidate.start >= 0 else ()
    return set(worded) or ({item.year} if item.year else set(source.years))


def _is_copied(sentence: str, start: int, quantity: Quantity, source: Source) -> bool:
    """Whether the words from `start` to the quantity are the evidence's own: then they mean there what they mean here."""
    return normalise(sentence[start : quantity.end]).strip("，。；： ") in normalise(source.text)


def _period_years(period: str) -> set[int]:
    return {year for _, year in claims.find_years(period)}


def _true_status(source: Source, candidate: Quantity, figure: Figure | None) -> Status | None:
    return figure.status if figure else _worded_status(source, candidate) or source.evidence.status


def _worded_status(source: Source, candidate: Quantity) -> Status | None:
    return claims.status_of(source.evidence.text, candidate).status if candidate.start >= 0 else None


def _check_status(sentence: str, quantity: Quantity, source: Source, candidate: Quantity, figure: Figure | None) -> str:
    """A plan is never told as a result, nor a result as a plan. Where nothing is told, `verify` writes that it is a target."""
    true = _true_status(source, candidate, figure)
    reading = claims.status_of(sentence, quantity)
    said = reading.status
    if said is None or _is_copied(sentence, reading.start, quantity, source):
        return ""
    if true is Status.TARGET and said is not Status.TARGET:
        return f"{quantity.text} is a target, which the sentence does not say"
    if true is Status.ACTUAL and said is Status.TARGET:
        return f"{quantity.text} is a result, not a target"
    return ""


def unsaid_targets(sentence: str, sources: Sequence[Source]) -> tuple[int, int]:
    """How many quantities of a sentence are targets without a word that says so, and how many others stand there so."""
    targets = others = 0
    for quantity in read_quantities(sentence):
        if claims.status_of(sentence, quantity).status is None:
            is_target = Status.TARGET in _true_statuses(quantity, sources)
            targets, others = targets + is_target, others + (not is_target)
    return targets, others


def _true_statuses(quantity: Quantity, sources: Sequence[Source]) -> set[Status | None]:
    return {_true_status(source, candidate, figure) for source in sources for candidate, figure in candidates_for(source, quantity)}


def check_status_words(sentence: str, quantities: Sequence[Quantity], sources: Sequence[Source]) -> str:
    """Words for plans and results that the evidence does not have must fit all quantities; so must a clause of the draft's own."""
    if not quantities:
        return ""
    text = "\n".join(source.evidence.text for source in sources)
    statuses = {quantity.start: _true_statuses(quantity, sources) for quantity in quantities}
    everywhere = set[Status | None]().union(*statuses.values())
    if Status.TARGET in everywhere and claims.REALISED.search(sentence) and not claims.REALISED.search(text):
        return "it tells a target as a result"
    if everywhere - {Status.TARGET} and claims.TARGET.search(sentence) and not claims.TARGET.search(text):
        return "it tells a result as a target"
    for start, end in claims.clauses(sentence):
        clause = sentence[start:end]
        if any(start <= q.start < end for q in quantities) or normalise(clause).strip("，：；。 ") in normalise(text):
            continue
        following = set[Status | None]().union(*(found for at, found in statuses.items() if at >= end))
        if claims.TARGET.search(clause) and following - {Status.TARGET}:
            return "it tells a result as a target"
        if claims.REALISED.search(clause) and not claims.TARGET.search(clause) and Status.TARGET in following:
            return "it tells a target as a result"
    targets, others = unsaid_targets(sentence, sources)
    copied = all(any(_is_copied(sentence, claims.clause_at(sentence, q.start)[0], q, source) for source in sources) for q in quantities)
    return "it does not tell targets from results" if targets and others and not copied else ""


def _check_change(sentence: str, quantity: Quantity, source: Source, candidate: Quantity, figure: Figure | None) -> str:
    """A rate of growth is not a level."""
    item = source.evidence
    start, end = claims.clause_at(sentence, quantity.start)
    said = claims.CHANGE.search(sentence[start:end])
    if candidate.start < 0:
        is_change = bool(figure and figure.measure is Measure.CHANGE)
        return f"{quantity.text} is a change, not a level" if is_change and not said else ""
    first, last = claims.clause_at(item.text, candidate.start)
    is_change = bool(claims.CHANGE.search(item.text[max(first, candidate.start - 6) : candidate.start])) or bool(
        figure and figure.measure is Measure.CHANGE
    )
    if is_change and not said and not _is_copied(sentence, start, quantity, source):
        return f"{quantity.text} is a change, not a level"
    if said and said.end() <= quantity.start and quantity.start - said.end() <= 3 and not claims.CHANGE.search(item.text[first:last]):
        return f"{quantity.text} is a level, not a change"
    return ""


def _check_place_of(sentence: str, quantity: Quantity, source: Source, candidate: Quantity, figure: Figure | None) -> str:
    """The place named last before the quantity must be the place of the figure."""
    known = Known(places=tuple(KnownPlace(place) for place in source.places if len(place) >= 2))
    said = _last_place(sentence, quantity.start, known)
    if not said:
        return ""
    true = {p for p in ((figure.subject, figure.place) if figure else ()) if p}
    if candidate.start >= 0 and (before := _last_place(source.text, candidate.start, known)):
        true.add(before)
    true = true or {p for p in (source.evidence.place,) if p}
    if true and not any(said in place or place in said or short_name(said) in place for place in true):
        return f"{quantity.text} is of {'/'.join(sorted(true))}, not of {said}"
    return ""


def _last_place(text: str, before: int, known: Known) -> str | None:
    named = find_places(text[:before], known, english=False)
    return named.known[-1] if named.known else None


def _check_name(sentence: str, quantity: Quantity, all_here: Sequence[Quantity], source: Source, figure: Figure | None) -> str:
    """What stands before the quantity must not name another indicator of the evidence that has another value."""
    start, _ = claims.clause_at(sentence, quantity.start)
    start = max([start, *(q.end for q in all_here if q.end <= quantity.start)])
    lead = sentence[start : quantity.start].strip("，、：（(〔 ")
    if figure is None or figure.name in lead or len(lead) < 2 or lead in source.text:
        return ""
    mine = share_of(pairs_of(figure.name), lead)
    for other in source.evidence.figures:
        if other.value_base != figure.value_base and other.name != figure.name and share_of(pairs_of(other.name), lead) > max(mine, 0.6):
            return f"{quantity.text} is {figure.name}, not {other.name}"
    return ""


def _check_english_name(sentence: str, quantity: Quantity, source: Source, figure: Figure | None, similarity: Similarity | None) -> str:
    """Of several indicators with the same unit the sentence must be nearest to the one whose value it gives."""
    if figure is None:
        return ""
    others = [f for f in source.evidence.figures if f.unit_base == figure.unit_base and f.value_base != figure.value_base]
    if not others:
        return ""
    if similarity is None:
        return f"{quantity.text} may be of {figure.name} or of {others[0].name}"
    mine = similarity(sentence, figure.name)
    nearest = max(others, key=lambda other: similarity(sentence, other.name))
    return f"{quantity.text} is {figure.name}, not {nearest.name}" if similarity(sentence, nearest.name) > mine else ""
