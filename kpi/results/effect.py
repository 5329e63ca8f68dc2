"""A number before and after an improvement action, and what can be said of it.

Shares differ by Newcombe's interval, means by Welch's (KPI sheet, "Effect of an action").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kpi import stats
from kpi.model import Kind, Kpi, Note, Result
from kpi.student import student_t
from kpi.text import N_

#: Kinds that are a number of cases of another number.
SHARES = frozenset({Kind.SHARE, Kind.DISTINCT})

BAD_PEAK = Note(N_("it began after an unusually bad time, which often passes by itself"))
SEASON = Note(N_("the same happened a year earlier"))
OVERLAP = Note(N_("another action ran at the same time"))


class Verdict(StrEnum):
    """What can be said; value is also the name in records."""

    BETTER = "better"
    WORSE = "worse"
    NOT_SHOWN = "not demonstrable"
    EARLY = "too early"


@dataclass(frozen=True)
class Effect:
    """The number before and after an action.

    Attributes:
        kpi: name of what the action should move.
        before, after: the value in as many weeks before and after the start; None where it is
            too early to say.
        difference, low, high: after minus before with its 95 % interval, in the KPI's unit
            (points for shares).
        verdict: what that comes to, in the action's direction.
        warnings: what else may have moved it.
        provisional: it still runs, and weeks will be added; who looks every week finds a
            difference by chance sooner or later.
    """

    kpi: str
    verdict: Verdict
    before: Result | None = None
    after: Result | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    weeks: int = 0
    warnings: tuple[Note, ...] = ()
    provisional: bool = False


def difference(kpi: Kpi, before: Result, after: Result) -> tuple[float, float, float] | None:
    """`after` minus `before` with its 95 % interval; None where one of them has no value."""
    if before.value is None or after.value is None:
        return None
    if kpi.kind in SHARES:
        found = stats.newcombe(
            after.numerator or 0, after.denominator or 0,
            before.numerator or 0, before.denominator or 0,
        )  # fmt: skip
        return None if found is None else (100 * found[0], 100 * found[1], 100 * found[2])
    return stats.welch(*_sums(after), *_sums(before))


def _sums(result: Result) -> tuple[int, float, float]:
    """Rows, sum and sum of squares, back from a mean and its interval."""
    n, mean = result.n, result.value or 0.0
    half = ((result.high or mean) - (result.low or mean)) / 2
    spread = n * (half / student_t(n - 1)) ** 2
    return n, n * mean, spread * (n - 1) + n * mean * mean
