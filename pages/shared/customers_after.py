"""Churn after a process, beside customers without a case of it."""

from __future__ import annotations

from datetime import date, timedelta

from kpi import formats
from kpi.bulletin import Table, table
from kpi.bulletin import sentences_customers as sentences
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts.pairs import Pair, explained, pairs
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import INDICATIVE, Result, Unit
from pages.shared import data, drill, figures, page, places
from pages.shared.asked import Asked
from pages.shared.chips import UNKNOWN

KPI = KPIS["churn_after"]
_CHART = "churn-after"
_DAYS: int = KPI.options["days"]


def show(asked: Asked, filters: Filters) -> None:
    """Per process, the largest difference first; what is left out and why."""
    page.section(_("Churn after a process"))
    found = [one for one in data.ask((KPI.name,), filters, ("process",)) if one.n]
    if not found:
        page.told("info", _not_yet(asked, filters))
        return
    found.sort(key=_order)
    titles = [data.title("process", one.by["process"]) for one in found]
    by_title = dict(zip(titles, found, strict=True))
    rows, filled = [_pair(name, one) for name, one in by_title.items()], _("with a case")
    page.chart(
        pairs(rows, filled=filled, hollow=_("without")),
        sentences.of_after(by_title),
        lambda: table_of(asked, filters, by_title),
        _CHART,
        drill.choose(_CHART),
        tell=(KPI, filters),
        below=drill.below(
            filters,
            _CHART,
            {
                _key(one): drill.Point(one, name)
                for name, one in by_title.items()
                if not one.too_few
            },
        ),
    )
    page.quiet(" ".join([explained(rows, filled), *_about(asked, found[0])]))


def _order(one: Result) -> tuple[bool, float]:
    return one.too_few, -(one.extras.get("difference") or 0.0)


def _pair(name: str, one: Result) -> Pair:
    without = one.extras.get("without")
    said = _said(one)
    if one.too_few:
        return Pair(name, None, None, None, None, said, pale=True)
    against = formats.value(without, Unit.PERCENT)
    facts = [
        said,
        _("95% interval {interval}").format(
            interval=formats.interval(one.low, one.high, Unit.PERCENT)
        ),
        f"n = {formats.number(one.n)}",
    ]
    apart = sentences.stands_out(one)
    end = _("{share} against {without}").format(share=said, without=against)
    if one.n < INDICATIVE and one.notes:
        end = f"{end}, {one.notes[0].text(_)}"
    return Pair(
        name, one.value, one.low, one.high, without, f"▲ {end}" if apart else end,
        stands_out=apart, facts=tuple(facts), other_facts=(against,), key=_key(one), other_key=_key(one),
    )  # fmt: skip


def _key(one: Result) -> str:
    return one.by["process"] or UNKNOWN


def _said(one: Result) -> str:
    if one.too_few:
        return one.notes[0].text(_) if one.notes else formats.NOTHING
    return formats.value(one.value, Unit.PERCENT, one.low, one.high)


def table_of(asked: Asked, filters: Filters, by_title: dict[str, Result]) -> Table:
    """One row a process: n, share, the same without such a case, and the difference."""
    rows: list[list[Value]] = []
    for name, one in by_title.items():
        process = one.by["process"]
        href = places.path("process") + asked.query(process) if process else ""
        rows.append(
            [
                Shown(name, href=href),
                figures.shown(filters, one, "n"),
                figures.shown(
                    filters,
                    one,
                    part="numerator",
                    under=formats.interval(one.low, one.high, Unit.PERCENT),
                )
                if not one.too_few
                else Shown(formats.NOTHING, mark="quiet", under=_said(one)),
                Shown(
                    formats.number(one.extras.get("without_n")),
                    source=figures.beside(filters, one, "without_n"),
                ),
                Shown(
                    formats.value(one.extras.get("without"), Unit.PERCENT),
                    source=figures.beside(filters, one, "without"),
                ),
                Shown(
                    sentences.difference(one) or formats.NOTHING,
                    mark="worse" if sentences.stands_out(one) else "quiet",
                ),
            ]
        )
    return table(
        _(KPI.title),
        [
            _("Customer process"),
            Column(_("Customers with a case"), figures=True),
            Column(_("Left after it"), figures=True),
            Column(_("Customers without"), figures=True),
            Column(_("Left of these"), figures=True),
            Column(_("Difference in points (95%)"), figures=True),
        ],
        rows,
        note=_(KPI.definition),
    )


def _about(asked: Asked, one: Result) -> list[str]:
    said = [
        _(
            "Cancellations are left out: who cancels means to leave, so that they leave says "
            "nothing about how the process went."
        )
    ]
    last = _latest(one)
    if last is not None and last < asked.period.until:
        said.append(
            _(
                "Only cases closed up to {day} count: of later ones it is not known yet whether "
                "the customer leaves within {days} days."
            ).format(day=formats.day(last), days=_DAYS)
        )
    return said


def _latest(one: Result) -> date | None:
    if one.as_of is None:
        return None
    return (formats.in_zone(one.as_of, data.zone()) - timedelta(days=_DAYS)).date()


def _not_yet(asked: Asked, filters: Filters) -> str:
    """Why there is nothing: too young, or no cases with a customer."""
    [whole] = data.ask((KPI.name,), filters)
    last = _latest(whole)
    if last is not None and last < asked.period.since:
        return _(
            "Too early to tell: this figure waits {days} days to see who leaves, so it knows cases "
            "closed up to {day}. Choose an earlier or longer period above."
        ).format(days=_DAYS, day=formats.day(last))
    return _(
        "No closed cases of known customers in this period. Load cases with a customer number, "
        "and the customers themselves."
    )
