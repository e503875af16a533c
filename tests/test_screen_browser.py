"""The page in a real browser, served to it by a small desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from screens.seams import ModelPhase
from tests.visiting import AGAIN_AFTER_A_TIMEOUT, Visit, overflowing

pytestmark = [pytest.mark.browser, AGAIN_AFTER_A_TIMEOUT]


def test_asked_question_gets_a_card_and_its_citation_opens_the_marked_sentence(visit: Visit) -> None:
    visit.ask("2023年新建城市书房的目标是多少？")
    visit.wait_done("2023年新建城市书房")
    card = visit.page.locator("#present .card")
    assert "45" in card.locator("strong").inner_text()
    assert "以上" in card.inner_text()
    visit.page.click("#present .text .cite")
    visit.page.wait_for_selector("#source #cited")
    assert visit.page.inner_text("#source #cited") == "2023年，计划新建城市书房45座以上，新增藏书60万册。"
    assert visit.page.evaluate(
        """() => { const mark = document.querySelector('#cited').getBoundingClientRect(), panel = document.querySelector('.source-body').getBoundingClientRect();
                   return mark.top > panel.top && mark.bottom < panel.bottom; }"""
    )
    assert "柳文旅提复〔2023〕12号" in visit.page.inner_text("#source .facts")
    chat, panel = visit.page.locator("#chat").bounding_box(), visit.page.locator("#source").bounding_box()
    assert chat
    assert panel
    assert chat["x"] + chat["width"] <= panel["x"] + 1
    visit.page.keyboard.press("Escape")
    assert visit.page.locator("#source").is_hidden()


def test_evidence_stands_before_the_model_writes_and_stop_keeps_it(visit: Visit) -> None:
    visit.ask("慢：2023年新建城市书房的目标？")
    visit.page.wait_for_selector("#present .card")
    assert visit.page.locator("#present .exchange[data-state=running]").count() == 1
    visit.page.wait_for_selector("#present .draft")
    assert "尚未核对" in visit.page.inner_text("#present .draft")
    visit.page.click("#stop")
    visit.wait_done("慢：")
    assert "已停止生成" in visit.page.inner_text("#present")
    assert visit.page.locator("#present .draft").count() == 0
    assert visit.page.locator("#present .card").count() == 1
    assert visit.page.locator("#send").is_visible()
    visit.ask("第二个问题")
    visit.wait_done("第二个问题")
    assert visit.desk.asked()[-1][1][0].startswith("慢：")


def test_stop_works_while_nothing_has_come_yet(visit: Visit) -> None:
    visit.ask("无声的问题")
    visit.page.wait_for_selector("#present .waiting")
    visit.page.click("#stop")
    visit.wait_done("无声的问题")
    assert "已停止，没有答案" in visit.page.inner_text("#present")
    visit.ask("第二个问题")
    visit.wait_done("第二个问题")


def test_draft_of_the_model_becomes_the_checked_answer(visit: Visit) -> None:
    visit.ask("请模型说说2023年的目标")
    visit.wait_done("请模型说说")
    assert "small-model" in visit.page.inner_text("#present .meta")
    assert "核对时去掉了 1 处" in visit.page.inner_text("#present .meta")
    assert visit.page.locator("#present .draft").count() == 0


def test_example_question_is_asked_by_a_click(visit: Visit) -> None:
    visit.page.click("[data-do=ask] >> nth=0")
    visit.page.wait_for_selector("#present .exchange[data-state=done] .card")
    assert visit.desk.asked()[-1][0] == "2023年新建城市书房的目标是多少？"
    visit.page.click("#fresh")
    visit.page.wait_for_selector(".welcome")
    assert visit.page.locator(".exchange").count() == 0


def test_not_found_looks_different_from_an_answer(visit: Visit) -> None:
    visit.ask("2030年新建城市书房的目标？")
    visit.wait_done("2030年")
    assert visit.page.locator("#present .card").count() == 0
    assert "未找到依据" in visit.page.inner_text("#present .verdict")
    edge = visit.page.evaluate("getComputedStyle(document.querySelector('#present .reply.not_found')).borderLeftWidth")
    assert edge == "4px"


def test_later_question_comes_to_the_top_of_the_view(visit: Visit) -> None:
    for question in ("第一问", "第二问相比", "第三问"):
        visit.ask(question)
        visit.wait_done(question)
    visit.page.wait_for_function("() => document.querySelector('#present').getBoundingClientRect().top < 200")
    assert visit.page.locator("#past .exchange").count() == 2


@pytest.mark.parametrize("question", ["the store is gone", "a bug"])
def test_error_is_a_message_and_the_next_question_works(visit: Visit, question: str) -> None:
    visit.ask(question)
    visit.page.wait_for_selector("#present .reply.failed")
    text = visit.page.inner_text("#present .reply.failed")
    assert ("python -m ingest --check" in text) == (question == "the store is gone")
    assert "Traceback" not in text
    visit.ask("还能问吗")
    visit.wait_done("还能问吗")


def test_too_long_question_is_told_with_the_limit(visit: Visit) -> None:
    asked = len(visit.desk.asked())
    visit.ask("长" * 2001)
    visit.page.wait_for_selector("#present .reply.failed")
    assert "2000" in visit.page.inner_text("#present .reply.failed")
    assert len(visit.desk.asked()) == asked


def test_language_switch_changes_every_text_and_lasts(visit: Visit) -> None:
    visit.ask("2023年目标")
    visit.wait_done("2023年目标")
    visit.page.click("#present .text .cite")
    visit.page.wait_for_selector("#source .facts")
    visit.page.click("[data-language=en]")
    visit.page.wait_for_selector("#source .facts >> text=Issued by")
    visit.page.wait_for_selector("#present .tag >> text=Target")
    visit.page.click("#source .close")
    visit.page.get_by_role("tab", name="Letters").click()
    visit.page.wait_for_selector("#library th >> text=Number")
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for selector in ("#tabs .tab-container >> nth=-1", ".library-head", ".drop-hint", ".facts-line > .model", "#search"):
        element = visit.page.locator(selector).first
        words = element.inner_text() + (element.get_attribute("placeholder") or "")
        assert not chinese.search(words), words
    visit.go(visit.page.url.split("?")[0])
    visit.page.wait_for_selector("h1 >> text=What would you like to look up?")
    assert visit.page.evaluate("document.documentElement.lang") == "en"


def test_letter_with_a_script_stays_text(visit: Visit) -> None:
    visit.ask("注入")
    visit.wait_done("注入")
    visit.page.click("#present .text .cite")
    visit.page.wait_for_selector("#source #cited")
    visit.page.get_by_role("tab", name="文件").click()
    visit.page.wait_for_selector("#listing tr >> text=hostile.txt")
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate("window.injected") is None
    assert visit.page.locator("img[src=x]").count() == 0
    assert "<script>" in visit.page.inner_text("#source .source-head")


def test_letter_opens_in_a_page_of_its_own(visit: Visit) -> None:
    visit.ask("2023年目标")
    visit.wait_done("2023年目标")
    address = visit.page.get_attribute("#present .text .cite", "href")
    visit.is_leaving = True
    visit.page.goto(visit.page.url.split("?")[0] + str(address))
    assert visit.page.inner_text("#cited").startswith("2023年，计划新建")


def test_uploaded_files_are_told_one_by_one_and_listed(visit: Visit, tmp_path: Path) -> None:
    good, empty = tmp_path / "关于停车的答复.txt", tmp_path / "空.txt"
    good.write_text("2023年新增车位300个。", encoding="utf-8")
    empty.touch()
    visit.page.get_by_role("tab", name="文件").click()
    visit.page.set_input_files("#files input[type=file]", [good, empty])
    visit.page.wait_for_selector(".results > p")
    text = visit.page.inner_text(".results")
    assert "新增 1，更新 0，不变 0，失败 1" in text
    assert "请检查后重新上传" in text
    visit.page.fill("#search input, #search textarea", "停车")
    visit.page.wait_for_function("() => document.querySelectorAll('#listing tbody tr').length === 1")
    visit.page.click("#listing .title a")
    visit.page.wait_for_selector("#source .paper")
    visit.page.wait_for_function(
        "count => document.querySelector('.facts-line').textContent.includes(count + ' 封')", arg=visit.desk.letters()
    )


def test_upload_is_undone_after_it_was_asked(visit: Visit, tmp_path: Path) -> None:
    wrong = tmp_path / "关于误传的答复.txt"
    wrong.write_text("2023年新增车位300个。", encoding="utf-8")
    held = visit.desk.letters()
    visit.page.get_by_role("tab", name="文件").click()
    visit.page.set_input_files("#files input[type=file]", [wrong])
    visit.page.wait_for_selector(".results > p")
    assert visit.desk.letters() == held + 1
    assert not visit.page.is_visible("[data-undo]")
    visit.page.click(".undo summary")
    assert "1 个文件将移出文件库" in visit.page.inner_text(".undo")
    visit.page.click("[data-undo]")
    visit.page.wait_for_selector("text=本次导入已撤销")
    assert "关于误传的答复.txt" in visit.page.inner_text(".results")
    assert visit.desk.letters() == held


@pytest.mark.parametrize(
    "visit", [{"width": 390}, {"width": 390, "language": "en"}, {"width": 1024}, {"width": 1440, "dark": True}], indirect=True
)
def test_nothing_sticks_out_of_the_window(visit: Visit) -> None:
    english = "language=en" in visit.page.url
    assert overflowing(visit.page) == []
    for question in ("2023年目标", "相比", "全部", "2030", "注入", "the store is gone"):
        visit.ask(question)
        visit.wait_done(question)
    assert overflowing(visit.page) == []
    visit.page.locator(".cite").first.click()
    visit.page.wait_for_selector("#source #cited")
    assert overflowing(visit.page) == []
    visit.page.click("#source .close")
    visit.page.get_by_role("tab", name="Letters" if english else "文件").click()
    visit.page.wait_for_selector("#listing .title")
    assert overflowing(visit.page) == []


def test_theme_switch_lasts(visit: Visit) -> None:
    light = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    visit.page.click("[data-theme-switch]")
    visit.page.wait_for_function("colour => getComputedStyle(document.body).backgroundColor !== colour", arg=light)
    visit.go(visit.page.url)
    visit.page.wait_for_function("() => document.body.classList.contains('dark')")


def test_fetch_of_the_model_is_on_screen_until_the_model_is_there(visit: Visit) -> None:
    visit.desk.set_model(ModelPhase.FETCHING, "small", 41)
    try:
        visit.go(visit.page.url)
        visit.page.wait_for_selector(".facts-line >> text=41%")
        visit.desk.set_model(ModelPhase.READY, "small-model")
        visit.page.wait_for_selector(".facts-line >> text=small-model")
    finally:
        visit.desk.set_model(ModelPhase.NONE)
