"""The review in a real browser: every key does what the page says it does, and whatever was
confirmed is saved once, whatever happens to line, page and session."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from reviewing import Reviewer, ask_as_citizens

pytestmark = pytest.mark.browser

LABELS = "**/console/api/labels"
SAID = ("门诊自己垫的钱咋个弄到手", "从厂里出来俩月了想自己续上", "卡里的钱能一把拿出来不",
        "那个备案管一年还是管到底")
CLEAR = ("湖北门诊费用报销要带什么材料", "异地就医备案要多久办好")
CLEAR_TOO = ("退休待遇核定怎么办理", "生育津贴要什么材料")
"""Nothing is missing from what is proposed for these."""



@pytest.fixture
def reviewer(browser, server):
    """A reviewer on a desktop; errors of the page fail the test."""
    # Without the page's policy: axe is put into it.
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN",
                                  bypass_csp=True)
    page, problems = context.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error"
            and "Failed to load resource" not in m.text else None)
    page.on("dialog", lambda dialog: dialog.accept())
    yield Reviewer(page, server)
    context.close()
    assert problems == []


@pytest.fixture
def opened(reviewer, server):
    """Opens the page on messages that nobody else has written; returns what they have in common."""
    def open_on(*texts: str) -> str:
        word = ask_as_citizens(server, texts)
        reviewer.wait_for(word, len(texts))
        reviewer.open(word)
        return word
    return open_on


def expect_next(reviewer: Reviewer, before: str) -> None:
    """The page has gone on."""
    expect(reviewer.text).not_to_have_text(before)


def test_one_key_confirms_what_the_page_proposes_and_one_takes_it_back(reviewer, opened):
    word = opened(*CLEAR)
    said, proposed = reviewer.text.inner_text(), reviewer.proposed
    reviewer.press("Enter")
    expect_next(reviewer, said)
    reviewer.expect_saved()
    [label] = reviewer.labels(word)
    assert label["text"] == said and label["by"] == "7001"
    assert proposed == f"{label['label']['intent']} › {label['label']['item']}"
    expect(reviewer.page.locator("#trail")).to_contain_text("已保存")

    reviewer.press("u")
    expect(reviewer.text).to_have_text(said)
    assert reviewer.labels(word) == []
    assert reviewer.get(f"inbox?q={word}")["messages"] == 2


def test_a_digit_takes_the_matter_that_stands_beside_it(reviewer, opened):
    word = opened(SAID[0])
    rank = reviewer.page.locator(".rank").nth(1)
    wanted = rank.locator("[data-part=name]").inner_text()
    reviewer.press("2")
    expect(reviewer.page.locator("#empty-title")).to_be_visible()
    reviewer.expect_saved()
    [label] = reviewer.labels(word)
    assert wanted == f"{label['label']['intent']} › {label['label']['item']}"


def test_other_keys_ask_for_what_they_need_and_show_it_first(reviewer, opened):
    word = opened(*SAID)
    options, chosen = reviewer.page.locator("#pick-list li"), []

    def first_option() -> str:
        return options.first.locator("[data-part=name]").inner_text()

    reviewer.press("o")
    chosen.append(first_option())
    reviewer.press("1", "i")
    reviewer.type("ylf")
    expect(options.first).to_contain_text("医疗费用手工")
    reviewer.press("Shift+Enter")
    expect(reviewer.page.locator("#pick-title")).to_have_text("问的是哪些方面")
    reviewer.press("2", "Shift+Enter")
    assert reviewer.proposed == "零星报销 › 医疗费用手工(零星)报销"
    reviewer.press("m", "2", "x", "f", "Escape", "Enter")
    expect(reviewer.page.locator("#empty-title")).to_be_visible()
    reviewer.expect_saved()
    outside, silent, unusable, last = (label["label"] for label in reviewer.labels(word))
    assert (outside["intent"], outside["category"]) == ("范围外", chosen[0])
    assert silent["item"] == "医疗费用手工(零星)报销" and silent["topic"]
    assert not unusable["usable"] and last["usable"]


def test_words_are_marked_and_sentences_changed_by_keyboard(reviewer, opened):
    word = opened("我妈户口还没迁过来要怎么异地备案")
    said = reviewer.text.inner_text()
    reviewer.press("e", "Home", *["Delete"] * 2, "Enter")
    expect(reviewer.text).to_have_text(said[2:])
    reviewer.press("s", *["Shift+ArrowRight"] * 6)
    expect(reviewer.page.locator("#mark [data-part=go]")).to_contain_text("给“户口还没迁过”选情况")
    reviewer.press("Enter")
    reviewer.type("hk")
    reviewer.press("Enter", "1")
    expect(reviewer.page.locator(".marks")).to_contain_text("户口还没迁过")
    reviewer.press("Enter")
    reviewer.expect_saved()
    [label] = reviewer.labels(word)
    [fact] = label["label"]["facts"]
    assert label["text"] == said[2:] and label["original"] == said
    assert (fact["start"], fact["end"]) == (0, 6)


def test_what_was_confirmed_is_saved_once_though_the_line_breaks_and_the_page_reloads(
        reviewer, opened):
    page, word, lost = reviewer.page, opened(*CLEAR, *CLEAR_TOO), []

    def lose_the_answer(route) -> None:
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route(LABELS, lose_the_answer)
    reviewer.press("Enter")
    expect(page.locator("#banner")).to_contain_text("自动再试")
    reviewer.expect_saved()
    expect(page.locator("#banner")).to_be_hidden()
    assert lost == [200, 200] and len(reviewer.labels(word)) == 1

    page.unroute(LABELS)
    page.route(LABELS, lambda route: route.abort())
    reviewer.press("Enter", "Enter")
    expect(page.locator("#saving")).to_contain_text("还有 2 步没保存")
    page.unroute(LABELS)
    leaving = []
    page.on("dialog", lambda dialog: leaving.append(dialog.type))
    page.reload()
    assert leaving == ["beforeunload"]
    reviewer.expect_saved()
    assert len(reviewer.labels(word)) == 3
    assert reviewer.get(f"inbox?q={word}")["messages"] == 1


def test_what_the_server_refuses_comes_back_with_its_sentence_and_no_key_hits_the_wrong_one(
        reviewer, opened):
    word = opened(*SAID[:3])
    said = reviewer.text.inner_text()
    reviewer.press("e")
    reviewer.type(" 13812345678")
    reviewer.press("Enter", "Enter")
    looked_at = reviewer.text.inner_text()
    toast = reviewer.page.locator(".toast")
    expect(toast).to_contain_text("个人信息")
    assert reviewer.text.inner_text() == looked_at != said
    assert reviewer.labels(word) == []
    reviewer.press("j")
    expect(reviewer.text).to_have_text(f"{said} 13812345678")
    expect(reviewer.page.locator(".card__refused")).to_contain_text("个人信息")


def test_whoever_is_signed_out_loses_nothing(reviewer, opened):
    page, word = reviewer.page, opened(*CLEAR)
    held = page.context.cookies()
    page.context.clear_cookies()
    reviewer.press("Enter")
    expect(page.locator("#signed-out")).to_be_visible()
    page.context.add_cookies(held)
    reviewer.sign_in()
    page.reload()
    reviewer.expect_saved()
    assert len(reviewer.labels(word)) == 1


def test_a_key_that_is_held_down_confirms_one_group(reviewer, opened):
    word = opened(*CLEAR, *SAID)
    reviewer.page.keyboard.down("Enter")
    for _ in range(5):
        reviewer.page.keyboard.down("Enter")  # a browser's repeat
    reviewer.page.keyboard.up("Enter")
    reviewer.expect_saved()
    assert len(reviewer.labels(word)) == 1


def test_several_alike_are_confirmed_at_once_and_those_unticked_come_next(reviewer, opened):
    word = opened("异地就医备案要多久办好", "异地就医备案要多久才办好", "异地就医备案要多久能办好")
    assert reviewer.group == 3
    if not reviewer.page.locator(".member input:not(:checked)").count():
        reviewer.press("a")
    reviewer.press("a", "ArrowDown", "ArrowDown", " ")
    left = reviewer.page.locator(".member").nth(1).locator("[data-part=text]").inner_text()
    reviewer.press("Enter")
    expect(reviewer.text).to_have_text(left)
    reviewer.expect_saved()
    assert len(reviewer.labels(word)) == 2 and left not in str(reviewer.labels(word))


def test_keys_can_be_looked_up_and_turned_off(reviewer, opened):
    word = opened(SAID[0])
    reviewer.press("?")
    expect(reviewer.page.locator("#keys")).to_be_visible()
    reviewer.page.get_by_label("用单个键操作").uncheck()
    reviewer.press("Escape", "x", "Enter")
    expect(reviewer.text).to_contain_text(word)
    reviewer.page.get_by_role("button", name="不可用").click()
    expect(reviewer.page.locator("#empty-title")).to_be_visible()
    reviewer.expect_saved()
    assert [label["state"] for label in reviewer.labels(word)] == ["unusable"]


def test_the_page_says_when_it_has_nothing_to_show(reviewer):
    page = reviewer.page
    page.route("**/console/api/inbox**", lambda route: route.fulfill(
        status=503, json={"error": "系统暂时连不上对话记录数据库，请稍后再试。"}))
    reviewer.open()
    expect(page.get_by_role("alert").filter(has_text="连不上对话记录数据库")).to_be_visible()
    page.unroute("**/console/api/inbox**")
    page.get_by_role("button", name="再试一次").press("Enter")
    expect(page.locator("#review")).to_have_attribute("data-view", re.compile("ready|empty"))
    reviewer.press("/")
    reviewer.type("nobodysaysso")
    expect(page.locator("#empty-title")).to_have_text("没有符合的")
    page.get_by_role("button", name="清除筛选").press("Enter")
    expect(page.locator("#review")).to_have_attribute("data-view", re.compile("ready|empty"))


@pytest.mark.parametrize(("width", "scheme", "size"), [
    pytest.param(1280, "light", "standard", marks=pytest.mark.full), (360, "dark", "huge")],
    ids=["desktop", "phone"])
def test_the_review_can_be_used_by_everybody(reviewer, opened, width, scheme, size):
    page = reviewer.page
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.add_init_script(f"localStorage.setItem('yibao.type-size', '{size}')")
    opened(*CLEAR)
    expect_sound(page)
    for key, dialog in (("i", "#pick"), ("f", "#pick"), ("s", "#mark"), ("e", "#edit"),
                        ("?", "#keys")):
        reviewer.press(key)
        expect(page.locator(dialog)).to_be_visible()
        expect_sound(page)
        reviewer.press("Escape")
        expect(page.locator(dialog)).to_be_hidden()


def expect_sound(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
