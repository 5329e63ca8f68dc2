"""Small numbered flags above a figure: what happened when; the list below it has the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Flags nearer than this share of the axis stand as one; in a narrow place their numbers do.
NEAR, NEAR_IN_NARROW = 0.03, 0.13


@dataclass(frozen=True)
class Flag:
    """`place` is that of a period; half a period before it is where that period begins."""

    number: int
    place: float
    text: str


def together(flags: Sequence[Flag], periods: int, near: float = NEAR) -> list[list[Flag]]:
    """Flags in order, those nearer than this share of the axis in one group."""
    near *= max(periods, 1)
    found: list[list[Flag]] = []
    for flag in sorted(flags, key=lambda one: (one.place, one.number)):
        if found and flag.place - found[-1][-1].place < near:
            found[-1].append(flag)
        else:
            found.append([flag])
    return found


def named_on(group: Sequence[Flag]) -> str:
    """What stands on flags that stand as one: their numbers."""
    numbers = [flag.number for flag in group]
    if len(numbers) > 2:
        return f"{numbers[0]}–{numbers[-1]}"
    return "·".join(str(number) for number in numbers)
