"""Loads a model and asks it something: ``python -m bot.learning.models.trial FILE``.

A process of its own, so that no file can harm the one that wants to know. Ends with 0 where the
model answers.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.rasa_environment import prepare

QUESTION = "梅州异地长期居住备案要带什么材料"


async def answers(archive: Path) -> bool:
    """Tell whether a model understands a plain question and answers it with a card."""
    from bot.assistant import Assistant

    assistant = Assistant(archive)
    assistant.load()
    await assistant.warm_up()
    answered = await assistant.answer("trial", QUESTION, None)
    return bool(answered.reading) and any(reply.get("custom") for reply in answered.replies)


def main(archive: Path) -> int:
    """Return the exit code."""
    prepare()
    return 0 if asyncio.run(answers(archive)) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))


__all__ = ["QUESTION", "answers", "main"]
