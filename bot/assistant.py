"""The bot as a function: a conversation's state and a message in, new state and replies out."""

from __future__ import annotations

import asyncio
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
from bot.learning.models.cards import version_of
from bot.memory import give_back
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
        model_version: of the model that read it.
    """

    state: State
    replies: Sequence[Mapping[str, Any]]
    reading: Mapping[str, Any] | None
    model_version: str


class _Loaded:
    """A model in memory with the trackers of its turns; nothing of it outlives it.

    Args:
        model: path of the trained model.

    Raises:
        FileNotFoundError: there is no such model (Rasa would take another without a word).
    """

    def __init__(self, model: Path) -> None:
        if not model.is_file():
            raise FileNotFoundError(model)
        self.version = version_of(model)
        self._trackers = TurnTrackerStore(Domain.empty())
        self.agent = Agent.load(
            model, tracker_store=self._trackers, lock_store=InMemoryLockStore(),
            action_endpoint=EndpointConfig("local"))

    async def answer(self, conversation: str, text: str, state: State | None) -> Answered:
        replies = _WholeReplies()
        self._trackers.begin(conversation, state)
        try:
            await self.agent.handle_message(UserMessage(text, replies, conversation))
        finally:
            after, reading = self._trackers.end(conversation)
        return Answered(
            after or {"slots": {}, "loop": None}, replies.messages, reading, self.version)

    async def warm_up(self) -> None:
        """Play a conversation that is forgotten again, so that no citizen pays for the first."""
        conversation, state = f"warm-up-{secrets.token_hex(8)}", None
        for text in _WARM_UP:
            state = (await self.answer(conversation, mask(text).text, state)).state
        index_of(load()).find(_WARM_UP[0])


class Assistant:
    """A trained model, and the turns it takes; another model can take its place at any time.

    Args:
        model: path of the trained model.
    """

    def __init__(self, model: Path) -> None:
        self.model = model
        self._loaded: _Loaded | None = None

    @property
    def agent(self) -> Agent | None:
        """Rasa's agent; None before the model is loaded."""
        return self._loaded.agent if self._loaded else None

    @property
    def version(self) -> str:
        """The version of the model."""
        return version_of(self.model)

    def load(self) -> None:
        """Load the model; takes some seconds.

        Raises:
            FileNotFoundError: there is no such model.
        """
        local_actions.install()
        self._loaded = _Loaded(self.model)

    async def warm_up(self) -> None:
        """Play a conversation that is forgotten again, so that no citizen pays for the first.

        Raises:
            BadInput: the model is not loaded yet.
        """
        await self._ready().warm_up()

    async def swap(self, model: Path) -> None:
        """Put another model in the place of this one, between two turns.

        It is loaded and warmed up beside the present one, which answers meanwhile. A turn keeps
        the model it began with; where the new one fails, everything stays as it is.

        Raises:
            Exception: whatever kept the model from being loaded, or from answering.
        """
        loaded = await asyncio.to_thread(_Loaded, model)
        await loaded.warm_up()
        self.model, self._loaded = model, loaded
        await asyncio.to_thread(give_back)

    async def answer(self, conversation: str, text: str, state: State | None) -> Answered:
        """Return what the bot makes of a message. Who calls keeps a conversation's turns apart.

        Args:
            conversation: its id.
            text: the message, masked, or a press of buttons.
            state: of the conversation; None for a new one.

        Raises:
            BadInput: the model is not loaded yet.
        """
        return await self._ready().answer(conversation, text, state)

    async def read(self, text: str) -> Understanding:
        """Return the reading of a masked message; no conversation knows of it.

        Raises:
            BadInput: the model is not loaded yet.
        """
        parsed = await self._ready().agent.parse_message(text)
        return Understanding.from_dict(parsed["understanding"])

    def _ready(self) -> _Loaded:
        if self._loaded is None:
            raise BadInput(say("starting"), status=503)
        return self._loaded


class _WholeReplies(CollectingOutputChannel):
    """Collects the replies of a turn; text and card of a reply stay one message."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a reply as it is (Rasa would split it in two)."""
        self.messages.append({key: message[key] for key in ("text", "custom") if message.get(key)})


__all__ = ["Answered", "Assistant"]
