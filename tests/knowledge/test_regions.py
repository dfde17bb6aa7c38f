"""Which guide serves a place: own guide, the province's in its stead, or none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge import regions
from knowledge.errors import DataError
from knowledge.regions import Place, gazetteer, guide_for, resolve

DIVISIONS = Path(regions.__file__).parent / "divisions.yml"


def counties_of(city: str) -> list[Place]:
    places = {p for readings in gazetteer().names.values() for p in readings}
    return [p for p in places if p.city == city and p.level == "county"]


@pytest.mark.parametrize(
    ("name", "guide", "fallback"),
    [
        ("梅州", "meizhou", False),
        ("梅州市", "meizhou", False),
        ("江门", "jiangmen", False),
        ("广东", "guangdong", False),
        ("广东省", "guangdong", False),
        ("深圳", "guangdong", True),
        ("东莞市", "guangdong", True),
        ("韶关", "guangdong", True),
        ("顺德", "guangdong", True),
        ("乳源", "guangdong", True),
        ("横琴", "guangdong", True),
        ("湖北", "hubei", False),
        ("武汉", "hubei", False),
        ("仙桃", "hubei", False),
        ("神农架", "hubei", False),
        ("恩施", "hubei", False),
        ("恩施州", "hubei", False),
        ("光谷", "hubei", False),
        ("福建", "fujian", False),
        ("厦门", "fujian", False),
        ("平潭", "fujian", False),
        ("平潭综合实验区", "fujian", False),
        ("晋江", "fujian", False),
    ],
)
def test_a_covered_place_is_served_by_its_own_guide_or_its_provinces(
    name: str, guide: str, fallback: bool
) -> None:
    found = resolve(name)
    assert (found.guide, found.fallback, found.covered, found.ambiguous) == (
        guide,
        fallback,
        True,
        False,
    )


@pytest.mark.parametrize(
    "name",
    [
        "南京",
        "成都",
        "桂林",
        "涟水",
        "上海",
        "江西",
        "昆山",
        "内蒙古",
        "新疆",
        "香港",
        "澳门",
        "台湾",
    ],
)
def test_any_other_place_is_known_but_not_covered(name: str) -> None:
    found = resolve(name)
    assert found.places and not found.covered and found.guide is None


@pytest.mark.parametrize("name", ["火星", "", "A市", "西地省", "江西厦门"])
def test_what_is_no_place_gives_none(name: str) -> None:
    assert resolve(name).places == ()


@pytest.mark.parametrize(
    ("city", "guide", "count"), [("梅州市", "meizhou", 8), ("江门市", "jiangmen", 7)]
)
def test_every_county_of_a_city_with_its_own_guide_is_found_by_its_everyday_name(
    city: str, guide: str, count: int
) -> None:
    counties = counties_of(city)
    assert len(counties) == count
    for county in counties:
        assert resolve(county.name).places == (county,)
        assert guide_for(county) == guide


@pytest.mark.parametrize(
    ("name", "full_name", "guide"),
    [
        ("五华", "五华县", "meizhou"),
        ("昆明五华", "五华区", None),
        ("五华区", "五华区", None),
        ("大埔", "大埔县", "meizhou"),
        ("香港大埔", "大埔区", None),
        ("开平", "开平市", "jiangmen"),
        ("唐山开平区", "开平区", None),
        ("兴宁", "兴宁市", "meizhou"),
        ("南宁兴宁", "兴宁区", None),
        ("福州鼓楼", "鼓楼区", "fujian"),
        ("荆州", "荆州市", "hubei"),
        ("海南", "海南省", None),
        ("广东(深圳)", "深圳市", "guangdong"),
        ("广东省梅州市五华县", "五华县", "meizhou"),
    ],
)
def test_a_name_with_several_bearers_is_settled_where_it_can_be(
    name: str, full_name: str, guide: str | None
) -> None:
    found = resolve(name)
    assert [p.full_name for p in found.places] == [full_name]
    assert found.guide == guide


@pytest.mark.parametrize("name", ["鼓楼", "西湖区", "城区", "白云区", "珠三角", "粤东"])
def test_a_name_that_may_lie_under_different_guides_has_to_be_asked_about(name: str) -> None:
    found = resolve(name)
    assert found.ambiguous and found.guide is None and not found.covered


def test_an_area_whose_cities_share_a_guide_needs_no_question() -> None:
    found = resolve("潮汕")
    assert found.ambiguous and found.guide == "guangdong" and found.fallback


def test_a_place_knows_its_parents() -> None:
    (county,) = resolve("兴宁").places
    assert (county.province, county.city, county.county) == ("广东省", "梅州市", "兴宁市")
    assert (county.code, county.level) == ("441481", "county")
    (direct,) = resolve("天门").places
    assert (direct.province, direct.city, direct.county) == ("湖北省", "", "天门市")


def test_a_county_lies_within_its_city_and_province_and_not_beside() -> None:
    (county,), (city,), (province,) = (resolve(n).places for n in ("台山", "江门", "广东"))
    assert county.within(city) and county.within(province) and city.within(province)
    assert not city.within(county) and not resolve("梅州").places[0].within(city)


def test_the_divisions_are_complete_for_the_provinces_that_guides_serve() -> None:
    data = yaml.safe_load(DIVISIONS.read_text(encoding="utf-8"))
    assert len(data) == 34
    sizes = {
        province: (
            sum(" " in city for city in data[province]),
            sum(len(counties.split()) for counties in data[province].values()),
        )
        for province in ("44 广东省", "42 湖北省", "35 福建省")
    }
    assert sizes["44 广东省"] == (21, 122)
    assert sizes["42 湖北省"] == (13, 103 + 2)  # two functional zones
    assert sizes["35 福建省"] == (9, 84)


def test_every_word_kept_out_of_sentences_is_the_name_of_a_place() -> None:
    known = gazetteer()
    assert known.only_with_suffix <= known.names.keys()
    assert known.only_within <= known.names.keys()


def test_a_wrong_code_in_the_data_names_file_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    load = regions._load
    broken = {**load("regions.yml"), "aliases": {"某地": "999999"}}
    monkeypatch.setattr(regions, "_load", lambda f: broken if f == "regions.yml" else load(f))
    with pytest.raises(DataError, match=r"regions\.yml: aliases\.某地"):
        gazetteer.__wrapped__()
