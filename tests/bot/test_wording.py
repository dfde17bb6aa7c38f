"""Every sentence the code asks for exists, and every sentence that exists is used."""

from __future__ import annotations

import re

from bot.paths import PROJECT
from bot.wording import wording

ASKED = re.compile(r"""\bsay\(\s*["'](\w+)["']|wording\(\)\[["'](\w+)["']\]""")
CODE = "\n".join(path.read_text("utf-8") for folder in ("bot", "connectors")
                 for path in sorted((PROJECT / folder).rglob("*.py")))


def test_every_sentence_that_is_asked_for_exists():
    asked = {name for match in ASKED.findall(CODE) for name in match if name}
    assert asked
    assert asked - set(wording()) == set()


def test_every_sentence_is_used():
    assert {key for key in wording() if not re.search(f"[\"']{key}[\"']", CODE)} == set()
