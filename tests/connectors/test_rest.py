"""The REST contract on the public port: kept, and safe."""

from __future__ import annotations

import json
import uuid

import pytest


def test_a_question_is_answered_with_text_card_and_buttons(server):
    replies = server.ask(uuid.uuid4().hex, "湖北转诊备案要什么材料")
    assert len(replies) == 1 and "《异地就医登记备案表》" in replies[0]["text"]
    assert replies[0]["custom"]["item"] == "异地转诊人员备案"
    assert replies[0]["buttons"][0]["payload"].startswith("choice:")


def test_a_button_sent_back_is_pressed(server):
    sender = uuid.uuid4().hex
    question = server.ask(sender, "我妈跟我住东莞，医保在梅州，异地看病怎么备案")[-1]
    pressed = next(b["payload"] for b in question["buttons"] if b["title"] == "没有迁")
    assert "半年" in server.ask(sender, pressed)[-1]["text"]


@pytest.mark.parametrize(("body", "status"), [
    ({"message": "你好"}, 400), ({"sender": "", "message": "你好"}, 400),
    ({"sender": "a", "message": ""}, 400), ({"sender": "a", "message": 5}, 400),
    ({"sender": "a"}, 400), ({"sender": "a", "message": "长" * 10_000}, 413),
    ({"sender": "a", "message": '/异地备案{"region":"梅州市"}'}, 400),
    ({"sender": "x" * 500, "message": "你好"}, 400), ([1, 2], 400),
    pytest.param(b"{not json", 400, id="not json"),
])
def test_bad_input_gets_a_clear_answer_in_chinese(server, body, status):
    answered, content = server.post("/webhooks/rest/webhook", body)
    assert answered == status
    assert any("一" <= character <= "鿿" for character in content["error"])


def test_bad_input_in_a_form_changes_nothing(server):
    sender = uuid.uuid4().hex
    asked = server.ask(sender, "我妈跟我住东莞，医保在梅州，异地看病怎么备案")[-1]["text"]
    for message in ("", "长" * 10_000, '/异地备案{"region":"江门市"}', 7):
        status, _ = server.post("/webhooks/rest/webhook", {"sender": sender, "message": message})
        assert status >= 400
    again = server.ask(sender, "再说一遍")[-1]["text"]
    assert again == asked


@pytest.mark.parametrize("path", [
    "/model", "/conversations/x/tracker", "/domain", "/status", "/version", "/webhooks/"])
def test_rasas_own_interface_is_not_public(server, path):
    assert server.get(path)[0] == 404


def test_health_names_the_versions(server):
    status, body = server.get("/health")
    health = json.loads(body)
    assert status == 200 and health["model_version"] and health["knowledge_version"]


def test_a_clause_is_fetched_by_its_id(server):
    reply = server.ask(uuid.uuid4().hex, "江门门诊费用报销要带什么")[0]["custom"]
    line = reply["sections"][0]["lines"][0]
    status, body = server.get(f"/api/clause/{reply['knowledge_version']}/{line['citation_id']}")
    assert status == 200
    assert json.loads(body)["text"] == "1.医保电子凭证或有效身份证件或社保卡"


def test_an_unknown_clause_is_not_found(server):
    assert server.get("/api/clause/none/meizhou/none/none.1")[0] == 404


def test_personal_data_is_masked_before_it_is_stored(server):
    sender = uuid.uuid4().hex
    server.ask(sender, "我叫张建国，身份证440301199001011234，电话13812345678，梅州门诊报销要什么")
    stored = b"".join(p.read_bytes() for p in server.folder.iterdir() if p.is_file())
    for secret in ("440301199001011234", "13812345678", "张建国"):
        assert secret.encode() not in stored
