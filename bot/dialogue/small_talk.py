"""Messages about the conversation itself: greetings, commands, asking why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.dialogue.context import PLACE, Context, Turn
from bot.dialogue.questions import pending, why_lines
from bot.messages import Choice, handoff, notice
from bot.wording import national_lines, say, wording
from knowledge.outcome import Question
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import Referral, referrals


def state(context: Context, text: str) -> Turn:
    """Say a sentence; an open question is asked again after it."""
    return Turn(context, (notice(text),), form=bool(context.asked))


def _say(key: str) -> Callable[[KnowledgeBase, Context], Turn]:
    return lambda kb, context: state(context, say(key))


def _to_person(kb: KnowledgeBase, context: Context) -> Turn:
    general = [r for r in referrals() if r.phone in national_lines().values()]
    return refer_to_people(context, say("handoff"), general)


def refer_to_people(context: Context, text: str, rows: Iterable[Referral]) -> Turn:
    """Give telephone numbers of people, each once; the form ends."""
    phones = {row.phone: row.name for row in rows if row.phone}
    contacts = [{"name": name, "phone": phone} for phone, name in phones.items()]
    return Turn(replace(context, asked="").offering(()), (handoff(text, contacts),))


def _cancel(kb: KnowledgeBase, context: Context) -> Turn:
    kept = Context(region=context.region, place=context.place, turn=context.turn)
    return Turn(kept, (notice(say("cancelled")),))


def _restart(kb: KnowledgeBase, context: Context) -> Turn:
    return Turn(Context(), (notice(say("restarted")),))


def _repeat(kb: KnowledgeBase, context: Context) -> Turn:
    if context.asked:
        return Turn(replace(context, misses=0), form=True)
    return state(context, context.last or say("nothing_to_repeat"))


def _why(kb: KnowledgeBase, context: Context) -> Turn:
    """Say on which clauses the open question bears."""
    asked = pending(kb, context) if context.asked else ""
    if asked == PLACE:
        return state(context, say("why_place"))
    if not isinstance(asked, Question):
        return state(context, say("nothing_asked"))
    title = kb.guide(context.region).data.title
    return state(context, f"{say('why_asked')}\n{why_lines(asked)}\n——《{title}》")


def _vague(kb: KnowledgeBase, context: Context) -> Turn:
    if context.asked:
        return Turn(replace(context, misses=context.misses + 1), form=True)
    families = [f for f in kb.families if f.name in wording()["main_families"]]
    choices = tuple(Choice(f.name, {"do": "family", "family": f.id}) for f in families)
    return Turn(context.offering(choices), (notice(say("vague"), choices),))


SMALL_TALK: dict[str, Callable[[KnowledgeBase, Context], Turn]] = {
    "问候": _say("greeting"),
    "感谢": _say("thanks"),
    "再见": _say("goodbye"),
    "帮助": _say("help"),
    "不满": _say("sorry"),
    "转人工": _to_person,
    "取消": _cancel,
    "重来": _restart,
    "重复": _repeat,
    "为什么问": _why,
    "含糊求助": _vague,
    "无意义": _vague,
    "肯定": _vague,
    "否定": _vague,
    "不知道": _vague,
}
"""What is done for each conversational intent."""

__all__ = ["SMALL_TALK", "refer_to_people", "state"]
