"""Custom actions of the bot, on ``rasa_sdk`` alone."""

from bot.actions.consultation import Ask, Conclude, Consult, ValidateEligibilityForm

__all__ = ["Ask", "Conclude", "Consult", "ValidateEligibilityForm"]
