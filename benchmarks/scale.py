"""What 300 guides cost: loading, deciding, searching; and whether the five still answer the same.

*Loading* is what a new process does before it can decide and search: digest every file, get the
whole knowledge base into memory, build the search index. The first time after a change the files
are read and checked one by one (*first reading*); after that they come from the snapshot that
``knowledge.store.read`` keeps.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.many_guides import write_guides
from benchmarks.parts import decisions, each_ms
from benchmarks.report import Figure, spread
from bot.paths import PROJECT
from knowledge.engine import Question, decide
from knowledge.search import Index, index_of
from knowledge.store import KnowledgeBase, load, read, read_yaml

_QUERIES = PROJECT / "tests" / "knowledge" / "search_queries.yml"
_SAMPLE = 10
"""Every tenth of the altered guides is decided on and searched in."""


def scale_figures(guides: int, tell: Callable[[str], None]) -> Iterator[Figure]:
    """Yield the figures for so many guides, written to a temporary folder.

    Args:
        guides: how many.
        tell: is told of each step.
    """
    group = f"{guides} 份指南"
    with tempfile.TemporaryDirectory(prefix="yibao-scale-") as folder:
        root, snapshot = Path(folder) / "knowledge", Path(folder) / "snapshot"
        tell(f"写出 {guides} 份指南")
        write_guides(root, guides)
        tell("首次读入")
        yield Figure(group, "首次读入（逐个检查）", _loaded(root, snapshot)["read"], "秒")
        tell("装载")
        spent = _loaded(root, snapshot)
        yield Figure(group, "装载：读入", spent["read"], "秒")
        yield Figure(group, "装载：建检索", spent["index"], "秒")
        yield Figure(group, "装载合计", spent["read"] + spent["index"], "秒", at_most=5)
        yield Figure(group, "装载后内存", spent["memory_mb"], "MB")
        many = read(root, snapshot)
        yield from _turn_figures(group, many, tell)


def _turn_figures(
    group: str, many: KnowledgeBase, tell: Callable[[str], None]
) -> Iterator[Figure]:
    items = sum(len(guide.items) for guide in many.guides.values())
    clauses = sum(len(guide.clauses) for guide in many.guides.values())
    yield Figure(group, "事项", items, "个")
    yield Figure(group, "条文", clauses, "条")
    sample = [*load().guides, *list(many.guides)[::_SAMPLE]]
    tell("判定")
    paths = [path for guide in sample for path in decisions(many, guide)]
    each_ms(lambda path: decide(many, *path), paths)  # what the first decision caches
    spent = each_ms(lambda path: decide(many, *path), paths)
    yield from spread(group, "判定 decide()", spent, at_most=1)
    tell("检索")
    yield from spread(group, "检索", _search_ms(index_of(many), sample), at_most=20)
    tell("对照原来五份指南的答案")
    yield Figure(group, "原五份指南变了的答案", _changed(many), "个", at_most=0)


def _search_ms(index: Index, guides: list[str]) -> list[float]:
    """Return the milliseconds of each query, in all guides and in one after the other."""
    said = [row["say"] for row in read_yaml(_QUERIES)]
    queries = [q for say in said for q in ([say] if isinstance(say, str) else say)]
    asked = [(q, guide) for n, q in enumerate(queries) for guide in ("", guides[n % len(guides)])]
    return each_ms(lambda query: index.find(*query), asked)


def _changed(many: KnowledgeBase) -> int:
    """Return how many decisions and searches of the project's own guides come out differently."""
    own, changed = load(), 0
    for guide in own.guides:
        for path in decisions(own, guide):
            changed += _answer(own, path) != _answer(many, path)
        for item in own.guides[guide].items.values():
            found = (index_of(kb).find(item.name, guide, ("item",)) for kb in (own, many))
            first, second = ([hit.file for hit in hits[:1]] for hits in found)
            changed += first != second
    return changed


def _answer(kb: KnowledgeBase, path: tuple) -> Any:
    decision = decide(kb, *path)
    if isinstance(decision, Question):
        return decision.fact.name, [option.value for option in decision.options]
    lines = [(line.rule.text, line.rule.clause.id, line.remaining) for line in decision.lines]
    return decision.status, decision.item and decision.item.id, lines


def _loaded(root: Path, snapshot: Path) -> dict[str, float]:
    """Load in a new process; return its seconds for reading and indexing, and its memory."""
    command = (sys.executable, "-m", "benchmarks.scale", str(root), str(snapshot))
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True, text=True)
    return json.loads(run.stdout)


def _load_here(root: Path, snapshot: Path) -> dict[str, float]:
    started = time.perf_counter()
    kb = read(root, snapshot)
    read_at = time.perf_counter()
    index_of(kb)
    done, status = time.perf_counter(), Path("/proc/self/status").read_text(encoding="ascii")
    memory = next(line.split()[1] for line in status.splitlines() if "VmRSS" in line)
    return {"read": read_at - started, "index": done - read_at, "memory_mb": int(memory) / 1024}


if __name__ == "__main__":
    print(json.dumps(_load_here(Path(sys.argv[1]), Path(sys.argv[2]))))


__all__ = ["scale_figures"]
