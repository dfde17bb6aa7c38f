"""Messages about the conversation itself: greetings, commands, asking why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.dialogue.context import Context, Turn
from bot.dialogue.families import family_choice
from bot.dialogue.questions import COMMAND_CONFIDENCE
from bot.messages import Reason, Reply, handoff, notice
from bot.understanding import Understanding
from bot.wording import national_lines, say, wording
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import Referral, referrals


def state(context: Context, text: str) -> Turn:
    """Say a sentence; an open question is asked again after it."""
    return Turn(context, (notice(text),), form=bool(context.asked))


def _say(key: str) -> Callable[[KnowledgeBase, Context], Turn]:
    return lambda kb, context: state(context, say(key))


def _greet(kb: KnowledgeBase, context: Context) -> Turn:
    return state(context, say("greeting_again" if context.family else "greeting"))


def to_person(kb: KnowledgeBase, context: Context, reason: Reason = "asked") -> Turn:
    """Ask for a person, with numbers to call; until one comes, all goes on as it was."""
    return Turn(context, (person_wanted(reason),), form=bool(context.asked))


def person_wanted(reason: Reason, why: str = "") -> Reply:
    """Return what sends for a person, with ``why`` before the numbers to call instead."""
    general = [r for r in referrals() if r.phone in national_lines().values()]
    return people_named(why + say("handoff"), general, reason)


def people_named(text: str, rows: Iterable[Referral], reason: Reason | None = None) -> Reply:
    """Return a sentence with telephone numbers of people, each once."""
    phones = {row.phone: row.name for row in rows if row.phone}
    contacts = [{"name": name, "phone": phone} for phone, name in phones.items()]
    return handoff(text, contacts, reason)


def cancel(kb: KnowledgeBase, context: Context) -> Turn:
    """Drop the matter in hand and keep the place; what is answered already is just closed."""
    if _is_answered(context):
        return state(context, say("closing"))
    kept = Context(region=context.region, place=context.place, turn=context.turn)
    return Turn(kept, (notice(say("cancelled")),))


def _restart(kb: KnowledgeBase, context: Context) -> Turn:
    return Turn(Context(), (notice(say("restarted")),))


def _repeat(kb: KnowledgeBase, context: Context) -> Turn:
    if context.asked:
        return Turn(replace(context, misses=0), form=True)
    return state(context, context.last or say("nothing_to_repeat"))


def _closing(key: str) -> Callable[[KnowledgeBase, Context], Turn]:
    """Take a bare reply after an answer for the end of the matter; within the form it is a miss."""
    def close(kb: KnowledgeBase, context: Context) -> Turn:
        return state(context, say(key)) if _is_answered(context) else _vague(kb, context)
    return close


def _agree(kb: KnowledgeBase, context: Context) -> Turn:
    others = (c["label"] for c in context.choices.values() if c["do"]["do"] != "to_person")
    offered = next(others, "")
    text = say("closing_offer", label=offered) if offered else say("closing")
    return state(context, text) if _is_answered(context) else _vague(kb, context)


def _is_answered(context: Context) -> bool:
    return bool(context.last) and not context.asked


def _vague(kb: KnowledgeBase, context: Context) -> Turn:
    context = replace(context, misses=context.misses + 1)
    if context.asked:
        return Turn(context, form=True)
    families = [f for f in kb.families if f.name in wording()["main_families"]]
    choices = tuple(map(family_choice, families))
    return Turn(context.offering(choices), (notice(say("vague"), choices),))


def is_bare(reading: Understanding) -> bool:
    """Tell whether a message is just a yes, a no, a don't know or a greeting."""
    says = (reading.facts, reading.insured, reading.item_named, reading.said_facets,
            reading.mentions, reading.asks)
    return reading.intent in _BARE and reading.confidence >= COMMAND_CONFIDENCE and not any(says)


_BARE = frozenset({"肯定", "否定", "不知道", "问候"})

SMALL_TALK: dict[str, Callable[[KnowledgeBase, Context], Turn]] = {
    "问候": _greet,
    "感谢": _say("thanks"),
    "再见": _say("goodbye"),
    "帮助": _say("help"),
    "不满": _say("sorry"),
    "转人工": to_person,
    "取消": cancel,
    "重来": _restart,
    "重复": _repeat,
    "含糊求助": _vague,
    "无意义": _vague,
    "肯定": _agree,
    "否定": _closing("closing"),
    "不知道": _closing("closing_unknown"),
}
"""What is done for each conversational intent."""

__all__ = [
    "SMALL_TALK", "cancel", "is_bare", "people_named", "person_wanted", "state", "to_person",
]
