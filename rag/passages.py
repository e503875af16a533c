"""Questions whose answer is a sentence, not a figure: who, when, where, why, how, whether. Answered by quoting.

A sentence answers only when it covers what the question is about and has the kind of thing that is asked for: a date for
“when”, a person or body for “who”. A word of the question that no candidate has (校长, 承建单位) is a reason to refuse.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from math import log

from rag.causes import tells_cause_of
from rag.dictionary import translate_question
from rag.meaning import Encode
from rag.quoting import CUT_KINDS, SENTENCES_AFTER, Candidate, denied, only_asks, quote, telling_clauses, undecided, with_verdict
from rag.records import Finding, Letter, Outcome, Sentence, SentenceRole
from rag.terms import load_lexicon
from rag.topic import Term, bigrams, plain, topic_runs
from rag.wordings import (
    ADOPTED,
    ADOPTION_ASKED,
    CAUSE_NAMED,
    CAUSE_WORDS,
    CONDITION,
    DECIDED,
    KIND_SHOWN,
    PERSON_ASKED,
    PERSON_SHOWN,
    PROPOSED,
    REFUSED,
    RUMOUR,
    SYNONYMS,
    TO_A_MACHINE,
    UNDECIDED,
    Asked,
    asked_kind,
    focus_words,
    shows_organisation,
)

QUOTABLE = (SentenceRole.BODY, SentenceRole.TABLE_ROW)
# How much a word counts that stands not in the sentence itself but in the headings above it, or in the letter's title.
HEADING_WEIGHT = 0.8
TITLE_WEIGHT = 0.6
NEIGHBOUR_WEIGHT = 0.5
# Share of coverage against likeness of vectors, by language: words lead in Chinese, vectors help across languages.
COVERAGE_SHARE = {"zh": 0.75, "en": 0.55}
KIND_BONUS = 0.12
PROPOSED_MALUS = 0.3  # what a proposer asked for is not what the office says
YEAR_BONUS = 0.08
RELATIVE_YEARS = (("今年|本年|年内|年底前", 0), ("去年|上年", -1), ("明年", 1))
PLACE_BONUS = 0.05  # for a sentence that itself names the place asked about
BORDER_WEIGHT = 0.3
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OPEN_KINDS = frozenset({Asked.WHY, Asked.HOW, Asked.WHAT, Asked.WHETHER})
NEAR_SCORE = 0.12  # how far below the best a neighbour may be to be quoted with it
LIKE_ENOUGH = 0.3  # cosine across languages
STANDS_OUT = 0.12
CAUSE_SHARE = 0.65  # a sentence that names a cause says of what in the sentences before it
LAGGING_SCORE = 0.3  # how far below the best sentence one may be that alone has the kind of thing asked for


@dataclass(frozen=True, slots=True)
class Least:
    """What a sentence must reach to be given as the answer; measured on development questions."""

    score: float
    coverage: float
    both: float = 0.0  # coverage and likeness together
    likeness: float = -1.0


def _openness(kind: Asked) -> str:
    return "why" if kind in (Asked.WHY, Asked.HOW) else "open" if kind is Asked.WHAT else "strict"


LEAST: dict[tuple[str, str], Least] = {
    ("why", "zh"): Least(0.40, 0.33),
    ("open", "zh"): Least(0.45, 0.40),
    ("strict", "zh"): Least(0.50, 0.50),
    ("why", "en"): Least(0.33, 0.28, both=0.65, likeness=0.2),
    ("open", "en"): Least(0.42, 0.35),
    ("strict", "en"): Least(0.46, 0.42),
}
MOST_SENTENCES = 3
SHORT_SENTENCE = 24  # characters; a point that stands alone, as proposals are listed
COMMON_SHARE = 0.1  # of all chunks
SENTENCES_BEFORE = 8  # in the same section, that say what a sentence goes on about
MOST_PREPARED = 2000  # letters kept ready


@dataclass(frozen=True, slots=True)
class Scope:
    """What the question is restricted to. Empty means no restriction."""

    places: Collection[str] = ()  # full names; the letter's place or a mention in the sentence must fit
    years: Collection[int] = ()
    names: Collection[str] = ()  # words of the question that name places, bodies, people: scope, not topic


@dataclass(frozen=True, slots=True)
class Prepared:
    """A quotable sentence in the form in which texts are compared, with what stands around it."""

    index: int  # Sentence.index
    text: str
    headings: str
    title: str
    before: str
    heading: bool = False  # a heading may carry what a proposer asked for; it is never quoted as an answer


class Passages:
    """Finds quotable sentences among letters; knows how common each bigram is among them."""

    def __init__(self, texts: Iterable[str], letter_of: Callable[[str], Letter], encode: Encode) -> None:
        """Count bigrams.

        Args:
            texts: of all chunks.
            letter_of: letter_id → the whole letter.
            encode: texts → unit vectors.
        """
        self._letter_of = letter_of
        self._encode = encode
        self._text_count = 0
        self._document_frequency: Counter[str] = Counter()
        self._prepared: dict[tuple[str, str], list[Prepared]] = {}
        for text in texts:
            self._text_count += 1
            self._document_frequency.update(set(bigrams(plain(text))))

    def answer(self, question: str, language: str, scope: Scope, letter_ids: Sequence[str]) -> Finding:
        """Quote the sentences that answer, or say that none does.

        Args:
            question: the question, follow-ups already resolved.
            language: zh or en.
            scope: places and years that the question names.
            letter_ids: letters to look into, likeliest first.
        """
        kind = asked_kind(question)
        terms = self.terms(question, language, scope)
        if not terms:
            return Finding(Outcome.NOT_FOUND)
        ranked = self.rank(question, language, scope, letter_ids, terms, kind)
        if kind is Asked.WHETHER and ranked and (ADOPTION_ASKED.search(question) or _is_proposal(ranked[0].sentence)):
            decided = self._decision(ranked, language, terms)
            if decided is not None:
                return decided
        if PERSON_ASKED.search(question):
            ranked = [c for c in ranked if PERSON_SHOWN.search(c.sentence.text)]
        ranked = [c for c in ranked if shows_organisation(question, c.sentence.text)]
        chosen = self._choose(ranked, kind, language, focus_words(question), terms)
        if chosen and kind is Asked.WHY and language == "zh" and not tells_cause_of(chosen[0], question, scope.names, self._encode):
            chosen = []
        if not chosen:
            return Finding(Outcome.NOT_FOUND, score=ranked[0].score if ranked else 0.0)
        statements = tuple(quote(candidate, terms, language, kind) for candidate in chosen)
        if kind in CUT_KINDS and UNDECIDED.search(plain(telling_clauses(chosen[0].sentence.text, terms))):
            return Finding(Outcome.NOT_FOUND, (undecided(statements[0], language),), score=chosen[0].score)
        if kind is Asked.WHETHER and RUMOUR.search(chosen[0].sentence.text):
            return Finding(Outcome.ANSWERED, denied(chosen[0], statements[0], language), score=chosen[0].score)
        if kind is Asked.WHETHER:
            statements = (with_verdict(statements[0], chosen[0], terms, language), *statements[1:])
        return Finding(Outcome.ANSWERED, statements, score=chosen[0].score)

    def terms(self, question: str, language: str, scope: Scope) -> list[Term]:
        """What the question is about, each with its weight: rare words weigh most, words that stand nowhere above all."""
        if language == "en":
            ignored = frozenset(w.lower() for name in scope.names for w in re.findall(r"[A-Za-z]+", name))
            quoted = [term for run in topic_runs(question, scope.names) if CHINESE.match(run[0]) for term in self._run_terms(run)]
            return quoted + [self._term(english, chinese) for english, chinese in translate_question(question, ignored)]
        return [term for run in topic_runs(self._as_written(question), scope.names) for term in self._run_terms(run)]

    def _as_written(self, question: str) -> str:
        """The question with indicators as the letters call them, where its own wording stands in none: 细颗粒物 → PM2.5."""
        lexicon = load_lexicon()
        forms = {t.name: (t.name, *(w for w in t.wordings if not w.startswith("~"))) for t in lexicon.terms}

        def known(match: re.Match[str]) -> str:
            own = match.group(0)
            if len(own) < 3 or self._frequency(own):
                return own
            best = max(forms[lexicon.literals[own]], key=lambda w: (self._frequency(w), -len(w)))
            return best if self._frequency(best) else own

        return lexicon.literal.sub(known, question)

    def _run_terms(self, run: tuple[str, ...]) -> list[Term]:
        """The terms of one run of characters: a bigram that stands nowhere, next to one that does, mostly lies across two words."""
        terms = [self._term(bigram, (bigram, *SYNONYMS.get(bigram, ()))) for bigram in run]
        seen = [any(self._frequency(form) for form in term.forms) for term in terms]
        if len(run) > 1 and not any(seen):
            # an abbreviation is written out in letters: 长护险 for 长期护理保险
            characters = run[0] + "".join(bigram[1:] for bigram in run[1:])
            return [replace(terms[0], text=characters, forms=(), pattern=re.compile(".{0,3}".join(characters)))] if len(run) <= 4 else terms
        return [
            term if seen[i] or not any(seen[max(0, i - 1) : i + 2]) else replace(term, weight=term.weight * BORDER_WEIGHT)
            for i, term in enumerate(terms)
        ]

    def _term(self, text: str, forms: tuple[str, ...]) -> Term:
        # a single character that stands nearly everywhere (了, 地) shows nothing
        forms = tuple(form for form in forms if len(form) > 1 or self._document_frequency[form] <= COMMON_SHARE * self._text_count)
        frequency = max((self._frequency(form) for form in forms), default=0)
        return Term(text, forms, log(1 + self._text_count / (1 + frequency)))

    def _frequency(self, form: str) -> int:
        if len(form) <= 2 or not re.match(r"[\u4e00-\u9fff]", form):
            return self._document_frequency[form]
        return min(self._document_frequency[form[i : i + 2]] for i in range(len(form) - 1))

    def rank(
        self, question: str, language: str, scope: Scope, letter_ids: Sequence[str], terms: Sequence[Term], kind: Asked
    ) -> list[Candidate]:
        """All quotable sentences of the letters within the scope, best first."""
        candidates = [
            Candidate(letter, letter.sentences[ready.index], _coverage(terms, ready), 0.0)
            for letter in map(self._letter_of, letter_ids)
            for ready in self._prepare(letter)
            if (kind is Asked.WHETHER or not ready.heading) and _fits_scope(letter, ready, scope)
        ]
        candidates.sort(key=lambda c: -c.coverage)
        candidates = candidates[:40] if language == "zh" else candidates[:120]
        if not candidates:
            return []
        vectors = self._encode([question, *(c.sentence.text for c in candidates)])
        share = COVERAGE_SHARE[language]
        scored = []
        for candidate, likeness in zip(candidates, vectors[1:] @ vectors[0], strict=True):
            score = share * candidate.coverage + (1 - share) * float(likeness) + _kind_bonus(kind, candidate.sentence.text)
            score += _year_bonus(scope.years, candidate)
            score += PLACE_BONUS if any(_short_place(place) in candidate.sentence.text for place in scope.places) else 0.0
            scored.append(replace(candidate, likeness=float(likeness), score=score))
        return sorted(scored, key=lambda c: -c.score)

    def _decision(self, ranked: Sequence[Candidate], language: str, terms: Sequence[Term]) -> Finding | None:
        """The sentence that takes a proposal up or turns it down, in the section that speaks of it."""
        if not ranked or ranked[0].score < LEAST["open", language].score:
            return None
        best = ranked[0]
        at = best.sentence
        section = [
            s
            for s in best.letter.sentences
            if s.role is SentenceRole.BODY
            and not TO_A_MACHINE.search(plain(s.text))
            and (s.section == at.section or at.index <= s.index <= at.index + SENTENCES_AFTER)
        ]
        for pattern, verdict in ((REFUSED, False), (ADOPTED, True)):
            found = next((s for s in section if pattern.search(plain(s.text)) and not only_asks(plain(s.text))), None)
            if found:
                statement = quote(replace(best, sentence=found), terms, language, Asked.WHETHER)
                words = ("是的，已采纳。" if verdict else "没有采纳。") if language == "zh" else ("Yes. " if verdict else "No. ")
                return Finding(Outcome.ANSWERED, (replace(statement, text=words + statement.text),), score=best.score)
        return None

    def _prepare(self, letter: Letter) -> list[Prepared]:
        key = (letter.letter_id, letter.content_hash)
        if key not in self._prepared:
            if len(self._prepared) >= MOST_PREPARED:
                self._prepared.clear()
            self._prepared[key] = _prepare_sentences(letter)
        return self._prepared[key]

    def _choose(
        self, ranked: Sequence[Candidate], kind: Asked, language: str, focus: tuple[str, str], terms: Sequence[Term]
    ) -> list[Candidate]:
        if not ranked:
            return []
        needed = LEAST[_openness(kind), language]
        if language == "en" and kind in OPEN_KINDS:
            # words may fail to meet across languages: one sentence that stands out by all else will do
            others = [c.score for c in ranked if c.sentence.section != ranked[0].sentence.section or c.letter is not ranked[0].letter]
            if ranked[0].likeness >= LIKE_ENOUGH and ranked[0].score >= max(others, default=0.0) + STANDS_OUT:
                needed = replace(needed, coverage=0.0)
        enough = [
            c
            for c in ranked
            if c.score >= max(needed.score, ranked[0].score - LAGGING_SCORE)
            and c.coverage >= needed.coverage * (CAUSE_SHARE if kind is Asked.WHY and CAUSE_NAMED.search(c.sentence.text) else 1.0)
            and c.likeness >= needed.likeness
            and c.coverage + c.likeness >= needed.both
            and c.sentence.role in QUOTABLE
        ]
        if kind not in OPEN_KINDS:
            enough = [c for c in enough if self._has_what_is_asked(c, kind, focus, terms)]
        if not enough:
            return []
        best = enough[0]
        if kind not in (Asked.WHY, Asked.HOW, Asked.WHAT):
            return [best]
        near = [
            c
            for c in enough[1:]
            if c.letter.letter_id == best.letter.letter_id
            and c.sentence.section == best.sentence.section
            and c.score >= best.score - NEAR_SCORE
        ]
        return sorted([best, *near[: MOST_SENTENCES - 1]], key=lambda c: c.sentence.index)

    @staticmethod
    def _has_what_is_asked(candidate: Candidate, kind: Asked, focus: tuple[str, str], terms: Sequence[Term]) -> bool:
        """Whether the sentence has the kind of thing asked for, and the attribute next to the question word."""
        shown = KIND_SHOWN.get(kind)
        if shown and not shown.search(candidate.sentence.text):
            return False
        text = plain("".join(candidate.sentence.section) + candidate.sentence.text)
        if kind in CUT_KINDS and CONDITION.search(text):
            return False
        asked = [word for word in focus if word]
        return not asked or any(word in text or any(word in t.text and t.stands_in(text) for t in terms) for word in asked)


def _prepare_sentences(letter: Letter) -> list[Prepared]:
    title = plain((letter.title or "") + (letter.proposal_title or "") + "".join(letter.bodies)).lower()
    texts = [plain(sentence.text).lower() for sentence in letter.sentences]
    told = _told_to_machines(letter)
    return [
        Prepared(
            index=s.index,
            text=texts[s.index],
            headings=plain("".join(s.section) + (s.caption or "")).lower(),
            title=title,
            before=_before(letter, s, texts),
            heading=s.role is SentenceRole.HEADING,
        )
        for s in letter.sentences
        if s.role in (*QUOTABLE, SentenceRole.HEADING) and s.index not in told
    ]


def _told_to_machines(letter: Letter) -> set[int]:
    """The sentences that speak to a program, until the bracket closes that one of them opens; never quoted as an answer."""
    told: set[int] = set()
    inside = False
    for sentence in letter.sentences:
        text = plain(sentence.text)
        if inside or TO_A_MACHINE.search(text):
            told.add(sentence.index)
            # the last bracket decides: one that opens holds on, one that closes ends it
            inside = text.rfind("【") > text.rfind("】") or (inside and "】" not in text)
    return told


def _is_proposal(sentence: Sentence) -> bool:
    return sentence.role is SentenceRole.HEADING or only_asks(plain(sentence.text)) or len(sentence.text) <= SHORT_SENTENCE


def _before(letter: Letter, sentence: Sentence, texts: Sequence[str]) -> str:
    """The sentences in front of this one in its section."""
    return "".join(
        texts[i]
        for i in range(max(0, sentence.index - SENTENCES_BEFORE), sentence.index)
        if letter.sentences[i].section == sentence.section
    )


def _coverage(terms: Sequence[Term], ready: Prepared) -> float:
    places = ((ready.text, 1.0), (ready.headings, HEADING_WEIGHT), (ready.title, TITLE_WEIGHT), (ready.before, NEIGHBOUR_WEIGHT))
    total = sum(term.weight for term in terms)
    found = sum(term.weight * max((w for text, w in places if term.stands_in(text)), default=0.0) for term in terms)
    return found / total if total else 0.0


def _fits_scope(letter: Letter, ready: Prepared, scope: Scope) -> bool:
    if not scope.places or letter.place in scope.places:
        return True
    return any(_short_place(place) in ready.text or _short_place(place) in ready.headings for place in scope.places)


def _year_bonus(years: Collection[int], candidate: Candidate) -> float:
    """A sentence that speaks of the year asked for, and not of another one."""
    if not years:
        return 0.0
    text = "".join(candidate.sentence.section) + candidate.sentence.text
    named = {int(year) for year in re.findall(r"((?:19|20)\d\d)\s*年", text)}
    issued = candidate.letter.year
    if issued:
        named |= {issued + shift for words, shift in RELATIVE_YEARS if re.search(words, text)}
    if named & set(years):
        return YEAR_BONUS
    return -YEAR_BONUS if named else 0.0


def _short_place(place: str) -> str:
    return place[:-1] if len(place) > 2 and place[-1] in "省市区县州旗" else place


def _kind_bonus(kind: Asked, text: str) -> float:
    shown = CAUSE_WORDS if kind is Asked.WHY else KIND_SHOWN.get(kind)
    bonus = KIND_BONUS if shown and shown.search(text) else 0.0
    if kind is Asked.WHY and CAUSE_NAMED.search(text):
        bonus += KIND_BONUS
    echo = (PROPOSED.search(text) and not DECIDED.search(text)) or (RUMOUR.search(text) and kind is not Asked.WHETHER)
    return bonus - (PROPOSED_MALUS if echo else 0.0)
