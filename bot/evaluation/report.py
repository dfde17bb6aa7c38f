"""The report of an evaluation: two plain tables, overall and by source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from bot.evaluation.labels import labels
from bot.evaluation.predict import Prediction
from bot.evaluation.rows import Row
from bot.evaluation.score import Figure, Pair, by_source, citizens_only, figures
from bot.evaluation.tables import cells, printed, table


def report(file: str, model: str, rows: Sequence[Row], made: Sequence[Prediction]) -> str:
    """Return the figures with counts and 95 % intervals, in Chinese.

    Args:
        file, model: names for the title.
        rows, made: the questions and our reading of each.
    """
    words, pairs = labels(), list(zip(rows, made, strict=True))
    overall = figures(pairs)
    title = words["title"].format(file=file, rows=len(rows), model=model)
    if not overall:
        return f"{title}\n{words['no_labels']}"
    citizens = citizens_only(pairs)
    tables = [_overall(overall, figures(citizens) if len(citizens) < len(pairs) else {})]
    if any(row.source_type for row in rows):
        tables.append(_sources(pairs))
    return "\n".join([title, *map(printed, tables), *words["notes"]])


def _overall(overall: Mapping[str, Figure], citizens: Mapping[str, Figure]) -> Table:
    further = ["without_dev"] if citizens else []
    shown = table("measure", "counts", "share", "interval", *further)
    for name, label in labels()["measures"].items():
        if name in overall:
            without = [cells(citizens[name])] if name in citizens else []
            brackets = [labels()["bracket"].format(*figure) for figure in without]
            shown.add_row(label, *cells(overall[name]), *brackets)
    return shown


def _sources(pairs: Sequence[Pair]) -> Table:
    shown = table("source", "measure", "counts", "share", "interval")
    for source, found in _in_order(by_source(pairs)):
        names = [n for n in labels()["measures"] if n in found]
        for name in names:
            first = labels()["source_types"].get(source, source) if name == names[0] else ""
            shown.add_row(first, labels()["measures"][name], *cells(found[name]),
                          end_section=name == names[-1])
    return shown


def _in_order(
    sources: Mapping[str, Mapping[str, Figure]]
) -> Iterator[tuple[str, Mapping[str, Figure]]]:
    known = [s for s in labels()["source_types"] if s in sources]
    yield from ((s, sources[s]) for s in dict.fromkeys([*known, *sorted(sources)]))


__all__ = ["report"]
