"""The model is trained again exactly when something it depends on has changed."""

from __future__ import annotations

import shutil

import pytest

from bot.errors import DataError
from bot.paths import PROJECT
from bot.training import fingerprint, foundation, train

INPUTS = ["config.yml", "domain.yml", "bot/data/nlu/remote_filing.yml", "bot/data/rules/form.yml",
          "bot/nlu/heads.py", "bot/nlu/normalise.py", "bot/nlu/terms.py", "knowledge/text.py",
          "knowledge/place_names.py", "knowledge/place_cues.yml", "knowledge/regions.yml"]


@pytest.fixture
def project(tmp_path):
    """A copy of what training reads."""
    for name in ("bot", "knowledge"):
        shutil.copytree(PROJECT / name, tmp_path / name,
                        ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.yml", "domain.yml"):
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


def add_comment(path):
    path.write_text(path.read_text("utf-8") + "\n# changed\n", "utf-8")


@pytest.mark.parametrize("name", INPUTS)
def test_a_change_to_an_input_asks_for_a_new_model(project, name):
    before = fingerprint(project)
    add_comment(project / name)
    assert fingerprint(project) != before


@pytest.mark.parametrize(("name", "before", "after"), [
    ("knowledge/catalog.yml", "单位新参保", "单位头次参保"),
    ("knowledge/facts/remote_filing.yml", "退休住", "退了休住"),
    ("knowledge/guides/meizhou/temporary_filing.yml", "有效身份证件", "有效身份文件"),
])
def test_other_words_to_segment_by_ask_for_a_new_model(project, name, before, after):
    old, path = fingerprint(project), project / name
    assert before in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    assert fingerprint(project) != old


def test_a_change_to_a_guide_needs_no_training(project):
    before = fingerprint(project)
    add_comment(project / "knowledge/guides/meizhou/referral_filing.yml")
    assert fingerprint(project) == before


def test_nothing_changed_nothing_trained():
    model = train()
    written = model.stat().st_mtime_ns
    assert train() == model and model.stat().st_mtime_ns == written


def test_the_utterances_may_lie_elsewhere_and_name_the_same_model(project, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(project / "bot/data/nlu", elsewhere)
    monkeypatch.setenv("YIBAO_NLU", str(elsewhere))
    assert fingerprint() == fingerprint(project)
    (elsewhere / "new.yml").write_text("nlu: []\n", "utf-8")
    assert fingerprint() != fingerprint(project)


def test_what_was_learnt_does_not_change_what_a_model_stands_on(project):
    before = foundation(project)
    add_comment(project / "bot/data/nlu/remote_filing.yml")
    assert foundation(project) == before
    add_comment(project / "bot/nlu/heads.py")
    assert foundation(project) != before


def test_broken_training_data_is_named_with_its_line(project, monkeypatch):
    path = project / "bot/data/nlu/transfer.yml"
    path.write_text(path.read_text("utf-8") + "\n- intent: [\n", "utf-8")
    with pytest.raises(DataError, match=r"transfer\.yml: line \d+"):
        train(utterances=path.parent, models=project / "models")
