"""Which model is live: put live, put back, refused, and still there after a restart."""

from __future__ import annotations

import io
import json
import shutil
import tarfile

import pytest
from modelled import add_model, spoil

from bot.errors import BadInput, DataError
from bot.files import write_json, write_whole
from bot.learning.models import soundness
from bot.learning.models.models import KEPT_BEFORE, Models
from bot.learning.models.tidying import KEPT_CANDIDATES
from bot.paths import PROJECT
from bot.training import fingerprint

INSIST = "固定问题里那一条本来就标错了"


@pytest.fixture
def models(tmp_path):
    """A folder with the model of the present data, and nothing live."""
    made = Models(tmp_path / "models")
    add_model(made, fingerprint())
    return made


@pytest.fixture
def three(models):
    """The same with three candidates, of which the first two were put live, one after the other."""
    for version in ("first", "second", "third"):
        add_model(models, version)
    models.promote("first", "8001")
    models.promote("second", "8001")
    return models


def versions(entries):
    return [entry["version"] for entry in entries]


def refused(models, version, words):
    before = models.live()
    with pytest.raises(BadInput, match=words) as error:
        models.promote(version, "9001", INSIST, override=True)
    assert error.value.status in (404, 409) and models.live() == before
    return True


class TestNothingLive:
    def test_the_model_of_the_present_data_serves(self, models):
        assert models.serving() == models.archive(fingerprint())
        assert models.live() is None and not models.live_file.exists()

    def test_it_is_trained_where_it_is_missing(self, models, monkeypatch):
        told = []
        models.archive(fingerprint()).unlink()
        monkeypatch.setattr("bot.learning.models.models.train", lambda models: models / "new")
        assert models.serving(lambda: told.append("training")) == models.folder / "new" and told


class TestPromoting:
    def test_it_is_live_and_says_who_when_and_what_was_before(self, models):
        add_model(models, "better")
        live = models.promote("better", "8001", "问法更全")
        assert models.live() == live and models.serving() == models.archive("better")
        assert (live["version"], live["by"], live["reason"]) == ("better", "8001", "问法更全")
        assert versions(live["before"]) == [fingerprint()]
        assert live["before"][0]["until"] <= live["since"]

    def test_what_is_live_cannot_be_put_live_again(self, three):
        assert refused(three, "second", "已经在用")

    def test_the_last_five_are_kept_with_the_newest_candidates_and_the_others_go(self, models):
        for number in range(KEPT_BEFORE + 3):
            models.promote(add_model(models, f"m{number}"), "8001")
        names = [add_model(models, f"c{number}", trained_at=f"2099-01-0{number + 1}")
                 for number in range(KEPT_CANDIDATES + 2)]
        kept = versions(models.live()["before"])
        assert kept == [f"m{number}" for number in range(KEPT_BEFORE + 1, 1, -1)]
        left = {*kept, "m7", *names[-KEPT_CANDIDATES:]}
        assert set(versions(models.cards())) == left
        assert {path.name for path in models.folder.glob("yibao-*")} == {
            f"yibao-{version}.{end}" for version in left for end in ("tar.gz", "json")}

    def test_no_version_leads_out_of_the_folder(self, models):
        assert refused(models, "../first", "没有") and refused(models, "nothing", "没有")


class TestAgainstTheComparison:
    @pytest.mark.parametrize("verdict", [False, None])
    def test_it_is_refused_with_the_reasons(self, models, verdict):
        add_model(models, "worse", may_promote=verdict, reasons=["样例对话错了一个"])
        with pytest.raises(BadInput, match="不能上线") as error:
            models.promote("worse", "8001", INSIST)
        assert error.value.status == 409 and models.live()["version"] == fingerprint()

    def test_an_administrator_may_insist_with_a_reason_that_is_kept(self, models):
        add_model(models, "worse", may_promote=False)
        with pytest.raises(BadInput, match="10 个字"):
            models.promote("worse", "9001", "就要 ", override=True)
        models.promote("worse", "9001", INSIST, override=True)
        models.promote(add_model(models, "better"), "8001")
        assert models.live()["before"][0]["reason"] == INSIST

    def test_what_was_live_before_needs_no_reason(self, models):
        models.promote(add_model(models, "worse", may_promote=False), "9001", INSIST, True)
        models.promote(add_model(models, "better"), "8001")
        assert models.promote("worse", "8001")["version"] == "worse"


class TestRefused:
    def test_a_damaged_file(self, three):
        spoil(three, "third")
        assert refused(three, "third", "损坏")

    def test_a_file_that_is_gone(self, three):
        three.archive("third").unlink()
        assert refused(three, "third", "不在了")

    def test_another_file_under_the_name(self, three, tmp_path):
        write_whole(tmp_path / "other", b"something else")
        three.archive("third").unlink()
        shutil.copy(tmp_path / "other", three.archive("third"))
        assert refused(three, "third", "损坏")

    def test_a_model_of_another_release(self, three):
        three.register(three.archive("third"), foundation="000000000000")
        assert refused(three, "third", "另一版")

    def test_a_model_of_another_domain_whatever_its_card_says(self, three):
        altered(three.archive("third"), "metadata.json", other_domain)
        three.register(three.archive("third"), may_promote=True)
        assert refused(three, "third", "另一套")

    def test_a_model_that_cannot_be_loaded_is_found_out_before_it_is_live(self, three):
        altered(three.archive("third"), "heads.npz", lambda content: content[:1000])
        three.register(three.archive("third"), may_promote=True)
        assert not three.problem("third")
        assert refused(three, "third", "装载")

    def test_a_whole_model_is_loaded_and_asked_once(self, three, monkeypatch):
        three.register(three.archive("third"), checked="")
        assert three.check("third")["checked"]
        monkeypatch.setattr(soundness, "subprocess", None)
        assert three.promote("third", "8001")["version"] == "third"


def altered(archive, name, change):
    """Replace a model by one in which a file is another."""
    written = io.BytesIO()
    with tarfile.open(archive) as old, tarfile.open(fileobj=written, mode="w:gz") as new:
        for member in old:
            content = old.extractfile(member).read() if member.isfile() else b""
            content = change(content) if member.name.endswith(name) else content
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    archive.unlink()
    archive.write_bytes(written.getvalue())


def other_domain(metadata):
    held = json.loads(metadata)
    held["domain"]["slots"]["another"] = {"type": "any", "mappings": [{"type": "custom"}]}
    return json.dumps(held).encode()


class TestGoingBack:
    def test_one_after_the_other_until_there_is_none(self, three):
        assert [three.rollback("8001")["version"] for _ in range(2)] == ["first", fingerprint()]
        with pytest.raises(BadInput, match="没有可以退回"):
            three.rollback("8001")
        assert three.serving() == three.archive(fingerprint())

    def test_a_damaged_one_is_passed_over(self, three):
        spoil(three, "first")
        assert three.rollback("8001")["version"] == fingerprint()

    def test_what_was_taken_back_can_be_put_live_again(self, three):
        three.rollback("8001")
        assert versions(three.promote("second", "8001")["before"])[0] == "first"


class TestOverRestarts:
    def test_a_pinned_model_stays_live_though_the_data_change(self, models, tmp_path, monkeypatch):
        pinned = models.pin("8001")
        shutil.copytree(PROJECT / "bot/data/nlu", tmp_path / "nlu")
        (tmp_path / "nlu" / "new.yml").write_text("nlu: []\n", "utf-8")
        monkeypatch.setenv("YIBAO_NLU", str(tmp_path / "nlu"))
        assert fingerprint() != pinned
        assert models.serving() == models.archive(pinned)

    def test_a_damaged_live_model_gives_way_to_the_last_before_it(self, three):
        spoil(three, "second")
        assert three.serving() == three.archive("first")
        assert three.live()["version"] == "first" and "文件" in three.live()["reason"]

    def test_after_a_new_release_the_present_data_serve(self, three):
        for version in ("first", "second"):
            three.register(three.archive(version), foundation="000000000000")
        live = three.live()
        write_json(three.live_file, {**live, "before": live["before"][:1]})
        assert three.serving() == three.archive(fingerprint())
        assert "更新后" in three.live()["reason"]
        assert versions(three.live()["before"]) == ["second", "first"]

    def test_a_live_file_that_cannot_be_read_is_said_instead_of_guessed_about(self, three):
        three.live_file.write_text("{", "utf-8")
        with pytest.raises(DataError, match="live.json"):
            three.serving()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, b"before")
    monkeypatch.setattr("bot.files.os.fsync", lambda handle: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_whole(path, b"after")
    assert path.read_bytes() == b"before" and [*tmp_path.iterdir()] == [path]
