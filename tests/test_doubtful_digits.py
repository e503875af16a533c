"""A number that a scan left in doubt: said with the answer that gives it, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from ingest.parse import parse_letter
from ingest.placing import place_sentences
from ingest.update import ingest_files
from rag.ask import _as_text, answer_as_json
from rag.pipeline import Pipeline
from rag.records import Answer, Box, Document, Line, Page
from rag.settings import Settings
from rag.store import open_store
from screens.chat.answer import render_exchange
from screens.chat.exchange import Exchange
from screens.texts import texts_for
from tests.small_store import CountingEncoder

SCAN = Path(__file__).parent / "letters" / "formats" / "scan.png"
SAID = {"zh": "扫描件，此数字请核对原件", "en": "Scanned: check this number in the original"}


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """A store with one scanned page on which one number is smudged: 264 is read with low confidence."""
    folder = tmp_path_factory.mktemp("scan")
    page = Image.open(SCAN).convert("RGB")
    left, top, right, bottom = (round(share * side) for share, side in zip((0.545, 0.324, 0.575, 0.348), page.size * 2, strict=True))
    smudge = (left, top, right, bottom)
    page.paste(page.crop(smudge).filter(ImageFilter.GaussianBlur(3.5)), smudge)
    page.save(folder / "smudged.png")
    settings = Settings(store=folder / "store", embedding="counting", llm="none")
    with open_store(settings, write=True, encoder=CountingEncoder()) as store:
        tally = ingest_files(store, [folder / "smudged.png"])
        assert (tally.new, tally.failed) == (1, [])
        yield Pipeline(settings, store)


def shown(answer: Answer, language: str) -> str:
    return render_exchange(Exchange("？", answer, is_done=True), texts_for(language))


def test_answer_with_a_number_in_doubt_says_so(pipeline: Pipeline) -> None:
    answer = pipeline.ask("2022年投放新能源公交车多少辆？")
    assert [(str(figure.value), figure.doubtful) for figure in answer.figures] == [("264", True)]
    assert answer.citations[0].doubtful == ("264",)
    for language, said in SAID.items():
        assert shown(answer, language).count(said) == 2  # on the card and in the list of sources
        assert shown(answer, language).count('<figure class="scan"><img src="line?') == 1  # the line itself, on the card
    assert f"{SAID['zh']}：264" in _as_text(answer)
    told = answer_as_json(answer)
    assert [figure["doubtful"] for figure in told["figures"]] == [True]  # type: ignore[attr-defined]
    assert [citation["doubtful"] for citation in told["citations"]] == [["264"]]  # type: ignore[attr-defined]


def test_number_whose_gap_the_clean_text_closes_is_in_doubt_as_a_whole() -> None:
    line = Line("投放公交车2 264辆，线路37条。", Box(0, 0, 1, 0.1, 1), 0.9, ("264",))
    document = Document("x.png", "png", (Page(line.text, 1, (line,), scanned=True),), "0" * 64)
    (sentence,) = place_sentences(parse_letter(document), document).sentences
    assert (sentence.text, sentence.doubtful) == ("投放公交车2264辆，线路37条。", ("2264",))


def test_another_number_of_the_same_sentence_is_not_in_doubt(pipeline: Pipeline) -> None:
    answer = pipeline.ask("2022年开通镇村公交线路多少条？")
    assert [(str(figure.value), figure.doubtful) for figure in answer.figures] == [("37", False)]
    page = shown(answer, "zh")
    assert SAID["zh"] not in page.split('class="sources"')[0]
    assert f"{SAID['zh']} (264)" in page  # the quoted sentence shows it, and says which number it is


def test_sharp_numbers_are_not_in_doubt(pipeline: Pipeline) -> None:
    answer = pipeline.ask("2023年计划新改建农村公路多少公里？")
    assert [(str(figure.value), figure.doubtful) for figure in answer.figures] == [("150", False)]
    assert SAID["zh"] not in shown(answer, "zh")
