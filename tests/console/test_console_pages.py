"""The console's pages in a real browser: a run, its comparison, models and labels."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from modelled import add_model
from playwright.sync_api import Page, expect

from bot.learning.runs.record import Record
from bot.training import fingerprint
from connectors.signed_in import COOKIE
from tests.browser.outline import expect_sound_outline
from tests.console.comparisons import CARD, comparison
from tests.console.test_console_labels import LABEL, OTHER, save

pytestmark = pytest.mark.browser

PATIENCE_MS = 20_000


@pytest.fixture
def page_of(console, browser):
    """Opens a page as somebody; nothing may break on it, nor be asked of other servers."""
    contexts, problems = [], []

    def open_as(number: str, path: str, **how) -> Page:
        context = browser.new_context(locale="zh-CN", base_url=console.url, **how)
        contexts.append(context)
        context.add_cookies([{"name": COOKIE, "value": console.as_(number).token,
                              "url": console.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: problems.append(m.text) if refused_by_policy(m.text) else None)
        page.on("request", lambda r: None if r.url.startswith((console.url, "data:"))
                else problems.append(f"outside request {r.url}"))
        page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert problems == []


def refused_by_policy(text: str) -> bool:
    return "Content Security Policy" in text


@pytest.fixture
def compared(console):
    """Writes down a run that is over, with a comparison of a candidate; returns its id."""
    def write(candidate: str, broken: bool = False) -> str:
        console.runs.does()
        run = console.runs.over(console.runs.start("7001"))["run"]
        live = (console.models.live() or {"version": fingerprint()})["version"]
        result = comparison(run, candidate, live, broken)
        add_model(console.models, candidate, run=run, **result["verdict"])
        record = Record(console.runs.folder / run)
        record.write("result", result)
        record.write("progress", {**record.progress(), "candidate": candidate,
                                  "may_promote": result["verdict"]["may_promote"]})
        record.pictures.mkdir(exist_ok=True)
        (record.pictures / "measures.png").write_bytes(b"")
        return run
    return write


def confirm(page: Page, button: str) -> None:
    page.locator("dialog[open]").get_by_role("button", name=button).click()


def test_a_run_is_started_watched_stage_by_stage_and_stopped(console, page_of):
    console.runs.does(waits_in="train")
    page = page_of("7001", "/console/training")
    page.get_by_role("button", name="训练", exact=True).click()
    expect(page.locator("dialog[open]")).to_contain_text("市民照常咨询")
    confirm(page, "开始训练")
    now = page.locator("[aria-current=step]")
    expect(now).to_contain_text("训练", timeout=PATIENCE_MS)
    expect(now).to_contain_text("/ 2")
    expect(now.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#now")).to_contain_text("第 2 步“训练”，共 8 步")
    page.locator("#record summary").click()
    expect(page.locator("#record-text")).to_contain_text("写入样例")
    page.get_by_role("button", name="停止").click()
    confirm(page, "停止")
    expect(page.locator("#now")).to_contain_text("已经停止", timeout=PATIENCE_MS)
    expect(page.locator(".stage[data-state=stopped]")).to_contain_text("到这里停了")
    expect(page.locator("#runs .row").first).to_contain_text("已停止")


def test_who_comes_meanwhile_sees_the_run_of_a_colleague(console, page_of):
    console.runs.does(waits_in="train")
    run = console.runs.start("7002")
    page = page_of("7001", "/console/training")
    expect(page.get_by_role("button", name="停止")).to_be_visible()
    expect(page.get_by_role("button", name="训练", exact=True)).to_be_hidden()
    console.runs.until(run, lambda state: state["stage"] == "train")
    console.runs.go()
    expect(page.locator("#now")).to_contain_text("做完了", timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="训练", exact=True)).to_be_visible()


def test_a_comparison_says_first_what_it_comes_to_and_one_click_puts_it_live(
        console, page_of, compared):
    run = compared("better")
    page = page_of("7001", "/console/training")
    page.locator("#runs .row").first.get_by_role("link", name="看比较").click()
    assert urlsplit(page.url).path == f"/console/runs/{run}"
    expect(page.locator("#verdict-title")).to_have_text(
        "可以上线：固定问题变对 1 道，变错 0 道，没有比在用的差。")
    item = page.locator("#measures tr").first
    expect(item).to_contain_text("变好了")
    expect(item).to_contain_text("514/549")
    expect(page.locator("#other-measures tr")).to_contain_text(["在抽样误差之内"])
    expect(page.locator("#right")).to_contain_text("门诊垫的钱回来咋弄到手")
    expect(page.locator("#logged-told")).to_contain_text("新模型对 11 句（有 9 句是教过的")
    page.get_by_role("button", name="上线").click()
    expect(page.locator("#promote")).to_contain_text("填了一半的问题不会丢")
    confirm(page, "上线")
    expect(page.locator("#standing")).to_contain_text("已经上线")
    expect(page.locator("#go-live")).to_be_hidden()
    assert console.models.live()["version"] == "better"


def test_what_breaks_a_case_takes_an_administrator_who_says_why(console, page_of, compared):
    run = compared("worse", broken=True)
    page = page_of("7001", f"/console/runs/{run}")
    expect(page.locator("#verdict-title")).to_contain_text("不能上线")
    expect(page.locator("#reasons")).to_contain_text(CARD)
    expect(page.locator("#standing")).to_contain_text("请管理员")
    expect(page.locator("#go-live")).to_be_hidden()
    expect(page.locator("#families .worse")).to_contain_text("变差了")
    page.locator("#broken summary").click()
    expect(page.locator("#broken .script")).to_contain_text("门诊费咋报")
    page = page_of("9001", f"/console/runs/{run}")
    page.get_by_role("button", name="仍然上线").click()
    confirm(page, "上线")
    expect(page.locator("#promote")).to_be_visible()  # not without a reason
    page.get_by_label("为什么还是要上线").fill("固定问题里那一条本来就标错了")
    confirm(page, "上线")
    expect(page.locator("#standing")).to_contain_text("已经上线")
    assert console.models.live()["reason"] == "固定问题里那一条本来就标错了"


def test_the_models_page_tells_what_serves_and_goes_back(console, page_of):
    for version in ("one", "two"):
        console.models.promote(add_model(console.models, version), "7002")
    console.do(console.processes.beat("one", "2026-11-22T08:00:00.000+00:00", ""))
    page = page_of("7001", "/console/models")
    expect(page.locator("#live")).to_contain_text("two")
    expect(page.locator("#workers .row")).to_contain_text(["正在换"])
    page.get_by_role("button", name="退回上一个模型").click()
    expect(page.locator("#confirm")).to_contain_text("one")
    confirm(page, "退回")
    expect(page.locator("#live")).to_contain_text("one")
    expect(page.locator("#workers .row")).to_contain_text(["已换好"])
    expect(page.locator("#done")).to_contain_text("全部换好")
    assert console.models.live()["version"] == "one"


def test_a_second_reader_settles_what_contradicts_and_labels_are_withdrawn(console, page_of):
    text = "大病救助的钱多久到账呀"
    save(console.as_("7002"), text)
    save(console.as_("9001"), text, OTHER)
    page = page_of("7001", "/console/labels")
    waits = page.locator("#second .mark-row", has_text=text)
    expect(waits).to_contain_text("门诊费用报销")
    waits.get_by_role("button", name="这样标对").click()
    expect(waits).to_have_count(0)
    page.get_by_label("句子里有").fill("大病救助的钱")
    page.get_by_role("button", name="查找").click()
    row = page.locator("#found .mark-row", has_text="住院费用报销")
    expect(row).to_contain_text("7001 复核于")
    row.locator("summary").click()
    expect(row.locator("details li")).to_contain_text(["7002 标注", "9001 标注", "7001 复核同意"])
    row.get_by_role("button", name="撤回").click()
    confirm(page, "撤回")
    expect(row).to_contain_text("已撤回")


def test_ones_own_label_waits_for_somebody_else(console, page_of):
    text = "住院报销的钱啥时候打到卡上"
    save(console.as_("7002"), text)
    save(console.as_("7001"), text, OTHER)
    page = page_of("7001", "/console/labels")
    waits = page.locator("#second .mark-row", has_text=text)
    expect(waits).to_contain_text("另一位同事")
    expect(waits.get_by_role("button")).to_have_count(0)


def test_whoever_is_signed_out_or_offline_is_told_so(console, page_of):
    page = page_of("7002", "/console/training")
    expect(page.get_by_role("button", name="训练", exact=True)).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="训练", exact=True).click()
    confirm(page, "开始训练")
    expect(page.get_by_role("alert")).to_contain_text("连不上服务器")
    page.context.set_offline(False)
    token = page.context.cookies()[0]["value"]
    console.do(console.staff.sessions.end(token))
    page.get_by_role("button", name="训练", exact=True).click()
    confirm(page, "开始训练")
    expect(page.locator("#signed-out")).to_contain_text("重新登录")
    assert not console.runs.running()


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.full)])
def test_every_page_is_sound_for_screen_readers_and_fits(console, page_of, compared, width):
    run = compared(f"looked-at-{width}", broken=True)
    save(console.as_("7002"), "医保断了一年还能接上吗", LABEL)
    page = page_of("9001", "/console/labels", viewport={"width": width, "height": 800})
    page.evaluate("localStorage.setItem('yibao.type-size', 'huge')")
    for path, shown in (
            ("/console/labels", "#found .mark-row"), ("/console/models", "#others .row"),
            ("/console/training", "#runs .row"), (f"/console/runs/{run}", "#verdict")):
        page.goto(path)
        expect(page.locator(shown).first).to_be_visible()
        look_at(page, f"{path.split('/')[2]}-{width}")


def look_at(page: Page, name: str) -> None:
    folder = os.environ.get("YIBAO_SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"console-{name}.png"), full_page=True)
    expect_sound_outline(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    found = Axe().run(page).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['target']}" for v in found] == []
