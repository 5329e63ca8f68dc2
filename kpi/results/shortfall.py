"""Hours of the week that miss a target, and what it would take to reach it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kpi.model import TOO_FEW, Result

_SECONDS_AN_HOUR = 3600


@dataclass(frozen=True)
class Shortfall:
    """One hour of the week ("1-09") below its target.

    Attributes:
        hour: as `weekday_hour` names it.
        level: the share there, of the whole period.
        a_week: how many contacts a week more would have to be well answered to reach the target.
        hours_a_week: the time that handling those takes; None where handle times are not known.
    """

    hour: str
    level: Result
    a_week: float
    hours_a_week: float | None


def shortfalls(
    levels: Mapping[str, Result], target: float, days: int, handle_s: float | None
) -> list[Shortfall]:
    """Hours that are below the target by more than chance, the most contacts short first.

    Args:
        levels: a share (0-100) per hour of the week, over a period of `days` days.
        target: what the share should be.
        days: length of the period.
        handle_s: mean time that one contact takes.
    """
    # In less than a week an hour of the week comes once: what it is short of is that of a week.
    weeks = max(days, 7) / 7
    found = []
    for hour, one in levels.items():
        if one.value is None or one.n < TOO_FEW or one.high is None or one.high >= target:
            continue
        short = missing(one, target) / weeks
        time = short * handle_s / _SECONDS_AN_HOUR if handle_s is not None else None
        found.append(Shortfall(hour, one, short, time))
    return sorted(found, key=lambda one: (-one.a_week, one.hour))


def missing(level: Result, target: float) -> int:
    """How many more hits a share needs to reach the target; none where it has."""
    wanted = target / 100 * (level.denominator or 0)
    # 80 % of 5 is 4, whatever the machine makes of it.
    return max(0, math.ceil(round(wanted - (level.numerator or 0), 9)))
