"""What to do with a message that is not an answer to the open question."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.answers import BY_THE_WAY, missing_topic, topic_notice
from bot.dialogue.buttons import opens, press
from bot.dialogue.choosing import chosen, is_number
from bot.dialogue.comparing import compare_guides, guides_compared
from bot.dialogue.context import (
    PLACE,
    SHORT,
    SURE_OF_ANOTHER,
    Context,
    Turn,
    absorb,
    follows_up,
)
from bot.dialogue.correcting import correction, corrects, takes_back, without_last_answer
from bot.dialogue.counting import about_days, asking_for_days, counting_again, with_days
from bot.dialogue.dates import problem_first
from bot.dialogue.explain import asks_why, explain
from bot.dialogue.going_on import (
    AGENCY,
    GENERAL_FACETS,
    contacts,
    not_served,
    proceed,
)
from bot.dialogue.outside import outside, with_care
from bot.dialogue.questions import early_reply, is_command, names_an_option, take_reply
from bot.dialogue.several import with_waiting
from bot.dialogue.small_talk import SMALL_TALK, is_bare, state
from bot.dialogue.telling import told_apart
from bot.dialogue.unclear import unclear
from bot.dialogue.undecided import is_settled
from bot.facet_kinds import GENERAL, PHONE
from bot.messages import notice
from bot.stated_dates import stated_dates
from bot.understanding import DOUBT, OUTSIDE, Understanding
from bot.wording import phrases, say
from knowledge.store import KnowledgeBase
from knowledge.vocabulary import fires

UNSURE = 0.35
"""Below this confidence small talk is not taken for such."""

FAR_OFF = 0.8
"""Confidence from which a short question that asks for a facet is about another department."""

PLACE_ALONE = 9
PLAIN = 18
"""Characters up to which a question may do without a description of the person."""

SPECIAL = "备注/特殊规定"


def consult(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    """Return the turn for a message outside the form, or a detour from it."""
    ids = chosen(context, reading)
    if reading.choice is not None or opens(context, ids):
        return press(kb, context, ids)
    again = counting_again(kb, context, reading)
    if again:
        return proceed(kb, again)
    if is_number(reading) and not context.asked:
        return state(context, say("no_such_number"))
    if asks_why(context, reading) and not _is_about_the_item(context, reading):
        return explain(kb, context, reading)
    back = without_last_answer(context) if takes_back(reading) else None
    if back:
        return Turn(replace(back, direct=False), (notice(say("taken_back")),), form=True)
    return problem_first(context, reading, _for_words(kb, context, reading))


def _for_words(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    small_talk = SMALL_TALK.get(reading.intent)
    if small_talk and _is_talk(kb, context, reading):
        return small_talk(kb, context.with_person(kb, reading))
    if is_elsewhere(context, reading):
        return outside(kb, context, reading)
    turn = told_apart(kb, context, reading, _on_the_matter(kb, context, reading))
    return with_care(context, reading, turn)


def is_elsewhere(context: Context, reading: Understanding) -> bool:
    """Tell whether a message is about what no guide answers, not about the matter in hand."""
    asks_on = bool(context.family) and _is_bare_facet(reading)
    stays = follows_up(context, reading) or reading.item_named or _is_about_counters(
        reading) or _is_bare_place(reading) or _is_bare_facet(reading)
    return reading.intent == OUTSIDE and bool(
        reading.referral or not stays or _is_far_off(reading) and not asks_on)


def _is_talk(kb: KnowledgeBase, context: Context, reading: Understanding) -> bool:
    """Tell whether a message is about the conversation: not an option word for word (本人)."""
    if context.family and names_an_option(kb, reading):
        return is_bare(reading)
    if _is_about_the_item(context, reading):
        return False
    return is_command(reading) or is_bare(reading) or _is_only_talk(context, reading)


def _is_far_off(reading: Understanding) -> bool:
    """Tell whether a message is about another department's matter beyond doubt."""
    says = (reading.facts or reading.insured or reading.item_named or reading.wants_contacts
            or reading.topic or stated_dates(reading.text))
    asks = reading.said_facets or reading.mentions
    return not says and reading.confidence >= (FAR_OFF if asks else SURE_OF_ANOTHER)


def _is_about_the_item(context: Context, reading: Understanding) -> bool:
    """Tell whether what looks like a command is an answer or asks on: 重庆, 还要注意什么."""
    asks_on = bool(context.family and set(reading.said_facets) - {PHONE})
    return asks_on or context.asked == PLACE and _is_bare_place(reading)


def _is_bare_place(reading: Understanding) -> bool:
    return bool(reading.insured) and len(reading.plain) <= SHORT and not reading.asks


def _is_bare_facet(reading: Understanding) -> bool:
    """Tell whether a message only asks what to bring, how long it takes …, not for what."""
    return bool(reading.said_facets) and len(reading.plain) <= SHORT // 2


def _is_about_counters(reading: Understanding) -> bool:
    """Tell whether a message asks for counters or numbers as such, not for those of an item."""
    other_matter = reading.family not in ("", "info_query")
    elsewhere = reading.item_named or other_matter and reading.confidence >= SURE_OF_ANOTHER
    return reading.wants_contacts and not elsewhere and "医保" in reading.plain


def _is_only_talk(context: Context, reading: Understanding) -> bool:
    """Tell whether a message says nothing about a place or the matter in hand."""
    told = reading.insured or reading.item_named or reading.mentions
    return reading.confidence >= UNSURE and not told and not follows_up(context, reading)


def _on_the_matter(kb: KnowledgeBase, before: Context, reading: Understanding) -> Turn:
    early = early_reply(kb, before, reading) if follows_up(before, reading) else None
    if early:
        context = take_reply(kb, before, early, reading)
        return proceed(kb, replace(context, direct=not before.asked))
    fixed = correction(kb, before, reading)
    if fixed:
        context = take_reply(kb, before, fixed, reading)
        return proceed(kb, replace(context, facets=(), mentions=(), direct=False))
    compared = guides_compared(before, reading)
    if compared and (reading.family or before.family):
        return compare_guides(kb, before, reading, compared)
    context = with_days(with_waiting(absorb(kb, before, reading), reading), reading)
    if reading.insured and not reading.insured["guide"]:
        return not_served(kb, context, reading.insured)
    if _is_about_counters(reading) and not follows_up(before, reading):
        return _about_counters(kb, context)
    if not context.family or _is_vague(before, reading):
        return unclear(kb, context, reading)
    if _is_doubtful(before, reading):
        known = replace(before, region=context.region, place=context.place,
                        asks_for=context.asks_for)
        return unclear(kb, known, reading)
    if _says_nothing_new(before, context, reading):
        return Turn(replace(context, misses=context.misses + 1), form=True)
    context = _with_question(kb, before, context, reading)
    turn = _about_family(kb, asking_for_days(kb, before, context, reading), reading)
    return turn if _changes_item(before, reading) else _back_to_form(before, turn)


def _changes_item(before: Context, reading: Understanding) -> bool:
    """Tell whether another item is named in place of the one in hand, not asked about beside it."""
    other = reading.item_named and reading.item != before.item
    return other and (corrects(reading) or not reading.asks)


def _says_nothing_new(before: Context, context: Context, reading: Understanding) -> bool:
    """Tell whether a message within the form neither answers, asks, nor adds anything."""
    same = (before.known, before.region, before.family, before.asks_for) == (
        context.known, context.region, context.family, context.asks_for)
    return bool(before.asked) and same and not reading.asks and not reading.item_named


def _back_to_form(before: Context, turn: Turn) -> Turn:
    """After a question in between about the same matter, go on where the form was."""
    after = turn.context
    if turn.form or not before.asked or after.family != before.family or not turn.replies:
        return turn
    kept = replace(after, asked=before.asked, item=before.item or after.item, direct=False,
                   facets=before.facets, mentions=before.mentions, counting=before.counting)
    return Turn(kept, turn.replies, form=True)


def _with_question(
    kb: KnowledgeBase, before: Context, context: Context, reading: Understanding
) -> Context:
    """Remember what was asked about the item; a bare change of place asks the same again."""
    short = follows_up(before, reading)
    tells = bool(reading.facts or reading.insured) and not reading.asks and not reading.mentions
    if short and (tells or _is_place_alone(reading)):
        return replace(context, direct=not before.asked)
    if not (reading.asks or reading.said_facets or reading.mentions):
        waiting = () if before.family else before.mentions
        return replace(context, facets=(), mentions=waiting, direct=bool(waiting))
    names = reading.item_named or _is_plain_question(reading)
    direct = short or bool(reading.mentions) or _is_particular(reading) or (
        names and is_settled(kb, context))
    rest = (GENERAL,) if _tells_a_story(before, context, reading) else ()
    facets = (*reading.facets, *rest)
    return replace(context, facets=facets, mentions=reading.mentions, direct=direct)


def _tells_a_story(before: Context, context: Context, reading: Understanding) -> bool:
    """Tell whether a message opens a matter with more than a bare question: they need it all."""
    return context.family != before.family and len(reading.plain) > SHORT


def _is_particular(reading: Understanding) -> bool:
    """Tell whether a message asks for something in particular, not just what to do."""
    if reading.said_facets:
        return True
    particular = set(reading.facets) - GENERAL_FACETS - BY_THE_WAY
    return reading.question_facet and bool(particular or reading.facets[0] == SPECIAL)


def _is_place_alone(reading: Understanding) -> bool:
    """Tell whether a message names a place and asks for nothing in words (那江门呢)."""
    asks = reading.said_facets or reading.mentions
    brief = len(reading.plain) <= PLACE_ALONE or not reading.question_facet
    return bool(reading.insured) and brief and not asks


def _is_plain_question(reading: Understanding) -> bool:
    """Tell whether a message asks about an item beyond doubt, and tells nothing of a person."""
    asks = reading.item_sure and reading.asks and len(reading.plain) <= PLAIN
    return asks and not fires(phrases()["tells_of_a_person"], reading.plain)


def _is_vague(before: Context, reading: Understanding) -> bool:
    return not reading.family and not follows_up(before, reading) and not reading.insured


def _is_doubtful(before: Context, reading: Understanding) -> bool:
    """Tell whether a new matter is too uncertain to act on: better ask than answer wrongly."""
    known = before.family == reading.family or follows_up(before, reading)
    if known or reading.item_named:
        return False
    return reading.confidence < DOUBT


def _about_family(kb: KnowledgeBase, context: Context, reading: Understanding) -> Turn:
    topic = "" if about_days(context, reading) else reading.topic
    if not topic:
        return proceed(kb, context)
    if not reading.beside_topic:
        return missing_topic(kb, context, topic)
    rest = (GENERAL,) if GENERAL in context.facets else ()
    turn = proceed(kb, replace(context, facets=(*reading.beside_topic, *rest), direct=True))
    return replace(turn, replies=(topic_notice(topic), *turn.replies))


def _about_counters(kb: KnowledgeBase, context: Context) -> Turn:
    family = kb.family_of(AGENCY).id
    context = replace(context, family=family, item=AGENCY, facets=(), direct=True)
    return contacts(kb, context) if context.region else Turn(context, form=True)


__all__ = ["consult", "is_elsewhere"]
