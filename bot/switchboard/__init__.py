"""Who speaks with a citizen: the bot, or a person. Channels reach both through here."""

from bot.switchboard.gathering import BOT, PERSON
from bot.switchboard.switchboard import Switchboard
from bot.switchboard.talk import Said, Talk

__all__ = ["BOT", "PERSON", "Said", "Switchboard", "Talk"]
