"""What a reviewer says that a sentence means, in the words in which the NLU files are labelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.learning.labels.words import words
from bot.nlu.examples import Example
from bot.nlu.marks import Span

Fields = Mapping[str, Any]
"""A label as JSON: ``{"intent", "item", "facets": […], "topic", "category",
"facts": [{"start", "end", "fact", "value"}], "usable"}``; texts may be '', lists empty."""


@dataclass(frozen=True)
class Label:
    """What a sentence means; without ``usable`` it is none to learn from, and nothing else is said.

    Unchecked: what comes from outside goes through
    :func:`bot.learning.labels.checking.checked_label`.
    """

    intent: str = ""
    item: str = ""
    facets: tuple[str, ...] = ()
    topic: str = ""
    category: str = ""
    facts: tuple[Span, ...] = ()
    usable: bool = True

    @classmethod
    def of_fields(cls, fields: Fields) -> Label:
        """Return what :meth:`as_fields` told."""
        facts = tuple(Span(**fact) for fact in fields["facts"])
        return cls(**{**fields, "facets": tuple(fields["facets"]), "facts": facts})

    @classmethod
    def of_example(cls, example: Example) -> Label:
        """Return the label of an utterance of the NLU files."""
        return cls(example.intent, example.item, example.facets, example.topic, example.category,
                   example.facts)

    def as_fields(self) -> dict[str, Any]:
        """Return it as JSON (:data:`Fields`)."""
        told = asdict(self)
        return {**told, "facets": list(self.facets), "facts": list(told["facts"])}

    def as_example(self, text: str) -> Example:
        """Return the utterance that it makes of a sentence."""
        return Example(text, self.intent, self.item, self.facets, self.topic, self.category,
                       self.facts)

    def with_facts(self, facts: tuple[Span, ...]) -> Label:
        """Return the same with other facts."""
        return replace(self, facts=facts)

    @property
    def matter(self) -> tuple[str, str, str, str]:
        """What nearly the same sentences have in common."""
        return self.intent, self.item, self.topic, self.category

    @property
    def says(self) -> tuple[Any, ...]:
        """What the same sentence has in common, whoever labels it; all but its facts."""
        return self.usable, self.matter, frozenset(self.facets)

    @property
    def meaning(self) -> tuple[Any, ...]:
        """All that it says, but where in the sentence the facts stand."""
        return self.says, frozenset((span.fact, span.value) for span in self.facts)

    def covers(self, other: Label) -> bool:
        """Tell whether it says all that another label of the same sentence says, nothing else."""
        return self.says == other.says and self.meaning[1] >= other.meaning[1]

    def in_words(self) -> str:
        """Return it as a sentence names it: 异地备案 · 异地就医备案 · 办理材料."""
        form = words()["in_words"]
        if not self.usable:
            return str(form["unusable"])
        intent = form["category"].format(**asdict(self)) if self.category else self.intent
        topic = form["topic"].format(topic=self.topic) if self.topic else ""
        item = self.item if self.item != self.intent else ""
        parts = (intent, item, form["facets"].join(self.facets), topic)
        return str(form["between"].join(filter(None, parts)))


UNUSABLE = Label(usable=False)


__all__ = ["UNUSABLE", "Fields", "Label"]
