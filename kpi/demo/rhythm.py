"""When things happen: weekdays, holidays, seasons, hours, and the clock of working time.

All times here are local: seconds since 1970-01-01 00:00 on the wall clock, as float64.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import holidays
import numpy as np
from numpy.typing import NDArray

from kpi.demo.plan import EPOCH, WARM_UP_DAYS, Plan

# Arithmetic widens numpy's types, so these say what an array holds, not how: numbers (a time, a day
# or an amount; NaN for none), places or codes (-1 for none), and yes or no.
Numbers = NDArray[Any]
Codes = NDArray[Any]
Flags = NDArray[Any]

DAY = 86400.0
OPENS, CLOSES = 9 * 3600.0, 17 * 3600.0
WORKDAY = CLOSES - OPENS
#: Days after `until` that the clock of working time knows (a closing may be planned there).
LOOKAHEAD = 400

#: Monday … Sunday. At the weekend only what needs nobody to answer.
WEEKDAYS = (1.15, 1.05, 1.0, 0.95, 0.85, 0.62, 0.75)
#: January … December.
SEASONS = {
    "moving": (0.75, 0.75, 0.9, 0.95, 1.1, 1.3, 1.45, 1.4, 1.15, 0.95, 0.75, 0.65),
    "winter": (1.5, 1.4, 1.15, 0.9, 0.75, 0.65, 0.6, 0.62, 0.8, 1.05, 1.25, 1.45),
    "billing": (1.25, 1.1, 1.0, 0.95, 0.9, 0.9, 0.85, 0.85, 1.0, 1.05, 1.05, 1.1),
    "flat": (1.0,) * 12,
}
#: Weight per clock hour, 0 … 23.
HOURS = {
    "office": (0,) * 8 + (0.25, 9, 12, 12, 9, 10, 11, 10, 8, 0.25, 0.1) + (0,) * 5,
    "online": (
        2, 1, 0.5, 0.3, 0.3, 0.6, 2, 4, 7, 9, 9, 8, 8, 8, 8, 8, 8, 7, 8, 11, 12, 10, 7, 4,
    ),
}  # fmt: skip


class Rhythm:
    """The days of one demo and what each is like, warm-up and look-ahead included."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.first = plan.first - WARM_UP_DAYS
        count = plan.last + LOOKAHEAD - self.first
        self.days: Codes = np.arange(self.first, self.first + count)
        dates = self.days.astype("datetime64[D]")
        self.weekday: Codes = (self.days + 3) % 7
        self.month: Codes = dates.astype("datetime64[M]").astype(int) % 12
        years = range(plan.since.year - 1, plan.until.year + 3)
        off = sorted(
            (day - EPOCH).days
            for day in holidays.country_holidays("NL", years=years, language="nl")
        )
        self.holiday: Flags = np.isin(self.days, off)
        self.working: Flags = (self.weekday < 5) & ~self.holiday
        #: Working seconds before each day begins.
        self._worked: Numbers = np.concatenate([[0.0], np.cumsum(self.working * WORKDAY)])

    def index(self, moments: Numbers) -> Codes:
        """Place in `days` of the day of each moment."""
        place = np.floor(moments / DAY).astype(np.int64) - self.first
        return np.clip(place, 0, len(self.days) - 1)

    def volumes(
        self, yearly: float, active: Numbers, season: Sequence[float], random: np.random.Generator
    ) -> Numbers:
        """Expected number a day, for the days from warm-up up to and including `until`.

        `yearly` is per customer and year, `active` the customers on each of those days, `season` a
        factor per month. Days differ by themselves too (8 %), so that a control chart has
        something to do.
        """
        count = len(active)
        weekday = np.asarray(WEEKDAYS) / np.mean(WEEKDAYS)
        level = weekday[self.weekday[:count]]
        level = np.where(self.holiday[:count], level * 0.7, level)
        # The day after a closed day takes what could not be asked.
        reopened = np.concatenate([[False], self.holiday[: count - 1]]) & ~self.holiday[:count]
        level = np.where(reopened, level * 1.25, level)
        month = np.asarray(season)[self.month[:count]]
        noise = np.exp(random.normal(0, 0.08, count))
        expected: Numbers = yearly / 365.0 * active * level * month * noise
        return expected

    def clock(self, kind: str, count: int, random: np.random.Generator) -> Numbers:
        """Seconds after midnight, drawn from the hour profile `kind`."""
        weights = np.asarray(HOURS[kind], dtype=float)
        hour = random.choice(24, size=count, p=weights / weights.sum())
        seconds: Numbers = hour * 3600.0 + np.floor(random.random(count) * 3600.0)
        return seconds

    def worked(self, moments: Numbers) -> Numbers:
        """Working seconds from the first day of the warm-up up to each moment."""
        place = self.index(moments)
        within = np.clip(moments - self.days[place] * DAY - OPENS, 0.0, WORKDAY)
        done: Numbers = self._worked[place] + np.where(self.working[place], within, 0.0)
        return done

    def when_worked(self, seconds: Numbers) -> Numbers:
        """The moment at which so many working seconds have passed: the inverse of `worked`."""
        place = np.searchsorted(self._worked, seconds, side="left") - 1
        place = np.clip(place, 0, len(self.days) - 1)
        moment: Numbers = self.days[place] * DAY + OPENS + (seconds - self._worked[place])
        return moment

    def after_working(self, moments: Numbers, seconds: Numbers) -> Numbers:
        """Each moment plus so many working seconds."""
        return self.when_worked(self.worked(moments) + seconds)

    def into_opening(self, moments: Numbers, random: np.random.Generator) -> Numbers:
        """Moments moved into opening hours: the same day at a drawn hour, else the next open day."""
        place = self.index(moments)
        closed = ~self.working[place]
        following = self.when_worked(self._worked[place] + 1.0)
        day = np.where(closed, np.floor(following / DAY), np.floor(moments / DAY))
        seconds = moments - np.floor(moments / DAY) * DAY
        outside = closed | (seconds < OPENS) | (seconds >= CLOSES)
        drawn = self.clock("office", len(moments), random)
        inside: Numbers = day * DAY + np.where(outside, drawn, seconds)
        return inside

    def name(self, number: float) -> str:
        """A day number as an ISO date."""
        return (EPOCH + timedelta(days=int(number))).isoformat()
