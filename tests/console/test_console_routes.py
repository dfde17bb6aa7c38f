"""Who reaches the console, and what is refused, in Chinese, before anything is done."""

from __future__ import annotations

import pytest

from tests.console.conftest import Caller

PAGES = ("", "/labels", "/training", "/models", "/runs/20261122-081500-aaaa")
ASKED = ("inbox", "vocabulary", "labels", "labels/counts", "runs", "models", "suspects")
ACTS = (("POST", "labels"), ("DELETE", "labels/1"), ("POST", "labels/1/second"), ("POST", "runs"),
        ("POST", "runs/20261122-081500-aaaa/cancel"), ("POST", "models/rollback"),
        ("POST", "models/present/promote"), ("POST", "suspects/x"))


@pytest.mark.parametrize("path", PAGES)
def test_pages_lead_to_signing_in_and_back(console, path):
    answer = Caller(console.url).page(f"/console{path}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2Fconsole")


@pytest.mark.parametrize("number", ["8001", "8100"])
def test_who_serves_citizens_sees_and_does_nothing_here(console, number):
    page = console.as_(number)
    for path in (*PAGES, "/static/js/api.js"):
        assert page.page(f"/console{path}").status_code == 403, path
    for method, path in (*(("GET", path) for path in ASKED), *ACTS):
        status, answer = page.ask(method, path, {} if method == "POST" else None)
        assert status == 403 and "您的角色不能使用" in answer["error"], path
    assert console.runs.all() == [] and console.models.live() is None


@pytest.mark.parametrize("number", ["7001", "9001"])
def test_trainers_and_administrators_reach_every_page(console, number):
    page = console.as_(number)
    for path in PAGES:
        answer = page.page(f"/console{path}")
        assert answer.status_code == 200 and "待审" in answer.text, path
    assert page.page("/console/static/js/api.js").status_code == 200
    assert page.page("/console/static/../channel.py").status_code == 404


@pytest.mark.parametrize(("method", "path"), ACTS)
@pytest.mark.parametrize("headers", [{"x-csrf": "guessed"}, {"origin": "https://example.org"}])
def test_only_our_own_page_changes_anything(trainer, method, path, headers):
    status, answer = trainer.ask(method, path, {}, **headers)
    assert status == 403 and "页面已经过期" in answer["error"]


@pytest.mark.parametrize(("method", "path", "body", "status"), [
    ("GET", "inbox?days=0", None, 400), ("GET", "inbox?days=long", None, 400),
    ("GET", "inbox?q=" + "长" * 201, None, 413), ("GET", "labels?before=-1", None, 400),
    ("POST", "labels", {}, 422), ("POST", "labels", {"label": {"usable": False}}, 422),
    ("POST", "labels", {"label": {"intent": "没有的"}, "sources": []}, 422),
    ("POST", "labels/1/second", {"agree": "yes"}, 400),
    ("POST", "labels/99/second", {"agree": True}, 404), ("DELETE", "labels/99", None, 404),
    ("POST", "suspects/x", {"keep": True}, 404), ("POST", "runs", {}, 400),
    ("POST", "runs", {"kind": "everything"}, 400),
    ("GET", "runs/20261122-081500-aaaa", None, 404), ("GET", "runs/..%2F..", None, 404),
    ("GET", "runs/20261122-081500-aaaa/log?tail=99999", None, 400),
    ("GET", "runs/20261122-081500-aaaa/pictures/x.png", None, 404),
    ("POST", "models/nothing/promote", {}, 404),
    ("POST", "models/nothing/promote", {"override": "yes"}, 400),
    ("POST", "models/nothing/promote", {"reason": "长" * 501}, 413),
    ("POST", "models/rollback", {}, 409)])
def test_what_cannot_be_is_refused_in_chinese(admin, method, path, body, status):
    found, answer = admin.ask(method, path, body)
    assert found == status, answer
    assert any("一" <= sign <= "龥" for sign in answer["error"])
