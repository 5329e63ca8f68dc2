"""Who is to act on what got worse, and which action came before what got better: one click from both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from kpi.bulletin.moved import Moved
from kpi.i18n import _, language
from kpi.periods import Period
from pages.shared import data, happenings, places
from pages.shared.filters import Asked

#: How long before an improvement an action that aims at it may have begun.
_BEFORE = timedelta(weeks=8)
#: In which week it began to be better is told to a week or two.
_AFTER = timedelta(days=13)


def shown(asked: Asked, line: Moved) -> Moved:
    """The line with who acts on it, or with the action that came before it; both lead to the meeting.

    Of what got better nobody is told to act, nor of what is of no configured process.
    """
    process = line.process or line.owned
    row = data.store().configuration.row("processes", asked.period.until, process=process)
    if row is None:
        return line
    if line.better:
        action = _action(asked, line, process)
        said = _("after the action “{title}”: what it did").format(title=action) if action else ""
    else:
        said = _("up to: {who}").format(who=row["owner"] or _("the process owner"))
    if not said:
        return line
    query = {
        **asked.filters.keeping("process", [process]).to_query(),
        "view": ["meeting"],
        "lang": [language()],
    }
    href = f"{places.path('process')}?{urlencode(query, doseq=True)}"
    return replace(line, acts=said, acts_href=href)


def _action(asked: Asked, line: Moved, process: str) -> str:
    """The last action that aims at this KPI of this process and began before it got better."""
    if line.weeks is not None:
        since = line.weeks[0]
        span = Period(since - _BEFORE, since + _AFTER)
    else:
        first = asked.before.since if asked.before else asked.period.since
        span = Period(first, asked.period.until)
    found = [
        one
        for one in happenings.during(span, process)
        if one.action
        and one.kpi == line.kpi
        and process in one.processes
        and one.since >= span.since
    ]
    return found[-1].title if found else ""
