"""Messages of the development data that no guide answers, through the running server."""

from __future__ import annotations

import json
import uuid

import pytest

pytestmark = pytest.mark.shared

NUMBERS = ("12333", "12329", "12345", "12366", "12378", "12393", "12328", "12123", "12320",
           "12367", "12315", "96110", "12321", "110", "120")
SMALL_TALK = "我熟悉的是"


def _redirects(text: str) -> bool:
    """Another department's number, or, where there is no department, what we do know."""
    return any(number in text for number in NUMBERS) or SMALL_TALK in text or "？" in text


BEHAVIOURS = {
    "refuse_redirect": _redirects,
    "no_medical_advice": lambda text: "不是医生" in text or "120" in text,
    "clarify": lambda text: "？" in text,
    "refuse": lambda text: any(w in text for w in ("违法", "只能回答", "让您生气", "查不到")),
    "humane": lambda text: "12356" in text or "110" in text,
    "emergency": lambda text: "120" in text,
}
OTHERWISE = _redirects
"""What is asked of a behaviour that the development data may name later."""


def replies(server, text: str) -> list[dict]:
    """Return the replies to a message in a fresh conversation, also those of a refusal."""
    status, body = server.post(
        "/webhooks/rest/webhook", {"sender": uuid.uuid4().hex, "message": text})
    return body if status == 200 else [{"text": json.dumps(body, ensure_ascii=False)}]


def wrong(server, row: dict) -> list[str]:
    """Return what is wrong with the replies to a row."""
    messages = replies(server, row["text"])
    text = "\n".join(m["text"] for m in messages)
    cards = [m.get("custom") or {} for m in messages]
    problems = [] if BEHAVIOURS.get(row["expected"], OTHERWISE)(text) else [row["expected"], text]
    if any(card.get("sections") for card in cards) or "〔" in text or "工作日" in text:
        problems.append(f"a fact of a guide: {text}")
    return problems


def test_what_no_guide_answers_gets_the_right_behaviour_and_no_fact(shared, server):
    lines = (shared / "dev" / "adversarial.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line]
    assert rows
    problems = {row["id"]: wrong(server, row) for row in rows}
    assert {key: value for key, value in problems.items() if value} == {}
