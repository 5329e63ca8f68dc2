"""Customers come, stay and leave; one row per customership period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi.demo.columns import Column, Numbered, Words
from kpi.demo.plan import Plan, day_number
from kpi.demo.rhythm import SEASONS, Codes, Flags, Numbers, Rhythm
from kpi.demo.stories import PriceRise
from kpi.demo.words import END_REASONS, PRODUCTS, SEGMENTS

#: New customers and leavers a year, as a share of all.
JOINING, LEAVING = 0.13, 0.075
PORTAL_SHARE = 0.62
LEFT_FOR, PRICE, ABROAD, DECEASED, UNPAID = range(len(END_REASONS))


@dataclass
class Customers:
    """Arrays of one element per customership period; days are day numbers, NaN for none."""

    number: Codes
    since: Numbers
    until: Numbers
    notice: Numbers
    end_reason: Codes
    portal: Flags
    high_value: Flags
    segment: Codes
    #: How readily the customer makes contact, mean 1.
    weight: Numbers

    def __len__(self) -> int:
        return len(self.number)

    def active(self, days: Codes) -> Numbers:
        """Number of customers on each of the (consecutive) `days`."""
        starts = np.sort(self.since)
        ends = np.sort(self.until[~np.isnan(self.until)])
        came = np.searchsorted(starts, days, side="right")
        left = np.searchsorted(ends, days, side="right")
        return (came - left).astype(float)

    def is_active(self, place: Codes, day: Numbers) -> Flags:
        """Whether the periods at `place` contain `day`."""
        until = self.until[place]
        inside: Flags = (self.since[place] <= day) & (np.isnan(until) | (day < until))
        return inside

    def draw(
        self, days: Numbers, random: np.random.Generator, weight: Numbers | None = None
    ) -> Codes:
        """A customer for each of `days`, active on it, by weight (default: readiness)."""
        levels = np.cumsum(self.weight if weight is None else weight)
        chosen = np.zeros(len(days), dtype=np.int64)
        wanted = np.arange(len(days))
        for _attempt in range(40):
            drawn = np.searchsorted(levels, random.random(len(wanted)) * levels[-1], side="right")
            chosen[wanted] = np.minimum(drawn, len(self) - 1)
            wanted = wanted[~self.is_active(chosen[wanted], days[wanted])]
            if not len(wanted):
                break
        return chosen

    def leave(self, place: Codes, notice: Numbers, until: Numbers, reason: int) -> None:
        """Let the periods at `place` end earlier than they would have."""
        self.notice[place] = notice
        self.until[place] = until
        self.end_reason[place] = reason

    def columns(self, plan: Plan) -> dict[str, Column]:
        """The table customers. An end is known once notice was given (or it has come)."""
        known = np.where(np.isnan(self.notice), self.until, self.notice) <= plan.last
        return {
            "customer_id": Numbered(self.number, "", 7),
            "customer_since": self.since,
            "customer_until": np.where(known, self.until, np.nan),
            "notice_at": np.where(known, self.notice, np.nan),
            "end_reason": Words(np.where(known, self.end_reason, -1), END_REASONS),
            "has_portal": self.portal.astype(np.int8),
            "value_class": Words(self.high_value.astype(np.int64), ("low", "high")),
            "segment": Words(self.segment, SEGMENTS),
        }

    def identities(self, plan: Plan) -> dict[str, Column]:
        """The table identities: every telephone, and the portal account of those who have one."""
        random = plan.random("identities")
        numbers, first = np.unique(self.number, return_index=True)
        portal = self.portal[first]
        keys = random.integers(1 << 16, 1 << 44, len(numbers))
        return {
            "source": Words(
                np.repeat([0, 1], [len(numbers), portal.sum()]), ("telephony", "portal")
            ),
            "external_id": Numbered(np.concatenate([keys, keys[portal] + 1]), "h:", 14),
            "customer_id": Numbered(np.concatenate([numbers, numbers[portal]]), "", 7),
        }


def make(plan: Plan, rhythm: Rhythm, rise: PriceRise) -> Customers:
    """All customership periods that touch the demo, the price rise included."""
    random = plan.random("customers")
    at_start = plan.customers
    years = plan.days / 365
    season = np.asarray(SEASONS["moving"])[
        rhythm.month[rhythm.index(np.arange(plan.first, plan.last + 1) * 86400.0)]
    ]
    joining = random.poisson(plan.customers * JOINING * years)
    tenure = np.minimum(random.gamma(1.3, 1500, at_start), 20 * 365).astype(int) + 1
    came = random.choice(plan.days, size=joining, p=season / season.sum())
    since = np.concatenate([plan.first - tenure, plan.first + came]).astype(float)
    count = len(since)
    made = Customers(
        number=random.permutation(count).astype(np.int64) + 100_000,
        since=since,
        until=np.full(count, np.nan),
        notice=np.full(count, np.nan),
        end_reason=np.full(count, -1, dtype=np.int64),
        portal=random.random(count) < PORTAL_SHARE,
        high_value=random.random(count) < 0.27,
        segment=random.choice(3, size=count, p=[0.84, 0.1, 0.06]).astype(np.int64),
        weight=random.gamma(0.9, 1 / 0.9, count),
    )
    _leave_in_the_usual_way(made, plan, random)
    _leave_after_the_rise(made, rise, random)
    return _return(made, plan, random)


def _leave_in_the_usual_way(made: Customers, plan: Plan, random: np.random.Generator) -> None:
    begins = np.maximum(made.since, plan.first)
    newcomer = made.since > plan.first - 365
    yearly = LEAVING * np.where(made.portal, 0.85, 1.2) * np.where(newcomer, 1.5, 0.9)
    until = np.floor(begins + random.exponential(365 / yearly))
    leaving = np.flatnonzero(until <= plan.last + 45)
    reason = random.choice(5, size=len(leaving), p=[0.55, 0.27, 0.05, 0.06, 0.07])
    made.until[leaving] = until[leaving]
    made.end_reason[leaving] = reason
    ahead = random.integers(7, 35, len(leaving))
    notice = np.maximum(until[leaving] - ahead, begins[leaving])
    made.notice[leaving] = np.where(reason <= PRICE, notice, np.nan)


def _leave_after_the_rise(made: Customers, rise: PriceRise, random: np.random.Generator) -> None:
    starts, ends = day_number(rise.starts), day_number(rise.ends)
    share = np.where(made.portal, rise.leaves_with_portal, rise.leaves_without_portal)
    here = made.is_active(np.arange(len(made)), np.full(len(made), float(starts)))
    place = np.flatnonzero(here & (random.random(len(made)) < share))
    # Notice soon after the letter, gone within the two months.
    notice = starts + np.minimum(np.floor(random.exponential(14, len(place))), ends - starts - 10)
    until = np.minimum(notice + random.integers(5, 25, len(place)), ends)
    earlier = np.isnan(made.until[place]) | (until < made.until[place])
    place, notice, until = place[earlier], notice[earlier], until[earlier]
    made.leave(place, notice, until, PRICE)


def _return(made: Customers, plan: Plan, random: np.random.Generator) -> Customers:
    left = np.flatnonzero(made.until < plan.last - 60)
    back = left[random.random(len(left)) < 0.025]
    since = made.until[back] + random.integers(30, 200, len(back))
    back, since = back[since < plan.last], since[since < plan.last]
    none = np.full(len(back), np.nan)
    return Customers(
        number=np.concatenate([made.number, made.number[back]]),
        since=np.concatenate([made.since, since]),
        until=np.concatenate([made.until, none]),
        notice=np.concatenate([made.notice, none]),
        end_reason=np.concatenate([made.end_reason, np.full(len(back), -1)]),
        portal=np.concatenate([made.portal, made.portal[back]]),
        high_value=np.concatenate([made.high_value, made.high_value[back]]),
        segment=np.concatenate([made.segment, made.segment[back]]),
        weight=np.concatenate([made.weight, made.weight[back]]),
    )


def holdings(made: Customers, plan: Plan) -> dict[str, Column]:
    """The table holdings: one to five products per customership period."""
    random = plan.random("holdings")
    count = len(made)
    chance = np.array([0.97, 0.55, 0.09, 0.12, 0.1, 0.2, 0.14])
    has = random.random((count, len(PRODUCTS))) < chance
    has[:, 0] |= ~has.any(axis=1)
    place, product = np.nonzero(has)
    later = np.where(product < 3, 0.06, 0.5)
    ends = np.where(np.isnan(made.until[place]), plan.last + 1, made.until[place])
    began = made.since[place]
    span = np.maximum(ends - began - 1, 0)
    started = began + np.where(
        random.random(len(place)) < later, np.floor(random.random(len(place)) ** 0.6 * span), 0
    )
    sold = started * 86400.0 - random.uniform(1, 21, len(place)) * 86400.0
    sold = np.where((sold < plan.starts) | (sold > plan.cutoff), np.nan, sold)
    annulled = np.where(
        random.random(len(place)) < 0.025, sold + random.uniform(1, 13, len(place)) * 86400, np.nan
    )
    annulled = np.where(annulled <= plan.cutoff, annulled, np.nan)
    stopped = (product >= 3) & (random.random(len(place)) < 0.05)
    ended = np.where(
        stopped, np.floor(started + random.random(len(place)) * (ends - started)), np.nan
    )
    ended = np.where(np.isnan(ended), made.until[place], ended)
    known = started <= plan.last
    channel = np.where(
        np.isnan(sold), -1, random.choice(3, size=len(place), p=[0.42, 0.5, 0.08])
    ).astype(np.int64)
    return {
        "holding_id": Numbered(np.flatnonzero(known) + 1, "K-", 7),
        "customer_id": Numbered(made.number[place][known], "", 7),
        "product": Words(product[known].astype(np.int64), PRODUCTS),
        "started": started[known],
        "ended": np.where(ended <= plan.last, ended, np.nan)[known],
        "sold_at": sold[known],
        "sold_channel": Words(channel[known], ("phone", "portal", "chat")),
        "annulled_at": annulled[known],
    }
