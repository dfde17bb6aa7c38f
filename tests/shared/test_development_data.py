"""Gold facts and questions of the development data, read by path."""

from __future__ import annotations

import json
import uuid

import pytest

from knowledge.text import squeeze

pytestmark = pytest.mark.shared

LOADED = {"异地就医备案", "医疗费用手工(零星)报销"}
COUNTERS = ("业务办理网点", "封底")


def rows(shared, name):
    """Return the rows of a development file."""
    lines = (shared / "dev" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def facts_of_loaded_families(shared):
    """Return the gold facts that the families loaded so far have to answer."""
    from knowledge.store import load

    kb = load()
    labels = {i.label for f in kb.families if f.label in LOADED for i in f.items}
    return [row for row in rows(shared, "facts.jsonl")
            if row["item"] in labels or (row["section"] or "").startswith(COUNTERS)]


def wrong(row, text):
    """Return what an answer lacks or should not hold."""
    said = squeeze(text)
    problems = [f"missing {m}" for m in row["must"] if squeeze(m) not in said]
    problems += [f"should not say {m}" for m in row["must_not"] if squeeze(m) in said]
    if row["any_of"] and not any(squeeze(m) in said for m in row["any_of"]):
        problems.append(f"none of {row['any_of'][:3]}…")
    return problems


def test_gold_facts_are_answered_through_the_rest_channel(shared, server):
    facts = facts_of_loaded_families(shared)
    assert facts
    answers = {row["id"]: "\n".join(m["text"] for m in server.ask(uuid.uuid4().hex, row["query"]))
               for row in facts}
    failed = {row["id"]: wrong(row, answers[row["id"]]) for row in facts}
    assert {key: value for key, value in failed.items() if value} == {}
