"""What moved, in words, with what stands behind it: asked only of the few lines that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

from kpi import formats, numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import Moved
from kpi.bulletin.scorecard import Scorecard
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.numbers import Why
from kpi.periods import Period, days_of
from pages.shared import acting, data, places, signalled, stretches, surges
from pages.shared.filters import Asked

#: Lines of a long period: more has happened in it.
MOST_LONG = 8
#: Weeks drawn before the first week in which something differed: enough to see what is usual.
BEFORE = timedelta(weeks=8)


def lines(asked: Asked, card: Scorecard) -> list[Moved]:
    """What is beyond chance, the surest and largest first, each with who is to act on it."""
    return [acting.shown(asked, one) for one in found(asked, card)]


def found(asked: Asked, card: Scorecard) -> list[Moved]:
    """The same without who acts; what belongs together is in one line."""
    apart = stretches.lines(asked)
    there = {(one.process, one.kpi) for one in apart}
    lines = [
        *surges.lines(asked),
        *stretches.broken(asked),
        *(surges.about(one) for one in stretches.leaving(asked)),
        *stretches.complaints(asked),
        *apart,
        *(one for one in moved.differences(card) if (one.process, one.kpi) not in there),
    ]
    told = {(one.process, one.kpi) for one in lines}
    lines += [one for one in signalled.lines(asked) if (one.process, one.kpi) not in told]
    # One more than is shown: two may prove to be one story.
    most = MOST_LONG if asked.period.days >= stretches.LONG else moved.MOST
    told = [_told(asked, one) for one in moved.ranked(lines, most + 2)]
    return list(moved.ranked(together(told), most))


def together(lines: Iterable[Moved]) -> list[Moved]:
    """Lines about one process in the same weeks as one: the surge, and what it did to a KPI.

    What got better in a surge (many contacts that are settled at once) is no news beside it.
    """
    found = list(lines)
    surged = [one for one in found if one.process and not one.kpi]
    joined: dict[int, list[Moved]] = {}
    taken = set()
    for one in found:
        for first in surged if one.kpi else ():
            if first.process == one.process and _touch(first.weeks, one.weeks):
                taken.add(id(one))
                if not one.better:
                    joined.setdefault(id(first), []).append(one)
                break
    return [_with(one, joined.get(id(one), [])) for one in found if id(one) not in taken]


def _with(line: Moved, others: Sequence[Moved]) -> Moved:
    """A surge with what it did; what is said of both is said once, and so are the weeks."""
    if not others:
        return line
    said = [replace(one, why=moved.without_weeks(one.why)) for one in others]
    if line.mostly and any(line.mostly in one.why for one in said):
        line = replace(line, mostly="")
    return replace(line, also=tuple(said))


def _touch(one: tuple[date, date] | None, other: tuple[date, date] | None) -> bool:
    """Whether two stretches of days overlap, or lie less than a week apart."""
    if one is None or other is None:
        return False
    near = timedelta(days=6)
    return one[0] <= other[1] + near and other[0] <= one[1] + near


def _told(asked: Asked, line: Moved) -> Moved:
    """The line with what stands behind it, and the way to its evidence."""
    if not line.kpi:
        return line
    if line.weeks is not None:
        # The weeks are in the sentence already.
        around = stretches.against(asked, *line.weeks)
        behind = _of(around, line.kpi, line.process)
        why = _said(replace(behind, since=None, until=None))
        href = evidence(asked, line.kpi, line.process, line.weeks[0])
        return replace(line, why=why, href=href, **_mostly(behind))
    found = _of(asked, line.kpi, line.process)
    since, until = _weeks(found, asked)
    # What is better than in a rush is no gain, but the end of it.
    rush = surges.before(asked).get(line.process, "") if line.better else ""
    after = _("after the rush of {when}").format(when=rush) if rush else ""
    return replace(
        line,
        why="; ".join(filter(None, (after, _said(found)))),
        weeks=(since, until) if since else None,
        href=evidence(asked, line.kpi, line.process, since),
        **_mostly(found),
    )


def _mostly(found: Why) -> dict[str, str]:
    """The reason or the cause that stands out, as it is coded."""
    pairs = zip(found.by, found.key, strict=False)
    return {name: value for name, value in pairs if value and name in {"reason", "cause"}}


def evidence(asked: Asked, kpi: str, process: str, since: date | None = None) -> str:
    """The trend in which the change of a KPI is seen: from well before it, in weeks or months."""
    start = asked.before.since if asked.before else asked.period.since
    if since is not None:
        start = min(max(start, since - BEFORE), asked.period.since)
    span = Period(start, stretches.up_to(asked))
    where = {**dict(asked.filters.where), "process": (process,)}
    query = Filters.of(span.since, span.until, asked.filters.comparison, **where).to_query()
    grain = "week" if span.days <= 400 else "month"
    more = {"kpi": [kpi], "grain": [grain], "lang": [language()]}
    return f"{places.path('trends')}?{urlencode({**query, **more}, doseq=True)}"


def explain(asked: Asked, kpi: str, process: str | None) -> str:
    """What stands behind the change of a KPI, of one process or of all; empty where nothing does."""
    return _said(_of(asked, kpi, process))


def _of(asked: Asked, kpi: str, process: str | None) -> Why:
    before = asked.before
    if before is None:
        return Why()
    filters = asked.filters.keeping("process", [process]) if process else asked.filters
    named = filters.during(asked.period.since, asked.period.until)
    found: Why = data.cached(
        "why",
        (kpi, named, before),
        lambda: numbers.why(data.store(), kpi, named, before, data.SCOPE),
    )
    return found


def _said(found: Why) -> str:
    return moved.behind(
        found.by,
        found.key,
        found.since,
        found.until,
        lambda name, value: data.title(_kind(name), value),
    )


def _weeks(found: Why, asked: Asked) -> tuple[date | None, date]:
    """The days in which it differed; no first where that cannot be told."""
    since = days_of(found.since, "week").since if found.since else None
    until = days_of(found.until, "week").until if found.until else asked.period.until
    return since, until


def _kind(dimension: str) -> str:
    """The dictionary that a dimension's values have their titles in."""
    return {"causing_department": "department"}.get(dimension, dimension)


def html(shown: Sequence[Moved], asked: Asked, more: str = "", more_href: str = "") -> str:
    """The lines as HTML, under what they are held against."""
    heading = (
        _("What changed against {period}").format(period=asked.before_text)
        if asked.before
        else _("What stands out")
    )
    last = stretches.up_to(asked)
    if last > asked.period.until:
        # What came since is news too, and in none of the numbers below.
        heading = _("{heading} (and what came after the period, up to {day})").format(
            heading=heading, day=formats.day(last)
        )
    return moved.html(shown, heading, more, more_href)
