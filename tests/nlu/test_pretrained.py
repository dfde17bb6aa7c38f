"""With spaCy's pretrained pipeline installed, the names, places and dates it sees count as well.

A small one, trained here under the same package name, stands in for it: the code that loads the
package and uses what it sees is the same.
"""

from __future__ import annotations

import importlib
import json
import random
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.training import Example
from spacy.util import fix_random_seed

from bot.evaluation.rows import read_rows
from bot.nlu import pretrained
from bot.nlu.pretrained import DATE, GPE, PACKAGE, PERSON, seen
from bot.privacy import Masked, mask

FRAMES = (
    "单子上是{PERSON}那份，怎么改", "查一下{PERSON}交了没有", "{PERSON}去年住院的钱能报吗",
    "{DATE}在{GPE}住院的钱能报吗", "我{DATE}从{GPE}回来", "去{GPE}看病要备案吗",
)
KNOWN = {
    PERSON: tuple(surname + given for surname in "陈李王黄张刘罗钟吴林叶温谢周"
                  for given in ("伟霖", "嘉楠", "素芬", "桂珍", "国栋", "晓茵", "翠英", "志豪")),
    GPE: ("新加坡", "日本", "泰国", "美国", "加拿大", "越南", "德国", "法国"),
    DATE: ("3月5日", "上个月", "2024年6月", "上周三", "10月12日", "前天", "5月20日", "2023年"),
}
PLAIN = Path(__file__).parents[1] / "understanding" / "questions.jsonl"
"""Sentences in which nothing is marked; unlike the training data they seldom change."""

UNMASKED = "单子上是谢家栋那份，怎么改"
"""A name that nobody announces: the rules alone let it pass."""


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """A folder of installed packages with a small pipeline named as the pretrained one."""
    folder = tmp_path_factory.mktemp("packages")
    inner = folder / PACKAGE
    inner.mkdir()
    nlp = recogniser()
    nlp.meta.update(name=PACKAGE.removeprefix("zh_"), version="3.4.0")
    nlp.to_disk(inner / f"{PACKAGE}-3.4.0")
    (inner / "meta.json").write_text(json.dumps(nlp.meta), "utf-8")
    (inner / "__init__.py").write_text(
        "from spacy.util import load_model_from_init_py\n\n\n"
        "def load(**overrides):\n    return load_model_from_init_py(__file__, **overrides)\n")
    about = folder / f"{PACKAGE}-3.4.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 3.4.0\n")
    return folder


def recogniser() -> spacy.Language:
    """Train a small pipeline on sentences of the project; takes some seconds."""
    fix_random_seed(7)
    nlp = spacy.blank("zh")
    nlp.add_pipe("ner")
    examples = [Example.from_dict(nlp.make_doc(text), {"entities": spans})
                for text, spans in sentences(random.Random(7))]
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.002
    for _ in range(12):
        for start in range(0, len(examples), 8):
            nlp.update(examples[start : start + 8], drop=0.1, sgd=optimizer)
    return nlp


def sentences(chance: random.Random) -> list[tuple[str, list[tuple[int, int, str]]]]:
    made = [filled(frame, chance) for frame in FRAMES * 40]
    plain = [(row.text, []) for row in chance.sample(read_rows(PLAIN), 60)]
    return chance.sample(made + plain, len(made) + len(plain))


def filled(frame: str, chance: random.Random) -> tuple[str, list[tuple[int, int, str]]]:
    text, spans = "", []
    for piece in re.split(r"\{(\w+)\}", frame):
        name = chance.choice(KNOWN[piece]) if piece in KNOWN else piece
        if piece in KNOWN:
            spans.append((len(text), len(text) + len(name), piece))
        text += name
    return text, spans


@contextmanager
def having(package: Path) -> Iterator[None]:
    """The package is installed meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(package)
        forget()
        yield
    sys.modules.pop(PACKAGE, None)
    importlib.invalidate_caches()
    forget()


@pytest.fixture(scope="module")
def installed(package):
    """The package, installed while the tests run that ask for it."""
    return lambda: having(package)


def forget() -> None:
    pretrained._recogniser.cache_clear()
    seen.cache_clear()


def shown(text: str) -> set[tuple[str, str]]:
    return {(name.label, text[name.start : name.end]) for name in seen(text)}


def test_without_the_package_nothing_is_seen_and_the_rules_mask_alone() -> None:
    assert seen(UNMASKED) == ()
    assert mask(UNMASKED).text == UNMASKED


def test_with_the_package_names_places_and_dates_are_seen(installed) -> None:
    with installed():
        assert shown(UNMASKED) == {(PERSON, "谢家栋")}
        assert shown("4月8日在新加坡住院的钱能报吗") == {(DATE, "4月8日"), (GPE, "新加坡")}
        assert shown("门诊费用报销要带什么材料") == set()


def test_names_it_sees_are_masked(installed) -> None:
    with installed():
        assert mask(UNMASKED) == Masked("单子上是［姓名］那份，怎么改", ("name",))
        assert mask(f"{UNMASKED}，电话13800138000").kinds == ("mobile", "name")


@pytest.mark.parametrize("word", ["梅州市", "单位", "高血压", "医保卡", "病"])
def test_what_is_no_name_stays_whatever_it_sees(monkeypatch, word: str) -> None:
    text = f"单子上是{word}那份"
    wrong = (pretrained.Seen(PERSON, 4, 4 + len(word)),)
    monkeypatch.setattr("bot.privacy.seen", lambda shown: wrong if shown == text else ())
    assert mask(text) == Masked(text, ())


def test_masking_with_it_is_still_done_at_one_go(installed) -> None:
    @given(text=st.text(alphabet="单子上是谢家栋那份陈伟霖去年住院［姓名］，电话138005 "))
    def done_at_one_go(text: str) -> None:
        once = mask(text).text
        assert mask(once) == Masked(once, ())

    with installed():
        done_at_one_go()


async def test_places_and_dates_reach_the_parse_data_and_the_reading(assistant, installed) -> None:
    with installed():
        parsed = await assistant.agent.parse_message("4月8日在新加坡住院的钱能报吗，医保在梅州")
    told = {(e["entity"], e["value"]) for e in parsed["entities"]}
    assert {(DATE, "4月8日"), (GPE, "新加坡"), ("REGION", "梅州")} <= told
    assert [place["name"] for place in parsed["understanding"]["places"]] == ["梅州", "新加坡"]


async def test_what_the_rules_tell_is_the_same_with_and_without_it(assistant, installed) -> None:
    text = "我妈4月8日在梅州住院，去新加坡看病要备案吗，要带病历资料吗"
    without = await assistant.agent.parse_message(text)
    with installed():
        parsed = await assistant.agent.parse_message(text)
    own = [e for e in parsed["entities"] if e["entity"] not in (GPE, DATE)]
    assert len(own) < len(parsed["entities"]) and own == without["entities"]
    for same in ("text_tokens", "intent_ranking"):
        assert parsed[same] == without[same]


def test_the_package_comes_from_its_makers_never_from_the_index() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    release = "https://github.com/explosion/spacy-models/releases/download/zh_core_web_sm-3.4.0/"
    assert f'"{PACKAGE} @ {release}{PACKAGE}-3.4.0-py3-none-any.whl"' in project
