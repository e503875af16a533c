"""Query → Figures: the ledger of one state of the store, what is in force in it, and the choice of the figure that is asked for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from rag.contrasts import is_counted_otherwise
from rag.currency import superseded
from rag.known import complete_parents, make_known
from rag.match import Encode, Matcher, Vectors, canonical_name, features, sound_index, unit_fits
from rag.names import Known, kind_of_place, name_sounds, short_name
from rag.periods import MULTI_YEAR
from rag.qualifiers import asked_qualifiers, qualifier_penalty, qualifiers_of
from rag.records import Figure, Letter, Measure, Query, Status, Topic
from rag.scoring import COUNTING_TERMS, Candidate, LetterOf, Scorer, Slot
from rag.terms import load_lexicon

if TYPE_CHECKING:
    from rag.store import Store

STANDING = re.compile(r"现行|现有|现执行|目前|标准|补[贴助]|津贴|奖励|上限|下限|定额|收费|价格|限额|额度")
GROWTH_NAME = re.compile(r"(?:增速|增长率|增幅|涨幅|降幅)$")
CHINESE_RUN = re.compile(r"[\u4e00-\u9fff]+")
Nearest = Callable[[str], frozenset[str]]  # the indicator names that come nearest to a text
LARGE = 1500  # figures; more are narrowed down by what their names share with the question
NEAREST = 80  # names of the store's name index that an English question is compared with
NOT_MEANT = 0.6  # a penalty that no likeness of meaning makes up for: the city's figure for its zone's, a year's gain for the stock
THRESHOLD = 0.5  # below it no figure is taken for what is asked
PROPOSED_NAME = re.compile(
    r"[\d.、（）()]*(?:您|你们?|贵[会委]|委员|代表)?建议(?!采纳|办|数|答|回)"
)  # what a proposer asks for is no figure of ours


class Ledger:
    """The figures of one state of the store."""

    def __init__(
        self,
        letters: Sequence[Letter],
        figures: Sequence[Figure],
        letter_of: LetterOf,
        encode: Encode | None = None,
        home: str = "",
        known: Known | None = None,
        nearest: Nearest | None = None,
    ) -> None:
        self._nearest = nearest
        self.letters = {letter.letter_id: letter for letter in letters}
        self.letter_of = letter_of
        self.known = complete_parents(known) if known is not None else make_known(letters, figures, home)
        old = superseded(figures, self.letters, letter_of)
        self.figures = [
            f for f in figures if f.letter_id in self.letters and not f.revoked and id(f) not in old and not PROPOSED_NAME.match(f.name)
        ]
        self.retired = [f for f in figures if f.letter_id in self.letters and (f.revoked or id(f) in old)]
        self.matcher = Matcher((f.name for f in figures), encode)
        self.place_names = frozenset(p.name for p in self.known.places)
        # names that several letters use, and the lexicon: what is in them names no single project
        shared = Counter(name for name, _ in {(f.name, f.letter_id) for f in self.figures})
        lexicon = load_lexicon()
        self._indicator_text = " ".join([*lexicon.literals, *(name for name, count in shared.items() if count > 1)])
        self._by_year: dict[int | None, list[Figure]] = defaultdict(list)
        self._by_scope: dict[tuple[int | None, str | None], list[Figure]] = defaultdict(list)
        self._things: dict[int | None, list[Figure]] = defaultdict(list)
        self.scorer = Scorer(self.matcher, self.figures, self.letters, letter_of, self.place_names)
        self.around = self.scorer.around
        self.is_thing = self.scorer.is_thing
        for figure in self.figures:
            self._by_year[figure.year].append(figure)
            if self.is_thing(figure):
                self._things[figure.year].append(figure)
            else:
                self._by_scope[figure.year, self.place_of(figure)].append(figure)
        # what a misspelt question may mean
        terms = {n for f in self.figures for n in canonical_name(f.name, f.place or "").split() if 3 <= len(n) <= 10}
        wordings = {w for t in lexicon.terms if t.name in terms for w in t.wordings if 3 <= len(w) <= 10 and not w.startswith("~")}
        self.sounded_names = sound_index(terms | wordings)

    # ---------------------------------------------------------------- scope

    def place_of(self, figure: Figure) -> str | None:
        """The place that a figure is true of as a whole: its subject if that is a place."""
        if figure.subject in self.place_names:
            return figure.subject
        return figure.place or self.letters[figure.letter_id].place

    def _place_fits(self, figure: Figure, slot: Slot, query: Query) -> bool:
        if slot.place is None:
            return True
        if self.is_thing(figure):
            subject = figure.subject or ""
            lies_in = (
                figure.place == slot.place
                or self.known.parent(figure.place or "") == slot.place
                or subject.startswith(short_name(slot.place))
            )
            several = re.split(r"[、和及与]", subject)
            if len(several) > 1 and all(s in self.place_names for s in several):
                return False
            return lies_in
        return self.place_of(figure) == slot.place

    def _in_scope(self, years: Sequence[int | None], place: str | None) -> Iterator[Figure]:
        """Figures of these years that can be true of the place."""
        for year in years:
            if place is None:
                yield from self._by_year.get(year, ())
            else:
                yield from self._by_scope.get((year, place), ())
                yield from self._things.get(year, ())

    def _year_fits(self, figure: Figure, slot: Slot, query: Query) -> bool:
        if not slot.years:
            return True
        if figure.year is None:
            # an undated figure holds for its letter's year only if it is a rule in force; whatever else lacks its year is not dated by us
            return (
                self.letters[figure.letter_id].year in slot.years
                and slot.part == ""
                and bool(STANDING.search(f"{figure.period}{figure.name}"))
            )
        if figure.year not in slot.years:
            return False
        if re.search(r"当年|单年|in that year alone", query.question) and "累计" in f"{figure.name}{figure.period}":
            return False
        multi = bool(MULTI_YEAR.search(figure.period))
        if slot.plan:
            return True
        if multi and not re.search(
            r"到20|至20|累计|总|十.五|20\d\d年底|by (?:the end of )?20|cumulative|total|overall", query.question, re.IGNORECASE
        ):
            return not re.search(r"新增|净增|新建|改造|完成|筹集|招|培训", figure.name) and not re.search(r"当年|单年", query.question)
        return True

    # ---------------------------------------------------------------- choice

    def candidates(self, topic: Topic, slot: Slot, query: Query, limit: int = 40) -> list[Candidate]:
        """Figures that fit the slot, the best first; those under the threshold too."""
        pool = self._pool(topic, slot, query)
        if not pool:
            return []
        english = query.language == "en"
        asked = asked_qualifiers(topic, english)
        if len(pool) > LARGE:
            pairs = {f for f in features(topic.terms) if len(f) > 1}
            pool = [f for f in pool if pairs & features(canonical_name(f.name, f.place or ""))] or pool[:LARGE]
        first = sorted(
            ((self.matcher.lexical(topic, f, None) - 0.5 * min(qualifier_penalty(asked, f, None), 1), i) for i, f in enumerate(pool)),
            reverse=True,
        )
        keep = [pool[i] for _, i in first[:150]]
        if english:
            keep += self._near_in_meaning(topic, pool, keep)
        dense = self.matcher.dense(topic, [canonical_name(f.name, f.place or "") for f in keep])
        scored = [self.scorer.score(topic, f, slot, query, asked, dense[canonical_name(f.name, f.place or "")]) for f in keep]
        return sorted((c for c in scored if c.score > 0.15), key=lambda c: -c.score)[:limit]

    def _near_in_meaning(self, topic: Topic, pool: Sequence[Figure], keep: Sequence[Figure]) -> list[Figure]:
        """Figures whose names an English question comes near to, though they share no character with it."""
        taken = {id(f) for f in keep}
        rest = [f for f in pool if id(f) not in taken]
        if self._nearest is not None:
            names = self._nearest(topic.text)
            return [f for f in rest if f.name in names]
        near = self.matcher.dense(topic, [canonical_name(f.name, f.place or "") for f in rest[:LARGE]])
        return sorted(rest[:LARGE], key=lambda f: -near[canonical_name(f.name, f.place or "")])[:60]

    def by_meaning(self, topic: Topic, slot: Slot, query: Query) -> list[tuple[float, Candidate]]:
        """Figures of a slot with the likeness of their names to the question; those that lack an indicator term asked for are left out."""
        lexicon = load_lexicon()
        terms = [t for t in topic.terms.split() if t in lexicon.literals and t not in COUNTING_TERMS]
        asked = asked_qualifiers(topic, query.language == "en")
        pool = self._pool(topic, slot, query)[:LARGE]
        names = {id(f): canonical_name(f.name, f.place or "") for f in pool}
        pool = [f for f in pool if all(t in f"{names[id(f)]} {f.group}" for t in terms) and not self.is_thing(f)]
        dense = self.matcher.dense(topic, [names[id(f)] for f in pool])
        found = []
        for figure in pool:
            around = self.around(figure)
            if _is_share_unasked(figure, asked):
                continue
            penalty = qualifier_penalty(asked, figure, around) + self.scorer.zone_penalty(figure, around, query)
            if penalty >= NOT_MEANT:
                continue
            likeness = dense[names[id(figure)]] + 0.3 * self.matcher.lexical(topic, figure, self.around(figure)) - 0.3 * penalty
            partial = self.scorer.part_penalty(figure, slot, query)
            found.append((likeness - partial, Candidate(figure, likeness - partial, self.letters[figure.letter_id])))
        return found

    def _pool(self, topic: Topic, slot: Slot, query: Query) -> list[Figure]:
        years = (*slot.years, None) if slot.years else tuple(self._by_year)
        statuses = set(slot.statuses)
        pool = []
        for figure in self._in_scope(years, slot.place):
            if statuses and figure.status not in statuses and not (figure.status is Status.BASELINE and Status.ACTUAL in statuses):
                continue
            if (
                not (figure.measure is topic.measure or _is_growth(topic, figure))
                or not unit_fits(topic, figure)
                or is_counted_otherwise(query, figure)
            ):
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

    def names_thing(self, figure: Figure, question: str) -> bool:
        """Whether question and sentence share a proper name: a run of characters that is no indicator of the lexicon."""
        letter = self.letter_of(figure.letter_id)
        sentence = letter.sentences[figure.sentence].text if figure.sentence < len(letter.sentences) else ""
        text = f"{sentence} {figure.name}"
        size = 5
        for at in range(len(question) - size + 1):
            run = question[at : at + size]
            if run in text and CHINESE_RUN.fullmatch(run) and run not in self._indicator_text:
                return True
        return False

    def in_slot(self, slot: Slot, query: Query) -> list[Figure]:
        """All figures of a slot, whatever they measure."""
        years = (*slot.years,) if slot.years else tuple(self._by_year)
        found = [f for f in self._in_scope(years, slot.place) if not slot.statuses or f.status in slot.statuses]
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

        def nearest(text: str) -> frozenset[str]:
            return frozenset(near.key for near in store.nearest_names(text, NEAREST))

        def encode(texts: Sequence[str]) -> Vectors:
            return store.encoder.encode(texts)

        _LEDGERS[source] = Ledger(source.letters, source.figures, source.letter, encode, known=source.known, nearest=nearest)
    return _LEDGERS[source]


def _is_growth(topic: Topic, figure: Figure) -> bool:
    """A figure named 增速; and a target in per cent for what is an amount is one of growth, too: 地区生产总值 6%."""
    if topic.measure is not Measure.CHANGE or figure.measure is not Measure.LEVEL or figure.unit_base != "%":
        return False
    if GROWTH_NAME.search(figure.name):
        return True
    return (
        figure.status is Status.TARGET
        and not re.search(r"率|比重|比例|占比|强度|覆盖|合格|达标", figure.name)
        and bool(re.search(r"总值|增加值|总额|投资|收入|产值|销售|营收|支出", figure.name))
    )


def _is_share_unasked(figure: Figure, asked: frozenset[tuple[str, str]]) -> bool:
    """每万人公交专用道里程, where nobody asked for so much a head."""
    return any(kind == "per" and (kind, word) not in asked for kind, word in qualifiers_of(figure.name))


def gain_of(figure: Figure) -> frozenset[str]:
    """新增, 累计 … in a figure's name: with another of them it is another indicator."""
    return frozenset(
        word for kind, word in qualifiers_of(canonical_name(figure.name, figure.place or "")) if kind == "gain" and word != "总数"
    )


def _same_number(first: str, second: str) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"[〔〕\[\]（）()【】\s第]", "|", text)

    return plain(first) == plain(second)


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
