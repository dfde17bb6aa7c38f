"""What a channel makes of a text from outside."""

from __future__ import annotations

from bot.messages import CHOICE_PREFIX, is_press, new_id, press_of
from connectors.intake import text_from


def test_no_id_of_a_button_is_ever_taken_for_personal_data() -> None:
    presses = [press_of((new_id(), new_id())) for _ in range(5000)]
    presses.append(f"{CHOICE_PREFIX}wxdfwlfabc")
    assert [text for text in presses if text_from(text) != text] == []


def test_a_number_behind_the_sign_of_a_press_is_masked_like_any_other() -> None:
    assert not is_press(f"{CHOICE_PREFIX}13812345678")
    assert "13812345678" not in text_from(f"{CHOICE_PREFIX}13812345678")
