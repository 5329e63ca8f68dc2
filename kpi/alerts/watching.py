"""What an alert sees on each day: asked of the numbers as a screen may see them.

Never the machine's clock for what is about data: the last day is the last one that the data tell of
whole. What is about the clock (a feed that is late, no data at all) is seen today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from kpi.access import SCREEN
from kpi.alerts.machine import News, Seen, Standing, judged, run
from kpi.alerts.passing import Passing, last_told, passed
from kpi.alerts.rules import CONTROL, LATE, NO_DATA, OF_THE_CLOCK, SURGE, TARGET, Rule
from kpi.filters import Filters
from kpi.model import Better, Kpi, Result
from kpi.numbers import applies, ask, signals, target_of
from kpi.numbers.daily import daily_counts, newest_fact
from kpi.numbers.feeds import known_until, late_feeds, late_over
from kpi.periods import Period, full_days
from kpi.results.feeds import FeedState
from kpi.results.signals import Rule as Crossed
from kpi.results.surge import LEAST, WEEKS, Surge, surges
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

_DAY = timedelta(days=1)
#: Days that a preview looks back over.
PREVIEW = 90
#: Most days that are looked at in one go: after a long silence the rest is history.
MOST = 31
#: Facts that lie so far beyond the last day that can be judged: then nothing is known of now.
_BLIND = timedelta(days=7)


def last_day(store: Store, rule: Rule, now: datetime) -> date | None:
    """The last day that can be judged; None when nothing is loaded that tells of it."""
    if rule.condition in OF_THE_CLOCK:
        return to_local(now, store.settings.time_zone).date()
    if rule.passing is not None:
        return last_told(store, rule.passing)
    kpi = rule.of_kpi
    as_of = store.as_of(rule.reads)
    if kpi is None or as_of is None:
        return None
    return full_days(as_of - kpi.ahead, store.settings.time_zone, 1).until


def fits(rule: Rule) -> bool:
    """Whether its KPI can be told apart by what the rule keeps."""
    kpi = rule.of_kpi
    if rule.passing is not None:
        # Who came in has no process or channel of its own, and is held against a limit only.
        return rule.condition == TARGET and rule.bound is not None and not rule.filters.where
    return rule.condition == LATE or (kpi is not None and applies(kpi, (), rule.filters.where))


def see(store: Store, rule: Rule, days: Sequence[date], now: datetime) -> list[Seen]:
    """What is seen on each of `days` (in order); a day that cannot be judged says so."""
    if not days or not fits(rule):
        return [Seen(day, None) for day in days]
    if rule.condition == LATE:
        return [_lateness(day, late_feeds(store, now)) for day in days]
    if rule.condition == NO_DATA:
        return [_silence(store, rule, day) for day in days]
    if rule.condition == SURGE:
        return _rush(store, rule, days, now)
    if rule.condition == CONTROL:
        return _unusual(store, rule, days)
    return [_held(store, rule, day) for day in days]


def unseen(rule: Rule, standing: Standing, last: date) -> list[date]:
    """The days to look at now: the last one again (its data may have changed), and those since.

    Of an alert that is new, enough days for what goes on already to be told.
    """
    first = last - (rule.pending_days - 1) * _DAY
    if standing.day is not None:
        first = min(standing.day, last)
    if rule.condition in OF_THE_CLOCK:
        first = last
    first = max(first, last - (MOST - 1) * _DAY)
    return [first + place * _DAY for place in range((last - first).days + 1)]


@dataclass(frozen=True)
class Preview:
    """What an alert would have told over the last `days`, as far back as anything is known.

    `judged` is on how many of those days it could be judged: on none, its silence says nothing.
    """

    days: int
    news: list[News]
    judged: int


def preview(store: Store, rule: Rule, now: datetime, days: int = PREVIEW) -> Preview | None:
    """What it would have told over the last `days`, by the same rules; None: nothing is known.

    What is about the clock is looked up in what was loaded when: no further back than that.
    """
    last = last_day(store, rule, now)
    if last is None or not fits(rule):
        return None
    history = [last - back * _DAY for back in range(days - 1, -1, -1)]
    if rule.condition not in OF_THE_CLOCK:
        seen = see(store, rule, history, now)
    elif rule.condition == LATE:
        seen = [_lateness(day, late) for day, late in late_over(store, history).items()]
    else:
        assert rule.of_kpi is not None
        until = known_until(store, rule.of_kpi.reads, history)
        seen = [_quiet(rule, day, told) for day, told in until.items()]
    if not seen:
        return None
    judged = sum(one.breach is not None for one in seen)
    return Preview(len(seen), run(Standing(), seen, rule.pending_days)[1], judged)


def window(rule: Rule, day: date) -> Filters:
    """The question behind what is seen on `day`: the rule's filters over its days."""
    return rule.filters.during(day - (rule.days - 1) * _DAY, day)


def before(rule: Rule, day: date) -> Period:
    """As many days directly before: what the value is compared with to say why."""
    since = day - (rule.days - 1) * _DAY
    return Period(since, day).previous()


def _held(store: Store, rule: Rule, day: date) -> Seen:
    kpi = rule.of_kpi
    assert kpi is not None
    filters = window(rule, day)
    bound = rule.bound
    if rule.passing is not None:
        assert bound is not None
        seen = _through(store, rule.passing, filters, day)
        return judged(seen, bound, up=True, band=rule.band, least_n=rule.least_n)
    [result] = ask(store, [kpi.name], filters, (), SCREEN)
    seen = seen_of(result, day)
    if bound is None:
        bound, _sample = target_of(store, kpi, {}, filters, day)
    if bound is None:
        return seen
    return judged(seen, bound, up=upward(kpi), band=rule.band, least_n=rule.least_n)


def _through(store: Store, one: Passing, filters: Filters, day: date) -> Seen:
    found = passed(store, one, filters)
    if found is None or found.too_few:
        return Seen(day, None)
    return Seen(day, None, False, found.share, *found.interval, n=found.n)


def upward(kpi: Kpi) -> bool:
    """Whether a value below the limit is the bad side."""
    return kpi.better is Better.UP


def seen_of(result: Result, day: date) -> Seen:
    """A number as it was seen on a day, not judged yet."""
    return Seen(day, None, False, result.value, result.low, result.high, result.n)


def _unusual(store: Store, rule: Rule, days: Sequence[date]) -> list[Seen]:
    """The last whole week up to each day, against the limits of the weeks before it."""
    weeks: dict[date, Seen] = {}
    found = []
    for day in days:
        sunday = day - (day.isoweekday() % 7) * _DAY
        if sunday not in weeks:
            weeks[sunday] = _week(store, rule, sunday)
        found.append(replace(weeks[sunday], day=day))
    return found


def _week(store: Store, rule: Rule, sunday: date) -> Seen:
    kpi = rule.of_kpi
    assert kpi is not None
    filters = rule.filters.during(sunday - 6 * _DAY, sunday)
    charted = signals(store, kpi.name, filters, (), SCREEN, grain="week").get(())
    place = len(charted.names) - 1 if charted else -1
    result = charted.results[place] if charted and place >= charted.asked else None
    limit = charted.control.limits[place] if charted and result else None
    if charted is None or result is None or limit is None or result.n < rule.least_n:
        return Seen(sunday, None)
    bad = [
        one
        for one in charted.control.at(place)
        if one.rule is not Crossed.NEAR and (kpi.better is Better.CONTEXT or one.up != upward(kpi))
    ]
    up = bad[0].up if bad else not upward(kpi)
    return replace(
        seen_of(result, sunday), breach=bool(bad), clear=not bad,
        bound=limit.high if up else limit.low,
    )  # fmt: skip


def _rush(store: Store, rule: Rule, days: Sequence[date], now: datetime) -> list[Seen]:
    kpi = rule.of_kpi
    assert kpi is not None
    today = to_local(now, store.settings.time_zone).date()
    newest = newest_fact(store, kpi)
    # A mistyped day in the future is no news of now.
    if newest is not None and min(newest, today) - days[-1] > _BLIND:
        return [Seen(day, None) for day in days]
    since = days[0] - 2 * WEEKS * 7 * _DAY
    counts = daily_counts(store, kpi.name, rule.filters.during(since, days[-1]))
    found = {day: one for one in _each(surges(counts, days[0], days[-1])) for day in [one.since]}
    # A day is judged where eight weeks lie before it.
    known = min(counts, default=days[-1]) + WEEKS * 7 * _DAY
    least = max(LEAST, rule.least_n)
    return [_surged(day, counts.get(day, 0.0), found.get(day), known, least) for day in days]


def _surged(day: date, count: float, one: Surge | None, known: date, least: int) -> Seen:
    if day < known:
        return Seen(day, None)
    if one is None or count < least:
        # A count below ten is told to nobody.
        value = count if count >= LEAST else None
        return Seen(day, False, clear=True, value=value, n=int(count))
    return Seen(day, True, value=count, n=int(count), bound=one.usual)


def _each(found: Iterable[Surge]) -> Iterable[Surge]:
    """Surges of several days as one a day, so that each is a day's own."""
    for one in found:
        days = (one.until - one.since).days + 1
        for place in range(days):
            day = one.since + place * _DAY
            yield Surge(day, day, one.count / days, one.usual / days)


def _lateness(day: date, late: Sequence[FeedState]) -> Seen:
    # The name of a saved profile is configured; that of a file might be anything.
    told = ", ".join(one.feed for one in late if one.saved)
    return Seen(day, bool(late), not late, float(len(late)), n=len(late), note=told)


def _silence(store: Store, rule: Rule, day: date) -> Seen:
    kpi = rule.of_kpi
    assert kpi is not None
    as_of = store.as_of(kpi.reads)
    if as_of is None:
        return Seen(day, None)
    return _quiet(rule, day, to_local(as_of, store.settings.time_zone).date())


def _quiet(rule: Rule, day: date, told: date) -> Seen:
    days = (day - told).days
    quiet = days > rule.days
    return Seen(day, quiet, not quiet, float(days), n=days, bound=float(rule.days))
