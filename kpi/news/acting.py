"""Who is to act on what got worse, which action aims at it, and which came before what got better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from kpi.bulletin.moved import Moved
from kpi.i18n import _
from kpi.news.question import Asking
from kpi.numbers.happened import Row, action_before
from kpi.periods import Period

#: How long before an improvement an action that aims at it may have begun.
_BEFORE = timedelta(weeks=8)
#: In which week it began to be better is told to a week or two.
_AFTER = timedelta(days=13)


def shown(asking: Asking, line: Moved) -> Moved:
    """The line with who acts on it, or with the action that came before it; both lead to the meeting.

    Of what got better nobody is told to act, nor of what is of no configured process.
    """
    process = line.process or line.owned
    row = asking.store.configuration.row("processes", asking.period.until, process=process)
    if row is None:
        return line
    if line.better:
        action = _action(asking, line, process)
        said = _("after the action “{title}”: what it did").format(title=action) if action else ""
    else:
        said = _("up to: {who}").format(who=row["owner"] or _("the process owner"))
    if not said:
        return line
    query = {**asking.of(process).filters.to_query(), "view": ["meeting"]}
    return replace(line, acts=said, acts_href=asking.href("process", query))


def _action(asking: Asking, line: Moved, process: str) -> str:
    """The last action that aims at this KPI of this process and began before it got better."""
    if line.weeks is not None:
        since = line.weeks[0]
        span = Period(since - _BEFORE, since + _AFTER)
    else:
        first = asking.before.since if asking.before else asking.period.since
        span = Period(first, asking.period.until)
    row = action_before(asking.store, line.kpi, process, span)
    return str(row["title"] or row["action"]) if row else ""


def aiming(line: Moved, live: Iterable[Row]) -> Row | None:
    """The action that aims at what the line tells of: at its number, else at its reason or cause."""
    parts = (line, *line.also)
    # Complaints are told of per reason: an action against those about another one does not aim at it.
    numbers = {one.kpi or ("" if one.reason else one.aims) for one in parts} - {""}
    reasons = {one.reason for one in parts} - {""}
    causes = {one.cause for one in parts} - {""}
    rows = list(live)
    at_number = [row for row in rows if row["kpi"] in numbers]
    near = [row for row in rows if row["reason"] in reasons or row["cause"] in causes]
    return next(iter((*at_number, *near)), None)
