"""Days on which far more contacts came than usual, as lines of what moved."""

from __future__ import annotations

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
from kpi.results.surge import WEEKS, Surge, stories
from pages.shared import data, drill, places, stretches
from pages.shared.filters import Asked

#: At most so many are shown.
MOST = 2


def lines(asked: Asked) -> list[Moved]:
    """The largest surges of contacts per process; what lies near together is one."""
    named = asked.filters.during(asked.period.since, stretches.up_to(asked))
    if not numbers.applies(KPIS[numbers.VOLUME], ("process",), named.where):
        return []
    return [_line(process, days, asked) for process, days in _stories(named)[:MOST]]


def rows(asked: Asked) -> list[tuple[str, dict[str, str]]]:
    """The ways to the contacts of the busy days that `lines` tells of: words and query, a run of days each."""
    named = asked.filters.during(asked.period.since, stretches.up_to(asked))
    if not numbers.applies(KPIS[numbers.VOLUME], ("process",), named.where):
        return []
    return [
        (
            _("The {n} contacts of {days}").format(
                n=formats.number(one.count), days=moved.days(one.since, one.until)
            ),
            query,
        )
        for process, days in _stories(named)[:MOST]
        for one in days
        if (query := _contacts(named.keeping("process", [process]), one))
    ]


def _contacts(named: Filters, one: Surge) -> dict[str, str]:
    """The question whose rows are the contacts of these days, day and night; empty where none is."""
    days = named.during(one.since, one.until)
    for name in (numbers.VOLUME, "contact_rate"):
        if numbers.applies(KPIS[name], (), days.where):
            [found] = data.ask((name,), days)
            # The one leaves out the night, the other days that the customers' extract does not know.
            if found.numerator == one.count:
                return drill.query(name, days)
    return {}


def before(asked: Asked) -> dict[str, str]:
    """Per process the days of a rush in the period held against: what was bad then was not usual."""
    if asked.before is None or not numbers.applies(
        KPIS[numbers.VOLUME], ("process",), asked.filters.where
    ):
        return {}
    found: dict[str, str] = {}
    for process, days in _stories(asked.filters.during(asked.before.since, asked.before.until)):
        found.setdefault(process, moved.days(days[0].since, days[-1].until))
    return found


def _stories(named: Filters) -> list[tuple[str, list[Surge]]]:
    """The rushes of a period, the largest first."""
    found = data.cached(
        "surges", (named,), lambda: numbers.contact_surges(data.store(), named, data.SCOPE)
    )
    return [(process, days) for process, days in stories(found) if process is not None]


def _line(process: str, days: Sequence[Surge], asked: Asked) -> Moved:
    first, last = days[0].since, days[-1].until
    # Three weeks before and nine days after: enough to see what is usual.
    since, until = first - timedelta(days=21), last + timedelta(days=9)
    span = Filters.of(since, min(stretches.up_to(asked), until), process=[process])
    asking = {**span.to_query(), "kpi": [numbers.VOLUME], "grain": ["day"], "lang": [language()]}
    line = moved.surged(
        process,
        data.title("process", process),
        days,
        f"{places.path('trends')}?{urlencode(asking, doseq=True)}",
        _outage(process, first, last),
    )
    return replace(line, mostly=_mostly(process, first, last), aims="contact_rate")


def about(line: Moved) -> Moved:
    """A line about customers with what the contacts of the process that owns it were mostly about."""
    if not line.owned or line.weeks is None:
        return line
    said = _mostly(line.owned, *line.weeks)
    if not said:
        return line
    return replace(line, mostly=f"{data.title('process', line.owned)}: {said}")


def _outage(process: str, first: date, last: date) -> str:
    """The outage that was announced near it; near is not because of."""
    near = outage_near(data.store(), process, first, last)
    return near.told(data.zone()) if near else ""


def _mostly(process: str, first: date, last: date) -> str:
    """The reason that the extra contacts were mostly about; empty where none stands out."""
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
    found = data.cached(
        "counts-by-reason",
        (filters,),
        lambda: numbers.counts(data.store(), numbers.VOLUME, filters, ("reason",), data.SCOPE),
    )
    return {reason: n for (reason,), n in found.items()}
