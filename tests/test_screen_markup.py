"""What the screens make of answers and letters, before any browser."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from rag.records import Answer, AnswerFigure, Comparator, Figure, Outcome, Status
from screens.chat.answer import render_exchange, show_number
from screens.chat.examples import choose_questions, propose_questions
from screens.chat.exchange import Exchange
from screens.library import find_letters, render_listing
from screens.markup import escape, render_marked
from screens.seams import FileOutcome, FileResult, ModelPhase, ModelState, Shelf
from screens.source import MARK_ID, render_page, render_source
from screens.status import render_status
from screens.texts import EN, ZH
from screens.upload_results import render_results
from tests.small_desk import (
    HOSTILE_LETTER,
    INJECTION,
    LIBRARY_LETTER,
    NUMBERLESS_LETTER,
    answer_comparison,
    answer_list,
    answer_not_found,
    answer_target,
    cite,
)


class Reader(HTMLParser):
    """Remembers elements, attributes and text, and the text inside of the mark."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked = ""
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("img", "meta", "progress"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked += data

    def having(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.elements if name in (attributes.get("class") or "").split()]


def read(answer: Answer, *, language: str = "zh", is_done: bool = True) -> Reader:
    return Reader(render_exchange(Exchange("问题", answer, is_done=is_done), EN if language == "en" else ZH))


def test_evidence_card_gives_value_bound_year_status_subject_and_letter() -> None:
    page = read(answer_target("zh"))
    assert len(page.having("card")) == 1
    for shown in ("45", "座", "以上", "2023年", "目标", "柳溪市", "柳文旅提复〔2023〕12号", "2023-05-18", "1 处数字均已与原文核对"):
        assert shown in page.text, shown


def test_english_card_gives_the_english_value_and_the_value_as_written() -> None:
    figure = AnswerFigure("总面积", Decimal("1.8"), "万平方米", Comparator.AT_LEAST, 2022, Status.ACTUAL, "柳溪市", "E1")
    page = read(replace(answer_target("en"), figures=(figure,)), language="en")
    assert "at least" in page.text
    assert "18,000" in page.text
    assert "1.8万平方米" in page.text


def test_each_citation_number_opens_its_own_sentence() -> None:
    page = read(answer_comparison())
    addresses = {attributes["data-source"] for attributes in page.having("cite")}
    for citation in answer_comparison().citations:
        assert any(f"start={citation.start}&end={citation.end}" in (address or "") for address in addresses)


def test_marker_without_a_citation_is_not_shown() -> None:
    page = Reader(render_marked("没有这一句。[E9]", {}, "zh", "查看"))
    assert page.text == "没有这一句。"


def test_document_number_in_brackets_is_no_marker() -> None:
    page = Reader(render_marked("按国税函[2009]3号办理。", {}, "zh", "查看"))
    assert page.text == "按国税函[2009]3号办理。"


def test_many_figures_stand_in_a_table_each_with_its_number() -> None:
    page = read(answer_list())
    assert not page.having("card")
    assert len([tag for tag, _ in page.elements if tag == "tr"]) == 1 + len(answer_list().figures)


def test_home_place_that_was_assumed_is_said_in_the_language_of_the_screen() -> None:
    assert "本地：柳溪市" in read(answer_comparison()).text
    assert "Home: 柳溪市" in read(answer_comparison(), language="en").text


def test_not_found_shows_no_figure_in_large_type() -> None:
    figure = AnswerFigure("新建城市书房", Decimal(45), "座", Comparator.AT_LEAST, 2023, Status.TARGET, None, "E1")
    page = read(replace(answer_not_found("zh"), figures=(figure,)))
    assert page.having("not_found")
    assert not page.having("card")
    assert not page.having("proof") or "处数字" not in page.text
    assert ZH.chat.outcomes[Outcome.NOT_FOUND] in page.text


def test_draft_is_marked_as_unchecked_and_gone_when_done() -> None:
    exchange = Exchange("问题", answer_target("zh"), draft="目标是46座[E1]")
    assert ZH.chat.writing in render_exchange(exchange, ZH)
    done = render_exchange(replace(exchange, is_done=True), ZH)
    assert "46" not in done


def test_what_verification_dropped_can_be_read() -> None:
    page = read(replace(answer_target("zh"), dropped=("“50座”：原文没有",)))
    assert "核对时去掉了 1 处" in page.text
    assert "“50座”：原文没有" in page.text


def test_range_and_large_numbers_are_grouped_by_language() -> None:
    assert show_number(Decimal(3424), None, "zh") == "3424"
    assert show_number(Decimal(3424), None, "en") == "3,424"
    assert show_number(Decimal(100), Decimal(120), "zh") == "100–120"


@pytest.mark.parametrize("sentence", LIBRARY_LETTER.sentences, ids=lambda s: str(s.index))
def test_every_sentence_can_be_marked_in_its_letter(sentence: object) -> None:
    from rag.records import Sentence

    assert isinstance(sentence, Sentence)
    page = Reader(render_source(LIBRARY_LETTER, ZH, sentence.start, sentence.end))
    assert "".join(page.marked.split()) == "".join(sentence.text.split())
    assert len([1 for _, attributes in page.elements if attributes.get("id") == MARK_ID]) == 1


def test_letter_view_shows_the_whole_text_once_with_headings_and_table() -> None:
    page = Reader(render_source(LIBRARY_LETTER, ZH))
    paper = page.text[page.text.index("柳溪市文化和旅游局文件") :]
    without_caption = "".join(paper.split()).replace("表1分年新增面积", "", 1)
    assert without_caption == "".join(LIBRARY_LETTER.text.split())
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") == 1
    assert tags.count("tr") == 3
    assert any(tag in ("h3", "h4") for tag in tags)


def test_letter_view_tells_what_is_known_of_the_letter() -> None:
    page = Reader(render_source(LIBRARY_LETTER, EN))
    for shown in ("Issued by", "柳溪市文化和旅游局", "18 May 2023", "58", "尹若兰", "市政协六届三次会议", "CPPCC proposal"):
        assert shown in page.text, shown


def test_offsets_outside_of_the_letter_mark_nothing() -> None:
    for start, end in ((-5, 3), (10, 10**9), (30, 20)):
        assert "<mark" not in render_source(LIBRARY_LETTER, ZH, start, end)


def test_letter_text_never_becomes_markup() -> None:
    first = HOSTILE_LETTER.sentences[0]
    answer = replace(answer_target("zh"), text=INJECTION, notes=(INJECTION,), dropped=(INJECTION,), model=INJECTION)
    pieces = [
        render_source(HOSTILE_LETTER, ZH, first.start, first.end),
        render_listing([HOSTILE_LETTER], "", 1, ZH),
        render_listing([HOSTILE_LETTER], INJECTION + "x", 1, ZH),
        render_results([FileResult(INJECTION, FileOutcome.FAILED, INJECTION, INJECTION, 1, INJECTION)], ZH),
        render_exchange(Exchange(INJECTION, answer, INJECTION, INJECTION), ZH),
        render_status(Shelf(1, 1, INJECTION), ModelState(ModelPhase.FAILED, INJECTION, 0, INJECTION), ZH),
    ]
    for piece in pieces:
        page = Reader(piece)
        assert "script" not in [tag for tag, _ in page.elements]
        assert "img" not in [tag for tag, _ in page.elements]
        assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
        assert "${" not in piece
        assert "{{" not in piece


def test_control_and_direction_signs_are_not_shown() -> None:
    assert escape("a\x00b\u202ec") == "abc"


def test_letter_page_of_its_own_marks_the_sentence_without_other_addresses() -> None:
    page = render_page(render_source(LIBRARY_LETTER, ZH, 0, 4), ZH, "")
    assert f'id="{MARK_ID}"' in page
    assert "http" not in page


def test_search_finds_by_body_number_and_title_words_in_any_order() -> None:
    letters = [LIBRARY_LETTER, HOSTILE_LETTER, NUMBERLESS_LETTER]
    assert find_letters(letters, "书房 文化") == [LIBRARY_LETTER]
    assert find_letters(letters, "〔2023〕12号") == [LIBRARY_LETTER]
    assert find_letters(letters, "公交") == [NUMBERLESS_LETTER]
    assert find_letters(letters, "没有的") == []


def test_citation_without_number_or_body_names_the_file() -> None:
    citation = cite(NUMBERLESS_LETTER, "12条", "E1")
    page = read(replace(answer_target("zh"), citations=(citation,)))
    assert "numberless.txt" in page.text


def test_listing_turns_pages() -> None:
    letters = [replace(NUMBERLESS_LETTER, letter_id=str(number), file=f"{number}.txt") for number in range(45)]
    assert len([tag for tag, _ in Reader(render_listing(letters, "", 3, ZH)).elements if tag == "tr"]) == 1 + 5
    assert "第 3 / 3 页，共 45 封" in render_listing(letters, "", 99, ZH)


def test_status_line_says_how_to_get_a_model_until_there_is_one() -> None:
    shelf = Shelf(3, 6, "柳溪市")
    assert "REPLYDESK_LLM" in render_status(shelf, ModelState(ModelPhase.NONE), ZH)
    assert "41%" in render_status(shelf, ModelState(ModelPhase.FETCHING, "small", 41), EN)
    assert "disk full" in render_status(shelf, ModelState(ModelPhase.FAILED, "small", reason="disk full"), EN)
    assert "REPLYDESK_LLM" not in render_status(shelf, ModelState(ModelPhase.READY, "small"), ZH)
    assert "1 letter<" in render_status(Shelf(1, 1, ""), ModelState(ModelPhase.READY, "small"), EN)


def test_statements_that_follow_each_other_stand_on_lines_of_their_own() -> None:
    citations = {c.marker: c for c in answer_comparison().citations}
    page = Reader(render_marked("甲为1座。[E1][E2]乙为2座。[E2] 丙为3座。[E1]", citations, "zh", "查看"))
    assert len(page.having("item")) == 3
    page = Reader(render_marked("甲为1座[E1]，乙为2座。[E2]", citations, "zh", "查看"))
    assert len(page.having("para")) == 1


def test_example_questions_come_from_the_figures_of_the_store() -> None:
    figure = Figure(
        LIBRARY_LETTER.letter_id, "新建城市书房", Decimal(45), "座", Decimal(45), "座", Comparator.AT_LEAST, 2023, "2023年", Status.TARGET,
        "柳溪市", "柳溪市", 3, 0, 3,
    )  # fmt: skip
    asked = list(propose_questions([LIBRARY_LETTER], [figure], "zh", "柳溪市"))
    assert asked == ["2023年新建城市书房的目标是多少？", "第58号提案是谁提的？哪天答复的？"]
    assert "柳溪市2023年新建城市书房的目标是多少？" in list(propose_questions([LIBRARY_LETTER], [figure], "zh", "别处市"))
    for unsure in (
        replace(figure, doubt="year"),
        replace(figure, revoked=True),
        replace(figure, year=2030),
        replace(figure, period="上半年"),
    ):
        assert len(list(propose_questions([LIBRARY_LETTER], [unsure], "zh", "柳溪市"))) == 1
    assert choose_questions([LIBRARY_LETTER], [figure], "en", "柳溪市", lambda question: "Who" in question, 4) == (
        "Who made proposal no. 58, and when was it answered?",
    )
