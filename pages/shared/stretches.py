"""What differed within a long period, as lines of what moved: weeks of a KPI, and a broken funnel."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

from kpi import formats, numbers
from kpi.bulletin import moved
from kpi.bulletin.moved import NOT_RANKED, Moved
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.model import Better
from kpi.numbers import AskProblem, Stretch
from kpi.numbers.broken import about
from kpi.periods import Period, days_of
from pages.shared import data, drill, funnels, places
from pages.shared.filters import Asked

#: The process that complaints are cases of.
_COMPLAINTS = "complaint"
#: The process in which customers say that they leave, and why.
_CANCELLATIONS = "cancellation"
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
    named = asked.filters.during(asked.period.since, up_to(asked))
    found = data.cached(
        "stretches",
        (names, named),
        lambda: numbers.stretches(data.store(), names, named, data.SCOPE),
    )
    return [_line(one) for one in found if one.group is not None]


def _line(one: Stretch) -> Moved:
    kpi = KPIS[one.kpi]
    title = data.title("process", one.group)
    now, then = one.inside, one.outside
    said = {
        "inside": formats.value(now.value, kpi.unit, now.low, now.high),
        "outside": formats.value(then.value, kpi.unit, then.low, then.high),
    }
    change = formats.change(now.value, then.value, kpi.unit, kpi.better)
    weeks = moved.tail(one.since, None if one.lasting else one.until, "")
    text = _("{kpi} {weeks}: {inside}, otherwise {outside}")
    return Moved(
        text.format(
            kpi=_("{kpi} of {process}").format(kpi=_(kpi.title), process=title), weeks=weeks, **said
        ),
        "",
        change.text if change else "",
        bool(change and change.good),
        one.group or "",
        one.kpi,
        "",
        one.strength,
        text.format(kpi=formats.lower_first(_(kpi.title)), weeks="", **said).replace(" :", ":"),
        weeks=days(one),
    )


def complaints(asked: Asked) -> list[Moved]:
    """The reasons that complaints surely rose about, with what they were otherwise."""
    kpi = KPIS["complaints"]
    lines = []
    for one in _risen(asked):
        # As long before it as it lasted, and half a year at least: the rise must be seen.
        since = min(asked.period.since, days(one)[0] - timedelta(weeks=13))
        query = {
            **Filters.of(since, up_to(asked), reason=[one.group or ""]).to_query(),
            "kpi": [kpi.name],
            "grain": ["week"],
            "lang": [language()],
        }
        line = moved.complained(
            data.title("reason", one.group), one.since, None if one.lasting else one.until,
            one.inside.each, one.outside.each,
            href=f"{places.path('trends')}?{urlencode(query, doseq=True)}",
            strength=one.strength, weeks=days(one),
        )  # fmt: skip
        lines.append(
            replace(
                line, change=_times(one), owned=_COMPLAINTS, reason=one.group or "", aims=kpi.name
            )
        )
    return lines


def complaint_rows(asked: Asked) -> list[tuple[str, dict[str, str]]]:
    """The ways to the complaints in the weeks that `complaints` tells of: words and query."""
    ways = []
    for one in _risen(asked):
        since, until = days(one)
        kept = asked.filters.keeping("reason", [one.group or ""]).during(since, until)
        [found] = data.ask(("complaints",), kept)
        # That goes as far as the customers' extract does, which the weeks may not.
        if found.numerator == one.inside.hits:
            said = _("The {n} complaints of {days}").format(
                n=formats.number(one.inside.hits), days=moved.days(since, until)
            )
            ways.append((said, drill.query("complaints", kept)))
    return [way for way in ways if way[1]]


def _risen(asked: Asked) -> list[Stretch]:
    """The reasons with weeks of surely more complaints."""
    if not numbers.applies(KPIS["complaints"], ("reason",), asked.filters.where):
        return []
    found = _found(asked, "complaints", "reason", "week")
    return [one for one in found if one.group is not None and one.inside.value > one.outside.value]


def leaving(asked: Asked) -> list[Moved]:
    """The months in which surely more customers left, and which customers; of all, not of a process."""
    kpi = KPIS["churn"]
    whole = replace(asked, filters=asked.filters.keeping("process", []))
    # Who leaves is of no process; the one that hears why is told of it too.
    elsewhere = asked.filters.values("process") not in {(), (_CANCELLATIONS,)}
    if elsewhere or whole.filters.where or not numbers.applies(kpi, ("has_portal",)):
        return []
    groups = {one.group: one for one in _found(whole, kpi.name, "has_portal", "month")}
    worse = [
        one
        for group, one in groups.items()
        if group is not None and one.inside.value > one.outside.value
    ]
    if not worse:
        return []
    one = max(worse, key=lambda each: each.inside.value - each.outside.value)
    said = _("{what} of {group} {months}: {inside} a month, otherwise {outside}").format(
        what=_(kpi.title),
        group={
            "yes": _("customers with the portal"),
            "no": _("customers without the portal"),
        }.get(str(one.group), str(one.group)),
        months=_months(one),
        inside=formats.percent(one.inside.value, 1),
        outside=formats.percent(one.outside.value, 1),
    )
    query = {
        **Filters.of(asked.period.since, asked.period.until).to_query(),
        "lang": [language()],
    }
    span = Period(days_of(one.since, "month").since, days_of(one.until, "month").until)
    return [
        Moved(
            said, "", _times(one), better=False, process="", kpi="",
            href=f"{places.path('customers')}?{urlencode(query, doseq=True)}",
            strength=one.strength, weeks=(span.since, span.until), owned=_CANCELLATIONS,
        )
    ]  # fmt: skip


def _months(one: Stretch) -> str:
    first, last = (formats.bucket(name, "month", year=True) for name in (one.since, one.until))
    if one.lasting:
        return _("since {week}").format(week=first)
    if first == last:
        return _("in {week}").format(week=first)
    return _("from {first} to {last}").format(first=first, last=last)


def _times(one: Stretch) -> str:
    if not one.outside.value:
        return ""
    times = one.inside.value / one.outside.value
    return _("{times} times as many").format(times=formats.number(times, 1))


def _found(asked: Asked, name: str, by: str, grain: str) -> list[Stretch]:
    """The stretches of a KPI per value of a dimension, remembered."""
    named = asked.filters.during(asked.period.since, up_to(asked))
    back = timedelta(days=365) if grain == "month" else None
    found: list[Stretch] = data.cached(
        "stretches",
        ((name,), named, by, grain),
        lambda: numbers.stretches(
            data.store(), (name,), named, data.SCOPE, by=by, grain=grain, back=back
        ),
    )
    return found


def days(one: Stretch) -> tuple[date, date]:
    """First and last day of a stretch."""
    return days_of(one.since, "week").since, days_of(one.until, "week").until


def broken(asked: Asked) -> list[Moved]:
    """Funnels in which a step broke for some weeks of the period: of a process its own."""
    if asked.filters.values("channel"):
        return []
    found = []
    for funnel in funnels.known(asked.period.until):
        if not about(funnel, asked.filters):
            continue
        try:
            broke = funnels.broke(asked, funnel)
        except AskProblem:
            continue
        if broke is None:
            continue
        step = funnel.steps[broke.place]
        query = {
            **Filters.of(asked.period.since, asked.period.until).to_query(),
            "funnel": [funnel.name],
            "step": [step],
            "lang": [language()],
        }
        href = f"{places.path('funnels')}?{urlencode(query, doseq=True)}"
        found.append(
            moved.broken(funnel.process or "", funnel.called, funnel.title(step), broke, href=href)
        )
    return found


def up_to(asked: Asked) -> date:
    """The last day that is news: of the latest whole months, that of as-of in the month begun since."""
    until = asked.period.until
    as_of = data.store().as_of(("contacts",)) or data.store().as_of(("cases",))
    if as_of is None or until != data.default_period().until:
        return until
    return max(until, formats.in_zone(as_of, data.zone()).date())


def against(asked: Asked, since: date, until: date) -> Asked:
    """The question about these days only, held against as many before them."""
    length = until - since
    before = Period(since - length, since)
    period = Period(since, min(until, up_to(asked)))
    filters = asked.filters.during(period.since, period.until)
    return replace(asked, filters=filters, period=period, before=before)
