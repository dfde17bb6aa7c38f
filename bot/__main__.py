"""``python -m bot`` is the command ``yibao``."""

from bot.cli import main

main()
