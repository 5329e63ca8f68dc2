"""Local periods: days, ISO weeks, months and quarters, what is complete, and what came before.

Days are dates of the installation's zone. A period names its first and last day, both included;
as moments it is half-open, from the first day's first moment to that of the day after the last.
Moments are naive UTC, as everywhere.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from kpi.zones import to_local, to_utc

#: An extract cut off at 23:59 has told all of that day.
_CUT_OFF = timedelta(minutes=1)
#: Of a month or longer, what the rest of its last day may bring does not make it partial: most
#: extracts do not say up to when they tell, and their latest fact lies some hours before midnight.
_LONG = 28


def first_moment(day: date, zone: str) -> datetime:
    """The first moment of a local day, as naive UTC."""
    return to_utc(datetime.combine(day, time()), zone).utc


@dataclass(frozen=True, order=True)
class Period:
    """Local days from `since` to `until`, both included."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ValueError(f"the period ends ({self.until}) before it begins ({self.since})")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    @property
    def whole_months(self) -> int | None:
        """How many calendar months it is; None when it is not a number of whole ones."""
        ends = self.until.day == monthrange(self.until.year, self.until.month)[1]
        if self.since.day != 1 or not ends:
            return None
        return (self.until.year - self.since.year) * 12 + self.until.month - self.since.month + 1

    def starts_at(self, zone: str) -> datetime:
        """Its first moment (UTC)."""
        return first_moment(self.since, zone)

    def ends_at(self, zone: str) -> datetime:
        """The first moment after it (UTC)."""
        return first_moment(self.until + timedelta(days=1), zone)

    def complete(self, as_of: datetime | None, zone: str) -> bool:
        """Whether all of it was told by `as_of`.

        A cut-off at 23:59 counts as the day's end; a month or longer is complete when `as_of`
        lies on its last day.
        """
        if as_of is None or as_of + _CUT_OFF >= self.ends_at(zone):
            return True
        return self.days >= _LONG and as_of > first_moment(self.until, zone)

    def within(self, other: Period) -> Period | None:
        """The days both have; None when there are none."""
        since, until = max(self.since, other.since), min(self.until, other.until)
        return Period(since, until) if since <= until else None

    def told(self, as_of: datetime | None, zone: str) -> Period | None:
        """Its days up to the day of `as_of`; None when it begins later."""
        if as_of is None:
            return self
        last = to_local(as_of, zone).date()
        return Period(self.since, min(self.until, last)) if self.since <= last else None

    def previous(self) -> Period:
        """The equal period directly before: as many whole months, else as many days."""
        last = self.since - timedelta(days=1)
        if months := self.whole_months:
            return Period(add_months(self.since, -months), last)
        return Period(self.since - timedelta(days=self.days), last)

    def comparable(self) -> Period:
        """What a period is held against: `previous`, or a week earlier where it is shorter than one.

        Three days from Sunday on are not like the three days up to Saturday: every week they would seem
        to have moved alike.
        """
        if self.days < 7 and not self.whole_months:
            week = timedelta(weeks=1)
            return Period(self.since - week, self.until - week)
        return self.previous()

    def year_before(self) -> Period:
        """The same dates a year earlier; whole months stay whole (29 February included)."""
        since = add_months(self.since, -12)
        if months := self.whole_months:
            return Period(since, add_months(since, months) - timedelta(days=1))
        return Period(since, max(since, add_months(self.until, -12)))

    def cut(self, days: int) -> Period:
        """Its first `days` days (all of it when it has fewer)."""
        return Period(self.since, min(self.until, self.since + timedelta(days=days - 1)))


def equal_elapsed(now: Period, earlier: Period, as_of: datetime | None, zone: str) -> Period:
    """`earlier` cut to as many days as have been told of `now`, so that unequal is not compared."""
    told = now.told(as_of, zone)
    if told is None or now.complete(as_of, zone):
        return earlier
    return earlier.cut(told.days)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last where that month is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def bucket(day: date, grain: str) -> str:
    """The name of the day, ISO week, month or quarter that `day` lies in: 2026-W14, 2026-Q2."""
    if grain == "day":
        return day.isoformat()
    if grain == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if grain == "month":
        return f"{day:%Y-%m}"
    if grain == "quarter":
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    raise ValueError(f"there is no grain {grain}")


@lru_cache(maxsize=8192)
def days_of(name: str, grain: str) -> Period:
    """The days of the bucket of that name: the opposite of `bucket`."""
    if grain == "day":
        day = date.fromisoformat(name)
        return Period(day, day)
    if grain == "week":
        year, week = name.split("-W")
        first = date.fromisocalendar(int(year), int(week), 1)
        return Period(first, first + timedelta(days=6))
    if grain == "month":
        first = date.fromisoformat(f"{name}-01")
        return Period(first, add_months(first, 1) - timedelta(days=1))
    if grain == "quarter":
        year, quarter = name.split("-Q")
        first = date(int(year), 3 * int(quarter) - 2, 1)
        return Period(first, add_months(first, 3) - timedelta(days=1))
    raise ValueError(f"there is no grain {grain}")


def buckets(period: Period, grain: str) -> Iterator[tuple[str, Period]]:
    """Name and days of each bucket that `period` touches, cut to the period, in order."""
    day = period.since
    while day <= period.until:
        name = bucket(day, grain)
        part = days_of(name, grain).within(period)
        assert part is not None  # it holds `day`
        yield name, part
        day = part.until + timedelta(days=1)


def complete_months(as_of: datetime, zone: str, months: int = 12) -> Period:
    """The last `months` complete calendar months up to `as_of`."""
    last = month_of(as_of, zone)
    if not last.complete(as_of, zone):
        last = last.previous()
    return Period(add_months(last.since, 1 - months), last.until)


def month_of(moment: datetime, zone: str) -> Period:
    """The calendar month that `moment` lies in."""
    return days_of(bucket(to_local(moment, zone).date(), "month"), "month")


def full_days(as_of: datetime, zone: str, days: int) -> Period:
    """The last `days` complete local days up to `as_of`."""
    last = to_local(as_of + _CUT_OFF, zone).date() - timedelta(days=1)
    return Period(last - timedelta(days=days - 1), last)


def months_up_to(until: date, months: int = 12) -> Period:
    """The last `months` calendar months, the one of `until` included, ending on `until`."""
    return Period(add_months(until.replace(day=1), 1 - months), until)
