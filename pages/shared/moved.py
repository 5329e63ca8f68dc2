"""What moved, in words, with what stands behind it: asked only of the few lines that are shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from kpi import formats, numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import Moved
from kpi.bulletin.scorecard import Scorecard
from kpi.bulletin.states import overlap
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Better, Unit
from kpi.numbers import Why
from kpi.results.surge import Surge
from pages.shared import data, places
from pages.shared.filters import Asked

#: A surge is news on the first page from this many times the usual, when it lies so many standard
#: deviations of a plain count above it (there are some hundreds of days to choose from), and at
#: most so many are shown.
TIMES, APART, MOST_SURGES = 1.8, 5.0, 2
#: Complaints about a reason are news from this many, and this many standard deviations more.
LEAST, SURE = 20, 3.0


def lines(asked: Asked, card: Scorecard) -> list[Moved]:
    """Surges first, then customers and complaints, then the surest differences per process."""
    return [
        *_surges(asked),
        *_customers(asked),
        *_complaints(asked),
        *moved.moved(card, lambda kpi, process: explain(asked, kpi, process)),
    ]


def explain(asked: Asked, kpi: str, process: str | None) -> str:
    """What stands behind the change of a KPI, of one process or of all; empty where nothing does."""
    if asked.before is None:
        return ""
    filters = asked.filters.keeping("process", [process]) if process else asked.filters
    found = _why(kpi, filters, asked)
    group, by = "", ""
    if found.key:
        group = data.title(_kind(found.by[0]), found.key[0])
        if _kind(found.by[0]) != "department":
            group = formats.lower_first(group)
        if len(found.key) > 1 and found.key[1] is not None:
            by = data.title(_kind(found.by[1]), found.key[1])
    return moved.tail(found.since, found.until, group, by)


def _why(kpi: str, filters: Filters, asked: Asked) -> Why:
    before = asked.before
    assert before is not None
    named = filters.during(asked.period.since, asked.period.until)
    return data.cached(
        "why",
        (kpi, named, before),
        lambda: numbers.why(data.store(), kpi, named, before, data.SCOPE),
    )


def _customers(asked: Asked) -> list[Moved]:
    """Customers who left, where that is more or fewer than chance: of all, for they have no process."""
    if asked.before is None:
        return []
    filters = Filters.of(asked.period.since, asked.period.until, asked.filters.comparison)
    [one] = data.compare(("churn",), filters)
    now, before = one.now, one.before
    if before is None or now.value is None or before.value is None:
        return []
    if now.too_few or before.too_few or overlap(now, before):
        return []
    kpi = KPIS["churn"]
    change = formats.change(now.value, before.value, kpi.unit, kpi.better)
    if change is None:
        return []
    groups = [
        each
        for each in data.compare(("churn",), filters, ("has_portal",))
        if each.before and each.now.by["has_portal"] and not overlap(each.now, each.before)
    ]
    worst = max(groups, key=lambda each: abs(each.delta or 0.0), default=None)
    group = ""
    if worst is not None and (worst.delta or 0.0) * (now.value - before.value) > 0:
        group = {"yes": _("customers with the portal"), "no": _("customers without the portal")}[
            str(worst.now.by["has_portal"])
        ]
    said = [formats.value(each.value, kpi.unit, each.low, each.high) for each in (before, now)]
    href = places.path("customers") + asked.query()
    return [moved.rose(_(kpi.title), *said, moved.tail(None, None, group), change, href)]


def _complaints(asked: Asked) -> list[Moved]:
    """The reason that complaints rose most about, where that is more than chance."""
    kpi = KPIS["complaints"]
    if asked.before is None or not numbers.applies(kpi, ("reason",), asked.filters.where):
        return []
    found = []
    for one in data.compare((kpi.name,), asked.filters, ("reason",)):
        reason, now = one.now.by["reason"], one.now.numerator or 0.0
        before = (one.before.numerator if one.before else None) or 0.0
        rise = now - before
        # Counts vary by their root; some dozens of reasons are looked at.
        if reason is not None and now >= LEAST and rise > SURE * math.sqrt(now + before):
            found.append((rise, reason, now, before))
    if not found:
        return []
    _rise, reason, now, before = max(found)
    change = formats.change(now, before, Unit.COUNT, Better.DOWN)
    if change is None:
        return []
    title = _("Complaints about {reason}").format(
        reason=formats.lower_first(data.title("reason", reason))
    )
    href = f"{places.path('trends')}{asked.query()}&kpi=complaints&by=reason"
    return [
        moved.rose(title, formats.number(before), formats.number(now), "", change, href),
    ]


def _surges(asked: Asked) -> list[Moved]:
    named = asked.filters.during(asked.period.since, asked.period.until)
    if not numbers.applies(KPIS["offered_per_hour"], ("process",), named.where):
        return []
    found = data.cached(
        "surges", (named,), lambda: numbers.contact_surges(data.store(), named, data.SCOPE)
    )
    told = [
        (one.times, process, one)
        for process, surges in found.items()
        for one in surges
        if process is not None
        and TIMES <= one.times < math.inf
        and one.count - one.usual > APART * math.sqrt(one.usual)
    ]
    told.sort(key=lambda each: -(each[2].count - each[2].usual))
    return [_surge(process, one, asked) for _times, process, one in told[:MOST_SURGES]]


def _surge(process: str, one: Surge, asked: Asked) -> Moved:
    # Three weeks before and nine days after: enough to see what is usual.
    since, until = one.since - timedelta(days=21), one.until + timedelta(days=9)
    span = Filters.of(since, min(asked.period.until, until), process=[process])
    asking = {**span.to_query(), "kpi": ["offered_per_hour"], "grain": ["day"]}
    when = formats.day_long(one.since)
    if one.until != one.since:
        when = _("{first} to {last}").format(first=when, last=formats.day_long(one.until))
    href = f"{places.path('trends')}?{urlencode(asking, doseq=True)}"
    return moved.surged(process, data.title("process", process), when, one.count, one.usual, href)


def _kind(dimension: str) -> str:
    """The dictionary that a dimension's values have their titles in."""
    return {"causing_department": "department"}.get(dimension, dimension)


def html(shown: Sequence[Moved], asked: Asked) -> str:
    """The lines as HTML, under what they are held against."""
    heading = (
        _("What changed against {period}").format(period=asked.before_text)
        if asked.before
        else _("What stands out")
    )
    return moved.html(shown, heading)
