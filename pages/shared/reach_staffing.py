"""What comes in against when somebody is there: per clock hour, per weekday and per week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from kpi import formats, numbers
from kpi.bulletin import Table, sentences_reach, table
from kpi.bulletin.scorecard import Target
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts import Point
from kpi.charts.columns import Strip, columns
from kpi.charts.heatmap import hour_span, slot, weekday_name
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Result, Unit
from kpi.periods import bucket
from kpi.results.load import Load, loads
from kpi.results.pooled import pooled
from kpi.results.rows import DENOMINATOR, NUMERATOR
from pages.shared import data, drill, figures, heads, page, reach_hours
from pages.shared.asked import Asked

T = TypeVar("T")
_OFFERED = KPIS["offered_per_hour"]
#: The figures that can be clicked.
_CLOCK, _STAFFED = "clock", "staffed-weeks"
#: Weeks from which the course per week says something.
_WEEKS = 4


def show_clock(asked: Asked) -> None:
    """Contacts offered per hour open, by the hour of the day, and how well they were answered."""
    page.section(_("By the hour of the day"))
    offered = per_clock_hour(reach_hours.by_hour(asked, _OFFERED.name))
    levels = per_clock_hour(reach_hours.by_hour(asked, reach_hours.LEVEL.name))
    hours = [hour for hour, one in sorted(offered.items()) if one.denominator]
    if not hours:
        page.quiet(_("Nothing to draw in this period."))
        return
    says = {hour: _("{hours} h").format(hours=hour_span(hour)) for hour in hours}
    per_hour = {hour: offered[hour].value or 0.0 for hour in hours}
    target = data.target(reach_hours.LEVEL, asked.process, asked.period.until)
    top = max(hours, key=lambda hour: per_hour[hour])
    strips = [
        Strip(
            _("Contacts offered per hour open"),
            tuple(_clock_point(says[h], h, offered[h]) for h in hours),
            Unit.PER_HOUR,
            named=(hours.index(top),),
        ),
        Strip(
            _(reach_hours.LEVEL.title),
            tuple(_clock_point(says[h], h, levels.get(h)) for h in hours),
            Unit.PERCENT,
            target=target.value if target else None,
            target_label=_aim(target),
            named=tuple(range(len(hours))),
        ),
    ]
    page.chart(
        columns(strips),
        sentences_reach.of_offer(per_hour, says),
        lambda: table(
            _("By the hour of the day"),
            [
                Column(_("Hour"), whole=True),
                Column(_("Offered"), figures=True),
                Column(_("Hours open"), figures=True),
                heads.of("offered_per_hour", asked.query()),
                heads.of(reach_hours.LEVEL.name, asked.query(), _("In 20\u00a0s")),
                Column(_("n"), figures=True),
            ],
            [
                [
                    says[h],
                    _rows_of(asked, offered[h], offered[h].numerator),
                    formats.number(offered[h].denominator),
                    formats.number(per_hour[h], 1),
                    formats.percent(levels[h].value) if h in levels else formats.NOTHING,
                    _rows_of(asked, levels[h], levels[h].denominator) if h in levels else "0",
                ]
                for h in hours
            ],
        ),
        _CLOCK,
        drill.choose(_CLOCK),
        tell=(reach_hours.LEVEL, asked.filters),
        below=drill.below(
            asked.filters,
            _CLOCK,
            {
                _key(one): drill.Point(one, f"{_(KPIS[one.kpi].title)} · {says[hour]}")
                for found in (offered, levels)
                for hour, one in found.items()
                if hour in says
            },
        ),
    )
    page.quiet(
        _(
            "Against opening hours: staffing is known per day, not per hour, so who was there in "
            "which hour cannot be said."
        )
    )


def per_clock_hour(found: Mapping[str, Result]) -> dict[int, Result]:
    """The weekdays together, per hour of the day: a share over all its rows, or what came per hour."""
    parts: dict[int, list[Result]] = {}
    for name, one in found.items():
        parts.setdefault(slot(name)[1], []).append(one)
    return {
        hour: replace(one, by={reach_hours.HOURS: f"-{hour:02d}"})
        for hour, each in parts.items()
        if (one := pooled(each) if each[0].unit is Unit.PERCENT else _together(each)) is not None
    }


def _together(parts: Sequence[Result]) -> Result | None:
    came, hours = (
        sum(getattr(one, name) or 0.0 for one in parts) for name in ("numerator", "denominator")
    )
    if not hours:
        return None
    return replace(
        parts[0], value=came / hours, low=None, high=None, numerator=came, denominator=hours, n=int(came),
        notes=(), extras={},
    )  # fmt: skip


def _clock_point(label: str, hour: int, one: Result | None) -> Point:
    if one is None:
        return Point(str(hour), label, None)
    return Point(str(hour), label, one.value, n=one.n, key=_key(one))


def _key(one: Result) -> str:
    """What a click on it tells: the KPI, and the hour or week."""
    return " ".join([one.kpi, *map(str, one.by.values())])


def _rows_of(asked: Asked, one: Result, count: float | None) -> Value:
    """How many there are of a pooled number, with the way to all of them."""
    part = NUMERATOR if one.kpi == _OFFERED.name else DENOMINATOR
    href = drill.link(one.kpi, asked.filters, one.by, part) if count else ""
    return Shown(formats.number(count), href=href)


def show_staffed(asked: Asked) -> None:
    """Contacts offered per staffed hour, per weekday and over the weeks."""
    page.section(_("Against the staffed hours"))
    kept = asked.filters.keeping("channel", [])
    staffed = data.cached(
        "staffed", (kept,), lambda: numbers.staffed(data.store(), kept, data.SCOPE)
    )
    if not staffed:
        page.quiet(
            _(
                "No staffed hours are known for this period. Load a file with a date, the staffed "
                "hours and if possible the process to hold what comes in against them."
            )
        )
        return
    offered = _per_day(asked, _OFFERED.name)
    weekdays = loads(offered, staffed, _weekday)
    levels = _levels(asked)
    page.text(sentences_reach.of_staffing(_named(weekdays), _named(levels)))
    page.table(_weekday_rows(asked, weekdays, levels), "staffed-weekdays")
    weeks = loads(offered, staffed, lambda day: bucket(day, "week"))
    if len(weeks) >= _WEEKS:
        _weeks(asked, weeks)
    page.quiet(
        _(
            "Staffed hours are known per day and process. They are of all channels, so all contacts "
            "offered inside opening hours are held against them."
        )
    )


def _per_day(asked: Asked, kpi: str) -> dict[date, int]:
    found = data.ask((kpi,), asked.filters.keeping("channel", []), ("day",))
    return {
        date.fromisoformat(str(one.by["day"])): int(one.numerator or 0)
        for one in found
        if one.by["day"]
    }


def _weekday(day: date) -> str:
    return str(day.isoweekday())


def _named(of: Mapping[str, T]) -> dict[str, T]:
    return {weekday_name(int(day), full=True): one for day, one in of.items()}


def _levels(asked: Asked) -> dict[str, Result]:
    """The service level per weekday: sums of its hours."""
    parts: dict[str, list[Result]] = {}
    for name, one in reach_hours.by_hour(asked, reach_hours.LEVEL.name).items():
        parts.setdefault(str(slot(name)[0]), []).append(one)
    found = {day: pooled(hours) for day, hours in parts.items()}
    return {day: one for day, one in found.items() if one is not None}


def _weekday_rows(
    asked: Asked, weekdays: Mapping[str, Load], levels: Mapping[str, Result]
) -> Table:
    rows: list[list[Value]] = []
    for day, one in sorted(weekdays.items()):
        level = levels.get(day)
        rows.append(
            [
                weekday_name(int(day), full=True).capitalize(),
                formats.number(one.hours / one.days, 0 if one.hours / one.days >= 10 else 1),
                formats.number(one.offered / one.days),
                formats.number(one.per_hour, 1),
                Shown(
                    formats.value(level.value, Unit.PERCENT, level.low, level.high),
                    href=drill.link(
                        level.kpi, asked.filters, {reach_hours.HOURS: f"{day}-"}, DENOMINATOR
                    ),
                )
                if level and not level.too_few
                else formats.NOTHING,
            ]
        )
    return table(
        _("Against the staffed hours"),
        [
            _("Weekday"),
            Column(_("Staffed hours a day"), figures=True, wrap=True),
            Column(_("Offered a day"), figures=True, wrap=True),
            Column(_("Offered per staffed hour"), figures=True, wrap=True),
            heads.of(reach_hours.LEVEL.name, asked.query(), _("In 20\u00a0s")),
        ],
        rows,
    )


def _weeks(asked: Asked, weeks: Mapping[str, Load]) -> None:
    """Load and service level week by week, one above the other."""
    found = {
        str(one.by["week"]): one
        for one in data.ask((reach_hours.LEVEL.name,), asked.filters, ("week",))
        if one.by["week"]
    }
    # What is staffed is for all channels.
    every = asked.filters.keeping("channel", [])
    came = {
        str(one.by["week"]): replace(one, value=weeks[str(one.by["week"])].per_hour)
        for one in data.ask((_OFFERED.name,), every, ("week",))
        # Of a week with days that nothing is known of staffing, more came than is held against it.
        if str(one.by["week"]) in weeks
        and int(one.numerator or 0) == weeks[str(one.by["week"])].offered
    }
    names = list(weeks)
    target = data.target(reach_hours.LEVEL, asked.process, asked.period.until)
    busiest = max(names, key=lambda name: weeks[name].per_hour or 0.0)
    strips = [
        Strip(
            _("Contacts offered per staffed hour"),
            tuple(
                Point(
                    formats.bucket(name, "week"), _week(name), weeks[name].per_hour,
                    n=weeks[name].offered, partial=_partial(found.get(name)),
                    key=_key(came[name]) if name in came else "",
                )
                for name in names
            ),
            Unit.PER_HOUR,
            named=(names.index(busiest),),
        ),
        Strip(
            _(KPIS["service_level"].title) ,
            tuple(_week_point(name, _week(name), found.get(name)) for name in names),
            Unit.PERCENT,
            target=target.value if target else None,
            target_label=_aim(target),
            named=(names.index(busiest),),
        ),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            _week(name),
            formats.number(weeks[name].hours),
            formats.number(weeks[name].offered),
            formats.number(weeks[name].per_hour, 1),
            _said(asked, found.get(name)),
        ]
        for name in names
    ]
    page.chart(
        columns(strips),
        _("Most per staffed hour came in {week}: {n}.").format(
            week=_week(busiest), n=formats.number(weeks[busiest].per_hour, 1)
        ),
        lambda: table(
            _("Against the staffed hours"),
            [
                _("Week"),
                Column(_("Staffed hours"), figures=True),
                Column(_("Offered"), figures=True),
                Column(_("Offered per staffed hour"), figures=True),
                Column(_("In 20\u00a0s"), figures=True),
            ],
            rows,
            tall=14,
        ),
        _STAFFED,
        drill.choose(_STAFFED),
        tell=(reach_hours.LEVEL, asked.filters),
        below=drill.below(
            asked.filters,
            _STAFFED,
            {
                **{
                    _key(one): drill.Point(
                        one,
                        f"{_('Contacts offered per staffed hour')} · {_week(name)}",
                        # Not the number that is shown elsewhere, but of the same contacts.
                        NUMERATOR,
                        every,
                    )
                    for name, one in came.items()
                },
                **{
                    _key(one): drill.Point(one, f"{_(reach_hours.LEVEL.title)} · {_week(name)}")
                    for name, one in found.items()
                },
            },
        ),
    )


def _week(name: str) -> str:
    return formats.bucket(name, "week", year=True)


def _aim(target: Target | None) -> str:
    return (
        _("target {value}").format(value=formats.aim(target.value, Unit.PERCENT)) if target else ""
    )


def _partial(one: Result | None) -> bool:
    return one is not None and one.partial


def _week_point(name: str, full: str, one: Result | None) -> Point:
    label = formats.bucket(name, "week")
    if one is None:
        return Point(label, full, None)
    return Point(label, full, one.value, one.low, one.high, one.n, one.partial, _key(one))


def _said(asked: Asked, one: Result | None) -> Value:
    if one is None or one.too_few:
        return formats.NOTHING
    return figures.shown(asked.filters, one)
