"""Working days, opening hours and deadlines, one day and one case at a time.

A calendar has opening hours per weekday; days without hours, public holidays it keeps and extra
closing days are closed. Rows of the configuration count from their `valid_from` on, so a day is
judged by the rules of that day. `kpi.store.prepare` does the same for whole tables in SQL; this is
the plain reading of the rules, for one case and to hold the other against.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import holidays

from kpi.zones import regimes, to_local, to_utc

#: The calendar of a process that names none, and of cases of an unknown process.
DEFAULT_CALENDAR = "office"
#: The opening hours for contacts; those of the default calendar until it is configured.
OPENING_CALENDAR = "opening"
#: The norm of a process that has none: two working days.
DEFAULT_NORM = 2.0
WORKING_DAYS = "working_days"
HOURS = "hours"
#: Hours of the default calendar when nothing is configured: Monday to Friday, nine to five.
DEFAULT_WEEKDAYS = range(1, 6)
DEFAULT_OPENS, DEFAULT_CLOSES = "09:00", "17:00"
#: A deadline further away than this has no working days to land on.
FURTHEST = timedelta(days=366 * 20)

_DAY = timedelta(days=1)
#: Names in the library of days that are public holidays by law or custom but working days for
#: nearly everybody; Easter and Whit Sunday are Sundays anyway.
_WORKED = {"NL": ("Good Friday",)}


@lru_cache(maxsize=16)
def public_holidays(country: str, first_year: int, last_year: int) -> frozenset[date]:
    """Public holidays of a country from `first_year` up to and including `last_year`.

    For the Netherlands: New Year's Day, Easter, King's Day (on Saturday when 27 April is a
    Sunday), 5 May in lustrum years only, Ascension Day, Whit Sunday and Monday, both Christmas
    days; not Good Friday. For other countries: the library's public holidays.
    """
    worked = _WORKED.get(country, ())
    found = holidays.country_holidays(
        country,
        years=range(first_year, last_year + 1),
        # Names are only looked at where some are worked.
        language="en_US" if worked else None,
    )
    return frozenset(day for day, name in found.items() if name not in worked)


class Hours(NamedTuple):
    """Opening hours of a day: `opens` <= clock < `closes`, in minutes after local midnight."""

    opens: int
    closes: int


def minutes(clock: str) -> int:
    """Minutes after midnight of a clock time: 540 for "09:00", 1440 for "24:00"."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


@dataclass(frozen=True)
class Calendar:
    """One calendar as configured.

    Attributes:
        weekly: rows of the table `calendars` for this calendar, all versions.
        exceptions: rows of the table `holidays` for this calendar, all versions.
        country: whose public holidays it keeps.
        zone: time zone of its clock.
    """

    weekly: tuple[Mapping[str, Any], ...]
    exceptions: tuple[Mapping[str, Any], ...] = ()
    country: str = "NL"
    zone: str = "Europe/Amsterdam"
    _known: dict[date, Hours | None] = field(default_factory=dict, compare=False, repr=False)

    def hours(self, day: date) -> Hours | None:
        """When it is open on `day`; None when it is closed."""
        if day not in self._known:
            self._known[day] = self._hours(day)
        return self._known[day]

    def _hours(self, day: date) -> Hours | None:
        row = in_force((row for row in self.weekly if row["weekday"] == day.isoweekday()), day)
        if row is None or not row["opens"] or not row["closes"]:
            return None
        opened = Hours(minutes(row["opens"]), minutes(row["closes"]))
        if opened.closes <= opened.opens:
            return None
        exception = in_force((row for row in self.exceptions if row["day"] == day), day)
        if exception is not None:
            return opened if exception["closed"] is False else None
        keeps = row["keeps_holidays"] is not False
        if keeps and day in public_holidays(self.country, day.year, day.year):
            return None
        return opened

    def next_working_day(self, day: date) -> date:
        """`day` if it is a working day, else the next one.

        Raises:
            LookupError: when there is none within twenty years.
        """
        for ahead in range(FURTHEST.days):
            if self.hours(day + ahead * _DAY) is not None:
                return day + ahead * _DAY
        raise LookupError(f"no working day within twenty years of {day}")

    def rolled(self, local: datetime) -> datetime:
        """The local time `local`, or the first moment after it at which the calendar is open.

        Half-open: at closing time it is closed.
        """
        day = local.date()
        opened = self.hours(day)
        midnight = datetime.combine(day, time())
        clock = (local - midnight) / timedelta(minutes=1)
        if opened is not None and clock < opened.closes:
            return max(local, midnight + timedelta(minutes=opened.opens))
        day = self.next_working_day(day + _DAY)
        opened = self.hours(day)
        assert opened is not None
        return datetime.combine(day, time()) + timedelta(minutes=opened.opens)

    def deadline(self, opened_at: datetime, norm: float, unit: str = WORKING_DAYS) -> datetime:
        """The deadline (UTC) of a case.

        Args:
            opened_at: when it was opened (UTC).
            norm: how many of `unit`.
            unit: "working_days": the opening is rolled into working time, the deadline is that
                many working days later at the same clock time (a part of a day counts as a
                whole one). "hours": that many hours of elapsed time after the opening itself,
                nights and weekends included.
        """
        if unit == HOURS:
            return opened_at + timedelta(hours=norm)
        start = self.rolled(to_local(opened_at, self.zone))
        day = start.date()
        for _ in range(math.ceil(norm)):
            day = self.next_working_day(day + _DAY)
        return to_utc(datetime.combine(day, start.time()), self.zone).utc

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """How long it was open between two moments (UTC): working time, where lead time is elapsed."""
        total = timedelta()
        day, last = to_local(start, self.zone).date(), to_local(end, self.zone).date()
        while day <= last:
            opened = self.hours(day)
            if opened is not None:
                opens_at = to_utc(
                    datetime.combine(day, time()) + timedelta(minutes=opened.opens), self.zone
                ).utc
                closes_at = opens_at + timedelta(hours=sum(self.open_hours(day).values()))
                total += max(min(end, closes_at) - max(start, opens_at), timedelta())
            day += _DAY
        return total

    def open_hours(self, day: date) -> dict[int, float]:
        """Hours open per local clock hour of `day`, by elapsed time; only hours that are open.

        On the day that the clock is put back the hour that occurs twice counts twice, and on the
        day that it is put forward the hour that does not exist counts nothing.
        """
        opened = self.hours(day)
        if opened is None:
            return {}
        midnight = datetime.combine(day, time())
        found: dict[int, float] = {}
        for regime in regimes(self.zone, day - _DAY, day + _DAY):
            offset = timedelta(seconds=regime.offset_seconds)
            for hour in range(24):
                low = max(hour * 60, opened.opens)
                high = min(hour * 60 + 60, opened.closes)
                start = max(regime.utc_from + offset, midnight + timedelta(minutes=low))
                end = min(regime.utc_until + offset, midnight + timedelta(minutes=high))
                if start < end:
                    found[hour] = found.get(hour, 0.0) + (end - start) / timedelta(hours=1)
        return found


def in_force(rows: Iterable[Mapping[str, Any]], day: date) -> Mapping[str, Any] | None:
    """The version that counts on `day`: the latest `valid_from`; None when retired or not yet."""
    counting = [row for row in rows if row["valid_from"] <= day]
    if not counting:
        return None
    latest = max(counting, key=lambda row: row["valid_from"])
    return None if latest.get("retired") else latest


def default_calendar(country: str = "NL", zone: str = "Europe/Amsterdam") -> Calendar:
    """Monday to Friday from nine to five, closed on public holidays."""
    return Calendar(
        tuple(
            {
                "weekday": weekday,
                "valid_from": date(1, 1, 1),
                "opens": DEFAULT_OPENS,
                "closes": DEFAULT_CLOSES,
                "keeps_holidays": True,
                "retired": False,
            }
            for weekday in DEFAULT_WEEKDAYS
        ),
        country=country,
        zone=zone,
    )
