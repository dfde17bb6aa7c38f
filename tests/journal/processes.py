"""Processes for the tests to kill.

``append FOLDER NAME COUNT``: append COUNT entries (0: until killed), telling each once written.
``ship FOLDER URL``: ship in batches of ten, telling each once it has arrived, slowly.
"""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

from bot.journal import shipping
from bot.journal.database import Database
from bot.journal.spool import Spool
from tests.journal.conftest import entry


def append(folder: str, name: str, count: str) -> None:
    """Append entries, each as soon as the one before is written."""
    spool, endless = Spool(Path(folder)), count == "0"
    for seq in itertools.count(1) if endless else range(1, int(count) + 1):
        spool.append(entry(name, seq))
        print(f"{name}:{seq}", flush=True)
        time.sleep(0.001 if endless else 0)


def ship(folder: str, url: str) -> None:
    """Ship what waits, in many small transactions."""
    shipping._BATCH = 10
    database = Database(url)
    add = database.add

    def tell(entries: list[dict]) -> None:
        add(entries)
        print(len(entries), flush=True)
        time.sleep(0.05)

    database.add = tell
    shipping.Shipper(Spool(Path(folder)), database, 180).ship(wait=True)


if __name__ == "__main__":
    {"append": append, "ship": ship}[sys.argv[1]](*sys.argv[2:])
