"""A funnel as the filters ask for it: now, before, apart by a dimension, by week, and who.

Numbers are remembered by `data.cached`; a page asks here and shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kpi import numbers
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Kpi
from kpi.news import still
from kpi.numbers.funnels import OF_CASES, Funnel, ask_funnel_entities
from kpi.numbers.funnels import funnels as known_funnels
from kpi.periods import Period, buckets, months_up_to
from kpi.results import funnel as results
from kpi.results.funnel import (
    Broke,
    Difference,
    FunnelEntity,
    FunnelStep,
    Passage,
    by_group,
    difference,
    passage,
    passages,
)
from pages.shared import data, kinds, moved
from pages.shared.asked import Asked

#: Longest period, in days, that is drawn by week.
_WEEKLY = 190
_INDICATIVE = 30


@dataclass(frozen=True)
class Course:
    """A funnel over time: `span` by `grain`, and the steps of each bucket of entry.

    `filters` are those it was asked with: each entity belongs to the bucket of its first entry in
    the span.
    """

    grain: str
    span: Period
    filters: Filters
    steps: Mapping[str, list[FunnelStep]]


@dataclass(frozen=True)
class Look:
    """A funnel in a period, and in the one it is held against.

    Attributes:
        funnel: which.
        now, before: its steps; `before` is empty without comparison and where nobody came in.
        before_text: the earlier period, to read.
        dip: a passage that broke for some weeks of the period.
        still: whether it is broken still, or since when it is over.
    """

    funnel: Funnel
    now: tuple[FunnelStep, ...]
    before: tuple[FunnelStep, ...]
    before_text: str
    dip: Broke | None = None
    still: str = ""

    @property
    def entered(self) -> int:
        """How many came in."""
        return self.now[0].entities if self.now else 0

    @property
    def passages(self) -> list[Passage]:
        """From step to step, now."""
        return passages(self.now)

    @property
    def whole(self) -> Passage:
        """From the first step to the last."""
        return passage(self.now[0], self.now[-1])

    @property
    def changes(self) -> list[Difference | None]:
        """Each passage against the earlier period; None where it cannot be said."""
        if not self.before:
            return [None] * len(self.passages)
        earlier = passages(self.before)
        return [difference(*pair) for pair in zip(self.passages, earlier, strict=True)]

    @property
    def broken(self) -> int | None:
        """The passage that became surely worse, the surest where there are more; None of none.

        Not on fewer than 30 in either period: a title is no place for an indication.
        """
        worse = [
            (change.high, place)
            for place, change in enumerate(self.changes)
            if change and change.worse and self._enough(place)
        ]
        return min(worse)[1] if worse else None

    @property
    def largest(self) -> int | None:
        """The passage where most are lost; None where nobody is."""
        lost = [(found.lost, -place) for place, found in enumerate(self.passages) if found.lost]
        return -max(lost)[1] if lost else None

    @property
    def telling(self) -> int:
        """The passage most worth looking at."""
        dip = self.dip.place if self.dip else None
        return next((one for one in (self.broken, dip, self.largest) if one is not None), 0)

    def _enough(self, place: int) -> bool:
        earlier = passages(self.before)[place]
        return min(self.passages[place].n, earlier.n) >= _INDICATIVE


def known(on: date | None = None) -> list[Funnel]:
    """Every funnel that can be asked for, as configured on a day."""
    return data.cached("funnels", (on,), lambda: known_funnels(data.store(), on))


def kept(asked: Asked, funnel: Funnel) -> Filters:
    """The filters that apply to this funnel: only one of cases has a channel."""
    dimensions = {name for name, _title in split_by(funnel)}
    where = tuple(pair for pair in asked.filters.where if pair[0] in dimensions)
    return replace(asked.filters, where=where)


def split_by(funnel: Funnel) -> list[tuple[str, str]]:
    """What a funnel can be told apart by: name, and how it is called."""
    titles = {
        "has_portal": _("Personal portal"),
        "segment": _("Segment"),
        "value_class": _("Customer value"),
        **kinds.dimensions(),
        "channel": _("Channel"),
        "reason": _("Reason"),
        "department": _("Department"),
    }
    own = OF_CASES if funnel.entity == "case" else ()
    customers = ("has_portal", "segment", "value_class", *kinds.dimensions())
    return [(name, titles[name]) for name in (*customers, *own)]


def look(asked: Asked, funnel: Funnel) -> Look:
    """The funnel now and before, counted: what `with_beside` adds takes longer.

    Raises:
        AskProblem: it is not configured on the period's last day.
    """
    filters = kept(asked, funnel)
    now = steps(funnel, filters)
    earlier = _earlier(asked, funnel)
    # By the steps of today, also where it was configured otherwise then.
    before = steps(funnel, earlier) if earlier is not None else ()
    comparable = bool(before) and before[0].entities > 0 and len(before) == len(now)
    seen = Look(funnel, tuple(now), tuple(before) if comparable else (), asked.before_text)
    dip = broke(asked, funnel) if seen.entered else None
    if dip is None:
        return seen
    weeks = [name for name, _days in buckets(asked.period, "week")]
    return replace(seen, dip=dip, still=still.in_period(moved.asking(asked), dip.until, weeks))


def with_beside(asked: Asked, seen: Look) -> Look:
    """The same with the contacts and the time from step to step; before only where that is told."""

    def more(counted: tuple[FunnelStep, ...], filters: Filters) -> tuple[FunnelStep, ...]:
        found = tuple(steps(seen.funnel, filters, beside=True))
        # Its events may have been taken back since the page began.
        return found if len(found) == len(counted) else counted

    seen = replace(seen, now=more(seen.now, kept(asked, seen.funnel)))
    earlier = _earlier(asked, seen.funnel) if seen.broken is not None else None
    return seen if earlier is None else replace(seen, before=more(seen.before, earlier))


def _earlier(asked: Asked, funnel: Funnel) -> Filters | None:
    """What it is held against; None where it is not, or the data begin later."""
    filters, kpi = kept(asked, funnel), _kpi(funnel)
    found = numbers.earlier_period(data.store(), kpi, asked.period, filters.comparison)
    return None if found is None else filters.during(found.since, found.until)


def broke(asked: Asked, funnel: Funnel) -> Broke | None:
    """The surest breakdown of any passage within the period, by week of entry."""
    weeks = [name for name, _days in buckets(asked.period, "week")]
    return results.broke(weeks, steps(funnel, kept(asked, funnel), ("week",)))


def steps(
    funnel: Funnel, filters: Filters, by: tuple[str, ...] = (), *, beside: bool = False
) -> list[FunnelStep]:
    """`kpi.numbers.ask_funnel`, remembered."""
    return data.cached(
        "funnel",
        (funnel.name, funnel.steps, filters, by, beside),
        lambda: numbers.ask_funnel(
            data.store(),
            funnel.name,
            filters,
            steps=funnel.steps,
            entity=funnel.entity,
            window=timedelta(days=funnel.window_days),
            by=by,
            scope=data.SCOPE,
            beside=beside,
        ),
    )


def groups(asked: Asked, funnel: Funnel, split: str) -> dict[str | None, list[FunnelStep]]:
    """The steps of each value of a dimension, most entered first, unknown last."""
    found = by_group(steps(funnel, kept(asked, funnel), (split,)))
    ordered = sorted(found.items(), key=lambda pair: (pair[0][0] is None, -pair[1][0].entities))
    return {key[0]: own for key, own in ordered if own[0].entities}


def course(asked: Asked, funnel: Funnel) -> Course:
    """By week half a year at least, else by month."""
    span, grain = asked.period, "week"
    if span.days > _WEEKLY:
        grain = "month"
        span = months_up_to(span.until) if span.days < 300 else span
    else:
        span = Period(min(span.since, months_up_to(span.until, 6).since), span.until)
    filters = kept(asked, funnel).during(span.since, span.until)
    found = by_group(steps(funnel, filters, (grain,)))
    by_bucket = {str(key[0]): own for key, own in found.items() if key[0]}
    return Course(grain, span, filters, by_bucket)


def entities(
    filters: Filters, funnel: Funnel, step: str, *, lost: bool, most: int, entered: str = ""
) -> list[FunnelEntity]:
    """Who reached a step, or dropped out after it; no more than `most`.

    `entered`: only who came in in this bucket of the period.

    Raises:
        AskProblem: rows about one customer may not be seen.
    """
    # Not remembered: what is about one person stays in no cache.
    return ask_funnel_entities(
        data.store(),
        funnel.name,
        filters,
        step,
        lost=lost,
        most=most,
        entered=entered,
        steps=funnel.steps,
        entity=funnel.entity,
        window=timedelta(days=funnel.window_days),
        scope=data.SCOPE,
    )


def _kpi(funnel: Funnel) -> Kpi:
    reads = ("web_events",) if funnel.entity == "web" else ("chain_events",)
    return replace(KPIS["funnel"], reads=reads)
