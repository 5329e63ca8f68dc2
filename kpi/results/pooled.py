"""Shares of parts as the share of their whole: sums, never an average of averages."""

from __future__ import annotations

from collections.abc import Sequence

from kpi import stats
from kpi.model import Result


def pooled(parts: Sequence[Result]) -> Result | None:
    """The share over rows of all `parts` together (results of one additive share); None of none."""
    hits = sum(one.numerator or 0 for one in parts)
    n = sum(one.denominator or 0 for one in parts)
    bounds = stats.wilson(hits, n)
    if bounds is None:
        return None
    low, high = bounds
    of = parts[0]
    return Result(
        of.kpi, {}, 100 * hits / n, 100 * low, 100 * high, hits, n, int(n), of.unit, of.as_of
    )
