"""A whole run on the real parts: one intent's labels are shuffled, and the gate does not open."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import time
import uuid
from pathlib import Path

import pytest
from modelled import models_in

from bot.errors import BadInput
from bot.journal.database import Database
from bot.journal.entries import turn_entry
from bot.learning.labels.checking import checked_label
from bot.learning.models.cards import version_of
from bot.learning.models.models import Models
from bot.learning.runs.record import now_text
from bot.learning.runs.runs import Runs
from bot.learning.runs.training_data import remember
from bot.nlu.examples import read_examples
from bot.paths import PROJECT
from bot.settings import Settings
from bot.staff.opening import open_staff
from bot.store import StoredMessage
from bot.training import train

pytestmark = pytest.mark.full

EXAMPLES = "  examples: |\n"
SHUFFLED = "生育待遇"
NEW = "娃儿落地才十来天，给他上保险我得揣哪些本本去"
SAID = "生育津贴怎么领"
DEADLINE = 900.0


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """An installation of its own: the project's training data and models, no state."""
    shutil.copytree(PROJECT / "bot" / "data" / "nlu", tmp_path / "nlu")
    monkeypatch.setenv("YIBAO_NLU", str(tmp_path / "nlu"))
    monkeypatch.setenv("YIBAO_MODELS", str(models_in(tmp_path / "models")))
    monkeypatch.setenv("YIBAO_VAR", str(tmp_path / "var"))
    train()
    return tmp_path


def shuffle(folder: Path, intent: str) -> None:
    """Give every utterance of an intent the labels of some other utterance."""
    labels, lines = [], []
    for file in sorted(folder.glob("*.yml")):
        head, *blocks = re.split(r"(?m)^(?=- intent: )", file.read_text("utf-8"))
        kept = [block for block in blocks if not block.startswith(f"- intent: {intent}\n")]
        lines += [line for block in blocks if block not in kept
                  for line in block.partition(EXAMPLES)[2].splitlines() if line.strip()]
        labels += [block.partition(EXAMPLES)[0] for block in kept]
        file.write_text("".join([head, *kept]) if kept else "nlu: []\n", "utf-8")
    drawn = random.Random(8)
    shuffled = [f"{drawn.choice(labels)}{EXAMPLES}{line}\n" for line in lines]
    (folder / "shuffled.yml").write_text("".join([head, *shuffled]), "utf-8")


def label(text: str) -> None:
    """A reviewer says what a sentence means."""
    async def save() -> None:
        staff = open_staff(Settings.from_environment())
        meant = checked_label({"intent": "参保登记", "item": "城乡居民参保登记",
                               "facets": ["办理材料"], "topic": "", "category": "", "facts": [],
                               "usable": True})
        source = {"text": text, "turn": "1", "conversation": uuid.uuid4().hex}
        told = await staff.labels.save([source], meant, "8001")
        assert told[0]["state"] == "approved"
        await staff.close()
    asyncio.run(save())


def say_to_the_log(text: str) -> None:
    """A citizen has written something lately."""
    said = StoredMessage(1, now_text(), "citizen", text, client_id=uuid.uuid4().hex)
    database = Database(Settings.from_environment().log_address)
    database.add([turn_entry(
        uuid.uuid4().hex, "web", said, [], {"intent": "参保登记", "confidence": 0.4}, {},
        model_version="1", knowledge_version="1", milliseconds=1.0)])
    database.close()


def finished(runs: Runs, run: str) -> tuple[dict, set[str]]:
    """Wait for a run; return how it ended, and the stages that it was seen in."""
    end, seen = time.monotonic() + DEADLINE, set()
    while not (state := runs.state(run))["ended"]:
        assert time.monotonic() < end, runs.log(run)
        seen.add(state["stage"])
        time.sleep(0.2)
    assert state["status"] == "done", (state["error"], runs.log(run))
    return state, seen


def test_a_model_made_worse_on_purpose_is_caught_and_cannot_go_live(installation):
    runs, models = Runs(), Models()
    live = version_of(models.serving())
    say_to_the_log(SAID)
    label(NEW)
    remember(models, models.pin("8001"))
    shuffle(installation / "nlu", SHUFFLED)

    state, seen = finished(runs, runs.start("8001"))
    assert {"write", "train", "check", "questions", "conversations"} <= seen
    assert {stage["status"] for stage in state["stages"]} == {"done"}
    assert state["may_promote"] is False and state["candidate"] != live
    assert models.live()["version"] == live

    result = runs.result(state["run"])
    assert (result["live"], result["candidate"]) == (live, state["candidate"])
    assert result["data"]["added"] == 1
    assert NEW in {example.text for example in read_examples(installation / "nlu")}
    lost = next(i for i in result["data"]["by_intent"] if i["intent"] == SHUFFLED)
    assert lost["before"] > 1000 and lost["after"] == 0

    family = next(f for f in result["questions"]["families"] if f["family"] == "生育保险待遇")
    assert family["worse"] and family["became_wrong"] > 10
    assert result["conversations"]["broken"][0]["transcript"][0]["who"] == "user"
    assert any("生育保险待遇" in reason for reason in result["verdict"]["reasons"])
    assert SAID in [one["text"] for one in result["logged"]["changed"]]
    for picture in result["pictures"]:
        assert runs.picture(state["run"], picture["file"]).is_file()

    with pytest.raises(BadInput, match="生育保险待遇") as caught:
        models.promote(state["candidate"], "8001")
    assert caught.value.status == 409 and models.live()["version"] == live

    again, _ = finished(runs, runs.start("8001"))
    skipped = next(stage for stage in again["stages"] if stage["name"] == "train")
    assert skipped["status"] == "skipped" and "没有变化" in skipped["note"]
    assert again["candidate"] == state["candidate"] and again["may_promote"] is False
    assert runs.result(again["run"])["verdict"] == result["verdict"]
