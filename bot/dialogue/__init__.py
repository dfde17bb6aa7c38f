"""The conversation, in plain functions: context and reading in, context and replies out.

Nothing here knows Rasa; ``bot.actions`` carries slots in and messages out.
"""

from bot.dialogue.context import PLACE, Context, Turn
from bot.dialogue.needs_person import conclude, consult
from bot.dialogue.questions import ask, pending, read_reply, take_reply

__all__ = [
    "PLACE", "Context", "Turn", "ask", "conclude", "consult", "pending", "read_reply", "take_reply",
]
