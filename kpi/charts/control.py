"""What is usual and what is not, as figures draw it: a pale band between limits, and a ring with a word."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Usual:
    """What is usual in one period: the centre, and the limits around it."""

    centre: float
    low: float
    high: float


@dataclass(frozen=True)
class Ring:
    """A ring around the point at `place`, with a word above or below it (none: the ring alone).

    `within`: a smaller one, between the ends of several that are one signal together.
    """

    place: int
    word: str
    up: bool
    within: bool = False
