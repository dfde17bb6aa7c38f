"""Suspects: which utterances are doubted, and what becomes of them when they are read again."""

from __future__ import annotations

import pytest
from labelling import (  # noqa: F401  (fixtures among them)
    ANNE,
    BERT,
    CLAIM,
    FILED,
    FILING,
    PAID,
    PAPERS,
    fields,
    folder,
    held,
    label,
    labels,
    meant,
    open_labels,
    save,
)

from bot.errors import BadInput
from bot.learning.keys import key_of
from bot.learning.labels.label import Label
from bot.learning.nlu_file import read_file
from bot.learning.nlu_files import write_pending
from bot.learning.suspects import Suspects, suspects_now
from bot.nlu.examples import Example, read_examples
from bot.paths import PROJECT
from bot.staff.times import text_in
from tests.staff.conftest import on_both, postgres, url  # noqa: F401  (fixtures among them)

WRONG = "单位给女职工申请生育津贴要带什么材料"


class Looked:
    """Runs of which the newest has found some suspects.

    Args:
        *texts: of the small NLU folder.
    """

    def __init__(self, *texts: str) -> None:
        self._texts, self.at = texts, text_in(0)

    def all(self) -> list[dict]:
        """The runs, the newest first."""
        others = [{"run": "4", "kind": "suspects", "status": "running"},
                  {"run": "3", "kind": "train", "status": "done"}]
        return [*others, {"run": "2", "kind": "suspects", "status": "done"}] if self._texts else []

    def result(self, run: str) -> dict:
        """What it found."""
        assert run == "2"
        found = [self._suspect(e) for e in read_examples() if e.text in self._texts]
        return {"at": self.at, "examples": 4, "suspects": found, "wordings": []}

    def _suspect(self, example: Example) -> dict:
        return {"key": key_of(example.text), "text": example.text,
                "in_words": Label.of_example(example).in_words(), "believed": fields(**CLAIM),
                "p": 0.9}


@pytest.fixture(autouse=True)
def here(folder, monkeypatch):  # noqa: F811
    """Let the small NLU folder be that of the installation."""
    monkeypatch.setenv("YIBAO_NLU", str(folder))


async def shown(suspects: Suspects) -> list[str]:
    return [one["text"] for one in (await suspects.page())["suspects"]]


class TestReadingAgain:
    @on_both
    async def test_what_is_right_is_asked_about_once(self, labels):  # noqa: F811
        suspects = Suspects(Looked(FILED, PAID), labels)
        assert await shown(suspects) == [PAID, FILED]
        assert (await suspects.settle(key_of(FILED), {"keep": True}, ANNE))["state"] == "known"
        assert await shown(suspects) == [PAID]
        assert await shown(Suspects(Looked(FILED, PAID), labels)) == [PAID]  # looked for anew

    async def test_what_is_wrong_is_put_right_once_a_second_reader_agrees(self, labels, folder):  # noqa: F811
        suspects = Suspects(Looked(FILED), labels)
        told = await suspects.settle(key_of(FILED), {"label": fields(**CLAIM)}, ANNE)
        assert told["state"] == "second" and await shown(suspects) == []
        await write_pending(labels, folder)
        assert held(folder)[FILED] == [meant(**FILING)]
        await labels.second(told["id"], True, None, BERT)
        await write_pending(labels, folder)
        assert held(folder)[FILED] == [meant(**CLAIM)] and await shown(suspects) == []

    async def test_what_is_of_no_use_is_taken_out_likewise(self, labels, folder):  # noqa: F811
        suspects = Suspects(Looked(FILED), labels)
        told = await suspects.settle(key_of(FILED), {"remove": True}, ANNE)
        await labels.second(told["id"], True, None, BERT)
        await write_pending(labels, folder)
        assert FILED not in held(folder) and PAID in held(folder)

    async def test_what_was_labelled_before_may_be_doubted_all_the_same(self, labels, folder):  # noqa: F811
        text = "去桂林住院前打声招呼不"
        await save(labels, text, **FILING)
        await write_pending(labels, folder)
        suspects = Suspects(Looked(text), labels)
        assert await shown(suspects) == [text]
        await suspects.settle(key_of(text), {"keep": True}, BERT)
        assert await shown(Suspects(Looked(text), labels)) == []

    async def test_a_refused_second_reading_brings_it_back(self, labels):  # noqa: F811
        suspects = Suspects(Looked(FILED), labels)
        told = await suspects.settle(key_of(FILED), {"label": fields(**CLAIM)}, ANNE)
        await labels.second(told["id"], False, None, BERT)
        assert await shown(suspects) == [FILED]

    @pytest.mark.parametrize(("key", "wanted", "status"), [
        (key_of("没有这句"), {"keep": True}, 404), (key_of(FILED), {}, 400),
        (key_of(FILED), {"label": {"intent": "没有"}}, 422),
    ])
    async def test_anything_else_is_refused_with_a_sentence(self, labels, key, wanted, status):  # noqa: F811
        with pytest.raises(BadInput) as refused:
            await Suspects(Looked(FILED), labels).settle(key, wanted, ANNE)
        assert refused.value.status == status and str(refused.value)

    async def test_where_nobody_has_looked_there_are_none(self, labels):  # noqa: F811
        assert await Suspects(Looked(), labels).page() == {
            "at": "", "examples": 0, "suspects": [], "wordings": []}


@pytest.mark.full
def test_a_wrong_label_is_found_and_what_could_not_be_learnt_is_told(folder):  # noqa: F811
    for name in ("conversation", "family_sharing", "maternity", "outside"):
        file = read_file(PROJECT / "bot" / "data" / "nlu" / f"{name}.yml")
        for block in file.blocks:
            del block.lines[4:]
        (folder / file.path.name).write_text(file.text, encoding="utf-8")
    families = read_file(folder / "family_sharing.yml")
    families.blocks[0].append(f"- {WRONG}")
    families.blocks[0].append('- [我]{"entity": "retired", "value": "已退休"}想绑定亲情账号')
    families.path.write_text(families.text, encoding="utf-8")
    steps = []
    found = suspects_now(lambda: steps.append(1))
    assert len(steps) == 5 and found["examples"] == len(read_examples())
    suspect = next(one for one in found["suspects"] if one["text"] == WRONG)
    assert suspect["file"] == "family_sharing.yml" and suspect["intent"] == "家庭共济"
    assert suspect["believed"]["intent"] == "生育待遇" and 0.8 < suspect["p"] <= 1
    assert len(found["suspects"]) < 0.1 * found["examples"]
    assert found["wordings"] == [
        "“我”太短，说明不了“是否退休”，助手没有学。请在句子里多标几个字。"]
