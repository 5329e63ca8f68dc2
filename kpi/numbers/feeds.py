"""Which feeds are late or failed: asked of the imports, what failed, and what was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from kpi.calendar import DEFAULT_CALENDAR, Calendar, default_calendar
from kpi.results.feeds import (
    Every,
    Failure,
    FeedState,
    Punctual,
    Rhythm,
    due_at,
    rhythm_of,
    state_of,
)
from kpi.tables import table
from kpi.zones import to_local, to_utc

if TYPE_CHECKING:
    from kpi.store import Store

_ORDER = list(Punctual)
_FAILED = table("failed_loads")


def feeds(store: Store, now: datetime | None = None) -> list[FeedState]:
    """Every feed there ever was or that is agreed on; what asks for attention first.

    A feed is what one profile reads; files that were loaded without a saved profile are told apart
    by the table they fill.

    Args:
        store: that they were loaded into.
        now: naive UTC; None: the clock.
    """
    moment = now or datetime.now(UTC).replace(tzinfo=None)
    calendar = working_calendar(store)
    today = to_local(moment, calendar.zone).date()
    known = {row["profile"]: row for row in store.configuration.rows("feed_profiles", today)}
    agreed = {row["profile"]: row for row in store.configuration.rows("expected_feeds", today)}
    loads: dict[str, list[Mapping[str, Any]]] = {}
    for row in store.imports():
        if row["undone_at"] is None and row["loaded_at"] is not None:
            loads.setdefault(row["profile"] or "", []).append(row)
    failures = _failures(store, loads)
    names = dict.fromkeys([*loads, *agreed, *(name for name in failures if name in known)])
    found = [
        _feed(name, name in known, loads.get(name, []), agreed.get(name), failures.pop(name, None),
              calendar, moment)
        for name in names
    ]  # fmt: skip
    # What is left failed before there was anything of that name: a file that no profile fits.
    found += [
        FeedState(name, False, (), 0, None, None, None, None, None, None, Punctual.FAILED, failure)
        for name, failure in failures.items()
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.state), one.feed.casefold()))


def late_feeds(store: Store, now: datetime | None = None) -> list[FeedState]:
    """The feeds that are late or failed; see `feeds`."""
    return [one for one in feeds(store, now) if one.asks_attention]


def working_calendar(store: Store) -> Calendar:
    """The calendar of working days, as configured."""
    settings = store.settings
    weekly = [
        r for r in store.configuration.versions("calendars") if r["calendar"] == DEFAULT_CALENDAR
    ]
    if not weekly:
        return default_calendar(settings.holidays_country, settings.time_zone)
    exceptions = [
        r for r in store.configuration.versions("holidays") if r["calendar"] == DEFAULT_CALENDAR
    ]
    return Calendar(tuple(weekly), tuple(exceptions), settings.holidays_country, settings.time_zone)


def _feed(
    name: str,
    saved: bool,
    loads: list[Mapping[str, Any]],
    agreed: Mapping[str, Any] | None,
    failure: Failure | None,
    calendar: Calendar,
    now: datetime,
) -> FeedState:
    latest = max(loads, key=lambda row: row["loaded_at"], default=None)
    rhythm = _agreed(agreed)
    if rhythm is None:
        rhythm = rhythm_of(
            [to_local(row["loaded_at"], calendar.zone).date() for row in loads], calendar
        )
    since = latest["loaded_at"] if latest else None
    if since is None and agreed is not None:
        # Agreed on, and nothing came yet: it counts from the day of the agreement.
        since = to_utc(datetime.combine(agreed["valid_from"], time()), calendar.zone).utc
    due = due_at(since, rhythm, calendar) if since is not None and rhythm is not None else None
    return FeedState(
        feed=name,
        saved=saved,
        tables=tuple(dict.fromkeys(_tables(loads))),
        deliveries=len(loads),
        last_import=latest["import_id"] if latest else None,
        last_file=latest["file"] if latest else None,
        last_loaded=latest["loaded_at"] if latest else None,
        as_of=max((row["as_of"] for row in loads if row["as_of"]), default=None),
        rhythm=rhythm,
        due=due,
        state=state_of(due, failure, now),
        failure=failure,
    )


def _tables(loads: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    return (feed["table_name"] for row in loads for feed in row["feeds"])


def _agreed(row: Mapping[str, Any] | None) -> Rhythm | None:
    if row is None or not row["every"]:
        return None
    unit = Every(row["unit"] or Every.WORKING_DAYS)
    return Rhythm(float(row["every"]), unit, row["by_time"] or "")


def _failures(store: Store, loads: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, Failure]:
    """Per feed its latest failure that nothing made good: no later load, no same file loaded."""
    loaded = {row["file"]: row["loaded_at"] for rows in loads.values() for row in reversed(rows)}
    hashes = {row["hash"] for rows in loads.values() for row in rows}
    found: dict[str, Failure] = {}
    open_ = sa.select(_FAILED).where(_FAILED.c.settled_at.is_(None)).order_by(_FAILED.c.failure_id)
    for row in store.rows(open_):
        name = row["profile"] or row["file"]
        later = max((one["loaded_at"] for one in loads.get(name, [])), default=None)
        same = loaded.get(row["file"])
        good = (later and later > row["failed_at"]) or (same and same > row["failed_at"])
        if good or (row["hash"] and row["hash"] in hashes):
            found.pop(name, None)
            continue
        found[name] = Failure(
            row["failure_id"], row["failed_at"], row["file"], row["way"], row["reason"]
        )
    return found
