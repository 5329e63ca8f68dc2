"""Control limits that a KPI of a process left for weeks: news of a short period."""

from __future__ import annotations

from dataclasses import replace

from kpi import formats, numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import NOT_RANKED, Moved
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import headlines
from kpi.model import Better, Kpi
from kpi.news import still, usual
from kpi.news.question import Asking
from kpi.news.weeks import LONG
from kpi.periods import bucket, days_of
from kpi.results.signals import Charted, Rule, Signal

#: One week outside may be chance where some hundreds are looked at; so many in a row hardly are.
_LEAST = 2


def lines(asking: Asking) -> list[Moved]:
    """Per process and headline the surest signal that is news; none in a long period."""
    if asking.period.days >= LONG:
        return []
    named = asking.news
    found = []
    for kpi in headlines():
        if kpi.better is Better.CONTEXT or kpi.name in NOT_RANKED:
            continue
        if not numbers.applies(kpi, ("process",), named.where):
            continue
        for (process,), charted in _charts(asking, kpi, named).items():
            if process is None:
                continue
            told = line(kpi, process, charted, asking.title("process", process))
            if told is not None:
                found.append(_still(asking, told, charted))
    return found


def _still(asking: Asking, told: Moved, charted: Charted) -> Moved:
    assert told.weeks is not None
    until = told.weeks[1]
    week, last = bucket(until, "week"), charted.names[-2:]
    said = still.said(
        asking, None if week in last else until, "week", better=told.better, sure=week == last[-1]
    )
    return replace(told, still=said, usual=usual.weeks_before())


def _charts(asking: Asking, kpi: Kpi, named: Filters) -> dict[tuple[str | None, ...], Charted]:
    by = ("process",)
    return asking.keep(
        "signals",
        (kpi.name, named, by, "week", asking.scope),
        lambda: numbers.signals(asking.store, kpi.name, named, by, asking.scope, grain="week"),
    )


def line(kpi: Kpi, process: str, charted: Charted, title: str) -> Moved | None:
    """The surest signal of one series that is news; None where none is. `title` is the process."""
    told = [said for one in _joined(charted) if (said := _of(kpi, process, charted, one, title))]
    return max(told, key=lambda one: one.strength, default=None)


def _joined(charted: Charted) -> list[Signal]:
    """The signals that are news; weeks outside, one after another on one side, are one."""
    found: list[Signal] = []
    for one in charted.telling:
        last = found[-1] if found else None
        together = (
            last is not None
            and one.rule is last.rule is Rule.OUTSIDE
            and one.up is last.up
            and one.first == last.last + 1
        )
        if together and last is not None:
            found[-1] = replace(last, last=one.last)
        else:
            found.append(one)
    return found


def _of(kpi: Kpi, process: str, charted: Charted, one: Signal, called: str) -> Moved | None:
    places = range(one.first, one.last + 1)
    if one.rule is Rule.NEAR or len(places) < _LEAST:
        return None
    points = [
        (result, limit)
        for place in places
        for result, limit in [(charted.results[place], charted.control.limits[place])]
        if result is not None and result.value is not None and limit is not None
    ]
    if len(points) < _LEAST:
        return None
    values = [result.value or 0.0 for result, _limit in points]
    farthest = max if one.up else min
    value, limit = farthest(
        ((value, limit) for value, (_result, limit) in zip(values, points, strict=True)),
        key=lambda pair: pair[0],
    )
    width = (limit.high - limit.low) or 1.0
    mean = sum(values) / len(values)
    run = one.rule is Rule.RUN
    if run and abs(mean - limit.centre) < limit.sigma:
        # Many weeks a little to one side: too little to be news on the first page.
        return None
    good = one.up is (kpi.better is Better.UP)
    first, last = charted.names[one.first], charted.names[one.last]
    lasting = one.last >= len(charted.names) - 2
    low, high = sorted((min(values), max(values)))
    weeks = moved.tail(first, None if lasting else last, "")
    with formats.alike(kpi.unit, (low, high, limit.low, limit.high)):
        between = formats.interval(low, high, kpi.unit) or formats.value(value, kpi.unit)
        between_limits = formats.interval(limit.low, limit.high, kpi.unit)
        said = {
            "weeks": weeks,
            "values": formats.value(mean, kpi.unit) if run else between,
            "usual": formats.value(limit.centre, kpi.unit) if run else between_limits,
        }
    text = _("{kpi} {weeks}: {values}, usually {usual} (seen by week)")
    title = _("{kpi} for {process}").format(kpi=_(kpi.title), process=called)
    return Moved(
        text.format(kpi=title, **said),
        "",
        _("better") if good else _("worse"),
        good,
        process,
        kpi.name,
        "",
        abs((mean if run else value) - limit.centre) / width,
        text.format(kpi=formats.lower_first(_(kpi.title)), **said),
        weeks=(days_of(first, "week").since, days_of(last, "week").until),
    )
