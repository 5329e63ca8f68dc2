"""Which feeds are late or failed: asked of the imports, what failed, and what was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from kpi.calendar import DEFAULT_CALENDAR, Calendar, default_calendar
from kpi.periods import first_moment
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
_JUST = timedelta(seconds=1)


def feeds(store: Store, now: datetime | None = None) -> list[FeedState]:
    """Every feed there ever was or that is agreed on; what asks for attention first.

    A feed is what one profile reads; files that were loaded without a saved profile are told apart
    by the table they fill.

    Args:
        store: that they were loaded into.
        now: naive UTC; None: the clock.
    """
    return _History.of(store).at(now or datetime.now(UTC).replace(tzinfo=None))


def late_over(store: Store, days: Sequence[date]) -> dict[date, list[FeedState]]:
    """Per day which feeds were late or failed at any moment of it, as could be known then.

    By what is agreed on now; days before the first delivery are not in it.
    """
    history, zone = _History.of(store), store.settings.time_zone
    moments = sorted({row["loaded_at"] - _JUST for row in history.imports})
    first = moments[0] + _JUST if moments else None
    found: dict[date, list[FeedState]] = {}
    for day in days:
        begin, end = first_moment(day, zone), first_moment(day + timedelta(days=1), zone) - _JUST
        if first is None or end < first:
            continue
        # What was late is late up to the moment that it comes: then, and at the end of the day.
        late: dict[str, FeedState] = {}
        for moment in (*(one for one in moments if begin <= one < end), end):
            late |= {one.feed: one for one in history.at(moment) if one.asks_attention}
        found[day] = list(late.values())
    return found


def known_until(store: Store, names: Sequence[str], days: Sequence[date]) -> dict[date, date]:
    """Per day up to which local day the data of all these tables told at its end.

    As `Store.as_of`, with what had been loaded by then; days on which nothing had are not in it.
    """
    zone = store.settings.time_zone
    imports = _loaded(store)
    found = {}
    for day in days:
        moment = first_moment(day + timedelta(days=1), zone) - _JUST
        latest: dict[str, datetime] = {}
        for row in imports:
            for feed in row["feeds"] if row["loaded_at"] <= moment else ():
                name, at = feed["table_name"], feed["as_of"]
                if at is not None:
                    latest[name] = max(latest.get(name, at), at)
        told = [latest[name] for name in names if name in latest]
        if told:
            found[day] = to_local(min(told), zone).date()
    return found


def late_feeds(store: Store, now: datetime | None = None) -> list[FeedState]:
    """The feeds that are late or failed; see `feeds`."""
    return [one for one in feeds(store, now) if one.asks_attention]


def working_calendar(store: Store, name: str = DEFAULT_CALENDAR) -> Calendar:
    """The calendar of working days, or the one of this name, as configured."""
    settings = store.settings
    weekly = [r for r in store.configuration.versions("calendars") if r["calendar"] == name]
    if not weekly and name != DEFAULT_CALENDAR:
        return working_calendar(store)
    if not weekly:
        return default_calendar(settings.holidays_country, settings.time_zone)
    exceptions = [r for r in store.configuration.versions("holidays") if r["calendar"] == name]
    return Calendar(tuple(weekly), tuple(exceptions), settings.holidays_country, settings.time_zone)


@dataclass(frozen=True)
class _History:
    """Every delivery and failure there was, and what is agreed on: enough to go back in time."""

    imports: list[dict[str, Any]]
    failures: list[dict[str, Any]]
    known: Mapping[str, Any]
    agreed: Mapping[str, Any]
    calendar: Calendar

    @classmethod
    def of(cls, store: Store) -> _History:
        calendar = working_calendar(store)
        today = to_local(datetime.now(UTC).replace(tzinfo=None), calendar.zone).date()
        rows = store.configuration.rows
        return cls(
            _loaded(store),
            store.rows(sa.select(_FAILED).order_by(_FAILED.c.failure_id)),
            {row["profile"]: row for row in rows("feed_profiles", today)},
            {row["profile"]: row for row in rows("expected_feeds", today)},
            calendar,
        )

    def at(self, moment: datetime) -> list[FeedState]:
        """The feeds as they stood then."""
        loads: dict[str, list[Mapping[str, Any]]] = {}
        for row in self.imports:
            if row["loaded_at"] <= moment:
                loads.setdefault(row["profile"] or "", []).append(row)
        open_ = [
            row
            for row in self.failures
            if row["failed_at"] <= moment
            and (row["settled_at"] is None or row["settled_at"] > moment)
        ]
        failures = _failures(open_, loads)
        names = dict.fromkeys(
            [*loads, *self.agreed, *(name for name in failures if name in self.known)]
        )
        found = [
            _feed(name, name in self.known, loads.get(name, []), self.agreed.get(name),
                  failures.pop(name, None), self.calendar, moment)
            for name in names
        ]  # fmt: skip
        # What is left failed before there was anything of that name: a file that no profile fits.
        found += [
            FeedState(name, False, (), 0, None, None, None, None, None, None, Punctual.FAILED, one)
            for name, one in failures.items()
        ]
        return sorted(found, key=lambda one: (_ORDER.index(one.state), one.feed.casefold()))


def _loaded(store: Store) -> list[dict[str, Any]]:
    """Every delivery; what was taken back was none."""
    return [
        row for row in store.imports() if row["loaded_at"] is not None and row["undone_at"] is None
    ]


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


def _failures(
    open_: Sequence[Mapping[str, Any]], loads: Mapping[str, list[Mapping[str, Any]]]
) -> dict[str, Failure]:
    """Per feed its latest failure that nothing made good: no later load, no same file loaded."""
    loaded = {row["file"]: row["loaded_at"] for rows in loads.values() for row in reversed(rows)}
    hashes = {row["hash"] for rows in loads.values() for row in rows}
    found: dict[str, Failure] = {}
    for row in open_:
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
