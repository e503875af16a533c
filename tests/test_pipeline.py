"""From letter files to proved answers, on the real store, index and encoder: the questions that the product was made for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.scan import list_files
from ingest.update import ingest_files
from rag.langchain_pipeline import make_langchain_pipeline
from rag.pipeline import Draft, EvidenceReady, Final, Pipeline
from rag.records import Answer, Outcome, Status, Turn
from rag.settings import ROOT, Settings
from rag.store import open_store
from tests.lying_model import Lie, LyingModel

RESTATED = ROOT / "data/letters/2023-wenzhou-kj-094.txt"


def fill(settings: Settings, *paths: Path) -> Settings:
    with open_store(settings, write=True) as store:
        ingest_files(store, list(list_files(paths)))
    return settings


@pytest.fixture(scope="module")
def one_letter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    settings = fill(Settings(store=tmp_path_factory.mktemp("one") / "store", llm="none"), RESTATED)
    pipeline = Pipeline(settings)
    yield pipeline
    pipeline.store.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    settings = fill(Settings(store=tmp_path_factory.mktemp("all") / "store", llm="none", home="栖川市"), ROOT / "data/letters")
    pipeline = Pipeline(settings)
    yield pipeline
    pipeline.store.close()


def assert_proved(pipeline: Pipeline, answer: Answer) -> None:
    """Each citation stands in its letter, each marker of the text has its citation and the other way round."""
    for citation in answer.citations:
        letter = pipeline.view().letter(citation.letter_id)
        assert letter.text[citation.start : citation.end] == citation.text
    assert set(re.findall(r"\[(E\d+)\]", answer.text)) == {c.marker for c in answer.citations}


@pytest.mark.parametrize(
    ("question", "figure", "not_this"),
    [
        ("what is the 2023 incubation area target", "1.8 million square metres", "1.52 million"),
        ("2023年新增孵化面积目标是多少？", "180万平方米以上", "152万"),
        ("2022年新增孵化空间多少？", "152万平方米", "180万"),
        ("全市在孵企业有多少家？", "3424家", "132"),
    ],
)
def test_figure_of_the_asked_year_and_kind_is_given_and_proved(one_letter: Pipeline, question: str, figure: str, not_this: str) -> None:
    answer = one_letter.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert figure in answer.text
    assert not_this not in answer.text
    assert answer.citations
    assert_proved(one_letter, answer)


def test_pipeline_composes_with_other_langchain_steps(one_letter: Pipeline) -> None:
    chain = make_langchain_pipeline(one_letter) | (lambda answer: answer.text)
    assert "180万平方米以上" in chain.invoke("2023年新增孵化面积目标是多少？")


def test_people_to_be_brought_in_this_year(one_letter: Pipeline) -> None:
    answer = one_letter.ask("今年计划新引进几名全职院士和鲲鹏人才？", asked_on=date(2023, 8, 1))
    assert re.search(r"5\s*人以上", answer.text)
    assert answer.figures[0].status is Status.TARGET
    assert_proved(one_letter, answer)


def test_letter_tells_its_proposal_proposer_and_date(one_letter: Pipeline) -> None:
    answer = one_letter.ask("哪个提案？谁提的？哪天答复的？")
    assert answer.outcome is Outcome.ANSWERED
    for part in ("142", "洪晓畅", "2023年6月20日"):
        assert part in answer.text
    assert_proved(one_letter, answer)


@pytest.mark.parametrize(
    "question", ["2024年新增孵化面积目标是多少？", "杭州市2023年新增孵化面积目标是多少？", "2031年火星基地的目标是多少？"]
)
def test_other_year_place_or_subject_is_not_found_and_gives_no_figure(one_letter: Pipeline, question: str) -> None:
    answer = one_letter.ask(question)
    assert answer.outcome is Outcome.NOT_FOUND
    assert not answer.figures
    assert not re.search(r"180|152", answer.text)


def test_correction_replaces_the_figure_and_the_older_one_can_be_asked_as_of(archive: Pipeline) -> None:
    question = "2023年竹屏县计划新增义务教育学位多少个？"
    assert "1300个" in archive.ask(question).text
    letters = {letter.file: letter for letter in archive.view().letters}
    first, correction = (letters[f"2023-qichuan-jy-{name}.txt"] for name in ("040", "048-correction"))
    assert first.issued_on is not None
    assert correction.issued_on is not None
    assert first.issued_on < correction.issued_on
    assert "2300个" in archive.ask(question, as_of=first.issued_on).text


def test_reissued_letter_counts_and_the_first_one_can_be_asked_as_of(archive: Pipeline) -> None:
    question = "2022年栖川市PM2.5年均浓度控制目标是多少？"
    assert "31.5微克/立方米" in archive.ask(question).text
    before = archive.ask(question, as_of=date(2022, 6, 1)).text  # the re-issue is of August
    assert "32微克/立方米" in before
    assert "31.5" not in before


def test_the_command_answers_as_of_a_day(archive: Pipeline) -> None:
    question = "2022年栖川市PM2.5年均浓度控制目标是多少？"
    arguments = [question, "--store", str(archive.settings.store), "--llm", "none", "--as-of", "2022-06-01", "--json"]
    done = subprocess.run([sys.executable, "-m", "rag.ask", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "32微克/立方米" in told["answer"]
    assert {c["file"] for c in told["citations"]} == {"2022-qichuan-hj-021.txt"}


def test_follow_up_keeps_the_indicator_and_changes_the_year(archive: Pipeline) -> None:
    answer = archive.ask("那2024年呢？", history=[Turn("栖川市2023年新增孵化面积的目标是多少？", "50万平方米以上。")])
    assert "52万平方米" in answer.text
    assert "50万" not in answer.text


def test_home_place_is_meant_and_named_where_the_question_names_none(archive: Pipeline) -> None:
    answer = archive.ask("2023年新增孵化面积目标是多少？")
    assert "栖川市" in answer.text
    assert "50万平方米以上" in answer.text
    assert "180万" not in answer.text


def test_composed_answer_comes_before_the_model_writes_and_a_lie_is_not_shown(tmp_path: Path) -> None:
    settings = fill(Settings(store=tmp_path / "store"), RESTATED)
    with LyingModel(lie=Lie.DIGIT) as liar:
        from rag.llm import connect

        pipeline = Pipeline(settings, model=connect(replace(settings, llm=liar.url)))
        events = list(pipeline.stream("大孵化集群战略怎么推进？"))
        pipeline.store.close()
    assert isinstance(events[0], EvidenceReady)
    assert isinstance(events[-1], Final)
    if events[0].answer.outcome is Outcome.ANSWERED:
        assert any(isinstance(event, Draft) for event in events)
    proved = "".join(citation.text for citation in events[0].answer.citations)
    for number in re.findall(r"\d+(?:\.\d+)?", re.sub(r"\[E\d+\]", "", events[-1].answer.text)):
        assert number in proved


def test_ask_command_writes_the_agreed_json(one_letter: Pipeline) -> None:
    command = [
        sys.executable,
        "-m",
        "rag.ask",
        "2023年新增孵化面积目标是多少？",
        "--store",
        str(one_letter.settings.store),
        "--llm",
        "none",
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=True)
    answer = json.loads(done.stdout)
    assert {"outcome", "answer", "citations", "figures", "seconds", "model"} <= set(answer)
    assert answer["citations"][0]["file"] == RESTATED.name
    assert answer["figures"][0]["value"] == "180"
    assert answer["figures"][0]["comparator"] == ">="
    assert {"understand", "retrieve", "generate", "verify", "total"} <= set(answer["seconds"])


def test_several_attributes_of_one_thing_are_answered_by_the_sentence_that_gives_them(archive: Pipeline) -> None:
    answer = archive.ask("梅溪水库引调水工程的线路长度、年引水量、投资分别是多少？")
    assert answer.outcome is Outcome.ANSWERED
    for figure in ("47公里", "6800万立方米", "19.5亿元"):
        assert figure in answer.text
    assert_proved(archive, answer)
    assert archive.ask("2019年梅溪水库引调水工程的线路长度、年引水量、投资分别是多少？").outcome is Outcome.NOT_FOUND


def test_list_is_the_whole_sentence_where_the_ledger_picks_some_of_its_figures(tmp_path: Path) -> None:
    letter = tmp_path / "allowance.txt"
    letter.write_text(
        "沅溪市人力资源和社会保障局\n沅人社函〔2024〕6号\n\n关于市政协第31号提案的答复\n\n贺知远委员：\n"
        "您提出的关于留住青年人才的提案收悉，答复如下：\n一、租房补贴\n"
        "自2024年7月1日起，大专、本科、硕士毕业生租房补贴分别按每月400元、700元、1100元发放，最长24个月。\n"
        "2023年新建人才公寓860套。\n\n沅溪市人力资源和社会保障局\n2024年5月8日\n",
        encoding="utf-8",
    )
    pipeline = Pipeline(fill(Settings(store=tmp_path / "store", llm="none"), letter))
    try:
        answer = pipeline.ask("沅溪市租房补贴，大专、本科和硕士每月各给多少？")
        english = pipeline.ask(
            "What rent subsidy does Yuanxi pay graduates of junior college, bachelor's and master's programmes, respectively?"
        )
    finally:
        pipeline.store.close()
    assert answer.outcome is Outcome.ANSWERED
    for amount in ("400元", "700元", "1100元"):
        assert amount in answer.text
    assert english.outcome is not Outcome.ANSWERED or all(amount in english.text for amount in ("400", "700", "1100"))
