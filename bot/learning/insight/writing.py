"""The figures as files, for scheduled runs."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from bot.errors import BadInput
from bot.journal.opening import shipped_log
from bot.learning.insight.headline import headline
from bot.learning.insight.insight import count
from bot.learning.insight.tables import csv_of, tables
from bot.learning.insight.weeks import period
from bot.settings import Settings


def write(weeks: str, folder: Path) -> tuple[list[str], list[Path]]:
    """Write the tables of the last weeks as CSV; what waits in this machine's spool counts, too.

    Args:
        weeks: how many, as :func:`bot.learning.insight.weeks.period` takes it.
        folder: where to, made if need be.

    Returns:
        The headline, and the files.

    Raises:
        BadInput: no such number of weeks, or the folder cannot be written to.
        DatabaseDown: the log cannot be read.
    """
    since, until = period(weeks, datetime.now(timezone.utc))
    with shipped_log(Settings.from_environment()) as log:
        figures = count(log, since, until)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [(folder / f"{table.name}.csv", csv_of(table)) for table in tables(figures)]
        for file, content in files:
            file.write_bytes(content)
    except OSError:
        raise BadInput(f"写不了 {folder}：没有权限，或者不是文件夹", "out") from None
    return headline(figures), [file for file, _ in files]


__all__ = ["write"]
