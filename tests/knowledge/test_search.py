"""Searching: names are found however they are typed, clauses by their wording, items first."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from knowledge.errors import UnknownId
from knowledge.search import Hit, index_of
from knowledge.store import load

QUERIES = Path(__file__).parent / "search_queries.yml"
WANTED = 0.95


@lru_cache(maxsize=1)
def queries() -> list[tuple[str, str]]:
    """Return (query, canonical id that has to be found)."""
    rows = yaml.load(QUERIES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [(query, item) for row in rows for query in aslist(row["say"])
            for item in aslist(row["item"])]


def aslist(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def find(query: str, guide: str = "", **kwargs) -> list[Hit]:
    return index_of(load()).find(query, guide, **kwargs)


def items(query: str, guide: str = "", limit: int = 3) -> list[str]:
    return [hit.item for hit in find(query, guide, kinds=("item",), limit=limit)]


def marked(hit: Hit) -> list[str]:
    return [hit.text[start:end] for start, end in hit.spans]


def test_there_are_enough_queries_and_each_is_there_once():
    assert len(queries()) >= 60
    assert len({query for query, _ in queries()}) == len(queries())


def test_what_people_type_is_among_the_first_three():
    missed = {query: items(query) for query, item in queries() if item not in items(query)}
    assert len(missed) <= (1 - WANTED) * len(queries()), missed


@pytest.mark.parametrize("guide", sorted(load().guides))
def test_a_guide_finds_its_own_items_by_their_own_names(guide):
    for item in load().guides[guide].items.values():
        found = find(item.name, guide, kinds=("item",), limit=3)
        assert item.id in [hit.file for hit in found], item.name
        assert {hit.guide for hit in found} == {guide}


@pytest.mark.parametrize("typed", ["异地jiuyi", "yidi jiuyi", "YIDI JIUYI", "異地就醫", "异地就医"])
def test_every_way_of_writing_finds_the_same(typed):
    assert items(typed, limit=8) == items("异地就医", limit=8) != []


def test_an_item_comes_before_clauses_that_mention_it():
    hits = find("生育津贴", "guangdong")
    assert hits[0].clause is None and hits[0].item == "maternity_allowance"
    firsts = [hit.clause is None for hit in hits]
    assert firsts == sorted(firsts, reverse=True)


def test_a_clause_is_found_by_its_wording_with_a_typing_error_and_marked():
    hit = find("交警事故任定书", "meizhou", kinds=("clause",))[0]
    assert hit.clause and hit.clause.guide == "meizhou" and hit.file.endswith("_reimbursement")
    assert "交警事故认定书" in "".join(marked(hit))


def test_a_clause_printed_for_several_items_belongs_to_one_that_includes_it():
    hits = find("因审核需要门诊病历", "jiangmen", kinds=("clause",))
    shared = [hit for hit in hits if hit.clause and hit.clause.item.startswith("_")]
    assert shared and all(hit.file in load().guides["jiangmen"].items for hit in shared)


def test_only_the_guide_asked_for_is_looked_in():
    assert {hit.guide for hit in find("办理时限", "hubei", limit=50)} <= {"hubei"}
    assert find("亲情账号绑定", "hubei", kinds=("item",)) == [] or items("亲情账号绑定", "hubei")


def test_the_matching_part_of_a_name_is_marked():
    hit = find("menzhen baoxiao", kinds=("item",))[0]
    assert "".join(marked(hit)) == hit.text


@pytest.mark.parametrize("nothing", ["", "   ", "？！", "🙂🙂", "qwrtpsdfg", "今天天气真好啊"])
def test_what_names_nothing_finds_no_item(nothing):
    assert items(nothing) == []


def test_a_very_long_text_is_no_trouble():
    assert len(find("我家里老人" * 200 + "门诊报销", limit=5)) <= 5


def test_an_unknown_guide_is_an_error():
    with pytest.raises(UnknownId):
        find("门诊报销", "beijing")
