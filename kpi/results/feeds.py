"""When the next delivery of a feed is due, and whether it is on time; pure, one feed at a time.

How often a feed should come is configured, or read off the days on which it came before: nobody is
called late on fewer than four deliveries, nor on a rhythm that is none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from kpi.calendar import Calendar, minutes
from kpi.zones import to_local, to_utc

_DAY = timedelta(days=1)
#: Days of delivery that a rhythm is read off: at least, and at most (the latest).
FEWEST, MOST = 4, 13
#: A gap this many times the usual one: it comes when somebody thinks of it.
_IRREGULAR = 3
#: Part of the usual gap that a delivery may be later than it before it is called late.
_SLACK = 0.2


class Every(StrEnum):
    """What the time between two deliveries is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


class Punctual(StrEnum):
    """How a feed is doing."""

    #: The latest delivery could not be loaded.
    FAILED = "failed"
    #: The next one should have been there.
    LATE = "late"
    ON_TIME = "on_time"
    #: Nothing tells when it should come.
    NO_RHYTHM = "no_rhythm"


@dataclass(frozen=True)
class Rhythm:
    """How often a feed comes.

    Attributes:
        every, unit: one delivery every so many hours, days or working days.
        by: local clock time ("08:00") by which it is there; empty: the end of the day.
        slack: days that it may be later.
        read_off: days of delivery that it was read off; 0: it is configured.
    """

    every: float
    unit: Every
    by: str = ""
    slack: int = 0
    read_off: int = 0


@dataclass(frozen=True)
class Failure:
    """A delivery of which nothing was loaded.

    Attributes:
        failure_id: by which it is settled.
        at: when (UTC).
        file: its name.
        way: how it came: "inbox", "http" or "command".
        reason: a sentence.
    """

    failure_id: int
    at: datetime
    file: str
    way: str
    reason: str


@dataclass(frozen=True)
class FeedState:
    """One feed: what it brought, when it should come, and how it is doing.

    Attributes:
        feed: name of its profile; of a file that no profile fits the file's name.
        saved: whether a profile of that name is saved.
        tables: that it fills.
        deliveries: live imports.
        last_import, last_file: the latest of them; None for none.
        last_loaded: when that was loaded (UTC).
        as_of: up to when it tells (UTC).
        rhythm: how often it should come; None where nothing tells.
        due: by when the next one should be there (UTC).
        state: how it is doing.
        failure: the latest one, when nothing was loaded since.
    """

    feed: str
    saved: bool
    tables: tuple[str, ...]
    deliveries: int
    last_import: int | None
    last_file: str | None
    last_loaded: datetime | None
    as_of: datetime | None
    rhythm: Rhythm | None
    due: datetime | None
    state: Punctual
    failure: Failure | None = None

    @property
    def asks_attention(self) -> bool:
        """Late or failed."""
        return self.state in {Punctual.LATE, Punctual.FAILED}


def rhythm_of(days: Sequence[date], calendar: Calendar) -> Rhythm | None:
    """The rhythm of deliveries on these local days (in any order, repeats allowed).

    None for fewer than four days, and where the gaps are too unlike each other.
    """
    came = sorted(set(days))[-MOST:]
    if len(came) < FEWEST:
        return None
    if all(calendar.hours(day) is not None for day in came):
        working = [_working_days(a, b, calendar) for a, b in pairwise(came)]
        if median(working) == 1 and max(working) <= _IRREGULAR:
            return Rhythm(1, Every.WORKING_DAYS, read_off=len(came))
    gaps = [(b - a).days for a, b in pairwise(came)]
    usual = median(gaps)
    if max(gaps) > _IRREGULAR * usual:
        return None
    slack = 0 if usual <= 1 else math.ceil(_SLACK * usual)
    return Rhythm(math.ceil(usual), Every.DAYS, slack=slack, read_off=len(came))


def due_at(last: datetime, rhythm: Rhythm, calendar: Calendar) -> datetime:
    """By when (UTC) the delivery after the one of `last` (UTC) should be there."""
    if rhythm.unit is Every.HOURS:
        return last + timedelta(hours=rhythm.every)
    day = to_local(last, calendar.zone).date()
    count = max(1, math.ceil(rhythm.every))
    if rhythm.unit is Every.WORKING_DAYS:
        for _step in range(count):
            day = calendar.next_working_day(day + _DAY)
    else:
        day += count * _DAY
    day += rhythm.slack * _DAY
    clock = timedelta(minutes=minutes(rhythm.by or "24:00"))
    return to_utc(datetime.combine(day, time()) + clock, calendar.zone).utc


def state_of(due: datetime | None, failure: Failure | None, now: datetime) -> Punctual:
    """How a feed is doing at `now` (UTC)."""
    if failure is not None:
        return Punctual.FAILED
    if due is None:
        return Punctual.NO_RHYTHM
    return Punctual.LATE if now > due else Punctual.ON_TIME


def _working_days(first: date, last: date, calendar: Calendar) -> int:
    """Working days after `first` up to and including `last`."""
    days = (last - first).days
    return sum(calendar.hours(first + step * _DAY) is not None for step in range(1, days + 1))
