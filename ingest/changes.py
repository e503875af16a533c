"""What an ingestion changed: of each letter that was there, the figures and sentences; of each correction, which figures it puts out of force."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from rag.currency import superseded
from rag.records import Figure, Letter
from rag.registry import Registry
from rag.rows import Version


class Effect(StrEnum):
    """What happened to a letter."""

    REPLACED = "replaced"  # another text counts now
    OLDER = "older"  # an older text came in; what counted still counts
    SOURCE = "source"  # another file of a text that is there; figures and sentences are told where it is the better one
    CORRECTED = "corrected"  # another letter corrects it
    GONE = "gone"  # an undo took it out of the store
    BACK = "back"  # an undo: an earlier text counts again
    KEPT = "kept"  # an undo took another file of it back; what counted still counts


class FigureEffect(StrEnum):
    """What happened to a figure."""

    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure before and after; one of them may be missing."""

    old: Figure | None
    new: Figure | None

    @property
    def effect(self) -> FigureEffect:
        """What happened to it."""
        if self.old is None:
            return FigureEffect.ADDED
        return FigureEffect.REMOVED if self.new is None else FigureEffect.ALTERED

    @property
    def figure(self) -> Figure:
        """The figure as it is now, or as it was where it is gone."""
        figure = self.new or self.old
        assert figure is not None
        return figure


@dataclass(frozen=True, slots=True)
class LetterChange:
    """What became of one letter that the store knew."""

    letter_id: str
    effect: Effect
    file: str  # that did it: of the new text, or of the correction
    doc_number: str | None = None
    title: str | None = None
    corrected_by: str | None = None  # letter_id of the correction
    figures: tuple[FigureChange, ...] = ()
    sentences_added: tuple[str, ...] = ()
    sentences_removed: tuple[str, ...] = ()


def find_changes(registry: Registry, before: Mapping[str, int], written: Collection[int]) -> list[LetterChange]:
    """What changed since a state of the store.

    Args:
        registry: as it is now.
        before: letter → the version that counted then.
        written: numbers of the versions that were written since.
    """
    files: dict[str, list[Version]] = {}
    for version in registry.versions():
        files.setdefault(version.letter_id, []).append(version)
    new = set(written)
    touched = [letter_id for letter_id, versions in files.items() if any(version.version_id in new for version in versions)]
    found: list[LetterChange] = []
    for letter_id in touched:
        if len(files[letter_id]) > 1:
            found += _find_changes_of(registry, files[letter_id], before.get(letter_id), new)
    return [*found, *_find_corrections(registry, set(touched))]


def _find_changes_of(registry: Registry, files: Sequence[Version], was: int | None, new: set[int]) -> Iterator[LetterChange]:
    """What became of one letter that has several files."""
    letter_id = files[0].letter_id
    now = registry.view()[letter_id]
    if was is None:  # it came with several texts at once: the one that counts is told against the next older one
        was = next((text.version_id for text in reversed(registry.texts(letter_id)) if text.version_id != now), now)
    if was != now:
        is_same_text = any(file.version_id == was and file.source_of == now for file in files)
        yield _compare_versions(registry, was, now, Effect.SOURCE if is_same_text else Effect.REPLACED)
    for file in files:
        if file.version_id in new and file.version_id not in (was, now):
            is_source = file.source_of is not None or any(other.source_of == file.version_id for other in files)
            yield describe(registry.version(now), Effect.SOURCE if is_source else Effect.OLDER, file.file)


def compare_figures(old: Sequence[Figure], new: Sequence[Figure]) -> tuple[FigureChange, ...]:
    """Figures that differ, in the order of the newer letter; those that went come last.

    A figure is altered where it is said of the same name, subject, year and status with another value; or the same value is said
    under the same name, or of the same year and status.
    """
    left = list(enumerate(old))
    partners: dict[int, Figure] = {}
    for same in (_whole, _said, _named_value, _dated_value):
        waiting: dict[Key, list[tuple[int, Figure]]] = {}
        for place, figure in left:
            waiting.setdefault(same(figure), []).append((place, figure))
        for place, figure in enumerate(new):
            if place not in partners and (found := waiting.get(same(figure))):
                partners[place] = found.pop(0)[1]
        left = sorted(chain.from_iterable(waiting.values()), key=lambda entry: entry[0])
    pairs = [(partners.get(place), figure) for place, figure in enumerate(new)]
    differ = (FigureChange(before, after) for before, after in pairs if before is None or _whole(before) != _whole(after))
    return (*differ, *(FigureChange(figure, None) for _, figure in left))


Key = tuple[object, ...]


def _named(figure: Figure) -> Key:
    return (figure.name, figure.group, figure.measure, figure.unit_base)


def _value(figure: Figure) -> Key:
    return (figure.value_base, figure.high_base, figure.comparator, figure.revoked)


def _said(figure: Figure) -> Key:
    return (*_named(figure), figure.year, figure.period, figure.status, figure.subject)


def _whole(figure: Figure) -> Key:
    return (*_said(figure), *_value(figure))


def _named_value(figure: Figure) -> Key:
    return (*_named(figure), *_value(figure))


def _dated_value(figure: Figure) -> Key:
    return (*_value(figure), figure.unit_base, figure.measure, figure.year, figure.status)


def _compare_versions(registry: Registry, was: int, now: int, effect: Effect) -> LetterChange:
    old, new = registry.version(was), registry.version(now)
    return compare_texts(old, registry.version_figures(was), new, registry.version_figures(now), effect)


def compare_texts(old: Letter, figures: Sequence[Figure], new: Letter, new_figures: Sequence[Figure], effect: Effect) -> LetterChange:
    """How the text that counts now differs from the one that did."""
    before, after = Counter(s.text for s in old.sentences), Counter(s.text for s in new.sentences)
    return describe(
        new,
        effect,
        new.file,
        figures=compare_figures(figures, new_figures),
        sentences_added=tuple((after - before).elements()),
        sentences_removed=tuple((before - after).elements()),
    )


def describe(
    letter: Letter,
    effect: Effect,
    file: str,
    *,
    corrected_by: str | None = None,
    figures: tuple[FigureChange, ...] = (),
    sentences_added: tuple[str, ...] = (),
    sentences_removed: tuple[str, ...] = (),
) -> LetterChange:
    """A change of one letter, with what a person knows the letter by."""
    return LetterChange(
        letter.letter_id, effect, file, letter.doc_number, letter.title, corrected_by, figures, sentences_added, sentences_removed
    )


def _find_corrections(registry: Registry, written: set[str]) -> Iterator[LetterChange]:
    """Figures that a correction puts out of force, where the correction or the corrected letter is among those written."""
    letters = registry.letters()
    for correction in letters:
        if not (correction.corrects or re.search(r"更正|勘误|订正", correction.title or "")):
            continue
        for target in letters:
            if target.letter_id == correction.letter_id or not written & {target.letter_id, correction.letter_id}:
                continue
            if target.doc_number != correction.corrects and target.proposal_number != correction.proposal_number:
                continue
            if figures := _corrected_figures(registry, correction, target):
                yield describe(target, Effect.CORRECTED, correction.file, corrected_by=correction.letter_id, figures=figures)


def _corrected_figures(registry: Registry, correction: Letter, target: Letter) -> tuple[FigureChange, ...]:
    figures = registry.figures([correction.letter_id, target.letter_id])
    gone = superseded(figures, {letter.letter_id: letter for letter in (correction, target)}, registry.letter)
    old = [figure for figure in figures if figure.letter_id == target.letter_id and id(figure) in gone]
    own = [figure for figure in figures if figure.letter_id == correction.letter_id]
    return tuple(FigureChange(figure, _choose_correct(figure, own)) for figure in old)


def _choose_correct(old: Figure, own: Sequence[Figure]) -> Figure | None:
    """What a correction puts in place of an old figure: 由2300个更正为1300个; else what it says of the same thing."""
    for quoted in own:
        if quoted.revoked and (quoted.value_base, quoted.unit_base) == (old.value_base, old.unit_base):
            behind = [f for f in own if f.sentence == quoted.sentence and f.start >= quoted.end and not f.revoked]
            if behind:
                return min(behind, key=lambda figure: figure.start)
    return next((figure for figure in own if not figure.revoked and _said(figure) == _said(old)), None)
