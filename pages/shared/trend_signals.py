"""What is usual of a KPI and what is not: the band and the rings of a trend, and their columns."""

from __future__ import annotations

from collections.abc import Sequence

from kpi.bulletin import sentences_signals as words
from kpi.bulletin.trend_beside import Beside
from kpi.charts.control import Ring, Usual
from kpi.charts.span import Span
from kpi.model import Kpi
from kpi.results.signals import Charted, Rule
from pages.shared import data
from pages.shared.asked import Asked

Key = tuple[str | None, ...]
#: The strongest first.
_ORDER = (Rule.OUTSIDE, Rule.RUN, Rule.NEAR)


def of(asked: Asked, kpi: Kpi, span: Span, by: Sequence[str] = ()) -> dict[Key, Charted]:
    """Limits and signals over what is drawn, per group."""
    filters = asked.filters.during(span.period.since, span.period.until)
    return data.signals(kpi.name, filters, by, span.grain)


def usual(found: Charted | None, span: Span) -> list[Usual | None]:
    """What is usual in each period drawn."""
    if found is None:
        return []
    limits = [found.limit(name) for name in span.names]
    return [None if one is None else Usual(one.centre, one.low, one.high) for one in limits]


def rings(found: Charted | None, span: Span) -> list[Ring]:
    """A ring for each point of a signal; its word at the first of them only, the strongest leads.

    Of a run only the ends have whole rings: as many of those on end would hide the line.
    """
    if found is None:
        return []
    drawn = {name: place for place, name in enumerate(span.names)}
    made: dict[int, Ring] = {}
    spoken: set[tuple[Rule, bool]] = set()
    for one in sorted(found.telling, key=lambda one: (_ORDER.index(one.rule), one.first)):
        places = [
            place
            for place in range(max(one.first, found.asked), one.last + 1)
            if found.names[place] in drawn and found.control.limits[place] is not None
        ]
        for place in places:
            at = drawn[found.names[place]]
            if at in made:
                continue
            say = (one.rule, one.up) not in spoken
            end = say or one.rule is not Rule.RUN or place in (places[0], places[-1])
            made[at] = Ring(at, words.word(one) if say else "", one.up, within=not end)
            spoken.add((one.rule, one.up))
    return [made[at] for at in sorted(made)]


def beside(found: Charted | None, span: Span) -> list[Beside]:
    """What is usual in each period drawn, and the words of the signals that it is part of."""
    if found is None:
        return [Beside()] * len(span.names)
    said: dict[str, list[str]] = {}
    for one in sorted(found.telling, key=lambda one: _ORDER.index(one.rule)):
        for place in range(max(one.first, found.asked), one.last + 1):
            # Of a run also a period without a value lies within it.
            if found.control.limits[place] is not None:
                told = said.setdefault(found.names[place], [])
                told.extend({words.word(one)} - {*told})
    return [Beside(found.limit(name), ", ".join(said.get(name, ()))) for name in span.names]
