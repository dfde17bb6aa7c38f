"""Canned replies: shared from the start, one's own, and who may change which."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.errors import BadInput
from bot.staff.canned import MOST_CHARACTERS, MOST_TEXTS, CannedReplies, variables
from bot.staff.database import StaffDatabase
from tests.staff.conftest import on_both
from tests.test_architecture import ADDRESSES, FIGURES, NUMBERS

OWN = {"title": "请稍候", "shortcut": "qsh", "text": "{称呼}请稍候。"}


class Desk:
    """The canned replies as an account uses them."""

    def __init__(self, canned: CannedReplies, account: str, may_share: bool = False) -> None:
        self.canned, self.account, self.may_share = canned, account, may_share

    def texts(self) -> dict[str, dict[str, str]]:
        """What the account can use, by id."""
        return {reply["id"]: reply for reply in asyncio.run(self.canned.of(self.account))}

    def save(self, reply_id: str, **fields: object) -> dict[str, str]:
        """Save a text made of ``OWN`` and what is given."""
        given = {**OWN, **fields}
        return asyncio.run(self.canned.save(self.account, reply_id, given, self.may_share))

    def delete(self, reply_id: str) -> dict[str, str]:
        """Delete a text."""
        return asyncio.run(self.canned.delete(self.account, reply_id, self.may_share))


@pytest.fixture
def database(url):
    opened = StaffDatabase(url)
    yield opened
    opened.close()


@pytest.fixture
def agent(database):
    return Desk(CannedReplies(database), "8002")


@pytest.fixture
def other(agent):
    return Desk(agent.canned, "8003")


@pytest.fixture
def lead(agent):
    return Desk(agent.canned, "7001", may_share=True)


def refused(act, *args, **kwargs) -> BadInput:
    with pytest.raises(BadInput) as error:
        act(*args, **kwargs)
    return error.value


def test_shared_texts_are_there_from_the_start_greeting_first(agent):
    texts = list(agent.texts().values())
    assert len(texts) >= 12 and texts[0]["id"] == "greeting"
    assert {reply["owner"] for reply in texts} == {""}
    shortcuts = [reply["shortcut"] for reply in texts]
    assert len(set(shortcuts)) == len(shortcuts)


def test_shared_texts_state_no_fact_of_a_service_and_know_every_variable(agent):
    for reply in agent.texts().values():
        for pattern in (FIGURES, NUMBERS, ADDRESSES):
            assert pattern.findall(reply["text"]) == [], reply
        assert set(re.findall(r"\{(.*?)\}", reply["text"])) <= set(variables())
        assert all(len(reply[name]) <= limit for name, limit in MOST_CHARACTERS.items())


@on_both
def test_what_an_agent_saves_is_theirs_alone_and_stands_before_the_shared(agent, other):
    saved = agent.save("a1")
    assert saved == {"id": "a1", **OWN, "owner": "8002"}
    assert next(iter(agent.texts().values())) == saved
    assert "a1" not in other.texts()
    assert refused(other.save, "a1").status == refused(other.delete, "a1").status == 404
    assert agent.texts()["a1"] == saved


def test_saving_again_makes_no_second_one_and_the_last_counts(agent):
    agent.save("a1")
    before = len(agent.texts())
    agent.save("a1", text="改过的")
    assert len(agent.texts()) == before and agent.texts()["a1"]["text"] == "改过的"


@on_both
def test_a_lead_changes_and_deletes_what_all_share(agent, lead):
    lead.save("greeting", text="{时段}，{工号}为您服务。", shortcut="nh")
    assert agent.texts()["greeting"]["text"] == "{时段}，{工号}为您服务。"
    assert next(iter(agent.texts())) == "greeting"
    assert lead.delete("goodbye")["id"] == "goodbye"
    lead.save("new", shared=True)
    assert "goodbye" not in agent.texts() and agent.texts()["new"]["owner"] == ""


def test_an_agent_changes_nothing_that_all_share(agent):
    before = agent.texts()
    for error in (refused(agent.save, "greeting"), refused(agent.delete, "greeting"),
                  refused(agent.save, "a1", shared=True)):
        assert error.status == 403 and "组长" in str(error)
    assert agent.texts() == before


def test_a_lead_shares_a_text_of_their_own_and_it_stays_shared(agent, lead):
    lead.save("a1")
    lead.save("a1", shared=True)
    lead.save("a1", shared=False, text="再改")
    assert agent.texts()["a1"] == {"id": "a1", **OWN, "text": "再改", "owner": ""}


@on_both
def test_a_deleted_text_is_gone_and_can_be_made_anew(agent):
    agent.save("a1")
    agent.delete("a1")
    assert "a1" not in agent.texts() and refused(agent.delete, "a1").status == 404
    agent.save("a1")
    assert "a1" in agent.texts()


def test_personal_data_are_masked_before_anything_is_kept(agent):
    saved = agent.save("a1", title="打给13812345678", text="我的手机13812345678\n欢迎来电")
    assert "138" not in saved["title"] + saved["text"] and "\n欢迎来电" in saved["text"]
    assert agent.texts()["a1"] == saved


@pytest.mark.parametrize(("field", "value"), [
    ("title", ""), ("text", " \n"), ("text", None), ("title", "长" * 21), ("text", "长" * 501),
    ("shortcut", "长" * 13), ("shortcut", "a b"), ("text", "您好{姓名}"), ("text", "您好{"),
    ("text", "{{地区}}"), ("text", "\u200b"),
])
def test_what_cannot_be_used_is_refused_with_its_field_named(agent, field, value):
    error = refused(agent.save, "a1", **{field: value})
    assert error.field == field and error.status == 400
    assert "a1" not in agent.texts()


def test_a_shortcut_means_one_text(agent, lead):
    agent.save("a1")
    assert refused(agent.save, "a2").status == 409
    assert refused(lead.save, "new", shared=True, shortcut="nh").field == "shortcut"
    agent.save("a2", shortcut="nh")  # one's own comes before a shared one
    agent.save("a3", shortcut="")
    agent.save("a4", shortcut="")


def test_there_are_no_more_than_can_be_looked_through(agent, monkeypatch):
    assert MOST_TEXTS <= 200
    monkeypatch.setattr("bot.staff.canned.MOST_TEXTS", 2)
    agent.save("a1")
    agent.save("a2", shortcut="")
    assert refused(agent.save, "a3", shortcut="").status == 409
    agent.save("a2", shortcut="", text="改")
