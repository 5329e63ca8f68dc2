"""How well we can be reached in each hour of the week, and what the worst hours would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kpi import formats
from kpi.bulletin import Table, sentences_reach, sentences_trend, table
from kpi.bulletin.scorecard import Target
from kpi.bulletin.tables import Column, Value
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Better, Kpi, Result, Unit
from kpi.results.shortfall import Shortfall, shortfalls
from pages.shared import data, figures, hours_week, page
from pages.shared.asked import Asked

HOURS = "weekday_hour"
LEVEL = KPIS["service_level"]
#: Hours named in the sentence, and rows of the table: all of them are folded below it.
NAMED, MOST = 3, 8


def by_hour(asked: Asked, kpi: str) -> dict[str, Result]:
    """A KPI per hour of the week in which there is anything."""
    found = data.ask((kpi,), asked.filters, (HOURS,))
    return {str(one.by[HOURS]): one for one in found if one.by[HOURS] and one.n}


def short(asked: Asked, target: Target | None) -> list[Shortfall]:
    """The hours below target by more than chance, the most contacts short first."""
    if target is None:
        return []
    [handling] = data.ask(("handle_time",), _waiting(asked))
    days = (_told(asked) - asked.period.since).days + 1
    return shortfalls(by_hour(asked, LEVEL.name), target.value, max(days, 1), handling.value)


def _waiting(asked: Asked) -> Filters:
    """Kept to the channels on which customers wait: writing takes another time than talking."""
    if asked.filters.values("channel"):
        return asked.filters
    rows = data.store().configuration.channels(asked.period.until)
    return asked.filters.keeping("channel", [row["channel"] for row in rows if row["live"]])


def _told(asked: Asked) -> date:
    """The last day of the period, or that of as-of where that is earlier."""
    as_of = data.store().as_of(LEVEL.reads)
    if as_of is None:
        return asked.period.until
    return min(asked.period.until, formats.in_zone(as_of, data.zone()).date())


def show_map(asked: Asked, kpi: Kpi) -> None:
    """The week by its hours: figures where there are enough, closed hours apart."""
    cells = by_hour(asked, kpi.name)
    page.section(_("{kpi} by weekday and hour").format(kpi=_(kpi.title)))
    if not cells:
        page.quiet(_("Nothing to draw in this period."))
        return
    says = hours_week.names(cells)
    hours_week.chart(
        asked,
        kpi,
        cells,
        sentences_trend.busiest(kpi, cells, says),
        f"hours-{kpi.name}",
        low_stands_out=kpi.better is Better.UP,
    )
    unit = formats.unit_name(kpi.unit)
    page.quiet(
        (_("In {unit}.").format(unit=unit) + " " if unit else "")
        + _("A figure without colour rests on fewer than ten.")
        + " "
        + (
            _("The fuller the colour, the lower.")
            if kpi.better is Better.UP
            else _("The fuller the colour, the higher.")
        )
    )


def show_short(asked: Asked, hours: Sequence[Shortfall], target: Target | None) -> None:
    """The hours that pinch, in words, with what it would take, and as a table."""
    page.section(_("Where it is tight, and what it would take"))
    if target is None:
        page.quiet(_("Without a target for the service level no hour can be called short."))
        return
    levels = by_hour(asked, LEVEL.name)
    judged = sum(not one.too_few for one in levels.values())
    says = hours_week.names(levels)
    page.text(sentences_reach.of_shortfalls(hours, judged, target.value, says, NAMED))
    if hours:
        page.table(rows_of(asked, hours, says, MOST), "short-hours")
    if len(hours) > MOST:
        title = _("All {n} hours below target").format(n=formats.number(len(hours)))
        page.folded(lambda: rows_of(asked, hours, says), "short-hours-all", title)


def rows_of(
    asked: Asked, hours: Sequence[Shortfall], says: Mapping[str, str], most: int | None = None
) -> Table:
    """One row an hour, the most contacts short first; of `most` of them."""
    levels = by_hour(asked, LEVEL.name)
    offered, gave_up = by_hour(asked, "offered_per_hour"), by_hour(asked, "abandonment")
    rows: list[list[Value]] = []
    for one in hours[:most]:
        lost = gave_up.get(one.hour)
        at = offered.get(one.hour)
        rows.append(
            [
                says[one.hour],
                figures.shown(
                    asked.filters,
                    levels[one.hour],
                    part="missed",
                    under=formats.interval(one.level.low, one.level.high, Unit.PERCENT),
                ),
                figures.shown(asked.filters, lost)
                if lost and not lost.too_few
                else formats.NOTHING,
                figures.shown(asked.filters, at, text=formats.number(at.value, 1))
                if at
                else formats.NOTHING,
                formats.number(one.a_week, 1),
                sentences_reach.hours_of(one.hours_a_week)
                if one.hours_a_week is not None
                else formats.NOTHING,
            ]
        )
    return table(
        _("Hours below target"),
        [
            Column(_("Weekday and hour"), whole=True),
            Column(_("In 20\u00a0s"), figures=True),
            Column(_("Abandoned"), figures=True),
            Column(_("Offered per hour"), figures=True, help=_("All inbound contacts, per hour open")),
            Column(
                _("Sooner, a week"), figures=True, wrap=True,
                help=_("Contacts a week that must be answered within 20 seconds to reach the target"),
            ),
            Column(
                _("Handling time, a week"), figures=True, wrap=True,
                help=_("Those contacts times the mean handle time: the least it takes, for waiting "
                       "falls and rises faster than the work does"),
            ),
        ],
        rows,
        tall=14,
    )  # fmt: skip
