"""The months in which surely more customers left, and which customers."""

from __future__ import annotations

from kpi import formats, numbers
from kpi.bulletin.moved import Moved
from kpi.differences import rounded, times
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.news import still, usual
from kpi.news.question import Asking
from kpi.numbers import Stretch
from kpi.numbers.kinds import cancellation_process
from kpi.periods import Period, days_of

_KPI, _BY = "churn", "has_portal"


def lines(asking: Asking) -> list[Moved]:
    """One line at most; of all customers, not of a process."""
    kpi = KPIS[_KPI]
    whole = asking.of(None)
    # Who leaves is of no process; the one that hears why is told of it too.
    owner = cancellation_process(asking.store, asking.period.until)
    elsewhere = asking.filters.values("process") not in {(), (owner,)}
    if elsewhere or whole.filters.where or not numbers.applies(kpi, (_BY,)):
        return []
    worse = [
        one
        for one in _found(whole)
        if one.group is not None and one.inside.value > one.outside.value
    ]
    if not worse:
        return []
    one = max(worse, key=lambda each: each.inside.value - each.outside.value)
    # Of less than one in a hundred two figures: the ratio beside it is of what is shown.
    sides = one.inside.value, one.outside.value
    places = [2 if side < 1 else 1 for side in sides]
    shown = [rounded(side, own) for side, own in zip(sides, places, strict=True)]
    said = _("{what} of {group} {months}: {inside} a month, otherwise {outside}").format(
        what=_(kpi.title),
        group={
            "yes": _("customers with the portal"),
            "no": _("customers without the portal"),
        }.get(str(one.group), str(one.group)),
        months=_months(one),
        inside=formats.percent(shown[0], places[0]),
        outside=formats.percent(shown[1], places[1]),
    )
    span = Period(days_of(one.since, "month").since, days_of(one.until, "month").until)
    query = asking.filters.keeping("process", []).to_query()
    return [
        Moved(
            said, "", times(shown[0], shown[1]), better=False, process="", kpi="",
            href=asking.href("customers", query),
            strength=one.strength, weeks=(span.since, span.until), owned=owner,
            still=still.of(None if one.lasting else span.until, asking.horizon, "month"),
            usual=usual.other_months(asking),
        )
    ]  # fmt: skip


def _months(one: Stretch) -> str:
    first, last = (formats.bucket(name, "month", year=True) for name in (one.since, one.until))
    if one.lasting:
        return _("since {week}").format(week=first)
    if first == last:
        return _("in {week}").format(week=first)
    return _("from {first} to {last}").format(first=first, last=last)


def _found(asking: Asking) -> list[Stretch]:
    named = asking.news
    return asking.keep(
        "stretches",
        ((_KPI,), named, _BY, "month", asking.scope),
        lambda: numbers.stretches(
            asking.store, (_KPI,), named, asking.scope,
            by=_BY, grain="month", back=usual.back(asking, usual.MONTHS), ahead=asking.horizon,
        ),
    )  # fmt: skip
