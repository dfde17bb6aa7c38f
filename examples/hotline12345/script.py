"""A conversation as it is played: steps of a YAML file as items of the assistant's contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SCRIPT = Path(__file__).with_name("conversation.yml")


@dataclass(frozen=True)
class Step:
    """One thing that happens in a session: its kind and what goes with it."""

    kind: str
    value: str

    @property
    def by_citizen(self) -> bool:
        """Whether it is the citizen's message; everything else is an event."""
        return self.kind in ("citizen", "press")

    @property
    def asks(self) -> bool:
        """Whether the assistant speaks after it, if it has the conversation."""
        return self.by_citizen or self.kind == "left"


@dataclass(frozen=True)
class Script:
    """A conversation: where the citizen is insured, and what happens."""

    region: str
    steps: Sequence[Step]


def read(path: Path = SCRIPT) -> Script:
    """Return the conversation that a file holds."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    steps = [Step(kind, str(value)) for step in data["steps"] for kind, value in step.items()]
    return Script(data.get("region", ""), steps)


def content(step: Step, choices: Mapping[str, str], newest: int, agent: str) -> dict[str, Any]:
    """Return what a step says, without id and number.

    Args:
        step: of the script.
        choices: ids of the open buttons by label; a label without one is typed in words.
        newest: number of the reply that is rated.
        agent: id of the agent who is there.
    """
    value = step.value
    return {
        "citizen": {"text": value},
        "press": {"choices": [choices[value]]} if value in choices else {"text": value},
        "joined": {"type": "agent_joined", "agent": value},
        "agent": {"type": "agent_message", "agent": agent, "text": value},
        "left": {"type": "agent_left", "agent": value},
        "rated": {"type": "rated", "message_seq": newest, "rating": value},
        "closed": {"type": "closed"},
    }[step.kind]
