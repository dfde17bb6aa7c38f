"""What the simulated platform prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from examples.hotline12345.script import Step

_STEPS = {
    "citizen": "市民：{}", "press": "市民按下：{}", "joined": "—— 坐席 {} 接入",
    "agent": "坐席：{}", "left": "—— 坐席 {} 离开", "rated": "—— 市民评价：{}",
    "closed": "—— 会话结束",
}
_AUTHORS = {"bot": "助手", "system": "系统", "agent": "坐席"}
_RATINGS = {"good": "满意", "bad": "不满意"}


def step(number: int, happened: Step) -> str:
    """Return the line of something that happens in the session."""
    value = _RATINGS.get(happened.value, happened.value)
    return f"\n[{number}] " + _STEPS[happened.kind].format(value)


def reply(told: Mapping[str, Any]) -> str:
    """Return what the citizen sees of a reply."""
    text = told["text"].replace("\n", "\n      ")
    labels = [choice["label"] for choice in told.get("choices", ())]
    buttons = "\n      按钮：" + " ".join(f"［{label}］" for label in labels) if labels else ""
    return f"{_AUTHORS[told['author']]}：{text}{buttons}"


def handover(told: Mapping[str, Any]) -> str:
    """Return what the agent sees of a hand-over."""
    summary = told["summary"].replace("\n", "\n      ")
    return f"   ┌ 交给坐席的说明\n      {summary}"


def work_order(told: Mapping[str, Any]) -> str:
    """Return what is filed of a work order that an agent of the assistant's desk has closed."""
    lines = [f"{told['category']} · {told['region']} · {told['item']}", *told["need"].split("\n")]
    lines += [f"已答复：{answer['text']}" for answer in told["answered"]]
    return f"   ┌ 工单 {told['number']}\n      " + "\n      ".join(lines)
