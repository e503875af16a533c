"""What readers say of answers: kept for good, of one's own answers alone, sent from the page."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from doors.feedback import COMMENT_AT_MOST, Feedback, FeedbackBook, Verdict
from rag.errors import LimitError
from rag.records import Answer, Outcome
from screens.chat.conversations import Conversations
from screens.chat.exchange import Exchange
from tests.office_server import Office
from tests.visiting import AGAIN_AFTER_A_TIMEOUT, Visit, overflowing

ENTRY = Feedback("reader", "t1", Verdict.WRONG_FIGURE, "应为150", "目标是多少？", "180。")


def test_entries_are_only_added(tmp_path: Path) -> None:
    FeedbackBook(tmp_path).add(ENTRY)
    (kept,) = FeedbackBook(tmp_path).entries()
    assert (kept.owner, kept.verdict, kept.comment, kept.answer) == ("reader", Verdict.WRONG_FIGURE, "应为150", "180。")
    assert kept.given_at
    file = sqlite3.connect(tmp_path / "feedback.sqlite")
    for statement in ("UPDATE feedback SET comment = ''", "DELETE FROM feedback"):
        with pytest.raises(sqlite3.IntegrityError, match="only added"):
            file.execute(statement)
    file.close()


def test_overlong_comment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="2000"):
        FeedbackBook(tmp_path).add(Feedback("a", "t", Verdict.RIGHT, "长" * (COMMENT_AT_MOST + 1), "q", "a"))


def test_own_answer_alone_is_judged(office: Office) -> None:
    kept = Conversations(office.store)
    kept.add("reader", kept.begin("reader", "q"), Exchange("q", Answer(Outcome.ANSWERED, "a"), is_done=True, ticket="judged"))
    body = {"verdict": "incomplete", "comment": "缺2022年"}
    assert office.client("editor").post("/feedback/judged", json=body).status_code == 404
    assert office.client("reader").post("/feedback/judged", json={"verdict": "nice"}).status_code == 422
    assert office.client("reader").post("/feedback/judged", json=body).status_code == 200
    assert [(e.owner, e.verdict, e.comment) for e in FeedbackBook(office.store).entries() if e.ticket == "judged"] == [
        ("reader", Verdict.INCOMPLETE, "缺2022年")
    ]


@pytest.mark.browser
@AGAIN_AFTER_A_TIMEOUT
def test_wrong_answer_is_reported_on_the_page(visit: Visit) -> None:
    question = "2023年新建城市书房的目标是多少？"
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.ask(question)
    visit.wait_done(question)
    form = visit.page.locator(".exchange").last.locator(".feedback")
    form.locator("summary").click()
    form.locator("[name=verdict]").select_option("wrong_figure")
    form.locator("[name=comment]").fill("请核对")
    assert not form.locator("[name=gold]").is_visible()
    form.locator("[name=is_question]").check()
    form.locator("[name=gold]").fill("45座以上")
    assert overflowing(visit.page) == []
    form.locator("button").click()
    visit.page.wait_for_function("() => document.querySelector('.feedback output')?.textContent.includes('已加入评测题')")
