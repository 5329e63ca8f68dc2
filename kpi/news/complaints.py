"""The reasons about which surely more complaints came for some weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kpi import numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import Moved
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.news import usual
from kpi.news.question import Asking
from kpi.news.weeks import days, still_of
from kpi.numbers import Stretch
from kpi.numbers.kinds import complaint_process

_KPI = "complaints"


def lines(asking: Asking) -> list[Moved]:
    """The reasons that complaints surely rose about, with what they were otherwise."""
    found = []
    kept = asking.filters.values("process")
    for one in risen(asking):
        # Of a process that is kept to they are its own cases.
        owned = kept[0] if len(kept) == 1 else _owner(asking, one.group)
        # As long before it as it lasted, and half a year at least: the rise must be seen.
        since = min(asking.period.since, days(one)[0] - timedelta(weeks=13))
        query = {
            **Filters.of(since, asking.horizon, reason=[one.group or ""]).to_query(),
            "kpi": [_KPI],
            "grain": ["week"],
        }
        line = moved.complained(
            asking.title("reason", one.group), one.since, None if one.lasting else one.until,
            one.inside.each, one.outside.each,
            href=asking.href("trends", query), strength=one.strength, weeks=days(one),
        )  # fmt: skip
        found.append(
            replace(
                line,
                owned=owned,
                reason=one.group or "",
                aims=_KPI,
                still=still_of(asking, one),
                usual=usual.other_weeks(asking),
            )
        )
    return found


def _owner(asking: Asking, reason: str | None) -> str:
    return complaint_process(asking.store, reason, asking.period.until)


def risen(asking: Asking) -> list[Stretch]:
    """The reasons with weeks of surely more complaints."""
    if not numbers.applies(KPIS[_KPI], ("reason",), asking.filters.where):
        return []
    named, back = asking.news, usual.back(asking)
    found = asking.keep(
        "stretches",
        ((_KPI,), named, "reason", "week", asking.scope),
        lambda: numbers.stretches(
            asking.store,
            (_KPI,),
            named,
            asking.scope,
            by="reason",
            back=back,
            ahead=asking.horizon,
        ),
    )
    return [one for one in found if one.group is not None and one.inside.value > one.outside.value]
