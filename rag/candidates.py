"""Query → Figures: the ledger of one state of the store, what is in force in it, and the choice of the figure that is asked for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from rag.currency import superseded
from rag.match import Encode, Matcher, Surroundings, asked_qualifiers, canonical_name, qualifier_penalty, qualifiers_of, unit_fits
from rag.names import Known, KnownPlace, departments_of, kind_of_place, name_sounds, plausible_place, short_name, to_pinyin
from rag.periods import period_part
from rag.records import Figure, Letter, Measure, Query, Status, Topic
from rag.terms import load_lexicon

if TYPE_CHECKING:
    from rag.store import Store

LetterOf = Callable[[str], Letter]

# Terms that only say how something is counted: the unit shows them.
COUNTING_TERMS = frozenset({"户数", "数量", "人数", "长度", "面积", "资金", "覆盖率"})
# Terms that often only say for whom: a name may leave them out.
PEOPLE_TERMS = frozenset({"老年人口", "老旧小区", "在校生", "常住人口", "中小学", "残疾人"})
THRESHOLD = 0.5  # below it no figure is taken for what is asked
MULTI_YEAR = re.compile(r"十[一二三四五]五|[二三四五六十]年(?:内|间|来|合计|累计)|20\d\d年?[至—\-－~～到]+20\d\d|累计|期间")
PLACE_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}[市区县省]")
CLAUSE = re.compile(r"[，。；;：:？！]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure with how well it answers."""

    figure: Figure
    score: float
    letter: Letter


@dataclass(frozen=True, slots=True)
class Slot:
    """What a figure must be true of: one year (or none), place and statuses in order of preference."""

    years: tuple[int, ...] = ()
    place: str | None = None
    statuses: tuple[Status, ...] = ()
    part: str = ""
    plan: tuple[int, int] | None = None


class Ledger:
    """The figures of one state of the store."""

    def __init__(self, letters: Sequence[Letter], figures: Sequence[Figure], letter_of: LetterOf, encode: Encode | None = None, home: str = "", known: Known | None = None) -> None:
        self.letters = {letter.letter_id: letter for letter in letters}
        self.letter_of = letter_of
        self.known = complete_parents(known) if known is not None else make_known(letters, figures, home)
        old = superseded(figures, self.letters)
        self.figures = [f for f in figures if f.letter_id in self.letters and not f.revoked and id(f) not in old]
        self.retired = [f for f in figures if f.letter_id in self.letters and (f.revoked or id(f) in old)]
        self.matcher = Matcher((f.name for f in figures), encode)
        self.place_names = frozenset(p.name for p in self.known.places)
        self._by_year: dict[int | None, list[Figure]] = defaultdict(list)
        for figure in self.figures:
            self._by_year[figure.year].append(figure)
        self._term_units = self._read_term_units()
        self._around: dict[tuple[str, int, int], Surroundings] = {}

    # ---------------------------------------------------------------- scope

    def place_of(self, figure: Figure) -> str | None:
        """The place that a figure is true of as a whole: its subject if that is a place."""
        if figure.subject in self.place_names:
            return figure.subject
        return figure.place or self.letters[figure.letter_id].place

    def is_thing(self, figure: Figure) -> bool:
        """Whether the subject is a project, body or water rather than a place."""
        return bool(figure.subject) and figure.subject not in self.place_names and figure.subject != figure.place

    def _read_term_units(self) -> dict[str, frozenset[str]]:
        """Units that nearly only one indicator term is measured in."""
        lexicon = load_lexicon()
        terms_of: dict[str, Counter[str]] = defaultdict(Counter)
        for figure in self.figures:
            if "/" in figure.unit_base or figure.unit_base in ("标台",):
                for term in canonical_name(figure.name, figure.place or "").split():
                    if term in lexicon.literals:
                        terms_of[figure.unit_base][term] += 1
        found: dict[str, set[str]] = defaultdict(set)
        for unit, counts in terms_of.items():
            term, count = counts.most_common(1)[0]
            if 2 * count > sum(counts.values()):
                found[term].add(unit)
        return {term: frozenset(units) for term, units in found.items()}

    def _place_fits(self, figure: Figure, slot: Slot, query: Query) -> bool:
        if slot.place is None:
            return True
        if self.is_thing(figure):
            subject = figure.subject or ""
            lies_in = figure.place == slot.place or self.known.parent(figure.place or "") == slot.place or subject.startswith(short_name(slot.place))
            several = re.split(r"[、和及与]", subject)
            if len(several) > 1 and all(s in self.place_names for s in several):
                return False
            return lies_in
        if self.place_of(figure) == slot.place:
            return True
        if query.places or query.level:
            return False
        # no place named: a project's own name may tell it, wherever it lies
        return self.known.parent(self.place_of(figure) or "") == slot.place and self._named_thing(figure, query)

    def _named_thing(self, figure: Figure, query: Query) -> bool:
        """Whether the question names the project that the figure is about: a proper part of its name, not only the indicator."""
        thing = re.match(r".*?(?:公路|大桥|隧道|学校|小学|中学|医院|中心|公园|水库|园区|项目|工程|基地|实验室|创业园|电站|大楼|楼|馆|路|河|湖)", figure.name)
        return bool(thing) and len(thing.group(0)) >= 4 and thing.group(0)[:4] in query.question if thing else False

    def _year_fits(self, figure: Figure, slot: Slot, query: Query) -> bool:
        if not slot.years:
            return True
        if figure.year is None:
            return self.letters[figure.letter_id].year in slot.years and figure.status is not Status.TARGET
        if figure.year not in slot.years:
            return False
        multi = bool(MULTI_YEAR.search(figure.period))
        if slot.plan:
            return True
        if multi and not re.search(r"到20|至20|累计|总|十.五|20\d\d年底|by (?:the end of )?20|cumulative|total|overall", query.question, re.IGNORECASE):
            return not re.search(r"新增|净增|新建|改造|完成|筹集|招|培训", figure.name) and not re.search(r"当年|单年", query.question)
        return True

    def _part_penalty(self, figure: Figure, slot: Slot) -> float:
        """A half-year's figure does not answer for the year; 1 means that it cannot be meant."""
        part = period_part(figure.period)
        wanted = "month 6" if slot.part == "first half" else slot.part
        partial = part.startswith(("month", "quarter", "second"))
        if wanted in ("", "end"):
            if not partial or figure.status is Status.TARGET:
                return 0.0
            return 1.0 if wanted == "end" else 0.12
        if part == wanted:
            return 0.0
        return 0.1 if figure.status is Status.TARGET and not wanted.startswith("month 6") else 1.0

    def around(self, figure: Figure) -> Surroundings:
        """The clause and the headings that a figure stands in, canonical."""
        key = (figure.letter_id, figure.start, figure.sentence)
        if key not in self._around:
            self._around[key] = self._read_around(figure)
        return self._around[key]

    def _read_around(self, figure: Figure) -> Surroundings:
        lexicon = load_lexicon()
        letter = self.letter_of(figure.letter_id)
        if figure.sentence >= len(letter.sentences):
            return Surroundings("")
        sentence = letter.sentences[figure.sentence]
        text = sentence.text
        at = max(0, min(figure.start - sentence.start, len(text)))
        cuts = [0, *(m.end() for m in CLAUSE.finditer(text)), len(text)]
        left = max((c for c in cuts if c <= at), default=0)
        right = min((c for c in cuts if c > at), default=len(text))
        before = max((c for c in cuts if c < left), default=0)
        head = letter.sentences[figure.header].text if figure.header is not None and figure.header < len(letter.sentences) else ""
        near = f"{text[before:right]} {sentence.caption or ''} {head}"
        previous = letter.sentences[figure.sentence - 1] if figure.sentence else None
        lead = previous.text if previous is not None and previous.section == sentence.section and sentence.table is None else ""
        far = f"{lead} {text} {' '.join(sentence.section)} {letter.proposal_title or letter.title or ''}"
        return Surroundings(lexicon.canonical(near), lexicon.canonical(far), "" if sentence.table is not None else text[left:at])

    # ---------------------------------------------------------------- choice

    def candidates(self, topic: Topic, slot: Slot, query: Query, limit: int = 40) -> list[Candidate]:
        """Figures that fit the slot, the best first; those under the threshold too."""
        pool = self._pool(topic, slot, query)
        if not pool:
            return []
        english = query.language == "en"
        asked = asked_qualifiers(topic, english)
        first = sorted(((self.matcher.lexical(topic, f, None) - 0.5 * min(qualifier_penalty(asked, f, None), 1), i) for i, f in enumerate(pool)), reverse=True)
        keep = [pool[i] for _, i in first[:150]]
        dense = self.matcher.dense(topic, [canonical_name(f.name, f.place or "") for f in pool] if english else [canonical_name(f.name, f.place or "") for f in keep])
        if english:
            best = sorted(pool, key=lambda f: -dense[canonical_name(f.name, f.place or "")])[:60]
            keep += [f for f in best if f not in keep]
        scored = [self._score(topic, f, slot, query, asked, dense[canonical_name(f.name, f.place or "")]) for f in keep]
        return sorted((c for c in scored if c.score > 0.15), key=lambda c: -c.score)[:limit]

    def _pool(self, topic: Topic, slot: Slot, query: Query) -> list[Figure]:
        years = (*slot.years, None) if slot.years else tuple(self._by_year)
        statuses = set(slot.statuses)
        pool = []
        for figure in (f for year in years for f in self._by_year.get(year, ())):
            if statuses and figure.status not in statuses and not (figure.status is Status.BASELINE and Status.ACTUAL in statuses):
                continue
            if figure.measure is not topic.measure or not unit_fits(topic, figure):
                continue
            if self._place_fits(figure, slot, query) and self._year_fits(figure, slot, query) and self._letter_fits(figure, query):
                pool.append(figure)
        return pool

    def _letter_fits(self, figure: Figure, query: Query) -> bool:
        letter = self.letters[figure.letter_id]
        if query.doc_numbers:
            return letter.doc_number is not None and any(_same_number(letter.doc_number, n) for n in query.doc_numbers)
        if query.proposal_numbers and re.search(r"提案|建议|proposal|suggestion", query.question, re.IGNORECASE):
            return (letter.proposal_number or "").lstrip("0") in {n.lstrip("0") for n in query.proposal_numbers}
        return True

    def _score(self, topic: Topic, figure: Figure, slot: Slot, query: Query, asked: frozenset[tuple[str, str]], dense: float) -> Candidate:
        letter = self.letters[figure.letter_id]
        around = self.around(figure)
        lexical = self.matcher.lexical(topic, figure, around)
        affinity = self._unit_affinity(topic, figure, around)
        if query.language == "en":
            score = 0.65 * lexical + 0.5 * dense if topic.terms else 0.8 * dense
        else:
            score = 0.85 * lexical + 0.2 * dense
        score += affinity + self._scope_cue(figure, around)
        score -= qualifier_penalty(asked, figure, around) + self._part_penalty(figure, slot)
        score -= self._thing_penalty(figure, query)
        score -= self._term_penalty(topic, figure, around, query.language)
        score += self._directness(figure, letter, query)
        if not all(self._sounds_named(word, figure, around) for word in query.names):
            score -= 0.5
        return Candidate(figure, score, letter)

    def _scope_cue(self, figure: Figure, around: Surroundings) -> float:
        """全市计划新增 speaks for the whole place; 可新增 for what one project brings."""
        cue = 0.05 if re.search(r"全[市区县省]", around.close) else 0.0
        return cue - (0.12 if re.search(r"(?:可|能|能够)(?:新增|提供|增加|容纳|满足)[^，]{0,12}$", around.close) else 0.0)

    def _unit_affinity(self, topic: Topic, figure: Figure, around: Surroundings) -> float:
        """A figure whose name was cut badly is known by a unit that only this indicator has: 微克/立方米 beside PM2.5."""
        name = canonical_name(figure.name, figure.place or "")
        for term in topic.terms.split():
            if term in self._term_units and figure.unit_base in self._term_units[term] and term not in name:
                return 0.5 if term in around.near else 0.45 if term in around.far else 0.0
        return 0.0

    def _term_penalty(self, topic: Topic, figure: Figure, around: Surroundings, query_language: str = "zh") -> float:
        """An indicator term that is asked for must be there, in the name or near it."""
        lexicon = load_lexicon()
        name = canonical_name(figure.name, figure.place or "")
        own = f"{name} {lexicon.canonical(figure.group)} {figure.subject or ''}"
        penalty = 0.0
        for term in topic.terms.split():
            if term not in lexicon.literals or len(term) < 2 or term in COUNTING_TERMS:
                continue
            if term in own or self.matcher.likeness(term, name) >= 0.5:
                continue
            heavy = 0.06 if term in around.near else 0.14 if term in around.far else 0.25
            penalty += heavy * (0.4 if term in PEOPLE_TERMS or _is_wider(term, own) else 1.0)
        met = any(term in own for term in topic.terms.split() if term in lexicon.literals)
        if met and query_language == "zh" and topic.terms.split()[-1] in lexicon.literals and topic.terms.split()[-1] not in (*COUNTING_TERMS, *PEOPLE_TERMS) and topic.terms.split()[-1] not in own:
            penalty += 0.15  # the last word of a Chinese name says what is measured
        return min(penalty * (0.5 if met else 1.0), 0.5)

    def _thing_penalty(self, figure: Figure, query: Query) -> float:
        """A project's figure does not answer for the place, unless the question names the project."""
        if not self.is_thing(figure):
            return 0.0
        subject = figure.subject or ""
        core = subject
        for place in self.place_names:
            core = core.replace(place, "").replace(short_name(place), "") if len(short_name(place)) >= 2 else core
        if not core or core in query.question or (query.language == "en" and any(to_pinyin(core).startswith(w.lower()) for w in query.names)):
            return 0.0
        shared = sum(core[i : i + 2] in query.question for i in range(len(core) - 1))
        return 0.3 * (1 - shared / max(1, len(core) - 1)) if query.language == "zh" else 0.22

    def _sounds_named(self, word: str, figure: Figure, around: Surroundings) -> bool:
        letter = self.letter_of(figure.letter_id)
        text = f"{figure.name} {figure.subject or ''}" + (letter.sentences[figure.sentence].text if figure.sentence < len(letter.sentences) else "")
        return word.lower() in to_pinyin(text)

    def _directness(self, figure: Figure, letter: Letter, query: Query) -> float:
        """A little for the letter of the place itself, for the department named, and for what is not a quoted comparison."""
        place = self.place_of(figure)
        bonus = 0.02 if letter.place == place else 0.0
        if query.departments:
            departments = {d for b in letter.bodies for d in departments_of(b, self.place_names)}
            bonus += 0.08 if departments & set(query.departments) else -0.04
        return bonus - (0.03 if figure.status is Status.BASELINE else 0.0)

    def in_slot(self, slot: Slot, query: Query) -> list[Figure]:
        """All figures of a slot, whatever they measure."""
        years = (*slot.years,) if slot.years else tuple(self._by_year)
        found = [f for year in years for f in self._by_year.get(year, ()) if not slot.statuses or f.status in slot.statuses]
        return [f for f in found if self._place_fits(f, slot, query) and self._year_fits(f, slot, query) and self._letter_fits(f, query)]

    def indicator_likeness(self, first: Figure, second: Figure) -> float:
        """0…1: whether two figures measure the same thing."""
        one, two = canonical_name(first.name, first.place or ""), canonical_name(second.name, second.place or "")
        for q in load_lexicon().qualifiers:
            if q.whole and (q.word in one) != (q.word in two):
                one, two = one.replace(q.word, ""), two.replace(q.word, "")
        return 1.0 if one.replace(" ", "") == two.replace(" ", "") else self.matcher.likeness(one, two)

    def same_indicator(self, first: Figure, second: Figure) -> bool:
        """Whether two figures have the same name, or nearly, and the same group."""
        if first.group != second.group or first.unit_base != second.unit_base or self.indicator_likeness(first, second) < 0.6:
            return False
        return gain_of(first) == gain_of(second)

    @property
    def sounded_names(self) -> tuple[str, ...]:
        """Canonical terms that a misspelt question may mean, longest first."""
        return tuple(sorted({n for f in self.figures for n in canonical_name(f.name, f.place or "").split() if 3 <= len(n) <= 10}, key=len, reverse=True))

    def notes(self, query: Query) -> tuple[str, ...]:
        """How the question was read."""
        if query.places or query.unknown_places or not query.home:
            return ()
        return (f"home: {query.home}",)

    # ---------------------------------------------------------------- slots

    def home_places(self, query: Query) -> tuple[str, ...]:
        """The places that a question is about, in order; empty: none is known for it."""
        if query.places:
            return query.places
        if query.level and (place := self._level_place(query)):
            return (place,)
        if query.level and query.home and kind_of_place(query.home) != query.level:
            return ()
        return (query.home,) if query.home else ()

    def _level_place(self, query: Query) -> str | None:
        home = query.home
        chain = [home, self.known.parent(home) or ""]
        for place in chain:
            if place and kind_of_place(place) == query.level:
                return place
        same = [p.name for p in self.known.places if kind_of_place(p.name) == query.level]
        return same[0] if len(same) == 1 else None


class LedgerSource(Protocol):
    """What a ledger is made from: one state of the store."""

    @property
    def letters(self) -> Sequence[Letter]:
        """Current letters; light ones will do."""

    @property
    def figures(self) -> Sequence[Figure]:
        """Their figures."""

    @property
    def known(self) -> Known:
        """Names of places, bodies and people, and the home place."""

    def letter(self, letter_id: str) -> Letter:
        """One letter with its sentences."""

    @property
    def store(self) -> Store:
        """Where the encoder is."""


_LEDGERS: WeakKeyDictionary[LedgerSource, Ledger] = WeakKeyDictionary()


def ledger_of(source: LedgerSource) -> Ledger:
    """The ledger of one state of the store, made once for it."""
    if source not in _LEDGERS:
        store = source.store
        _LEDGERS[source] = Ledger(source.letters, source.figures, source.letter, lambda texts: store.encoder.encode(texts), known=source.known)
    return _LEDGERS[source]


def gain_of(figure: Figure) -> frozenset[str]:
    """新增, 累计 … in a figure's name: with another of them it is another indicator."""
    return frozenset(word for kind, word in qualifiers_of(canonical_name(figure.name, figure.place or "")) if kind == "gain" and word != "总数")


def _is_wider(term: str, own: str) -> bool:
    """Whether a name has the term without its widest qualifier: 学位 for 义务教育学位."""
    return any(q.whole and term.startswith(q.word) and len(term) > len(q.word) + 1 and term[len(q.word) :] in own for q in load_lexicon().qualifiers)


def _same_number(first: str, second: str) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"[〔〕\[\]（）()【】\s第]", "|", text)

    return plain(first) == plain(second)


def make_known(letters: Sequence[Letter], figures: Iterable[Figure], home: str = "") -> Known:
    """What the store knows by name, from its letters and figures."""
    parents: dict[str, str | None] = {}
    votes: Counter[str] = Counter()
    for letter in letters:
        if letter.place:
            parents[letter.place] = parents.get(letter.place) or letter.parent_place
            if letter.parent_place:
                parents.setdefault(letter.parent_place, None)
            votes[letter.parent_place if letter.parent_place and kind_of_place(letter.place) in "区县" else letter.place] += 1
    figures = list(figures)
    for figure in figures:
        for place in (figure.place, figure.subject):
            if place and place == figure.place and PLACE_NAME.fullmatch(place):
                parents.setdefault(place, None)
    leading = votes.most_common(1)[0] if votes else ("", 0)
    dominant = home or (leading[0] if leading[1] * 2 >= sum(votes.values()) and leading[1] >= 1 else "")
    found = Known(
        places=tuple(KnownPlace(name, parent) for name, parent in parents.items()),
        bodies=tuple(dict.fromkeys(b for letter in letters for b in letter.bodies)),
        people=tuple(dict.fromkeys(p for letter in letters for p in (*letter.addressees, letter.signer or "", letter.contact or "") if p)),
        indicators=tuple(dict.fromkeys(f.name for f in figures)),
        doc_numbers=tuple(dict.fromkeys(letter.doc_number for letter in letters if letter.doc_number)),
        home=dominant,
        home_set=bool(home),
    )
    return complete_parents(found)


def complete_parents(known: Known) -> Known:
    """Districts and counties of unknown city lie in the home city, cities of unknown province in the only province."""
    cities = [p.name for p in known.places if kind_of_place(p.name) == "市"]
    provinces = [p.name for p in known.places if kind_of_place(p.name) == "省"]
    city = known.home if kind_of_place(known.home) == "市" else cities[0] if len(cities) == 1 else None
    province = provinces[0] if len(provinces) == 1 else None
    over = {"区": city, "县": city, "市": province}
    return replace(known, places=tuple(replace(p, parent=p.parent or over.get(kind_of_place(p.name))) for p in known.places if plausible_place(p.name)))


def status_order(query: Query) -> tuple[tuple[Status, ...], ...]:
    """Statuses to try, one after the other."""
    if query.statuses[:1] == (Status.TARGET,):
        return ((Status.TARGET,),)
    if query.statuses[:1] == (Status.ACTUAL,):
        return ((Status.ACTUAL, Status.BASELINE),)
    future = bool(query.years) and max(query.years) >= query.today.year
    actual, target = (Status.ACTUAL, Status.BASELINE), (Status.TARGET,)
    return (target, actual) if future else (actual, target)


def sound_of(name: str) -> frozenset[str]:
    """Pinyin spellings of a place's short name."""
    return name_sounds(short_name(name))


def relax(slot: Slot, **changes: object) -> Slot:
    """The slot with some conditions dropped."""
    return replace(slot, **changes)  # type: ignore[arg-type]


def issued(candidate: Candidate) -> date:
    """The day of issue, for ordering."""
    return candidate.letter.issued_on or date.min


def is_level(figure: Figure) -> bool:
    """Whether a figure is a level and not a change of one."""
    return figure.measure is Measure.LEVEL
