"""Labels: judged against the training data and one another, read a second time, withdrawn."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal

import pytest
import sqlalchemy as sa
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
    fields,
    folder,
    label,
    labels,
    open_labels,
    said,
    save,
)

from bot.errors import BadInput
from bot.learning.keys import key_of
from bot.learning.labels.labels import Labels
from bot.learning.labels.tables import labels as table
from bot.settings import Settings
from bot.staff.audit import Audit
from bot.staff.database import StaffDatabase
from bot.staff.opening import open_staff
from tests.staff.conftest import on_both, postgres, url  # noqa: F401  (fixtures among them)

NEW, NEAR = "去桂林住院前打声招呼不", "去南宁住院前打声招呼不"
"""A sentence that nobody has labelled, and nearly the same one."""

UNLIKE = "出省治病先去哪登个记"

DEADLINE = 30.0


async def states(labels: Labels, *texts: str) -> list[str]:  # noqa: F811
    """Return where the newest label of each text stands."""
    found = await labels.find(limit=200)
    return [next(one["state"] for one in found if one["text"] == text) for text in texts]


class TestSaving:
    @on_both
    async def test_what_nothing_contradicts_is_approved_and_told_with_its_reviewer(self, labels):  # noqa: F811
        told = await save(labels, NEW, **FILING)
        assert (told["state"], told["state_text"], told["by"]) == ("approved", "已采用", ANNE)
        assert (told["text"], told["label"], told["written"]) == (NEW, fields(**FILING), False)
        assert await labels.known([key_of(NEW), key_of("别的")]) == {key_of(NEW)}
        assert (await labels.settled([key_of(NEW)]))[key_of(NEW)] == label(**FILING)

    async def test_many_are_saved_at_once_whole_or_not_at_all(self, labels):  # noqa: F811
        told = await labels.save(said(NEW, UNLIKE), label(**FILING), ANNE)
        assert [one["state"] for one in told] == ["approved", "approved"]
        with pytest.raises(BadInput, match="［手机号］"):
            await labels.save(said("慢病卡在哪领", "电话13655667788"), label(**FILING), ANNE)
        assert len(await labels.find()) == 2

    async def test_the_same_sentence_in_the_data_with_the_same_label_is_noticed(self, labels):  # noqa: F811
        for same in (FILED, "异地就医备案？", "外地看病 要不要先备個案。"):
            assert (await save(labels, same, **FILING))["state"] == "known"
        assert (await labels.counts())["unwritten"] == 0

    async def test_the_same_sentence_of_the_data_with_another_label_needs_a_second_reader(
        self, labels  # noqa: F811
    ):
        told = await save(labels, FILED, **CLAIM)
        assert told["state"] == "second"
        assert FILED in told["why"] and "异地备案 · 异地就医备案 · 整体咨询" in told["why"]
        assert told["against"]["text"] == FILED
        assert told["against"]["label"]["intent"] == "异地备案"
        assert (await save(labels, FILED, BERT, **PAPERS))["state"] == "second"  # facets count

    async def test_nearly_the_same_needs_one_where_it_means_another_matter(self, labels):  # noqa: F811
        told = await save(labels, "外地看病要不要备个案", **CLAIM)
        assert told["state"] == "second" and "很像的" in told["why"]
        assert (await save(labels, "外地看病要不要先备下案", **PAPERS))["state"] == "approved"

    async def test_another_place_makes_no_other_sentence(self, labels):  # noqa: F811
        await save(labels, NEW, **FILING)
        told = await save(labels, NEAR, BERT, **CLAIM)
        assert told["state"] == "second"
        assert told["why"].startswith(f"{ANNE} 把一句很像的“{NEW}”标成了")

    async def test_what_somebody_else_said_of_it_is_told(self, labels):  # noqa: F811
        await save(labels, NEW, **FILING)
        assert (await save(labels, NEW, BERT, conversation="c2", **FILING))["state"] == "known"
        told = await save(labels, NEW, CARA, **CLAIM)
        assert told["state"] == "second" and told["why"].startswith(f"{ANNE} 把同一句话")

    async def test_what_is_not_usable_is_kept_out_of_the_inbox_and_of_the_data(self, labels):  # noqa: F811
        told = await save(labels, "王小明13655667788", usable=False)
        assert told["state"] == "unusable" and "13655667788" not in told["text"]
        assert await labels.known([key_of("王小明13655667788")])
        assert (await labels.pending()).add == ()

    async def test_what_the_data_hold_is_no_personal_data_just_as_it_stands_there(
        self, labels, folder  # noqa: F811
    ):
        taken = "我叫王小明，怎么备案"
        with (folder / "remote_filing.yml").open("a", encoding="utf-8") as file:
            file.write(f"    - {taken}\n")
        assert (await save(labels, taken, **PAPERS))["state"] == "known"
        waiting = await save(labels, taken, BERT, **CLAIM)
        assert waiting["text"] == taken
        told = await labels.second(waiting["id"], False, label(**PAPERS), ANNE)
        assert told["state"] == "known"
        with pytest.raises(BadInput, match="［手机号］"):
            await save(labels, f"{taken}<电话13655667788>", **PAPERS)

    async def test_to_call_unusable_what_is_labelled_needs_a_second_reader(self, labels):  # noqa: F811
        await save(labels, NEW, **FILING)
        assert (await save(labels, NEW, BERT, usable=False))["state"] == "second"
        assert (await save(labels, FILED, BERT, usable=False))["state"] == "second"
        await save(labels, UNLIKE, usable=False)
        assert (await save(labels, UNLIKE, BERT, **FILING))["state"] == "second"

    async def test_an_act_that_is_repeated_as_its_answer_was_lost_is_the_same_act(self, labels):  # noqa: F811
        first = await save(labels, NEW, **FILING)
        assert await save(labels, NEW, **FILING) == first
        waiting = await save(labels, FILED, **CLAIM)
        assert await save(labels, FILED, **CLAIM) == waiting

    async def test_who_thinks_otherwise_puts_the_own_label_right(self, labels):  # noqa: F811
        first = await save(labels, NEW, **FILING)
        assert (await save(labels, NEW, **CLAIM))["state"] == "approved"
        assert [one["state"] for one in await labels.find()] == ["approved", "replaced"]
        assert (await labels.settled([key_of(NEW)]))[key_of(NEW)] == label(**CLAIM)
        assert first["id"] != (await labels.find())[0]["id"]

    async def test_a_group_of_ones_own_is_put_right_as_a_group(self, labels):  # noqa: F811
        await labels.save(said(NEW, NEAR), label(**FILING), ANNE)
        told = await labels.save(said(NEW, NEAR), label(**CLAIM), ANNE)
        assert [one["state"] for one in told] == ["approved", "approved"]

    async def test_what_was_edited_is_known_by_what_was_said_and_by_what_was_kept(self, labels):  # noqa: F811
        sources = [{**said(NEW)[0], "original": "我叫王小明，去桂林住院前打声招呼不呀"}]
        told = (await labels.save(sources, label(**FILING), ANNE))[0]
        keys = {key_of(NEW), key_of(sources[0]["original"])}
        assert await labels.known(keys) == keys
        assert told["original"].endswith("打声招呼不呀") and "王小明" not in told["original"]
        history = await labels.history(key_of(sources[0]["original"]))
        assert [(act["by"], act["act"]) for act in history] == [(ANNE, "labelled")]

    async def test_marked_facts_add_to_a_sentence_without_a_second_reader(self, labels):  # noqa: F811
        span = {"start": 0, "end": 4, "fact": "change_operation", "value": "停保"}
        told = await save(labels, FILED, **FILING, facts=[span])
        assert told["state"] == "approved"
        pending = await labels.pending()
        assert [entry.example.facts for entry in pending.remove] == [()]
        assert [len(entry.example.facts) for entry in pending.add] == [1]
        assert (await save(labels, FILED, BERT, **FILING))["state"] == "known"


class TestSecondReading:
    @on_both
    async def test_agreed_to_it_takes_the_place_of_what_was_said(self, labels):  # noqa: F811
        await save(labels, NEW, **FILING)
        waiting = await save(labels, NEW, BERT, **CLAIM)
        told = await labels.second(waiting["id"], True, None, CARA)
        assert (told["state"], told["second_by"]) == ("approved", CARA)
        assert [one["state"] for one in await labels.find()] == ["approved", "replaced"]

    async def test_not_agreed_to_it_counts_no_more_and_is_back_in_the_inbox(self, labels):  # noqa: F811
        waiting = await save(labels, FILED, **CLAIM)
        told = await labels.second(waiting["id"], False, None, BERT)
        assert (told["state"], told["second_by"]) == ("rejected", BERT)
        assert await labels.known([key_of(FILED)]) == set()
        acts = [(act["by"], act["act"]) for act in await labels.history(key_of(FILED))]
        assert acts == [(ANNE, "labelled"), (BERT, "rejected")]

    async def test_the_second_reader_may_say_what_it_means(self, labels):  # noqa: F811
        waiting = await save(labels, FILED, **CLAIM)
        told = await labels.second(waiting["id"], False, label(**FILING), BERT)
        assert (told["state"], told["by"]) == ("known", BERT)  # as the data say
        waiting = await save(labels, PAID, **FILING)
        told = await labels.second(waiting["id"], False, label(**WEATHER), BERT)
        assert (told["state"], told["by"]) == ("second", BERT)  # the data say otherwise
        assert (await labels.second(told["id"], True, None, ANNE))["state"] == "approved"

    async def test_where_the_second_readers_label_is_wrong_nothing_is_settled(
        self, labels  # noqa: F811
    ):
        waiting = await save(labels, FILED, **CLAIM)
        span = {"start": 90, "end": 95, "fact": "change_operation", "value": "停保"}
        with pytest.raises(BadInput, match="不能重叠"):
            await labels.second(waiting["id"], False, label(**FILING, facts=[span]), BERT)
        assert await states(labels, FILED) == ["second"]

    async def test_nobody_reads_the_own_label_for_the_second_time(self, labels):  # noqa: F811
        waiting = await save(labels, FILED, **CLAIM)
        with pytest.raises(BadInput, match="另一位同事") as refused:
            await labels.second(waiting["id"], True, None, ANNE)
        assert refused.value.status == 409

    @pytest.mark.parametrize("label_id, status", [(0, 404), (999, 404), (10**30, 404), (-1, 404)])
    async def test_there_must_be_such_a_label(self, labels, label_id, status):  # noqa: F811
        for act in (labels.second(label_id, True, None, BERT), labels.undo(label_id, BERT)):
            with pytest.raises(BadInput) as refused:
                await act
            assert refused.value.status == status

    async def test_what_does_not_wait_cannot_be_read_again(self, labels):  # noqa: F811
        told = await save(labels, NEW, **FILING)
        with pytest.raises(BadInput, match="不在等待复核") as refused:
            await labels.second(told["id"], True, None, BERT)
        assert refused.value.status == 409

    async def test_who_labels_it_the_same_way_unasked_has_read_it_for_the_second_time(
        self, labels  # noqa: F811
    ):
        await save(labels, FILED, **CLAIM)
        told = await save(labels, FILED, BERT, **CLAIM)
        assert (told["state"], told["by"], told["second_by"]) == ("approved", ANNE, BERT)

    async def test_what_waited_with_another_label_is_replaced(self, labels):  # noqa: F811
        await save(labels, FILED, ANNE, **CLAIM)
        other = await save(labels, FILED, BERT, **PAPERS)
        await labels.second(other["id"], True, None, CARA)
        assert [one["state"] for one in await labels.find()] == ["approved", "replaced"]

    async def test_what_two_agreed_on_is_not_put_right_by_one(self, labels):  # noqa: F811
        waiting = await save(labels, FILED, **CLAIM)
        await labels.second(waiting["id"], True, None, BERT)
        assert (await save(labels, FILED, **PAPERS))["state"] == "second"


class TestUndoing:
    @on_both
    async def test_what_it_had_taken_the_place_of_stands_again(self, labels):  # noqa: F811
        await save(labels, NEW, **FILING)
        waiting = await save(labels, NEW, BERT, **CLAIM)
        await labels.second(waiting["id"], True, None, CARA)
        told = await labels.undo(waiting["id"], CARA)
        assert (told["state"], told["withdrawn_by"]) == ("withdrawn", CARA)
        assert [one["state"] for one in await labels.find()] == ["withdrawn", "approved"]
        assert (await labels.settled([key_of(NEW)]))[key_of(NEW)] == label(**FILING)

    async def test_it_is_back_in_the_inbox_and_can_be_labelled_anew(self, labels):  # noqa: F811
        told = await save(labels, NEW, **FILING)
        await labels.undo(told["id"], ANNE)
        assert await labels.known([key_of(NEW)]) == set()
        again = await save(labels, NEW, **CLAIM)
        assert again["state"] == "approved" and again["id"] != told["id"]
        assert (await labels.undo(told["id"], ANNE))["state"] == "withdrawn"  # said twice
        assert await states(labels, NEW) == ["approved"]

    async def test_who_said_the_same_still_says_so(self, labels):  # noqa: F811
        first = await save(labels, NEW, **FILING)
        await save(labels, NEW, BERT, conversation="c2", **FILING)
        await labels.undo(first["id"], ANNE)
        found = await labels.find()
        assert [(one["by"], one["state"]) for one in found] == [
            (BERT, "approved"), (ANNE, "withdrawn")]

    async def test_what_waited_and_comes_back_waits_again(self, labels):  # noqa: F811
        await save(labels, FILED, ANNE, **CLAIM)
        other = await save(labels, FILED, BERT, **PAPERS)
        await labels.second(other["id"], True, None, CARA)
        await labels.undo(other["id"], BERT)
        assert [one["state"] for one in await labels.find()] == ["withdrawn", "second"]

    async def test_a_replaced_one_that_is_withdrawn_does_not_come_back(self, labels):  # noqa: F811
        first = await save(labels, NEW, **FILING)
        second = await save(labels, NEW, **CLAIM)
        third = await save(labels, NEW, **WEATHER)
        await labels.undo(second["id"], ANNE)
        await labels.undo(third["id"], ANNE)
        assert [(one["id"], one["state"]) for one in await labels.find()] == [
            (third["id"], "withdrawn"), (second["id"], "withdrawn"), (first["id"], "approved")]

    async def test_what_was_contradicted_is_told_as_gone_with_its_conversation(self, labels):  # noqa: F811
        await save(labels, NEW, **FILING)
        await save(labels, NEW, BERT, conversation="c2", **CLAIM)
        await labels.forget("c1")
        told = (await labels.find())[0]
        assert told["against"] is None and NEW not in told["why"] and "不在了" in told["why"]


class TestTwoAtTheSameMoment:
    @on_both
    async def test_of_two_who_say_the_same_one_is_approved_and_one_known(self, open_labels):  # noqa: F811
        await self.each_time(open_labels, (FILING, FILING), ["approved", "known"])

    @on_both
    async def test_of_two_who_say_otherwise_one_waits_for_a_second_reader(self, open_labels):  # noqa: F811
        await self.each_time(open_labels, (FILING, CLAIM), ["approved", "second"])

    async def each_time(self, open_labels, meant, wanted):  # noqa: F811
        anne, bert = open_labels(), open_labels()
        for n in range(8):
            text = f"第{'一二三四五六七八'[n]}回问：{'甲乙丙丁戊己庚辛'[n] * 6}怎么弄"
            told = await asyncio.gather(
                save(anne, text, ANNE, "c1", **meant[0]), save(bert, text, BERT, "c2", **meant[1]))
            assert sorted(one["state"] for one in told) == wanted

    @on_both
    async def test_of_two_second_readers_one_comes_too_late(self, open_labels):  # noqa: F811
        labels, other = open_labels(), open_labels()  # noqa: F811
        for text in (FILED, PAID):
            waiting = await save(labels, text, ANNE, **WEATHER)
            told = await asyncio.gather(
                labels.second(waiting["id"], True, None, BERT),
                other.second(waiting["id"], False, None, CARA), return_exceptions=True)
            late = [one for one in told if isinstance(one, BadInput)]
            assert [one.status for one in late] == [409]


class TestFinding:
    async def test_by_words_reviewer_state_and_intent_the_newest_first(self, labels):  # noqa: F811
        await save(labels, NEW, ANNE, **FILING)
        await save(labels, "报销比例是百分之几%呀", BERT, **CLAIM)
        await save(labels, FILED, BERT, **CLAIM)

        async def texts(**wanted) -> list[str]:
            return [one["text"] for one in await labels.find(**wanted)]

        assert await texts() == [FILED, "报销比例是百分之几%呀", NEW]
        assert await texts(query="桂林") == [NEW]
        assert await texts(query="%") == ["报销比例是百分之几%呀"]
        assert await texts(by=BERT, state="second") == [FILED]
        assert await texts(intent="异地备案") == [NEW]
        assert await texts(query="\0\ud800'") == []

    async def test_page_by_page(self, labels):  # noqa: F811
        await labels.save(said(*(f"{sign * 5}怎么办" for sign in "甲乙丙丁戊")), label(), ANNE)
        first = await labels.find(limit=2)
        rest = await labels.find(before=first[-1]["id"], limit=10)
        ids = [one["id"] for one in first + rest]
        assert len(ids) == 5 and ids == sorted(ids, reverse=True)

    async def test_it_is_counted_where_labels_stand(self, labels):  # noqa: F811
        await labels.save(said(NEW, UNLIKE), label(**FILING), ANNE)
        await save(labels, FILED, **CLAIM)
        counts = await labels.counts()
        assert (counts["approved"], counts["second"], counts["unwritten"]) == (2, 1, 2)

    async def test_a_thousand_keys_are_looked_up_at_once(self, labels):  # noqa: F811
        await save(labels, NEW, **FILING)
        keys = [key_of(f"第{n}句") for n in range(1000)]
        assert await labels.known([*keys, key_of(NEW)]) == {key_of(NEW)}


class TestForgetting:
    @on_both
    async def test_what_is_not_in_the_data_is_deleted_of_the_rest_where_it_is_from(
        self, labels, url  # noqa: F811
    ):
        written = await save(labels, NEW, **FILING)
        pending = await labels.pending()
        await labels.settle([entry.id for entry in pending.add], [])
        await save(labels, UNLIKE, **FILING)
        await save(labels, "慢病卡在哪领", conversation="c2", **PAPERS)
        assert await labels.forget("c1") == 2
        assert [one["text"] for one in await labels.find()] == ["慢病卡在哪领", NEW]
        row = (await stored(url))[written["id"]]
        assert (row["turn"], row["conversation"], row["original_key"]) == ("", "", "")
        assert await labels.forget("c1") == 0

    async def test_what_it_had_taken_the_place_of_stands_again(self, labels):  # noqa: F811
        await save(labels, NEW, ANNE, **FILING)
        waiting = await save(labels, NEW, BERT, conversation="c2", **CLAIM)
        await labels.second(waiting["id"], True, None, CARA)
        await labels.forget("c2")
        assert await states(labels, NEW) == ["approved"]

    async def test_who_said_the_same_in_another_conversation_still_says_so(self, labels):  # noqa: F811
        await save(labels, NEW, ANNE, **FILING)
        await save(labels, NEW, BERT, conversation="c2", **FILING)
        await labels.forget("c1")
        assert [one["state"] for one in await labels.find()] == ["approved"]

    async def test_what_is_to_be_taken_out_is_deleted_once_it_is(self, labels, url):  # noqa: F811
        told = await save(labels, NEW, **FILING)
        await labels.settle([entry.id for entry in (await labels.pending()).add], [])
        await labels.undo(told["id"], ANNE)
        await labels.forget("c1")
        pending = await labels.pending()
        assert [entry.example.text for entry in pending.remove] == [NEW]
        await labels.settle([], [entry.id for entry in pending.remove])
        assert await stored(url) == {}

    @on_both
    async def test_nothing_is_labelled_from_a_page_that_is_older_than_the_deletion(self, labels):  # noqa: F811
        await save(labels, UNLIKE, conversation="c2")
        await labels.forget("c1")
        with pytest.raises(BadInput, match="已经删除") as refused:
            await labels.save([*said("慢病卡在哪领", conversation="c3"), *said(NEW)], label(), ANNE)
        assert refused.value.status == 409
        assert [one["text"] for one in await labels.find()] == [UNLIKE]
        await labels.save([{"text": NEW}], label(), ANNE)  # what nobody said may be

    async def test_it_goes_with_all_else_that_staff_keep_of_a_conversation(self, url, folder):  # noqa: F811
        staff = open_staff(Settings(staff_database=url))
        await Labels(staff.database, folder).save(said(NEW), label(**FILING), ANNE)
        assert ("标注", 1) in await staff.forget("c1")
        assert await staff.labels.find() == []
        staff.database.close()


class TestKeeping:
    async def test_each_act_is_noted_without_the_sentence(self, labels, url):  # noqa: F811
        told = await labels.save(said(NEW, FILED), label(**CLAIM), ANNE)
        await labels.second(told[1]["id"], True, None, BERT)
        await labels.undo(told[0]["id"], CARA)
        database = StaffDatabase(url)
        noted = await Audit(database).page()
        database.close()
        assert [(one["account"], one["action_text"], one["target"]) for one in noted] == [
            (CARA, "撤回标注", str(told[0]["id"])), (BERT, "复核同意标注", str(told[1]["id"])),
            (ANNE, "标注句子", str(told[0]["id"]))]
        assert noted[-1]["detail"] == {"sentences": 2, "label": label(**CLAIM).in_words()}
        assert NEW not in str(noted)

    @on_both
    async def test_a_label_that_was_answered_is_there_after_the_process_was_killed(
        self, labels, url, folder  # noqa: F811
    ):
        await save(labels, NEW, **FILING)
        answers, end = multiprocessing.get_context("fork").Pipe(duplex=False)
        child = os.fork()
        if not child:
            label_without_end(url, folder, end)
        answered = [answers.recv() for _ in range(5) if answers.poll(DEADLINE)]
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        end.close()
        while answers.poll():
            try:
                answered.append(answers.recv())
            except EOFError:
                break
        rows = await stored(url)
        assert len(answered) >= 5
        assert {answer: rows[answer]["state"] for answer in answered} == dict.fromkeys(
            answered, "approved")


def label_without_end(url, folder, end) -> None:  # noqa: F811
    """Save labels, and tell the id of each, until this process is killed."""
    async def go() -> None:
        mine = Labels(StaffDatabase(url), folder)
        n = 0
        while True:
            n += 1
            end.send((await save(mine, f"{chr(0x4E00 + 7 * n) * 6}怎么办", **FILING))["id"])

    try:
        asyncio.new_event_loop().run_until_complete(go())
    finally:
        os._exit(1)


async def stored(url) -> dict[int, dict]:  # noqa: F811
    """Return the rows as they are, by id."""
    database = StaffDatabase(url)
    rows = await database.run(lambda db: db.execute(sa.select(table)).mappings().all())
    database.close()
    return {row["id"]: dict(row) for row in rows}
