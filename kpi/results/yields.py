"""What fewer contacts would bring in: contacts and euro a year, with how sure that is.

A count is not exact: next year's will differ. The interval follows from how much the weeks differ
among each other (quasi-Poisson), never less than chance alone would make them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kpi.model import TOO_FEW
from kpi.student import Z95

DAYS_A_YEAR = 365.25
#: Fewer whole weeks than this do not tell how much weeks differ.
_WEEKS = 6
#: A quarter of the weeks that holds so much of it, of at least so many, may be a single event.
_ONE_OFF, _ENOUGH = 0.6, 30


@dataclass(frozen=True)
class Amount:
    """A value a year with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Yield:
    """What it brings in a year when part of some contacts falls away.

    `euro` is None where no cost is known of them.
    """

    contacts: Amount
    euro: Amount | None


def a_year(
    contacts: int, weekly: Sequence[int], days: int, part: float, cost: float | None
) -> Yield | None:
    """What `part` (0-1) of the contacts of `days` days makes in a year; None of too few.

    Args:
        contacts: how many there were.
        weekly: how many in each whole week of the period, quiet weeks included.
        days: length of the period.
        part: which part of them falls away.
        cost: what those of the period cost together; None where that is not known.
    """
    if contacts < TOO_FEW or days < 1:
        return None
    spread = math.exp(Z95 * math.sqrt(dispersion(weekly) / contacts))
    times = part * DAYS_A_YEAR / days

    def amount(value: float) -> Amount:
        return Amount(value * times, value * times / spread, value * times * spread)

    return Yield(amount(contacts), amount(cost) if cost is not None else None)


def in_few_weeks(weekly: Sequence[int]) -> list[int]:
    """The counts of the quarter of the weeks that holds most, where that may be a single event."""
    most = sorted(weekly, reverse=True)[: len(weekly) // 4]
    if len(weekly) < 8 or sum(weekly) < _ENOUGH or sum(most) < _ONE_OFF * sum(weekly):
        return []
    return most


def dispersion(weekly: Sequence[int]) -> float:
    """Variance of weekly counts over their mean, 1 (that of chance) at the least."""
    if len(weekly) < _WEEKS or not sum(weekly):
        return 1.0
    mean = sum(weekly) / len(weekly)
    variance = sum((one - mean) ** 2 for one in weekly) / (len(weekly) - 1)
    return max(1.0, variance / mean)


def share_after(hits: float, n: float, fewer: float) -> float | None:
    """The share (0-100) that is left when so many of the hits no longer come at all."""
    rest = n - fewer
    return 100 * max(0.0, hits - fewer) / rest if rest > 0 else None
