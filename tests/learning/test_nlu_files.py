"""Labels in the NLU files: written as a person would, nothing else touched, never half."""

from __future__ import annotations

import difflib
import multiprocessing
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.importers.utils import training_data_from_paths

from bot.errors import BadInput, DataError
from bot.learning import nlu_folder
from bot.learning.keys import key_of
from bot.learning.labels.writing import Entry, Pending
from bot.learning.nlu_file import read_file
from bot.learning.nlu_files import Written, write
from bot.learning.nlu_line import line_of
from bot.nlu.component import _example
from bot.nlu.examples import Example, examples_in, read_examples
from bot.nlu.importer import FACTS
from bot.nlu.marks import Span
from bot.paths import PROJECT
from knowledge.store import read_yaml

FILING = """\
# Away from home.
version: "3.1"

nlu:
- intent: 异地备案
  metadata: {item: 异地就医备案, facets: [办理流程]}
  examples: |
    - 异地备案怎么办
    - 去外省看病要登记吗，怎么登记
# Papers, and what costs nothing.
- intent: 异地备案
  metadata: {item: 异地就医备案, facets: [办理材料]}
  examples: |
    - 异地备案要带什么
- intent: 异地备案
  metadata: {item: 异地转诊人员备案, facets: [办理材料], missing_topic: 医院拒开转诊单}
  examples: |
    - 转诊单医院不肯开
"""
TALK = """\
version: "3.1"

nlu:
- intent: 问候
  examples: |
    - 你好
    - 您好

- intent: 感谢
  examples: |
    - 谢谢
"""
HOW = ("异地备案", "异地就医备案", ("办理流程",))
PAPERS = ("异地备案", "异地就医备案", ("办理材料",))
KINDS = (HOW, PAPERS, ("异地备案", "异地转诊人员备案", ("办理材料", "办理时限"), "医院拒开转诊单"),
         ("异地备案", "异地就医备案", ("办理时限", "收费"), "备案: 有效期"),
         ("问候",), ("再见",), ("范围外", "", (), "", "公积金"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small(tmp_path / "nlu")


def small(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "remote_filing.yml").write_text(FILING, encoding="utf-8")
    (folder / "conversation.yml").write_text(TALK, encoding="utf-8")
    return folder


def entries(examples: Sequence[Example]) -> tuple[Entry, ...]:
    return tuple(Entry(n, example) for n, example in enumerate(examples))


def wrote(
    folder: Path, *add: Example, remove: Sequence[Example] = ()
) -> Written:
    return write(Pending(entries(remove), entries(add)), folder)


def texts(found: Sequence[Entry]) -> list[str]:
    return [entry.example.text for entry in found]


def changes(folder: Path, name: str, before: str) -> list[str]:
    after = (folder / name).read_text(encoding="utf-8").splitlines()
    return [line for line in difflib.ndiff(before.splitlines(), after) if line[0] in "+-"]


def as_rasa_reads(folder: Path) -> list[Example]:
    """Return the utterances as Rasa's own loader reads them, with their entities as facts."""
    data = training_data_from_paths(sorted(map(str, folder.glob("*.yml"))), "zh")
    for message in data.training_examples:
        message.set(FACTS, message.get("entities", ()))
    return [_example(message) for message in data.intent_examples]


class TestWhereItGoes:
    def test_to_the_end_of_the_block_with_the_same_labels(self, folder: Path) -> None:
        assert texts(wrote(folder, Example("点样备案", *HOW)).added) == ["点样备案"]
        assert changes(folder, "remote_filing.yml", FILING) == ["+     - 点样备案"]
        assert changes(folder, "conversation.yml", TALK) == []

    def test_into_a_block_of_its_own_behind_the_likest(self, folder: Path) -> None:
        labels = ("异地备案", "异地就医备案", ("办理材料", "收费"), "备案有效期")
        wrote(folder, Example("备案几多钱", *labels))
        lines = (folder / "remote_filing.yml").read_text(encoding="utf-8").splitlines()
        assert lines[14:19] == [
            "- intent: 异地备案",
            "  metadata: {item: 异地就医备案, facets: [办理材料, 收费], missing_topic: 备案有效期}",
            "  examples: |", "    - 备案几多钱", "- intent: 异地备案"]

    def test_blocks_keep_their_distance(self, folder: Path) -> None:
        wrote(folder, Example("再见啦", "再见"))
        # a new intent stands in no file, so it gets a file of its own
        assert (folder / nlu_folder.NEW).read_text(encoding="utf-8") == (
            'version: "3.1"\n\nnlu:\n- intent: 再见\n  examples: |\n    - 再见啦\n')
        wrote(folder, Example("公积金点取", "问候", category="公积金"))
        thanks = "- intent: 感谢"
        block = ("- intent: 问候\n  metadata: {category: 公积金}\n  examples: |\n"
                 "    - 公积金点取\n\n")
        assert (folder / "conversation.yml").read_text(encoding="utf-8") == TALK.replace(
            thanks, block + thanks)

    def test_the_order_of_facets_makes_no_other_block(self, folder: Path) -> None:
        labels = ("异地备案", "异地就医备案")
        wrote(folder, Example("一", *labels, ("收费", "办理时限")),
              Example("二", *labels, ("办理时限", "收费")))
        added = changes(folder, "remote_filing.yml", FILING)
        assert sum("metadata" in line for line in added) == 1

    def test_the_files_of_the_project_come_back_as_they_are(self) -> None:
        for path in (PROJECT / "bot" / "data" / "nlu").glob("*.yml"):
            file = read_file(path)
            assert file.text == path.read_text(encoding="utf-8")
            shown = [(e.text, e.intent) for block in file.blocks for _, e in block.examples()]
            assert shown == [(e.text, e.intent) for e in examples_in(read_yaml(path))]


class TestKnown:
    @pytest.mark.parametrize("text", ["异地备案怎么办", "異地備案 怎麼辦？"])
    def test_the_same_sentence_is_not_written_twice(self, folder: Path, text: str) -> None:
        written = wrote(folder, Example(text, *HOW), Example("点样备案", *HOW))
        assert (texts(written.known), texts(written.added)) == ([text], ["点样备案"])
        assert changes(folder, "remote_filing.yml", FILING) == ["+     - 点样备案"]

    def test_nor_twice_at_once(self, folder: Path) -> None:
        written = wrote(folder, Example("点样备案", *HOW), Example("点样备案？", *HOW))
        assert (texts(written.added), texts(written.known)) == (["点样备案"], ["点样备案？"])

    def test_what_the_data_say_otherwise_is_left_to_a_second_reading(self, folder: Path) -> None:
        written = wrote(folder, Example("异地备案怎么办", *PAPERS))
        assert [refusal.why for refusal in written.refused] == [
            "“异地备案怎么办”在训练数据里已经标成“异地备案 · 异地就医备案 · 办理流程”，没有再写；"
            "请先复核哪一个对。"]
        assert read_examples(folder) == read_examples(small(folder))

    def test_facts_are_marked_in_the_utterance_that_is_there(self, folder: Path) -> None:
        told = Example("异地备案怎么办", *HOW, facts=(Span(0, 2, "away_reason", "在外地居住"),))
        assert texts(wrote(folder, told).added) == ["异地备案怎么办"]
        assert changes(folder, "remote_filing.yml", FILING) == [
            "-     - 异地备案怎么办",
            '+     - [异地]{"entity": "away_reason", "value": "在外地居住"}备案怎么办']
        assert texts(wrote(folder, Example("异地备案怎么办", *HOW)).known) == ["异地备案怎么办"]


class TestRemoving:
    def test_takes_out_the_utterance_alone(self, folder: Path) -> None:
        wrote(folder, remove=[Example("异地备案怎么办", *HOW)])
        assert changes(folder, "remote_filing.yml", FILING) == ["-     - 异地备案怎么办"]

    def test_the_last_one_takes_its_block_with_it_but_no_comment(self, folder: Path) -> None:
        wrote(folder, remove=[Example("异地备案要带什么", *PAPERS)])
        block = "\n".join(FILING.splitlines()[10:14])
        assert (folder / "remote_filing.yml").read_text(encoding="utf-8") == FILING.replace(
            f"{block}\n", "")

    def test_one_labelled_otherwise_stays(self, folder: Path) -> None:
        wrote(folder, remove=[Example("异地备案怎么办", *PAPERS)])
        assert changes(folder, "remote_filing.yml", FILING) == []

    def test_a_new_label_takes_the_place_of_the_old_one(self, folder: Path) -> None:
        old = Example("异地备案要带什么", *PAPERS)
        written = wrote(folder, Example("异地备案要带什么", *HOW), remove=[old])
        assert (len(written.added), len(written.removed), written.refused) == (1, 1, ())
        found = [e for e in read_examples(folder) if e.text == old.text]
        assert found == [Example("异地备案要带什么", *HOW)]

    def test_other_facts_in_the_same_sentence_change_its_line_alone(self, folder: Path) -> None:
        old = Example("异地备案怎么办", *HOW)
        new = Example(old.text, *HOW, facts=(Span(0, 2, "away_reason", "在外地居住"),))
        wrote(folder, new, remove=[old])
        wrote(folder, old, remove=[new])
        assert changes(folder, "remote_filing.yml", FILING) == []

    def test_what_is_not_there_is_removed_already(self, folder: Path) -> None:
        assert texts(wrote(folder, remove=[Example("没有这句", *HOW)]).removed) == ["没有这句"]


class TestLines:
    @pytest.mark.parametrize(("text", "line"), [
        ("[图片]怎么办", "- [图片]怎么办"),
        ("[图片](1)怎么办", "- ［图片］(1)怎么办"),
        ('[图]{"a": 1}', '- ［图］{"a": 1}'),
        ("[a][{b}]", "- ［a］［{b}］"),
        ("# 一", "- # 一"), ("- 一", "- - 一"), ("a: b", "- a: b"), ("'一\"", "- '一\""),
    ])
    def test_what_rasa_would_misread_is_written_otherwise(self, text: str, line: str) -> None:
        assert line_of(Example(text, "问候")) == line
        assert key_of(line.removeprefix("- ")) == key_of(text)

    @pytest.mark.parametrize("text", ["", " 一", "一\n- 二", "一\u2028二", "一\x00"])
    def test_what_is_no_line_is_refused(self, text: str) -> None:
        with pytest.raises(BadInput, match="一行文字"):
            line_of(Example(text, "问候"))

    @pytest.mark.parametrize("spans", [[(0, 2), (1, 3)], [(0, 9)], [(1, 1)]])
    def test_facts_that_overlap_or_do_not_fit_are_refused(self, spans: list) -> None:
        facts = tuple(Span(start, end, "retired", "已退休") for start, end in spans)
        with pytest.raises(BadInput, match="重叠"):
            line_of(Example("我退休", "问候", facts=facts))


class TestNeverHalf:
    def test_a_file_that_would_hold_something_else_is_not_replaced(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(nlu_folder, "line_of", lambda example: f"- {example.text}\n    - 混入")
        with pytest.raises(DataError, match="remote_filing.yml"):
            wrote(folder, Example("点样备案", *HOW))
        assert changes(folder, "remote_filing.yml", FILING) == []

    def test_what_a_killed_writer_left_is_no_data_and_goes(self, folder: Path) -> None:
        (folder / ".remote_filing.yml.unfinished").write_text("nlu:\n- int", encoding="utf-8")
        assert len(read_examples(folder)) == 7
        wrote(folder, Example("点样备案", *HOW))
        assert sorted(path.name for path in folder.iterdir()) == [
            "conversation.yml", "remote_filing.yml"]

    def test_a_broken_file_is_named_and_nothing_is_changed(self, folder: Path) -> None:
        (folder / "zz.yml").write_text("nlu: [", encoding="utf-8")
        with pytest.raises(DataError, match=r"zz\.yml"):
            wrote(folder, Example("点样备案", *HOW))
        assert changes(folder, "remote_filing.yml", FILING) == []

    def test_of_two_writers_at_once_neither_loses_a_line(self, folder: Path) -> None:
        names = ("甲", "乙")
        context = multiprocessing.get_context("fork")
        writers = [context.Process(target=_write_some, args=(folder, name)) for name in names]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(60)
        found = {example.text for example in read_examples(folder)}
        assert found >= {f"{name}{n}怎么备案" for name in names for n in range(8)}


def _write_some(folder: Path, name: str) -> None:
    for n in range(8):
        wrote(folder, Example(f"{name}{n}怎么备案", *HOW))


def _spans(text: str) -> st.SearchStrategy[tuple[Span, ...]]:
    places = st.lists(st.integers(0, len(text)), max_size=4, unique=True).map(sorted)
    told = st.sampled_from([("retired", "已退休"), ("away_reason", "在外地居住")])
    return st.tuples(places, told).map(lambda found: tuple(
        Span(start, end, *found[1]) for start, end in zip(found[0][::2], found[0][1::2])))


TEXTS = st.text(st.one_of(st.sampled_from("[](){}:#-'\"|>&*!%@`,? 一二三怎么办"),
                          st.characters(blacklist_categories=("Cs",))),
                min_size=1, max_size=24).map(
    lambda text: " ".join("".join(c if c.isprintable() else " " for c in text).split())
).filter(bool)
EXAMPLES = TEXTS.flatmap(lambda text: st.builds(
    lambda labels, facts: Example(text, *labels, facts=facts), st.sampled_from(KINDS),
    _spans(text)))


def _meant(example: Example) -> tuple:
    plain = example.text.replace("［", "[").replace("］", "]")
    return (plain, example.intent, example.item, frozenset(example.facets), example.topic,
            example.category, example.facts)


class TestWhateverIsWritten:
    @settings(max_examples=40, deadline=None,
              suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(st.lists(EXAMPLES, max_size=8, unique_by=lambda example: key_of(example.text)))
    def test_both_readers_find_just_that_and_nothing_else_is_touched(
        self, tmp_path: Path, examples: list[Example]
    ) -> None:
        folder = small(tmp_path / "nlu")
        before = Counter(map(_meant, read_examples(folder)))
        written = wrote(folder, *examples)
        assert len(written.added) + len(written.known) + len(written.refused) == len(examples)
        new = Counter(_meant(entry.example) for entry in written.added)
        assert Counter(map(_meant, read_examples(folder))) == before + new
        assert Counter(map(_meant, as_rasa_reads(folder))) == before + new
        for name, old in (("remote_filing.yml", FILING), ("conversation.yml", TALK)):
            assert not [line for line in changes(folder, name, old) if line[0] == "-"]
            assert "\r" not in (folder / name).read_bytes().decode()
        assert texts(wrote(folder, *examples).added) == []
        wrote(folder, remove=[entry.example for entry in written.added])
        assert (folder / "remote_filing.yml").read_text(encoding="utf-8") == FILING
        assert (folder / "conversation.yml").read_text(encoding="utf-8") == TALK
        assert not (folder / nlu_folder.NEW).exists()
