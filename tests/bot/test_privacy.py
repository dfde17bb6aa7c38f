"""Personal data does not reach storage; what the understanding needs does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from bot import privacy_rules
from bot.privacy import Masked, mask
from knowledge.places import find_places

CASES = yaml.safe_load((Path(__file__).parent / "privacy_cases.yml").read_text("utf-8"))
DATA = yaml.safe_load(
    (Path(privacy_rules.__file__).parent / "data" / "privacy.yml").read_text("utf-8")
)
MASKED = [pair for pairs in CASES["masked"].values() for pair in pairs]
UNTOUCHED = [text for texts in CASES["untouched"].values() for text in texts]

@pytest.mark.parametrize(("typed", "stored"), MASKED)
def test_personal_data_is_replaced_and_the_rest_stays(typed: str, stored: str) -> None:
    assert mask(typed).text == stored


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_not_personal_is_left_alone(text: str) -> None:
    assert mask(text) == Masked(text, ())


def test_masking_twice_changes_nothing() -> None:
    once = [mask(typed).text for typed, _ in MASKED]
    assert [mask(text) for text in once] == [Masked(text, ()) for text in once]


def guides_of_places(text: str) -> set[str | None]:
    return {mention.place.guide for mention in find_places(text)}


def test_the_places_that_decide_on_the_guide_survive() -> None:
    before = {typed: guides_of_places(typed) for typed, _ in MASKED}
    assert {typed: guides_of_places(mask(typed).text) for typed, _ in MASKED} == before


def test_the_specification_is_as_broad_as_promised() -> None:
    assert len({typed for typed, _ in MASKED}) >= 200
    assert len(set(UNTOUCHED)) >= 200
    assert set(DATA["placeholders"]) == {kind for typed, _ in MASKED for kind in mask(typed).kinds}


def test_kinds_name_what_was_masked_once_each() -> None:
    masked = mask("张三 441421195803021235 13812345678 或 13812345679")
    assert masked.kinds == ("id_number", "mobile", "name")


def test_one_message_of_several_lines_is_masked_in_each() -> None:
    typed = "姓名：李明\r\n身份证：441421195803021235\n电话\n13812345678"
    assert mask(typed).text == "姓名：［姓名］\r\n身份证：［身份证号］\n电话\n［手机号］"


# --- made by rule, not by hand ----------------------------------------------------------------

SCRIPTS = st.sampled_from(
    ["0123456789", "０１２３４５６７８９", "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"]
)
FRAMES = st.sampled_from(["{}", "我的号码{}，请查", "麻烦看下{}怎么没有备案", "{}\n谢谢", "（{}）"])


def written(draw: st.DrawFn, groups: list[str]) -> str:
    """The number in one of the ways people write: script, and what divides its groups."""
    digits = str.maketrans("0123456789", draw(SCRIPTS))
    return draw(st.sampled_from(["", " ", "-", "\u3000", "\u200b"])).join(groups).translate(digits)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    county = draw(st.sampled_from(["441402", "440703", "420106", "350203", "510921"]))
    born = draw(st.dates(date(1920, 1, 1), date(2025, 12, 31))).strftime("%Y%m%d")
    order = f"{draw(st.integers(0, 999)):03}"
    return written(draw, [county, born, order + ric.calc_check_digit(county + born + order + "0")])


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    number = f"1{draw(st.integers(3, 9))}{draw(st.integers(0, 10**9 - 1)):09}"
    return written(draw, [number[:3], number[3:7], number[7:]])


@given(id_numbers(), FRAMES)
def test_any_id_number_is_masked_however_it_is_written(number: str, frame: str) -> None:
    assert mask(frame.format(number)).text == frame.format("［身份证号］")


@given(mobiles(), FRAMES)
def test_any_mobile_number_is_masked_however_it_is_written(number: str, frame: str) -> None:
    assert mask(frame.format(number)).text == frame.format("［手机号］")


@given(st.text() | st.text("我叫王小明住梅州区镇村路号1390-:，［］手机姓名·@X", max_size=60))
def test_any_text_can_be_masked_and_stays_as_it_is_the_second_time(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


# --- the data file ----------------------------------------------------------------------------


@pytest.mark.parametrize("rule", DATA["rules"], ids=lambda rule: rule["why"][:40])
def test_each_rule_says_why_and_has_a_placeholder(rule: dict[str, str]) -> None:
    assert set(rule) <= {"kind", "why", "pattern", "after", "guard"}
    assert rule["kind"] in DATA["placeholders"]
    assert rule["why"]


def test_each_fragment_is_used() -> None:
    patterns = [rule[key] for rule in DATA["rules"] for key in ("pattern", "after") if key in rule]
    code = Path(privacy_rules.__file__).read_text("utf-8")
    used = set(re.findall(r"<<(\w+)>>", " ".join([*patterns, *DATA["shapes"].values(), code])))
    assert used - {"name"} == {*DATA["shapes"], *DATA["words"], *DATA["characters"]}
