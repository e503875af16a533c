"""Are the right sentences cited? Precision and recall at sentence level.

After ALCE (Gao et al. 2023): recall asks whether what is stated is fully supported by what is cited, precision whether each citation supports. Entailment is
decided here by containment and by figures, not by a model. A cited text supports when

- in the file of a gold evidence sentence it contains that sentence or is contained in it (white space, tags and the noise of pages ignored);
- there it gives a needed figure, with its unit (in a row of a table, without), in the words of the gold evidence or of the question, or, of a question for who, what or when, the name
  asked for; the head of a table counts with its row;
- in another file it gives a needed figure in those words and names no year but those of the question and the gold evidence — unless that file is
  superseded;
- it gives a figure of the question in the words of the question, under the same two conditions.

A citation of several sentences is measured by each of them: who quotes a page has not cited a sentence.

Recall is the share of what has to be proved that supporting citations prove: each wanted figure, of a computed one its operands; where no
figure is wanted, each file of the gold evidence. A comparison so needs a citation for each side. A refused answer states nothing: not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from eval.metrics.score import Score
from eval.questions import GoldEvidence, Question
from eval.reading import find_same, fold, holds_figure, holds_text, is_row, wanted_readings
from rag.quantity import read_quantities
from rag.records import Answer, Citation, Outcome, Quantity

_LEAST = 6  # characters of a citation that is only a part of a gold sentence
_COMMON = 0.9  # share of the shorter text that the longest common subsequence has to be
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?”」]*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_STRETCH, _PAGE_LINE = 1.5, 12  # how much longer noise may make a text
_WORDS_BEFORE = 16  # characters before a figure that tell what it is
_WORDS_SHARED = 0.4  # share of their bigrams that the gold evidence has to have


def score_citation_precision(question: Question, answer: Answer) -> Score:
    """The share of the cited sentences that support."""
    unfit = _unfit(question, answer)
    if unfit:
        return unfit
    if not answer.citations:
        return Score.not_applicable("nothing is cited")
    sentences = [part for citation in answer.citations for part in split_citation(citation)]
    supporting = _supporting(question, sentences)
    idle = [sentence for sentence in sentences if sentence not in supporting]
    share = 1 - len(idle) / len(sentences)
    return Score(share, "; ".join(f"[{c.marker}] {c.file} does not support: {c.text[:40]}" for c in idle) or "each citation supports")


def score_citation_recall(question: Question, answer: Answer) -> Score:
    """The share of figures, or files, that supporting citations prove."""
    unfit = _unfit(question, answer)
    if unfit:
        return unfit
    if not answer.citations:
        return Score(0.0, "nothing is cited")
    supporting = _supporting(question, answer.citations)
    needed = needed_figures(question)
    files = [] if needed else list(dict.fromkeys(piece.file for piece in question.evidence))
    unproved = [file for file in files if not any(citation.file == file for citation in supporting)]
    unproved += [name for name, readings in needed if not any(holds_figure(readings, citation.text) for citation in supporting)]
    share = 1 - len(unproved) / (len(files) + len(needed))
    return Score(share, f"not proved: {', '.join(unproved)}" if unproved else "all is proved")


def _unfit(question: Question, answer: Answer) -> Score | None:
    if not question.answerable or not question.evidence:
        return Score.not_applicable("no gold evidence")
    if answer.outcome is Outcome.NOT_FOUND:
        return Score.not_applicable("refused: nothing is stated")
    return None


def needed_figures(question: Question) -> list[tuple[str, list[Quantity]]]:
    """What has to be proved: the wanted quantities that stand in the gold evidence; of computed ones the operands that do."""
    computed = {number for number, _ in question.derivation}
    needed = [(number, wanted_readings(question, i)) for i, number in enumerate(question.numbers) if number not in computed]
    for number, expression in question.derivation:
        unit = re.sub(r"^[\d.,]+", "", number)
        for operand in re.findall(r"\d+(?:\.\d+)?", expression):
            forms = (operand + unit, operand + "%" if unit == "个百分点" else operand)
            needed.append((operand, [reading for form in forms for reading in read_quantities(form)[:1]]))
    return [
        (name, readings) for name, readings in needed if readings and any(holds_figure(readings, piece.text) for piece in question.evidence)
    ]


def supports(question: Question, citation: Citation) -> bool:
    """Does the cited text prove something of what is asked?"""
    pieces = [piece for piece in question.evidence if piece.file == citation.file]
    if any(is_same_passage(citation.text, piece) for piece in pieces):
        return True
    if not pieces and citation.file in question.superseded_files:
        return False
    given = [figure for figure in read_quantities(citation.text) if figure.unit_base]
    told = [figure for text in (question.question, *question.optional_numbers) for figure in read_quantities(text)]
    for readings in [*(readings for _, readings in needed_figures(question)), told]:
        found = find_same([reading for reading in readings if reading.unit_base], given)
        if found is not None and _in_words_of(question, citation.text, found) and (pieces or _keeps_to_years(question, citation)):
            return True
        if pieces and _is_row_about(question, citation.text) and holds_figure(readings, citation.text):
            return True
    return bool(pieces) and question.kind == "who_what_when" and _gives_name(question, citation.text)


def split_citation(citation: Citation) -> list[Citation]:
    """A citation sentence by sentence; what is too short to say anything counts neither way, unless there is nothing else."""
    parts = [part for part in _SENTENCE.findall(citation.text) if len(fold(part)) >= _LEAST]
    return [replace(citation, text=part) for part in parts] if len(parts) > 1 else [citation]


def _supporting(question: Question, citations: Sequence[Citation]) -> list[Citation]:
    """The citations that support; the head of a table does where a row of it does."""
    found = [citation for citation in citations if supports(question, citation)]
    files = {citation.file for citation in found if is_row(citation.text)}
    return [c for c in citations if c in found or (c.file in files and is_row(c.text) and not re.search(r"\d[\d.]*\s*[|\t]", c.text))]


def _in_words_of(question: Question, text: str, figure: Quantity) -> bool:
    """What stands before the figure is what the gold evidence or the question says."""
    known = fold(question.question + "".join(piece.text for piece in question.evidence))
    return _share(fold(text[: figure.start])[-_WORDS_BEFORE:], known) >= _WORDS_SHARED


def _is_row_about(question: Question, text: str) -> bool:
    """A row of a table whose first cell has the words of the question or of the gold evidence."""
    known = fold(question.question + "".join(piece.text for piece in question.evidence))
    return is_row(text) and _share(fold(re.split(r"[|\t]", text.strip(" |\t"))[0]), known) >= _WORDS_SHARED


def _keeps_to_years(question: Question, citation: Citation) -> bool:
    """It names no year, or one that the question or the gold evidence names."""
    years = set(_YEAR.findall(fold(citation.text)))
    known = set(_YEAR.findall(fold(question.asked + "".join(piece.text for piece in question.evidence))))
    return not years or bool(years & known)


def _share(words: str, text: str) -> float:
    pairs = [words[i : i + 2] for i in range(len(words) - 1)]
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0


def _gives_name(question: Question, text: str) -> bool:
    """A wanted string, a date or a document's number stands in it."""
    names = [one for group in question.must for one in group if len(one) > 1]
    return any(fold(name) in fold(text) for name in names) or any(
        holds_text(number, text) for number in question.numbers if not read_quantities(number)
    )


def is_same_passage(text: str, piece: GoldEvidence) -> bool:
    """One contains the other, or they differ by noise only."""
    cited = fold(text)
    for gold in {fold(piece.text), fold(piece.sentence)}:
        if cited == gold or (gold and gold in cited) or (len(cited) >= _LEAST and cited in gold):
            return True
        shorter, longer = sorted((cited, gold), key=len)
        if len(longer) > _STRETCH * len(shorter) + _PAGE_LINE:  # any short text is a subsequence of a long one
            continue
        if len(shorter) >= _LEAST and common_length(shorter, longer) >= _COMMON * len(shorter) and _numerals(shorter) <= _numerals(longer):
            return True
    return False


def _numerals(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def common_length(one: str, other: str) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004)."""
    where: dict[str, int] = {}
    for i, character in enumerate(one):
        where[character] = where.get(character, 0) | 1 << i
    full = (1 << len(one)) - 1
    row = full
    for character in other:
        matched = row & where.get(character, 0)
        row = ((row + matched) | (row - matched)) & full
    return len(one) - row.bit_count()
