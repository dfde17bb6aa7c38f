"""The inbox over a real log: what it shows, leaves out, and looks at anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from talking import Conversation, Notes

from bot.journal.database import Database
from bot.learning.inbox import inbox as module
from bot.learning.inbox.inbox import MOST_FOUND, Inbox
from bot.learning.keys import key_of
from bot.store.sqlite import SqliteStore
from bot.switchboard import Switchboard
from tests.learning.made_log import event, turn

DOUBT = {"intents": [["医疗救助", 0.5]], "likely": [], "facets": ["整体咨询"]}


class Known(set):
    """Keys of texts that have been labelled."""

    async def known(self, keys) -> set[str]:
        return self & set(keys)


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'log.db'}")
    yield opened
    opened.close()


@pytest.fixture
def labelled() -> Known:
    return Known()


@pytest.fixture
def inbox(database: Database, labelled: Known) -> Inbox:
    return Inbox(database, labelled)


def log(database: Database, *entries: Mapping[str, Any], days_ago: float = 0) -> None:
    """Log entries as of a few moments ago, or days."""
    begun = datetime.now(timezone.utc) - timedelta(days=days_ago, seconds=3600)
    moved = ({**entry, "at": (begun + timedelta(seconds=second)).isoformat()}
             for second, entry in enumerate(entries))
    database.add(moved)


def texts(page: Mapping[str, Any]) -> list[str]:
    return [group["typical"]["text"] for group in page["groups"]]


@contextmanager
def counted(monkeypatch) -> Iterator[list[int]]:
    """Count how often the log is read."""
    times = []
    real = module.messages_of
    monkeypatch.setattr(module, "messages_of", lambda entries: times.append(1) or real(entries))
    yield times


async def test_it_shows_what_speaks_for_itself_and_nothing_else(inbox, database) -> None:
    log(database, turn("a", 1, "门诊费用报销要带什么"), turn("b", 2, "低保户住院咋弄", **DOUBT))
    page = await inbox.page()
    assert texts(page) == ["低保户住院咋弄"] and (page["total"], page["messages"]) == (1, 1)


async def test_an_empty_log_is_an_empty_page(inbox) -> None:
    assert await inbox.page() == {"groups": [], "total": 0, "messages": 0}


async def test_what_is_labelled_goes_and_a_group_goes_on_without_it(
    inbox, database, labelled
) -> None:
    one, other = "低保户住院的费用咋弄", "低保户住院的费用咋弄呀"
    log(database, turn("a", 1, one, **DOUBT), turn("b", 2, other, **DOUBT))
    (group,) = (await inbox.page())["groups"]
    assert len(group["messages"]) == 2
    labelled.add(group["typical"]["key"])
    (left,) = (await inbox.page())["groups"]
    assert {left["typical"]["text"]} == {one, other} - {group["typical"]["text"]}
    labelled |= {key_of(one), key_of(other)}
    assert (await inbox.page())["groups"] == []


async def test_pages_by_signal_region_days_and_size(inbox, database) -> None:
    log(database, turn("old", 1, "上个月问的低保", **DOUBT), days_ago=40)
    log(database, turn("a", 1, "低保户住院咋弄", region="jiangmen", **DOUBT),
        turn("b", 2, "退休了卡还能用吗"), event("rated", "b", 3, turn="b:2", rating="bad"))
    assert len(texts(await inbox.page())) == 2
    assert texts(await inbox.page(signal="bad")) == ["退休了卡还能用吗"]
    assert texts(await inbox.page(region="jiangmen")) == ["低保户住院咋弄"]
    assert len(texts(await inbox.page(days=60))) == 3
    page = await inbox.page(days=60, limit=1)
    assert (len(page["groups"]), page["total"], page["messages"]) == (1, 3, 3)


async def test_a_search_looks_at_everything_however_it_is_written(inbox, database) -> None:
    log(database, turn("a", 1, "门诊费用报销要带什么"), turn("b", 2, "住院費用報銷要帶什麼"),
        turn("c", 3, "生育津贴多少"))
    found = (await inbox.page(query="報銷 带"))["groups"]
    assert {message["text"] for group in found for message in group["messages"]} == {
        "门诊费用报销要带什么", "住院費用報銷要帶什麼"}
    assert texts(await inbox.page(query="没有人说过的")) == []


async def test_a_search_for_what_everybody_says_groups_only_so_many(inbox, database) -> None:
    log(database, *(turn(f"c{n}", n, f"报销 {n:x} 问") for n in range(MOST_FOUND + 5)))
    assert (await inbox.page(query="报销"))["messages"] == MOST_FOUND


async def test_the_log_is_read_anew_only_where_it_has_changed(
    inbox, database, monkeypatch
) -> None:
    log(database, turn("a", 1, "低保户住院咋弄", **DOUBT))
    with counted(monkeypatch) as times:
        for _ in range(3):
            await inbox.page()
        assert len(times) == 1
        log(database, turn("b", 2, "退休了卡还能用吗", **DOUBT))
        assert len(texts(await inbox.page())) == 2 and len(times) == 2
        database.forget("b", datetime.now(timezone.utc))
        assert texts(await inbox.page()) == ["低保户住院咋弄"] and len(times) == 3


async def test_a_log_that_takes_long_to_read_is_not_read_for_every_page(
    inbox, database, monkeypatch
) -> None:
    monkeypatch.setattr(module, "_LONG", 0.0)
    monkeypatch.setattr(module, "_REST", 1e6)
    log(database, turn("a", 1, "低保户住院咋弄", **DOUBT))
    with counted(monkeypatch) as times:
        await inbox.page()
        log(database, turn("b", 2, "退休了卡还能用吗", **DOUBT))
        assert len(texts(await inbox.page())) == 1 and len(times) == 1


# --- from what citizens and agents really do ------------------------------------------------

class Office:
    """Conversations with the trained model, and their log."""

    def __init__(self, assistant, store, database: Database) -> None:
        self.notes = Notes()
        self.switchboard = Switchboard(assistant, store, self.notes, self._nobody)
        self._database = database

    async def _nobody(self, event) -> None:
        """Nobody shows these conversations."""

    async def played(self, *said: str) -> Conversation:
        """Say some things in a conversation; → stands for the first button."""
        conversation = Conversation(self.switchboard)
        for text in said:
            if text == "→":
                await conversation.press_ids(conversation.choices[0]["id"])
            else:
                await conversation.say(text)
        return conversation

    async def page(self) -> dict[str, Any]:
        self._database.add(self.notes)
        return await Inbox(self._database, Known()).page()


@pytest.fixture
async def office(assistant, tmp_path, database):
    store = SqliteStore(tmp_path / "conversations.db")
    yield Office(assistant, store, database)
    await store.close()


async def test_what_nobody_understands_is_there_and_a_form_filled_in_is_not(office) -> None:
    await office.played("我妈跟我住东莞，医保在梅州，想备案", "半年以上", "没迁", "2")
    await office.played("嗯哼哈嘿呀", "→")
    await office.played("我要找人工")
    (group,) = [g for g in (await office.page())["groups"] if "想备案" not in g["typical"]["text"]]
    assert group["typical"]["text"] == "嗯哼哈嘿呀"
    assert {"fell_through", "asked_back"} & {s["kind"] for s in group["typical"]["signals"]}
    assert group["evidence"] == "picked" and group["proposed"]["item"]


async def test_what_an_agent_puts_right_at_the_desk_is_proposed_for_what_was_asked(office) -> None:
    talk = await office.played("账户里的钱想给老婆用", "梅州")

    async def do(name: str, *arguments, **more) -> None:
        async def act(there):
            done = getattr(there, name)(*arguments, **more)
            return await done if hasattr(done, "__await__") else done
        await office.switchboard.exchange(talk.sender, act)

    await do("take", "8001")
    await do("edit", "8001", {"family": "family_sharing", "item": "family_account_binding"})
    await talk.say("那要带什么")
    page = await office.page()
    (group,) = page["groups"]
    assert group["typical"]["text"] == "账户里的钱想给老婆用" and group["evidence"] == "agent"
    assert (group["proposed"]["intent"], group["proposed"]["item"]) == ("家庭共济", "亲情账号绑定")


async def test_texts_are_those_of_the_log_masked(office) -> None:
    await office.played("我叫王小明，电话13812345678，嗯哼哈嘿呀那个咋整")
    (group,) = (await office.page())["groups"]
    assert "13812345678" not in str(group) and "嗯哼哈嘿呀" in group["typical"]["text"]


async def test_the_made_up_entries_of_these_tests_have_the_keys_of_real_ones(office) -> None:
    await office.played("门诊费用报销要带什么")
    (real,) = office.notes
    assert set(real) == set(turn("c", 1, "问")) and set(real["outcome"]) == set(
        turn("c", 1, "问")["outcome"])
