"""Work orders: drafted from a conversation, edited within bounds, numbered, closed, handed over."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from jsonschema import Draft7Validator
from talking import Notes, nobody

from bot.errors import BadInput
from bot.orders.acts import OrderActs
from bot.orders.draft import draft, guessed
from bot.orders.editing import LIMITS
from bot.orders.orders import Orders
from bot.orders.page import order_page
from bot.orders.tables import exported
from bot.orders.texts import categories
from bot.staff.database import StaffDatabase
from bot.staff.numbers import Numbers
from bot.store import Change, StoredMessage
from bot.store.sqlite import SqliteStore
from connectors.hotline12345.callbacks import Callbacks
from connectors.intake import text_from
from examples.hotline12345.session import Session
from knowledge.store import load
from tests.hotline.conftest import KEYS, Receiver, until, validator_of
from tests.hotline.test_hotline_callbacks import QUICK
from tests.staff.conftest import on_both

pytestmark = pytest.mark.asyncio

SCHEMA = Draft7Validator(json.loads(
    (Path(__file__).parents[2] / "bot/orders/order.schema.json").read_text(encoding="utf-8")))
NUMBER = "13655667788"
CLAUSE = "meizhou/inpatient_reimbursement/time_limits"
EMPTY = {"session_id": "", "category": "咨询", "need": "", "region": "", "item": "",
         "answered": [], "open": "", "note": "", "callback": False}


@pytest.fixture
def open_orders(url):
    """Opens the work orders as another process does."""
    databases = []

    def open_one() -> Orders:
        databases.append(StaffDatabase(url))
        return Orders(databases[-1])

    yield open_one
    for database in databases:
        database.close()


@pytest.fixture
def orders(open_orders):
    """The work orders."""
    return open_orders()


# --- what is drafted --------------------------------------------------------------------------

async def test_a_draft_says_what_was_wanted_answered_by_which_clauses_and_what_is_open(
    conversation, orders
):
    await conversation.say("我妈在梅州参保，住院费用报销要多久能办好")
    await conversation.say("报销比例是多少")
    await conversation.say("转人工")
    await conversation.say("还在吗，电话13655667788")
    order = await orders.open(conversation.sender, "8001", await drafted(conversation))
    assert (order["region"], order["item"], order["category"]) == ("梅州市", "住院费用报销", "咨询")
    assert "为母亲问" in order["need"] and "办理时限" in order["need"]
    assert "要多久能办好" in order["need"]
    answer = order["answered"][0]
    assert "住院费用报销" in answer["text"] and "办理时限" in answer["text"]
    clause = {"id": CLAUSE, "heading": "八、办理时限", "guide": load().guide("meizhou").data.title}
    assert clause in answer["citations"]
    assert "报销比例" in order["open"]
    assert NUMBER not in json.dumps(order)
    SCHEMA.validate(exported(order))


async def test_the_open_question_of_a_form_stands_in_the_draft(conversation):
    await conversation.say("我妈跟我住东莞，医保在梅州，异地看病怎么备案")
    content = await drafted(conversation)
    assert content["open"].startswith("还没答的问题：") and content["answered"] == []


async def test_an_agents_answer_made_of_a_suggestion_names_its_clauses(conversation):
    await conversation.say("你好")
    said = StoredMessage(3, "2026-11-22T08:00:00+00:00", "agent", "二十个工作日。", {
        "type": "agent", "agent": "8001",
        "citations": [{"id": CLAUSE, "heading": "八、办理时限", "text": "不超过20个工作日"}]})
    plain = StoredMessage(4, said.at, "agent", "您好", {"type": "agent", "agent": "8001"})
    content = draft(load(), conversation.state, [said, plain])
    assert [answer["text"] for answer in content["answered"]] == ["二十个工作日。"]
    assert content["answered"][0]["citations"][0]["id"] == CLAUSE


@pytest.mark.parametrize("said, reason, category", [
    ("门诊报销要带什么", "asked", "咨询"), ("投诉电话是多少", "asked", "咨询"),
    ("怎么投诉医院", "asked", "咨询"), ("我要投诉窗口的人", "rating", "投诉"),
    ("我建议网上也能办", "asked", "建议"), ("帮帮我吧", "asked", "求助"),
    ("没钱治了", "distress", "求助"), ("", "none", "咨询"),
])
async def test_a_category_is_guessed_only_from_words_that_say_so(said, reason, category):
    assert guessed([said], reason) == category


async def drafted(conversation) -> dict:
    """Return the content of a work order for a conversation."""
    messages = await conversation.switchboard.store.since(conversation.sender, 0)
    return {**draft(load(), conversation.state, messages), "callback": False}


# --- what may be edited -----------------------------------------------------------------------

async def test_edits_are_masked_limited_and_keep_to_known_clauses(acts, orders):
    order = await orders.open("c-1", "8001", EMPTY)
    edits = {"category": "投诉", "need": f"请回电{NUMBER}", "note": "", "number": "GD-1",
             "answered": [{"text": "已答时限", "citations": [
                 {"id": CLAUSE, "heading": "编的", "guide": "编的"}]}]}
    saved = await acts.save(order["id"], edits, text_from)
    assert NUMBER not in json.dumps(saved) and saved["category"] == "投诉"
    assert saved["number"] == order["number"]
    assert saved["answered"][0]["citations"][0]["heading"] == "八、办理时限"
    assert await orders.find(order["id"]) == saved
    SCHEMA.validate(exported(saved))


@pytest.mark.parametrize("edits, field", [
    ({"category": "其它的"}, "category"), ({"category": []}, "category"), ({"need": 1}, "need"),
    *(({name: "长" * (limit + 1)}, name) for name, limit in LIMITS.items()),
    ({"answered": "x"}, "answered"), ({"answered": [{"text": ""}]}, "answered"),
    ({"answered": [{"text": "x", "citations": [{"id": "meizhou/nothing/of.this"}]}]}, "answered"),
    ({"answered": [{"text": "x", "citations": ["x"]}]}, "answered"),
    ({"answered": [1]}, "answered"),
])
async def test_what_is_not_allowed_changes_nothing(acts, orders, edits, field):
    order = await orders.open("c-1", "8001", EMPTY)
    with pytest.raises(BadInput) as caught:
        await acts.save(order["id"], {"open": "x", **edits}, text_from)
    assert caught.value.field == field and re.search("[一-鿿]", str(caught.value))
    assert await orders.find(order["id"]) == order


async def test_a_closed_order_stays_as_it_is(acts, orders):
    order = await orders.open("c-1", "8001", EMPTY)
    closed = await acts.close(order, "8002")
    assert (closed["status"], closed["agent"]) == ("closed", "8002") and closed["closed_at"]
    with pytest.raises(BadInput) as caught:
        await acts.save(order["id"], {"need": "x"}, text_from)
    assert caught.value.status == 409
    assert await acts.close(order, "8001") == closed
    assert (await orders.open("c-1", "8001", EMPTY))["id"] != order["id"]


async def test_the_categories_of_data_and_contract_are_the_same():
    assert SCHEMA.schema["properties"]["category"]["enum"] == categories()


# --- how they are kept ------------------------------------------------------------------------

@on_both
async def test_numbers_have_no_gaps_however_many_open_at_once(open_orders):
    some = [open_orders() for _ in range(4)]
    made = await asyncio.gather(*(
        some[n % 4].open(f"c-{n % 12}", "8001", EMPTY) for n in range(48)))
    assert len({order["id"] for order in made}) == 12  # one draft for each conversation
    day = made[0]["number"][3:11]
    found = [order["number"] for order in await some[0].page()]
    assert found == [f"GD-{day}-{n:04}" for n in range(12, 0, -1)]
    assert await some[1].forget("c-3") == 1  # a number is not given to another
    assert (await some[2].open("c-99", "8001", EMPTY))["number"] == f"GD-{day}-0013"


async def test_orders_are_listed_by_page_and_by_agent(orders):
    for n in range(4):
        await orders.open(f"c-{n}", f"800{n % 2}", EMPTY)
    mine = await orders.page(agent="8001")
    assert [order["conversation"] for order in mine] == ["c-3", "c-1"]
    rest = await orders.page(before=mine[0]["number"])
    assert [order["conversation"] for order in rest] == ["c-2", "c-1", "c-0"]
    with pytest.raises(BadInput):
        await orders.page(before="GD-x")


async def test_orders_go_after_their_days(orders, clock):
    await orders.open("c-1", "8001", EMPTY)
    clock.pass_(180 * 86400 + 1)
    kept = await orders.open("c-2", "8001", EMPTY)
    assert await orders.expire(180) == 1 and await orders.page() == [kept]


async def test_the_printed_page_holds_the_order_and_nothing_that_runs(orders):
    content = {**EMPTY, "need": "<script>alert(1)</script>", "callback": True, "answered": [
        {"text": "时限", "citations": [{"id": CLAUSE, "heading": "八、", "guide": "指南"}]}]}
    order = await orders.open("c-secret", "8001", content)
    page = order_page(order)
    assert "&lt;script&gt;" in page and "alert(1)</script>" not in page
    assert order["number"] in page and "《指南》 八、" in page and "c-secret" not in page
    assert "留了回电号码" in page and "草稿" in page


# --- on their way to the platform -------------------------------------------------------------

@pytest.fixture
async def store(tmp_path):
    """The store of conversations."""
    opened = SqliteStore(tmp_path / "conversations.db")
    yield opened
    await opened.close()


@pytest.fixture
def acts(store, orders, url):
    """What agents do with work orders, where an address of the platform is set."""
    from bot.switchboard import Switchboard

    numbers = Numbers(StaffDatabase(url), [b"A" * 43 + b"="], 7)
    return OrderActs(Switchboard(None, store, Notes(), nobody), orders, numbers, posted=True)


async def test_a_closed_order_is_posted_once_and_the_platform_takes_it(acts, orders, store):
    session = {"own": {"session": {"session_id": "s-1"}}}
    await store.commit("h-1", Change(0, session))
    order = await acts.draft("h-1", "8001")
    await acts.save(order["id"], {"need": "问时限", "region": "梅州市"}, text_from)
    await acts.close(order, "8001")
    await acts.leave_rest()
    receiver = Receiver()
    await receiver.start()
    callbacks = Callbacks(store, receiver.url, KEYS, QUICK)
    await callbacks.start()
    await until(lambda: receiver.got)
    await until_none_is_left(store)
    await callbacks.stop()
    await receiver.stop()
    (body,) = receiver.got
    validator_of({"$ref": "#/components/schemas/CallbackBody"}).validate(body)
    SCHEMA.validate(body["work_order"])
    assert (body["session_id"], body["delivery_id"]) == ("s-1", order["id"])
    assert "h-1" not in json.dumps(body)
    shown: list[str] = []
    platform = Session("s-1", shown.append)
    platform.take(body)
    assert platform.orders == [body["work_order"]] and order["number"] in shown[0]


async def test_what_was_closed_just_before_the_end_of_the_process_is_left_later(
    acts, orders, store
):
    order = await orders.open("c-1", "8001", EMPTY)
    await orders.close(order["id"], "8001", callback=False, due=True)  # and then it ends
    assert await store.undelivered() == 0
    await acts.leave_rest()
    await acts.leave_rest()
    (due,) = await store.claim(1e12, 30.0, 9)
    assert due.body["delivery_id"] == order["id"] and "session_id" not in due.body


async def test_an_order_that_was_deleted_meanwhile_is_not_left(acts, orders, store, monkeypatch):
    order = await orders.open("c-1", "8001", EMPTY)
    due = [await orders.close(order["id"], "8001", callback=False, due=True)]
    await orders.forget("c-1")
    monkeypatch.setattr(orders, "due", AsyncMock(return_value=due))  # read before the deletion
    await acts.leave_rest()
    assert await store.undelivered() == 0 and (await store.load("c-1")).revision == 0


async def until_none_is_left(store) -> None:
    """Wait until everything has arrived."""
    while await store.undelivered():
        await asyncio.sleep(0.02)
