"""What the log tells of a period; each section a list of flat rows (JSON-ready)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.learning.insight.asking import Asking
from bot.learning.insight.form import Form
from bot.learning.insight.overruled import Overruled
from bot.learning.insight.reached import Reached
from bot.learning.insight.unanswered import FEWEST, Unanswered
from bot.learning.insight.visits import visits_of
from bot.learning.insight.weeks import weeks_in
from knowledge.base import KnowledgeBase


def figures(
    entries: Iterable[Mapping[str, Any]], since: datetime, until: datetime, kb: KnowledgeBase
) -> dict[str, Any]:
    """Return what is asked, what comes of it, and what is never reached.

    ``{"since", "until", "names": {matter: …}, section: [row, …]}``. Sections and the keys of their
    rows stand with their names in ``data/insight.yml``; a float is a share of 1, None stands for
    what there is none of. No row bears a conversation's id, and no words but those that
    :data:`~bot.learning.insight.unanswered.FEWEST` visits or more said alike.

    Args:
        entries: of the period, by time, as :meth:`bot.journal.database.Database.entries` yields
            them; gone through once, and never more than a week of them held.
        since, until: aware times.
        kb: the knowledge base.
    """
    weeks = weeks_in(since, until)
    asking, unanswered = Asking(kb, weeks), Unanswered(kb, weeks)
    form, reached, overruled = Form(kb), Reached(kb), Overruled(kb)
    for visit in visits_of(entries, kb):
        for counting in (asking, unanswered, form, reached, overruled):
            counting.add(visit)
    return {
        "since": since.isoformat(), "until": until.isoformat(),
        "weeks": asking.weeks(), "regions": asking.regions(), "matters": asking.matters(),
        "asked": asking.asked(), "facets": asking.facets(), "places": asking.places(FEWEST),
        "topics": unanswered.topics(), "lacking": unanswered.lacking(),
        "themes": unanswered.themes,
        "questions": form.questions(), "never": form.never(),
        "guides": reached.guides(), "unasked": reached.unasked(), "unshown": reached.unshown(),
        "suggestions": overruled.suggestions(), "entered": overruled.facts(),
        "moved": overruled.moved(),
    }


__all__ = ["figures"]
