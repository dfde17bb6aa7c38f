"""Labels on their way to the NLU files: nothing lost, nothing doubled, wherever a process dies."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from labelling import (  # noqa: F401  (fixtures among them)
    ANNE,
    BERT,
    CARA,
    CLAIM,
    FILED,
    FILING,
    PAID,
    PAPERS,
    WEATHER,
    folder,
    held,
    label,
    labels,
    meant,
    open_labels,
    save,
    texts,
)

from bot.errors import BadInput
from bot.learning.labels.labels import Labels
from bot.learning.nlu_files import write, write_pending
from tests.staff.conftest import on_both, postgres, url  # noqa: F401  (fixtures among them)

NEW = "去桂林住院前打声招呼不"


async def test_what_is_approved_is_written_once_and_what_waits_is_not(labels, folder):  # noqa: F811
    await save(labels, NEW, **FILING)
    await save(labels, FILED, **CLAIM)
    await save(labels, "哈哈哈哈", usable=False)
    await write_pending(labels, folder)
    found = held(folder)
    assert found[NEW] == [meant(**FILING)] and found[FILED] == [meant(**FILING)]
    assert "哈哈哈哈" not in found
    assert (await labels.counts())["unwritten"] == 0
    assert (await labels.pending()) == (await labels.pending())
    assert texts((await labels.pending()).add) == []
    assert (await labels.find(query=NEW))[0]["written"]


async def test_what_is_written_is_the_training_data_for_the_next_label(labels, folder):  # noqa: F811
    await save(labels, NEW, **FILING)
    await write_pending(labels, folder)
    assert (await save(labels, NEW, BERT, **FILING))["state"] == "known"
    near = await save(labels, "去南宁住院前打声招呼不", BERT, **CLAIM)
    assert near["state"] == "second" and near["why"].startswith("训练数据")


@on_both
async def test_what_is_withdrawn_after_writing_is_taken_out_at_the_next(labels, folder):  # noqa: F811
    before = held(folder)
    told = await save(labels, NEW, **FILING)
    await write_pending(labels, folder)
    await labels.undo(told["id"], ANNE)
    assert (await labels.counts())["unwritten"] == 1
    await write_pending(labels, folder)
    assert held(folder) == before
    assert (await labels.counts())["unwritten"] == 0


async def test_what_is_withdrawn_may_be_labelled_anew_before_it_is_taken_out(labels, folder):  # noqa: F811
    told = await save(labels, NEW, **FILING)
    await write_pending(labels, folder)
    await labels.undo(told["id"], ANNE)
    assert (await save(labels, NEW, BERT, **CLAIM))["state"] == "approved"
    await write_pending(labels, folder)
    assert held(folder)[NEW] == [meant(**CLAIM)]


async def test_what_is_said_again_is_not_taken_out_at_all(labels, folder):  # noqa: F811
    told = await save(labels, NEW, **FILING)
    await write_pending(labels, folder)
    await labels.undo(told["id"], ANNE)
    await save(labels, NEW, BERT, **FILING)
    assert (await labels.pending()).remove == ()
    await write_pending(labels, folder)
    assert held(folder)[NEW] == [meant(**FILING)]


@on_both
async def test_what_two_agree_on_takes_the_place_of_the_utterance_of_the_data(labels, folder):  # noqa: F811
    waiting = await save(labels, FILED, **CLAIM)
    await labels.second(waiting["id"], True, None, BERT)
    await write_pending(labels, folder)
    assert held(folder)[FILED] == [meant(**CLAIM)]
    await labels.undo(waiting["id"], BERT)
    await write_pending(labels, folder)
    assert held(folder)[FILED] == [meant(**FILING)]  # as it was


async def test_what_two_find_unusable_is_taken_out_of_the_data(labels, folder):  # noqa: F811
    waiting = await save(labels, PAID, usable=False)
    await labels.second(waiting["id"], True, None, BERT)
    await write_pending(labels, folder)
    assert PAID not in held(folder)


async def test_what_a_new_release_has_overwritten_is_written_again(labels, folder):  # noqa: F811
    files = {path: path.read_bytes() for path in folder.glob("*.yml")}
    await save(labels, NEW, **FILING)
    await write_pending(labels, folder)
    for path, content in files.items():
        path.write_bytes(content)
    await write_pending(labels, folder)
    assert held(folder)[NEW] == [meant(**FILING)]


async def test_what_was_begun_counts_as_possibly_written(labels, folder):  # noqa: F811
    told = await save(labels, NEW, **FILING)
    pending = await labels.pending()
    write(pending, folder)  # and dies before it is noted
    await labels.undo(told["id"], ANNE)
    assert texts((await labels.pending()).remove) == [NEW]


async def test_what_changes_while_it_is_written_is_put_right_at_the_next(labels, folder):  # noqa: F811
    told = await save(labels, NEW, **FILING)
    pending = await labels.pending()
    await labels.undo(told["id"], ANNE)
    write(pending, folder)
    await labels.settle([entry.id for entry in pending.add], [])
    await write_pending(labels, folder)
    assert NEW not in held(folder)


# --- at random --------------------------------------------------------------------------------

SENTENCES = (NEW, "慢病卡在哪领", "生娃津贴几时到", FILED, PAID, "異地就醫備案")
MEANT = (FILING, PAPERS, CLAIM, WEATHER, {"usable": False})


@dataclass
class Days:
    """Reviewers, writers that die, and conversations that are deleted, by chance."""

    labels: Labels
    folder: Path
    chance: random.Random
    conversations: list[str] = field(default_factory=lambda: ["c1", "c2"])

    async def go(self) -> None:
        """Let something happen."""
        act = self.chance.choices(
            (self.label, self.second, self.undo, self.forget, self.write), (8, 6, 3, 1, 4))[0]
        try:
            await act()
        except BadInput as refused:
            assert refused.status == 409, refused

    def whoever(self) -> str:
        return self.chance.choice((ANNE, BERT, CARA))

    async def label(self) -> None:
        await save(self.labels, self.chance.choice(SENTENCES), self.whoever(),
                   self.chance.choice(self.conversations), **self.chance.choice(MEANT))

    async def second(self) -> None:
        waiting = await self.labels.find(state="second", limit=200)
        if waiting:
            agree, other = self.chance.choice(((True, None), (False, None), (False, FILING)))
            await self.labels.second(self.chance.choice(waiting)["id"], agree,
                                     label(**other) if other else None, self.whoever())

    async def undo(self) -> None:
        found = await self.labels.find(limit=200)
        if found:
            await self.labels.undo(self.chance.choice(found)["id"], self.whoever())

    async def forget(self) -> None:
        gone = self.chance.randrange(2)
        await self.labels.forget(self.conversations[gone])
        self.conversations[gone] += "'"

    async def write(self) -> None:
        pending, dies = await self.labels.pending(), self.chance.randrange(4)
        if dies == 0:
            return
        written = write(pending, self.folder)
        if dies == 1:
            return
        if dies == 2:  # somebody goes on meanwhile
            await self.chance.choice((self.undo, self.label))()
        await self.labels.settle([entry.id for entry in (*written.added, *written.known)],
                                 [entry.id for entry in written.removed])


@pytest.mark.parametrize("seed", range(3, 6))
@on_both
async def test_in_the_end_the_files_hold_just_what_reviewers_left_standing(
    labels, folder, seed  # noqa: F811
):
    before = held(folder)
    days = Days(labels, folder, random.Random(seed))
    for _ in range(60):
        await days.go()
    written = await write_pending(labels, folder)
    assert written.refused == ()
    found, standing = held(folder), await labels.find(limit=200)
    assert [text for text, labelled in found.items() if len(labelled) != 1] == []
    approved = {one["text"]: one["label"] for one in standing if one["state"] == "approved"}
    unusable = {one["text"] for one in standing if one["state"] == "unusable"}
    for text in SENTENCES:
        if text in approved:
            assert found[text] == [meant(**approved[text])]
        elif text in unusable:
            assert text not in found
        else:
            assert found.get(text) == before.get(text)
    assert (await labels.counts())["unwritten"] == 0
