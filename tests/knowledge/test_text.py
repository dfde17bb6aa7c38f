"""Texts that look the same compare as the same, and nothing else does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.text import digest, plain, squeeze


@pytest.mark.parametrize(
    ("drawn", "written"),
    [
        ("⼴东省医疗保障", "广东省医疗保障"),
        ("城乡居⺠", "城乡居民"),
        ("部⻔", "部门"),
        ("⻅备注", "见备注"),
        ("第 33 ⻚", "第33页"),
        ("⻓期居住", "长期居住"),
        ("２０个工作日", "20个工作日"),
        ("（一）窗口 办理：\n即时办结", "(一)窗口办理:即时办结"),
        ("《异地就医　登记备案表》", "《异地就医登记备案表》"),
    ],
)
def test_what_looks_the_same_is_the_same(drawn: str, written: str) -> None:
    assert squeeze(drawn) == squeeze(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [("20个工作日", "30个工作日"), ("应提供", "可提供"), ("出院小结", "出院记录"),
     ("一式两份", "一式二份")],
)
def test_what_differs_in_substance_stays_different(one: str, other: str) -> None:
    assert squeeze(one) != squeeze(other)


def test_spaces_and_lines_are_kept_where_text_is_shown() -> None:
    assert plain("窗⼝ 办理\n线上") == "窗口 办理\n线上"


SCRIPTS = [(0x20, 0x7E), (0x2E80, 0x2FDF), (0x3000, 0x303F), (0x4E00, 0x9FFF), (0xFF01, 0xFF5E)]
"""The blocks that the guides are written in: Latin, radicals, CJK and their full-width forms."""
printed = st.one_of(*(st.characters(min_codepoint=a, max_codepoint=b) for a, b in SCRIPTS))


@settings(deadline=None, derandomize=True, database=None)
@given(st.text(printed, max_size=40))
def test_the_normal_form_is_a_normal_form(text: str) -> None:
    once = squeeze(text)
    assert squeeze(once) == once
    assert not any(character.isspace() for character in once)


def test_no_radical_is_left_in_what_is_compared() -> None:
    kangxi = "".join(map(chr, range(0x2F00, 0x2FD6)))
    assert not [c for c in plain(kangxi) if unicodedata.name(c, "").startswith("KANGXI")]


def test_a_digest_names_the_words_of_a_text_not_its_layout() -> None:
    assert digest("办理 时限\n即时⼀次") == digest("办理时限即时一次")
    assert digest("不超过20个工作日") != digest("不超过30个工作日")
    assert len(digest("")) == 64


@pytest.mark.shared
@pytest.mark.parametrize("guide", ["fujian", "guangdong", "hubei", "jiangmen", "meizhou"])
def test_no_look_alike_is_left_in_a_guide(guide: str, shared) -> None:
    text = plain((shared / "guides" / f"{guide}.txt").read_text(encoding="utf-8"))
    radicals = {c for c in text if "RADICAL" in unicodedata.name(c, "")}
    assert radicals == set()
