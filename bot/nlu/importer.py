"""Rasa's file importer, which hands marked facts to the project's own component alone."""

from __future__ import annotations

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.training_data import TrainingData

FACTS = "facts"
"""Where a message of the training data holds its marked facts."""


class UtteranceImporter(RasaFileImporter):
    """Reads the training utterances (named in ``config.yml``).

    To Rasa a marked fact is an entity, which no extractor of the pipeline learns, with a synonym
    that none maps: it would warn of both, and of each fact that is marked but once.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the utterances, with what is marked in them under :data:`FACTS`."""
        data = super().get_nlu_data(language)
        for message in data.training_examples:
            if ENTITIES in message.data:
                message.set(FACTS, message.data.pop(ENTITIES))
        return TrainingData(data.training_examples)


__all__ = ["FACTS", "UtteranceImporter"]
