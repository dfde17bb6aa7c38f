"""What comes from a reviewer's page, checked: the label and the sentences that bear it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.learning.keys import key_of
from bot.learning.labels.label import UNUSABLE, Label
from bot.learning.labels.one_line import in_line, one_line, where_said
from bot.learning.labels.vocabulary import Vocabulary, as_labelled, vocabulary
from bot.learning.labels.words import refuse, words
from bot.learning.nlu_line import line_of
from bot.nlu.examples import Example
from bot.nlu.marks import Span
from bot.privacy import mask

LONGEST_TEXT = 300
"""Characters of a sentence; the longest utterance so far has 131."""

MOST_SOURCES, MOST_FACETS, LONGEST_NAME = 200, 3, 200

_NAMES = ("intent", "item", "topic", "category")
_ALLOWED = {"matter": ("item", "facets", "topic"), "outside": ("category",), "talk": ()}
"""What may be said beside the intent, by the kind of intent."""


@dataclass(frozen=True)
class Given:
    """A sentence with its label, as it is saved.

    Args:
        text: masked, in one line.
        key: of the sentence.
        original: what the citizen wrote, masked; '' where it was not edited.
        original_key: of the message in the log, by which the inbox knows it.
        turn, conversation: where it was said; '' where nowhere.
        label: with the facts that stand in this very text.
    """

    text: str
    key: str
    original: str
    original_key: str
    turn: str
    conversation: str
    label: Label


def checked_label(fields: Any, folder: Path | None = None) -> Label:
    """Return the label that a page sent.

    Args:
        fields: ``bot.learning.labels.label.Fields``; what it leaves out is empty.
        folder: of the NLU files; None for that of this installation.

    Raises:
        BadInput: 422; names the field and says in Chinese what is wrong with it.
    """
    if not isinstance(fields, Mapping):
        refuse("shape", "label")
    if fields.get("usable", True) is not True:
        return UNUSABLE
    named = {name: _name(fields, name) for name in _NAMES}
    known = vocabulary(folder)
    intent = next((i for i in known["intents"] if i["name"] == named["intent"]), None)
    if intent is None:
        refuse("intent", "intent", intent=named["intent"])
    facets = _facets(fields, known)
    named["item"] = as_labelled(named["intent"], named["item"], folder)
    _check_parts(intent, {**named, "facets": facets}, known)
    return Label(**named, facets=facets, facts=tuple(_facts(fields, known)))


def checked_sources(
    sources: Any, label: Label, held: Mapping[str, Sequence[Example]] = MappingProxyType({})
) -> list[Given]:
    """Return the sentences that a page sent, with their label.

    Facts are marked in the first one; in the others they are where its words stand once.

    Args:
        sources: ``[{"text", "turn", "conversation", "original"?}]``; turn and conversation '' for
            a sentence that nobody said.
        label: :func:`checked_label`.
        held: what the NLU files hold, by key. It is nobody's, whatever masking would make of it.

    Raises:
        BadInput: 422; names the field and says in Chinese what is wrong with it.
    """
    if not isinstance(sources, Sequence) or isinstance(sources, str) or not sources:
        refuse("no_sources", "sources")
    if len(sources) > MOST_SOURCES:
        refuse("too_many", "sources", limit=MOST_SOURCES)
    given = [_given(source, label, held) for source in sources]
    if not label.usable:
        return given
    marked, line = in_line(label.facts, sources[0]["text"]), given[0].text
    given = [replace(one, label=label.with_facts(where_said(marked, line, one.text)))
             for one in given]
    for one in given:
        line_of(one.label.as_example(one.text))  # refused now, while somebody looks at it
    return given


# --- the label ------------------------------------------------------------------------------

def _name(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name) or ""
    if not isinstance(value, str) or len(value) > LONGEST_NAME or not value.isprintable():
        refuse("shape", name)
    return value


def _facets(fields: Mapping[str, Any], known: Vocabulary) -> tuple[str, ...]:
    """Return the facets in the order of the vocabulary, so that two labels compare."""
    chosen = fields.get("facets") or []
    if not isinstance(chosen, list) or not set(map(str, chosen)) <= set(known["facets"]):
        _refuse_facets(known)
    return tuple(facet for facet in known["facets"] if facet in chosen)


def _refuse_facets(known: Vocabulary) -> None:
    refuse("facets", "facets", most=MOST_FACETS, known="、".join(known["facets"]))


def _check_parts(intent: Mapping[str, Any], said: Mapping[str, Any], known: Vocabulary) -> None:
    """See to it that a label says what its kind of intent asks for, and nothing else."""
    allowed = _ALLOWED[intent["kind"]]
    for part in ("item", "facets", "topic", "category"):
        if said[part] and part not in allowed:
            refuse("not_here", part, intent=intent["name"], part=words()["parts"][part])
    if intent["kind"] == "matter":
        _check_matter(intent, said, known)
    elif intent["kind"] == "outside" and said["category"] not in known["categories"]:
        refuse("category", "category", known="、".join(known["categories"]))


def _check_matter(intent: Mapping[str, Any], said: Mapping[str, Any], known: Vocabulary) -> None:
    if not said["item"]:
        refuse("no_item", "item", intent=intent["name"])
    if said["item"] not in intent["items"]:
        refuse("item", "item", intent=intent["name"], item=said["item"])
    if not 1 <= len(said["facets"]) <= MOST_FACETS:
        _refuse_facets(known)
    if said["topic"] and said["topic"] not in known["topics"]:
        refuse("topic", "topic", topic=said["topic"])


def _facts(fields: Mapping[str, Any], known: Vocabulary) -> Iterator[Span]:
    values = {fact["name"]: {value["value"] for value in fact["values"]} for fact in known["facts"]}
    told = fields.get("facts") or []
    if not isinstance(told, list):
        refuse("shape", "facts")
    for fact in told:
        span = _span(fact)
        if span.value not in values.get(span.fact, ()):
            refuse("fact", "facts", fact=span.fact, value=span.value)
        yield span


def _span(fact: Any) -> Span:
    if not isinstance(fact, Mapping):
        refuse("shape", "facts")
    start, end = fact.get("start"), fact.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        refuse("span", "facts")
    return Span(start, end, _name(fact, "fact"), _name(fact, "value"))


# --- the sentences ----------------------------------------------------------------------------

def _given(source: Any, label: Label, held: Mapping[str, Sequence[Example]]) -> Given:
    if not isinstance(source, Mapping):
        refuse("shape", "sources")
    text, original = _text(source, "text"), _text(source, "original")
    turn, conversation = _name(source, "turn"), _name(source, "conversation")
    line = one_line(text)
    if not line:
        refuse("no_text", "text")
    key, written = key_of(line), mask(one_line(original)).text
    is_held = line in (example.text for example in held.get(key, ()))
    masked = line if is_held else mask(line).text
    if label.usable:
        _check_text(line, masked)
    return Given(masked, key, written if written != masked else "",
                 key_of(original or line), turn, conversation, label)


def _text(source: Mapping[str, Any], name: str) -> str:
    value = source.get(name) or ""
    if not isinstance(value, str):
        refuse("shape", name)
    return value


def _check_text(line: str, masked: str) -> None:
    if len(line) > LONGEST_TEXT:
        refuse("too_long", "text", limit=LONGEST_TEXT)
    if line != masked:
        refuse("personal", "text", masked=masked)


__all__ = ["LONGEST_TEXT", "MOST_FACETS", "MOST_SOURCES", "Given", "checked_label",
           "checked_sources"]
