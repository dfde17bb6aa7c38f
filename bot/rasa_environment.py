"""Preparing the process for Rasa: quiet, without telemetry, without its training cache.

Has to run before ``rasa`` is imported.
"""

from __future__ import annotations

import logging
import os

import structlog

_SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # Rasa's cache does not see the code and data of own components: a stale hit would be silent.
    "RASA_MAX_CACHE_SIZE": "0",
    # Rasa draws its progress bars unless its log level is this quiet.
    "LOG_LEVEL": "ERROR",
}

_CHATTY = ("py.warnings", "rasa", "rasa_sdk", "sanic.root", "absl", "tensorflow", "apscheduler")


def prepare() -> None:
    """Set the process up; settings already made by the user stay.

    Rasa logs messages of citizens at debug level, so its loggers are kept to errors.
    """
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    logging.captureWarnings(True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    errors_only = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=errors_only, cache_logger_on_first_use=True)


__all__ = ["prepare"]
