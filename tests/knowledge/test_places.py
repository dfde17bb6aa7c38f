"""Places in sentences: what is a place, what role it has, where that makes a person insured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.places import (
    Mention,
    answer_place,
    find_places,
    insured_place,
    main_place,
    place_for,
)
from knowledge.regions import resolve

CASES = yaml.safe_load((Path(__file__).parent / "place_cases.yml").read_text(encoding="utf-8"))
ROLES = {"参保", "居住", "就医", "工作", "户籍", "转出", "转入", ""}


def every_case() -> Iterator[Any]:
    for topic, cases in CASES.items():
        for case in cases:
            yield pytest.param(case, id=f"{topic}: {case['say'] or '空'}")


def name(mention: Mention | None) -> str:
    return "".join(mention.place_names) if mention else ""


def said(text: str) -> list[str]:
    return [f"{name(m)} {m.role}".strip() for m in find_places(text)]


@pytest.mark.parametrize("case", every_case())
def test_a_sentence_gives_its_places_and_where_one_is_insured(case: dict[str, Any]) -> None:
    assert said(case["say"]) == case["places"]
    insured = insured_place(find_places(case["say"]))
    assert (insured and insured.place) == (resolve(case["insured"]) if "insured" in case else None)


def test_only_the_known_roles_leave_the_module() -> None:
    mentions = [m for topic in CASES.values() for c in topic for m in find_places(c["say"])]
    assert {m.role for m in mentions} == ROLES


@pytest.mark.parametrize(
    "text", ["我阿媽住喺廣東省梅州市，醫保喺江門", "老家江西，想去福州的协和医院", " 梅州 医保 "]
)
def test_offsets_point_at_the_name_in_the_text_as_written(text: str) -> None:
    for mention in find_places(text):
        written = text[mention.start : mention.end]
        assert resolve(written).places == () or resolve(written) == mention.place
        assert len(written) == len("".join(mention.place_names))


def test_an_ambiguous_county_is_handed_on_as_ambiguous_so_that_one_can_ask() -> None:
    mention = insured_place(find_places("鼓楼区医保局电话"))
    assert mention is not None
    assert mention.place.ambiguous and mention.place.guide is None


def test_another_place_in_the_message_settles_which_county_is_meant() -> None:
    *_, county = find_places("我在福州上班，鼓楼医保在哪办")
    assert county.place.guide == "fujian" and not county.place.ambiguous


def test_two_insured_places_under_different_guides_are_no_statement() -> None:
    assert insured_place(find_places("我医保在梅州，老婆医保在江门，能共用吗")) is None


def test_two_insured_places_under_one_guide_leave_the_guide_clear() -> None:
    mention = insured_place(find_places("我医保在佛山，老婆医保在珠海，能共用吗"))
    assert mention is not None and mention.place.guide == "guangdong"


def test_a_city_named_later_makes_the_province_more_precise() -> None:
    assert name(insured_place(find_places("我是广东医保，江门的生育津贴怎么领"))) == "江门"


def test_a_transfer_is_for_the_place_it_goes_to_or_by_the_caller_comes_from() -> None:
    mentions = find_places("我想把江西的医保转到厦门")
    assert name(place_for(mentions, "转入")) == "厦门"
    assert name(place_for(mentions, "转出")) == "江西"
    assert insured_place(mentions) is None
    assert name(main_place(mentions)) == "厦门"


def test_without_the_role_asked_for_the_place_of_insurance_serves() -> None:
    assert name(place_for(find_places("湖北医保转移接续多久办好"), "转入", "转出")) == "湖北"


def test_a_message_without_places_is_about_none() -> None:
    assert main_place(find_places("住院报销要带什么")) is None


@pytest.mark.parametrize(
    ("reply", "place"),
    [
        ("湖北宜昌", "湖北宜昌"),
        ("大埔的", "大埔"),
        ("广东，佛山那边", "广东佛山"),
        ("梅县，我爸跟我住深圳", "梅县"),
        ("应该是江门吧", "江门"),
        ("系台山嘅", "台山"),
        ("廣東省江門市", "广东省江门市"),
        ("不是梅州，是江门", "江门"),
        ("广州吧，具体哪个区不知道", "广州"),
        ("我在东莞上班", "东莞"),
        ("户口在五华", "五华"),
        ("之前在深圳，现在转回梅州了", "梅州"),
        ("社保在珠海，人在梅州", "珠海"),
        ("公安", "公安"),
        ("鄂", "鄂"),
        ("粤的", "粤"),
    ],
)
def test_a_reply_to_where_are_you_insured_names_the_place(reply: str, place: str) -> None:
    assert name(answer_place(reply)) == place


@pytest.mark.parametrize(
    "reply",
    ["不知道", "我也不太清楚", "唔知喔", "没有参保", "我住深圳", "不是梅州", "梅州或者江门"]
    + ["本地", "外省的", "随便", "要多久？", "12345", "A市", ""],
)
def test_a_reply_that_does_not_say_where_is_no_answer(reply: str) -> None:
    assert answer_place(reply) is None


@pytest.mark.parametrize(
    "text", ["Ⓟ的医保", "在Ⓟ住院，梅州医保", "{参保}", "梅州\n\n医保", "梅" * 999]
)
def test_signs_of_our_own_and_odd_text_in_a_message_do_no_harm(text: str) -> None:
    assert all(m.role in ROLES for m in find_places(text))
