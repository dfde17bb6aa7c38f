"""What a channel makes of a text from outside."""

from __future__ import annotations

from bot.messages import CHOICE_PREFIX, is_press, new_id, press_of
from connectors.intake import conversation_from, tells_who, text_from


def test_no_id_of_a_button_is_ever_taken_for_personal_data() -> None:
    presses = [press_of((new_id(), new_id())) for _ in range(5000)]
    presses.append(f"{CHOICE_PREFIX}wxdfwlfabc")
    assert [text for text in presses if text_from(text) != text] == []


def test_a_number_behind_the_sign_of_a_press_is_masked_like_any_other() -> None:
    assert not is_press(f"{CHOICE_PREFIX}13812345678")
    assert "13812345678" not in text_from(f"{CHOICE_PREFIX}13812345678")


def test_an_id_that_tells_who_somebody_is_is_kept_as_a_name_that_does_not() -> None:
    kept = conversation_from("13812345678")
    assert "13812345678" not in kept and kept == conversation_from("13812345678")
    assert kept != conversation_from("13812345679")
    assert conversation_from("web-chat-7") == "web-chat-7"


def test_no_random_id_is_taken_for_a_number_of_a_person() -> None:
    assert not tells_who("ab13812345678901234567890123cdef")
    assert not tells_who("ab138123-4567-8901-1381-234567890123")
    assert tells_who("13812345678") and tells_who("00000000000000000000013812345678")
