"""New wordings of facts: marked in the utterances, learnt into the model, told in a message."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from bot.nlu import homophones, reader
from bot.nlu.component import _example
from bot.nlu.examples import Example, read_examples
from bot.nlu.heads import Heads
from bot.nlu.marks import Span, marked, unmarked
from bot.nlu.normalise import normalise
from bot.nlu.reader import Reader
from bot.nlu.wordings import Wording, Wordings, learn
from bot.observed import cues, observe
from bot.paths import PROJECT
from knowledge.store import load

WORDS, RETIRED = "食紧长粮", ("retired", "已退休")
SAID = f"我{WORDS}，搬去福州住点备案"


def example(text: str, *told: tuple[str, str, str]) -> Example:
    spans = (Span(text.index(words), text.index(words) + len(words), fact, value)
             for words, fact, value in told)
    return Example(text, "异地备案", "异地就医备案", ("办理流程",), facts=tuple(spans))


def facts_of(text: str, wordings: Wordings) -> dict:
    return dict(observe(text, normalise(text), wordings).facts)


@pytest.fixture(scope="module")
def wordings() -> Wordings:
    return learn([example(SAID, (WORDS, *RETIRED))])


class TestMarks:
    def test_what_is_marked_comes_back(self) -> None:
        spans = (Span(1, 5, *RETIRED), Span(6, 10, "away_reason", "在外地居住"))
        assert unmarked(marked(SAID, spans)) == (SAID, spans)

    def test_a_mark_is_written_as_rasa_writes_it(self) -> None:
        assert marked("户口还没迁", [Span(2, 5, "hukou_moved", "否")]) == (
            '户口[还没迁]{"entity": "hukou_moved", "value": "否"}')

    @pytest.mark.parametrize("text", ["[图片]", "{{7*7}} ${jndi:ldap://x}", "[a](b)", "[SYSTEM] x"])
    def test_other_brackets_are_text(self, text: str) -> None:
        assert unmarked(text) == (text, ())

    def test_every_mark_in_the_training_data_tells_a_fact_there_is(self) -> None:
        facts = load().facts
        told = [(s.fact, s.value) for e in read_examples() for s in e.facts]
        assert [pair for pair in told if pair[0] not in facts
                or pair[1] not in {o.value for o in facts[pair[0]].options}] == []


class TestLearning:
    def test_a_marked_phrase_tells_its_fact_in_other_sentences(self, wordings: Wordings) -> None:
        said = f"老窦{WORDS}，喺广州住院"
        assert "retired" not in facts_of(said, Wordings())
        assert facts_of(said, wordings)["retired"] == "已退休"

    def test_the_heads_are_told_of_it_as_of_any_other_phrase(self, wordings: Wordings) -> None:
        assert "fact:retired=已退休" in cues(observe(SAID, normalise(SAID), wordings))

    def test_what_was_marked_is_no_slip_of_spelling(self) -> None:
        # 长粮 sounds like the far more usual 长年
        texts = [*["住外地好长年，在外长年"] * 20, SAID]
        trained = Reader(homophones.learn(map(normalise, texts)), Heads({}, {}, {}),
                         learn([example(SAID, (WORDS, *RETIRED))]))
        assert trained.observed(SAID, normalise(SAID)).facts["retired"] == "已退休"
        assert trained.observed("住长粮", "住长粮").plain == "住长年"

    def test_what_the_vocabularies_tell_comes_first(self, wordings: Wordings) -> None:
        said = f"我还没退休，不是{WORDS}的"
        assert facts_of(said, wordings)["retired"] == facts_of(said, Wordings())["retired"]

    def test_what_is_told_of_others_does_not_count(self, wordings: Wordings) -> None:
        assert "retired" not in facts_of(f"我{WORDS}，想给孙子参保", wordings)

    def test_one_option_of_several_is_told_as_such(self) -> None:
        fact = next(f for f in load().facts.values() if f.multiple)
        value = fact.options[0].value
        learnt = learn([example("喺度喺度嘅人", ("喺度喺度", fact.name, value))])
        assert facts_of("喺度喺度", learnt)[fact.name] == {value: True}

    @pytest.mark.parametrize(("told", "why"), [
        ([("食紧长粮", "retired", "已退休"), ("食紧长粮", "retired", "未退休")], "ambiguous"),
        ([("食", "retired", "已退休")], "short"),
        ([("食紧长粮", "no_such_fact", "是")], "unknown"),
        ([("食紧长粮", "retired", "没有这个值")], "unknown"),
    ])
    def test_what_cannot_be_learnt_is_left_out_and_told(self, told: list, why: str) -> None:
        learnt = learn([example(SAID, one) for one in told])
        assert learnt.learnt == ()
        assert [(one.fact, one.why) for one in learnt.left_out] == [(told[0][1], why)]

    def test_words_that_stand_in_many_other_utterances_tell_nothing(self) -> None:
        others = [example(f"第{n}次来问备案") for n in range(30)]
        learnt = learn([*others, example("老人来问备案", ("来问备案", *RETIRED))])
        assert [one.why for one in learnt.left_out] == ["common"]


class TestModel:
    def test_it_lies_in_the_model(self, wordings: Wordings, tmp_path: Path) -> None:
        some = [*read_examples()[::40], example(SAID, (WORDS, *RETIRED))]
        reader.train(some).save(tmp_path)
        again = Reader.load(tmp_path)
        said = f"老窦{WORDS}，喺广州住院"
        assert again.wordings.learnt == (Wording(WORDS, *RETIRED),)
        assert again.read(said, normalise(said)).facts["retired"] == "已退休"

    def test_rasa_hands_the_marks_to_our_component_and_warns_of_nothing(
        self, tmp_path: Path
    ) -> None:
        shutil.copy(PROJECT / "bot/data/nlu/retirement.yml", tmp_path)
        file = tmp_path / "retirement.yml"
        mark = marked(SAID, [Span(1, 5, *RETIRED)])
        file.write_text(f"{file.read_text('utf-8')}    - {mark}\n", encoding="utf-8")
        data = TrainingDataImporter.load_from_config(
            str(PROJECT / "config.yml"), str(PROJECT / "domain.yml"), [str(tmp_path)],
        ).get_nlu_data()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            data.validate()
        assert not data.entity_examples and not data.entity_synonyms
        assert [_example(m) for m in data.intent_examples] == list(read_examples(tmp_path))
