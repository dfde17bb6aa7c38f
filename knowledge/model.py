"""Shapes of the knowledge base: what the data files hold, checked on reading.

Every class mirrors one mapping of the YAML files under ``knowledge/``; unknown keys are errors.
Condition fields hold parsed :mod:`knowledge.conditions`.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Extra, Field, validator

from knowledge import conditions

SECTION_TITLES: dict[str, str] = {
    "audience": "服务对象",
    "services": "事项描述",
    "materials": "办理材料",
    "time_limits": "办理时限",
    "deadlines": "申请期限",
    "channels": "办理渠道",
    "offices": "办理地点",
    "level": "受理单位",
    "steps": "办理流程",
    "fee": "是否收费",
    "basis": "设定依据",
    "contacts": "咨询方式",
    "supervision": "监督电话",
    "evaluation": "评价渠道",
    "notes": "备注",
    "code": "事项编码",
}
"""Kinds of lines an answer can show, in the order of showing, with their titles."""


class Shape(BaseModel):
    """One mapping of a data file: frozen, and without unknown keys."""

    class Config:
        extra = Extra.forbid
        frozen = True
        arbitrary_types_allowed = True
        keep_untouched = (property,)


def parsed_condition(value: Any) -> Any:
    """Return a condition of a data file parsed; None stays None."""
    return None if value is None else conditions.parse(value)


class Part(Shape):
    """One component of a material, or a choice between components.

    Exactly one of ``any`` (one suffices), ``all`` (every one), ``as_applicable`` (the guide lists
    them with 、…等: what fits the case) or ``name`` is given; ``text`` is the official wording.
    """

    id: str = ""
    text: str = ""
    name: str = ""
    any: tuple[Part, ...] = ()
    all: tuple[Part, ...] = ()
    as_applicable: tuple[Part, ...] = ()

    @validator("any", "all", "as_applicable", pre=True)
    def _names_are_parts(cls, value: Any) -> Any:
        return [{"name": entry} if isinstance(entry, str) else entry for entry in value]

    @property
    def children(self) -> tuple[Part, ...]:
        """The components below this one."""
        return self.any or self.all or self.as_applicable


Part.update_forward_refs()


class Form(Shape):
    """How a material has to look: original, number of copies, whose stamp."""

    original: bool = False
    copies: int = 0
    stamp: str = ""
    fill_in: bool = False


class Deadline(Shape):
    """The last day for the citizen: ``amount`` of ``unit`` counted from ``start``."""

    amount: int
    unit: str
    start: str
    except_for: tuple[str, ...] = ()


class Line(Shape):
    """One line that an answer may show; see ``docs/knowledge.md`` for every key.

    ``clause`` is the clause it comes from, ``text`` the part of its wording that is shown (the
    whole clause where absent). ``when`` says for whom it holds, ``when_text`` says so in the
    guide's words. ``effect`` is ``add``, ``replace_all`` (this line stands in place of all other
    lines of its kind), ``substitute`` or ``waive`` (of ``target``, a line id or ``line.part``).
    """

    id: str = ""
    clause: str
    text: str = ""
    when: Any | None = None
    when_text: str = ""
    effect: str = Field("add", regex="^(add|replace_all|substitute|waive)$")
    target: str = ""
    modality: str = Field("required", regex="^(required|may_be_required)$")
    parts: Part | None = None
    form: Form | None = None
    deadline: Deadline | None = None

    _when = validator("when", pre=True, allow_reuse=True)(parsed_condition)


class Applies(Shape):
    """For whom an item is: the clause that says so and, where facts decide it, the condition."""

    clause: str
    when: Any | None = None

    _when = validator("when", pre=True, allow_reuse=True)(parsed_condition)


class Barred(Shape):
    """A case in which the guide rules the item out; ``instead`` names what may apply."""

    clause: str
    when: Any
    instead: str = ""

    _when = validator("when", pre=True, allow_reuse=True)(parsed_condition)


class Section(Shape):
    """A stretch of the guide as printed: its heading, then its numbered clauses.

    ``lost`` marks a heading whose content (a flow chart) is missing from the source. ``column``
    names the table column where a table has no headings.
    """

    heading: str = ""
    column: str = ""
    body: tuple[str, ...] = ()
    lost: bool = False

    @validator("body", pre=True)
    def _one_clause_is_a_list(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class Exclusion(Shape):
    """Characters of the guide that are no clause: a reason of ``exclusions.yml``, a sentence."""

    text: str
    reason: str
    note: str = ""


class ItemFile(Shape):
    """One item of one guide, as its file holds it.

    ``text`` mirrors the guide in the order of print; ``lines`` give structure to some kinds of
    lines (a kind not named there shows its clauses as they are). ``base_when`` is the case that
    the plain list of materials is for. ``includes`` names files of clauses that are printed
    elsewhere but hold here; such a file says so in ``applies_to`` and ``printed_at``. ``silent``
    are clauses that no line shows, each with its reason. ``filed_at`` is for items that concern two
    places: the role of the one where this guide has the person file, and whose guide answers.
    """

    name: str
    number: str = ""
    code: str = ""
    canonical: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...]
    includes: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()
    printed_at: str = ""
    text: dict[str, Section]
    excluded: tuple[Exclusion, ...] = ()
    applies: Applies | None = None
    barred: tuple[Barred, ...] = ()
    base_when: Any | None = None
    lines: dict[str, tuple[Line, ...]] = {}
    silent: dict[str, str] = {}
    filed_at: str = Field("", regex="^(转出|转入)?$")

    _when = validator("base_when", pre=True, allow_reuse=True)(parsed_condition)

    @validator("lines")
    def _known_kinds(cls, value: dict[str, Any]) -> dict[str, Any]:
        unknown = set(value) - set(SECTION_TITLES)
        if unknown:
            raise ValueError(f"unknown kinds of lines {sorted(unknown)}")
        return value


class Office(Shape):
    """A counter: division code, name, address and telephone numbers as printed."""

    code: str
    name: str
    clause: str
    address: str = ""
    phones: tuple[str, ...] = ()


class Contact(Shape):
    """A telephone number of the guide: its purpose and whom it serves ('' for everybody)."""

    code: str = ""
    name: str
    purpose: str
    phone: str
    clause: str
    note: str = ""


class GuideFile(Shape):
    """One guide: title, edition, the digest of its text, counters and hotlines."""

    title: str
    short: str
    region: str
    code: str
    edition: str
    sha256: str
    spans: tuple[tuple[int, int], ...] = ()
    text: dict[str, Section] = {}
    excluded: tuple[Exclusion, ...] = ()
    offices: tuple[Office, ...] = ()
    contacts: tuple[Contact, ...] = ()
