"""Aligned plain text of what an evaluation says: tables, shares, questions cut to a line."""

from __future__ import annotations

import io

from rich import box
from rich.cells import set_cell_size
from rich.console import Console
from rich.table import Table

from bot.evaluation.labels import labels
from bot.evaluation.score import Figure

_WIDTH = 100
_FIGURES = frozenset({"counts", "share", "interval", "threshold", "size", "cost", "confidence",
                      "right", "lost", "became_right", "became_wrong", "p", "asked",
                      "wrong_answer", "needless_refusal", "missed_refusal", "live", "new"})
"""Columns that hold figures, which stand to the right."""


def table(*columns: str) -> Table:
    """Return an empty table; ``columns`` are keys of ``columns`` in ``labels.yml``."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        made.add_column(labels()["columns"][name], no_wrap=name != "spread",
                        justify="right" if name in _FIGURES else "left")
    return made


def printed(made: Table) -> str:
    """Return a table as lines of plain text."""
    console = Console(file=io.StringIO(), width=_WIDTH, color_system=None)
    console.print(made)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def cells(figure: Figure) -> tuple[str, str, str]:
    """Return counts, share and 95 % interval of a figure."""
    low, high = figure.interval
    return f"{figure.right}/{figure.n}", f"{figure.value:.3f}", f"{low:.2f}–{high:.2f}"


def cut(text: str, width: int) -> str:
    """Return the beginning of a text on one line, at most ``width`` columns (characters are two).
    """
    line = " ".join(text.split())
    shown = set_cell_size(line, width).rstrip()
    return line if len(shown) >= len(line) else f"{set_cell_size(line, width - 2).rstrip()}…"


__all__ = ["cells", "cut", "printed", "table"]
