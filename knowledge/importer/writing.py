"""Writing drafts: YAML files with a comment at every place a person has to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from knowledge.conditions import Condition, Has, Is
from knowledge.importer.drafting import Draft
from knowledge.importer.names import place_of
from knowledge.importer.pieces import Doubt, DraftItem, LeftOut, Passage, Piece, joined
from knowledge.mirror import Problem
from knowledge.model import Line as Rule
from knowledge.model import Part
from knowledge.text import digest

MARK = "待核："
_ON_ONE_LINE = {"spans", "canonical", "includes", "any", "all", "as_applicable", "form", "when",
                "phones", "except_for"}
"""Keys whose lists and mappings are short."""
_NO_EDITION = "未注明日期（请核对）"


def files_of(draft: Draft, region: str, text: str) -> dict[str, str]:
    """Return the YAML text of every file of a draft by file name."""
    files = {"guide.yml": _dump(_guide(draft, region, text), draft.guide.file.doubts)}
    for item in draft.files:
        files[f"{item.stem}.yml"] = _dump(_item(item), item.doubts)
    return files


def report_of(draft: Draft, region: str, problems: Iterable[Problem] = ()) -> str:
    """Return the list of places to look at (Markdown, Chinese): line, file, reason; counted."""
    rows = [f"- [ ] {remark}" for remark in draft.remarks]
    rows += [f"- [ ] 原文第 {doubt.line} 行，`{doubt.file}.yml`：{doubt.reason}"
             for doubt in draft.doubts]
    head = [f"# {region}指南草稿：待核 {len(rows)} 处", "",
            f"读出 {len(draft.items)} 个事项。逐条核对，改好后删去文件里的“# {MARK}”一行。", ""]
    checks = [f"- `{problem.file}` {problem.key}：{problem.problem}" for problem in problems]
    tail = ["", f"## kb check 还会指出 {len(checks)} 处", "", *checks] if checks else []
    return "\n".join([*head, *rows, *tail, ""])


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files by name into a folder, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _guide(draft: Draft, region: str, text: str) -> dict[str, Any]:
    guide, place = draft.guide, place_of(region)
    title = guide.title or f"{region}医疗保障经办政务服务事项办事指南"
    data: dict[str, Any] = {
        "title": title, "short": f"《{region}办事指南》", "region": region,
        "code": place.code if place else "", "edition": _edition(title), "sha256": digest(text),
        **_printed(guide.file)}
    data["offices"] = [
        _without_blanks({"code": row.code, "name": row.name, "clause": clause,
                         "address": row.address, "phones": list(row.phones)}, keep=("code",))
        for row, clause in guide.offices]
    data["contacts"] = [_without_blanks(vars(contact)) for contact in guide.contacts]
    return _without_blanks(data, keep=("code",))


def _edition(title: str) -> str:
    found = re.search(r"(\d{4})\s*年?版", title)
    return f"{found[1]}年版" if found else _NO_EDITION


def _item(item: DraftItem) -> dict[str, Any]:
    data: dict[str, Any] = {"name": item.name, "number": item.number, "code": item.code}
    data["canonical"] = list(item.canonical) if item.canonical != (item.stem,) else []
    data |= {"includes": item.includes, "applies_to": item.applies_to,
             "printed_at": item.printed_at, **_printed(item)}
    if item.applies:
        data["applies"] = {"clause": item.applies}
    data["lines"] = {kind: [_rule(line) for line in lines] for kind, lines in item.lines.items()}
    data["silent"] = item.silent
    return _without_blanks(data, keep=("name", "spans", "text"))


def _printed(item: DraftItem) -> dict[str, Any]:
    text = {passage.key: _passage(passage) for passage in item.passages}
    left_out = [row for out in item.left_out for row in _left_out(out)]
    spans = [list(span) for span in item.spans]
    return _without_blanks({"spans": spans, "text": text, "excluded": left_out},
                           keep=("spans", "text"))


def _passage(passage: Passage) -> dict[str, Any]:
    body = passage.clauses
    data: dict[str, Any] = {"heading": joined(passage.heading), "column": passage.column}
    data["body"] = body[0] if len(body) == 1 else body
    if not body and passage.kind == "flow_chart":
        data["lost"] = True
    return _without_blanks(data)


def _left_out(out: LeftOut) -> Iterable[dict[str, Any]]:
    """Return an entry for each stretch of what is left out that hangs together."""
    run: list[Piece] = []
    for piece in sorted(out.pieces, key=lambda p: p.start):
        if run and run[-1].end != piece.start:
            yield _exclusion(run, out)
            run = []
        run.append(piece)
    if run:
        yield _exclusion(run, out)


def _exclusion(run: list[Piece], out: LeftOut) -> dict[str, Any]:
    return _without_blanks({"text": joined(run), "reason": out.reason, "note": out.note})


def _rule(line: Rule) -> dict[str, Any]:
    data: dict[str, Any] = {"clause": line.clause, "text": line.text}
    data["parts"] = _part(line.parts) if line.parts else None
    data["form"] = _without_blanks(line.form.dict()) if line.form else None
    data["when"] = _condition(line.when) if line.when else None
    data["when_text"] = line.when_text
    data["effect"] = line.effect if line.effect != "add" else ""
    data["modality"] = line.modality if line.modality != "required" else ""
    if line.deadline:
        data["deadline"] = _without_blanks({**line.deadline.dict(),
                                            "except_for": list(line.deadline.except_for)})
    return _without_blanks(data)


def _part(part: Part) -> Any:
    if part.name and not part.children:
        return part.name
    how = "any" if part.any else "all" if part.all else "as_applicable"
    return _without_blanks({"text": part.text, how: [_part(child) for child in part.children]})


def _condition(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, Has):
        return {"has": [condition.fact, condition.option]}
    assert isinstance(condition, Is), "drafts propose single facts only"
    values = sorted(condition.values)
    return {"in": [condition.fact, values]} if len(values) > 1 else {
        "eq": [condition.fact, values[0]]}


def _without_blanks(data: Mapping[str, Any], keep: Iterable[str] = ()) -> dict[str, Any]:
    blank = (None, "", [], (), {}, 0, False)
    return {key: value for key, value in data.items() if key in keep or value not in blank}


def _dump(data: Mapping[str, Any], doubts: Iterable[Doubt]) -> str:
    tree = _tree(data)
    general = []
    for doubt in doubts:
        if not _comment(tree, doubt):
            general.append(doubt)
    if general:
        tree.yaml_set_start_comment("\n".join(_remark(doubt) for doubt in general))
    stream = StringIO()
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 4096, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(tree, stream)
    return stream.getvalue()


def _tree(value: Any) -> Any:
    if isinstance(value, Mapping):
        tree = CommentedMap((key, _tree(entry)) for key, entry in value.items())
        for key in _ON_ONE_LINE & set(tree):
            tree[key].fa.set_flow_style()
        return tree
    if isinstance(value, (list, tuple)):
        return CommentedSeq(_tree(entry) for entry in value)
    return value


def _remark(doubt: Doubt) -> str:
    line = f"（原文第 {doubt.line} 行）" if doubt.line else ""
    words = "".join(c for c in doubt.reason if c.isprintable())
    return f"{MARK}{words}{line}"


def _comment(tree: CommentedMap, doubt: Doubt) -> bool:
    """Put a comment before the place of a doubt; return whether that place is there."""
    node, indent, path = tree, 0, doubt.place
    for step, after in zip(path, [*path[1:], None]):
        there = isinstance(node, CommentedMap) and step in node
        listed = isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node)
        if not there and not listed:
            return False
        following = node[step]
        if after is None or not isinstance(following, (CommentedMap, CommentedSeq)):
            node.yaml_set_comment_before_after_key(step, before=_remark(doubt), indent=indent)
            return True
        node, indent = following, indent + (2 if isinstance(node, CommentedMap) else 4)
    return False


__all__ = ["MARK", "files_of", "report_of", "write"]
