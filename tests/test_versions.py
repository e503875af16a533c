"""Which files are one text of a letter, and which text counts: the order in which they come does not matter."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from ingest.check import check_store
from ingest.extract import ReadLetter, read_letter_file
from ingest.report import letters_as_json
from ingest.update import Tally, ingest_files, write_letters
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.store import Store, open_store
from rag.versions import Reading, choose_version, is_same_text
from tests.make_stores import LETTERS
from tests.small_store import CountingEncoder, make_letter

FORMATS = Path(__file__).resolve().parent / "letters" / "formats"
SAMPLES = Path(__file__).resolve().parent.parent / "data" / "letters"
TEXT = (
    "2022年，全市新改建农村公路128.6公里，完成投资3.45亿元，建制村通客车率达到99.7%。全年开通镇村公交线路37条，投放新能源公交车264辆。" * 2
)


def reading(
    text: str,
    number: int = 1,
    *,
    scanned: bool = False,
    ingestion: int = 1,
    doubtful: str = "",
) -> Reading:
    letter = make_letter(text)
    marked = tuple(replace(s, scanned=scanned, doubtful=(doubtful,) if doubtful in s.text else ()) for s in letter.sentences)
    return Reading(number, replace(letter, sentences=marked), ingestion)


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("，", ",").replace("2022", "２０２２").replace("全市", "全 市"),  # signs, widths and gaps of another format
        TEXT.replace("农村公路", "農村公路"),
    ],
)
def test_same_words_and_numbers_in_another_format_are_one_text(other: str) -> None:
    assert is_same_text(reading(TEXT), reading(other))


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("264", "265", 1),
        TEXT.replace("99.7", "97.9", 1),
        TEXT + "下一步将继续推进。",
        TEXT.replace("投放新能源公交车264辆", "264辆新能源公交车投放"),
        TEXT.replace("达到", "将达", 1),
    ],
)
def test_other_words_or_numbers_are_another_text(other: str) -> None:
    assert not is_same_text(reading(TEXT), reading(other))


@pytest.mark.parametrize("fields", [{"issued_on": date(2023, 6, 21)}, {"reissue": True}, {"corrects": "松江科〔2023〕3号"}])
def test_another_date_or_kind_is_another_text(fields: dict[str, object]) -> None:
    one = reading(TEXT)
    assert not is_same_text(one, replace(one, letter=replace(one.letter, **fields)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("misread", "is_same"),
    [
        (TEXT.replace("农村公路", "衣村公路", 1), True),
        (TEXT.replace("，投放", "投放").replace("镇村", "镇材", 1), True),
        (TEXT.replace("128.6", "126.8", 1), False),  # a digit is never noise
        (TEXT.replace("全年开通镇村公交线路37条，", "37条，", 1), False),  # words left out
        (TEXT.replace("达到", "未到", 1), False),  # nor is a negation
        (TEXT.replace("公", "么").replace("车", "东"), False),  # too much of it
    ],
)
def test_noise_of_a_scan_is_no_other_text_and_nothing_else_is_noise(misread: str, *, is_same: bool) -> None:
    assert is_same_text(reading(TEXT), reading(misread, scanned=True)) is is_same
    assert is_same_text(reading(misread, scanned=True), reading(TEXT)) is is_same


def test_numeral_that_a_scan_changes_is_another_text() -> None:
    words = TEXT + "在孵企业三百家。"
    assert not is_same_text(reading(words), reading(words.replace("三百", "四百"), scanned=True))


def test_number_that_the_scan_itself_doubts_is_no_other_text() -> None:
    misread = TEXT.replace("264", "284", 1)
    assert not is_same_text(reading(TEXT), reading(misread, scanned=True))
    assert is_same_text(reading(TEXT), reading(misread, scanned=True, doubtful="284"))
    assert not is_same_text(reading(TEXT), reading(misread.replace("37条", "38条", 1), scanned=True, doubtful="284"))


def test_written_text_is_used_before_a_scan_and_the_longer_before_the_shorter() -> None:
    scan, written = reading(TEXT + "。", 1, scanned=True), reading(TEXT, 2)
    assert (choose_version([scan, written]).current, choose_version([scan, written]).source_of) == (2, {1: 2})
    short, longer = reading(TEXT, 1), reading(TEXT.replace("，", "， "), 2)
    assert choose_version([short, longer]).source_of == {1: 2}


def test_later_copy_of_an_older_text_does_not_make_it_the_newer_one() -> None:
    first, second = reading(TEXT, 1, ingestion=1), reading(TEXT.replace("264", "265"), 2, ingestion=2)
    copy = reading(TEXT.replace("，", ","), 3, ingestion=3)
    assert choose_version([first, second]).current == 2
    assert choose_version([first, second, copy]).current == 2


def test_choice_does_not_depend_on_the_order() -> None:
    texts = [TEXT, TEXT.replace("，", ","), TEXT.replace("农村", "衣村"), TEXT.replace("264", "265"), TEXT + "又。"]
    readings = [reading(text, number, scanned=number == 2) for number, text in enumerate(texts)]
    assert len({str(choose_version(order)) for order in permutations(readings)}) == 1


QUESTIONS = (
    "2022年全市新增孵化面积是多少？", "松江市2023年新引进高层次人才目标是多少？", "云汀市2022年投放新能源公交车多少辆？", "各县区2022年新改建农村公路多少公里？",
    "松科提复〔2023〕11号是哪天印发的？", "2023年全市计划新增多少义务教育学位？", "竹屏县2023年计划新增多少义务教育学位？",
)  # fmt: skip


def asked(store: Store, settings: Settings) -> object:
    """All that can be asked of a store; file names left out."""
    registry = store.registry
    letters = [replace(registry.letter(letter.letter_id), file="") for letter in registry.letters()]
    on_a_day = [letter.content_hash for letter in registry.letters(date(2023, 7, 1))]
    hashes = {version.version_id: version.content_hash for version in registry.versions()}
    files = sorted((v.content_hash, v.current, hashes.get(v.source_of or 0)) for v in registry.versions())
    pipeline = Pipeline(settings, store)
    answers = [(a.outcome, a.text, a.figures, [replace(c, file="") for c in a.citations]) for a in map(pipeline.ask, QUESTIONS)]
    return letters, on_a_day, files, registry.figures(), registry.chunks(), answers


@pytest.fixture(scope="module")
def letters() -> list[ReadLetter]:
    """A re-issue, a correction, and one letter as text, as Word file, as PDF and as scan."""
    scan = read_letter_file(FORMATS / "scan.png")
    assert any(sentence.scanned for sentence in scan.letter.sentences)
    corrected = [read_letter_file(SAMPLES / f"2023-qichuan-jy-{name}.txt") for name in ("040", "048-correction")]
    return [scan, *corrected, *(read_letter_file(FORMATS / f"letter.{kind}") for kind in ("txt", "docx", "pdf"))]


def write_in_order(folder: Path, order: Sequence[ReadLetter], chance: random.Random) -> object:
    settings = Settings(store=folder / "store", embedding="counting", llm="none")
    with open_store(settings, write=True, encoder=CountingEncoder()) as store:
        while order:  # several runs, of one letter or more
            count = chance.randint(1, len(order))
            tally = Tally()
            write_letters(store, order[:count], tally)
            assert not tally.failed
            order = order[count:]
        assert check_store(store) == []
        return asked(store, settings)


def test_any_order_of_the_same_files_gives_the_same_store(letters: list[ReadLetter], tmp_path: Path) -> None:
    for name, text in LETTERS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    letters = [*letters, *(read_letter_file(tmp_path / name) for name in LETTERS)]
    found = []
    for seed in range(8):
        chance = random.Random(seed)
        order = [replace(read, letter=replace(read.letter, file=f"{chance.random()}.x")) for read in chance.sample(letters, len(letters))]
        found.append(write_in_order(tmp_path / str(seed), order, chance))
    assert all(other == found[0] for other in found[1:])


def test_any_folder_and_name_gives_the_same_store(tmp_path: Path) -> None:
    found = []
    for seed in range(3):
        chance = random.Random(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        files = []
        for name in ("letter.txt", "letter.docx", "letter.html", "letter.ofd"):
            files.append(folder / f"{chance.randint(0, 9)}" / f"{chance.random()}{Path(name).suffix}")
            files[-1].parent.mkdir(exist_ok=True)
            shutil.copy(FORMATS / name, files[-1])
        settings = Settings(store=folder / "store", embedding="counting", llm="none")
        with open_store(settings, write=True, encoder=CountingEncoder()) as store:
            tally = ingest_files(store, chance.sample(files, len(files)))
            assert (tally.new, tally.changed, tally.unchanged, tally.failed) == (1, 0, 3, [])
            found.append(asked(store, settings))
    assert found[1:] == [found[0], found[0]]


def test_scan_then_document_is_one_letter_with_two_sources(letters: list[ReadLetter], store: Store) -> None:
    scan, document = letters[0], letters[4]
    for read in (scan, document):
        write_letters(store, [read], Tally())
    assert store.registry.count() == 1
    assert store.registry.letter(scan.letter.letter_id).format == "docx"
    (row,) = letters_as_json(store.registry)
    assert (row["versions"], row["sources"]) == (1, ["letter.docx", "scan.png"])


def test_texts_of_one_day_that_come_at_once_do_not_depend_on_their_order(tmp_path: Path) -> None:
    texts = [replace(make_letter(text), file=text) for text in ("全市有三百家。", "全市有四百家。")]
    read = [ReadLetter(letter, (), ()) for letter in texts]
    chosen = []
    for number, order in enumerate((read, read[::-1])):
        settings = Settings(store=tmp_path / str(number), embedding="counting", llm="none")
        with open_store(settings, write=True, encoder=CountingEncoder()) as store:
            write_letters(store, order, Tally())
            chosen.append(store.registry.letter(texts[0].letter_id).text)
    assert chosen[0] == chosen[1]
