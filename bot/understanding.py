"""What a message says: intent, item, facets, places, facts, and what it asks about by name.

Put together from the trained heads and the vocabularies of the knowledge base. The result is a
plain dict in the parse data of Rasa, so that actions need nothing but the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.facet_kinds import PHONE
from bot.item_names import calls_family
from bot.likely_items import likely_items
from bot.matter import DOUBT, OUTSIDE, category_of, matter_of, ranked
from bot.messages import CHOICE_PREFIX, PRESSED
from bot.nlu.examples import SILENT
from bot.nlu.normalise import without_noise
from bot.observed import Observed
from bot.other_matters import beside_topic, missing_topic
from bot.people import People, told_by
from bot.stated_place import stated_place
from bot.wording import phrases
from knowledge import places
from knowledge.store import KnowledgeBase, load
from knowledge.two_places import (
    TWO_PLACES,
    filing_disagreement,
    filing_place,
    told_by_places,
    told_by_residence,
)
from knowledge.vocabulary import asked_mentions, fires

FACET_THRESHOLD = 0.4
ITEM_THRESHOLD, ITEM_IN_FAMILY = 0.55, 0.9
"""Share of an item among those of its family from which it is taken for sure; the second where the
message calls the family by its name, which leaves open which item."""

FACET_SHARE = 0.65
"""A second facet counts only if it is nearly as likely as the first."""

SILENT_FROM, SILENT_ON_HELD = 0.35, 0.5
"""Probability from which no guide holds what is asked: to say so needlessly costs less than to
leave it out, but for facets that guides do hold."""

WHOLE_QUESTION, NEVER = 15, 1.1
"""Characters from which a message that does not name 医保 stands alone; no probability."""

HELD_FACETS = frozenset({"办理材料", "办理时限", "办理渠道/地点", "办理流程", PHONE})

SURE_FACET, POSSIBLE_FACET, MAX_FACETS = 0.6, 0.05, 3


@dataclass(frozen=True)
class Understanding:
    """The reading of one message.

    ``plain`` is the normalised text. ``likely`` are the likeliest items of all families
    (:func:`bot.likely_items.likely_items`). ``family`` and ``item`` are catalog ids ('' where the
    message names none); ``item_named`` says that the message uses the item's name, ``item_sure``
    that the item is named or beyond doubt; ``also`` are further matters that the message names
    beside it, ``{"family", "item"}``. ``said_facets`` are those of the ``facets`` that are
    asked about in so many words, ``question_facet`` says that a facet is asked about
    beyond doubt, ``likely_facets`` are the ``facets`` and the likeliest others, three in all,
    ``asks`` that the message is put as a question. ``topic`` is asked about and in
    no guide; ``beside_topic`` are the facets asked about beside it, which guides hold as well.
    ``category`` and ``referral`` tell who deals with it where that is not 医保 (the row of
    ``referrals.yml`` where its words tell), also beside a question about an item.
    ``facts`` are ``{fact: value}`` (``{option: True}`` for multi-valued ones). ``insured``
    tells the place of insurance: ``{"name", "guide", "code", "level", "fallback", "ambiguous",
    "readings"}``, or None.
    ``ours`` says that it names 医保 or something only 医保 deals with.
    ``places`` are ``{"name", "role"}``. ``mentions`` are labels of ``mentions.yml``. ``compares``
    says that places are compared, ``guides`` are those that serve the places named. ``filing``
    tells, where the guides of a transfer's two ends disagree on where it is filed, what each says
    (:func:`knowledge.two_places.filing_disagreement`). ``choice`` are ids of pressed buttons.
    ``asks_for`` is whom the matter is for ('' where the message does not tell; see
    ``people.yml``), ``asks_for_said`` that it says so in so many words.
    """

    text: str
    plain: str = ""
    intent: str = ""
    confidence: float = 1.0
    ranking: tuple[tuple[str, float], ...] = ()
    likely: tuple[tuple[str, str, float], ...] = ()
    family: str = ""
    item: str = ""
    item_named: bool = False
    item_sure: bool = False
    also: tuple[Mapping[str, str], ...] = ()
    facets: tuple[str, ...] = ()
    said_facets: tuple[str, ...] = ()
    question_facet: bool = False
    likely_facets: tuple[str, ...] = ()
    topic: str = ""
    beside_topic: tuple[str, ...] = ()
    category: str = ""
    referral: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[Mapping[str, str], ...] = ()
    insured: Mapping[str, Any] | None = None
    mentions: tuple[str, ...] = ()
    ours: bool = False
    wants_contacts: bool = False
    asks: bool = False
    compares: bool = False
    guides: tuple[str, ...] = ()
    filing: tuple[Mapping[str, str], ...] = ()
    choice: tuple[str, ...] | None = None
    asks_for: str = ""
    asks_for_said: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the reading as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Understanding:
        """Read what :meth:`as_dict` gave, also after a trip through JSON."""
        known = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return cls(**known)


def pressed(text: str) -> Understanding:
    """Return the reading of a message that presses buttons."""
    ids = text.removeprefix(CHOICE_PREFIX).split(",")
    return Understanding(text=text, intent=PRESSED, choice=tuple(i for i in ids if i))


def understand(observed: Observed, scores: Mapping[str, Mapping[str, float]]) -> Understanding:
    """Return the reading of a message.

    Args:
        observed: what the words of the message tell.
        scores: ``{head: {label: probability}}`` of :class:`bot.nlu.heads.Heads`.
    """
    kb, text, plain = load(), observed.text, observed.plain
    people, said = observed.people, observed.facets
    matter = matter_of(kb, observed, scores["intent"])
    family, named = matter.family, matter.item
    likely, likeliness = _likely_item(kb, scores["item"], family)
    called = calls_family(kb, plain, family)
    sure = bool(named or likely and likeliness >= (ITEM_IN_FAMILY if called else ITEM_THRESHOLD))
    found = places.find_places(told := without_noise(text))
    facets, certain = _facets(plain, said, scores["facets"])
    family = kb.family_of(named).id if named else family
    place, told_facts, filing = _ends(
        kb, found, family or _moving(kb, found), named or (likely if sure else ""), people.own)
    facts = {**told_facts, **observed.facts}
    topic, beside = _topic(observed, scores, family, facets)
    return Understanding(
        text=text, plain=plain, intent=matter.intent, confidence=matter.confidence,
        ranking=matter.ranking, family=family, item=named or likely,
        likely=likely_items(kb, named, scores["intent"], scores["item"]),
        item_named=bool(named), item_sure=sure, also=matter.also,
        facets=facets, said_facets=said, question_facet=certain,
        likely_facets=_most_likely(facets, scores["facets"]),
        topic=topic, beside_topic=beside,
        category=category_of(matter, scores["category"]),
        referral=matter.referral.id if matter.referral else "",
        asks_for=_whose(people, facts), facts=facts, insured=stated_place(place, plain),
        places=tuple({"name": told[m.start : m.end], "role": m.role} for m in found),
        mentions=tuple(m.label for m in asked_mentions(plain)),
        ours=observed.ours,
        wants_contacts=_wants_contacts(plain), asks_for_said=people.said,
        asks=fires(phrases()["asks"], plain), compares=fires(phrases()["compares"], plain),
        guides=tuple(dict.fromkeys(m.place.guide for m in found if m.place.guide)),
        filing=filing,
    )


def with_places(reading: Understanding, seen: Iterable[str]) -> Understanding:
    """Return the reading with places that only a pretrained recogniser sees, without a role."""
    known = [place["name"] for place in reading.places]
    new = (name for name in dict.fromkeys(seen)
           if not any(name in other or other in name for other in known))
    return replace(reading, places=(*reading.places, *({"name": n, "role": ""} for n in new)))


def _ends(
    kb: KnowledgeBase, found: Sequence[places.Mention], family: str, item: str, text: str
) -> tuple[places.Mention | None, Mapping[str, str], tuple[Mapping[str, str], ...]]:
    """Return the place whose guide answers, what the places tell, and how two guides disagree."""
    place = filing_place(kb, found, family, item) if family else places.insured_place(found)
    if not family or kb.family(family).region_role not in TWO_PLACES:
        return place, told_by_residence(kb, found, place, text), ()
    filing = filing_disagreement(kb, found, family, item)
    return place, told_by_places(kb, found, place), filing


def _wants_contacts(text: str) -> bool:
    """Tell whether a message asks for a counter or a number; not where it changes one's own."""
    asks = fires(phrases()["asks_for_contacts"], text)
    return asks and not fires(phrases()["changes_contacts"], text)


def _moving(kb: KnowledgeBase, found: Sequence[places.Mention]) -> str:
    """Return the family that both ends of a move tell (从甲地转到乙地), '' where one lacks."""
    both = {mention.role for mention in found} >= set(TWO_PLACES)
    return next((f.id for f in kb.families if both and f.region_role in TWO_PLACES), "")


def _likely_item(
    kb: KnowledgeBase, scores: Mapping[str, float], family: str
) -> tuple[str, float]:
    """Return the canonical item of a family that a message is most likely about, and how likely.

    '' where most likely the message leaves it open which item of the family it is about.
    """
    ids = {item.label: item.id for item in kb.family(family).items} if family else {}
    own = {label: scores.get(label, 0.0) for label in (*ids, *_left_open(kb, family))}
    if not any(own.values()):
        return "", 0.0
    label, score = ranked(own)[0]
    return ids.get(label, ""), score / sum(own.values())


def _left_open(kb: KnowledgeBase, family: str) -> tuple[str, ...]:
    return (kb.family(family).label,) if family else ()


def _topic(
    observed: Observed, scores: Mapping[str, Mapping[str, float]], family: str,
    facets: tuple[str, ...],
) -> tuple[str, tuple[str, ...]]:
    """Return the missing topic asked about, and what is asked beside it that guides hold.

    Where it is only likely that no guide holds what is asked, what they do hold is told with it.
    """
    told = scores["topic"] if family else {}
    silent = bool(family) and scores["silent"][SILENT] >= _silence(observed)
    topic, sure = missing_topic(
        observed.plain, observed.topic, told, silent, observed.name)
    if not topic or not family:
        return topic, ()
    return topic, beside_topic(topic, observed.plain, observed.name, facets) if sure else facets


def _silence(observed: Observed) -> float:
    """Return the probability from which guides are taken to be silent on what is asked.

    A follow-up of a few words (多久能办好) speaks of what has been said before, which is not known.
    """
    said = observed.facets
    if not (observed.ours or observed.item or len(observed.plain) >= WHOLE_QUESTION):
        return NEVER
    return SILENT_ON_HELD if said and HELD_FACETS.issuperset(said) else SILENT_FROM


def _whose(people: People, facts: Mapping[str, Any]) -> str:
    """Return for whom a message is: who is said, or whom the facts tell, or who comes up."""
    return people.asks_for if people.said else told_by(facts) or people.asks_for


def _facets(
    text: str, said: tuple[str, ...], scores: Mapping[str, float]
) -> tuple[tuple[str, ...], bool]:
    """Return the facets asked about, one to three, and whether they are sure.

    Those asked for in so many words come first; the trained head adds what it is sure of, or
    stands alone where no word tells.
    """
    if fires(phrases()["changes_contacts"], text):
        said = tuple(facet for facet in said if facet != PHONE)
        scores = {label: score for label, score in scores.items() if label != PHONE}
    order = ranked(scores)
    floor = max(FACET_THRESHOLD, FACET_SHARE * order[0][1])
    seen = [label for label, score in order if score >= (SURE_FACET if said else floor)]
    facets = tuple(dict.fromkeys((*said, *seen)))[:MAX_FACETS]
    return facets or (order[0][0],), bool(facets)


def _most_likely(facets: tuple[str, ...], scores: Mapping[str, float]) -> tuple[str, ...]:
    others = (label for label, score in ranked(scores) if score >= POSSIBLE_FACET)
    return tuple(dict.fromkeys((*facets, *others)))[:MAX_FACETS]


__all__ = ["DOUBT", "OUTSIDE", "Understanding", "pressed", "understand"]
