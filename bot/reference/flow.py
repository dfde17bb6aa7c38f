"""The page that shows what a guide's questions about a family are, and what they lead to."""

from __future__ import annotations

from functools import lru_cache, partial

from bot.flow_words import flow_in_words
from bot.reference.entries import anchor_of
from bot.reference.pages import Link, address, flow_address, render
from bot.wording import say
from knowledge.errors import UnknownId
from knowledge.store import Clause, Guide, KnowledgeBase


@lru_cache(maxsize=512)
def flow_page(kb: KnowledgeBase, guide_id: str, family_id: str) -> str:
    """Return the page of a family in a guide: questions, answers and results as nested lists.

    Raises:
        UnknownId: there is no such guide or family, or the guide has no item of the family.
    """
    guide, family = kb.guide(guide_id), kb.family(family_id)
    if family.id != family_id or not kb.items(guide_id, family_id):
        raise UnknownId("family", family_id)
    others = [Link(other.data.region, flow_address(other.id, family_id))
              for other in kb.guides.values()
              if other is not guide and kb.items(other.id, family_id)]
    return render("flow.html", kb=kb, guide=guide, family=family, others=others, address=address,
                  root=flow_in_words(kb, guide_id, family_id), nothing=say("flow_nothing"),
                  clause_address=partial(_clause_address, guide))


def _clause_address(guide: Guide, clause: Clause, item: str) -> str:
    """Return where a clause stands: on its item's page, or on that of one that includes it."""
    including = (i.id for i in guide.items.values() if clause.item in i.data.includes)
    holding = clause.item if clause.item in guide.items else item or next(including)
    return address(guide.id, holding, anchor_of(clause.id))


__all__ = ["flow_page"]
