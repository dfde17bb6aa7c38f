"""The first step of the pipeline: one written form of each message for all that follow."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.normalise import normalise

PLAIN = "plain"
"""Where a message holds its normalised text."""


# A component may run in training and at work alike only as a tokenizer or featurizer.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Puts the normalised text of each message beside the text as it was written.

    Half width, simplified characters, no look-alike radicals, no repeated marks (see
    :mod:`bot.nlu.normalise`). The text itself stays: it is what the transcript shows and what
    offsets count in.
    """

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        """Return the component (called by Rasa)."""
        return cls()

    @staticmethod
    def required_packages() -> list[str]:
        """Name the packages that have to be installed."""
        return ["opencc"]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Enter the normalised text of each utterance."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Enter the normalised text of each message under :data:`PLAIN`."""
        for message in messages:
            message.set(PLAIN, normalise(message.get(TEXT) or ""))
        return messages


__all__ = ["PLAIN", "Normaliser"]
