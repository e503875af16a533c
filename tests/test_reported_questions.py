"""Answers that people judged, as questions of the evaluation: what becomes a question, what is refused, and that a run asks them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from doors.reported_questions import FILE, Gold, append_row, find_sentence, make_row
from eval.questions import read_questions
from eval.run import main as run_evaluation
from rag.errors import LimitError, QuestionSetError, ReplyDeskError, StoreError
from rag.records import Answer, Outcome, Turn
from rag.settings import Settings
from rag.store import open_store
from screens.chat.conversations import Conversations
from screens.chat.exchange import Exchange
from tests.office_server import LETTER_ID, Office
from tests.small_desk import LIBRARY_LETTER, NUMBERLESS_LETTER

TARGET = "2023年，计划新建城市书房45座以上，新增藏书60万册。"
LETTERS = (NUMBERLESS_LETTER, LIBRARY_LETTER)
DAY = date(2024, 1, 5)


def make(answer: str, sentence: str, question: str = "2023年新建书房的目标？") -> dict[str, object]:
    return make_row(
        question, [Turn("书房多少？", "36座")], Gold(answer, sentence), find_sentence(sentence, LETTERS) if sentence else None, DAY
    )


def test_a_judged_answer_becomes_a_line_of_a_question_set(tmp_path: Path) -> None:
    append_row(tmp_path, make("45座以上", TARGET))
    append_row(tmp_path, make("", ""))
    append_row(tmp_path, make("尹若兰", "尹若兰委员：", "Who made the proposal?"))
    first, second, third = read_questions(tmp_path / FILE)
    assert (first.numbers, first.evidence[0].file, first.evidence[0].sentence) == (("45座",), "文旅-12.txt", TARGET)
    assert (first.history, first.asked_on, first.kind) == ((Turn("书房多少？", "36座"),), DAY, "reported")
    assert (second.answerable, second.evidence) == (False, ())
    assert (third.lang, third.must) == ("en", (("尹若兰",),))
    assert len({first.id, second.id, third.id}) == 3


@pytest.mark.parametrize("text", [TARGET, "计划新建城市书房45座以上", " 2023年，计划新建\n城市书房45座以上，新增藏书60万册。"])
def test_a_sentence_is_found_as_it_is_copied(text: str) -> None:
    found = find_sentence(text, LETTERS)
    assert found is not None
    assert (found.letter.letter_id, found.sentence.text) == ("文旅-12", TARGET)


@pytest.mark.parametrize(
    ("answer", "sentence", "error"),
    [
        ("45座以上", "2023年，计划新建城市书房54座以上。", QuestionSetError),  # no letter says so
        ("46座以上", TARGET, QuestionSetError),  # the sentence does not give it
        ("", TARGET, LimitError),
        ("长" * 2001, TARGET, LimitError),
        ("45座", "书房", QuestionSetError),  # too little of a sentence
    ],
)
def test_what_cannot_be_right_is_refused(answer: str, sentence: str, error: type[ReplyDeskError]) -> None:
    with pytest.raises(error) as told:
        make(answer, sentence)
    assert told.value.chinese != str(told.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        append_row(tmp_path, make("", ""))


def test_it_is_asked_in_the_next_evaluation(office: Office, tmp_path: Path) -> None:
    with open_store(Settings(store=office.store, llm="none")) as store:
        sentence = next(s.text for s in store.registry.letter(LETTER_ID).sentences if "180万平方米以上" in s.text)
    question = "温州市2023年新增孵化面积目标是多少？"
    kept = Conversations(office.store)
    number = kept.begin("reader", question)
    kept.add("reader", number, Exchange("孵化器有哪些？", Answer(Outcome.ANSWERED, "三家"), is_done=True, ticket="earlier"))
    kept.add("reader", number, Exchange(question, Answer(Outcome.ANSWERED, "100万平方米"), is_done=True, ticket="reported"))
    body = {"verdict": "wrong_figure", "is_question": True, "gold": "180万平方米以上", "sentence": sentence}
    wrong = office.client("reader").post("/feedback/reported", json={**body, "gold": "190万平方米"})
    assert (wrong.status_code, "不在所选的句子里" in wrong.text) == (422, True)
    told = office.client("reader").post("/feedback/reported", json=body)
    assert (told.status_code, "已加入评测题" in told.text) == (200, True)
    out = tmp_path / "out"
    assert run_evaluation([str(office.store / FILE), "--store", str(office.store), "--llm", "none", "--out", str(out)]) == 0
    row = json.loads((out / "answers.jsonl").read_text(encoding="utf-8"))
    assert row["history"][0]["question"] == "孵化器有哪些？"
    assert json.loads((out / "scores.json").read_text(encoding="utf-8"))["per_question"][row["id"]]["right"]["value"] == 1
