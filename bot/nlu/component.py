"""The project's NLU as one Rasa component: heads, places, facts, all in the parse data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.messages import CHOICE_PREFIX
from bot.nlu import reader
from bot.nlu.examples import Example, labelled
from bot.nlu.importer import FACTS
from bot.nlu.marks import Span
from bot.nlu.normaliser import PLAIN, Normaliser
from bot.nlu.pretrained import GPE
from bot.nlu.spacy_components import KnowledgeNLP
from bot.understanding import Understanding, pressed, with_places

INTENT_RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ServiceUnderstanding(GraphComponent):
    """Reads a message into an :class:`bot.understanding.Understanding`.

    Trained on the utterances with their block metadata (item, facets, missing_topic, category).
    The reading is put into the parse data under ``understanding``; intent and ranking as usual.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, trained: Any = None) -> None:
        self._storage, self._resource, self._reader = storage, resource, trained

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
            return cls(model_storage, resource, reader.Reader.load(Path(folder)))

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what has to stand before it in the pipeline."""
        return [Normaliser, KnowledgeNLP]

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages that have to be installed."""
        return ["sklearn"]

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the utterances and store what was learnt."""
        self._reader = reader.train([_example(m) for m in training_data.intent_examples])
        with self._storage.write_to(self._resource) as folder:
            self._reader.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and reading of each message."""
        for message in messages:
            _enter(message, self._read(message))
        return messages

    def _read(self, message: Message) -> Understanding:
        text = message.get(TEXT) or ""
        if text.startswith(CHOICE_PREFIX):
            return pressed(text)
        reading = self._reader.read(text, message.get(PLAIN))
        entities = message.get(ENTITIES, ())
        return with_places(reading, (e["value"] for e in entities if e["entity"] == GPE))


def _example(message: Message) -> Example:
    metadata = (message.get("metadata") or {}).get("intent") or {}
    facts = (Span(f["start"], f["end"], f["entity"], f["value"]) for f in message.get(FACTS, ()))
    return labelled(message.get(TEXT), message.get(INTENT), metadata, facts)


def _enter(message: Message, reading: Understanding) -> None:
    ranking = reading.ranking or ((reading.intent, reading.confidence),)
    ranked = [{"name": name, "confidence": score} for name, score in ranking]
    message.set(INTENT, ranked[0], add_to_output=True)
    message.set(INTENT_RANKING, ranked, add_to_output=True)
    message.set("understanding", reading.as_dict(), add_to_output=True)


__all__ = ["ServiceUnderstanding"]
