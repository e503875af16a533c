"""The chat in a real browser: conversations that last, changing a question, copying, shortcuts."""

from __future__ import annotations

import pytest

from tests.visiting import AGAIN_AFTER_A_TIMEOUT, Visit, overflowing

pytestmark = [pytest.mark.browser, AGAIN_AFTER_A_TIMEOUT]

FIRST, SECOND = "2023年新建城市书房的目标是多少？", "相比2022年呢？"
TITLES = "() => [...document.querySelectorAll('.conversations .entry')].map(entry => entry.textContent)"


def titles(visit: Visit) -> list[str]:
    found: list[str] = visit.page.evaluate(TITLES)
    return found


def ask(visit: Visit, question: str) -> None:
    visit.ask(question)
    visit.wait_done(question)


def begin_anew(visit: Visit) -> None:
    visit.page.keyboard.press("Alt+n")
    visit.page.wait_for_selector(".welcome")


def choose(visit: Visit, title: str, what: str) -> None:
    entry = visit.page.locator(".conversations li", has_text=title).first
    entry.hover()
    entry.locator("summary").click()
    entry.locator(f"[data-{what}]").click()


def test_conversation_outlasts_reload_and_restart_and_goes_on(visit: Visit) -> None:
    ask(visit, FIRST)
    ask(visit, SECOND)
    visit.page.wait_for_function("() => location.search.includes('conversation=')")
    address = visit.page.url
    visit.go(address, "#past .exchange")
    assert visit.page.locator(".exchange").count() == 2
    visit.is_leaving = True
    visit.desk.stop()
    visit.desk.start()
    visit.go(address, "#past .exchange")
    assert FIRST in visit.page.inner_text("#past .asked")
    assert visit.page.locator("#present .card").count() == 2
    ask(visit, "那2030年呢")
    assert visit.desk.asked()[-1][1] == [FIRST, SECOND]
    visit.page.locator("#present .cite").first.click()
    visit.page.wait_for_selector("#source #cited")


def test_conversations_are_found_renamed_and_deleted(visit: Visit) -> None:
    for question in ("城市书房之一，2023年", "夜间公交之二，2030年"):
        ask(visit, question)
        begin_anew(visit)
    assert titles(visit)[:2] == ["夜间公交之二，2030年", "城市书房之一，2023年"]
    choose(visit, "城市书房之一", "rename")
    visit.page.keyboard.type("书房台账")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".conversations .entry >> text=书房台账")
    visit.page.fill("#find :is(input, textarea)", "之二")
    visit.page.wait_for_function(f"() => ({TITLES})().length === 1")
    visit.page.fill("#find :is(input, textarea)", "这里没有")
    visit.page.wait_for_selector(".conversations .empty >> text=这里没有")
    visit.page.fill("#find :is(input, textarea)", "")
    visit.page.wait_for_selector(".conversations .entry >> text=书房台账")
    visit.page.click(".conversations .entry >> text=书房台账")
    visit.page.wait_for_selector("#present .asked >> text=城市书房之一")
    choose(visit, "书房台账", "delete")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector(".conversations .deleting", state="hidden")
    choose(visit, "书房台账", "delete")
    visit.page.click(".conversations .danger >> visible=true")
    visit.page.wait_for_selector(".welcome")
    visit.page.wait_for_function(f"() => !({TITLES})().includes('书房台账')")
    assert "conversation=" not in visit.page.url


def test_answer_goes_on_and_is_kept_while_another_conversation_is_read(visit: Visit) -> None:
    ask(visit, "第一个对话的问题")
    begin_anew(visit)
    visit.ask("慢：第二个对话")
    visit.page.wait_for_selector("#present .draft")
    visit.page.click(".conversations .entry >> text=第一个对话的问题")
    visit.page.wait_for_selector("#present .asked >> text=第一个对话的问题")
    visit.page.wait_for_timeout(500)  # the other one is being written all the time
    assert "第二个对话" not in visit.page.inner_text("#present")
    ask(visit, "接着问")
    assert visit.desk.asked()[-1][1] == ["第一个对话的问题"]


def test_question_is_changed_and_what_followed_is_replaced(visit: Visit) -> None:
    for question in ("甲问2023", "乙问相比", "丙问全部"):
        ask(visit, question)
    visit.page.locator("#past .exchange >> nth=1").hover()
    visit.page.locator("#past [data-do=edit] >> nth=1").click()
    visit.page.wait_for_selector(".editing >> text=乙问相比")
    assert visit.page.input_value("#question textarea") == "乙问相比"
    ask(visit, "乙问改为2030年")
    assert visit.desk.asked()[-1] == ("乙问改为2030年", ["甲问2023"])
    visit.go(visit.page.url, "#past .exchange")
    assert visit.page.locator(".asked").all_inner_texts() == ["你:\n甲问2023", "你:\n乙问改为2030年"]
    visit.page.click("#question textarea")
    visit.page.keyboard.press("ArrowUp")
    visit.page.wait_for_selector(".editing >> text=乙问改为")
    visit.page.click(".editing [data-do=keep]")
    visit.page.wait_for_selector(".editing", state="detached")
    assert visit.page.input_value("#question textarea") == ""


def test_copied_answer_carries_its_sources(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(visit, FIRST)
    visit.page.click("#present .asked")  # out of the field
    visit.page.keyboard.press("c")
    visit.page.wait_for_selector("#present .actions .done")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[0] == f"问：{FIRST}"
    assert "的目标是45座以上。[1]" in copied
    assert "[1] “2023年，计划新建城市书房45座以上，新增藏书60万册。” — 柳溪市文化和旅游局 · 柳文旅提复〔2023〕12号 · 2023-05-18" in copied


def test_shortcuts_are_told_and_work(visit: Visit) -> None:
    ask(visit, FIRST)
    visit.page.click("#present .asked")
    visit.page.keyboard.press("?")
    visit.page.wait_for_selector("#shortcuts[open]")
    assert "Alt + N" in visit.page.inner_text("#shortcuts")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector("#shortcuts", state="hidden")
    visit.page.keyboard.press("1")
    visit.page.wait_for_selector("#source #cited")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector("#source", state="hidden")
    visit.page.keyboard.press("/")
    visit.page.wait_for_function("() => document.activeElement.matches('#question textarea')")
    visit.ask("慢：2023")
    visit.page.wait_for_selector("#present .draft")
    visit.page.keyboard.press("Escape")
    visit.wait_done("慢：")
    visit.page.keyboard.press("Alt+k")
    visit.page.wait_for_function("() => document.activeElement.closest('#find')")


@pytest.mark.parametrize("visit", [{"width": 390}, {"width": 1024, "language": "en"}], indirect=True)
def test_list_is_a_drawer_where_there_is_no_room(visit: Visit) -> None:
    ask(visit, "很长的问题" * 40)
    assert overflowing(visit.page) == []
    assert not visit.page.locator("#sidebar").is_visible()
    visit.page.click("[data-list-switch]")
    visit.page.wait_for_selector("#sidebar >> visible=true")
    visit.page.wait_for_function("() => document.querySelector('#sidebar').getBoundingClientRect().left === 0")
    visit.page.mouse.click(visit.page.evaluate("innerWidth") - 10, 400)
    visit.page.wait_for_selector("#sidebar", state="hidden")
    visit.page.click(".tools [data-press='#fresh']")
    visit.page.wait_for_selector(".welcome")
    visit.page.click("[data-list-switch]")
    visit.page.click(".conversations .entry >> nth=0")
    visit.page.wait_for_selector("#present .exchange")
    visit.page.wait_for_selector("#sidebar", state="hidden")


def test_card_over_the_number_tells_sentence_and_letter(visit: Visit) -> None:
    ask(visit, FIRST)
    visit.page.hover("#present .text .cite")
    card = visit.page.wait_for_selector("#citecard >> visible=true")
    assert card
    told = card.inner_text()
    for part in ("2023年，计划新建城市书房45座以上", "柳溪市文化和旅游局", "柳文旅提复〔2023〕12号", "2023-05-18"):
        assert part in told
    visit.page.hover("#citecard")
    visit.page.wait_for_timeout(400)  # it stays under the pointer
    assert visit.page.locator("#citecard").is_visible()
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector("#citecard", state="hidden")
    visit.page.focus("#present .text .cite")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Shift+Tab")
    visit.page.wait_for_selector("#citecard >> visible=true")
    visit.page.mouse.move(1, 1)
    visit.page.wait_for_timeout(400)  # the keyboard's card does not follow the pointer
    assert visit.page.get_attribute("#present .text .cite", "aria-describedby") == "citecard"
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#source #cited")
    assert visit.page.locator("#citecard").is_hidden()


def open_filters(visit: Visit) -> None:
    visit.page.click("#filters > button")
    visit.page.wait_for_selector("#filter-fields input", state="visible")


def test_a_question_is_narrowed_down_and_its_chips_stay_with_it(visit: Visit) -> None:
    page = visit.page
    open_filters(visit)
    page.wait_for_timeout(600)  # the choices come with the opening
    kinds = page.locator("#filter-fields input").nth(2)
    kinds.click()
    page.locator("[role=option]", has_text="政协提案").click()
    page.wait_for_selector("#chips .chips li")
    assert page.inner_text("#chips .chips li span") == "政协提案"
    page.keyboard.press("Escape")
    page.locator("#filter-fields input").last.fill("2023-13-40")
    page.wait_for_selector("#chips .warning")
    page.locator("#filter-fields input").last.fill("2023-06-30")
    page.wait_for_function("() => document.querySelectorAll('#chips .chips li span').length === 2")
    ask(visit, FIRST)
    assert page.locator("#present .asked-chips span").all_inner_texts() == ["政协提案", "截至 2023-06-30"]
    page.wait_for_selector("#filter-fields", state="hidden")  # the answer needs the room
    assert overflowing(page) == []
    page.click("#chips button.all")
    page.wait_for_selector("#chips .chips", state="detached")
    ask(visit, SECOND)
    assert page.locator("#present .asked-chips").count() == 0
    visit.go(page.url, "#past .exchange")
    assert page.locator("#past .asked-chips span").all_inner_texts() == ["政协提案", "截至 2023-06-30"]  # kept with the conversation
