"""Labelled questions and readings that tests of the evaluation share."""

from __future__ import annotations

from bot.evaluation.predict import Prediction
from bot.evaluation.recorded import dropped

QUESTIONS = [
    {"id": "1", "text": "梅州门诊费用报销要带什么材料", "source_type": "search_query",
     "family": "医疗费用手工(零星)报销", "item": "门诊费用报销", "facets": ["办理材料"],
     "scope": "in_scope", "region": "广东(梅州)", "region_role": "insured_place",
     "region_in_kb": True},
    {"id": "2", "text": "我的医保在湖北武汉，人在上海打工，异地就医备案怎么办理",
     "family": "异地就医备案", "source_type": "dev_list", "scope": "in_scope",
     "region": "湖北(武汉)", "region_role": "insured_place", "region_in_kb": True},
    {"id": "3", "text": "住院报销比例是百分之多少", "family": "医疗费用手工(零星)报销",
     "scope": "partly", "region": "", "region_role": None, "region_in_kb": None},
    {"id": "4", "text": "公积金怎么提取出来买房", "scope": "out_of_scope"},
    {"id": "5", "text": "明天要不要带伞"},
]


def ours(**fields) -> Prediction:
    """A prediction of which only what matters is said."""
    said = {"text": "", "intent": "", "confidence": 1.0, "family": "", "item": "", "facets": (),
            "scope": "in_scope", "missing_topic": "", "region": "", "region_role": None,
            "region_in_kb": None, "choices": ()}
    return Prediction(**{**said, **fields})


def assert_kept(measure: str, recorded, found) -> None:
    """A figure has not dropped below the recorded one by more than its noise."""
    assert not dropped(measure, recorded[measure], found[measure]), (
        f"{measure}: {found[measure]}, recorded {recorded[measure]}")


def in_file(folder, *lines: str):
    """A file with these lines."""
    file = folder / "问题.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file
