"""Questions to begin with, made from what the store really holds: one of each kind in turn, newest first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from rag.records import Figure, Letter, LetterKind, Measure, Status

PART_OF_A_YEAR = ("半年", "季度", "月", "截至", "至今")
NAME_LENGTHS = range(3, 13)  # characters of an indicator's name that reads well in a question
PER_KIND = 6


def choose_questions(
    letters: Sequence[Letter], figures: Sequence[Figure], language: str, home: str, is_answered: Callable[[str], bool], count: int
) -> tuple[str, ...]:
    """The first proposals that the store answers."""
    chosen: list[str] = []
    for question in propose_questions(letters, figures, language, home):
        if is_answered(question):
            chosen.append(question)
        if len(chosen) == count:
            break
    return tuple(chosen)


def propose_questions(letters: Sequence[Letter], figures: Sequence[Figure], language: str, home: str) -> Iterator[str]:
    """Proposals, each kind in turn: target, result, two years, a whole list, a proposal's own facts."""
    issued = {letter.letter_id: letter.year or 0 for letter in letters}
    plain = [figure for figure in figures if _reads_well(figure) and abs((figure.year or 0) - issued.get(figure.letter_id, 0)) <= 1]
    # A name that several letters use is one that people know
    letters_of: dict[str, set[str]] = defaultdict(set)
    for figure in plain:
        letters_of[figure.name].add(figure.letter_id)
    plain.sort(key=lambda figure: (-min(len(letters_of[figure.name]), 3), -(figure.year or 0)))
    words = _English(home) if language == "en" else _Chinese(home)
    kinds = [
        _spread(words.target(figure) for figure in _one_a_letter(plain, Status.TARGET)),
        _spread(words.compare(*pair) for pair in _pairs(plain)),
        _spread(words.proposal(number, kind) for number, kind in _proposals(letters)),
        _spread(words.actual(figure) for figure in _one_a_letter(plain, Status.ACTUAL)),
        _spread(words.targets(body, year) for body, year in _lists(letters, plain)),
    ]
    seen: set[str] = set()
    for turn in zip_longest(*kinds):
        for question in turn:
            if question and question not in seen:
                seen.add(question)
                yield question


def _spread(questions: Iterator[str]) -> list[str]:
    return [question for question, _ in zip(questions, range(PER_KIND), strict=False)]


def _reads_well(figure: Figure) -> bool:
    is_sure = figure.year is not None and figure.place is not None and figure.doubt is None and not figure.revoked
    is_plain = figure.measure is Measure.LEVEL and not figure.group and figure.subject in (None, figure.place)
    is_whole_year = not any(word in figure.period for word in PART_OF_A_YEAR)
    return is_sure and is_plain and is_whole_year and len(figure.name) in NAME_LENGTHS and not any(sign.isdigit() for sign in figure.name)


def _one_a_letter(figures: Sequence[Figure], status: Status) -> Iterator[Figure]:
    seen: set[str] = set()
    for figure in figures:
        if figure.status is status and figure.letter_id not in seen:
            seen.add(figure.letter_id)
            yield figure


def _pairs(figures: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """The same indicator of the same place in two years, both results."""
    series: dict[tuple[str, str | None, str], dict[int, Figure]] = defaultdict(dict)
    for figure in figures:
        if figure.status is Status.ACTUAL and figure.year:
            series[figure.name, figure.place, figure.unit_base].setdefault(figure.year, figure)
    for years in series.values():
        newest = sorted(years, reverse=True)
        if len(newest) > 1:
            yield years[newest[1]], years[newest[0]]


def _lists(letters: Sequence[Letter], figures: Sequence[Figure]) -> Iterator[tuple[str, int]]:
    bodies = {letter.letter_id: letter.bodies[0] for letter in letters if len(letter.bodies) == 1}
    counted = Counter(
        (bodies[figure.letter_id], figure.year)
        for figure in figures
        if figure.status is Status.TARGET and figure.year and figure.letter_id in bodies
    )
    for (body, year), count in counted.most_common():
        if 3 <= count <= 12:
            yield body, year


def _proposals(letters: Sequence[Letter]) -> Iterator[tuple[str, LetterKind]]:
    """Numbers that only one letter has, with its proposer and day known."""
    counted = Counter(letter.proposal_number for letter in letters)
    newest = sorted(letters, key=lambda letter: letter.issued_on.toordinal() if letter.issued_on else 0, reverse=True)
    for letter in newest:
        number = letter.proposal_number
        if number and counted[number] == 1 and letter.addressees and letter.issued_on and letter.kind is not LetterKind.OTHER:
            yield number, letter.kind


class _Chinese:
    def __init__(self, home: str) -> None:
        self.home = home

    def where(self, figure: Figure) -> str:
        return "" if figure.place == self.home else figure.place or ""

    def target(self, figure: Figure) -> str:
        return f"{self.where(figure)}{figure.year}年{figure.name}的目标是多少？"

    def actual(self, figure: Figure) -> str:
        return f"{self.where(figure)}{figure.year}年{figure.name}实际是多少？"

    def compare(self, older: Figure, newer: Figure) -> str:
        return f"{self.where(older)}{older.name}{newer.year}年比{older.year}年多多少？"

    def targets(self, body: str, year: int) -> str:
        return f"{body}{year}年有哪些目标？"

    def proposal(self, number: str, kind: LetterKind) -> str:
        what = "提案" if kind is LetterKind.PROPOSAL else "建议"
        return f"第{number}号{what}是谁提的？哪天答复的？"


class _English:
    def __init__(self, home: str) -> None:
        self.home = home

    def where(self, figure: Figure) -> str:
        return "" if figure.place == self.home else f" in {figure.place}"

    def target(self, figure: Figure) -> str:
        return f"What is the {figure.year} target for {figure.name}{self.where(figure)}?"

    def actual(self, figure: Figure) -> str:
        return f"What was {figure.name}{self.where(figure)} in {figure.year}?"

    def compare(self, older: Figure, newer: Figure) -> str:
        return f"How does {older.name}{self.where(older)} in {newer.year} compare with {older.year}?"

    def targets(self, body: str, year: int) -> str:
        return f"What are all the {year} targets of {body}?"

    def proposal(self, number: str, kind: LetterKind) -> str:
        what = "proposal" if kind is LetterKind.PROPOSAL else "suggestion"
        return f"Who made {what} no. {number}, and when was it answered?"
