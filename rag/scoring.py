"""How well one figure answers: its name, what stands around it, and what speaks against it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.asking import STOP_ENGLISH
from rag.dictionary import translate_question
from rag.match import Matcher, Surroundings, canonical_name
from rag.names import departments_of, short_name, to_pinyin
from rag.periods import period_part
from rag.qualifiers import qualifier_penalty
from rag.records import Figure, Letter, Query, Status, Topic
from rag.terms import load_lexicon, stem

LetterOf = Callable[[str], Letter]

# Terms that only say how something is counted: the unit shows them.
COUNTING_TERMS = frozenset({"户数", "数量", "人数", "长度", "面积", "资金", "覆盖率"})
# Terms that often only say for whom: a name may leave them out.
PEOPLE_TERMS = frozenset({"老年人口", "老旧小区", "在校生", "常住人口", "中小学", "残疾人"})
WHOLE_YEAR = re.compile(r"全年|整年|一整年|(?:whole|full|entire) year", re.IGNORECASE)
# A zone that is no administrative place, and has figures of its own.
ZONE = re.compile(r"高新区|经开区|开发区|保税区|自贸区|示范区|新区(?!域)")
PRESENT = re.compile(r"目前|当前|现阶段|现[有共]|至今|迄今|以来")
BRACKETED = re.compile(r"[（(]([\u4e00-\u9fff]{3,})[)）]")
# Characters of a name that name nothing.
UNNAMING = re.compile(r"新增|完成|达到|数量|总数|数|的|市级|全市|年底?|占比|比重|率$")
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


class Scorer:
    """Scores the figures of one ledger."""

    def __init__(
        self, matcher: Matcher, figures: Sequence[Figure], letters: Mapping[str, Letter], letter_of: LetterOf, place_names: frozenset[str]
    ) -> None:
        self.matcher = matcher
        self.letters = letters
        self.letter_of = letter_of
        self.place_names = place_names
        self._term_units = read_term_units(figures)
        self._around: dict[tuple[str, int, int], Surroundings] = {}
        self._cores: dict[str, str] = {}

    def is_thing(self, figure: Figure) -> bool:
        """Whether the subject is a project, body or water rather than a place."""
        return bool(figure.subject) and figure.subject not in self.place_names and figure.subject != figure.place

    def score(self, topic: Topic, figure: Figure, slot: Slot, query: Query, asked: frozenset[tuple[str, str]], dense: float) -> Candidate:
        """The figure with its score for one topic, slot and question."""
        letter = self.letters[figure.letter_id]
        around = self.around(figure)
        lexical = self.matcher.lexical(topic, figure, around)
        affinity = self._unit_affinity(topic, figure, around)
        score = 0.85 * lexical + 0.2 * dense
        if query.language == "en":
            score = max(0.65 * lexical + 0.5 * dense, 0.8 * lexical) if topic.terms else 0.8 * dense
            score = max(score, 0.8 * self._spoken(topic, figure, around) + 0.2 * dense)
        score += affinity + self._scope_cue(figure, around)
        score -= qualifier_penalty(asked, figure, around) + self.part_penalty(figure, slot, query)
        score -= self._thing_penalty(figure, query)
        score -= self._term_penalty(topic, figure, around, query.language)
        score += self._directness(figure, letter, query)
        score -= self._bracket_penalty(figure, around, query) + self.zone_penalty(figure, around, query)
        if not all(self._sounds_named(word, figure) for word in query.names):
            score -= 0.5
        return Candidate(figure, score, letter)

    def _spoken(self, topic: Topic, figure: Figure, around: Surroundings) -> float:
        """0…1: how far the words of an English topic, by the dictionary, stand in the figure's name, and the name in them."""
        words = spoken_terms(topic.asked)
        if not words:
            return 0.0
        own = f"{figure.name}{figure.group}{figure.subject if figure.subject != figure.place else ''}"
        found = [(weight, [form for form in forms if form in own], forms) for weight, forms in words]
        hits = sum(
            weight
            * (
                1.0
                if inside
                else 0.5
                if any(form in around.near for form in forms)
                else 0.2
                if any(form in around.far for form in forms)
                else 0.0
            )
            for weight, inside, forms in found
        )
        named = UNNAMING.sub("", figure.name)
        covered = {at for _, inside, _ in found for form in inside for m in re.finditer(form, named) for at in range(*m.span())}
        precision = len(covered) / len(named) if named else 0.0
        return 0.75 * hits / sum(weight for weight, _ in words) + 0.25 * precision

    def _bracket_penalty(self, figure: Figure, around: Surroundings, query: Query) -> float:
        """Chinese words in the brackets of an English question name the indicator itself."""
        if query.language != "en":
            return 0.0
        text = f"{figure.name} {figure.group} {figure.subject or ''} {around.close} {around.near}"
        for words in BRACKETED.findall(query.question):
            pairs = {words[i : i + 2] for i in range(len(words) - 1)}
            if not any(form in words for p in self.place_names for form in (p, short_name(p))) and 2 * sum(p in text for p in pairs) < len(
                pairs
            ):
                return 0.4
        return 0.0

    def zone_penalty(self, figure: Figure, around: Surroundings, query: Query) -> float:
        """高新区2021年几家: the figure of the whole city is none of its zone."""
        zone = ZONE.search(query.question)
        if zone is None:
            return 0.0
        letter = self.letters[figure.letter_id]
        own = f"{figure.subject or ''}{figure.place or ''}{figure.name}{figure.group}{around.close}{''.join(letter.bodies)}"
        return 0.0 if zone.group(0) in own else 0.6

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
            if term in own or (self.matcher.likeness(term, name) >= 0.5 and not _other_per_head(term, name)):
                continue
            heavy = 0.06 if term in around.near else 0.14 if term in around.far else 0.25
            penalty += heavy * (0.4 if term in PEOPLE_TERMS or _is_wider(term, own) else 1.0)
        known = [term for term in topic.terms.split() if term in lexicon.literals]
        met = any(term in own for term in known)
        last = topic.terms.split()[-1] if topic.terms else ""
        if met and query_language == "zh" and last in known and last not in COUNTING_TERMS | PEOPLE_TERMS and last not in own:
            penalty += 0.15  # the last word of a Chinese name says what is measured
        return min(penalty * (0.5 if met else 1.0), 0.5)

    def _thing_penalty(self, figure: Figure, query: Query) -> float:
        """A project's figure does not answer for the place, unless the question names the project."""
        if not self.is_thing(figure):
            return 0.0
        core = self._core(figure.subject or "")
        if (
            not core
            or core in query.question
            or (query.language == "en" and any(to_pinyin(core).startswith(w.lower()) for w in query.names))
        ):
            return 0.0
        shared = sum(core[i : i + 2] in query.question for i in range(len(core) - 1))
        return 0.3 * (1 - shared / max(1, len(core) - 1)) if query.language == "zh" else 0.22

    def _core(self, subject: str) -> str:
        """A subject's own name, without the places in it."""
        if subject not in self._cores:
            core = subject
            for form in sorted({f for p in self.place_names for f in (p, short_name(p))}, key=len, reverse=True):
                core = core.replace(form, "")
            self._cores[subject] = core
        return self._cores[subject]

    def _sounds_named(self, word: str, figure: Figure) -> bool:
        letter = self.letter_of(figure.letter_id)
        text = f"{figure.name} {figure.subject or ''}" + (
            letter.sentences[figure.sentence].text if figure.sentence < len(letter.sentences) else ""
        )
        return word.lower() in to_pinyin(text)

    def _directness(self, figure: Figure, letter: Letter, query: Query) -> float:
        """A little for the letter of the place itself, for the department named, and for what is not a quoted comparison."""
        place = figure.subject if figure.subject in self.place_names else figure.place
        bonus = 0.02 if letter.place == place else 0.0
        if query.departments:
            departments = {d for b in letter.bodies for d in _departments(b, self.place_names)}
            bonus += 0.08 if departments & set(query.departments) else -0.04
        return bonus - (0.03 if figure.status is Status.BASELINE else 0.0)

    def part_penalty(self, figure: Figure, slot: Slot, query: Query) -> float:
        """A half-year's figure does not answer for the year; 1 means that it cannot be meant."""
        part = period_part(figure.period)
        wanted = "month 6" if slot.part == "first half" else slot.part
        partial = part.startswith(("month", "quarter", "second"))
        if wanted == "end" and figure.status is Status.ACTUAL and self._is_of_mid_year(figure):
            return 1.0
        if wanted in ("", "end"):
            if not partial or figure.status is Status.TARGET:
                return 0.0
            past = bool(slot.years) and max(slot.years) < query.today.year and not re.search(r"截至|目前|so far|to date", query.question)
            whole = past or WHOLE_YEAR.search(query.question)
            return 1.0 if wanted == "end" or whole else 0.12
        if part == wanted:
            return 0.0
        return 0.1 if figure.status is Status.TARGET and wanted.startswith("month") and wanted != "month 6" else 1.0

    def _is_of_mid_year(self, figure: Figure) -> bool:
        """目前, 现有 in a letter of June is not the end of that year."""
        issued = self.letters[figure.letter_id].issued_on
        return bool(PRESENT.search(figure.period)) and issued is not None and issued.year == figure.year and issued.month < 12

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


def read_term_units(figures: Sequence[Figure]) -> dict[str, frozenset[str]]:
    """Units that nearly only one indicator term is measured in."""
    lexicon = load_lexicon()
    terms_of: dict[str, Counter[str]] = defaultdict(Counter)
    for figure in figures:
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


def _other_per_head(term: str, name: str) -> bool:
    """每千人口床位数 and 每千人口医师数 share the words before the thing counted, and nothing else."""
    per = re.match(r"每[千万]人口", term)
    return bool(per) and not set(term[per.end() :].rstrip("数率")) & set(name.replace(per.group(0), ""))  # type: ignore[union-attr]


def _is_wider(term: str, own: str) -> bool:
    """Whether a name has the term without its widest qualifier: 学位 for 义务教育学位."""
    return any(
        q.whole and term.startswith(q.word) and len(term) > len(q.word) + 1 and term[len(q.word) :] in own
        for q in load_lexicon().qualifiers
    )


@lru_cache(maxsize=5_000)
def spoken_terms(text: str) -> tuple[tuple[float, tuple[str, ...]], ...]:
    """The topic words of an English text, each with its weight and the Chinese words that may stand for it.

    A word that the dictionary knows by single characters alone (算, 量) shows little where it is found, and weighs little.
    """
    latin = re.sub(r"[\u4e00-\u9fff]+", " ", text)
    ignored = frozenset(word for word in STOP_ENGLISH if len(word) > 1)
    terms = []
    for english, chinese in translate_question(latin, ignored):
        if stem(english) in ignored:
            continue
        forms = tuple(dict.fromkeys(form for form in chinese if len(form) > 1)) or tuple(dict.fromkeys(chinese))
        terms.append((1.0 if not forms or len(forms[0]) > 1 else 0.4, forms))
    return tuple(terms)


@lru_cache(maxsize=10_000)
def _departments(body: str, places: frozenset[str]) -> frozenset[str]:
    return departments_of(body, places)
