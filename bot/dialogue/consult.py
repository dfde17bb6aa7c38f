"""What to do with a message that is not an answer to the open question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.answers import (
    BY_THE_WAY,
    agree_on_materials,
    answer,
    answer_item,
    can_answer,
    missing_topic,
    place_leads,
)
from bot.dialogue.context import (
    PLACE,
    SHORT,
    SURE_OF_ANOTHER,
    Context,
    Turn,
    absorb,
    follows_up,
)
from bot.dialogue.questions import early_reply, is_command, pending, take_reply, why_lines
from bot.messages import Choice, handoff, notice
from bot.render import Renderer
from bot.understanding import DOUBT, OUTSIDE, Understanding, place_answered
from bot.wording import national_lines, say, wording
from knowledge.engine import Question
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import referral_for, referrals

UNSURE = 0.35
"""Below this confidence small talk is not taken for such."""

GENERAL_FACETS = frozenset({"整体咨询", "办理流程"})
"""Facets under which people ask what to do, rather than for one thing."""

SPECIAL = "备注/特殊规定"
AGENCY = "agency_query"
"""The item that counters and telephone numbers as such belong to."""


def consult(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    """Return the turn for a message outside the form, or a detour from it."""
    if reading.choice is not None:
        return press(kb, context, reading.choice)
    small_talk = _SMALL_TALK.get(reading.intent)
    if small_talk and (is_command(reading) or _is_only_talk(context, reading)):
        return small_talk(kb, context)
    stays = follows_up(context, reading) or reading.item_named or _is_about_counters(
        reading) or _is_bare_place(reading)
    if reading.intent == OUTSIDE and not stays:
        return _outside(context, reading)
    return _on_the_matter(kb, context, reading)


def _is_bare_place(reading: Understanding) -> bool:
    return bool(reading.insured) and len(reading.plain) <= SHORT and not reading.asks


def _is_about_counters(reading: Understanding) -> bool:
    """Tell whether a message asks for counters or numbers as such, not for those of an item."""
    elsewhere = reading.family != "info_query" and reading.confidence >= SURE_OF_ANOTHER
    return reading.wants_contacts and not reading.item_named and not elsewhere and bool(
        reading.insured or "医保" in reading.plain)


def _is_only_talk(context: Context, reading: Understanding) -> bool:
    """Tell whether a message says nothing about a place or the matter in hand."""
    return reading.confidence >= UNSURE and not reading.insured and not follows_up(context, reading)


def _on_the_matter(kb: KnowledgeBase, before: Context, reading: Understanding) -> Turn:
    early = early_reply(kb, before, reading) if follows_up(before, reading) else None
    if early:
        context = take_reply(before, early, reading)
        return proceed(kb, replace(context, direct=not before.asked))
    context = absorb(kb, before, reading)
    if reading.insured and not reading.insured["guide"]:
        return _not_served(kb, context, reading.insured)
    if _is_about_counters(reading) and not follows_up(before, reading):
        return _about_counters(kb, context)
    if not context.family or _is_vague(before, reading):
        return _unclear(kb, context, reading)
    if _is_doubtful(before, reading):
        return _unclear(kb, replace(before, region=context.region, place=context.place), reading)
    if _says_nothing_new(before, context, reading):
        return Turn(replace(context, misses=context.misses + 1), form=True)
    turn = _about_family(kb, _with_question(before, context, reading), reading)
    return _back_to_form(before, turn)


def _says_nothing_new(before: Context, context: Context, reading: Understanding) -> bool:
    """Tell whether a message within the form neither answers, asks, nor adds anything."""
    same = (before.facts, before.region, before.family) == (
        context.facts, context.region, context.family)
    return bool(before.asked) and same and not reading.asks and not reading.item_named


def _back_to_form(before: Context, turn: Turn) -> Turn:
    """After a question in between about the same matter, go on where the form was."""
    after = turn.context
    if turn.form or not before.asked or after.family != before.family or not turn.replies:
        return turn
    kept = replace(after, asked=before.asked, item=before.item or after.item, direct=False,
                   facets=before.facets, mentions=before.mentions)
    return Turn(kept, turn.replies, form=True)


def _with_question(before: Context, context: Context, reading: Understanding) -> Context:
    """Remember what was asked about the item; a bare change of place asks the same again."""
    short = follows_up(before, reading)
    tells = bool(reading.facts or reading.insured) and not reading.asks and not reading.mentions
    if short and (tells or reading.insured and not reading.question_facet):
        return replace(context, direct=not before.asked)
    direct = short or reading.item_named or bool(reading.mentions) or _is_particular(reading)
    return replace(context, facets=reading.facets, mentions=reading.mentions, direct=direct)


def _is_particular(reading: Understanding) -> bool:
    """Tell whether a message asks for something in particular, not just what to do."""
    particular = set(reading.facets) - GENERAL_FACETS - BY_THE_WAY
    return reading.question_facet and bool(particular or reading.facets[0] == SPECIAL)


def _is_vague(before: Context, reading: Understanding) -> bool:
    return not reading.family and not follows_up(before, reading) and not reading.insured


def _is_doubtful(before: Context, reading: Understanding) -> bool:
    """Tell whether a new matter is too uncertain to act on: better ask than answer wrongly."""
    known = before.family == reading.family or follows_up(before, reading)
    if known or reading.item_named:
        return False
    return reading.confidence < DOUBT


def _about_family(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    if reading.topic:
        return missing_topic(kb, context, reading.topic)
    if not context.region:
        return Turn(context, form=True)
    if context.item == AGENCY:
        return _contacts(kb, context)
    if not kb.items(context.region, context.family):
        return _not_loaded(kb, context)
    return proceed(kb, context)


def proceed(kb: KnowledgeBase, context: Context) -> Turn:
    """Answer at once what asks for something in particular; else go on with the form."""
    if context.direct and can_answer(kb, context):
        return answer(kb, context)
    context = replace(context, direct=False)
    if agree_on_materials(kb, context):
        return answer(kb, replace(context, facets=()))
    if pending(kb, context):
        return Turn(context, form=True)
    return answer_item(kb, context, whole=not set(context.facets) - GENERAL_FACETS)


def conclude(kb: KnowledgeBase, context: Context) -> Turn:
    """End the form: the answer that waited for the place, or the whole outcome."""
    if context.place and not context.region:
        return _not_served(kb, context, context.place)
    if context.item == AGENCY:
        return _contacts(kb, context)
    if not kb.items(context.region, context.family):
        return _not_loaded(kb, context)
    if context.direct:
        return proceed(kb, context)
    return answer_item(kb, context, whole=True)


def press(kb: KnowledgeBase, context: Context, ids: tuple[str, ...]) -> Turn:
    """Do what the pressed buttons stand for; buttons that are not open change nothing."""
    commands = [context.choices[i]["do"] for i in ids if i in context.choices]
    if not commands or len(commands) != len(ids):
        form = bool(context.asked)
        return Turn(context, (notice(say("stale_choice"), tone="warn"),), form=form)
    return _COMMANDS[commands[0]["do"]](kb, context, commands)


def _do_answer(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    """Only reached when the question is no longer open."""
    return Turn(context, (notice(say("stale_choice"), tone="warn"),), form=bool(context.asked))


def _do_place(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    insured = place_answered(commands[0]["place"])
    assert insured is not None
    context = context.with_place(insured)
    return Turn(context, form=True) if pending(kb, context) else conclude(kb, context)


def _do_start_form(kb: KnowledgeBase, context: Context, commands: list) -> Turn:
    context = replace(context, direct=False)
    return Turn(context, form=True) if pending(kb, context) else conclude(kb, context)


def _do_facet(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    return answer_item(kb, replace(context, facets=(commands[0]["facet"],), mentions=()))


def _do_item(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    item = commands[0]["item"]
    context = replace(context, family=kb.family_of(item).id, item=item, direct=True)
    implied = dict(kb.canonical(item).implies)
    return proceed(kb, context.with_facts(implied, "item"))


def _do_family(kb: KnowledgeBase, context: Context, commands: list[Mapping[str, Any]]) -> Turn:
    context = replace(context, family=commands[0]["family"], item="", direct=False)
    if not context.region:
        return Turn(context, form=True)
    if not kb.items(context.region, context.family):
        return _not_loaded(kb, context)
    return proceed(kb, context)


_COMMANDS: dict[str, Callable[[KnowledgeBase, Context, list], Turn]] = {
    "answer": _do_answer,
    "place": _do_place,
    "start_form": _do_start_form,
    "facet": _do_facet,
    "item": _do_item,
    "family": _do_family,
}


def _outside(context: Context, reading: Understanding) -> Turn:
    """Name the right number; keep the form open where one is."""
    rows = referral_for(reading.category) or referral_for("其他政务")
    return _again(context, rows[0].say)


def _again(context: Context, text: str) -> Turn:
    return Turn(context, (notice(text),), form=bool(context.asked))


def _not_served(kb: KnowledgeBase, context: Context, insured: Mapping[str, Any]) -> Turn:
    """Refuse honestly: an ambiguous place is asked about, one without a guide has none."""
    if insured["ambiguous"]:
        choices = tuple(Choice(name, {"do": "place", "place": name})
                        for name in insured["readings"][:5])
        reply = notice(say("ambiguous_place", name=insured["name"]), choices)
        return Turn(replace(context, region="", place={}).offering(choices), (reply,))
    text = say("not_covered", place=insured["name"])
    return Turn(replace(context, region="", place={}, asked="").offering(()), (notice(text),))


def _not_loaded(kb: KnowledgeBase, context: Context) -> Turn:
    region = kb.guide(context.region).data.region
    text = say("family_not_loaded", family=kb.family(context.family).name, region=region)
    return Turn(replace(context, asked="", direct=False), (notice(text),))


def _about_counters(kb: KnowledgeBase, context: Context) -> Turn:
    family = kb.family_of(AGENCY).id
    context = replace(context, family=family, item=AGENCY, facets=(), direct=True)
    return _contacts(kb, context) if context.region else Turn(context, form=True)


def _contacts(kb: KnowledgeBase, context: Context) -> Turn:
    renderer = Renderer(kb, context.region, context.place.get("code", ""))
    reply = renderer.contacts(context.place.get("name", ""), tuple(place_leads(kb, context)))
    return Turn(replace(context, direct=False, asked="", last=reply.text), (reply,))


def _unclear(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    """Ask which matter is meant, with the likeliest families to choose from."""
    if context.region and reading.insured and not context.family:
        text = say("what_about_place", region=kb.guide(context.region).data.region)
    else:
        text = say("choose_family" if reading.family else "vague")
    choices = tuple(_family_choices(kb, reading))
    reply = notice(text, choices)
    return Turn(context.offering(choices), (reply,), form=bool(context.asked))


def _family_choices(kb: KnowledgeBase, reading: Understanding) -> list[Choice]:
    by_intent = {family.intent: family for family in kb.families}
    likely = [by_intent[intent] for intent, _ in reading.ranking if intent in by_intent]
    main = [f for f in kb.families if f.name in wording()["main_families"]]
    names = {f.id: f.name for f in (*likely[:3], *main)}
    return [Choice(name, {"do": "family", "family": i}) for i, name in list(names.items())[:3]]


def _say(key: str) -> Callable[[KnowledgeBase, Context], Turn]:
    return lambda kb, context: _again(context, say(key))


def _to_person(kb: KnowledgeBase, context: Context) -> Turn:
    contacts = [{"name": r.name, "phone": r.phone} for r in referrals()
                if r.phone in national_lines().values()]
    unique = list({c["phone"]: c for c in contacts}.values())
    return Turn(context, (handoff(say("handoff"), unique),), form=False)


def _cancel(kb: KnowledgeBase, context: Context) -> Turn:
    kept = Context(region=context.region, place=context.place, turn=context.turn)
    return Turn(kept, (notice(say("cancelled")),))


def _restart(kb: KnowledgeBase, context: Context) -> Turn:
    return Turn(Context(), (notice(say("restarted")),))


def _repeat(kb: KnowledgeBase, context: Context) -> Turn:
    if context.asked:
        return Turn(replace(context, misses=0), form=True)
    return _again(context, context.last or say("nothing_to_repeat"))


def _why(kb: KnowledgeBase, context: Context) -> Turn:
    """Say on which clauses the open question bears."""
    asked = pending(kb, context) if context.asked else ""
    if asked == PLACE:
        return _again(context, say("why_place"))
    if not isinstance(asked, Question):
        return _again(context, say("nothing_asked"))
    title = kb.guide(context.region).data.title
    return _again(context, f"{say('why_asked')}\n{why_lines(asked)}\n——《{title}》")


def _vague(kb: KnowledgeBase, context: Context) -> Turn:
    if context.asked:
        return Turn(replace(context, misses=context.misses + 1), form=True)
    families = [f for f in kb.families if f.name in wording()["main_families"]]
    choices = tuple(Choice(f.name, {"do": "family", "family": f.id}) for f in families)
    return Turn(context.offering(choices), (notice(say("vague"), choices),))


_SMALL_TALK: dict[str, Callable[[KnowledgeBase, Context], Turn]] = {
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

__all__ = ["conclude", "consult", "press", "proceed"]
