"""Like messages stand in one group, under the one that most are like, where one label does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.learning.inbox.grouping import groups_of, narrowed
from bot.learning.inbox.messages import messages_of
from bot.learning.keys import key_of
from tests.learning.made_log import event, turn, unclear

BASE = "帮老婆交医保的钱能不能从我卡里出"
CARD = {"intents": [["个人账户", 0.6]], "likely": [["personal_account", "", 0.5]],
        "facets": ["办理流程"]}


def messages(*texts: str, **read: Any) -> list[dict[str, Any]]:
    """Messages of conversations of their own, a second after one another, all read alike."""
    read = {**CARD, **read}
    return messages_of([turn(f"c{n}", n, text, **read) for n, text in enumerate(texts)])


def texts(group: Mapping[str, Any]) -> set[str]:
    return {message["text"] for message in group["messages"]}


def test_ways_to_say_the_same_stand_under_the_one_that_most_are_like() -> None:
    alike = [f"您好，请问一下，{BASE}，谢谢", f"{BASE}呢", BASE.replace("老婆", "老公"), BASE]
    other = "异地住院先备案还是先住院"
    near, far = groups_of(messages(*alike, other))
    assert texts(near) == set(alike) and texts(far) == {other}
    assert near["typical"]["text"] == BASE and near["id"] == key_of(BASE)
    assert near["size"] == 4 and near["proposed"] == near["typical"]["proposed"]


def test_courtesies_and_places_make_nothing_alike_or_unlike() -> None:
    polite = ["您好，请问一下，换一件事，谢谢", "您好，请问一下，已经好了，谢谢"]
    assert len(groups_of(messages(*polite))) == 2
    places = ["医保怎么从梅州转到江门", "医保怎么从佛山转到武汉"]
    assert len(groups_of(messages(*places))) == 1


@pytest.mark.parametrize("read", [
    {"intents": [["家庭共济", 0.6]], "likely": [["family_sharing", "", 0.5]]},
    {"likely": [["personal_account", "account_transfer", 0.5]]},
    {"facets": ["办理材料"]}, {"missing_topic": "个人账户用途"}],
    ids=["intent", "item", "facet", "topic"])
def test_what_would_get_another_label_stands_apart_however_alike(read: Mapping[str, Any]) -> None:
    both = messages(BASE) + messages(f"{BASE}呀", **read)
    assert len(groups_of(both)) == 2


def test_a_guess_joins_what_it_is_like_and_takes_its_meaning() -> None:
    guess = {"intents": [["门慢特认定", 0.3]], "likely": []}
    (group,) = groups_of(messages(f"{BASE}呀", **guess) + messages(BASE))
    assert group["proposed"]["intent"] == "个人账户"


def test_two_meanings_do_not_meet_in_a_group_of_guesses() -> None:
    guess = {"intents": [["门慢特认定", 0.3]], "likely": []}
    told = messages(f"{BASE}呀", intents=[["家庭共济", 0.6]], likely=[])
    found = groups_of(messages(BASE, **guess) + messages(f"{BASE}呢") + told)
    meanings = [{m["proposed"]["intent"] for m in g["messages"]} - {"门慢特认定"} for g in found]
    assert sorted(map(sorted, meanings)) == [["个人账户"], ["家庭共济"]]


def test_marked_words_stand_alone_as_they_are_elsewhere_in_another_text() -> None:
    entries = [entry for name, text in (("a", "户口郁过去嗰边咗"), ("b", "户口郁过去嗰边咗啦"))
               for entry in (
                   turn(name, 1, "1", asked="household_moved"),
                   turn(name, 2, text, asked="household_moved", misses=1,
                        intents=[["范围外", 0.3]]),
                   turn(name, 3, "1", facts={"household_moved": "已迁入"}))]
    found = groups_of(messages_of(sorted(entries, key=lambda entry: entry["at"])))
    assert [len(g["messages"]) for g in found] == [1, 1]
    assert all(g["proposed"]["facts"] for g in found)


def test_what_weighs_more_and_what_more_people_say_comes_first() -> None:
    entries = [
        *(turn(f"a{n}", n, "生育津贴几时发到手上", intents=[["生育待遇", 0.5]], likely=[])
          for n in range(5)),
        turn("b", 10, "单位没给交社保那部分怎么办", intents=[["生育待遇", 0.5]], likely=[]),
        unclear("d", 20, "账户的钱给老婆用"),
        event("facts_edited", "d", 21, turn="d:20", edits={"family": "family_sharing"}),
    ]
    found = groups_of(messages_of(entries))
    assert [g["typical"]["conversation"][0] for g in found] == ["d", "a", "b"]
    once, five_times = found[2]["weight"], found[1]["weight"]
    assert once < five_times < 5 * once and found[1]["size"] == 5


def test_of_two_that_weigh_the_same_the_newest_comes_first() -> None:
    found = groups_of(messages("生育津贴几时发", "外地住院怎么办备案"))
    assert [g["typical"]["text"] for g in found] == ["外地住院怎么办备案", "生育津贴几时发"]


def test_a_group_without_its_typical_message_has_another_and_another_name() -> None:
    (group,) = groups_of(messages(BASE, f"{BASE}呢", f"{BASE}呀"))
    rest = narrowed(group, lambda message: message["text"] != group["typical"]["text"])
    assert texts(rest) == texts(group) - {group["typical"]["text"]}
    assert rest["typical"] in rest["messages"] and rest["id"] == rest["typical"]["key"]
    assert rest["weight"] < group["weight"] and rest["size"] == 2
    assert narrowed(group, lambda message: True) is group
    assert narrowed(group, lambda message: False) is None


def test_nothing_makes_no_group() -> None:
    assert groups_of([]) == []
    (group,) = groups_of(messages("谢"))  # shorter than what is compared
    assert group["size"] == 1
