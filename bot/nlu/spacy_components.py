"""Rasa's spaCy components over the project's own pipeline."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.extractors.spacy_entity_extractor import SpacyEntityExtractor
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.spacy_pipeline import build
from bot.nlu.terms import terms_of
from knowledge.store import load

_KINDS = DefaultV1Recipe.ComponentType
# Rasa makes two nodes of a loader, each with a resource of its own; the pipeline is one.
_PIPELINE = Resource("knowledge_pipeline")


# Rasa hands a model from its loader to those who need it by the name of the loader's class.
@DefaultV1Recipe.register(
    [_KINDS.MODEL_LOADER, _KINDS.MESSAGE_FEATURIZER], is_trainable=False,
    model_from="KnowledgeNLP",
)
class KnowledgeNLP(SpacyNLP):
    """Rasa's ``SpacyNLP`` whose pipeline is made in training and lies in the model.

    ``SpacyNLP`` itself names a package that has to be installed where the model is loaded.
    """

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeNLP:
        """Build the pipeline from the knowledge base and store it (called by Rasa in training)."""
        with model_storage.write_to(_PIPELINE) as folder:
            build(terms_of(load())).to_disk(folder)
            return cls(_loaded(str(folder)), config)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **kwargs: Any,
    ) -> KnowledgeNLP:
        """Return the component with the stored pipeline (called by Rasa)."""
        with model_storage.read_from(_PIPELINE) as folder:
            return cls(_loaded(str(folder)), config)

    def process_training_data(
        self, training_data: TrainingData, model: SpacyModel
    ) -> TrainingData:
        """Leave the utterances as they are: nothing learns from documents, and they fill memory."""
        return training_data

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Leave the writing of messages as it is: tokens bear a norm of their own."""
        return {"case_sensitive": True}


@lru_cache(maxsize=1)
def _loaded(folder: str) -> SpacyModel:
    """Load a pipeline once for both nodes; Rasa unpacks each model into another folder."""
    return SpacyNLP.load_model(folder)


@DefaultV1Recipe.register(_KINDS.ENTITY_EXTRACTOR, is_trainable=False)
class TermExtractor(SpacyEntityExtractor):
    """Rasa's ``SpacyEntityExtractor``, on the document that is there already, with ids.

    ``value`` is what was written, ``id`` what it stands for: a canonical item, ``fact=option``,
    the name of a material, channel or place; '' for what only the pretrained pipeline sees.
    """

    def process(self, messages: list[Message]) -> list[Message]:
        """Enter the entities of each message."""
        for message in messages:
            doc = message.get(SPACY_DOCS[TEXT])
            spans = doc.ents if doc else ()
            entities = [{**entity, "id": span.ent_id_}
                        for entity, span in zip(self._extract_entities(doc) if doc else (), spans)]
            message.set(ENTITIES, self.add_extractor_name(entities), add_to_output=True)
        return messages


__all__ = ["KnowledgeNLP", "TermExtractor"]
