"""A KPI by weekday and hour: figures where there are enough, closed hours apart."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kpi.bulletin import sentences_trend
from kpi.charts.heatmap import hour_span, slot, weekday_name
from kpi.i18n import _
from kpi.model import Kind, Kpi, Result
from pages.shared import data, hours_week, page
from pages.shared.asked import Asked

NAME = "weekday_hour"
#: A weekday seen fewer times than this says little about weekdays like it.
_SELDOM = 4


def show(asked: Asked, kpi: Kpi) -> None:
    """The week by its hours: figures where there are enough, closed hours apart."""
    found = data.ask((kpi.name,), asked.filters, (NAME,))
    cells = {str(one.by[NAME]): one for one in found if one.by[NAME]}
    if not cells:
        return
    page.section(_("{kpi} by weekday and hour").format(kpi=_(kpi.title)))
    per_hour = kpi.kind is Kind.PER_HOUR
    says = {name: said(name) for name in cells}
    seldom = _seldom(cells) if per_hour else []
    sentence = sentences_trend.busiest(kpi, cells, says)
    if seldom:
        days = sentences_trend.names([weekday_name(day, full=True) for day in seldom])
        sentence += " " + _("* Open fewer than {n} times in this period: {days}.").format(
            n=_SELDOM, days=days
        )
    hours_week.chart(asked, kpi, cells, sentence, "hours", scarce=seldom)
    page.quiet(
        _("Grey cells are closed hours; a figure without colour rests on fewer than ten.")
        if per_hour
        else _("Grey cells have nothing; a figure without colour rests on fewer than ten.")
    )


def said(name: str) -> str:
    """An hour of the week to read: "maandag 9–10 u"; as it came where it is none.

    Of "-09" it is that hour of every day, of "1-" the whole weekday.
    """
    found = re.fullmatch(r"([1-7]?)-([01]\d|2[0-3])?", name)
    weekday, hour = found.groups() if found else ("", None)
    if not weekday:
        return _("{hours} h").format(hours=hour_span(int(hour))) if hour else name
    day = weekday_name(int(weekday), full=True)
    if not hour:
        return day
    return _("{weekday} {hours} h").format(weekday=day, hours=hour_span(int(hour)))


def _seldom(cells: Mapping[str, Result]) -> list[int]:
    """Weekdays whose fullest hour was open fewer than four times."""
    most: dict[int, float] = {}
    for name, one in cells.items():
        weekday, _hour = slot(name)
        most[weekday] = max(most.get(weekday, 0.0), one.denominator or 0.0)
    return sorted(day for day, hours in most.items() if hours < _SELDOM)
