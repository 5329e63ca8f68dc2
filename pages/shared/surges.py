"""Days on which far more contacts came than usual, as lines of what moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

from kpi import formats, numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import Moved
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.numbers.announcements import outage_near
from kpi.results import driver
from kpi.results.surge import WEEKS, Surge
from kpi.stats import Z95
from pages.shared import data, places, stretches
from pages.shared.filters import Asked

#: A surge is news on the first page from this many times the usual, when it lies so many standard
#: deviations of a plain count above it (there are some hundreds of days to choose from), and at
#: most so many are shown.
TIMES, APART, MOST = 1.8, 5.0, 2
#: Surges of one process that lie no more days apart are told as one.
NEAR = timedelta(days=7)
_VOLUME = "offered_per_hour"


def lines(asked: Asked) -> list[Moved]:
    """The largest surges of contacts per process; what lies near together is one."""
    named = asked.filters.during(asked.period.since, stretches.up_to(asked))
    if not numbers.applies(KPIS[_VOLUME], ("process",), named.where):
        return []
    found = data.cached(
        "surges", (named,), lambda: numbers.contact_surges(data.store(), named, data.SCOPE)
    )
    told = [
        (process, days)
        for process, of_process in found.items()
        if process is not None
        for days in _joined([one for one in of_process if _is_news(one)])
    ]
    told.sort(key=lambda each: -sum(one.count - one.usual for one in each[1]))
    return [_line(process, days, asked) for process, days in told[:MOST]]


def strength(now: float, before: float) -> float:
    """How far two counts lie apart, in widths of their intervals: as lines are ranked by."""
    width = 2 * Z95 * (math.sqrt(now) + math.sqrt(before))
    return abs(now - before) / width if width else 0.0


def _is_news(one: Surge) -> bool:
    return TIMES <= one.times < math.inf and one.count - one.usual > APART * math.sqrt(one.usual)


def _joined(found: Sequence[Surge]) -> list[list[Surge]]:
    joined: list[list[Surge]] = []
    for one in sorted(found, key=lambda each: each.since):
        if joined and one.since - joined[-1][-1].until <= NEAR:
            joined[-1].append(one)
        else:
            joined.append([one])
    return joined


def _line(process: str, days: Sequence[Surge], asked: Asked) -> Moved:
    first, last = days[0].since, days[-1].until
    # Three weeks before and nine days after: enough to see what is usual.
    since, until = first - timedelta(days=21), last + timedelta(days=9)
    span = Filters.of(since, min(stretches.up_to(asked), until), process=[process])
    asking = {**span.to_query(), "kpi": [_VOLUME], "grain": ["day"], "lang": [language()]}
    when = moved.days(first, last)
    if len(days) > 1:
        busy = sum((one.until - one.since).days + 1 for one in days)
        when = _("{n} days from {when}").format(n=busy, when=when)
    count, usual = sum(one.count for one in days), sum(one.usual for one in days)
    href = f"{places.path('trends')}?{urlencode(asking, doseq=True)}"
    line = moved.surged(
        process,
        data.title("process", process),
        when,
        count,
        usual,
        href,
        strength(count, usual),
        (first, last),
        near=_outage(process, first, last),
    )
    return replace(line, mostly=_mostly(process, days))


def _outage(process: str, first: date, last: date) -> str:
    """The outage that was announced near it; near is not because of."""
    near = outage_near(data.store(), process, first, last)
    return near.told(data.zone()) if near else ""


def _mostly(process: str, days: Sequence[Surge]) -> str:
    """The reason that the extra contacts were mostly about; empty where none stands out."""
    first, last = days[0].since, days[-1].until
    kpi = KPIS[_VOLUME]
    if "reason" not in kpi.dimensions:
        return ""
    now = _counts(Filters.of(first, last, process=[process]))
    earlier = first - timedelta(weeks=WEEKS)
    before = _counts(Filters.of(earlier, first - timedelta(days=1), process=[process]))
    share = ((last - first).days + 1) / (WEEKS * 7)
    usual = {key: n * share for key, n in before.items()}
    parts = [driver.Part((key,), now.get(key, 0) - usual.get(key, 0)) for key in {*now, *usual}]
    top = driver.largest(parts, 1.0)
    if top is None:
        return ""
    return moved.tail(None, None, formats.lower_first(data.title("reason", top.key[0])))


def _counts(filters: Filters) -> dict[str | None, float]:
    found = data.ask((_VOLUME,), filters, ("reason",))
    return {one.by["reason"]: one.numerator or 0.0 for one in found}
