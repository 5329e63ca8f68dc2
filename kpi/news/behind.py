"""What stands behind a line, and the way to its evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kpi import numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import Moved
from kpi.filters import Filters
from kpi.i18n import _
from kpi.news import rushes, settled, still
from kpi.news.question import Asking
from kpi.numbers import Why
from kpi.periods import Period, days_of

#: Weeks drawn before the first week in which something differed: enough to see what is usual.
_BEFORE = timedelta(weeks=8)


def told(asking: Asking, line: Moved) -> Moved:
    """The line with what stands behind it, and the way to its evidence."""
    if not line.kpi:
        return line
    if line.weeks is not None:
        # The weeks are in the sentence already.
        behind = found(asking.against(*line.weeks), line.kpi, line.process, weeks=False)
        why = said(asking, behind)
        href = evidence(asking, line.kpi, line.process, line.weeks[0], told=Period(*line.weeks))
        return replace(line, why=why, href=href, **_mostly(behind))
    # What is better than in a rush is no gain, but the end of it: that has no weeks of its own.
    ended = line.better and settled.by_rush(asking, line)
    behind = found(asking, line.kpi, line.process, weeks=not ended)
    since, until = _weeks(behind, asking)
    rush = rushes.days_before(asking).get(line.process) if line.better else None
    after = _("after the rush of {when}").format(when=moved.days(*rush)) if rush else ""
    return replace(
        line,
        why="; ".join(filter(None, (after, said(asking, behind)))),
        weeks=(since, until) if since else None,
        still=_still(asking, behind, line.better) if since else "",
        href=evidence(asking, line.kpi, line.process, since, told=asking.period),
        **_mostly(behind),
    )


def found(asking: Asking, kpi: str, process: str | None, *, weeks: bool = True) -> Why:
    """What stands behind the change of a KPI, of one process or of all; `weeks`: and in which."""
    before, filters = asking.before, asking.filters
    if before is None:
        return Why()
    named = filters.keeping("process", [process]) if process else filters
    return asking.keep(
        "why",
        (kpi, named, before, asking.up_to, weeks, asking.scope),
        lambda: numbers.why(
            asking.store, kpi, named, before, asking.scope, up_to=asking.up_to, weeks=weeks
        ),
    )


def said(asking: Asking, one: Why) -> str:
    """The same in words; empty where nothing is known."""
    return moved.behind(one.by, one.key, one.since, one.until, asking.title)


def explained(asking: Asking, line: Moved) -> str:
    """What stands behind a change alone, in words: where it is only a rush that is over, that one."""
    if settled.by_rush(asking, line):
        rush = rushes.days_before(asking)[line.process]
        return _("after the rush of {when}").format(when=moved.days(*rush))
    return said(asking, found(asking, line.kpi, line.process or None))


def evidence(
    asking: Asking, kpi: str, process: str, since: date | None = None, told: Period | None = None
) -> str:
    """The trend in which the change of a KPI is seen: from well before it, in weeks or months.

    `told`: the period that the line is about; the trend says its numbers again.
    """
    start = asking.before.since if asking.before else asking.period.since
    if since is not None:
        start = min(max(start, since - _BEFORE), asking.period.since)
    span = Period(start, asking.up_to)
    where = {**dict(asking.filters.where), "process": (process,)}
    query = Filters.of(span.since, span.until, asking.filters.comparison, **where).to_query()
    grain = "week" if span.days <= 400 else "month"
    about = {"told": [f"{told.since}/{told.until}"]} if told is not None else {}
    return asking.href("trends", {**query, "kpi": [kpi], "grain": [grain], **about})


def _still(asking: Asking, one: Why, better: bool) -> str:
    until = days_of(one.until, "week").until if one.until else None
    return still.said(asking, until, "week", better=better, sure=one.sure)


def _mostly(one: Why) -> dict[str, Any]:
    """The reason or the cause that stands out, as it is coded."""
    pairs = zip(one.by, one.key, strict=False)
    return {name: value for name, value in pairs if value and name in {"reason", "cause"}}


def _weeks(one: Why, asking: Asking) -> tuple[date | None, date]:
    """The days in which it differed; no first where that cannot be told."""
    since = days_of(one.since, "week").since if one.since else None
    until = days_of(one.until, "week").until if one.until else asking.up_to
    return since, until
