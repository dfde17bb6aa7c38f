"""Which kinds of lines answer a facet, and what is shown beside them."""

from __future__ import annotations

from collections.abc import Sequence

GENERAL, PHONE = "整体咨询", "咨询/投诉电话"
PERIOD = "申请期限"
"""The time a person has, as against the agency's: not a facet of the staff's, but asked about."""

FACET_KINDS: dict[str, tuple[str, ...]] = {
    "办理材料": ("materials",),
    "办理时限": ("time_limits", "deadlines"),
    PERIOD: ("deadlines", "time_limits"),
    "办理渠道/地点": ("channels", "offices", "level"),
    "办理流程": ("steps", "channels"),
    "服务对象/条件": ("audience", "services"),
    "收费": ("fee",),
    "设定依据": ("basis",),
    PHONE: ("contacts", "supervision", "offices"),
    "备注/特殊规定": ("notes",),
}
"""The kinds of lines that answer a facet."""

BESIDE: dict[str, tuple[str, ...]] = {
    "办理材料": ("deadlines", "time_limits", "channels", "level", "notes"),
    "办理流程": ("materials", "time_limits", "level", "notes"),
    "备注/特殊规定": ("deadlines", "materials", "audience", "steps"),
    "服务对象/条件": ("deadlines", "notes", "materials", "time_limits", "channels", "level"),
}
"""What is shown beside a facet although it was not asked for."""

INSTEAD = ("channels", "notes")
"""What is shown where the guide is silent on everything that was asked about."""

WHOLE = ("materials", "deadlines", "time_limits", "channels", "own_office", "level", "audience",
         "services", "steps", "fee", "contacts", "supervision", "notes", "basis", "code")
"""The kinds of lines of a whole answer, in order."""

ENTIRE = ("materials", "deadlines", "time_limits", "channels", "own_office", "level", "notes",
          "audience", "services", "steps")
"""What follows the facets asked about where somebody's first words tell their situation."""

COLLAPSED = frozenset({"steps", "basis", "evaluation", "notes"})


def kinds_shown(facets: Sequence[str], entire: bool = False) -> tuple[str, ...]:
    """Return the kinds of lines shown for facets, in order; those of a whole answer for none.

    Args:
        entire: whether all that a person needs follows what answers the facets.
    """
    if not facets:
        return WHOLE
    if entire:
        return tuple(dict.fromkeys((*kinds_of(facets), *ENTIRE)))
    beside = (kind for facet in facets for kind in BESIDE.get(facet, ()))
    return tuple(dict.fromkeys((*kinds_of(facets), *beside)))


def kinds_of(facets: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of lines that answer the facets."""
    return tuple(dict.fromkeys(k for facet in facets for k in FACET_KINDS.get(facet, ())))


__all__ = [
    "COLLAPSED", "FACET_KINDS", "GENERAL", "INSTEAD", "PERIOD", "PHONE", "WHOLE", "kinds_of",
    "kinds_shown",
]
