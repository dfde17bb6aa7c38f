"""Who asks for whom, read from words alone."""

from __future__ import annotations

import pytest

from bot.people import called, goes_for, people_in, without_others
from bot.wording import people_data
from knowledge.store import load


@pytest.mark.parametrize(("message", "person"), [
    ("我妈退休了,户口迁到深圳跟我住,参保在梅州", "母亲"),
    ("我阿妈同我住深圳凑细路,佢医保喺梅州,想喺呢边睇病点办", "母亲"),
    ("老豆喺江门住院,单据点报", "父亲"),
    ("爸爸妈妈的新农合怎么参保", "父母"),
    ("爷爷奶奶都走不动了,奶奶的医保在武汉,怎么报销", "奶奶"),
    ("家婆嘅医保喺梅县,想喺广州睇病", "婆婆"),
    ("丈母娘来厦门住了,要备案吗", "岳母"),
    ("细路喺深圳睇门诊,医保喺江门,点报", "孩子"),
    ("给刚出生的宝宝上医保", "孩子"),
    ("儿子当兵去了,账户的钱能取吗", "儿子"),
    ("老公从厦门去了深圳,医保怎么转", "配偶"),
    ("老伴的医保卡余额怎么查", "老伴"),
    ("朋友托我问,他医保在黄石,去广东打工了看病怎么弄", "亲友"),
    ("我退休了,跟女儿住东莞,看病怎么备案", "本人"),
    ("单位给我交的职工医保,想回老家生孩子", "本人"),
    ("我是公司人事,要给公司开医保户", "单位"),
    ("我是公司人事,新员工怎么参保", "员工"),
    ("帮员工改身份证号", "员工"),
    ("我开了一家药店,想申请定点", "药店"),
    ("我们诊所想签定点协议", "医院"),
])
def test_the_person_whom_the_matter_is_for(message: str, person: str) -> None:
    assert people_in(message).asks_for == person


@pytest.mark.parametrize(("message", "person"), [
    ("我儿子在深圳,我退休了跟他住", "本人"),
    ("我女儿在东莞,我过去带孙子,医保在梅州,看病怎么备案", "本人"),
    ("在杭州给儿子带孙子,我没有居住证", "本人"),
    ("我妈生孩子", "母亲"),
    ("我要生孩子了,要办什么", "本人"),
    ("我儿子帮我办可以吗", "本人"),
    ("让我女儿去办,我住院的钱怎么报", "本人"),
    ("公司人事让我自己去改名字", "本人"),
    ("我想问一下我妈的医保怎么转", "母亲"),
    ("我在深圳上班,我妈跟我住,医保在梅州,想备案", "母亲"),
    ("我和老公都在梅州参保,孩子想在深圳上医保", "孩子"),
    ("孙女被同学打伤,住院报销", "孩子"),
    ("我是独生子女,我爸住院了,怎么报", "父亲"),
    ("老伴前年走了,我跟女儿住厦门,想在厦门看病", "本人"),
    ("老伴走了,他账户的钱怎么取", "老伴"),
    ("爸妈种田,我妈住院的钱是我垫的", "母亲"),
])
def test_people_named_in_passing_are_not_meant(message: str, person: str) -> None:
    assert people_in(message).asks_for == person


@pytest.mark.parametrize("message", [
    "孩子的医保用我的卡绑", "老公用我的生育险", "我老婆没上班,能用我的生育保险报住院费吗",
    "住院报销要带什么", "梅州异地备案要多久", "男职工未就业配偶生育医疗费要什么材料",
    "我们都退休了,怎么备案", "其他人能办吗",
])
def test_in_doubt_nobody_is_meant(message: str) -> None:
    assert people_in(message).asks_for == ""


@pytest.mark.parametrize(("message", "proxy"), [
    ("我帮我妈去办", True), ("她自己走不动,我替她办", True), ("我儿子去办可以吗", True),
    ("我代佢去办异地备案要带咩", True), ("爸爸瘫痪在床,我来办他的支取", True),
    ("由女儿代办", True), ("我自己去办", False), ("我去办要带什么", False),
    ("你帮我查一下医保", False), ("给我妈办备案要什么材料", False),
    ("帮我妈问一下", False), ("可以代办吗", False), ("单位帮我办的参保", False),
])
def test_handing_in_for_somebody_is_read_where_it_is_said(message: str, proxy: bool) -> None:
    assert ("applicant" in people_in(message).facts) == proxy


@pytest.mark.parametrize(("message", "kept", "left_out"), [
    ("我退休了,想给孙子参保", "给孙子参保", "退休"),
    ("我儿子在职,我退休了跟他住", "我退休了跟他住", "在职"),
    ("我妈退休了,户口迁到深圳跟我住", "户口迁到深圳跟我住", "别人"),
    ("爸妈交的新农合,我妈住院了怎么报", "新农合", "别人"),
    ("我和老婆都退休了,她医保在武汉,给她办备案", "都退休了", "别人"),
    ("我们是襄阳的农合,我爸住院了怎么报", "农合", "别人"),
])
def test_what_is_told_of_others_is_kept_apart(message: str, kept: str, left_out: str) -> None:
    own = people_in(message).own
    assert kept in own and left_out not in own


def test_what_is_told_of_others_says_nothing_of_the_matter() -> None:
    assert without_others("我退休了,想给孙子参保") == "给孙子参保"
    assert without_others("我儿子在深圳,我退休了跟他住") == "我儿子在深圳,我退休了跟他住"


def test_who_says_i_will_go_goes_in_the_place_of_another() -> None:
    assert goes_for("母亲", "我自己去")
    assert not goes_for("本人", "我自己去") and not goes_for("", "我去")
    assert not goes_for("母亲", "她自己去")


def test_everybody_has_a_name_to_be_called_by_and_implies_facts_that_there_are() -> None:
    facts, data = load().facts, people_data()
    people = {person["who"] for person in data["people"]}
    for row in (*data["people"], *data["speakers"]):
        assert called(row["who"])
        for name, value in row.get("implies", {}).items():
            assert facts[name].option(value)
    for rule in data["roles"]:
        assert {*rule.get("who", ()), *rule.get("who_not", ())} <= people


def test_a_word_names_one_person() -> None:
    words = [word for person in people_data()["people"] for word in person["words"]]
    assert sorted(words) == sorted(set(words))
