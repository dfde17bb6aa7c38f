"""Labels through the console: saved once, read by another, withdrawn, found again."""

from __future__ import annotations

import pytest

from bot.learning.keys import key_of
from bot.learning.labels.label import Label
from bot.learning.runs.record import Record
from bot.learning.suspects import KIND
from bot.nlu.examples import read_examples
from bot.paths import nlu_folder
from bot.staff.times import text_in

TEXT = "俺在外头打工看病回老家咋个报账"
LABEL = {"intent": "零星报销", "item": "门诊费用报销", "facets": ["办理材料"]}
OTHER = {**LABEL, "item": "住院费用报销"}


@pytest.fixture
def said(request):
    """A sentence of a test's own."""
    return f"{TEXT}（{request.node.name[-12:]}）"


def source(text: str) -> dict[str, str]:
    return {"text": text, "turn": "w-1:3", "conversation": "w-1"}


def save(page, text: str, label: dict = LABEL) -> dict:
    status, answer = page.ask("POST", "labels", {"sources": [source(text)], "label": label})
    assert status == 200, answer
    return answer["labels"][0]


def found(page, **wanted: str) -> list[dict]:
    status, answer = page.ask("GET", "labels?" + "&".join(f"{k}={v}" for k, v in wanted.items()))
    assert status == 200
    return answer["labels"]


def test_what_a_label_may_say_comes_with_the_letters_to_find_it_by(trainer):
    status, answer = trainer.ask("GET", "vocabulary")
    assert status == 200 and answer["initials"]["异地就医备案"] == "ydjyba"
    assert LABEL["intent"] in {intent["name"] for intent in answer["intents"]}
    names = {name for intent in answer["intents"] for name in intent["items"]}
    assert names <= answer["initials"].keys()


def test_a_label_is_saved_under_its_author_and_found_with_what_it_says(console, trainer):
    one = save(trainer, TEXT)
    assert one["state"] == "approved"
    assert save(trainer, TEXT)["id"] == one["id"]
    (label,) = found(trainer, q="咋个报账", by="7001")
    assert (label["by"], label["in_words"]) == (
        "7001", "零星报销 · 门诊费用报销 · 办理材料")
    assert found(trainer, q="咋个报账", by="7002") == []
    _, counted = trainer.ask("GET", "labels/counts")
    assert counted["counts"]["unwritten"] >= 1 and counted["states"]["approved"] == "已采用"
    assert ("labelled", str(one["id"])) in console.noted("7001")


def test_one_that_contradicts_waits_for_somebody_else(console, trainer, said):
    save(trainer, said)
    colleague = console.as_("7002")
    waits = save(colleague, said, OTHER)
    assert waits["state"] == "second" and "门诊费用报销" in waits["why"]
    assert waits["id"] in {label["id"] for label in found(trainer, state="second")}
    path = f"labels/{waits['id']}/second"
    status, answer = colleague.ask("POST", path, {"agree": True})
    assert status == 409 and "另一位同事" in answer["error"]
    status, answer = trainer.ask("POST", path, {"agree": True})
    assert status == 200 and answer["label"]["state"] == "approved"
    assert trainer.ask("POST", path, {"agree": True})[0] == 409


def test_the_second_reader_may_take_the_side_of_what_was_there(console, trainer, said):
    save(trainer, said)
    waits = save(console.as_("7002"), said, OTHER)
    status, answer = console.as_("9001").ask(
        "POST", f"labels/{waits['id']}/second",
        {"agree": False, "label": waits["against"]["label"]})
    assert status == 200 and "门诊费用报销" in answer["label"]["in_words"]


def test_withdrawn_it_counts_no_more_and_its_history_tells_who_did_what(console, trainer, said):
    one = save(trainer, said)
    status, answer = console.as_("7002").ask("DELETE", f"labels/{one['id']}")
    assert status == 200 and answer["label"]["state"] == "withdrawn"
    _, told = trainer.ask("GET", f"labels/history?text={said}")
    assert [(act["by"], act["act"]) for act in told["acts"]] == [
        ("7001", "labelled"), ("7002", "withdrawn")]


def test_personal_data_is_no_example(trainer):
    status, answer = trainer.ask("POST", "labels", {
        "sources": [source("我叫张建国，电话13800138000，门诊咋报")], "label": LABEL})
    assert status == 422 and answer["field"] == "text" and "个人信息" in answer["error"]


def test_an_empty_log_leaves_nothing_to_look_at(trainer):
    status, answer = trainer.ask("GET", "inbox?days=7&signal=bad&q=报销")
    assert status == 200 and answer["groups"] == []


def test_suspects_are_what_the_newest_look_found_until_somebody_deals_with_them(
        console, trainer, runs):
    assert trainer.ask("GET", "suspects")[1]["at"] == ""
    example = next(e for e in read_examples(nlu_folder()) if e.intent == LABEL["intent"])
    suspected(runs, example)
    status, answer = trainer.ask("GET", "suspects")
    (one,) = answer["suspects"]
    assert status == 200 and one["text"] == example.text and answer["wordings"] == ["太短"]
    assert trainer.ask("POST", f"suspects/{one['key']}", {})[0] == 400
    assert trainer.ask("POST", f"suspects/{one['key']}", {"keep": True})[0] == 200
    assert trainer.ask("GET", "suspects")[1]["suspects"] == []
    status, answer = trainer.ask("POST", f"suspects/{one['key']}", {"keep": True})
    assert status == 404 and "刷新" in answer["error"]


def suspected(runs, example) -> None:
    """Write down a look at the training data that found one example."""
    runs.does()
    run = runs.over(runs.start("7001", KIND))["run"]
    Record(runs.folder / run).write("result", {
        "at": text_in(0), "examples": 1, "wordings": ["太短"], "suspects": [{
            "key": key_of(example.text), "text": example.text, "file": "x.yml", "p": 0.93,
            "intent": example.intent, "item": example.item,
            "in_words": Label.of_example(example).in_words(),
            "believed": Label.of_example(example).as_fields(), "believed_in_words": "别的"}]})
