"""What tests on copies of the data files share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge import store
from knowledge.store import read_yaml


@pytest.fixture(scope="session")
def parsed_once() -> Iterator[None]:
    """Files that a test leaves as they are need not be parsed again for it."""
    texts: dict[str, Any] = {}

    def parsed(path: Path) -> Any:
        text = path.read_text(encoding="utf-8")
        if text not in texts:
            texts[text] = read_yaml(path)
        return texts[text]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "read_yaml", parsed)
        yield
