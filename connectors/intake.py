"""What every channel does with a message from outside before anything else sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from typing import Any

from bot.errors import BadInput
from bot.messages import is_press
from bot.privacy import mask
from bot.secrets import installation_key, keyed_name
from bot.store import Store
from bot.wording import say

MAX_CHARACTERS = 1000
MAX_ID = 128
_COMMAND_SIGNS = ("/", "／")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff]")
"""Control signs, zero width, direction marks, halves of characters: they hide what is written."""

_RANDOM = re.compile(
    r"(?=.*[a-f].*[a-f])([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
"""A UUID. One in three hundred holds eleven digits in a row that might be a telephone number."""

RECENT = 12
"""Messages among which the labels of pressed buttons are looked for."""


def text_from(value: Any, field: str = "message", longest: int = MAX_CHARACTERS) -> str:
    """Return somebody's text, masked; a press of buttons stays as it is.

    Raises:
        BadInput: no text, more than ``longest`` characters, or a leading ``/``, which
            Rasa would take for a command that sets intent and entities.
    """
    if not isinstance(value, str) or not value.strip():
        raise BadInput(say("empty"), field)
    if len(value) > longest:
        raise BadInput(say("too_long", limit=longest), field, 413)
    text = _INVISIBLE.sub("", value).strip()
    if not text:
        raise BadInput(say("empty"), field)
    if text.startswith(_COMMAND_SIGNS):
        raise BadInput(say("bad_command"), field)
    return text if is_press(text) else mask(text).text


def conversation_from(value: Any, field: str = "sender") -> str:
    """Return under which id a conversation is kept; a missing one never becomes a shared one.

    Raises:
        BadInput: no id, or one that is too long.
    """
    return id_from(value, field)


def id_from(value: Any, field: str) -> str:
    """Return under which id something is kept that has an id of somebody else's choosing.

    An id that tells who somebody is (a telephone number as sender) is kept as a name that cannot
    be turned back.

    Raises:
        BadInput: no id, or one that is too long.
    """
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_ID:
        raise BadInput(say("bad_sender", field=field), field)
    value = value.strip()
    return keyed_name(installation_key(), field, value) if tells_who(value) else value


def tells_who(value: str, but: Set[str] = frozenset()) -> bool:
    """Tell whether an id of somebody else's choosing holds personal data; a UUID never does.

    Args:
        but: kinds of personal data that are let pass.
    """
    return not _RANDOM.fullmatch(value) and bool(set(mask(value).kinds) - but)


async def labels_of(store: Store, conversation: str, ids: Iterable[str]) -> str:
    """Return what pressed buttons say, as they were offered to the citizen.

    Args:
        store: of the conversations.
        conversation: the one in which they were pressed.
        ids: of the buttons.
    """
    recent = await store.newest(conversation, RECENT)
    labels = {c["id"]: c["label"] for card in (m.card or {} for m in recent)
              for c in (*card.get("choices", ()), *card.get("others", ()))}
    return "、".join(labels.get(i, say("old_button")) for i in ids)


__all__ = [
    "MAX_CHARACTERS", "MAX_ID", "conversation_from", "id_from", "labels_of", "tells_who",
    "text_from",
]
