"""Questions asked of a part of the store, on real letters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.filters import NOTHING, Filters
from rag.pipeline import Pipeline
from rag.records import Answer, LetterKind, Outcome, Status
from rag.settings import Settings
from tests.office_server import LETTER_ID, QUESTION

SCIENCE, CIVIL = "栖川市科学技术局", "栖川市民政局"
AREA = "栖川市新增孵化面积多少？"


@pytest.fixture(scope="module")
def pipeline(letters_store: Path) -> Pipeline:
    return Pipeline(Settings(store=letters_store, llm="none"))


def years(answer: Answer) -> set[int | None]:
    return {figure.year for figure in answer.figures}


def test_nothing_chosen_changes_nothing(pipeline: Pipeline) -> None:
    assert not NOTHING
    assert pipeline.ask(QUESTION, filters=NOTHING).text == pipeline.ask(QUESTION).text


def test_years_are_those_of_the_figures(pipeline: Pipeline) -> None:
    for year in (2022, 2023):
        answer = pipeline.ask(AREA, filters=Filters(years=(year,)))
        assert (answer.outcome, years(answer)) == (Outcome.ANSWERED, {year}), answer.text


def test_target_or_actual(pipeline: Pipeline) -> None:
    for status in (Status.TARGET, Status.ACTUAL):
        answer = pipeline.ask(f"2022年{AREA}", filters=Filters(statuses=(status,)))
        assert {figure.status for figure in answer.figures} <= {status}, answer.text


def test_letters_bodies_and_kinds_choose_letters(pipeline: Pipeline) -> None:
    whole = pipeline.ask(QUESTION)
    assert whole.outcome is Outcome.ANSWERED
    for keeps in (Filters(letters=(LETTER_ID,)), Filters(bodies=("温州市科学技术局",))):
        assert pipeline.ask(QUESTION, filters=keeps).text == whole.text
    for hides in (Filters(bodies=(CIVIL,)), Filters(letters=("no such letter",)), Filters(kinds=(LetterKind.OTHER,))):
        answer = pipeline.ask(QUESTION, filters=hides)
        assert (answer.outcome, answer.figures) == (Outcome.NOT_FOUND, ()), answer.text


def test_filters_combine(pipeline: Pipeline) -> None:
    both = Filters(years=(2023,), bodies=(SCIENCE,))
    assert years(pipeline.ask(AREA, filters=both)) == {2023}
    none = Filters(years=(2023,), bodies=(CIVIL,))
    assert pipeline.ask(AREA, filters=none).outcome is Outcome.NOT_FOUND


def test_the_store_as_of_a_day(pipeline: Pipeline) -> None:
    early = pipeline.ask(AREA, filters=Filters(as_of=date(2022, 12, 31)))
    assert years(early) <= {2021, 2022}
    assert early.text == pipeline.ask(AREA, as_of=date(2022, 12, 31)).text


@pytest.mark.parametrize(
    ("question", "says"),
    [("栖川市2021年新增孵化面积多少？", "只选了2023年"), ("What was Qichuan's new incubation area in 2021?", "only 2023")],
)
def test_a_question_that_the_filter_contradicts_is_told_so(pipeline: Pipeline, question: str, says: str) -> None:
    answer = pipeline.ask(question, filters=Filters(years=(2023,)))
    assert (answer.outcome, answer.figures) == (Outcome.NOT_FOUND, ())
    assert says in answer.text


def test_a_filter_that_leaves_nothing_says_so(pipeline: Pipeline) -> None:
    assert "没有符合筛选条件的答复函" in pipeline.ask(QUESTION, filters=Filters(letters=("no such letter",))).text


def test_each_of_several_questions_is_narrowed(pipeline: Pipeline) -> None:
    asked = "栖川市2022年新增孵化面积是多少？温州市2023年新增孵化面积目标是多少？"
    answer = pipeline.ask(asked, filters=Filters(years=(2022,)))
    assert years(answer) <= {2022}
    assert "180" not in answer.text


def test_views_of_parts_do_not_pile_up(pipeline: Pipeline) -> None:
    whole = pipeline.view()
    for number in range(40):
        pipeline.view(filters=Filters(letters=(str(number),)))
    assert pipeline.view() is whole
    assert len(pipeline._views) < 12
