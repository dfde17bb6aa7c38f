"""The errors of the project for those above ``knowledge``; see :mod:`knowledge.errors`."""

from knowledge.errors import BadInput, DataError, SetupError, UnknownId, YibaoError

__all__ = ["BadInput", "DataError", "SetupError", "UnknownId", "YibaoError"]
