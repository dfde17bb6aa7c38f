"""Gold facts and questions of the development data, read by path."""

from __future__ import annotations

import json
import uuid

import pytest

from knowledge.text import squeeze

pytestmark = pytest.mark.shared


def rows(shared, name):
    """Return the rows of a development file."""
    lines = (shared / "dev" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def wrong(row, text):
    """Return what an answer lacks or should not hold."""
    said = squeeze(text)
    problems = [f"missing {m}" for m in row["must"] if squeeze(m) not in said]
    problems += [f"should not say {m}" for m in row["must_not"] if squeeze(m) in said]
    if row["any_of"] and not any(squeeze(m) in said for m in row["any_of"]):
        problems.append(f"none of {row['any_of'][:3]}…")
    return problems


def test_gold_facts_are_answered_through_the_rest_channel(shared, server):
    facts = rows(shared, "facts.jsonl")
    assert facts
    answers = {row["id"]: "\n".join(m["text"] for m in server.ask(uuid.uuid4().hex, row["query"]))
               for row in facts}
    failed = {row["id"]: wrong(row, answers[row["id"]]) for row in facts}
    assert {key: value for key, value in failed.items() if value} == {}
