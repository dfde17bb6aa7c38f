"""The inbox: what citizens wrote that teaches most, from the log, like messages in one group.

:mod:`bot.learning.inbox.messages` makes messages of the log's entries, with what speaks for
looking at them and what is proposed; :mod:`bot.learning.inbox.grouping` puts like ones together;
:mod:`bot.learning.inbox.inbox` is what the console shows of them.
"""
