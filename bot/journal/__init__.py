"""The journal of turns: written here before a reply is sent, shipped to the log database after.

``append`` (:mod:`bot.journal.spool`) costs the turn a few dozen microseconds and needs neither
network nor database. A background task (:mod:`bot.journal.shipping`) moves what was appended to
the log database (:mod:`bot.journal.database`), where it is kept for a while, exported, deleted.
"""
