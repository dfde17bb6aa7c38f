"""The pages of docs/ that are made from the knowledge are those of today's knowledge."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.flow_words import flow_in_words
from bot.kb_reports.flows import diagram, pages
from bot.kb_reports.paths import table
from bot.paths import PROJECT
from knowledge.store import load

DOCS = PROJECT / "docs"
PAGES = dict(pages(load()))
MOST_EDGES, MOST_CHARACTERS = 500, 50_000
"""What GitHub's Mermaid draws; beyond that it shows an error instead."""


def test_the_figures_in_the_docs_are_current():
    assert (DOCS / "paths.md").read_text("utf-8") == table(load()), (
        "run make docs (yibao kb paths --write docs/paths.md)")


@pytest.mark.parametrize("name", PAGES)
def test_the_diagrams_in_the_docs_are_current(name):
    assert (DOCS / "flows" / name).read_text("utf-8") == PAGES[name], (
        "run make docs (yibao kb flows --write docs/flows)")


def test_there_is_no_diagram_of_what_is_gone():
    assert {path.name for path in (DOCS / "flows").iterdir()} == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_diagram_is_one_that_can_be_drawn(name):
    drawings = re.findall("```mermaid\n(.*?)\n```", PAGES[name], re.S)
    assert drawings
    for drawing in drawings:
        first, *lines = drawing.split("\n")
        assert first == "flowchart LR" and len(drawing) < MOST_CHARACTERS
        boxes = [m[1] for m in map(BOX.fullmatch, lines) if m]
        edges = [m.groups() for m in map(EDGE.fullmatch, lines) if m]
        assert len(boxes) + len(edges) == len(lines) - 1 and len(edges) < MOST_EDGES
        assert len(boxes) == len(set(boxes))
        assert {name for edge in edges for name in edge} | {"n1"} == set(boxes)


BOX = re.compile(r'  (n\d+)(?:\["[^"]+"\]|\{\{"[^"]+"\}\})(?::::none)?')
EDGE = re.compile(r'  (n\d+) (?:-\.->|-->\|"[^"]+"\|) (n\d+)')


def test_equal_parts_are_drawn_once():
    drawing = diagram(flow_in_words(load(), "meizhou", "remote_filing"))
    assert drawing.count('["适用：异地长期居住人员备案"]') == 1
    assert drawing.count("另需：《个人承诺书》") == 1


def test_both_are_printed_where_no_file_is_named(tmp_path):
    printed = CliRunner().invoke(app, ["kb", "paths"]).output
    assert "| 梅州市 | 153 | 48 | 4 | 4 |" in printed
    result = CliRunner().invoke(app, ["kb", "flows", "--write", str(tmp_path)])
    assert result.exit_code == 0 and len(list(tmp_path.iterdir())) == len(PAGES)
