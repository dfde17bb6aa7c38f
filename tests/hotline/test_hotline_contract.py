"""The contract: one place for each fact, and requests held to it."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft4Validator, RefResolver

from bot.errors import BadInput
from connectors.hotline12345.contract import checked, document

MESSAGE = {"message_id": "m-1", "seq": 1, "text": "你好"}
JOINED = {"event_id": "e-1", "seq": 1, "type": "agent_joined", "agent": "A1"}
SESSION = {"session_id": "s-1", "capabilities": {"cards": True}, "reply_by": "response"}


def without(body: dict, key: str) -> dict:
    return {k: v for k, v in body.items() if k != key}


@pytest.mark.parametrize("schema, body, field", [
    ("MessageRequest", without(MESSAGE, "message_id"), "message_id"),
    ("MessageRequest", without(MESSAGE, "seq"), "seq"),
    ("MessageRequest", {**MESSAGE, "seq": 0}, "seq"),
    ("MessageRequest", {**MESSAGE, "seq": "1"}, "seq"),
    ("MessageRequest", {**MESSAGE, "seq": True}, "seq"),
    ("MessageRequest", {**MESSAGE, "seq": 1.5}, "seq"),
    ("MessageRequest", {**MESSAGE, "extra": 1}, "extra"),
    ("MessageRequest", {**MESSAGE, "13800138000": 1}, ""),
    ("MessageRequest", {**MESSAGE, "text": ""}, "text"),
    ("MessageRequest", {**MESSAGE, "text": "长" * 1001}, "text"),
    ("MessageRequest", {**MESSAGE, "message_id": "m 1"}, "message_id"),
    ("MessageRequest", {**MESSAGE, "message_id": "m-1\n"}, "message_id"),
    ("MessageRequest", {**MESSAGE, "message_id": "m" * 65}, "message_id"),
    ("MessageRequest", without(MESSAGE, "text"), ""),
    ("MessageRequest", {**MESSAGE, "choices": ["abcdefghij"]}, ""),
    ("MessageRequest", {**without(MESSAGE, "text"), "choices": ["../../x"]}, "choices"),
    ("MessageRequest", {**without(MESSAGE, "text"), "choices": []}, "choices"),
    ("EventRequest", without(JOINED, "agent"), "agent"),
    ("EventRequest", {**JOINED, "agent": "张三"}, "agent"),
    ("EventRequest", {**JOINED, "type": "gone"}, "type"),
    ("EventRequest", {**JOINED, "text": "您好"}, "text"),
    ("EventRequest", [], ""),
    ("SessionRequest", {**SESSION, "reply_by": "post"}, "reply_by"),
    ("SessionRequest", {**SESSION, "reply_by": "callback", "callback": "http://x"}, "callback"),
    ("SessionRequest", {**SESSION, "capabilities": {}}, "cards"),
])
def test_what_breaks_the_contract_is_refused_by_name(schema, body, field):
    with pytest.raises(BadInput) as caught:
        checked(schema, body)
    error = caught.value
    assert (error.field, error.status) == (field, 422)
    assert re.search("[一-鿿]", str(error)) and field in str(error)
    assert "13800138000" not in str(error)


@pytest.mark.parametrize("operation", ["sessions", "messages", "events", "suggest"])
def test_the_examples_of_the_contract_keep_to_it(operation):
    path = next(path for path in document()["paths"] if path.endswith(operation))
    content = document()["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    schema = content["schema"]["$ref"].rpartition("/")[2]
    examples = content.get("examples") or {"": {"value": content["example"]}}
    for example in examples.values():
        checked(schema, example["value"])


def test_the_document_is_json_and_its_references_lead_somewhere():
    text = json.dumps(document())
    resolver = RefResolver.from_schema(document())
    for reference in set(re.findall(r'"(#/components/[^"]+)"', text)):
        resolver.resolve(reference)


def test_every_schema_is_one():
    for schema in document()["components"]["schemas"].values():
        Draft4Validator.check_schema(schema)
