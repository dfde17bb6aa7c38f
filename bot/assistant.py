"""The bot as a function: a conversation's state and a message in, new state and replies out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot import local_actions
from bot.errors import BadInput
from bot.privacy import mask
from bot.tracker_store import State, TurnTrackerStore
from bot.understanding import Understanding
from bot.wording import say
from knowledge.search import index_of
from knowledge.store import load

_WARM_UP = (
    "我妈跟我住东莞，医保在梅州，怎么备案", "没迁", "门诊费用报销要带什么", "养老金怎么领", "你好")


@dataclass(frozen=True)
class Answered:
    """What the bot made of a message.

    Attributes:
        state: the conversation's new state.
        replies: ``{"text", "custom"}`` each, in order.
        reading: :meth:`bot.understanding.Understanding.as_dict` of the message.
    """

    state: State
    replies: Sequence[Mapping[str, Any]]
    reading: Mapping[str, Any] | None


class Assistant:
    """A trained model, and the turns it takes.

    Args:
        model: path of the trained model.
    """

    def __init__(self, model: Path) -> None:
        self.model = model
        self.agent: Agent | None = None
        self._trackers = TurnTrackerStore(Domain.empty())

    @property
    def version(self) -> str:
        """The fingerprint of the model."""
        return self.model.name.removeprefix("yibao-").removesuffix(".tar.gz")

    def load(self) -> None:
        """Load the model; takes some seconds.

        Raises:
            FileNotFoundError: there is no such model (Rasa would take another without a word).
        """
        if not self.model.is_file():
            raise FileNotFoundError(self.model)
        local_actions.install()
        self.agent = Agent.load(
            self.model, tracker_store=self._trackers, lock_store=InMemoryLockStore(),
            action_endpoint=EndpointConfig("local"))

    async def warm_up(self) -> None:
        """Play a conversation that is forgotten again, so that no citizen pays for the first."""
        conversation, state = f"warm-up-{secrets.token_hex(8)}", None
        for text in _WARM_UP:
            state = (await self.answer(conversation, mask(text).text, state)).state
        index_of(load()).find(_WARM_UP[0])

    async def answer(self, conversation: str, text: str, state: State | None) -> Answered:
        """Return what the bot makes of a message. Who calls keeps a conversation's turns apart.

        Args:
            conversation: its id.
            text: the message, masked, or a press of buttons.
            state: of the conversation; None for a new one.

        Raises:
            BadInput: the model is not loaded yet.
        """
        if self.agent is None:
            raise BadInput(say("starting"), status=503)
        replies = _WholeReplies()
        self._trackers.begin(conversation, state)
        try:
            await self.agent.handle_message(UserMessage(text, replies, conversation))
        finally:
            after, reading = self._trackers.end(conversation)
        return Answered(after or {"slots": {}, "loop": None}, replies.messages, reading)

    async def read(self, text: str) -> Understanding:
        """Return the reading of a masked message; no conversation knows of it.

        Raises:
            BadInput: the model is not loaded yet.
        """
        if self.agent is None:
            raise BadInput(say("starting"), status=503)
        parsed = await self.agent.parse_message(text)
        return Understanding.from_dict(parsed["understanding"])


class _WholeReplies(CollectingOutputChannel):
    """Collects the replies of a turn; text and card of a reply stay one message."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a reply as it is (Rasa would split it in two)."""
        self.messages.append({key: message[key] for key in ("text", "custom") if message.get(key)})


__all__ = ["Answered", "Assistant"]
