"""A person at our own desk: exactly one has it, is listened for, passes it on and gives it back."""

from __future__ import annotations

import asyncio
import json
from contextlib import nullcontext
from datetime import datetime, timedelta, timezone

import pytest
from talking import Conversation, Notes

from bot.desk.figures import figures
from bot.dialogue import Context, pending
from bot.errors import BadInput
from bot.housekeeping import give_up_agents
from bot.journal.database import Database
from bot.orders.answered import answered
from bot.store.redis import RedisStore
from bot.store.sqlite import SqliteStore
from bot.switchboard import BOT, PERSON, Switchboard
from connectors.intake import text_from
from knowledge.engine import Question
from knowledge.store import load

FORM = "梅州看门急诊自己垫的钱怎么报"
TRANSFER = "我妈医保在梅州，跟我住东莞，怎么备案"


class Desk:
    """One conversation, and what agents do in it.

    Attributes:
        events: what whoever shows it was told.
        notes: what the journal has got.
    """

    def __init__(self, assistant, store) -> None:
        self.events, self.notes = [], Notes()
        self.switchboard = Switchboard(assistant, store, self.notes, self._tell)
        self.talk = Conversation(self.switchboard)

    async def _tell(self, event) -> None:
        self.events.append(event["type"])

    async def do(self, name: str, *arguments, **more):
        """Do something in an exchange of its own; return the messages it brought about."""
        async def once(talk):
            done = getattr(talk, name)(*arguments, **more)
            return await done if asyncio.iscoroutine(done) else done
        return await self.switchboard.exchange(self.talk.sender, once)

    async def say(self, text: str) -> str:
        return await self.talk.say(text)

    @property
    def data(self) -> dict:
        """The record as the last message of the citizen left it."""
        return self.talk.state

    async def load(self) -> dict:
        self.talk.state = (await self.switchboard.store.load(self.talk.sender)).data
        return self.talk.state

    async def context(self) -> Context:
        return Context.from_slots((await self.load())["slots"])

    async def facts(self) -> dict:
        return (await self.context()).known

    async def suggested(self) -> dict:
        return (await self.load())["suggested"]

    def noted(self, kind: str) -> list[dict]:
        """Return the data of the journal's entries of a type."""
        return [e["data"] for e in self.notes if e["kind"] == "event" and e["type"] == kind]


@pytest.fixture
async def desk(assistant, tmp_path):
    """A conversation over a file."""
    store = SqliteStore(tmp_path / "conversations.db")
    yield Desk(assistant, store)
    await store.close()


@pytest.fixture(params=["SQLite", "Redis"])
async def desk_over_each(request, assistant, tmp_path):
    """A conversation over each store."""
    if request.param == "SQLite":
        store = SqliteStore(tmp_path / "conversations.db")
    else:
        server = request.getfixturevalue("redis_server")
        server.client.flushall()
        store = RedisStore(server.url)
    yield Desk(assistant, store)
    await store.close()


@pytest.fixture
def present():
    """Tells that these agents were there lately, and nobody else."""
    def those(*agents: str):
        async def there(within: float) -> tuple[str, ...]:
            assert within >= 60
            return agents
        return there
    return those


async def refused(doing, status: int) -> str:
    with pytest.raises(BadInput) as caught:
        await doing
    assert caught.value.status == status
    return str(caught.value)


# --- who has it -----------------------------------------------------------------------------------


async def test_of_two_who_take_it_at_once_exactly_one_has_it(desk_over_each) -> None:
    desk = desk_over_each
    await desk.say("转人工")
    results = await asyncio.gather(*(desk.do("take", agent) for agent in ("8001", "8002", "8003")),
                                   return_exceptions=True)
    agent = (await desk.load())["agent"]
    lost = [error for error in results if isinstance(error, BadInput)]
    assert len(lost) == 2 and all(e.status == 409 and agent in str(e) for e in lost)
    assert await desk.switchboard.store.held() == [(desk.talk.sender, agent)]
    assert [data["agent"] for data in desk.noted("joined")] == [agent]
    assert await desk.switchboard.store.waiting() == []
    assert await desk.do("take", agent) == []


async def test_whoever_commits_first_has_it_even_where_no_lock_holds(desk, monkeypatch) -> None:
    """A lock may expire in the middle of a slow turn: the revision of the record decides."""
    await desk.say("转人工")
    store, quicker = desk.switchboard.store, []
    commit = store.commit

    async def somebody_is_quicker(conversation, change):
        if not quicker:
            quicker.append("8002")
            await desk.do("take", "8002")
        await commit(conversation, change)

    monkeypatch.setattr(store, "lock", lambda conversation: nullcontext())
    monkeypatch.setattr(store, "commit", somebody_is_quicker)
    assert "8002" in await refused(desk.do("take", "8001"), 409)
    assert (await desk.load())["agent"] == "8002"


async def test_nobody_takes_what_is_not_there_or_is_over(desk) -> None:
    await refused(desk.do("take", "8001"), 404)
    await desk.say(FORM)
    await desk.do("take", "8001")
    await desk.do("end", agent="8001")
    assert (await desk.load())["ended_at"] and desk.data["holder"] == BOT
    await refused(desk.do("take", "8001"), 409)
    await desk.say("还有一件事")
    assert await desk.do("take", "8001")


async def test_only_who_has_it_speaks_and_acts_in_it(desk) -> None:
    await desk.say(FORM)
    await desk.do("take", "8001")
    for doing in (desk.do("agent_says", "您好", "a1", agent="8002"), desk.do("end", agent="8002"),
                  desk.do("agent_says", "您好", "a1"), desk.do("transfer", "8002", "8003"),
                  desk.do("give_back", "8002"), desk.do("edit", "8002", {"place": "江门"}),
                  desk.do("reject", "8002", 1, 1, "不对")):
        await refused(doing, 409)
    (said,) = await desk.do("agent_says", "您好", "a1", agent="8001")
    assert said.card["agent"] == "8001"
    assert await desk.do("agent_says", "您好", "a1", agent="8001") == [said]


async def test_a_lead_takes_over_from_a_person_at_the_desk_not_from_the_platforms(desk) -> None:
    await desk.say(FORM)
    await desk.do("take", "8001")
    assert "9001" in (await desk.do("take_over", "9001"))[0].text
    assert (await desk.load())["served_by"] == ["8001", "9001"]
    assert desk.noted("joined")[-1]["instead_of"] == "8001"
    await desk.do("give_back", "9001")
    await desk.do("join", "A1")
    await refused(desk.do("take_over", "9001"), 409)
    await refused(desk.do("take", "A1"), 409)


async def test_a_transfer_keeps_the_context_and_its_note_from_the_citizen(desk) -> None:
    await desk.say(FORM)
    await desk.do("take", "8001")
    before = (await desk.load())["slots"]
    await refused(desk.do("transfer", "8001", "8001"), 400)
    (told,) = await desk.do("transfer", "8001", "8002", "问过两次了，先安抚")
    assert told.author == "system" and "8002" in told.text and "安抚" not in told.text
    data = await desk.load()
    assert (data["agent"], data["seen"], data["slots"]) == ("8002", 0, before)
    assert data["notes"][0]["text"] == "问过两次了，先安抚" and data["suggested"]["made"]
    assert desk.noted("transferred") == [{"agent": "8001", "to": "8002"}]
    assert [data["agent"] for data in desk.noted("joined")] == ["8001", "8002"]
    assert "安抚" not in json.dumps(desk.notes, ensure_ascii=False)
    await refused(desk.do("agent_says", "在", "a1", agent="8001"), 409)


async def test_back_in_the_queue_nobody_waits_twice(desk) -> None:
    await desk.say("转人工")
    since = desk.data["waiting"]["since"]
    await desk.do("take", "8001")
    await desk.do("transfer", "8001", "")
    data = await desk.load()
    assert data["holder"] == BOT and data["waiting"] == {"since": since, "reason": "transferred"}
    assert await desk.switchboard.store.waiting() == [desk.talk.sender]
    summary = await desk.do("handover")
    assert summary["reason"] == {"code": "transferred", "text": "坐席转来"}
    assert len(desk.noted("asked_for_person")) == 1, "to be transferred is not to ask again"
    assert await desk.do("take", "8002")


async def test_the_conversations_of_whoever_is_gone_go_back_to_the_queue(desk, present) -> None:
    await desk.say("转人工")
    await desk.do("take", "8001")
    assert await give_up_agents(desk.switchboard, present("8001")) == 0
    assert await give_up_agents(desk.switchboard, present("8002")) == 1
    assert (await desk.load())["waiting"]["reason"] == "transferred"
    last = (await desk.switchboard.store.newest(desk.talk.sender, 1))[0]
    assert last.author == "system" and "连不上" in last.text
    assert await give_up_agents(desk.switchboard, present()) == 0
    assert desk.noted("transferred") == [{"agent": "8001", "to": "", "gone": True}]


async def test_the_platforms_agents_have_no_page_at_our_desk_and_are_not_given_up(
    desk, present
) -> None:
    await desk.say("转人工")
    await desk.do("join", "A1")
    assert await give_up_agents(desk.switchboard, present()) == 0
    assert (await desk.load())["agent"] == "A1"


# --- back to the bot ------------------------------------------------------------------------------


async def until_answered(desk: Desk, most: int = 8) -> list[dict]:
    """Press the first answer of every question until there is none; return the last cards."""
    for _ in range(most):
        question = [card for card in desk.talk.cards if card["type"] == "question"]
        if not question:
            return desk.talk.cards
        await desk.talk.press_ids(question[-1]["choices"][0]["id"])
    raise AssertionError("the form does not end")


def shown(desk: Desk, told) -> None:
    """Let the citizen see messages that nobody asked for."""
    desk.talk.messages = [{"text": m.text, "custom": m.card} for m in told if m.card]


async def test_given_back_untouched_the_form_goes_on_with_the_same_question(desk) -> None:
    question = await desk.say(FORM)
    await desk.do("take", "8001")
    told = await desk.do("give_back", "8001")
    assert [m.author for m in told] == ["system", "bot"] and told[-1].text == question
    shown(desk, told)
    assert (await until_answered(desk))[-1]["type"] == "answer"
    assert desk.data["loop"] is None


async def test_given_back_after_talk_the_question_is_put_again_and_the_form_completes(desk) -> None:
    question = await desk.say(FORM)
    await desk.do("take", "8001")
    await desk.do("agent_says", "您好，请问是怎么受的伤？", "a1", agent="8001")
    await desk.say("谢谢，我看看")
    told = await desk.do("give_back", "8001")
    assert told[-1].text == question
    assert desk.noted("left")[-1]["outcome"]["types"] == ["question"]
    shown(desk, told)
    assert (await until_answered(desk))[-1]["type"] == "answer"


async def test_what_the_citizen_told_meanwhile_is_not_asked_again(desk) -> None:
    question = await desk.say(TRANSFER)
    asked, label = (await desk.context()).asked, desk.talk.choices[0]["label"]
    await desk.do("take", "8001")
    await desk.say(label)
    assert asked in await desk.facts()
    told = await desk.do("give_back", "8001")
    assert told[-1].text != question and (await desk.context()).asked != asked
    shown(desk, told)
    assert (await until_answered(desk))[-1]["type"] == "answer"


async def test_where_the_agent_entered_all_that_is_asked_the_outcome_is_given(desk) -> None:
    await desk.say(FORM)
    await desk.do("take", "8001")
    entered = []
    while isinstance(question := pending(load(), await desk.context()), Question):
        first = question.options[0].value
        options = {option.value: option.value == first for option in question.fact.options}
        value = options if question.fact.multiple else first
        await desk.do("edit", "8001", {"facts": {question.fact.name: value}})
        entered.append(question.fact.name)
    told = await desk.do("give_back", "8001")
    assert entered and told[-1].card["type"] == "answer"
    data = await desk.load()
    assert data["loop"] is None and "requested_slot" not in data["slots"]
    (left,) = desk.noted("left")
    assert left["outcome"]["status"] and left["citations"]
    assert "门诊费用报销" in await desk.say("多久能办好")


async def test_another_place_meanwhile_is_the_guide_of_the_rest_of_the_form(desk) -> None:
    await desk.say(FORM)
    await desk.do("take", "8001")
    await desk.do("edit", "8001", {"place": "江门"})
    told = await desk.do("give_back", "8001")
    shown(desk, told)
    cards = await until_answered(desk)
    assert cards[-1]["type"] == "answer" and cards[-1]["region"] == "江门市"


async def test_outside_a_form_nothing_is_asked_on_giving_back(desk) -> None:
    await desk.say("梅州门诊费用报销要带什么材料")
    await desk.do("take", "8001")
    await desk.say("我妈退休了")
    (told,) = await desk.do("give_back", "8001")
    assert told.author == "system" and (await desk.load())["holder"] == BOT


# --- listening and suggesting ---------------------------------------------------------------------


async def test_what_is_told_to_a_person_fills_the_facts(desk) -> None:
    await desk.say("你好")
    await desk.do("take", "8001")
    assert await desk.say("我妈退休了，医保在梅州，跟我住东莞，怎么备案") == ""
    facts = await desk.facts()
    assert facts["retired"] == "已退休"
    context = desk.data["slots"]["context"]
    assert context["place"]["name"] == "梅州市" and context["family"]


async def test_suggestions_for_the_last_message_are_there_on_taking_and_with_each_message(
    desk,
) -> None:
    await desk.say("梅州门诊费用报销要带什么材料")
    await desk.do("take", "8001")
    suggested = await desk.suggested()
    assert suggested["seq"] == 1
    assert suggested["made"][0]["item"] == "outpatient_reimbursement"
    await desk.say("多久能办好")
    again = await desk.suggested()
    assert again["seq"] > 1 and again["made"][0]["facet"] == "办理时限"
    assert again["made"][0]["citations"]
    await desk.do("give_back", "8001")
    assert await desk.suggested() is None


async def test_yes_to_the_person_is_no_answer_to_the_bots_question(desk) -> None:
    await desk.say(FORM)
    await desk.do("take", "8001")
    before = await desk.facts()
    await desk.do("agent_says", "您是说手机上办吗？", "a1", agent="8001")
    await desk.say("都不是")
    assert await desk.facts() == before


async def test_a_button_of_the_bots_question_answers_it_all_the_same(desk) -> None:
    await desk.say(FORM)
    none = next(c["id"] for c in desk.talk.cards[-1]["others"] if c["label"] == "都不是")
    asked = desk.data["slots"]["context"]["asked"]
    await desk.do("take", "8001")
    await desk.do("agent_says", "请按一下按钮", "a1", agent="8001")
    before = (await desk.facts()).get(asked)
    await desk.talk.press_ids(none)
    assert (await desk.facts())[asked] != before


async def test_an_edit_makes_the_suggestions_anew_and_is_not_undone_by_the_old_message(
    desk,
) -> None:
    await desk.say("我退休了，医保在梅州，门诊费用报销要带什么材料")
    await desk.do("take", "8001")
    desk.events.clear()
    await desk.do("edit", "8001", {"place": "江门", "facts": {"retired": "未退休"}})
    suggested = await desk.suggested()
    assert suggested["seq"] == 1 and suggested["made"][0]["region"] == "江门市"
    assert (await desk.facts())["retired"] == "未退休"
    assert desk.events == ["panel"]
    (edited,) = desk.noted("facts_edited")
    assert edited["edits"] == {"place": "江门市", "facts": {"retired": "未退休"}}
    assert edited["offered"][0]["region"] == "江门市"


async def test_the_matter_that_the_agent_enters_is_what_answers_are_suggested_for(desk) -> None:
    await desk.say("梅州门诊费用报销要带什么材料")
    await desk.do("take", "8001")
    await desk.do("edit", "8001", {"family": "reimbursement", "item": "inpatient_reimbursement"})
    assert (await desk.suggested())["made"][0]["item"] == "inpatient_reimbursement"


async def test_a_reading_that_fails_costs_suggestions_and_no_message(desk, monkeypatch) -> None:
    await desk.say(FORM)
    await desk.do("take", "8001")

    async def broken(text):
        raise RuntimeError("13812345678")

    monkeypatch.setattr(desk.switchboard.assistant, "read", broken)
    await desk.say("要带什么材料")
    assert (await desk.suggested())["made"] == []
    assert (await desk.switchboard.store.newest(desk.talk.sender, 1))[0].text == "要带什么材料"


# --- the journal ----------------------------------------------------------------------------------


async def test_each_choice_among_suggestions_is_noted_for_training(desk) -> None:
    await desk.say("你好")
    await desk.do("take", "8001")
    await desk.say("梅州门诊费用报销要带什么材料")
    heard = desk.noted("said_to_agent")[-1]
    assert heard["intents"][0][0] == "零星报销" and "办理材料" in heard["facets"]
    best = heard["offered"][0]
    assert best["item"] == "outpatient_reimbursement" and best["citations"]
    assert "text" not in best
    seq = heard["seq"]
    text = (await desk.suggested())["made"][0]["text"]
    used = {"seq": seq, "rank": 1, "edited": False}
    await desk.do("agent_says", text, "a1", agent="8001", used=used)
    said = desk.noted("said_by_agent")[-1]
    assert said["used"] == {**used, "turn": heard["turn"], **best}
    assert said["offered"] == {"seq": seq, "turn": heard["turn"],
                               "count": len(heard["offered"])}
    await desk.do("agent_says", "还要别的吗", "a2", agent="8001")
    assert "used" not in desk.noted("said_by_agent")[-1]


async def test_a_rejection_is_noted_once_with_its_reason(desk) -> None:
    await desk.say("梅州门诊费用报销要带什么材料")
    await desk.do("take", "8001")
    for _ in range(2):
        await desk.do("reject", "8001", 1, 1, "答非所问")
    (rejected,) = desk.noted("suggestion_rejected")
    assert rejected["reason"] == "答非所问" and rejected["rank"] == 1
    assert rejected["item"] == "outpatient_reimbursement" and rejected["confidence"] > 0
    assert (await desk.suggested())["rejected"] == [1]
    for seq, rank in ((1, 9), (1, 0), (7, 1)):
        await refused(desk.do("reject", "8001", seq, rank, "不对"), 404)


async def test_what_was_made_from_a_suggestion_that_is_long_gone_can_still_be_sent(desk) -> None:
    await desk.say("梅州门诊费用报销要带什么材料")
    await desk.do("take", "8001")
    used = {"seq": 99, "rank": 1, "edited": True}
    assert await desk.do("agent_says", "请带身份证", "a1", agent="8001", used=used)
    assert desk.noted("said_by_agent")[-1]["used"] == used


async def test_notes_and_what_was_seen_are_kept_and_told_to_nobody(desk) -> None:
    await desk.say("你好")
    await desk.do("take", "8001")
    await desk.say("在吗")
    before = (await desk.switchboard.store.load(desk.talk.sender)).last_seq
    await desk.do("mark_seen", "8002", before)
    assert (await desk.load())["seen"] < before
    await desk.do("mark_seen", "8001", 999)
    await desk.do("mark_seen", "8001", 1)
    await desk.do("add_note", "8002", "要回电")
    data = await desk.load()
    assert data["seen"] == before and data["notes"][0]["agent"] == "8002"
    assert (await desk.switchboard.store.load(desk.talk.sender)).last_seq == before
    assert desk.noted("noted") == [{"agent": "8002"}]


async def test_taken_after_a_mere_wish_for_a_person_it_suggests_for_what_was_asked(desk) -> None:
    await desk.say("江门住院费用报销要带什么")
    await desk.say("我要找人工")
    await desk.do("take", "8001")
    suggested = await desk.suggested()
    assert suggested["seq"] == 1 and "办理材料" in suggested["made"][0]["text"]


async def test_a_suggestion_is_known_also_where_the_citizen_has_gone_on_writing(desk) -> None:
    await desk.say("梅州门诊费用报销要带什么材料")
    await desk.do("take", "8001")
    offered = (await desk.suggested())["made"][0]
    await desk.say("多久能办好")
    (said,) = await desk.do("agent_says", offered["text"], "a1", agent="8001",
                            used={"seq": 1, "rank": 1, "edited": False})
    clauses = [clause["id"] for clause in offered["citations"]]
    assert desk.noted("said_by_agent")[0]["used"]["citations"] == clauses
    assert [cited["id"] for cited in said.card["citations"]] == clauses


async def test_the_work_order_names_the_clauses_an_agent_answered_by(desk) -> None:
    await desk.say("我要找人工")
    await desk.do("take", "8001")
    await desk.say("梅州门诊费用报销要带什么材料")
    suggested = await desk.suggested()
    await desk.do("agent_says", "您好，" + suggested["made"][0]["text"], "a1", agent="8001",
                  used={"seq": suggested["seq"], "rank": 1, "edited": True})
    messages = await desk.switchboard.store.since(desk.talk.sender, 0)
    (told,) = answered(load(), messages)
    assert told["citations"][0]["id"] == suggested["made"][0]["citations"][0]["id"]
    assert told["citations"][0]["heading"]


async def test_nothing_personal_reaches_the_journal(desk) -> None:
    await desk.say("转人工")
    await desk.do("take", "8001")
    await desk.say("我叫王小明，电话13812345678，医保在梅州，门诊费用报销要带什么")
    await desk.do("agent_says", text_from("王小明您好，13812345678对吗"), "a1", agent="8001")
    await desk.do("give_back", "8001")
    kept = json.dumps([desk.notes, await desk.load()], ensure_ascii=False)
    assert "13812345678" not in kept and desk.data["holder"] != PERSON


async def test_the_figures_of_the_desk_are_counted_from_what_is_noted(desk, tmp_path) -> None:
    await desk.say(FORM)
    await desk.do("ask_for_person", "asked")
    await desk.do("take", "8001")
    suggested = await desk.suggested()
    used = {"seq": suggested["seq"], "rank": 1, "edited": True}
    await desk.do("agent_says", "改过的", "a1", agent="8001", used=used)
    await desk.say("要带什么材料")
    await desk.do("reject", "8001", (await desk.suggested())["seq"], 1, "答非所问")
    await desk.do("transfer", "8001", "8002")
    await desk.do("transfer", "8002", "")
    await desk.do("take", "8001")
    await desk.do("end", "8001")
    log = Database(f"sqlite:///{tmp_path / 'log.db'}")
    start = datetime(2026, 11, 2, tzinfo=timezone.utc)
    log.add({**entry, "at": (start + timedelta(seconds=second)).isoformat()}  # agents take theirs
            for second, entry in enumerate(desk.notes))
    counted = figures(log, start, start + timedelta(hours=1))
    log.close()
    everybody = counted["all"]
    assert (everybody["asked"], everybody["taken"], everybody["stopped"]) == (1, 3, 0)
    assert [everybody[times]["count"] for times in ("waiting", "first_reply", "handling")] == [
        2, 1, 3]
    assert everybody["suggestions"] == {
        "offered": 2, "used": 0, "edited": 1, "rejected": 1, "acceptance": 0.5}
    assert {numbers["agent"]: numbers["taken"] for numbers in counted["agents"]} == {
        "8001": 2, "8002": 1}
    assert counted["reasons"] == [{"reason": "asked", "text": "要求转人工", "count": 1}]
    assert counted["rejections"] == [{"reason": "答非所问", "count": 1}]


@pytest.mark.parametrize(("told", "item"), [
    ("急诊住的院", "inpatient_reimbursement"), ("多久能到账", "inpatient_reimbursement")])
async def test_what_is_told_of_the_running_matter_is_answered_on_it_first(
    desk, told: str, item: str,
) -> None:
    await desk.say("梅州住院费用报销要带什么")
    await desk.do("take", "8001")
    await desk.say(told)
    assert (await desk.suggested())["made"][0]["item"] == item
