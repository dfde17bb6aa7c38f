"""The report of an evaluation: two plain tables, overall and by source."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from bot.evaluation.labels import labels
from bot.evaluation.predict import Prediction
from bot.evaluation.rows import Row
from bot.evaluation.score import Figure, Pair, by_source, citizens_only, figures

_WIDTH = 100


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
    tables = (_overall(overall, figures(citizens_only(pairs))), _sources(pairs))
    return "\n".join([title, *map(_printed, tables), *words["notes"]])


def _overall(overall: Mapping[str, Figure], citizens: Mapping[str, Figure]) -> Table:
    table = _table("measure", "counts", "share", "interval", "without_dev")
    for name, label in labels()["measures"].items():
        if name in overall:
            without = [_cells(citizens[name])] if name in citizens else []
            brackets = [labels()["bracket"].format(*cells) for cells in without]
            table.add_row(label, *_cells(overall[name]), *brackets)
    return table


def _sources(pairs: Sequence[Pair]) -> Table:
    table = _table("source", "measure", "counts", "share", "interval")
    for source, found in _in_order(by_source(pairs)):
        shown = [n for n in labels()["measures"] if n in found]
        for name in shown:
            first = labels()["source_types"].get(source, source) if name == shown[0] else ""
            table.add_row(first, labels()["measures"][name], *_cells(found[name]),
                          end_section=name == shown[-1])
    return table


def _in_order(
    sources: Mapping[str, Mapping[str, Figure]]
) -> Iterator[tuple[str, Mapping[str, Figure]]]:
    known = [s for s in labels()["source_types"] if s in sources]
    yield from ((s, sources[s]) for s in dict.fromkeys([*known, *sorted(sources)]))


def _cells(figure: Figure) -> tuple[str, str, str]:
    low, high = figure.interval
    return f"{figure.right}/{figure.n}", f"{figure.value:.3f}", f"{low:.2f}–{high:.2f}"


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(labels()["columns"][name], no_wrap=True,
                         justify="right" if name in ("counts", "share", "interval") else "left")
    return table


def _printed(table: Table) -> str:
    console = Console(file=io.StringIO(), width=_WIDTH, color_system=None)
    console.print(table)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


__all__ = ["report"]
