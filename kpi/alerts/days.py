"""Which days an overview is about, where one feed tells of later days than another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from kpi.measures import KPIS
from kpi.periods import full_days
from kpi.store.properties import KIND
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

#: Tables whose newest data tell which days it is about.
_MAIN = ("cases", "contacts")


def newest(store: Store, names: Sequence[str]) -> datetime | None:
    """Up to when the data tell, by the newest main feed: one that stopped holds back no other.

    Without these by the tables of these KPIs; None when nothing is loaded.
    """
    main = [at for name in _MAIN if (at := store.as_of((name,))) is not None]
    rest = [at for name in names if (at := store.as_of(KPIS[name].reads)) is not None]
    return max(main or rest, default=None)


def behind(store: Store, names: Sequence[str], until: date) -> dict[str, date]:
    """The KPIs whose own tables tell of no whole day as late as `until`, with their last one."""
    zone = store.settings.time_zone
    return {
        name: day
        for name in names
        if (at := store.as_of(KPIS[name].reads)) is not None
        and (day := full_days(at, zone, 1).until) < until
    }


def today(store: Store, now: datetime, until: date) -> date:
    """The local day of now; over the demo, whose data end somewhere, `until`, their last one."""
    if store.properties().get(KIND):
        return until
    return max(to_local(now, store.settings.time_zone).date(), until)
