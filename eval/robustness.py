"""Robustness sets, made by script from letters and their questions, after the four abilities of RGB (Chen et al. 2023).

    python -m eval.robustness QUESTIONS.jsonl --letters DIR --out DIR

Each set is a folder of OUT with letters/ and questions.jsonl, to be asked of a store of its own: `python -m eval.run SET/questions.jsonl --ingest SET/letters …`

- noise-00 … noise-80: the same questions over the letters that answer them, with unrelated letters up to that share of all;
- rejection: the unrelated letters alone, with the same questions, which now have no answer;
- integration-2, integration-3: two or three letters are needed: questions that compare, and questions of other letters asked in one;
- counterfactual: letters whose figures were altered, so that who answers from memory, or from another letter, is wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.questions import LetterText, Question, read_questions
from eval.reading import find_same, quantities_of, wanted_readings
from rag.errors import QuestionSetError, ReplyDeskError

NOISE = (0, 20, 40, 60, 80)
MOST_NEEDED = 8  # letters that noise is put around
JOINED = 24  # questions of each integration set that are joined
WRITTEN = {".txt", ".md", ".html", ".htm"}
PLAIN_KINDS = {"single_target", "single_actual", "list"}
LEAST_DIGITS = 3  # shorter ones are days, months and numbers of headings too
_SEED = 7
_NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?![\d])")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A question with the line of the set that it was read from."""

    question: Question
    row: Row

    @property
    def files(self) -> frozenset[str]:
        """The letters that it needs, those included that supersede others."""
        return frozenset(piece.file for piece in self.question.evidence)


@dataclass(frozen=True, slots=True)
class RobustnessSet:
    """One set: which letters, which of them rewritten, which questions."""

    name: str
    files: tuple[str, ...]
    rows: tuple[Row, ...]
    rewritten: Mapping[str, str]


def read_sources(path: Path) -> list[Source]:
    """The questions with their lines."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    return [Source(question, row) for question, row in zip(read_questions(path), rows, strict=True)]


def make_sets(sources: Sequence[Source], letters: Path) -> list[RobustnessSet]:
    """All sets."""
    texts = {path.name: LetterText(path) for path in sorted(letters.iterdir()) if path.is_file()}
    needed = choose_needed(sources)
    return [
        *make_noise(sources, needed, sorted(texts)),
        make_rejection(sources, needed, texts),
        make_integration(sources, sorted(texts), 2),
        make_integration(sources, sorted(texts), 3),
        make_counterfactual(sources, letters, texts),
    ]


def choose_needed(sources: Sequence[Source], most: int = MOST_NEEDED) -> frozenset[str]:
    """The letters that answer most questions by themselves. A letter that supersedes another brings no other along: out of date is not unrelated."""
    replaced = {name for source in sources for name in source.question.superseded_files}
    replacing = {name for source in sources if source.question.superseded_files for name in source.files}
    counts = Counter(next(iter(source.files)) for source in sources if len(source.files) == 1)
    return frozenset([name for name, _ in counts.most_common() if name not in replaced | replacing][:most])


def make_noise(sources: Sequence[Source], needed: frozenset[str], files: Sequence[str]) -> list[RobustnessSet]:
    """The needed letters among ever more others. A level that the letters do not suffice for is left out."""
    rows = tuple(source.row for source in sources if source.question.answerable and source.files and source.files <= needed)
    others = [name for name in files if name not in needed]
    random.Random(_SEED).shuffle(others)
    sets = []
    for share in NOISE:
        count = round(len(needed) * share / (100 - share))
        if count <= len(others):
            sets.append(RobustnessSet(f"noise-{share:02d}", tuple(sorted([*needed, *others[:count]])), rows, {}))
    return sets


def make_rejection(sources: Sequence[Source], needed: frozenset[str], texts: Mapping[str, LetterText]) -> RobustnessSet:
    """Only the other letters. A question is kept where the digits of no figure that it wants stand in any of them, in tables neither."""
    files = tuple(sorted(name for name in texts if name not in needed))
    rows = []
    for source in sources:
        question = source.question
        if not (question.answerable and question.numbers and source.files and source.files <= needed and not question.history):
            continue
        digits = [found for number in question.numbers for found in _NUMBER.findall(number)]
        if digits and not question.derived and not any(digit in texts[name].read for digit in digits for name in files):
            kept: Row = {name: source.row[name] for name in ("id", "lang", "question", "asked_on") if name in source.row}
            told: Row = {"kind": "unanswerable", "answerable": False, "answer": "答复函中没有提到。", "trap": "evidence_removed"}
            rows.append({**kept, **told, "forbidden": list(question.forbidden)})
    return RobustnessSet("rejection", files, tuple(rows), {})


def make_integration(sources: Sequence[Source], files: Sequence[str], count: int) -> RobustnessSet:
    """Questions that need `count` letters: those of the set, and plain questions of other letters joined into one."""
    rows = [source.row for source in sources if source.question.answerable and len(source.files) == count]
    plain = [
        s for s in sources if is_plain(s.question) and len(s.files) == 1 and not s.row.get("asked_on") and len(s.question.numbers) == 1
    ]
    chance = random.Random(_SEED + count)
    made: set[frozenset[str]] = set()
    for _ in range(JOINED * 20):
        if len(made) >= JOINED:
            break
        language = "en" if len(made) % 4 == 3 else "zh"
        pool = [source for source in plain if source.question.lang == language]
        if len(pool) < count:
            continue
        parts = chance.sample(pool, count)
        key = frozenset(part.question.id for part in parts)
        if key not in made and len({name for part in parts for name in part.files}) == count:
            made.add(key)
            rows.append(join_questions(parts))
    return RobustnessSet(f"integration-{count}", tuple(files), tuple(rows), {})


def is_plain(question: Question) -> bool:
    """Asks for figures, by itself."""
    return (
        question.answerable and question.kind in PLAIN_KINDS and bool(question.numbers) and not question.history
        and not question.derived and not question.verdict and not question.superseded_files
    )  # fmt: skip


def join_questions(parts: Sequence[Source]) -> Row:
    """Several questions as one; what one wants is not forbidden for the others."""
    first = parts[0].row
    english = first.get("lang") == "en"
    ends = " " if english else ""
    asked = [str(part.row["question"]).rstrip("？?。") + ("?" if english else "？") for part in parts]
    wanted = [reading for part in parts for i in range(len(part.question.numbers)) for reading in wanted_readings(part.question, i)]
    forbidden = [number for part in parts for number in part.row.get("forbidden") or []]
    return {
        "id": "+".join(str(part.row["id"]) for part in parts), "lang": first.get("lang", "zh"), "kind": "integration", "question": ends.join(asked),
        "answer": " ".join(str(part.row["answer"]) for part in parts), "answerable": True, **_joined(parts),
        "forbidden": [number for number in dict.fromkeys(forbidden) if not find_same(wanted, quantities_of([number]))],
    }  # fmt: skip


def _joined(parts: Sequence[Source]) -> Row:
    """The lists of all parts, one behind the other; those that run parallel to the numbers only where every part has them."""
    lists: Row = {}
    for name in ("numbers", "must", "optional_numbers", "evidence"):
        lists[name] = [value for part in parts for value in part.row.get(name) or []]
    for name in ("numbers_en", "comparators"):
        if all(len(part.row.get(name) or []) == len(part.row["numbers"]) for part in parts):
            lists[name] = [value for part in parts for value in part.row[name]]
    return lists


def make_counterfactual(sources: Sequence[Source], letters: Path, texts: Mapping[str, LetterText]) -> RobustnessSet:
    """Every wanted figure of the plain questions is another one, in all letters; the true one is forbidden."""
    written = {name for name in texts if Path(name).suffix.lower() in WRITTEN}
    bound = "\n".join(texts[name].read for name in texts if name not in written)  # cannot be rewritten; cells stand there without a gap
    raw = {name: _decode(letters / name) for name in sorted(written)}
    chosen: list[Source] = []
    changes: dict[str, str] = {}
    taken = {number for text in raw.values() for number in _NUMBER.findall(text)}
    for source in sources:
        digits = [found for number in source.question.numbers for found in _NUMBER.findall(number)]
        proved = {found for piece in source.question.evidence for found in _NUMBER.findall(piece.sentence)}
        if (
            not is_plain(source.question)
            or not source.files <= written
            or len(digits) != len(source.question.numbers)
            or not proved >= {*digits}
        ):
            continue  # a figure in words, or with noise between its digits, cannot be altered
        if any(
            len(digit) < LEAST_DIGITS or re.fullmatch(r"(?:19|20)\d\d", digit) or digit in bound or digit in source.question.question
            for digit in digits
        ):
            continue
        for digit in digits:
            if digit not in changes:
                changes[digit] = alter_number(digit, taken, bound)
                taken.add(changes[digit])
        chosen.append(source)
    swap = _swapper(changes)
    rewritten = {name: swapped for name, text in raw.items() if (swapped := swap(text)) != text}
    rows = [alter_question(source, swap) for source in chosen]
    return RobustnessSet("counterfactual", tuple(sorted(texts)), tuple(rows), rewritten)


def alter_number(number: str, taken: Iterable[str], bound: str = "") -> str:
    """Another number of the same length that is not taken and stands nowhere in `bound`."""
    known = set(taken)
    for step in range(1, 9):
        first = str((int(number[0]) - 1 + step) % 9 + 1)
        for last in range(1, 10):
            changed = first + number[1:-1] + str((int(number[-1]) - 1 + last) % 9 + 1)
            if changed not in known and changed not in bound and not re.fullmatch(r"(?:19|20)\d\d", changed):
                return changed
    raise QuestionSetError(f"no other number of the shape of {number} is free")


def alter_question(source: Source, swap: Callable[[str], str]) -> Row:
    """The question over the altered letters: its old figures are forbidden now."""
    row = source.row
    changed: Row = {name: row[name] for name in ("id", "lang", "question", "asked_on", "comparators") if name in row}
    told = {"kind": "counterfactual", "answerable": True, "answer": swap(str(row["answer"]))}
    lists = {name: [swap(str(value)) for value in row.get(name) or []] for name in ("numbers", "optional_numbers")}
    forbidden = [*row["numbers"], *(swap(str(value)) for value in row.get("forbidden") or [])]
    evidence = [{name: swap(value) if name != "file" else value for name, value in piece.items()} for piece in row["evidence"]]
    return {
        **changed,
        **told,
        **lists,
        "forbidden": [f for f in dict.fromkeys(forbidden) if f not in lists["numbers"]],
        "evidence": evidence,
    }


def _swapper(changes: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: _NUMBER.sub(lambda found: changes.get(found.group(), found.group()), text)


def _decode(path: Path) -> str:
    from ingest.readers.plain import decode

    return decode(path.read_bytes(), path.name, markup=True)


def write_set(folder: Path, made: RobustnessSet, letters: Path) -> None:
    """Write one set, in place of what stood there."""
    target = folder / made.name
    shutil.rmtree(target, ignore_errors=True)
    (target / "letters").mkdir(parents=True)
    for name in made.files:
        if name in made.rewritten:
            (target / "letters" / name).write_text(made.rewritten[name], encoding="utf-8")
        else:
            shutil.copyfile(letters / name, target / "letters" / name)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made.rows)
    (target / "questions.jsonl").write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; see the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.robustness", description="Makes robustness sets from letters and their questions."
    )
    parser.add_argument("questions", type=Path, help="question set, one JSON object a line")
    parser.add_argument("--letters", type=Path, required=True, metavar="DIR", help="folder of the letters")
    parser.add_argument("--out", type=Path, required=True, help="folder for the sets")
    options = parser.parse_args(arguments)
    if not options.questions.is_file() or not options.letters.is_dir():
        parser.error("a question file and a folder of letters are needed")
    try:
        sets = make_sets(read_sources(options.questions), options.letters)
    except ReplyDeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for made in sets:
        if made.rows:
            write_set(options.out, made, options.letters)
        sys.stdout.write(f"{made.name}: {len(made.files)} letters, {len(made.rewritten)} rewritten, {len(made.rows)} questions\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
