"""What a comparison may come to, as a training run writes it down."""

from __future__ import annotations

from typing import Any

from bot.evaluation.score import Figure
from bot.learning.runs.compared import shown
from bot.learning.runs.gate import verdict

CARD = "职工问“门诊费用报销”"


def comparison(run: str, candidate: str, live: str, broken: bool = False) -> dict[str, Any]:
    """Return a ``result.json``: a few questions became right, and, if asked, a case broke.

    Args:
        run: its id.
        candidate, live: versions.
        broken: whether a conversation went wrong, and a family with it.
    """
    result = {
        "run": run, "candidate": candidate, "live": live, "at": "2026-11-22T08:18:00.000+00:00",
        "seconds": 180.0,
        "data": {"added": 12, "removed": 1, "examples": 12913,
                 "by_intent": [{"intent": "零星报销", "before": 900, "after": 911}]},
        "questions": _questions(broken), "conversations": _conversations(broken),
        "facts": {"n": 55, "live": _share(54, 55), "new": _share(55, 55), "broken": [],
                  "mended": [{"ask": "12393是什么电话", "faults": ["没有说：12393"],
                              "transcript": []}]},
        "logged": {"since": "2026-11-15T08:18:00.000+00:00", "n": 340, "same": 339,
                   "changed": [{"text": "户口还没迁过去能办吗", "times": 4, "live": "无意义",
                                "new": "异地备案 · 异地长期居住人员备案 · 服务对象/条件",
                                "wanted": "异地备案 · 异地长期居住人员备案 · 服务对象/条件",
                                "live_right": False, "new_right": True}],
                   "labelled": {"n": 12, "learnt": 9, "live": _share(3, 12),
                                "new": _share(11, 12)}},
        "pictures": [{"file": "measures.png", "caption": "各项指标", "alt": "新模型没有变差"}]}
    return {**result, "verdict": verdict(result)}


def _questions(broken: bool) -> dict[str, Any]:
    lost = 8 if broken else 0
    return {
        "n": 549,
        "measures": [_compared(507, 514, 549, 7, 0, name="item", label="具体事项", main=True),
                     _compared(540, 541, 549, 2, 1, name="place", label="地名", main=False)],
        "families": [{"n": 84, **_compared(81, 81 - lost, 84, 0, lost, worse=broken,
                                           family="零星报销")}],
        "right": [_turned("门诊垫的钱回来咋弄到手", "零星报销", "无意义", "零星报销")],
        "wrong": [_turned("慢病本子换一个", "门慢特认定", "门慢特认定", "参保信息变更")] if broken
        else []}


def _conversations(broken: bool) -> dict[str, Any]:
    case = {"id": "c1", "title": CARD, "faults": ["该问“是不是住院”，没有问"],
            "transcript": [{"who": "user", "text": "门诊费咋报"},
                           {"who": "bot", "text": "请问参保地是哪里？"}]}
    return {"n": 291, "live": _share(291, 291), "new": _share(290 if broken else 291, 291),
            "broken": [case] if broken else [], "mended": []}


def _compared(
    live: int, new: int, n: int, right: int, wrong: int, worse: bool = False, **named: Any
) -> dict[str, Any]:
    return {**named, "live": _share(live, n), "new": _share(new, n), "became_right": right,
            "became_wrong": wrong, "p": 1.0, "worse": worse}


def _turned(text: str, wanted: str, live: str, new: str) -> dict[str, str]:
    return {"text": text, "measure": "具体事项", "wanted": wanted, "live": live, "new": new}


def _share(right: int, n: int) -> dict[str, Any]:
    return shown(Figure(right, n))


__all__ = ["CARD", "comparison"]
