"""Two models on the same fixed tests: figures side by side, and what turned right and wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.evaluation.comparison import Change, Changes, changes
from bot.evaluation.labels import labels
from bot.evaluation.predict import Prediction
from bot.evaluation.rows import Row
from bot.evaluation.score import Figure, Pair, figures, without_remark
from bot.learning.runs.gate import MAIN, p_worse, worse_families, worse_measures
from bot.learning.runs.words import words

Case = Mapping[str, Any]
"""``{"faults", "transcript"}`` of a conversation or a question."""


def compared_questions(
    rows: Sequence[Row], live: Sequence[Prediction], new: Sequence[Prediction]
) -> dict[str, Any]:
    """Return the part ``questions`` of ``result.json``; readings are in the order of the rows."""
    before, after = list(zip(rows, live)), list(zip(rows, new))
    found = changes(after, {one.text: one for one in live})
    return {
        "n": len(rows), "measures": _measures(before, after, found),
        "families": _families(before, after, found["family"]),
        "right": _turned({name: found[name].right for name in MAIN if name in found}),
        "wrong": _turned({name: found[name].wrong for name in MAIN if name in found}),
    }


def _measures(
    before: Sequence[Pair], after: Sequence[Pair], found: Mapping[str, Changes]
) -> list[dict[str, Any]]:
    was, now = figures(before), figures(after)
    worse = worse_measures({name: _counts(change) for name, change in found.items()})
    return [{"name": name, "label": label, "main": name in MAIN,
             **_side_by_side(was[name], now[name], _counts(found[name])), "worse": name in worse}
            for name, label in labels()["measures"].items() if name in was and name in now]


def _families(
    before: Sequence[Pair], after: Sequence[Pair], found: Changes
) -> list[dict[str, Any]]:
    was, now = _by_family(before), _by_family(after)
    turned = {name: (_of(name, found.right), _of(name, found.wrong)) for name in was}
    worse = worse_families(turned)
    return [{"family": name, "n": was[name].n,
             **_side_by_side(was[name], now[name], turned[name]), "worse": name in worse}
            for name in sorted(was, key=lambda name: -was[name].n)]


def _by_family(pairs: Iterable[Pair]) -> dict[str, Figure]:
    grouped: dict[str, list[Pair]] = defaultdict(list)
    for row, ours in pairs:
        if row.family:
            grouped[without_remark(row.family)].append((row, ours))
    return {name: figures(found)["family"] for name, found in grouped.items()}


def _of(family: str, turned: Iterable[Change]) -> int:
    return sum(without_remark(one.row.family) == family for one in turned)


def _counts(change: Changes) -> tuple[int, int]:
    return len(change.right), len(change.wrong)


def _side_by_side(live: Figure, new: Figure, turned: tuple[int, int]) -> dict[str, Any]:
    return {"live": shown(live), "new": shown(new), "became_right": turned[0],
            "became_wrong": turned[1], "p": round(p_worse(*turned), 4)}


def shown(figure: Figure) -> dict[str, Any]:
    """Return a figure as JSON: counts, share, and the 95 % interval of the share."""
    low, high = figure.interval
    return {"right": figure.right, "n": figure.n, "value": round(figure.value, 4),
            "low": round(low, 4), "high": round(high, 4)}


def _turned(found: Mapping[str, Sequence[Change]]) -> list[dict[str, Any]]:
    """Return each question once, with the first of the measures on which it changed."""
    first: dict[str, dict[str, Any]] = {}
    for name, turned in found.items():
        for change in turned:
            told = first.setdefault(change.row.text, {
                "text": change.row.text, "measure": "", "wanted": _wanted(name, change.row),
                "live": _said(name, change.before), "new": _said(name, change.after)})
            told["measure"] = words()["and"].join(
                filter(None, (told["measure"], words()["measures"][name])))
    return list(first.values())


def _wanted(name: str, row: Row) -> str:
    one_of = {"family": (row.family, *row.alt_families), "item": (row.item, *row.alt_items),
              "facet": row.facets}
    if name in one_of:
        return words()["or"].join(dict.fromkeys(filter(None, one_of[name]))) or _nothing()
    return _scope(row.scope)


def _said(name: str, made: Prediction) -> str:
    one_of = {"family": (made.family,), "item": (made.item,), "facet": made.facets}
    if name in one_of:
        return words()["and"].join(filter(None, one_of[name])) or _nothing()
    return _scope(made.scope)


def _scope(scope: str | None) -> str:
    return labels()["why"]["scopes"].get(scope, _nothing())


def _nothing() -> str:
    return labels()["nothing"]


def compared_cases(
    told: Sequence[Mapping[str, Any]], live: Sequence[Case], new: Sequence[Case]
) -> dict[str, Any]:
    """Return the part ``conversations`` or ``facts`` of ``result.json``.

    Args:
        told: what names each case there (``id``, ``title`` or ``ask``).
        live, new: what the models made of them, in the same order.
    """
    right = [sum(not case["faults"] for case in side) for side in (live, new)]
    both = list(zip(told, live, new))
    return {
        "n": len(told), "live": shown(Figure(right[0], len(told))),
        "new": shown(Figure(right[1], len(told))),
        "broken": [{**name, **after} for name, before, after in both
                   if after["faults"] and not before["faults"]],
        "mended": [{**name, "faults": before["faults"], "transcript": after["transcript"]}
                   for name, before, after in both if before["faults"] and not after["faults"]],
    }


def title_of(card: Mapping[str, Any]) -> dict[str, str]:
    """Return what names a conversation: ``{"id", "title"}``."""
    return {"id": card["id"], "title": words()["card_title"].format(**card)}


__all__ = ["compared_cases", "compared_questions", "shown", "title_of"]
