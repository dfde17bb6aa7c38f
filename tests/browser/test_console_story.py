"""What the assistant did not understand, until somebody taught it: one story, in real browsers."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from modelled import add_model
from playwright.sync_api import Browser, Page, expect
from served import Server
from workers_service import until

from bot.journal.database import Database
from bot.learning.models.models import Models
from bot.nlu.examples import read_examples
from bot.paths import PROJECT
from bot.training import fingerprint
from tests.browser.reviewing import TRAINER, Reviewer
from tests.desk.agents import PASSWORD, Office

pytestmark = [pytest.mark.browser, pytest.mark.full]

WORD, MEANS = "外埠挂靠", "异地就医备案"
SAID = (f"{WORD}怎么弄", f"{WORD}要带啥，我手机13812345678", f"去哪办{WORD}", f"我想办个{WORD}",
        f"{WORD}几天办好", f"{WORD}手续", f"{WORD}找谁", f"咋个办{WORD}")
ASKED_LATER = f"{WORD}得跑几趟"
IN_A_FORM = "我爸退休了住在我这边，医保在武汉，怎么办异地就医备案"
UNDERSTOOD = {"answer", "question"}
"""What the assistant says to a matter it has understood."""

TRAINING_MS = 20 * 60_000


@pytest.fixture
def served(tmp_path):
    """A server with training data and models of its own, and its staff."""
    def hire() -> None:
        office = Office(tmp_path)
        asyncio.run(office.hire())
        office.database.close()

    shutil.copytree(PROJECT / "bot/data/nlu", tmp_path / "nlu")
    add_model(Models(tmp_path / "models"), fingerprint())
    with ThreadPoolExecutor(1) as elsewhere:  # the browser's own loop runs in this thread
        elsewhere.submit(hire).result()
    running = Server(tmp_path, YIBAO_NLU=str(tmp_path / "nlu"),
                     YIBAO_MODELS=str(tmp_path / "models"))
    running.start()
    yield running
    if running.process.poll() is None:
        running.stop(signal.SIGKILL)


@pytest.fixture
def opened(browser: Browser, served):
    """Opens a page of somebody's own; afterwards none may have had an error."""
    problems: list[str] = []

    def go(path: str) -> Page:
        page = browser.new_context(viewport={"width": 1280, "height": 820}, locale="zh-CN",
                                   base_url=served.url).new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path)
        return page

    expect.set_options(timeout=30_000)
    yield go
    expect.set_options(timeout=5_000)
    for context in browser.contexts:
        context.close()
    assert problems == []


def test_staff_teach_it_while_citizens_talk(served, opened, browser) -> None:
    before = version(served)
    for text in SAID:
        assert not understood(served, text)
    until(lambda: len(logged(served)) == len(SAID), "the log")
    assert "13812345678" not in json.dumps(logged(served), ensure_ascii=False)

    trainer = opened("/login?next=/console")
    trainer.get_by_label("工号").fill(TRAINER)
    trainer.get_by_label("密码").fill(PASSWORD)
    trainer.keyboard.press("Enter")
    reviewer = label_all(trainer, served)
    assert reviewer.keys <= 12 * len(SAID)

    in_form = opened("/")
    in_form.locator("#composer-text").fill(IN_A_FORM)
    in_form.keyboard.press("Enter")
    expect(in_form.locator(".choices button").first).to_be_visible()

    train(trainer)
    taught = {example.text for example in read_examples(served.folder / "nlu")}
    assert SAID[0] in taught and not any("138" in text for text in taught if WORD in text)

    trainer.get_by_role("link", name="看比较").first.click()
    expect(trainer.locator("#verdict-title")).to_contain_text("可以上线")
    assert version(served) == before and not understood(served, ASKED_LATER)
    trainer.get_by_role("button", name="上线", exact=True).click()
    confirm(trainer, "上线")
    expect(trainer.locator("#standing")).to_contain_text("已经上线")
    trainer.goto("/console/models")
    expect(trainer.locator("#workers")).to_contain_text("已换好")
    until(lambda: version(served) != before, "the new model")
    after = version(served)

    fill_in(in_form)
    assert understood(served, ASKED_LATER)

    trainer.get_by_role("button", name="退回上一个模型").click()
    confirm(trainer, "退回")
    until(lambda: version(served) == before, "the old model")
    assert not understood(served, ASKED_LATER)
    until(lambda: len(logged(served)) == len(SAID) + 3, "the log")
    assert [turn["model_version"] for turn in logged(served)] == [
        *[before] * len(SAID), before, after, before]


def label_all(page: Page, served) -> Reviewer:
    """Label what was not understood, by keyboard alone."""
    reviewer = Reviewer(page, served)
    reviewer.wait_for(WORD, len(SAID))
    reviewer.open(WORD)
    while not page.locator("#empty-title").is_visible():
        shown = reviewer.text.inner_text()
        reviewer.press("i")
        reviewer.type("ydjy")
        expect(page.locator("#pick-list li").first).to_contain_text(MEANS)
        reviewer.press("Enter")
        expect(page.locator("#pick")).to_be_hidden()
        looked_at = page.locator("#card-text").filter(has_text=shown, visible=True)
        expect(looked_at).to_have_count(0)
    reviewer.expect_saved()
    return reviewer


def train(page: Page) -> None:
    """Press 训练, and watch it to its end."""
    page.goto("/console/training")
    page.get_by_role("button", name="训练", exact=True).click()
    confirm(page, "开始训练")
    expect(page.locator("#now")).to_contain_text("正在做第")
    expect(page.locator(".stage[aria-current] .stage__bar")).to_be_visible()
    expect(page.locator("#now")).to_contain_text("新模型", timeout=TRAINING_MS)


def confirm(page: Page, button: str) -> None:
    """Press the button in the question that is asked back."""
    page.locator("dialog[open]").get_by_role("button", name=button, exact=True).click()


def fill_in(page: Page) -> None:
    """Answer the question that was open; the form ends with what to bring."""
    page.locator(".choices").last.get_by_text("已迁过去").click()
    expect(page.locator("#transcript")).to_contain_text("异地安置退休人员备案")
    expect(page.locator("#transcript")).to_contain_text("办理材料")


def understood(served, text: str) -> bool:
    """Ask as a new citizen; tell whether it was understood."""
    replies = served.ask(uuid.uuid4().hex, text)
    return bool({reply["custom"]["type"] for reply in replies} & UNDERSTOOD)


def version(served) -> str:
    """The version that it says it runs."""
    return json.loads(served.get("/health")[1])["model_version"]


def logged(served) -> list[dict]:
    """The turns in the log that are about the word."""
    database = Database(f"sqlite:///{served.folder / 'log.db'}")
    try:
        return [e for e in database.entries() if e["kind"] == "turn" and WORD in e["text"]]
    finally:
        database.close()
