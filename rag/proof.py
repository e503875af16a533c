"""Whether evidence proves one sentence: its quantities first, then names, direction, place, year, status and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag import claims
from rag.names import COMMON_PLACE_WORDS, Known, KnownPlace, find_places, same_english_name, short_name
from rag.quantity import read_quantities, same_quantity
from rag.records import Comparator, Evidence, Figure, Measure, Quantity, Status
from rag.script import normalise

Similarity = Callable[[str, str], float]  # 0…1, across languages

HAN_RUN = re.compile(rf"[{claims.HAN}]+")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
ENGLISH_NUMBER = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred|thousand)\b", re.I
)
CHINESE_SUPPORT = 0.6  # share of a sentence's character pairs that must stand in the evidence
CLAUSE_SUPPORT = 0.5  # the same for the clause of a quantity
SIMILAR = 0.5  # of an English sentence to its Chinese evidence
HOLLOW = re.compile(r"[的了和与及并对在将已为是有等也以其该这那就由从到于中,，、。；：]")
LINK = re.compile(r"^[在于和与及对为是由从向比以的到]")  # may stand before a name of one character: 在滕县
OPENING = re.compile(
    r"^(?:根据|依据|按照|据|其中|同时|此外|另外|因此|所以|总之|具体|例如|主要|目前|截至|截止|计划|预计|力争|到|在|至|从|自|于|以及|而|我们|该|这|全年|年)+"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of evidence, read once for all sentences of a draft."""

    evidence: Evidence
    text: str  # folded sentence and header
    support: str  # the same with scope, place, body and names of its figures
    quantities: tuple[Quantity, ...]
    years: frozenset[int]
    places: frozenset[str]

    @property
    def marker(self) -> str:
        """E1."""
        return self.evidence.marker

    @classmethod
    def read(cls, item: Evidence, known: Known | None) -> Source:
        """Read a piece of evidence."""
        text = item.text
        around = (
            item.header,
            item.scope,
            item.place,
            item.body,
            *(f"{f.name} {f.subject or ''} {f.place or ''} {f.group}" for f in item.figures),
        )
        support = "\n".join(part for part in (text, *around) if part)
        quantities = [*read_quantities(text), *(read_quantities(item.header) if item.header else [])]
        bare = {f.value for f in item.figures}
        quantities = [q for q in quantities if q.unit_base or q.value not in bare]
        places = {p for p in (item.place, *(f.place for f in item.figures), *(f.subject for f in item.figures)) if p}
        places.update(find_places(support, known or Known(), english=False).known)
        return cls(item, text, support, tuple(quantities), frozenset(_years(item)), frozenset(places))


def _years(item: Evidence) -> set[int]:
    """All years that a sentence citing this evidence may name."""
    text = f"{item.header} {item.text}"
    years = {year for _, year in claims.find_years(text)} | {f.year for f in item.figures if f.year} | ({item.year} if item.year else set())
    if item.letter_year:
        shifts = {"今年": 0, "本年": 0, "全年": 0, "目前": 0, "去年": -1, "上年": -1, "明年": 1, "前年": -2}
        years |= {item.letter_year + shift for word, shift in shifts.items() if word in text}
    return years


def check_sentence(sentence: str, sources: Sequence[Source], known: Known | None = None, similarity: Similarity | None = None) -> str:
    """Empty when the sources together prove the sentence; else why not."""
    support = "\n".join(source.support for source in sources)
    folded = normalise(support)
    if any(normalise(sentence).rstrip("。.;；") == normalise(source.text).rstrip("。.;；") for source in sources):
        return ""
    quantities = read_quantities(sentence)
    english = claims.is_english(sentence)
    checks: tuple[Callable[[], str], ...] = (
        lambda: _check_years(sentence, quantities, sources),
        lambda: _check_places(sentence, sources, known, english=english),
        lambda: next((r for q in quantities if (r := _check_quantity(sentence, q, quantities, sources, similarity, english=english))), ""),
        lambda: _check_rest(sentence, quantities, folded),
        lambda: claims.check_names(sentence, support),
        lambda: "" if english else claims.check_direction(sentence, support) or claims.check_classes(normalise(sentence), folded),
        lambda: _check_status_words(sentence, quantities, sources),
        lambda: _check_words(sentence, quantities, sources, similarity, english=english),
    )
    return next((reason for check in checks if (reason := check())), "")


def _check_years(sentence: str, quantities: Sequence[Quantity], sources: Sequence[Source]) -> str:
    allowed = frozenset().union(*(source.years for source in sources))
    for _, year in claims.find_years(sentence, quantities):
        if year not in allowed:
            return f"the year {year} is not that of the evidence"
    if claims.is_english(sentence) and re.search(r"\b(?:this|last|next) year\b", sentence, re.IGNORECASE):
        return "“this year” of a letter is not today's"
    return ""


def _check_places(sentence: str, sources: Sequence[Source], known: Known | None, *, english: bool) -> str:
    own = frozenset().union(*(source.places for source in sources))
    support = "\n".join(source.support for source in sources)
    own_known = tuple(KnownPlace(place) for place in own if len(place) >= 2)
    named = find_places(sentence, Known(places=(*(known.places if known else ()), *own_known)), english)
    for place in named.known:
        if place not in own and short_name(place) not in support:
            return f"the place {place} is not that of the evidence"
    for place in named.unknown:
        if english:
            if not any(same_english_name(place, short_name(mine)) for mine in own):
                return f"the name {place} is not in the evidence"
        elif place not in support:
            return f"the place {place} is not that of the evidence"
    return "" if english else _check_other_names(sentence, support)


def _check_other_names(sentence: str, support: str) -> str:
    """Whatever ends like a place, and a name right before a year (杭州2023年), must be known to the evidence."""
    for found in re.finditer(rf"(?=([{claims.HAN}]{{2}}[市省县区])(?![场政长民级内外直属]))", sentence):
        name = LINK.sub("", found.group(1))
        if name not in support and not any(COMMON_PLACE_WORDS.fullmatch(name[-size:]) for size in (2, 3)):
            return f"the place {name} is not that of the evidence"
    for found in re.finditer(rf"(?:^|[，。；、：])([{claims.HAN}]{{2,8}})(?=(?:19|20)\d\d年|今年|全年)", sentence):
        name = OPENING.sub("", found.group(1))
        if len(name) >= 2 and not any(name[i : i + 2] in support for i in range(len(name) - 1)):
            return f"the name {name} is not in the evidence"
    return ""


def _check_quantity(
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
        for candidate, figure in _candidates(source, quantity):
            if _bound(candidate, figure) != quantity.comparator:
                reason = f"{quantity.text}: the evidence says it with another bound"
                continue
            reason = _check_reading(sentence, quantity, all_here, source, candidate, figure, english=english)
            if english and not reason:
                reason = _check_english_name(sentence, quantity, source, figure, similarity)
            if not reason:
                return ""
    return reason


def _candidates(source: Source, quantity: Quantity) -> list[tuple[Quantity, Figure | None]]:
    """What the source states with the same value and unit, with the ledger's figure where it has one."""
    from_figures = [(_quantity_of(figure), figure) for figure in source.evidence.figures]
    found: list[tuple[Quantity, Figure | None]] = []
    for read in source.quantities:
        if same_quantity(read, quantity):
            matched = [
                f for q, f in from_figures if q.value_base == read.value_base and q.high_base == read.high_base and same_quantity(q, read)
            ]
            found += [(read, figure) for figure in matched] or [(read, None)]
    if not found:
        found = [(q, f) for q, f in from_figures if same_quantity(q, quantity)]
    return found


def _quantity_of(figure: Figure) -> Quantity:
    return Quantity(
        -1, -1, "", figure.value, figure.unit, figure.value_base, figure.unit_base, figure.comparator, figure.high, figure.high_base
    )


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
    item = source.evidence
    said = claims.year_of(sentence, quantity, claims.find_years(sentence, all_here))
    true_years = _true_years(source, candidate, figure)
    if said.years and true_years and not said.years & true_years and not _is_copied(sentence, said.start, quantity, source):
        return f"{quantity.text} is of {_listed(true_years)}, not of {_listed(said.years)}"
    if reason := _check_status(sentence, quantity, source, candidate, figure):
        return reason
    if reason := _check_change(sentence, quantity, item, candidate, figure):
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
    return {_true_status(source, candidate, figure) for source in sources for candidate, figure in _candidates(source, quantity)}


def _check_status_words(sentence: str, quantities: Sequence[Quantity], sources: Sequence[Source]) -> str:
    """Words for plans and results that the evidence does not have must fit all quantities."""
    if not quantities:
        return ""
    text = "\n".join(source.evidence.text for source in sources)
    statuses = set[Status | None]().union(*(_true_statuses(quantity, sources) for quantity in quantities))
    if Status.TARGET in statuses and claims.REALISED.search(sentence) and not claims.REALISED.search(text):
        return "it tells a target as a result"
    if statuses - {Status.TARGET} and claims.TARGET.search(sentence) and not claims.TARGET.search(text):
        return "it tells a result as a target"
    targets, others = unsaid_targets(sentence, sources)
    return "it does not tell targets from results" if targets and others else ""


def _check_change(sentence: str, quantity: Quantity, item: Evidence, candidate: Quantity, figure: Figure | None) -> str:
    """A rate of growth is not a level."""
    start, end = claims.clause_at(sentence, quantity.start)
    said = claims.CHANGE.search(sentence[start:end])
    if candidate.start < 0:
        is_change = bool(figure and figure.measure is Measure.CHANGE)
        return f"{quantity.text} is a change, not a level" if is_change and not said else ""
    first, last = claims.clause_at(item.text, candidate.start)
    is_change = bool(claims.CHANGE.search(item.text[max(first, candidate.start - 6) : candidate.start])) or bool(
        figure and figure.measure is Measure.CHANGE
    )
    if is_change and not said:
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
    mine = _share(_pairs(figure.name), lead)
    for other in source.evidence.figures:
        if other.value_base != figure.value_base and other.name != figure.name and _share(_pairs(other.name), lead) > max(mine, 0.6):
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


def _check_rest(sentence: str, quantities: Sequence[Quantity], folded_support: str) -> str:
    """Digits that are neither a quantity nor a year (numbers of documents, proposals, days) must stand in the evidence."""
    text = list(normalise(sentence))
    for quantity in quantities:
        text[quantity.start : quantity.end] = " " * (quantity.end - quantity.start)
    for position, year in claims.find_years(sentence, quantities):
        text[position : position + len(str(year))] = "    "
    plain = folded_support.replace(",", "")
    for found in NUMBER.finditer("".join(text)):
        number = found.group(0).replace(",", "").rstrip(".")
        if not re.search(rf"(?<![\d.])0*{re.escape(number.lstrip('0') or '0')}(?!\d|\.\d)", plain):
            return f"the number {number} is not in the evidence"
    for word in ENGLISH_NUMBER.findall("".join(text)):
        if not quantities:
            return f"the number “{word}” cannot be proved"
    return ""


def _check_words(
    sentence: str,
    quantities: Sequence[Quantity],
    sources: Sequence[Source],
    similarity: Similarity | None,
    *,
    english: bool,
) -> str:
    """Enough of what is said must stand in the evidence."""
    support = normalise("\n".join(source.support for source in sources))
    if english and not claims.is_english(sources[0].text):
        if similarity is None:
            return "" if quantities else "no figure in it can be compared with the Chinese evidence"
        likeness = max(similarity(sentence, source.support) for source in sources)
        limit = SIMILAR * (0.6 if quantities else 1)
        return "" if likeness >= limit else f"it is not what the evidence says (likeness {likeness:.2f})"
    pairs = _pairs(normalise(sentence)) if not english else set(re.findall(r"[a-z]{3,}", sentence.lower()))
    share = _share(pairs, support)
    if share < CHINESE_SUPPORT:
        return f"only {share:.0%} of its words stand in the evidence"
    for quantity in quantities:
        start, end = claims.clause_at(sentence, quantity.start)
        if not english and _share(_pairs(normalise(sentence[start:end])), support) < CLAUSE_SUPPORT:
            return f"what {quantity.text} is of does not stand in the evidence"
    return ""


def _pairs(text: str) -> set[str]:
    """Pairs of Chinese characters, those of mere grammar left out."""
    return {run[i : i + 2] for part in HAN_RUN.findall(text) for run in HOLLOW.split(part) for i in range(len(run) - 1)}


def _share(pairs: set[str], support: str) -> float:
    return float(Decimal(sum(1 for pair in pairs if pair in support)) / len(pairs)) if pairs else 1.0
