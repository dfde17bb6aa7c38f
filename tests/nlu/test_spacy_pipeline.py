"""Words and entities of a message, told from the knowledge base."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import press_of
from bot.nlu.normalise import normalise
from bot.nlu.spacy_pipeline import REGION, build
from bot.nlu.terms import CHANNEL, FACT, ITEM, MATERIAL, terms_of
from bot.paths import PROJECT
from knowledge.store import load

QUESTION = "我媽退休後跟我住東莞，医保在梅州，辦異地就醫備案要居住證嗎，粤医保小程序能办吗"
IN_A_FRESH_PROCESS = """
import json, spacy, sys
import bot.nlu.spacy_pipeline
doc = spacy.load(sys.argv[1])(sys.argv[2])
print(json.dumps([[t.text for t in doc], [[e.text, e.label_, e.ent_id_] for e in doc.ents]]))
"""


@pytest.fixture(scope="module")
def nlp():
    return build(terms_of(load()))


def words(doc) -> list[str]:
    return [token.text for token in doc]


def entities(doc) -> list[tuple[str, str, str]]:
    return [(entity.text, entity.label_, entity.ent_id_) for entity in doc.ents]


def test_every_official_term_is_one_word(nlp) -> None:
    official = [term.phrase for term in terms_of(load()) if term.official]
    assert "异地就医备案" in official and "居民身份证等有效身份证件" in official
    assert [term for term in official if len(nlp.make_doc(term)) != 1] == []


def test_numbers_and_latin_words_stay_whole_and_hide_no_term(nlp) -> None:
    assert words(nlp.make_doc("花了12345元，apply在APP上")) == [
        "花", "了", "12345", "元", "，", "apply", "在", "APP", "上"]
    assert entities(nlp("不到5000人")) == []
    assert entities(nlp("不到500人"))[0][1] == FACT


@given(text=st.text(alphabet=st.sampled_from("异地就医备案異醫東莞梅州 \n\t，。？ab1２［］…½")))
def test_no_character_is_lost(nlp, text: str) -> None:
    assert nlp(text).text == text


def test_entities_say_what_they_stand_for_in_any_writing(nlp) -> None:
    assert entities(nlp(QUESTION)) == [
        ("退休後", FACT, "retired=已退休"),
        ("跟我住", FACT, "away_reason=在外地居住"),
        ("東莞", REGION, "东莞"),
        ("梅州", REGION, "梅州"),
        ("異地就醫備案", ITEM, "remote_filing"),
        ("居住證", MATERIAL, "居住证"),
        ("粤医保小程序", CHANNEL, "粤医保小程序"),
    ]


def test_the_longest_phrase_is_meant(nlp) -> None:
    assert entities(nlp("交通事故认定书要吗")) == [("交通事故认定书", MATERIAL, "交通事故认定书")]


def test_a_fresh_process_cuts_and_tells_alike(nlp, tmp_path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    command = [sys.executable, "-c", IN_A_FRESH_PROCESS, str(tmp_path / "pipeline"), QUESTION]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    here = nlp(QUESTION)
    assert json.loads(said) == [words(here), [list(e) for e in entities(here)]]
    assert "異地就醫備案" in words(here)


def test_what_is_saved_does_not_depend_on_the_knowledge_of_the_day(tmp_path) -> None:
    build([t for t in terms_of(load()) if t.label == ITEM]).to_disk(tmp_path)
    told = entities(spacy.load(tmp_path)("办异地就医备案要居住证吗"))
    assert told == [("异地就医备案", ITEM, "remote_filing")]


@pytest.mark.parametrize(("text", "regions"), [
    ("医保定点医院怎么查", []), ("在保定住院怎么报", ["保定"]),
    ("中山一院能报吗，我在中山参保", ["中山一院", "中山"]),
    ("你懂广东话吗", []), ("湖北黄石的医保", ["湖北黄石"]), ("粤省事和广东政务服务网", []),
])
def test_a_region_is_a_place_not_its_characters(nlp, text: str, regions: list[str]) -> None:
    assert [e.text for e in nlp(text).ents if e.label_ == REGION] == regions


async def test_a_message_in_rasa_carries_its_words_and_entities(assistant) -> None:
    parsed = await assistant.agent.parse_message(QUESTION)
    told = {(e["entity"], e["value"], e["id"]) for e in parsed["entities"]}
    assert {(REGION, "東莞", "东莞"), (ITEM, "異地就醫備案", "remote_filing")} <= told
    assert all(QUESTION[e["start"] : e["end"]] == e["value"] for e in parsed["entities"])
    assert "異地就醫備案" in [QUESTION[start:end] for start, end in parsed["text_tokens"]]


async def test_a_pressed_button_names_nothing(assistant) -> None:
    parsed = await assistant.agent.parse_message(press_of(["appappappapp"]))
    assert parsed["entities"] == []


def test_phrases_are_looked_for_as_messages_are_normalised() -> None:
    assert all(term.phrase == normalise(term.phrase) for term in terms_of(load()))
