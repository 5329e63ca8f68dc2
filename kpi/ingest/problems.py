"""Why a file or a profile is refused: a sentence and its values, apart, so it can be translated.

A refusal made in the child process that reads a file crosses to its parent as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi.i18n import _

#: A sentence not yet said: an English message id, and what to put in its places.
Said = tuple[str, Mapping[str, Any]]


def say(said: Said) -> str:
    """The sentence in the language spoken now; a `reason` in it is a message id too.

    So is what stands in a list: each one alone, or with what it is called in the file.
    """
    message, values = said
    filled = {
        key: _named(value) if isinstance(value, list) else _(value) if key == "reason" else value
        for key, value in values.items()
    }
    return _(message).format(**filled)


def _named(given: list[Any]) -> str:
    found = []
    for one in given:
        title, header = one if isinstance(one, list) else (one, "")
        found.append(f"{_(title)} ({header})" if header else _(title))
    return ", ".join(found)


class Refused(Exception):
    """A file that cannot be loaded as it is; `str()` is a sentence for the user.

    Attributes:
        message: English message id with named places.
        values: what to put there.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return say((self.message, self.values))

    def as_json(self) -> dict[str, Any]:
        """For the way between two processes."""
        return {"message": self.message, "values": self.values}

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> Refused:
        """The refusal that `as_json` wrote."""
        return cls(read["message"], **read["values"])


class ProfileProblem(Refused):
    """A profile that cannot be used: which key, on which line, and what is possible there."""


class Cancelled(Exception):
    """Reading was stopped by whoever asked for it; nothing was loaded."""
