"""历年, 近三年, over the years: one figure for each year that the letters give."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.pipeline import Pipeline
from rag.records import Answer, Outcome
from rag.settings import Settings

TODAY = date(2024, 3, 1)


@pytest.fixture(scope="module")
def pipeline(letters_store: Path) -> Pipeline:
    return Pipeline(Settings(store=letters_store, llm="none", home="栖川市"))


def told(answer: Answer) -> list[tuple[int | None, str]]:
    assert answer.outcome is Outcome.ANSWERED, answer.text
    return [(figure.year, str(figure.value)) for figure in answer.figures]


ALL = [(2021, "38.6"), (2022, "45.3")]


@pytest.mark.parametrize(
    "question",
    [
        "栖川市历年新增孵化面积",
        "历年新增孵化面积是多少？",
        "近几年全市新增孵化面积",
        "新增孵化面积逐年的情况",
        "近年来新增孵化面积怎么变化的？",
        "过去三年新增孵化面积",
        "How did Qichuan's newly added incubation area develop over the years?",
    ],
)
def test_each_year_has_its_figure(pipeline: Pipeline, question: str) -> None:
    assert told(pipeline.ask(question, asked_on=TODAY)) == ALL


def test_so_many_years_are_the_last_ones(pipeline: Pipeline) -> None:
    assert told(pipeline.ask("近两年新增孵化面积", asked_on=TODAY)) == ALL
    assert told(pipeline.ask("近两年技术合同成交额", asked_on=TODAY))[-1][0] == 2022
    assert len(told(pipeline.ask("近两年技术合同成交额", asked_on=TODAY))) <= 2


def test_a_question_for_work_done_is_none_for_figures(pipeline: Pipeline) -> None:
    answer = pipeline.ask("近年来我市在孵化器方面做了哪些工作？", asked_on=TODAY)
    assert not answer.figures


def test_years_that_are_named_go_before(pipeline: Pipeline) -> None:
    assert told(pipeline.ask("近几年里2022年新增孵化面积是多少？", asked_on=TODAY)) == ALL[1:]
