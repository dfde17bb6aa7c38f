"""Insight: what people ask, what is not answered, and whether it gets better week by week.

Counted from the log (:mod:`bot.learning.insight.figures`), shown as tables and charts.
"""
