"""What is asked of the demo: how many customers, over how long, up to which day, from which seed."""

from __future__ import annotations

import zlib
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from kpi.i18n import _

#: Fewer customers than this and the planted stories drown in chance.
FEWEST_CUSTOMERS = 500
MOST_CUSTOMERS = 2_000_000
SHORTEST, LONGEST = 6, 120
#: Cases opened this long before the first day may still be open on it.
WARM_UP_DAYS = 60
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


class PlanProblem(ValueError):
    """A demo that cannot be made as asked, with a sentence for the user."""


@dataclass(frozen=True)
class Plan:
    """A demo organisation before it exists; equal plans give equal data.

    Attributes:
        until: the last day that the data knows (local).
        customers: about so many customers at any time.
        months: complete months before the month of `until`; that month itself comes on top.
        seed: decides everything that chance decides, planted stories included.
        zone: the installation's time zone.
    """

    until: date
    customers: int = 8_000
    months: int = 24
    seed: int = 7
    zone: str = "Europe/Amsterdam"

    def __post_init__(self) -> None:
        if not FEWEST_CUSTOMERS <= self.customers <= MOST_CUSTOMERS:
            raise PlanProblem(
                _("The demo needs between {fewest} and {most} customers; {n} were asked.").format(
                    fewest=FEWEST_CUSTOMERS, most=MOST_CUSTOMERS, n=self.customers
                )
            )
        if not SHORTEST <= self.months <= LONGEST:
            raise PlanProblem(
                _(
                    "The demo covers between {shortest} and {longest} months; {n} were asked."
                ).format(shortest=SHORTEST, longest=LONGEST, n=self.months)
            )
        if not date(1990, 1, 1) <= self.until <= date(2099, 12, 31):
            raise PlanProblem(
                _("The demo ends on a day between 1990 and 2099, not on {day}.").format(
                    day=self.until
                )
            )
        if self.seed < 0:
            raise PlanProblem(_("A seed is a whole number from 0 on, not {n}.").format(n=self.seed))

    @cached_property
    def since(self) -> date:
        """The first day: a first of the month."""
        months = self.until.year * 12 + self.until.month - 1 - self.months
        return date(months // 12, months % 12 + 1, 1)

    @cached_property
    def first(self) -> int:
        """`since` as a day number."""
        return day_number(self.since)

    @cached_property
    def last(self) -> int:
        """`until` as a day number."""
        return day_number(self.until)

    @cached_property
    def days(self) -> int:
        """Days from `since` up to and including `until`."""
        return self.last - self.first + 1

    @cached_property
    def starts(self) -> float:
        """First moment of `since`: local seconds since 1970."""
        return self.first * 86400.0

    @cached_property
    def cutoff(self) -> float:
        """Last second of `until`: local seconds since 1970. Nothing that happened lies after it."""
        return (self.last + 1) * 86400.0 - 1

    def day(self, number: float) -> date:
        """The date of a day number."""
        return EPOCH + timedelta(days=int(number))

    def random(self, part: str) -> np.random.Generator:
        """Chance of one part: what another part draws does not move it."""
        return np.random.default_rng([self.seed, zlib.crc32(part.encode())])

    def describe(self) -> dict[str, Any]:
        """What to keep beside the store."""
        return {**asdict(self), "until": self.until.isoformat(), "since": self.since.isoformat()}
