"""When a new model may go live: pure figures, no model."""

from __future__ import annotations

import pytest

from bot.learning.runs.gate import p_worse, verdict, worse_families, worse_measures


def result(**parts) -> dict:
    """What a comparison without any change looks like, but for what is said."""
    nothing = {"broken": [], "mended": []}
    return {"candidate": "new", "live": "old", "conversations": nothing, "facts": nothing,
            "questions": {"measures": [], "families": []}, **parts}


def reasons(**parts) -> str:
    """The reasons against a model, which there are."""
    told = verdict(result(**parts))
    assert not told["may_promote"] and told["reasons"]
    return "".join(told["reasons"])


@pytest.mark.parametrize("right, wrong, p", [
    (0, 0, 1.0), (0, 1, 0.5), (0, 4, 0.0625), (0, 5, 0.03125), (3, 3, 0.65625), (10, 2, 0.9968)])
def test_how_likely_a_loss_is_by_chance(right, wrong, p):
    assert p_worse(right, wrong) == pytest.approx(p, abs=1e-4)


@pytest.mark.parametrize("turned, worse", [
    ((0, 4), False), ((0, 5), True), ((5, 0), False), ((10, 12), False), ((10, 22), True)])
def test_a_measure_is_worse_where_it_lost_more_than_the_noise(turned, worse):
    assert (worse_measures({"item": turned}) == {"item"}) is worse


def test_what_no_training_changes_and_what_follows_from_another_measure_is_no_main_measure():
    assert worse_measures({"place": (0, 30), "choices": (0, 30)}) == set()


def test_a_single_family_that_lost_is_found_as_if_it_were_the_only_one():
    turned = {"参保登记": (0, 5), **{f"其他{n}": (1, 2) for n in range(15)}}
    assert worse_families(turned) == {"参保登记"}


def test_where_many_families_change_each_has_to_be_surer():
    noisy = {f"其他{n}": (4, 4) for n in range(15)}
    assert worse_families({"参保登记": (0, 5), **noisy}) == set()
    assert worse_families({"参保登记": (0, 9), **noisy}) == {"参保登记"}


def test_a_family_lost_among_gains_elsewhere_is_found():
    assert worse_families({"异地就医备案": (1, 14), "参保登记": (20, 0)}) == {"异地就医备案"}


def test_too_few_questions_prove_nothing():
    assert worse_families({"亲情账号": (0, 4)}) == set() and worse_families({}) == set()


def test_a_model_that_breaks_nothing_and_loses_no_more_than_the_noise_may_go_live():
    mended = {"broken": [], "mended": [{"id": "E01", "title": "老漂族"}]}
    assert verdict(result(conversations=mended)) == {"may_promote": True, "reasons": []}


def test_one_broken_conversation_is_one_too_many_whatever_was_mended():
    broken = [{"id": "E01", "title": "老漂族问“异地备案”"}]
    said = reasons(conversations={"broken": broken, "mended": [{"id": "E02"}] * 5})
    assert "老漂族问“异地备案”" in said and "走不通" in said


def test_of_many_broken_conversations_some_are_named_and_the_others_counted():
    broken = [{"id": str(n), "title": f"第{n}段"} for n in range(10)]
    told = verdict(result(conversations={"broken": broken, "mended": []}))["reasons"]
    assert len(told) == 4 and "7" in told[-1]


def test_one_broken_fact_is_one_too_many():
    said = reasons(facts={"broken": [{"ask": "梅州转诊备案要多久"}], "mended": []})
    assert "梅州转诊备案要多久" in said


def test_a_loss_beyond_the_noise_is_told_with_its_figures():
    line = {"became_right": 1, "became_wrong": 9, "worse": True}
    said = reasons(questions={"measures": [{"label": "具体事项", **line}],
                              "families": [{"family": "异地就医备案", **line}]})
    assert "具体事项" in said and "异地就医备案" in said and "变错 9 条，只变对 1 条" in said


def test_the_live_model_itself_is_nothing_to_put_live():
    assert "没有变化" in reasons(candidate="same", live="same")
