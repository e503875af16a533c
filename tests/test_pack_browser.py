"""An answer's evidence saved from the page, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from tests.visiting import AGAIN_AFTER_A_TIMEOUT, Visit, overflowing

pytestmark = [pytest.mark.browser, AGAIN_AFTER_A_TIMEOUT]

QUESTION = "2023年新建城市书房的目标是多少？"


@pytest.mark.parametrize("width", [1440, 390])
def test_shown_answer_is_saved_as_word(visit: Visit, tmp_path: Path, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 850})
    visit.ask(QUESTION)
    visit.wait_done(QUESTION)
    exchange = visit.page.locator(".exchange").last
    exchange.locator(".pack:not(.feedback) summary").click()
    assert overflowing(visit.page) == []
    with visit.page.expect_download() as saving:
        exchange.locator(".pack a", has_text="Word").click()
    path = tmp_path / "saved.docx"
    saving.value.save_as(path)
    assert saving.value.suggested_filename.endswith(".docx")
    text = "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    quoted = exchange.locator(".sources q").all_inner_texts()
    assert quoted
    assert [sentence for sentence in quoted if sentence not in text] == []
