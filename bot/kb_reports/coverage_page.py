"""A page per guide: its text in order, each clause beside the facts made from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.lines import in_words
from bot.wording import say
from knowledge.base import Guide, Item, KnowledgeBase, Rule
from knowledge.catalog import Fact
from knowledge.coverage import EXCLUDED, GAP, HEADING, QUOTED, Account, exclusion_reasons
from knowledge.mirror import Piece, Problem
from knowledge.model import SECTION_TITLES, ItemFile, Line

KINDS = {QUOTED: "条文", HEADING: "标题", EXCLUDED: "排除", GAP: "未收录"}


@dataclass(frozen=True)
class Made:
    """Something made from a clause: whose it is, what kind, its id, what it says, when it holds."""

    item: str
    kind: str
    id: str
    text: str
    condition: str = ""


@dataclass(frozen=True)
class Block:
    """A stretch of the published text for the page, with what it is and what came of it."""

    kind: str
    anchor: str
    line: int
    text: str
    note: str
    made: Sequence[Made]


def write_pages(
    kb: KnowledgeBase, found: Sequence[Account], problems: Sequence[Problem], folder: Path
) -> None:
    """Write ``index.html`` and a page per guide into ``folder``, which is made if needed."""
    folder.mkdir(parents=True, exist_ok=True)
    context = {"kinds": KINDS, "reasons": exclusion_reasons(), "version": kb.version}
    for account in found:
        own = [p for p in problems if p.file.split("/")[0].split(".")[0] == account.guide.id]
        page = _templates().get_template("coverage_guide.html")
        text = page.render(account=account, blocks=list(_blocks(kb, account)), problems=own,
                           **context)
        (folder / f"{account.guide.id}.html").write_text(text, encoding="utf-8")
    index = _templates().get_template("coverage_index.html")
    text = index.render(accounts=found, problems=problems, **context)
    (folder / "index.html").write_text(text, encoding="utf-8")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=True,
                       undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _blocks(kb: KnowledgeBase, account: Account) -> Iterator[Block]:
    made = made_of(kb, account.guide)
    seen: set[str] = set()
    for piece in account.pieces:
        first = piece.key not in seen and piece.kind == QUOTED
        seen |= {piece.key} if first else set()
        yield Block(piece.kind, piece.key if first else "", account.line(piece),
                    account.wording(piece), _note(account, piece),
                    made[piece.key] if first else ())


def _note(account: Account, piece: Piece) -> str:
    if piece.kind != EXCLUDED:
        return ""
    reason = exclusion_reasons().get(account.reason(piece))
    note = account.exclusion(piece).note
    return (reason.label if reason else account.reason(piece)) + (f"：{note}" if note else "")


def made_of(kb: KnowledgeBase, guide: Guide) -> Mapping[str, list[Made]]:
    """Return everything made from each clause of a guide, by the clause's full id."""
    made: dict[str, list[Made]] = defaultdict(list)
    for item in guide.items.values():
        for clause, fact in _of_item(kb.facts, item):
            made[clause].append(fact)
    for office in guide.data.offices:
        says = " ".join((office.name, office.address, *office.phones))
        made[f"{guide.id}/guide/{office.clause}"].append(Made("", "办理网点", office.code, says))
    for contact in guide.data.contacts:
        says = f"{contact.name} {contact.phone}"
        made[f"{guide.id}/guide/{contact.clause}"].append(Made("", contact.purpose, "", says))
    return made


def _of_item(facts: Mapping[str, Fact], item: Item) -> Iterator[tuple[str, Made]]:
    data = item.data
    named = (("name", "事项名称", data.name), ("number", "编号", data.number),
             ("code", "编码", data.code))
    for key, kind, value in named:
        if key in item.clauses:
            yield item.clauses[key].id, Made(data.name, kind, key, value)
    if data.applies:
        when = in_words(facts, data.applies.when) if data.applies.when else ""
        yield item.clauses[data.applies.clause].id, Made(data.name, "适用条件", "applies", "", when)
    for bar in data.barred:
        when = in_words(facts, bar.when)
        yield item.clauses[bar.clause].id, Made(data.name, "不适用", bar.instead, "", when)
    for rule in item.rules:
        yield rule.clause.id, _of_rule(facts, item, rule)
    yield from _silent(item, data)


def _silent(item: Item, data: ItemFile) -> Iterator[tuple[str, Made]]:
    for local, reason in data.silent.items():
        if local in item.clauses:
            yield item.clauses[local].id, Made(data.name, "不单独显示", "", reason)


def _of_rule(facts: Mapping[str, Fact], item: Item, rule: Rule) -> Made:
    line = rule.line
    when = line.when_text or (in_words(facts, line.when) if line.when else "")
    return Made(item.name, SECTION_TITLES[rule.kind], line.id,
                "；".join((rule.text, *_structure(line))), when)


def _structure(line: Line) -> Iterator[str]:
    if line.modality == "may_be_required":
        yield say("may_be_required")
    if line.form and line.form.original:
        yield say("original")
    if line.form and line.form.copies:
        yield say("copies", copies=line.form.copies)
    if line.form and line.form.stamp:
        yield say("stamp", stamp=line.form.stamp)
    if line.deadline:
        yield f"{line.deadline.start}起{line.deadline.amount}{line.deadline.unit}内"
    if line.effect != "add":
        yield _EFFECTS[line.effect]


_EFFECTS = {"replace_all": "代替其余各条", "substitute": "代替其中一项", "waive": "免交其中一项"}


__all__ = ["Block", "Made", "made_of", "write_pages"]
