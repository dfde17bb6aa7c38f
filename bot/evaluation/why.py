"""Why a message was read as it was: what its words told, and what spoke for the likeliest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.evaluation.labels import labels
from bot.evaluation.predict import Prediction, prediction
from bot.nlu.normalise import normalise
from bot.nlu.reader import Reader, of_model
from bot.observed import cues

_MOST_REASONS, _LIKELIEST = 8, 3


def why(text: str, model: Path) -> str:
    """Return our reading of a message and the reasons for it (Chinese, plain text).

    Args:
        text: the message.
        model: a trained model.
    """
    reader = of_model(model)
    reading = reader.read(text, normalise(text))
    made = prediction(text, reading)
    told = cues(reader.observed(text, reading.plain))
    return "\n".join([
        *_judged(made), labels()["why"]["told"].format(cues="、".join(told) or "—"),
        labels()["why"]["likeliest"], *_likeliest(reader, text, reading.ranking)])


def _judged(made: Prediction) -> Iterator[str]:
    words = labels()["why"]
    yield words["read"].format(text=made.text)
    yield words["judged"].format(
        family=made.family or "—", item=made.item or "—", facets="、".join(made.facets) or "—",
        confidence=made.confidence, scope=words["scopes"][made.scope])
    if made.missing_topic:
        yield words["missing"].format(topic=made.missing_topic)
    if made.region:
        yield words["region"].format(region=made.region, role=words["roles"][made.region_role])


def _likeliest(
    reader: Reader, text: str, ranking: Sequence[tuple[str, float]]
) -> Iterator[str]:
    for intent, share in ranking[:_LIKELIEST]:
        reasons = reader.reasons(text, "intent", intent)[:_MOST_REASONS]
        shown = "  ".join(f"{name} {weight:+.1f}" for name, weight in reasons)
        yield labels()["why"]["reasons"].format(intent=intent, share=share, reasons=shown)


__all__ = ["why"]
