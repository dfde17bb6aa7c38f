"""Random faults in the real data are noticed: each test breaks items of all guides, one by one.

What is noticed is what makes ``kb check`` or ``kb lint`` fail: a problem that was not there, a
contradiction that nobody has explained, an explanation of one that is gone. Faults within quoted
words show against the guide's full text only: these are tried by ``make check-shared``.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.errors import DataError
from knowledge.lint import lint
from knowledge.store import ROOT, load, read
from knowledge.verify import check_references

pytestmark = pytest.mark.usefixtures("parsed_once")

SEED, PER_KIND = 20, 8
PROVINCE = {"meizhou": "guangdong", "jiangmen": "guangdong"}
"""The guide that a city's guide is compared with, read along with it."""

Data = dict[str, Any]
Fault = Callable[[Data, random.Random], bool]


def lines_of(data: Data, *kinds: str) -> list[Data]:
    """Return the structured lines of an item, of some kinds or of all."""
    lines = data.get("lines", {})
    return [line for kind in lines if not kinds or kind in kinds for line in lines[kind]]


def one_of(rng: random.Random, lines: list[Data]) -> Data:
    return rng.choice(lines) if lines else {}


def another_figure(data: Data, rng: random.Random) -> bool:
    figures = [(line["deadline"], "amount") for line in lines_of(data) if "deadline" in line]
    forms = [line.get("form", {}) for line in lines_of(data)]
    figures += [(form, "copies") for form in forms if "copies" in form]
    figures += [(data, key) for key in ("number", "code") if str(data.get(key, "")).isdigit()]
    figures += [(o["phones"], 0) for o in data.get("offices", ())]
    figures += [(c, "phone") for c in data.get("contacts", ())]
    if not figures:
        return False
    holder, key = rng.choice(figures)
    value = str(holder[key])
    changed = value[:-1] + str((int(value[-1]) + 1) % 10)
    holder[key] = changed if isinstance(holder[key], str) else int(changed) or 9
    return True


def swapped_modality(data: Data, rng: random.Random) -> bool:
    line = one_of(rng, lines_of(data, "materials"))
    if line:
        may = line.get("modality") == "may_be_required"
        line["modality"] = "required" if may else "may_be_required"
    return bool(line)


def dropped_condition(data: Data, rng: random.Random) -> bool:
    line = one_of(rng, [line for line in lines_of(data) if "when" in line])
    return line.pop("when", None) is not None


def dropped_routing(data: Data, rng: random.Random) -> bool:
    """The condition that leads to an item among those of its family."""
    return (data.get("applies") or {}).pop("when", None) is not None


def dropped_case(data: Data, rng: random.Random) -> bool:
    """The condition with the guide's own words for it, as if the line held for everybody."""
    line = one_of(rng, [line for line in lines_of(data) if "when" in line and "when_text" in line])
    line.pop("when_text", None)
    return line.pop("when", None) is not None


def neighbours_clause(data: Data, rng: random.Random) -> bool:
    """A line that cites the clause beside its own."""
    line = one_of(rng, lines_of(data, "materials", "deadlines"))
    kind = line.get("clause", "").split(".")[0]
    body = data.get("text", {}).get(kind, {}).get("body", ())
    if isinstance(body, str) or len(body) < 2:
        return False
    at = int(line["clause"].split(".")[1])
    line["clause"] = f"{kind}.{at - 1 if at > 1 else at + 1}"
    return True


def neighbours_item(data: Data, rng: random.Random) -> bool:
    """A line that cites a clause of another item's file."""
    line = one_of(rng, lines_of(data))
    if line:
        line["clause"] = f"posted_worker_filing/{line['clause']}"
    return bool(line)


def removed_line(data: Data, rng: random.Random) -> bool:
    kinds = [k for k in ("materials", "deadlines") if data.get("lines", {}).get(k)]
    if not kinds:
        return False
    lines = data["lines"][rng.choice(kinds)]
    lines.remove(rng.choice(lines))
    return True


def wrong_region(data: Data, rng: random.Random) -> bool:
    """Another place for the guide itself, for a counter or for a hotline."""
    places = [(data, "region"), (data, "code")] if "sha256" in data else []
    places += [(o, "code") for o in (*data.get("offices", ()), *data.get("contacts", ()))
               if o.get("code", data.get("code")) != data.get("code")]
    if not places:
        return False
    holder, key = rng.choice(places)
    holder[key] = rng.choice(["湖南省", "深圳市"]) if key == "region" else "430100"
    return True


def another_option(data: Data, rng: random.Random) -> bool:
    """A condition on another option of the same fact."""
    line = one_of(rng, [line for line in lines_of(data) if "eq" in (line.get("when") or {})])
    if line:
        name, value = line["when"]["eq"]
        others = [o.value for o in load().facts[name].options if o.value != value]
        line["when"] = {"eq": [name, rng.choice(others)]}
    return bool(line)


def lost_effect(data: Data, rng: random.Random) -> bool:
    """A line that should stand in place of others is added to them."""
    line = one_of(rng, [line for line in lines_of(data) if "effect" in line])
    line.pop("target", None)
    return line.pop("effect", None) is not None


FAULTS = {
    "another figure": another_figure,
    "a swapped modality": swapped_modality,
    "a condition dropped": dropped_condition,
    "a condition dropped with its words": dropped_case,
    "the condition of an item dropped": dropped_routing,
    "the clause beside the right one": neighbours_clause,
    "a clause of another item": neighbours_item,
    "a line removed": removed_line,
    "a wrong region": wrong_region,
}

PARTLY = {"another option": another_option, "an effect lost": lost_effect}
"""Faults that the words alone cannot always give away."""


@lru_cache(maxsize=1)
def originals() -> dict[str, Data]:
    """Every file of every guide by its path."""
    return {path.relative_to(ROOT).as_posix(): yaml.safe_load(path.read_text(encoding="utf-8"))
            for path in sorted(ROOT.glob("guides/*/*.yml"))}


def broken(fault: Fault) -> Iterator[tuple[str, Data]]:
    """Yield faulty files, on items picked at random over all guides."""
    rng = random.Random(SEED)
    paths = sorted(originals())
    rng.shuffle(paths)
    made = 0
    for path in paths:
        data = deepcopy(originals()[path])
        if made < PER_KIND and fault(data, rng):
            made += 1
            yield path, data


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives a copy of the data with one guide only (and its province's), made once."""
    folder = tmp_path_factory.mktemp("guides")

    def copy(guide: str) -> Path:
        root = folder / guide
        if not root.exists():
            others = shutil.ignore_patterns("guides", "*.py", "__pycache__")
            shutil.copytree(ROOT, root, ignore=others)
            for name in filter(None, (guide, PROVINCE.get(guide))):
                shutil.copytree(ROOT / "guides" / name, root / "guides" / name)
        return root

    return copy


def problems(root: Path) -> set[str]:
    """What ``kb check`` says about a copy of the data."""
    try:
        return {str(problem) for problem in check_references(read(root))}
    except DataError as error:
        return {str(error)}


def contradictions(root: Path) -> set[str]:
    """What ``kb lint`` finds in a copy of the data: a change makes it fail."""
    return {finding.id for finding in lint(read(root), root).findings}


def unnoticed(faults: Iterator[tuple[str, Data]], copies: Callable[[str], Path]) -> list[str]:
    missed, tried = [], 0
    for path, data in faults:
        root = copies(path.split("/")[1])
        healthy = (root / path).read_text(encoding="utf-8")
        before, found = problems(root), contradictions(root)
        (root / path).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        noticed = problems(root) - before or contradictions(root) != found
        (root / path).write_text(healthy, encoding="utf-8")
        missed += [] if noticed else [path]
        tried += 1
    print(f"{tried - len(missed)} of {tried} noticed")
    assert tried > 3, "too few places to break"
    return missed


@pytest.mark.parametrize("guide", sorted(p.parent.name for p in ROOT.glob("guides/*/guide.yml")))
def test_a_copy_without_a_fault_has_no_problem(guide: str, copies: Callable[[str], Path]) -> None:
    assert problems(copies(guide)) == set()


@pytest.mark.parametrize("name", FAULTS)
def test_it_is_noticed_wherever_it_is_made(name: str, copies: Callable[[str], Path]) -> None:
    assert unnoticed(broken(FAULTS[name]), copies) == []


@pytest.mark.parametrize("name", PARTLY)
def test_most_of_them_are_noticed(name: str, copies: Callable[[str], Path]) -> None:
    faults = list(broken(PARTLY[name]))
    assert len(unnoticed(iter(faults), copies)) <= len(faults) / 2
