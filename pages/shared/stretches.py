"""What differed within a long period, as lines of what moved: weeks of a KPI, and a broken funnel."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from kpi import formats, numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import NOT_RANKED, Moved
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.model import Better
from kpi.numbers import AskProblem, Stretch
from kpi.periods import Period, days_of
from pages.shared import data, funnel_words, funnels, places
from pages.shared.filters import Asked

#: From so many days on, a stretch of weeks tells more than the whole held against a year before.
LONG = 190


def lines(asked: Asked) -> list[Moved]:
    """Per process and headline share the weeks in which it surely differed; none in a short period."""
    if asked.period.days < LONG:
        return []
    names = tuple(
        kpi.name
        for kpi in data.headlines()
        if kpi.better is not Better.CONTEXT
        and kpi.name not in NOT_RANKED
        and numbers.applies(kpi, ("process",), asked.filters.where)
    )
    named = asked.filters.during(asked.period.since, asked.period.until)
    found = data.cached(
        "stretches",
        (names, named),
        lambda: numbers.stretches(data.store(), names, named, data.SCOPE),
    )
    return [_line(one) for one in found if one.process is not None]


def _line(one: Stretch) -> Moved:
    kpi = KPIS[one.kpi]
    title = data.title("process", one.process)
    said = {
        "inside": formats.value(one.inside[0], kpi.unit, *one.inside[1:]),
        "outside": formats.value(one.outside[0], kpi.unit, *one.outside[1:]),
    }
    change = formats.change(one.inside[0], one.outside[0], kpi.unit, kpi.better)
    weeks = moved.tail(one.since, None if one.lasting else one.until, "")
    text = _("{kpi} {weeks}: {inside}, otherwise {outside}")
    return Moved(
        text.format(
            kpi=_("{kpi} of {process}").format(kpi=_(kpi.title), process=title), weeks=weeks, **said
        ),
        "",
        change.text if change else "",
        bool(change and change.good),
        one.process or "",
        one.kpi,
        "",
        one.strength,
        text.format(kpi=formats.lower_first(_(kpi.title)), weeks="", **said).replace(" :", ":"),
        weeks=days(one),
    )


def days(one: Stretch) -> tuple[date, date]:
    """First and last day of a stretch."""
    return days_of(one.since, "week").since, days_of(one.until, "week").until


def broken(asked: Asked) -> list[Moved]:
    """Funnels in which a step broke for some weeks of the period."""
    if asked.filters.values("process") or asked.filters.values("channel"):
        return []
    found = []
    for funnel in funnels.known(asked.period.until):
        if not funnel.loaded:
            continue
        try:
            broke = funnels.broke(asked, funnel)
        except AskProblem:
            continue
        if broke is None:
            continue
        query = {
            **Filters.of(asked.period.since, asked.period.until).to_query(),
            "funnel": [funnel.name],
            "step": [funnel.steps[broke.place]],
            "lang": [language()],
        }
        inside, outside = (
            formats.percent(one.share) for one in (broke.dip.inside, broke.dip.outside)
        )
        weeks = moved.tail(broke.since, broke.until, "")
        since, until = days_of(broke.since, "week").since, days_of(broke.until, "week").until
        found.append(
            Moved(
                _("{funnel}, after {step} {weeks}: {inside} go on, otherwise {outside}").format(
                    funnel=funnel_words.name(funnel),
                    step=funnel.title(funnel.steps[broke.place]),
                    inside=inside,
                    outside=outside,
                    weeks=weeks,
                ),
                "",
                "",
                better=False,
                process=funnel.process or "",
                kpi="",
                href=f"{places.path('funnels')}?{urlencode(query, doseq=True)}",
                strength=abs(broke.dip.z) / 5.0,
                weeks=(since, until),
            )
        )
    return found


def against(asked: Asked, since: date, until: date) -> Asked:
    """The question about these days only, held against as many before them."""
    length = until - since
    before = Period(since - length, since)
    period = Period(since, min(until, asked.period.until))
    filters = asked.filters.during(period.since, period.until)
    return replace(asked, filters=filters, period=period, before=before)
