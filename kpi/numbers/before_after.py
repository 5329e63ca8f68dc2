"""What a load did to the numbers: the headlines per process, before and after, over one period.

The period is that of the file itself: what it tells of is what it can have changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from kpi.access import EVERYTHING, Scope
from kpi.filters import EARLIEST, LATEST, Filters
from kpi.measures import KPIS
from kpi.model import Result
from kpi.numbers.answering import ask
from kpi.numbers.problem import AskProblem, applies
from kpi.periods import Period
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.staged import Manifest
    from kpi.store import Store

#: A file that tells of more is compared over its last days.
_LONGEST = timedelta(days=730)
Place = tuple[str | None, str]


@dataclass(frozen=True)
class Moved:
    """One headline of one process (None: unknown) that a load changed."""

    process: str | None
    kpi: str
    before: Result | None
    after: Result | None


def period_told(manifests: Sequence[Manifest], zone: str) -> Period | None:
    """The days that these files tell of; None where they tell of none."""
    feeds = [feed for manifest in manifests for feed in manifest.feeds]
    firsts = [_day(feed.first_fact, zone) for feed in feeds if feed.first_fact]
    lasts = [_day(feed.last_fact, zone) for feed in feeds if feed.last_fact]
    if not firsts or not lasts:
        return None
    since, until = max(min(firsts), EARLIEST), min(max(lasts), LATEST)
    return Period(max(since, until - _LONGEST), until) if since <= until else None


def _day(moment: datetime, zone: str) -> date:
    return to_local(moment, zone).date()


def headlines(store: Store, period: Period, scope: Scope = EVERYTHING) -> Mapping[Place, Result]:
    """The headline KPIs per process over a period, as they are now."""
    names = [
        kpi.name
        for kpi in sorted(KPIS.values(), key=lambda kpi: kpi.headline or 0)
        if kpi.headline is not None and applies(kpi, ("process",))
    ]
    try:
        found = ask(store, names, Filters(period.since, period.until), ("process",), scope)
    except AskProblem:
        return {}
    return {(result.by["process"], result.kpi): result for result in found if result.n}


def moved(before: Mapping[Place, Result], after: Mapping[Place, Result]) -> list[Moved]:
    """What is otherwise, process by process, in the order of the headlines."""
    order = {name: kpi.headline or 0 for name, kpi in KPIS.items()}
    places = sorted(
        {*before, *after}, key=lambda place: (place[0] is None, place[0] or "", order[place[1]])
    )
    return [
        Moved(*place, before.get(place), after.get(place))
        for place in places
        if _said(before.get(place)) != _said(after.get(place))
    ]


def _said(result: Result | None) -> tuple[float | None, int]:
    if result is None:
        return None, 0
    return None if result.value is None else round(result.value, 6), result.n
