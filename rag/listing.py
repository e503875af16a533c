"""Complete lists: all targets of a topic and year, one indicator in each place, the parts of one standard."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag import asking
from rag.candidates import THRESHOLD, Ledger, issued, status_order
from rag.compose import amount, english_name, english_place, english_when, label, proofs_of, statement, when, where
from rag.dictionary import translate_terms
from rag.match import features
from rag.names import departments_of
from rag.neighbours import not_found
from rag.periods import period_part
from rag.qualifiers import asked_qualifiers, qualifiers_of
from rag.records import Figure, Finding, Measure, Outcome, Query, Statement, Status, Topic
from rag.scoring import Candidate, Slot
from rag.terms import load_lexicon

EACH_PLACE = re.compile(
    r"各(?:个)?(?:县|区|市|地|乡镇|街道)|[两三四五六七八九十\d]个?(?:县|区|市)(?!级)|县区|每(?:个|一)(?:县|区|市)|哪[些几]个?(?:县|区)|each (?:district|county|city|place)|every (?:district|county)|by district|(?:districts|counties)",
    re.IGNORECASE,
)
EACH_PERIOD = re.compile(
    r"逐[年季月]|历年|[各每](?:个)?(?:年度?|季度?|月)(?!人|户|米)|each (?:year|quarter|month)|every (?:year|quarter)|year by year|quarterly",
    re.IGNORECASE,
)
GOAL_CUE = re.compile(r"目标|指标|任务|计划|达到|力争|预期|规划")
EACH_COUNTY = re.compile(
    r"各(?:县|区|县区|区县|县（市、区）|县市区|地)(?:市)?(?!级|类|办)|each (?:county|district)|every (?:county|district)", re.IGNORECASE
)
YEARS_OF = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
MANY = 3  # a sentence or table with so many figures is a statement of goals


def answer_list(query: Query, ledger: Ledger) -> Finding | None:
    """The list that is asked for; None where the question rather wants a single figure."""
    topic = query.topics[0]
    if len(query.years) > 1 or len(query.places) > 1:
        return None  # one figure for each year or place
    if EACH_PERIOD.search(query.question) or asking.OVER_YEARS.search(query.question):
        found = _each_period(query, ledger, topic)
        if len(found) > 1:
            return _finding(found, query, ledger)
    if EACH_PLACE.search(query.question):
        found = _each_place(query, ledger, topic)
        if found:
            return _finding(found, query, ledger, by_place=True)
        if EACH_COUNTY.search(query.question):
            return not_found(query, ledger, topic)  # the whole is not what each of its parts has
    if asking.GENERIC_LIST.search(query.question):
        goals = _goals(query, ledger, topic)
        if goals:
            return _finding(goals, query, ledger)
    parts = _parts(query, ledger, topic)
    return _finding(parts, query, ledger) if len(parts) > 1 else None


def _finding(figures: Sequence[Figure], query: Query, ledger: Ledger, *, by_place: bool = False) -> Finding:
    english = query.language == "en"
    statements = [_summary(figures, english)] if by_place else [statement(f, english, ledger.letters[f.letter_id]) for f in figures]
    return Finding(Outcome.ANSWERED, tuple(dict.fromkeys(statements)), ledger.notes(query), 0.8)


def _summary(figures: Sequence[Figure], english: bool) -> Statement:
    first = figures[0]
    target = first.status is Status.TARGET
    if english:
        parts = "; ".join(f"{english_place(where(f))} {amount(f, True)}" for f in figures)
        text = f"{english_when(first)} {'target' if target else 'actual'}, {english_name(first)}: {parts}."
    else:
        parts = "，".join(f"{where(f)}{amount(f, False)}" for f in figures)
        text = f"{when(first)}{label(first)}{'目标' if target else ''}：{parts}。"
    return Statement(text, proofs_of(figures), tuple(figures))


# ------------------------------------------------------------------ one indicator in each place


def _each_place(query: Query, ledger: Ledger, topic: Topic) -> list[Figure]:
    over = query.places[0] if query.places else query.home
    inside = set(ledger.known.children(over))
    kind = "县" if re.search(r"各县(?!区|市)", query.question) else ""
    cleaned = replace(
        topic,
        unit_kind=topic.unit_kind if topic.unit_kind != "things" else None,
    )
    for statuses in status_order(query):
        slot = Slot(years=query.years, statuses=statuses, part=query.part)
        loose = replace(query, places=(), level="", home="")
        found = [c for c in ledger.candidates(cleaned, slot, loose, 200) if c.score >= THRESHOLD - 0.1 and unit_matches(topic, c.figure)]
        chosen = _by_subject(found, over, inside, ledger)
        if kind:
            chosen = [f for f in chosen if (f.subject or "").endswith(kind)]
        if len(chosen) >= 2:
            return chosen
    return []


def unit_matches(topic: Topic, figure: Figure) -> bool:
    """多少个小区 wants 个, and not 户."""
    kind = load_lexicon().unit_kind(figure.unit_base)
    return topic.unit_kind is None or kind is None or kind == topic.unit_kind


def _by_subject(found: Sequence[Candidate], over: str, inside: set[str], ledger: Ledger) -> list[Figure]:
    """One figure a place, all of one indicator; rows of the same table that are no place (市直属) come along."""
    rows = [c for c in found if c.figure.subject in inside]
    if not rows:
        return []
    best = max(rows, key=lambda c: c.score)
    family = [
        c
        for c in rows
        if c.score >= best.score - 0.15 and c.figure.year == best.figure.year and ledger.same_indicator(best.figure, c.figure)
    ]
    tables = {(c.figure.letter_id, _table(c.figure, ledger)) for c in family} - {(c.figure.letter_id, None) for c in family}
    for c in found:
        key = (c.figure.letter_id, _table(c.figure, ledger))
        if (
            key in tables
            and c.figure.subject not in {None, over, *inside}
            and c.figure.year == best.figure.year
            and ledger.same_indicator(best.figure, c.figure)
        ):
            family.append(c)
    covered = {c.figure.subject for c in family}
    family += [
        c
        for c in rows
        if c.figure.subject not in covered and c.figure.year == best.figure.year and ledger.same_indicator(best.figure, c.figure)
    ]
    chosen: dict[str, Candidate] = {}
    beside = Counter((c.figure.letter_id, c.figure.sentence) for c in family)
    # one sentence that gives every place its share counts in one way; a place's own letter may count in another
    for c in sorted(family, key=lambda c: (beside[c.figure.letter_id, c.figure.sentence] > 2, issued(c), c.score), reverse=True):
        chosen.setdefault(c.figure.subject or "", c)
    order = sorted(chosen.values(), key=lambda c: (c.figure.letter_id != best.figure.letter_id, c.figure.sentence, c.figure.start))
    return [c.figure for c in order]


def _table(figure: Figure, ledger: Ledger) -> int | None:
    letter = ledger.letter_of(figure.letter_id)
    return letter.sentences[figure.sentence].table if figure.sentence < len(letter.sentences) else None


# ------------------------------------------------------------------ one indicator over the years or parts of a year


def _each_period(query: Query, ledger: Ledger, topic: Topic) -> list[Figure]:
    """One indicator at one place: each year's figure, or each part of the year that is named."""
    places = ledger.home_places(query)
    text, terms, asked = (_without_periods(words) for words in (topic.text, topic.terms, topic.asked))
    bare = replace(topic, text=text.strip(), terms=" ".join(terms.split()), asked=asked)
    for statuses in status_order(query):
        slot = Slot(years=query.years, place=places[0] if places else None, statuses=statuses)
        found = [c for year in _years_in(ledger, slot) for part in _parts_in(ledger, slot, year, query)
                 for c in ledger.candidates(bare, replace(slot, years=(year,), part=part), query, 3)[:1]]  # fmt: skip
        if not found or max(c.score for c in found) < THRESHOLD:
            continue
        best = max(found, key=lambda c: c.score)
        family = [c.figure for c in found if c.score >= THRESHOLD - 0.1 and ledger.same_indicator(best.figure, c.figure)]
        ordered = sorted(dict.fromkeys(family), key=lambda f: (f.year or 0, f.sentence, f.start))
        count = asking.OVER_YEARS.search(query.question)
        last = YEARS_OF.get(count["count"] or "", 0) if count else 0
        first = max((f.year or 0 for f in ordered), default=0) - last if last else 0
        return [f for f in ordered if (f.year or 0) > first]
    return []


def _without_periods(words: str) -> str:
    for pattern in (EACH_PERIOD, asking.OVER_YEARS, asking.TREND):
        words = pattern.sub(" ", words)
    return words.replace("累计", " ")


def _years_in(ledger: Ledger, slot: Slot) -> list[int]:
    return sorted(set(slot.years) or {f.year for f in ledger.figures if f.year})


def _parts_in(ledger: Ledger, slot: Slot, year: int, query: Query) -> list[str]:
    """The parts of a year that figures are true of; only the whole where several years are listed."""
    if not slot.years:
        return [""]
    found = {period_part(f.period) for f in ledger.in_slot(replace(slot, years=(year,)), query)}
    return sorted(found - {"end"} | {""})


# ------------------------------------------------------------------ all targets of a topic


def _goals(query: Query, ledger: Ledger, topic: Topic) -> list[Figure]:
    places = ledger.home_places(query)
    place = places[0] if places else None
    statuses = status_order(query)[0] if query.statuses else (Status.TARGET,)
    years = query.years or ((query.plan[1],) if query.plan else ())
    slot = Slot(years=years, place=place, statuses=statuses, plan=query.plan)
    pool = [f for f in ledger.in_slot(slot, query) if not ledger.is_thing(f) and f.measure is Measure.LEVEL]
    if not years and pool:
        latest = max(f.year or 0 for f in pool)
        pool = [f for f in pool if f.year == latest]
    excluded = _excluded(query.question)
    pool = [f for f in pool if not excluded or not any(word in f.name for word in excluded)]
    units: dict[tuple[str, object], list[Figure]] = defaultdict(list)
    for figure in pool:
        table = _table(figure, ledger)
        units[figure.letter_id, ("table", table) if table is not None else figure.sentence].append(figure)
    if topic.text or query.departments:
        # goals of another field are no answer: letter, heading or names must show the field that is asked
        units = {key: found for key, found in units.items() if _of_the_field(key[0], found, query, ledger, topic)}
        asked = set(query.departments) | _departments_in(query, topic)
        own = {key: found for key, found in units.items() if asked & _departments_of(key[0], ledger)}
        units = own if sum(map(len, own.values())) >= MANY else units
    scored = sorted(((_goal_score(key[0], found, query, ledger, topic), key) for key, found in units.items()), key=lambda s: -s[0])
    if not scored or scored[0][0] < 0.5:
        return []
    best = scored[0][1]
    section = _section(units[best][0], ledger)
    share = 0.9 if len(units[best]) > MANY else 0.75  # a full sentence of goals stands alone; single lines go together
    chosen = [
        f
        for score, key in scored
        for f in units[key]
        if key == best or (key[0] == best[0] and score >= share * scored[0][0] and _section(f, ledger) == section)
    ]
    return sorted(dict.fromkeys(chosen), key=lambda f: (f.sentence, f.start))


def _excluded(question: str) -> list[str]:
    """除托育外 → 托育 and what counts it."""
    match = re.search(
        r"除(?:了)?([\u4e00-\u9fff]{2,8}?)(?:以外|之外|外)|(?:except|other than|apart from|besides) (?:for )?([a-z ]+?)(?:,|\?|$| what)",
        question,
        re.IGNORECASE,
    )
    if not match:
        return []
    if match[1]:
        word = match[1]
        return [word, *(["托位", "托班", "入托"] if "托育" in word else [])]
    return load_lexicon().translate(match[2] or "")[0]


def _section(figure: Figure, ledger: Ledger) -> tuple[str, ...]:
    letter = ledger.letter_of(figure.letter_id)
    return letter.sentences[figure.sentence].section if figure.sentence < len(letter.sentences) else ()


def _goal_score(letter_id: str, found: Sequence[Figure], query: Query, ledger: Ledger, topic: Topic) -> float:
    """How likely a sentence or table states the goals of the topic."""
    letter = ledger.letter_of(letter_id)
    sentence = letter.sentences[found[0].sentence]
    text = f"{' '.join(sentence.section)} {sentence.caption or ''} {sentence.text}"
    cue = 0.25 if re.search(r"(?:主要|预期|量化|年度|约束性)?(?:目标|指标)", text) else 0.1 if GOAL_CUE.search(text) else 0.0
    many = min(len(found), 6) / 6 * 0.45
    return cue + many + _topic_fit(letter_id, found, query, ledger, topic) - (0.3 if len(found) < MANY else 0.0)


def _of_the_field(letter_id: str, found: Sequence[Figure], query: Query, ledger: Ledger, topic: Topic) -> bool:
    """Whether the replying body, the title, the headings or the names of the figures have anything of the field asked for."""
    letter = ledger.letter_of(letter_id)
    lexicon = load_lexicon()
    asked = set(query.departments) | _departments_in(query, topic)
    bodies = _departments_of(letter_id, ledger)
    words = {w for w in features(lexicon.canonical(topic.terms)) if len(w) > 1}
    if query.language == "en" and not topic.terms:
        words = {w for _, forms in translate_terms(topic.text) for form in forms for w in features(form) if len(w) > 1}
    if not asked and not words:
        return True
    sentence = letter.sentences[found[0].sentence]
    head = f"{letter.title or ''} {letter.proposal_title or ''} {' '.join(sentence.section)} {sentence.caption or ''}"
    text = lexicon.canonical(f"{head} {' '.join(f.name for f in found)}")
    return bool(bodies & asked) or any(w in text for w in words)


def _departments_of(letter_id: str, ledger: Ledger) -> set[str]:
    return {d for b in ledger.letters[letter_id].bodies for d in departments_of(b, ledger.place_names)}


def _topic_fit(letter_id: str, found: Iterable[Figure], query: Query, ledger: Ledger, topic: Topic) -> float:
    """0…0.6: whether letter, headings and names belong to the topic."""
    letter = ledger.letter_of(letter_id)
    lexicon = load_lexicon()
    words = features(lexicon.canonical(topic.terms.replace("除", " ")))
    lead, *joint = [departments_of(b, ledger.place_names) for b in letter.bodies] or [frozenset()]
    asked = set(query.departments) | _departments_in(query, topic)
    fit = 0.3 if lead & asked else 0.1 if any(d & asked for d in joint) else -0.15 if asked else 0.0
    fit += 0.1 if letter.year in query.years and not query.plan else 0.0
    names = features(" ".join(lexicon.canonical(f.name) for f in found))
    head = features(lexicon.canonical(f"{letter.title or ''} {letter.proposal_title or ''} {' '.join(letter.bodies)}"))
    pairs = [w for w in words if len(w) > 1]
    if pairs:
        fit += 0.4 * sum((w in names) or (w in head) for w in pairs) / len(pairs)
    return fit


def _departments_in(query: Query, topic: Topic) -> set[str]:
    found = set()
    for term in load_lexicon().departments:
        if query.language == "en":
            if any(re.search(rf"\b{re.escape(e)}\b", query.question, re.IGNORECASE) for e in term.english):
                found.add(term.name)
        elif any(len(w) >= 2 and w in query.question for w in (term.name, *term.wordings)):
            found.add(term.name)
    return found


# ------------------------------------------------------------------ the parts of one thing


def _parts(query: Query, ledger: Ledger, topic: Topic) -> list[Figure]:
    """小学和初中各是多少: the figures of one sentence or table that share indicator and unit."""
    places = ledger.home_places(query)
    slot = Slot(years=query.years, place=places[0] if places else None, part=query.part, plan=query.plan)
    members = _members(topic, query)
    if members:
        found = _each_member(members, topic, slot, query, ledger)
        if len(found) >= 2:
            return found
    bare = replace(topic, unit_kind=topic.unit_kind if topic.unit not in ("档", "项", "个", "类", "种") else None)
    for statuses in status_order(query):
        candidates = ledger.candidates(bare, replace(slot, statuses=statuses), query)
        if not candidates or candidates[0].score < THRESHOLD - 0.05:
            continue
        best = candidates[0]
        same = [
            c.figure
            for c in candidates
            if c.figure.letter_id == best.figure.letter_id
            and c.figure.unit == best.figure.unit
            and c.score >= best.score - 0.35
            and c.score >= 0.3
            and _near(c.figure, best.figure, ledger)
        ]
        same += [
            f
            for f in ledger.in_slot(replace(slot, statuses=statuses), query)
            if f not in same and _is_sister(f, best.figure) and _akin(f, best.figure, ledger)
        ]
        return sorted(same, key=lambda f: (f.sentence, f.start))
    return []


def _is_sister(figure: Figure, best: Figure) -> bool:
    """Another step of the same scale: the same sentence, unit, year and status (60至69岁1元、70至79岁2元)."""
    return (
        figure.letter_id == best.letter_id
        and figure.sentence == best.sentence
        and figure.unit == best.unit
        and figure.year == best.year
        and figure.status == best.status
        and figure.measure is best.measure
        and figure.subject == best.subject
    )


def _akin(figure: Figure, best: Figure, ledger: Ledger) -> bool:
    """Whether a sister can be a step of the same scale: its name has a number or a qualifier, or is like the other."""
    named = bool(re.search(r"\d", figure.name)) or bool(qualifiers_of(f"{figure.name} {figure.group}"))
    return named or ledger.indicator_likeness(figure, best) >= 0.15


def _near(first: Figure, second: Figure, ledger: Ledger) -> bool:
    if first.sentence == second.sentence:
        return True
    table = _table(first, ledger)
    if table is not None and table == _table(second, ledger):
        return True
    return abs(first.sentence - second.sentence) <= 2 and _section(first, ledger) == _section(second, ledger)


def _members(topic: Topic, query: Query) -> list[tuple[str, str]]:
    """Two or more qualifiers of one class that the question names side by side."""
    by_kind: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, word in asked_qualifiers(topic, query.language == "en"):
        if word != "义务教育" and kind != "gain":
            by_kind[kind].append((kind, word))
    return next((sorted(found) for found in by_kind.values() if len(found) >= 2), [])


def _each_member(members: Sequence[tuple[str, str]], topic: Topic, slot: Slot, query: Query, ledger: Ledger) -> list[Figure]:
    chosen: list[Figure] = []
    patterns = {q.word: q for q in load_lexicon().qualifiers}
    for _, word in members:
        terms, asked = topic.terms, topic.asked
        for _, other in members:
            if other != word:
                terms = patterns[other].pattern.sub(" ", terms)
                asked = patterns[other].english.sub(" ", patterns[other].pattern.sub(" ", asked))
        narrowed = replace(topic, terms=" ".join(terms.split()), asked=asked)
        for statuses in status_order(query):
            found = [c for c in ledger.candidates(narrowed, replace(slot, statuses=statuses), query, 10) if c.score >= THRESHOLD - 0.1]
            if found and found[0].figure not in chosen:
                chosen.append(found[0].figure)
                break
    return sorted(chosen, key=lambda f: (f.sentence, f.start))
