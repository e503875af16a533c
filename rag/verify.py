"""A model's draft + evidence → what of it is proved. The rest is dropped, each sentence with its reason.

A sentence stays when one cited piece of evidence says the same: each quantity with its value, unit, bound, year, place, target or
actual; each name, date and title; the direction; and enough of its words. Markers are not trusted: an invented one is taken
out, a missing or wrong one is put right only where exactly one piece of evidence proves the whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.cited import Source
from rag.claims import NO_CLAIM, is_english, is_instruction
from rag.names import Known
from rag.proof import check_sentence
from rag.proof_figures import Similarity, unsaid_targets
from rag.records import Evidence

MARKER = re.compile(r"\s*[\[【（(]\s*(E\d+(?:\s*[,，、;；和与]?\s*E?\d+)*)\s*[\]】）)]")
ENDING = re.compile(r"[。！？!?；;.…]+$")
SENTENCE = re.compile(rf".+?(?:[。！？!?]+|\.(?=\s|$))(?:{MARKER.pattern})*|.+$")
ABBREVIATION = re.compile(
    r"(?:\b(?:[Nn]os?|Mr|Ms|Mrs|Dr|St|approx|vs|etc|e\.g|i\.e|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z]|^\d+)\.$"
)
BULLET = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.、)）](?!\d)|[（(]\d{1,2}[)）])\s*")
DECORATION = re.compile(r"(?<!\*)\*\*(?!\*)|__|`|^#+\s*")  # four stars are digits of a person's number that is masked


@dataclass(frozen=True, slots=True)
class ProvedSentence:
    """A sentence of the draft that passed, with the markers of what proves it."""

    text: str  # without markers, with its end punctuation
    markers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DroppedSentence:
    """A sentence of the draft that failed."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What verification made of a draft."""

    text: str | None  # with markers; None: nothing is left, show the quoted evidence
    sentences: tuple[ProvedSentence, ...] = ()
    dropped: tuple[DroppedSentence, ...] = ()
    refused: bool = False  # the draft said that the evidence does not tell

    @property
    def markers(self) -> tuple[str, ...]:
        """All markers of the text, in the order of their first use."""
        return tuple(dict.fromkeys(m for s in self.sentences for m in s.markers))


def verify(draft: str, evidence: Sequence[Evidence], *, known: Known | None = None, similarity: Similarity | None = None) -> Verified:
    """Keep what the evidence proves.

    Args:
        draft: what the model wrote, Chinese or English.
        evidence: what it was given; sentences that speak to a model prove nothing.
        known: places of the store, so that a place without 市 or 区 behind it is noticed too.
        similarity: 0…1 for two texts, across languages. Without it an English sentence is kept only for its figures.
    """
    sources = [Source.read(item, known) for item in evidence if not is_instruction(item.text)]
    kept: list[ProvedSentence] = []
    dropped: list[DroppedSentence] = []
    refused = False
    for piece in split_draft(draft):
        plain, named = take_markers(piece)
        if not re.search(r"\w", plain):
            continue
        markers, reason = _prove(plain, named, sources, known, similarity)
        if reason and NO_CLAIM.search(plain):
            refused = True
            reason = "it says that the evidence does not tell"
        if reason:
            dropped.append(DroppedSentence(plain, reason))
        elif not any(s.text == plain for s in kept):
            kept.append(ProvedSentence(_put_right(plain, sources, markers), markers))
    text = _join(kept) if kept else None
    return Verified(text, tuple(kept), tuple(dropped), refused and not kept)


def split_draft(draft: str) -> list[str]:
    """Sentences of a draft, each with the markers that follow it."""
    pieces: list[str] = []
    for line in draft.splitlines():
        pending = ""
        for part in (found.group(0) for found in SENTENCE.finditer(DECORATION.sub("", line))):
            pending += part
            if not ABBREVIATION.search(pending.strip()):
                pieces.append(pending)
                pending = ""
        pieces.append(pending)
    return [BULLET.sub("", piece).strip() for piece in pieces if piece.strip()]


def take_markers(piece: str) -> tuple[str, tuple[str, ...]]:
    """A sentence without its markers, and the markers."""
    named = [f"E{number}" for found in MARKER.finditer(piece) for number in re.findall(r"\d+", found.group(1))]
    plain = MARKER.sub("", piece)
    plain = re.sub(r"\s+([。，；.,;])", r"\1", plain)
    return re.sub(r"[、,，\s]+(?=[。.；;！!]*$)", "", plain).strip(), tuple(dict.fromkeys(named))


def _prove(
    plain: str, named: Sequence[str], sources: Sequence[Source], known: Known | None, similarity: Similarity | None
) -> tuple[tuple[str, ...], str]:
    """The markers that prove a sentence, or why none do."""
    if is_instruction(plain):
        return (), "it speaks to a model, not to the reader"
    reasons: dict[str, str] = {}
    for source in sources:
        reasons[source.marker] = check_sentence(plain, [source], known, similarity)
    cited = [source for source in sources if source.marker in named]
    alone = tuple(source.marker for source in cited if not reasons[source.marker])
    if alone:
        return alone, ""
    if len(cited) > 1 and not check_sentence(plain, cited, known, similarity):
        return tuple(source.marker for source in cited), ""
    others = [marker for marker, reason in reasons.items() if not reason]
    if len(others) == 1 or (others and not cited):
        return (others[0],), ""
    if cited:
        return (), f"[{cited[0].marker}] does not prove it: {reasons[cited[0].marker]}"
    best = min(reasons.values(), key=len, default="there is no evidence")
    return (), f"{'its marker is invented' if named else 'it has no marker'}, and no evidence proves it: {best}"


RELATIVE = ((re.compile(r"今年|本年(?!度)"), 0), (re.compile(r"去年|上年(?!度)"), -1), (re.compile(r"明年|来年"), 1))


def _put_right(plain: str, sources: Sequence[Source], markers: Sequence[str]) -> str:
    """今年 of a letter is not today's: write the year. A target that is not called one: say so."""
    cited = [source for source in sources if source.marker in markers]
    english = is_english(plain)
    targets, others = unsaid_targets(plain, cited)
    if targets and not others:
        ending = ENDING.search(plain)
        at = ending.start() if ending else len(plain)
        plain = f"{plain[:at]}{' (target)' if english else '（目标）'}{plain[at:]}"
    years = {source.evidence.letter_year for source in cited}
    year = years.pop() if len(years) == 1 else None
    if year is None or english:
        return plain
    for pattern, shift in RELATIVE:
        plain = pattern.sub(f"{year + shift}年", plain)
    return plain


def _join(sentences: Sequence[ProvedSentence]) -> str:
    pieces: list[str] = []
    for sentence in sentences:
        marks = "".join(f"[{marker}]" for marker in sentence.markers)
        english = is_english(sentence.text)
        ending = ENDING.search(sentence.text)
        body = sentence.text[: ending.start()] if ending else sentence.text
        stop = ending.group(0) if ending else ("." if english else "。")
        pieces.append(f"{body}{' ' if english else ''}{marks}{stop}{' ' if english else ''}")
    return "".join(pieces).strip()
