"""Funnels in which a step broke for some weeks of the period."""

from __future__ import annotations

from dataclasses import replace

from kpi.bulletin import moved
from kpi.bulletin.moved import Moved
from kpi.filters import Filters
from kpi.news import still, usual
from kpi.news.question import Asking
from kpi.numbers import AskProblem
from kpi.numbers.broken import about, told, weekly, weeks_of
from kpi.numbers.funnels import Funnel
from kpi.results.funnel import Broke, broke


def lines(asking: Asking) -> list[Moved]:
    """A line per funnel with such a step: of a process its own."""
    if asking.filters.values("channel"):
        return []
    on = asking.period.until
    known = asking.keep("funnels-told", (on,), lambda: told(asking.store, on))
    found = []
    for funnel in known:
        if not about(funnel, asking.filters):
            continue
        try:
            broke_there = _broke(asking, funnel)
        except AskProblem:
            # One that is configured wrongly keeps nobody from the others.
            continue
        if broke_there is None:
            continue
        step = funnel.steps[broke_there.place]
        query = {
            **Filters.of(asking.period.since, asking.period.until).to_query(),
            "funnel": [funnel.name],
            "step": [step],
        }
        line = moved.broken(
            funnel.process or "", funnel.called, funnel.title(step), broke_there,
            href=asking.href("funnels", query),
        )  # fmt: skip
        said = still.in_period(asking, broke_there.until, weeks_of(asking.filters))
        found.append(replace(line, still=said, usual=usual.rest_of_period()))
    return found


def _broke(asking: Asking, funnel: Funnel) -> Broke | None:
    filters = asking.filters.keeping("process", [])
    question = (funnel.name, funnel.steps, filters, ("week",), False, asking.scope)

    def found() -> Broke | None:
        steps = asking.keep(
            "funnel", question, lambda: weekly(asking.store, funnel, filters, asking.scope)
        )
        return broke(weeks_of(filters), steps)

    # Every run of weeks of every passage is looked at: that is remembered too.
    return asking.keep("broken", question, found)
