"""Days on which far more contacts came than usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from kpi import formats, numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import Moved
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.news import still, usual
from kpi.news.question import Asking
from kpi.numbers.announcements import outage_near
from kpi.results import driver
from kpi.results.surge import WEEKS, Surge, stories

#: At most so many are told.
MOST = 2
#: How long before the period a rush that reaches into it may have begun, or after it may end.
_BESIDE = timedelta(weeks=4)
#: Who leaves in a month said so in that month or in the one before.
_NOTICE = timedelta(days=31)
Story = tuple[str, list[Surge]]


def lines(asking: Asking) -> list[Moved]:
    """The largest rushes of contacts per process; what lies near together is one."""
    return [_line(asking, process, days) for process, days in told(asking)]


def told(asking: Asking) -> list[Story]:
    """The process and the busy days of each line."""
    return _stories(asking, asking.news)[:MOST]


def days_before(asking: Asking) -> dict[str, tuple[date, date]]:
    """Per process the largest rush in the period held against: what it was then was not usual."""
    if asking.before is None:
        return {}
    found: dict[str, tuple[date, date]] = {}
    span = asking.filters.during(asking.before.since, asking.before.until)
    for process, days in _stories(asking, span):
        found.setdefault(process, (days[0].since, days[-1].until))
    return found


def about(asking: Asking, line: Moved) -> Moved:
    """A line about customers with what the contacts of the process that owns it were mostly about."""
    if not line.owned or line.weeks is None:
        return line
    first, last = line.weeks
    said = _mostly(asking, line.owned, first - _NOTICE, last)
    if not said:
        return line
    return replace(line, mostly=f"{asking.title('process', line.owned)}: {said}")


def _stories(asking: Asking, named: Filters) -> list[Story]:
    """The rushes of a period, the largest first."""
    if not numbers.applies(KPIS[numbers.VOLUME], ("process",), named.where):
        return []
    assert named.since is not None
    assert named.until is not None
    since, until = named.since, named.until
    # One that began before the period, or goes on after it, is told whole.
    span = named.during(since - _BESIDE, _seen_up_to(asking, until))
    found = asking.keep(
        "surges",
        (span, asking.scope),
        lambda: numbers.contact_surges(asking.store, span, asking.scope),
    )
    return [
        (process, days)
        for process, days in stories(found)
        if process is not None and days[-1].until >= since and days[0].since <= until
    ]


def _seen_up_to(asking: Asking, until: date) -> date:
    return max(until, min(asking.horizon, until + _BESIDE))


def _line(asking: Asking, process: str, days: Sequence[Surge]) -> Moved:
    first, last = days[0].since, days[-1].until
    # Three weeks before and nine days after: enough to see what is usual.
    since, until = first - timedelta(days=21), last + timedelta(days=9)
    span = Filters.of(since, min(asking.horizon, until), process=[process])
    query = {**span.to_query(), "kpi": [numbers.VOLUME], "grain": ["day"]}
    line = moved.surged(
        process,
        asking.title("process", process),
        days,
        asking.href("trends", query),
        _outage(asking, process, first, last),
    )
    return replace(
        line, mostly=_mostly(asking, process, first, last), aims="contact_rate",
        still=still.of(last, _seen_up_to(asking, asking.up_to), "day"), usual=usual.same_weekday(),
    )  # fmt: skip


def _outage(asking: Asking, process: str, first: date, last: date) -> str:
    """The outage that was announced near it; near is not because of."""
    near = outage_near(asking.store, process, first, last)
    return near.told(asking.zone) if near else ""


def _mostly(asking: Asking, process: str, first: date, last: date) -> str:
    """The reason that the extra contacts were mostly about; empty where none stands out."""
    now = _counts(asking, Filters.of(first, last, process=[process]))
    earlier = first - timedelta(weeks=WEEKS)
    span = Filters.of(earlier, first - timedelta(days=1), process=[process])
    share = ((last - first).days + 1) / (WEEKS * 7)
    usual = {key: n * share for key, n in _counts(asking, span).items()}
    parts = [driver.Part((key,), now.get(key, 0) - usual.get(key, 0)) for key in {*now, *usual}]
    top = driver.largest(parts, 1.0)
    if top is None:
        return ""
    return moved.tail(None, None, formats.lower_first(asking.title("reason", top.key[0])))


def _counts(asking: Asking, filters: Filters) -> dict[str | None, float]:
    found = asking.keep(
        "counts-by-reason",
        (filters, asking.scope),
        lambda: numbers.counts(asking.store, numbers.VOLUME, filters, ("reason",), asking.scope),
    )
    return {reason: n for (reason,), n in found.items()}
