"""The project's NLU as one Rasa component: heads, places, facts, all in the parse data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.messages import CHOICE_PREFIX
from bot.nlu import heads
from bot.nlu.examples import labelled
from bot.nlu.normalise import normalise
from bot.people import without_others
from bot.understanding import Understanding, pressed, understand

INTENT_RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ServiceUnderstanding(GraphComponent):
    """Reads a message into an :class:`bot.understanding.Understanding`.

    Trained on the utterances with their block metadata (item, facets, missing_topic, category).
    The reading is put into the parse data under ``understanding``; intent and ranking as usual.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, trained: Any = None) -> None:
        self._storage, self._resource, self._heads = storage, resource, trained

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext,
    ) -> ServiceUnderstanding:
        """Return an untrained component (called by Rasa)."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **kwargs: Any,
    ) -> ServiceUnderstanding:
        """Return the component as it was trained (called by Rasa)."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, heads.Heads.load(Path(folder)))

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages that have to be installed."""
        return ["sklearn", "opencc"]

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the heads and store them."""
        self._heads = heads.train([_example(m) for m in training_data.intent_examples])
        with self._storage.write_to(self._resource) as folder:
            self._heads.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and reading of each message."""
        for message in messages:
            _enter(message, self.read(message.get(TEXT) or ""))
        return messages

    def read(self, text: str) -> Understanding:
        """Return the reading of a text."""
        if text.startswith(CHOICE_PREFIX):
            return pressed(text)
        return understand(text, self._heads.predict(without_others(normalise(text))))


def _example(message: Message) -> heads.Example:
    metadata = (message.get("metadata") or {}).get("intent") or {}
    return labelled(message.get(TEXT), message.get(INTENT), metadata)


def _enter(message: Message, reading: Understanding) -> None:
    ranking = reading.ranking or ((reading.intent, reading.confidence),)
    ranked = [{"name": name, "confidence": score} for name, score in ranking]
    message.set(INTENT, ranked[0], add_to_output=True)
    message.set(INTENT_RANKING, ranked, add_to_output=True)
    message.set("understanding", reading.as_dict(), add_to_output=True)


__all__ = ["ServiceUnderstanding"]
