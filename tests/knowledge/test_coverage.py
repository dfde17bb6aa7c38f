"""Every character of a guide has its place: in a clause, a heading, or an exclusion with reason."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.kb_reports.coverage import summary
from bot.kb_reports.coverage_page import made_of, write_pages
from knowledge.base import KnowledgeBase
from knowledge.coverage import (
    EXCLUDED,
    GAP,
    HEADING,
    QUOTED,
    account,
    accounts,
    check_exclusions,
    exclusion_reasons,
)
from knowledge.store import ROOT, load, read
from knowledge.text import digest, squeeze

pytestmark = pytest.mark.usefixtures("parsed_once")

TEXT = """花园办事指南

一、事项名称
砍树许可

二、材料
1.申请表
— 12 —
2.身份证明<原件>
"""
GUIDE = f"""
title: 花园指南
short: 指南
region: 某市
code: '000000'
edition: 试用
sha256: {digest(TEXT)}
spans: [[0, 6]]
text:
  title: {{heading: 花园办事指南}}
"""
TREE = """
name: 砍树许可
spans: [[6, 44]]
text:
  name: {heading: 一、事项名称, body: 砍树许可}
  materials: {heading: 二、材料, body: ['1.申请表', '2.身份证明<原件>']}
excluded:
  - {text: —12—, reason: page_number}
lines:
  materials:
    - {id: form, clause: materials.1}
    - {id: identity, clause: materials.2, form: {original: true}}
"""


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """The data of one small guide, whole."""
    folder = tmp_path / "knowledge" / "guides" / "garden"
    folder.mkdir(parents=True)
    (tmp_path / "knowledge" / "catalog.yml").write_text(
        "- {id: garden, intent: 花园, label: 花园, name: 花园, asked_as: 园子,"
        " items: [{id: tree, label: 砍树}]}",
        encoding="utf-8")
    (folder / "guide.yml").write_text(GUIDE, encoding="utf-8")
    end = len(squeeze(TEXT))
    (folder / "tree.yml").write_text(TREE.replace("44]]", f"{end}]]"), encoding="utf-8")
    return folder


def said(garden: Path, text: str = TEXT) -> list[str]:
    kb = read(garden.parents[1])
    return [str(problem) for problem in account(kb.guide("garden"), text).problems]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_guide_of_which_everything_has_its_place_has_no_problem(garden: Path) -> None:
    kb = read(garden.parents[1])
    found = account(kb.guide("garden"), TEXT)
    assert found.problems == ()
    sizes = {kind: found.size(kind) for kind in (QUOTED, HEADING, EXCLUDED, GAP)}
    assert sum(sizes.values()) == len(squeeze(TEXT)) and sizes[GAP] == 0
    assert sizes[EXCLUDED] == found.size(EXCLUDED, "page_number") == len("—12—")
    assert "页码 4" in summary(found) and "未收录 0" in summary(found)


def test_pieces_follow_one_another_and_hold_the_text_as_published(garden: Path) -> None:
    found = account(read(garden.parents[1]).guide("garden"), TEXT)
    assert squeeze("".join(map(found.wording, found.pieces))) == squeeze(TEXT)
    assert [p.start for p in found.pieces[1:]] == [p.end for p in found.pieces[:-1]]


def test_text_in_no_file_is_told_with_its_line_and_its_words(garden: Path) -> None:
    (garden / "tree.yml").unlink()
    (problem,) = said(garden)
    assert problem.startswith("garden.txt: 第 3 行: 33 字没有收录：「一、事项名称砍树许可二、")


def test_what_lies_between_two_files_is_told(garden: Path) -> None:
    edit(garden / "guide.yml", "spans: [[0, 6]]", "spans: [[0, 4]]")
    edit(garden / "guide.yml", "heading: 花园办事指南", "heading: 花园办事")
    assert said(garden) == ["garden.txt: 第 1 行: 2 字没有收录：「指南」"]


def test_text_in_two_files_is_told(garden: Path) -> None:
    shutil.copy(garden / "tree.yml", garden / "bush.yml")
    assert said(garden) == ["garden.txt: 第 3 行: 同时收录在 bush、tree"]


def test_a_changed_guide_leaves_text_without_a_place(garden: Path) -> None:
    text = TEXT.replace("2.身份证明", "2.照片\n3.身份证明")
    problems = said(garden, text)
    assert any("sha256" in problem for problem in problems)
    assert any("第 9 行" in problem and "照片3." in problem for problem in problems)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("reason: page_number", "reason: paging", "no reason 'paging'"),
        ("reason: page_number", "reason: noise", "needs a sentence of its own"),
        ("{text: —12—,", "{text: 一段很长的文字不收录却不说为什么,", "needs a sentence of its own"),
        ("reason: page_number", "reason: noise, note: 扫描时留下的痕迹", ""),
    ],
    ids=["a reason nobody knows", "noise without a sentence", "a paragraph without a sentence",
         "noise with a sentence"],
)
def test_what_is_left_out_needs_a_reason_and_a_paragraph_its_own_sentence(
    garden: Path, old: str, new: str, wanted: str
) -> None:
    edit(garden / "tree.yml", old, new)
    problems = [str(p) for p in check_exclusions(read(garden.parents[1]).guide("garden"))]
    assert [wanted in problem for problem in problems] == ([True] if wanted else [])


def test_every_reason_is_said_in_chinese() -> None:
    assert all(re.match("[一-鿿]", reason.label) for reason in exclusion_reasons().values())


@pytest.fixture
def pages(garden: Path, tmp_path: Path) -> Path:
    edit(garden / "guide.yml", "spans: [[0, 6]]", "spans: [[0, 4]]")
    edit(garden / "guide.yml", "heading: 花园办事指南", "heading: 花园办事")
    kb = read(garden.parents[1])
    found = account(kb.guide("garden"), TEXT)
    write_pages(kb, [found], found.problems, tmp_path / "pages")
    return tmp_path / "pages"


def test_the_page_shows_each_clause_with_what_was_made_of_it(pages: Path) -> None:
    page = (pages / "garden.html").read_text(encoding="utf-8")
    clause = page[page.index('id="garden/tree/materials.2"'):]
    assert "2.身份证明&lt;原件&gt;" in clause and "原件" in clause and "identity" in clause
    assert page.index("花园办事") < page.index("砍树许可") < page.index("1.申请表")


def test_the_page_shows_what_has_no_place_and_what_is_left_out(pages: Path) -> None:
    page = (pages / "garden.html").read_text(encoding="utf-8")
    assert re.search(r'class="row gap".*?指南', page, re.DOTALL)
    assert re.search(r'class="row excluded".*?— 12 —.*?页码', page, re.DOTALL)
    index = (pages / "index.html").read_text(encoding="utf-8")
    assert 'href="garden.html"' in index and "2 字没有收录" in index


def test_the_pages_need_nothing_from_outside(pages: Path) -> None:
    for page in pages.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"https?://|//[a-z]+\.|@import|<script|<link|src=", text)
        assert 'lang="zh-CN"' in text


def test_every_shown_line_stands_beside_its_clause() -> None:
    for guide in load().guides.values():
        made = made_of(load(), guide)
        for item in guide.items.values():
            for rule in item.rules:
                assert rule.text in "".join(fact.text for fact in made[rule.clause.id])


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load()


@pytest.mark.shared
def test_every_character_of_every_guide_is_accounted_for(kb: KnowledgeBase, shared: Path) -> None:
    found, problems = accounts(kb, shared / "guides")
    assert [str(problem) for problem in problems] == []
    assert [a.size(GAP) for a in found] == [0] * len(kb.guides)
    for a in found:
        kinds = sum(a.size(kind) for kind in (QUOTED, HEADING, EXCLUDED))
        assert kinds == len(a.origins) == len(squeeze(a.text))


@pytest.mark.shared
def test_the_command_says_so_and_writes_a_page_per_guide(
    kb: KnowledgeBase, shared: Path, tmp_path: Path
) -> None:
    arguments = ["kb", "coverage", "--guides", str(shared / "guides"), "--html", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert {page.stem for page in tmp_path.glob("*.html")} == {"index", *kb.guides}


@pytest.mark.shared
@pytest.mark.parametrize("guide", ["fujian", "guangdong", "hubei", "jiangmen", "meizhou"])
def test_a_word_changed_in_any_clause_is_noticed(
    guide: str, kb: KnowledgeBase, shared: Path, tmp_path: Path
) -> None:
    """A number, a modality or any other character, in clauses picked at random."""
    rng = random.Random(20)
    text = (shared / "guides" / f"{guide}.txt").read_text(encoding="utf-8")
    folder = tmp_path / "knowledge" / "guides" / guide
    shutil.copytree(ROOT / "guides" / guide, folder)
    shutil.copy(ROOT / "catalog.yml", tmp_path / "knowledge")
    for path in rng.sample(sorted(folder.glob("[!_]*.yml")), 6):
        kept = path.read_text(encoding="utf-8")
        data = yaml.safe_load(kept)
        bodies = [section for section in data.get("text", {}).values() if section.get("body")]
        section = rng.choice(bodies) if bodies else {}
        section["body"] = altered(section.get("body", ""))
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        problems = account(read(tmp_path / "knowledge").guide(guide), text).problems
        told = [p for p in problems if p.file == f"{guide}/{path.name}" and p.key == "text"]
        assert told or not bodies, f"{path.name}: {section}"
        path.write_text(kept, encoding="utf-8")


def altered(body: str | list[str]) -> str | list[str]:
    """Return a clause with another number, another modality, or another word."""
    if isinstance(body, list):
        return [*body[:-1], altered(body[-1])]
    if figure := re.search("[1-9]", body):
        return body.replace(figure[0], str(int(figure[0]) % 9 + 1), 1)
    if "可要求" in body:
        return body.replace("可要求", "应要求", 1)
    return f"另{body[1:]}"
