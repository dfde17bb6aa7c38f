"""Every detour in every family: conversations of ``detours.yml``, on the trained model."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import yaml
from talking import switchboard_over

from bot import clock
from bot.dialogue.context import Context
from knowledge.engine import UNKNOWN, Outcome, assess
from knowledge.store import load

PROJECT = Path(__file__).parents[2]
FAMILIES = yaml.safe_load((Path(__file__).parent / "detours.yml").read_text(encoding="utf-8"))
IN_FORM = [family for family in FAMILIES if "fact" in family]
DAY = 86400.0


class Detour:
    """A conversation of a family, with the form open where the family has one."""

    def __init__(self, conversation, family: dict, restarted, monkeypatch) -> None:
        self.talk, self.family = conversation, family
        self.restarted, self._monkeypatch = restarted, monkeypatch
        self.fact = load().facts[family["fact"]] if "fact" in family else None

    async def begin(self) -> None:
        """Say the first messages."""
        for message in self.family["start"]:
            await self.talk.say(message)
        assert self.context.family == self.family["family"]
        assert self.fact is None or self.is_asked_again(), self.talk.text

    def a_day_later(self) -> None:
        """Let a day go by."""
        now = clock.now()
        self._monkeypatch.setattr(clock, "now", lambda: now + DAY)

    @property
    def context(self) -> Context:
        """What the assistant knows, as it is stored."""
        return Context.from_slots(self.talk.state["slots"])

    @property
    def outcome(self) -> Outcome:
        """The outcome by what the assistant knows."""
        now = self.context
        return assess(load(), now.region, now.family, now.known, now.item)

    @property
    def question(self) -> str:
        """The question that the form asks at the start."""
        return self.fact.asked_of(self.context.who)

    @property
    def first(self) -> tuple[str, str]:
        """The first reply: option and wording."""
        return list(self.family["replies"].items())[0]

    @property
    def second(self) -> tuple[str, str]:
        """The reply that corrects the first."""
        return list(self.family["replies"].items())[1]

    @property
    def known(self) -> object:
        """What is known of the fact that was asked about."""
        return self.context.known.get(self.fact.name)

    def is_asked_again(self) -> bool:
        """Tell whether the last reply puts the question of the start, and the form waits for it."""
        asked = self.question in self.talk.messages[-1]["text"]
        return asked and self.context.asked == self.fact.name and self.known is None


@pytest.fixture(scope="module")
def restarted(switchboard):
    """The same assistant as it is after a restart: loaded anew, over the same file."""
    from bot.assistant import Assistant

    again = Assistant(switchboard.assistant.model)
    again.load()
    return switchboard_over(again, switchboard.store.path)


@pytest.fixture
async def opened(new_conversation, family, restarted, monkeypatch):
    """The conversation of a family with the form open."""
    detour = Detour(new_conversation(), family, restarted, monkeypatch)
    await detour.begin()
    return detour


@pytest.fixture
async def answered(new_conversation, family, restarted, monkeypatch):
    """The conversation of a family after the outcome: what was asked was not known."""
    detour = Detour(new_conversation(), family, restarted, monkeypatch)
    await detour.begin()
    while detour.context.asked:
        await detour.talk.say("不知道")
    return detour


async def corrects_an_answer(detour):
    await detour.talk.say(detour.first[1])
    assert detour.known == detour.first[0]
    await detour.talk.say(f"不对，{detour.second[1]}")
    assert detour.known == detour.second[0]


async def takes_an_answer_back(detour):
    await detour.talk.say(detour.first[1])
    await detour.talk.say("我刚才选错了")
    assert detour.is_asked_again()


async def corrects_the_item(detour):
    await detour.talk.say(detour.family["other"]["say"])
    item = detour.outcome.item.canonical if detour.outcome.item else (
        detour.outcome.canonical.id,)
    assert detour.family["other"]["item"] in item
    assert detour.context.family == detour.family["family"]


async def cancels(detour):
    await detour.talk.say("算了，不办了")
    assert detour.context.asked == "" and detour.talk.choices == []
    await detour.talk.say("谢谢")
    assert detour.question not in detour.talk.text


async def changes_the_matter(detour):
    here = detour.family["family"]
    say, other = ("生育津贴要什么材料", "maternity")
    if here == "maternity":
        say, other = ("住院费用报销要什么材料", "reimbursement")
    await detour.talk.say(say)
    assert detour.context.family == other and detour.question not in detour.talk.text


async def changes_the_region(detour):
    moved = detour.family["moved"]
    await detour.talk.say(moved["say"])
    assert detour.context.region == moved["guide"]
    assert detour.context.family == detour.family["family"]
    assert load().guide(moved["guide"]).data.region in detour.talk.text + str(detour.talk.cards)


async def asks_how_long(detour):
    await detour.talk.say("要多久？")
    assert "时限" in detour.talk.text
    assert detour.is_asked_again()


async def asks_in_between_and_goes_on(detour):
    await detour.talk.say("网上能办吗？")
    assert "网上办理" in detour.talk.text
    assert detour.is_asked_again()
    await detour.talk.say(detour.first[1])
    assert detour.known == detour.first[0]


async def asks_two_things(detour):
    await detour.talk.say("要带什么，多久能办好？")
    assert "材料" in detour.talk.text and "时限" in detour.talk.text
    assert detour.is_asked_again()


async def asks_why(detour):
    await detour.talk.say("为什么要问这个")
    assert "取决于这一点" in detour.talk.messages[0]["text"]
    assert "〔" in detour.talk.messages[0]["text"] and detour.is_asked_again()


async def does_not_know(detour):
    await detour.talk.say("不知道")
    assert unknown(detour.known)
    assert not detour.is_asked_again()


def unknown(value) -> bool:
    values = value.values() if isinstance(value, dict) else [value]
    return set(values) == {UNKNOWN}


async def negates(detour):
    negation = detour.family["negation"]
    await detour.talk.say(negation["say"])
    assert detour.known == (negation["means"] or None)
    assert negation["means"] or detour.is_asked_again()


async def has_it_repeated(detour):
    await detour.talk.say("没听清，再说一遍")
    assert detour.is_asked_again()


async def answers_by_number(detour):
    second = offered(detour)[1]
    await detour.talk.say("第二个")
    assert detour.known == second


async def answers_by_button(detour):
    value, _ = detour.second
    await detour.talk.press(detour.fact.option(value).label)
    assert detour.known == value


def offered(detour) -> list[str]:
    """Return the options of the open question, in the order of its buttons."""
    by_label = {option.label: option.value for option in detour.fact.options}
    return [by_label[c["label"]] for c in detour.talk.choices if c["label"] in by_label]


async def comes_back_after_a_day(detour):
    detour.a_day_later()
    await detour.talk.say("你好，在吗")
    assert "接着说" in detour.talk.text and detour.is_asked_again()
    await detour.talk.say(detour.first[1])
    assert detour.known == detour.first[0] and "接着说" not in detour.talk.text


async def goes_on_after_a_restart(detour):
    detour.talk.switchboard = detour.restarted
    await detour.talk.say(detour.first[1])
    assert detour.known == detour.first[0]


async def presses_twice(detour):
    value, _ = detour.first
    ids = [c["id"] for c in detour.talk.choices if c["label"] == detour.fact.option(value).label]
    await detour.talk.press_ids(*ids)
    before = detour.context
    await detour.talk.press_ids(*ids)
    assert "失效" in detour.talk.text and detour.context.facts == before.facts
    assert detour.context.asked == before.asked


async def makes_small_talk(detour):
    for message, reply in (("谢谢", "不客气"), ("你好", "您好")):
        await detour.talk.say(message)
        assert reply in detour.talk.text and detour.is_asked_again()


async def asks_for_a_person(detour):
    await detour.talk.say("帮我转人工")
    assert "12393" in detour.talk.text and detour.is_asked_again()


async def asks_something_else_entirely(detour):
    await detour.talk.say("身份证丢了去哪里补办")
    assert "公安" in detour.talk.text and detour.is_asked_again()


async def says_nothing_to_the_point_twice(detour):
    for message in ("啦啦啦", "嘿嘿嘿"):
        await detour.talk.say(message)
        assert detour.is_asked_again()
    labels = [choice["label"] for choice in detour.talk.choices]
    assert labels[-3:] == ["不清楚", "转人工", "换一件事"]
    await detour.talk.press("换一件事")
    assert detour.context.asked == ""


DETOURS = {
    "更正答案": corrects_an_answer,
    "收回答案": takes_an_answer_back,
    "更正事项": corrects_the_item,
    "取消": cancels,
    "换一件事": changes_the_matter,
    "换参保地": changes_the_region,
    "追问时限": asks_how_long,
    "插问": asks_in_between_and_goes_on,
    "一次问两点": asks_two_things,
    "问为什么": asks_why,
    "不知道": does_not_know,
    "否定": negates,
    "重复": has_it_repeated,
    "按编号答": answers_by_number,
    "按按钮答": answers_by_button,
    "隔天回来": comes_back_after_a_day,
    "重启之后": goes_on_after_a_restart,
    "重按旧按钮": presses_twice,
    "寒暄": makes_small_talk,
    "找人工": asks_for_a_person,
    "问别的部门": asks_something_else_entirely,
    "两次没听懂": says_nothing_to_the_point_twice,
}
"""The detours from an open form, by the name they have in docs/detours.md."""


async def closes(detour):
    for message in ("没有", "好的", "不知道", "不用了", "知道了"):
        await detour.talk.say(message)
        assert [card["type"] for card in detour.talk.cards] == ["notice"]
        assert detour.context.asked == ""


async def asks_why_of_an_outcome(detour):
    await detour.talk.say("为什么")
    assert "〔" in detour.talk.text and detour.context.asked == ""


async def asks_for_a_facet(detour):
    await detour.talk.say("设定依据是什么？")
    assert "依据" in detour.talk.text and detour.context.family == detour.family["family"]


async def says_a_word_of_another_question(detour):
    await detour.talk.say("本人")
    assert "handoff" not in [card["type"] for card in detour.talk.cards]


async def picks_a_button_by_number(detour):
    labels = [choice["label"] for choice in detour.talk.choices]
    last = detour.talk.text
    await detour.talk.say(str(len(labels)))
    assert detour.talk.text != last and "编号" not in detour.talk.text


async def has_the_answer_repeated(detour):
    said = detour.talk.text
    await detour.talk.say("再说一遍")
    assert detour.talk.text == said


async def makes_small_talk_after_it(detour):
    await detour.talk.say("谢谢")
    assert "不客气" in detour.talk.text


async def asks_for_a_person_after_it(detour):
    await detour.talk.say("帮我转人工")
    assert "12393" in detour.talk.text


async def comes_back_to_an_outcome(detour):
    detour.talk.switchboard = detour.restarted
    detour.a_day_later()
    await detour.talk.say("要多久？")
    assert detour.context.family == detour.family["family"]
    assert "时限" in detour.talk.text or "没有写明" in detour.talk.text


AFTER = {
    "好的、没有、不知道": closes,
    "问为什么": asks_why_of_an_outcome,
    "追问依据": asks_for_a_facet,
    "更正事项": corrects_the_item,
    "换参保地": changes_the_region,
    "说“本人”": says_a_word_of_another_question,
    "按编号选": picks_a_button_by_number,
    "重复": has_the_answer_repeated,
    "寒暄": makes_small_talk_after_it,
    "找人工": asks_for_a_person_after_it,
    "隔天、重启后追问": comes_back_to_an_outcome,
}
"""The detours after an outcome, by the name they have in docs/detours.md."""


def applies(family: dict, label: str) -> bool:
    """Tell whether a detour exists in a family: one of a single item has no other item."""
    return label != "更正事项" or "other" in family


def name(family: dict) -> str:
    return load().family(family["family"]).intent


def cases(families: list[dict], detours: dict) -> list:
    """Return a case for each family and each detour that exists in it."""
    return [pytest.param(family, detour, id=f"{name(family)}-{label}")
            for family, (label, detour) in product(families, detours.items())
            if applies(family, label)]


@pytest.mark.asyncio
@pytest.mark.parametrize(("family", "detour"), cases(IN_FORM, DETOURS))
async def test_a_detour_from_the_form(opened, detour):
    await detour(opened)


@pytest.mark.asyncio
@pytest.mark.parametrize(("family", "detour"), cases(FAMILIES, AFTER))
async def test_a_detour_after_the_outcome(answered, detour):
    await detour(answered)


def test_the_docs_show_every_detour_in_every_family() -> None:
    shown = (PROJECT / "docs" / "detours.md").read_text(encoding="utf-8")
    assert shown == page(), "write it anew: python tests/conversations/test_detours_by_family.py"


def page() -> str:
    """Return docs/detours.md: the tables of what is tested."""
    none = [name(family) for family in FAMILIES if "fact" not in family]
    return "\n".join([
        "# Detours", "",
        "What people say instead of the next answer, tried in every family on the trained model.",
        "Made from `tests/conversations/detours.yml` and `test_detours_by_family.py`; written anew",
        "by `python tests/conversations/test_detours_by_family.py`.", "",
        "✓ tested · — there is nothing of the kind in this family", "",
        "## While the form asks", "",
        f"No guide's form asks anything in {'、'.join(none)}: there the detours start after the",
        "outcome only.", "", *table(IN_FORM, DETOURS),
        "", "## After an outcome", "", *table(FAMILIES, AFTER), "",
    ])


def table(families: list[dict], detours: dict) -> list[str]:
    """Return a table in Markdown: a row for each detour, a column for each family."""
    rows = [["", *map(name, families)], ["---"] + ["---"] * len(families)]
    rows += [[label, *("✓" if applies(family, label) else "—" for family in families)]
             for label in detours]
    return [f"| {' | '.join(row)} |" for row in rows]


if __name__ == "__main__":
    (PROJECT / "docs" / "detours.md").write_text(page(), encoding="utf-8")
