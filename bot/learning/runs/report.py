"""A comparison as plain text, for the command line: the verdict first, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.evaluation.tables import cut, printed, table
from bot.learning.runs.words import words

_TEXT_WIDTH, _MOST = 60, 20
"""Columns of a message, and messages of a list."""


def report(result: Mapping[str, Any]) -> str:
    """Return ``result.json`` in Chinese."""
    told, questions = words()["report"], result["questions"]
    parts = [
        *_verdict(result), told["data"].format(**result["data"]),
        told["questions"].format(**questions), _figures("measure", "label", questions["measures"]),
        _figures("family", "family", questions["families"]),
        told["note"], *_turned("wrong", questions), *_turned("right", questions),
        *_cases("conversations", "title", result), *_cases("facts", "ask", result),
        *_logged(result["logged"])]
    return "\n".join(parts)


def _verdict(result: Mapping[str, Any]) -> Iterator[str]:
    told, verdict = words()["report"], result["verdict"]
    yield told["models"].format(**result)
    yield told["may" if verdict["may_promote"] else "may_not"]
    yield from (f"  {reason}" for reason in verdict["reasons"])


def _figures(column: str, name: str, lines: Iterable[Mapping[str, Any]]) -> str:
    shown = table(column, "live", "new", "became_right", "became_wrong", "worse")
    for line in lines:
        shown.add_row(line[name], _share(line["live"]), _share(line["new"]),
                      str(line["became_right"]), str(line["became_wrong"]),
                      words()["report"]["worse"] if line["worse"] else "")
    return printed(shown)


def _share(figure: Mapping[str, Any]) -> str:
    return words()["report"]["share"].format(**figure)


def _turned(kind: str, questions: Mapping[str, Any]) -> Iterator[str]:
    told = words()["report"]
    yield told[kind].format(n=len(questions[kind]))
    for one in questions[kind][:_MOST]:
        yield told["turned"].format(**{**one, "text": cut(one["text"], _TEXT_WIDTH)})


def _cases(kind: str, name: str, result: Mapping[str, Any]) -> Iterator[str]:
    told, part = words()["report"], result[kind]
    yield told[kind].format(**part)
    for turned, cases in (("broken", part["broken"]), ("mended", part["mended"])):
        yield from (told[turned].format(title=case[name], faults=_joined(case["faults"]))
                    for case in cases)


def _joined(faults: Sequence[str]) -> str:
    return "；".join(faults)


def _logged(logged: Mapping[str, Any]) -> Iterator[str]:
    told = words()["report"]
    yield told["logged"].format(changes=len(logged["changed"]), **logged)
    if logged["labelled"]["n"]:
        yield told["labelled"].format(**logged["labelled"])
    for one in logged["changed"][:_MOST]:
        line = {**one, "text": cut(one["text"], _TEXT_WIDTH)}
        yield told["changed"].format(**line) + (
            told["wanted"].format(**line) if one["wanted"] else "")


__all__ = ["report"]
