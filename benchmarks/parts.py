"""The parts of a turn by themselves, in this process: knowledge, deciding, places, reading."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bot.rasa_environment import prepare
from knowledge.engine import Question, decide
from knowledge.places import find_places
from knowledge.store import ROOT, KnowledgeBase, load, read


def knowledge_load_ms(times: int) -> float:
    """Return the median milliseconds of reading the whole knowledge base from its files."""
    return statistics.median(each_ms(read, [ROOT] * times))


def decide_ms(rounds: int) -> list[float]:
    """Return the milliseconds of each decision on every path that takes the first options."""
    kb = load()
    paths = [path for guide in kb.guides for path in decisions(kb, guide)]
    return [ms for _ in range(rounds) for ms in each_ms(lambda path: decide(kb, *path), paths)]


def decisions(kb: KnowledgeBase, guide: str) -> list[tuple[str, str, dict]]:
    """Return what ``decide`` is called with in a guide on the way to each of its outcomes."""
    return [path for family in kb.families for path in _path(kb, guide, family.id)]


def _path(kb: KnowledgeBase, guide: str, family: str) -> Iterable[tuple[str, str, dict]]:
    """Yield what ``decide`` is called with until nothing is left to ask."""
    facts: dict[str, Any] = {}
    while kb.items(guide, family):
        yield guide, family, dict(facts)
        asked = decide(kb, guide, family, facts)
        if not isinstance(asked, Question):
            return
        first, *others = (option.value for option in asked.options)
        chosen = {first: True, **dict.fromkeys(others, False)}
        facts[asked.fact.name] = chosen if asked.fact.multiple else first


def places_ms(texts: Iterable[str]) -> list[float]:
    """Return the milliseconds of finding the places in each text."""
    return each_ms(find_places, texts)


async def reading_ms(model: Path, texts: Iterable[str]) -> list[float]:
    """Return the milliseconds of reading each text with the trained model, in Rasa's pipeline."""
    prepare()
    from bot.assistant import Assistant

    assistant, spent = Assistant(model), []
    assistant.load()
    await assistant.warm_up()
    for text in texts:
        started = time.perf_counter()
        await assistant.agent.parse_message(text)
        spent.append(1000 * (time.perf_counter() - started))
    return spent


def each_ms(function: Callable[[Any], Any], arguments: Iterable[Any]) -> list[float]:
    """Return the milliseconds of calling a function on each argument."""
    spent = []
    for argument in arguments:
        started = time.perf_counter()
        function(argument)
        spent.append(1000 * (time.perf_counter() - started))
    return spent


__all__ = ["decide_ms", "decisions", "each_ms", "knowledge_load_ms", "places_ms", "reading_ms"]
