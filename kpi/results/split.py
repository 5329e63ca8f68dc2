"""A change told apart by group into two parts: the group itself changed, or there came more of it.

A value is a sum over groups of weight times rate: w = d / D, r = a / d. Between two periods

    change = Σ (r₁ - r₀)(w₀ + w₁)/2  +  Σ (w₁ - w₀)((r₀ + r₁)/2 - p̄)

exactly: the first is what groups changed themselves (rate), the second what more or less of them
made of it (mix), against the mean p̄ of both values, so that more of a usual group says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi.model import Result

Key = tuple[str | None, ...]
#: Numerator and denominator of a group.
Sums = tuple[float, float]


@dataclass(frozen=True)
class Split:
    """One group's parts of a change, in the KPI's unit.

    Attributes:
        key: the group.
        rate, mix: by its own change, and by there being more or less of it.
        now, before: its own value; None where it had nothing.
        weight_now, weight_before: its share of the whole, 0-1.
    """

    key: Key
    rate: float
    mix: float
    now: float | None
    before: float | None
    weight_now: float
    weight_before: float

    @property
    def total(self) -> float:
        """Its part of the change."""
        return self.rate + self.mix


def splits(now: Mapping[Key, Sums], before: Mapping[Key, Sums], factor: float = 1.0) -> list[Split]:
    """The parts of every group, the largest first; they add up to the change of the whole.

    `factor`: from the plain ratio to the KPI's unit (100 for percent). Empty where one of the
    wholes has nothing to divide by.
    """
    whole_now, whole_before = (sum(d for _a, d in sums.values()) for sums in (now, before))
    if not whole_now or not whole_before:
        return []
    mean = (
        sum(a for a, _d in now.values()) / whole_now
        + sum(a for a, _d in before.values()) / whole_before
    ) / 2
    found = []
    for key in dict.fromkeys((*now, *before)):
        (a1, d1), (a0, d0) = now.get(key, (0.0, 0.0)), before.get(key, (0.0, 0.0))
        w1, w0 = d1 / whole_now, d0 / whole_before
        r1, r0 = (a1 / d1 if d1 else None), (a0 / d0 if d0 else None)
        # What was not there has no rate of its own: all of it is more, or less, of it.
        high, low = (r1 if r1 is not None else r0), (r0 if r0 is not None else r1)
        if high is None or low is None:
            continue
        found.append(
            Split(
                key,
                factor * (high - low) * (w0 + w1) / 2,
                factor * (w1 - w0) * ((high + low) / 2 - mean),
                None if r1 is None else factor * r1,
                None if r0 is None else factor * r0,
                w1,
                w0,
            )
        )
    return _largest_first(found)


def parts_of_whole(
    now: Mapping[Key, float], before: Mapping[Key, float], whole_now: float, whole_before: float,
    factor: float = 1.0,
) -> list[Split]:  # fmt: skip
    """For a value whose groups share one denominator (hours, customers), or none (1): each its part."""
    if not whole_now or not whole_before:
        return []
    all_now, all_before = sum(now.values()) or 1.0, sum(before.values()) or 1.0
    found = []
    for key in dict.fromkeys((*now, *before)):
        a1, a0 = now.get(key, 0.0), before.get(key, 0.0)
        value, was = factor * a1 / whole_now, factor * a0 / whole_before
        found.append(Split(key, value - was, 0.0, value, was, a1 / all_now, a0 / all_before))
    return _largest_first(found)


def _largest_first(found: Sequence[Split]) -> list[Split]:
    return sorted(found, key=lambda one: (-abs(one.total), str(one.key)))


@dataclass(frozen=True)
class Divided:
    """A change and its parts.

    Attributes:
        now, before: the value, and that of the period held against.
        parts: of every group, the largest first; together exactly the change.
        mixed: whether groups have a share of their own that more or less of them can change.
    """

    now: Result
    before: Result
    parts: Sequence[Split]
    mixed: bool

    @property
    def change(self) -> float:
        """Now minus before."""
        return (self.now.value or 0.0) - (self.before.value or 0.0)
