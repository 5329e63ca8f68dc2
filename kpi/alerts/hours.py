"""The hours in which something may be sent: Monday tells what Friday evening began."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kpi.calendar import Calendar
from kpi.zones import to_local, to_utc

if TYPE_CHECKING:
    from kpi.store import Store


def calendar_of(store: Store, name: str) -> Calendar | None:
    """A calendar as configured; None where there is none of that name."""
    configuration, settings = store.configuration, store.settings
    weekly = [row for row in configuration.versions("calendars") if row["calendar"] == name]
    if not weekly:
        return None
    exceptions = [row for row in configuration.versions("holidays") if row["calendar"] == name]
    return Calendar(tuple(weekly), tuple(exceptions), settings.holidays_country, settings.time_zone)


def not_before(store: Store, calendar: str, moment: datetime) -> datetime:
    """`moment` (naive UTC) where the calendar is open then or is none, else when it opens next."""
    found = calendar_of(store, calendar) if calendar else None
    if found is None:
        return moment
    local = to_local(moment, found.zone)
    try:
        opened = found.rolled(local)
    except LookupError:
        return moment  # a calendar that never opens would hide everything
    return moment if opened == local else to_utc(opened, found.zone).utc
