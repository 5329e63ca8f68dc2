"""What may be told of counts in parts, so that nobody finds fewer than ten by subtracting.

A wall of one process hangs beside a wall of all: what both tell about one reason can be subtracted.
So the parts with fewer than ten, and as many of the next smallest as it takes to make ten together,
are one lump: a screen sees all of the lump or nothing of it. Whatever is added and subtracted of
what screens tell, the lump stays whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from kpi.model import TOO_FEW

Part = TypeVar("Part", bound=str | None)


def lump(parts: Mapping[Part, int]) -> frozenset[Part]:
    """The parts that are only told together; empty where each has ten or more, or none."""
    there = sorted((n, part is None, part or "", part) for part, n in parts.items() if n > 0)
    kept: list[Part] = []
    together = 0
    for n, _unknown, _name, part in there:
        if n >= TOO_FEW and (not kept or together >= TOO_FEW):
            break
        kept.append(part)
        together += n
    return frozenset(kept)


def told(parts: Mapping[Part, int], seen: frozenset[str] | None = None) -> int | None:
    """The sum over the parts in sight (None: all), or None where it may not be told.

    Fewer than ten are never told, nor is what cuts through the lump.
    """
    inside = {part: n for part, n in parts.items() if seen is None or part in seen}
    together = lump(parts)
    if together & inside.keys() and not together <= inside.keys():
        return None
    count = sum(inside.values())
    return count if count >= TOO_FEW else None
