"""How a value stands against its target: said by shape, word and colour together."""

from __future__ import annotations

import math
from enum import StrEnum

from kpi import formats
from kpi.i18n import _
from kpi.model import INDICATIVE, Better, Result, Unit


class State(StrEnum):
    """Value is also the CSS class and the JSON name."""

    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"
    NO_TARGET = "no-target"
    TOO_FEW = "too-few"
    NOTHING = "nothing"

    @property
    def shape(self) -> str:
        """One character that can be told from the others without colour."""
        return _SHAPES[self]

    @property
    def word(self) -> str:
        """The state in words, in the language spoken now."""
        return {
            State.GOOD: _("on target"),
            State.ATTENTION: _("attention"),
            State.BAD: _("off target"),
            State.NO_TARGET: _("no target"),
            State.TOO_FEW: _("too few"),
            State.NOTHING: _("no data"),
        }[self]

    @property
    def legend(self) -> str:
        """The word with what it takes: the same miss may be certain of a year and not of a quarter."""
        said = {State.ATTENTION: _("missed, may be chance"), State.BAD: _("missed beyond chance")}
        return f"{self.word}: {said[self]}" if self in said else self.word


_SHAPES = {
    State.GOOD: "●",
    State.ATTENTION: "▲",
    State.BAD: "■",
    State.NO_TARGET: "○",
    State.TOO_FEW: "–",
    State.NOTHING: "–",
}
#: From what needs looking at first to what does not.
URGENCY = (State.BAD, State.ATTENTION, State.GOOD, State.NO_TARGET, State.TOO_FEW, State.NOTHING)


def judge(result: Result | None, target: float | None, better: Better) -> State:
    """The state of `result` against `target`.

    Off target only when the 95 % interval leaves no doubt and at least 30 rows stand behind it;
    a miss that may be chance asks for attention, no more. Below 10 rows nothing is judged.
    """
    if result is None or (result.value is None and not result.n):
        return State.NOTHING
    if result.too_few:
        return State.TOO_FEW
    if result.value is None:
        return State.NOTHING
    if target is None or better is Better.CONTEXT:
        return State.NO_TARGET
    up = better is Better.UP
    if result.value >= target if up else result.value <= target:
        return State.GOOD
    closest = result.high if up else result.low
    doubtful = closest is not None and (closest >= target if up else closest <= target)
    return State.ATTENTION if doubtful or result.n < INDICATIVE else State.BAD


def overlap(now: Result | None, before: Result | None) -> bool:
    """Whether the 95 % intervals of two results overlap: their difference may then be chance.

    A number of things has no interval; it comes and goes by its root (Poisson).
    """
    if now is None or before is None:
        return False
    if now.unit is Unit.COUNT and now.low is None and before.low is None:
        difference = abs((now.value or 0.0) - (before.value or 0.0))
        return 0 < difference <= 1.96 * math.sqrt(now.n + before.n)
    low, high, low_before, high_before = now.low, now.high, before.low, before.high
    if low is None or high is None or low_before is None or high_before is None:
        return False
    return low <= high_before and low_before <= high


def apart(result: Result, target: float | None, unit: Unit, state: State) -> str:
    """The value; with a decimal more where it would look equal to the target it misses."""
    value = formats.value(result.value, unit, result.low, result.high)
    if target is None or state not in {State.ATTENTION, State.BAD}:
        return value
    places = formats.decimals(result.value, unit, result.low, result.high)
    if value == formats.value(target, unit, places=places):
        return formats.value(result.value, unit, places=places + 1)
    return value
