"""What reviewers choose from."""

from __future__ import annotations

from bot.learning.choices import choices


def test_names_are_found_by_the_first_letters_of_their_sounds():
    initials = choices()["initials"]
    assert initials["异地就医备案"] == "ydjyba" and initials["门诊费用报销"] == "mzfybx"
    assert all(initials.values())


def test_what_is_chosen_most_stands_first_and_nothing_is_left_out():
    known = choices()
    assert known["categories"].index("养老保险") < 10 < known["categories"].index("威胁")
    assert len(set(known["topics"])) == len(known["topics"]) > 30


def test_ids_have_names():
    known = choices()
    assert known["regions"]["meizhou"] == "梅州市"
    assert known["signals"]["fell_through"] and known["evidence"]["read"]
    assert "异地就医备案" in known["families"]
