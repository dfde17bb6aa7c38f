"""All errors of the project, one small tree.

    YibaoError
    ├── DataError          a data file of the project is wrong (names file and key)
    │   └── CitationError  a quote does not stand where it is said to stand
    ├── UnknownId          a caller named an item, guide, fact or clause that does not exist
    ├── BadInput           a message from outside cannot be used (in Chinese, for its sender)
    └── SetupError         the machine is not ready (port taken, wrong Python, disk full …)

"Not eligible" and "the guide is silent" are outcomes of the engine, not errors.
"""

from __future__ import annotations


class YibaoError(Exception):
    """Base of every error raised on purpose by this project."""


class DataError(YibaoError):
    """A data file breaks its schema or refers to something that is not there.

    Args:
        file: path of the data file, relative to the project.
        key: dotted path of the key inside it, e.g. ``materials.2.when``.
        problem: what is wrong.
        remedy: what to do about it.
    """

    def __init__(self, file: str, key: str, problem: str, remedy: str = "") -> None:
        self.file, self.key, self.problem, self.remedy = file, key, problem, remedy
        tail = f" → {remedy}" if remedy else ""
        super().__init__(f"{file}: {key}: {problem}{tail}")


class CitationError(DataError):
    """A quote is not found inside the span of the guide that it is cited for."""


class UnknownId(YibaoError):
    """Something was asked for by an id that the knowledge base does not hold."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind, self.name = kind, name
        super().__init__(f"no {kind} named {name!r} in the knowledge base")


class BadInput(YibaoError):
    """A message from outside cannot be used; ``str()`` is a sentence for its sender.

    Args:
        message: what is wrong and what to do, in Chinese.
        field: the offending field of the message, if one can be named.
        status: the HTTP status that fits.
    """

    def __init__(self, message: str, field: str = "", status: int = 400) -> None:
        self.field, self.status = field, status
        super().__init__(message)


class SetupError(YibaoError):
    """The machine or installation is not ready; ``str()`` says what to do."""
