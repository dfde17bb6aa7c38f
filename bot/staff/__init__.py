"""Those who work with the assistant: accounts, sessions, what they saw and did, their own texts.

Kept in the staff database (:mod:`bot.staff.database`), apart from what citizens say.
"""
