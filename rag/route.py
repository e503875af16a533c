"""Query → Finding: which way a question is answered. Figures from the ledger, fields from the letter, the rest by quoting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.filters import NOTHING, Filters, narrow
from rag.guard import guard, guard_amounts
from rag.ledger import answer_from_ledger
from rag.letter_facts import Named, answer_letter_facts, people_named
from rag.names import department_of, same_english_name, short_name, to_pinyin
from rag.parts import join, parts_of
from rag.passages import Scope
from rag.question import understand
from rag.records import Finding, Intent, Outcome, Query, SentenceRef, Statement
from rag.retrieve import Retriever
from rag.separate import put_together, questions_in, stand_alone, with_places
from rag.view import View

FIGURE_INTENTS = frozenset({Intent.VALUE, Intent.LIST, Intent.COMPARE, Intent.COMPLETION})
LETTERS_LOOKED_INTO = 24
CHUNKS_LOOKED_INTO = 40
SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Parts:
    """What takes part in finding an answer. The evaluation leaves them out one at a time, to see what each is worth."""

    ledger: bool = True  # figures that were read when the letters came in
    fields: bool = True  # number, people, dates and bodies of the letters
    last_look: bool = True  # the guard against a figure of another thing
    several: bool = True  # questions and parts of a question that are answered each for itself


EVERYTHING = Parts()


def find_answer(query: Query, view: View, retriever: Retriever, parts: Parts = EVERYTHING, filters: Filters = NOTHING) -> Finding:
    """Answer by the first way that fits; what no way answers is not found, and says what there is."""
    narrowed = narrow(query, filters)
    if isinstance(narrowed, Finding):
        return narrowed
    query = narrowed
    if not view.letters and filters:
        none_left = "未找到：没有符合筛选条件的答复函。请调整筛选条件。", "Not found: the filter leaves no letter. Change the filter."
        return Finding(Outcome.NOT_FOUND, (Statement(_say(query, *none_left)),))
    if not view.letters:
        return Finding(Outcome.NOT_FOUND, (Statement(_say(query, "库中还没有答复函。", "The store holds no letters yet.")),))
    return _find(query, view, retriever, parts, filters)


def _find(query: Query, view: View, retriever: Retriever, parts: Parts, filters: Filters) -> Finding:
    if parts.several and (separate := _answer_separately(query, view, retriever, parts, filters)) is not None:
        return separate
    facts = answer_letter_facts(query.resolved, query.language, view.letters, named_in(query, view), view.letter) if parts.fields else None
    if facts is not None and query.intent not in FIGURE_INTENTS:
        return facts
    several = _answer_parts(query, view, retriever, parts, filters) if parts.several and facts is None and not query.follow_up else None
    if several is not None:
        return several
    ledger = answer_from_ledger(query, view) if parts.ledger else None
    if ledger is not None and parts.last_look:
        ledger = guard(query, ledger, view.letter, view.store.encoder.encode)
    if ledger is not None and query.intent is Intent.LIST and (whole := _sentence_of_siblings(query, ledger, view)) is not None:
        return whole
    if ledger is not None and query.intent is Intent.LIST and (ledger.outcome is Outcome.NOT_FOUND or _names_one_of_several(query, ledger)):
        quoted = view.passages.answer(query.resolved, query.language, scope_of(query, view), letters_for(query, view, retriever))
        quoted = guard_amounts(query, quoted, view.letter)
        if quoted.outcome is Outcome.ANSWERED and (ledger.outcome is not Outcome.NOT_FOUND or _is_list_of(query, quoted, view)):
            return quoted
    if ledger is not None and (query.intent in FIGURE_INTENTS or ledger.outcome is not Outcome.NOT_FOUND):
        return ledger
    passage = view.passages.answer(query.resolved, query.language, scope_of(query, view), letters_for(query, view, retriever))
    passage = guard_amounts(query, passage, view.letter)
    if passage.outcome is not Outcome.NOT_FOUND:
        return passage
    return ledger or Finding(
        Outcome.NOT_FOUND, (Statement(_say(query, "未找到：已入库的答复函没有提到。", "Not found: the letters do not say.")),)
    )


def _answer_separately(query: Query, view: View, retriever: Retriever, parts: Parts, filters: Filters) -> Finding | None:
    """Each of several whole questions, answered for itself."""
    questions = questions_in(query.question) if not query.follow_up else ()
    home = query.home if query.home_set else ""
    asked = [understand(question, (), view.known, query.today, home) for question in questions]
    if not asked or not stand_alone(asked):
        return None
    return put_together(
        questions, [find_answer(one, view, retriever, parts, filters) for one in with_places(asked)], query.language == "en"
    )


def _answer_parts(query: Query, view: View, retriever: Retriever, parts: Parts, filters: Filters) -> Finding | None:
    """Each thing that is asked of one object, answered for itself."""
    questions = parts_of(query.resolved, query.language) if query.intent is not Intent.COMPARE else ()
    if not questions:
        return None
    home = query.home if query.home_set else ""
    asked = [understand(part, (), view.known, query.today, home) for part in questions]
    return join(questions, [find_answer(one, view, retriever, parts, filters) for one in asked], query.language == "en")


def _names_one_of_several(query: Query, finding: Finding) -> bool:
    """A list that has one figure only is no list: a sentence that names them all is better."""
    return (
        query.intent is Intent.LIST
        and finding.outcome is not Outcome.NOT_FOUND
        and len({f.start for s in finding.statements for f in s.figures}) <= 1
    )


def _sentence_of_siblings(query: Query, ledger: Finding, view: View) -> Finding | None:
    """A list for which the ledger picked some figures of one sentence that gives more of their unit: the sentence as a whole."""
    picked = [f for s in ledger.statements for f in s.figures]
    if not picked or len({(f.letter_id, f.sentence) for f in picked}) > 1:
        return None
    first = picked[0]
    beside = {
        f.start
        for f in view.figures
        if (f.letter_id, f.sentence, f.unit_base) == (first.letter_id, first.sentence, first.unit_base)
        and (f.year, f.status, f.measure) == (first.year, first.status, first.measure)
    }
    if len(beside) <= len({f.start for f in picked}):
        return None
    text = view.letter(first.letter_id).sentences[first.sentence].text.strip()
    if query.language == "en":
        text = f"The letter says: “{text}”"
    return Finding(ledger.outcome, (Statement(text, (SentenceRef(first.letter_id, first.sentence),)),), ledger.notes, ledger.score)


def _is_list_of(query: Query, quoted: Finding, view: View) -> bool:
    """Whether the quoted sentences give several figures, of the years and the status that the question asks for."""
    proofs = {(proof.letter_id, proof.sentence) for statement in quoted.statements for proof in statement.proofs}
    figures = [f for f in view.figures if (f.letter_id, f.sentence) in proofs and not f.revoked]
    fitting = [f for f in figures if (not query.years or f.year in query.years) and (not query.statuses or f.status in query.statuses)]
    return not query.unknown_places and len(fitting) >= SEVERAL


def named_in(query: Query, view: View) -> Named:
    """Bodies, places and people that the question names."""
    names = [place.name for place in view.known.places]
    bodies = [
        body
        for letter in view.letters
        for body in letter.bodies
        if department_of(body, names) in query.departments and (not query.places or letter.place in query.places)
    ]
    english = query.language == "en"
    people = [p for p in view.known.people if p in query.resolved or (english and same_english_name(query.resolved, p))]
    strangers = [name for name in people_named(query.question) if not any(name in person or person in name for person in view.known.people)]
    if query.departments and not bodies and not people:
        strangers += query.departments
    return Named(tuple(dict.fromkeys(bodies)), query.places, tuple(people), tuple(strangers))


def scope_of(query: Query, view: View) -> Scope:
    """Places and years as restriction, and the words that name them."""
    named = named_in(query, view)
    shorts = [short_name(place) for place in query.places]
    pinyin = [to_pinyin(short) for short in shorts] if query.language == "en" else []
    return Scope(places=query.places, years=query.years, names=(*query.places, *shorts, *pinyin, *named.people))


def letters_for(query: Query, view: View, retriever: Retriever) -> Sequence[str]:
    """The letters to look into, likeliest first."""
    hits = retriever.retrieve(query.resolved, query.language, CHUNKS_LOOKED_INTO, view=view.version_ids)
    return list(dict.fromkeys(hit.chunk.letter_id for hit in hits))[:LETTERS_LOOKED_INTO]


def _say(query: Query, chinese: str, english: str) -> str:
    return chinese if query.language == "zh" else english
