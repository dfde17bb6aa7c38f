"""Our reading of a question in the labels of an evaluation, by the model the bot runs on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.evaluation.labels import outside_label
from bot.nlu.normalise import normalise
from bot.rasa_environment import prepare
from bot.running import trained_model
from bot.understanding import OUTSIDE, Understanding
from knowledge import regions
from knowledge.places import find_places
from knowledge.store import load

IN_SCOPE, PARTLY, OUT_OF_SCOPE, UNCLEAR = "in_scope", "partly", "out_of_scope", "unclear"
INSURED, NOT_INSURED = "insured_place", "not_insured_place"
_UNTOLD_CATEGORY = "医保其他"
"""Among the choices, the category of 范围外 that citizens with a 医保 question most often mean."""

_MAX_CHOICES, LIKELY = 3, 0.2


@dataclass(frozen=True)
class Prediction:
    """What we take a question to be; the fields are those of a predictions file.

    ``family`` is the likeliest one, also where the person would be asked (scope unclear);
    ``item`` the family's label where the question does not decide it. ``facets`` are those that the
    answer leads with, then the likeliest others. ``scope`` is one of in_scope, partly,
    out_of_scope, unclear.
    ``region`` is a province, '' without a place; ``region_in_kb`` is None unless the place of
    insurance is known. ``choices`` are the likeliest families, best first.
    """

    text: str
    intent: str
    confidence: float
    family: str
    item: str
    facets: tuple[str, ...]
    scope: str
    missing_topic: str
    region: str
    region_role: str | None
    region_in_kb: bool | None
    choices: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the prediction as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Prediction:
        """Return the prediction that :meth:`as_dict` told; further keys are ignored.

        Raises:
            KeyError: something of it is missing.
        """
        known = {f.name: told[f.name] for f in fields(cls)}
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in known.items()})


def predict(texts: Sequence[str], model: Path | None = None) -> list[Prediction]:
    """Return our reading of each text, as the first message of a conversation.

    Args:
        texts: what citizens wrote.
        model: a trained model; None for the present one, which is trained where it is missing.

    Raises:
        SetupError: there is no model and it could not be trained.
    """
    readings = _readings(texts, model or trained_model())
    return [prediction(text, reading) for text, reading in zip(texts, readings, strict=True)]


def _readings(texts: Sequence[str], model: Path) -> list[Understanding]:
    prepare()
    from rasa.core.agent import Agent

    agent = Agent.load(model)

    async def read_all() -> list[Understanding]:
        return [await reading_of(agent, text) for text in texts]

    return asyncio.run(read_all())


async def reading_of(agent: Any, text: str) -> Understanding:
    """Return the reading of what a channel lets through; it refuses what is no question.

    Args:
        agent: Rasa's, with a model.
        text: what a citizen wrote.
    """
    from connectors.intake import text_from

    try:
        parsed = await agent.parse_message(text_from(text))
    except BadInput:
        return Understanding(text)
    return Understanding.from_dict(parsed["understanding"])


def prediction(text: str, reading: Understanding) -> Prediction:
    """Return a reading in the labels of an evaluation."""
    scope, place = _scope(reading), _place(reading)
    choices = tuple(dict.fromkeys(_families(reading)))[:_MAX_CHOICES]
    return Prediction(
        text=text,
        intent=reading.intent,
        confidence=round(reading.confidence, 4),
        family=_likeliest(reading, scope, choices),
        item=_item(reading) if scope in (IN_SCOPE, PARTLY) else "",
        facets=reading.likely_facets,
        scope=scope,
        missing_topic=reading.topic,
        region=regions.short_name(place.province) if place else "",
        region_role=_role(reading) if place else None,
        region_in_kb=_in_kb(reading),
        choices=choices,
    )


def _likeliest(reading: Understanding, scope: str, choices: tuple[str, ...]) -> str:
    """Return the family's label; of what would only be offered, where it is likely at all."""
    offered = load().by_intent
    likely = any(p >= LIKELY for intent, p in reading.ranking
                 if intent in offered and offered[intent].label in choices[:1])
    return choices[0] if choices and (scope != UNCLEAR or likely) else ""


def _scope(reading: Understanding) -> str:
    """Tell what the first reply is: a referral, a question back, "no guide has it", an answer."""
    if reading.intent == OUTSIDE and not reading.item_named:
        return OUT_OF_SCOPE
    if not reading.family:
        return UNCLEAR
    return PARTLY if reading.topic or _in_kb(reading) is False else IN_SCOPE


def _families(reading: Understanding) -> Iterator[str]:
    """Yield the labels of the families, likeliest first, an item named before all others."""
    families = load().by_intent
    if reading.family:
        yield load().family(reading.family).label
    for intent, _ in reading.ranking:
        if intent == OUTSIDE:
            yield outside_label(reading.category or _UNTOLD_CATEGORY)
        elif intent in families:
            yield families[intent].label


def _item(reading: Understanding) -> str:
    """Return the label of the likeliest item; of the family where the item is left open."""
    family = load().family(reading.family)
    wholes = [item.id for item in family.items if not item.under]
    only = wholes[0] if len(wholes) == 1 else ""
    item = reading.item or only
    return load().whole(item).label if item else family.label


def _place(reading: Understanding) -> regions.Place | None:
    """Return the place the message is about: of insurance, else the first that it names."""
    names = reading.insured["readings"] if reading.insured else [p["name"] for p in reading.places]
    found = (_first_place(normalise(name)) for name in names)
    return next(filter(None, found), None)


def _first_place(name: str) -> regions.Place | None:
    """Return what a name stands for: 福州; the city of a hospital too (北京协和)."""
    within = (mention.place for mention in find_places(name))
    named = (regions.resolve(name), *within)
    return next((place.places[0] for place in named if place.places), None)


def _role(reading: Understanding) -> str:
    return INSURED if reading.insured else NOT_INSURED


def _in_kb(reading: Understanding) -> bool | None:
    if not reading.insured or reading.insured["ambiguous"]:
        return None
    return bool(reading.insured["guide"])


__all__ = ["Prediction", "predict", "prediction", "reading_of"]
