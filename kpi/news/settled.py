"""What moved only against a rush: that made the period held against unusual, and is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kpi.bulletin.moved import Moved
from kpi.bulletin.states import overlap
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Better, Kind, Result
from kpi.news import rushes
from kpi.news.question import Asking
from kpi.numbers import ask
from kpi.periods import days_of
from kpi.stats import wilson


def left(asking: Asking, lines: Sequence[Moved]) -> list[Moved]:
    """The lines without what got worse than in a rush, and not than in the other weeks before.

    A rush is told by itself. What it did to a number for the better (thousands of cases closed at once,
    all within the norm) is over with it, and nobody can act on that.
    """
    return [one for one in lines if one.better or not by_rush(asking, one)]


def by_rush(asking: Asking, line: Moved) -> bool:
    """Whether a share differs so from the period held against only by the weeks of a rush in it."""
    kpi = KPIS[line.kpi]
    rushed = rushes.days_before(asking)
    if line.process not in rushed or kpi.kind is not Kind.SHARE or asking.before is None:
        return False
    named = asking.filters.keeping("process", [line.process])
    earlier = named.during(asking.before.since, asking.before.until)
    [now] = _asked(asking, kpi.name, named)
    weeks = _asked(asking, kpi.name, earlier, "week")
    usual = _without(weeks, rushed[line.process])
    if usual is None or now.value is None or usual.value is None:
        return False
    better = (now.value > usual.value) is (kpi.better is Better.UP)
    return overlap(now, usual) or better is not line.better


def _asked(asking: Asking, kpi: str, filters: Filters, *by: str) -> list[Result]:
    return asking.keep(
        "settled",
        (kpi, filters, by, asking.scope),
        lambda: ask(asking.store, [kpi], filters, by, asking.scope),
    )


def _without(weeks: Sequence[Result], days: tuple[date, date]) -> Result | None:
    """The share over the weeks that no busy day lies in; None where there is none such."""
    since, until = days
    kept = [
        one
        for one in weeks
        if (of := one.by["week"]) is not None
        and (days_of(of, "week").until < since or days_of(of, "week").since > until)
    ]
    hits = sum(one.numerator or 0.0 for one in kept)
    rows = sum(one.denominator or 0.0 for one in kept)
    interval = wilson(hits, rows)
    if interval is None:
        return None
    low, high = interval
    return replace(
        kept[0], by={}, value=100 * hits / rows, low=100 * low, high=100 * high,
        numerator=hits, denominator=rows, n=round(rows),
    )  # fmt: skip
