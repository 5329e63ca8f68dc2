"""On which line of a TOML text a key stands: tomllib gives values without their places."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w-]+)*)\s*=""")


def line_of(text: str, path: tuple[str | int, ...]) -> int | None:
    """The line (from 1) of the deepest part of `path` that has one; None when none has.

    A path is made of keys and, for arrays of tables, positions from 0:
    `("feeds", 0, "columns", "handle_s", "unit")`. Keys inside an inline table stand on the line
    of the key they belong to.
    """
    found: dict[tuple[str | int, ...], int] = {}
    here: tuple[str | int, ...] = ()
    counted: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            here = _place(_parts(header[2]), counted, new=header[1] == "[[")
            found.setdefault(here, number)
        elif key := _KEY.match(line):
            found.setdefault((*here, *_parts(key[1])), number)
    for length in range(len(path), 0, -1):
        if (number_ := found.get(path[:length])) is not None:
            return number_
    return None


def _parts(dotted: str) -> tuple[str, ...]:
    pieces = re.findall(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""", dotted)
    return tuple(piece.strip("\"'") for piece in pieces)


def _place(
    parts: tuple[str, ...], counted: dict[tuple[str | int, ...], int], *, new: bool
) -> tuple[str | int, ...]:
    """The header's path, with the position of the latest element after each array of tables."""
    place: tuple[str | int, ...] = ()
    for at, part in enumerate(parts):
        place = (*place, part)
        last = at == len(parts) - 1
        if last and new:
            counted[place] = counted.get(place, -1) + 1
        if place in counted:
            place = (*place, counted[place])
    return place
