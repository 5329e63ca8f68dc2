"""Who is in touch: contacts per customer for every cross-section, and how these went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi import formats
from kpi.bulletin import Table, sentences_sections, table
from kpi.bulletin.sentences_sections import Named
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts.columns import Strip, columns
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.measures.arithmetic import left_out
from kpi.model import Result, Unit
from kpi.periods import buckets
from pages.shared import customers_groups, data, drill, figures, heads, page
from pages.shared.asked import Asked

RATE = KPIS["contact_rate"]
BESIDE = ("avoidable", "first_contact_resolution", "csat")
_MOST = 6


def show(asked: Asked, filters: Filters, split: str, offered: Sequence[str]) -> None:
    """Per month for the cross-section chosen, and all cross-sections in one table."""
    if not split:
        page.quiet(
            _(
                "These customers cannot be split into groups. Load whether they use the "
                "personal portal, their value, their segment or their products."
            )
        )
        return
    _course(asked, filters, split)
    # Below each other: beside a table this long a figure leaves most of its column empty.
    page.section(_("Per kind of customer"))
    page.table(rows_of(filters, offered), "contact-sections")
    page.quiet(f"{_(RATE.definition)} {left_out(RATE)}")


def rates(filters: Filters, dimension: str) -> dict[str | None, Result]:
    """The contact rate per group of a cross-section, where it has customers."""
    found = data.ask((RATE.name,), filters, (dimension,))
    return {one.by[dimension]: one for one in found if one.denominator}


def _course(asked: Asked, filters: Filters, split: str) -> None:
    page.section(_("Contact: {groups}").format(groups=customers_groups.dimension_title(split)))
    found = rates(filters, split)
    span = customers_groups.span_of(asked)
    months = [name for name, _days in buckets(span, "month")]
    by: dict[str | None, dict[str | None, Result]] = {}
    for one in data.ask((RATE.name,), filters.during(span.since, span.until), (split, "month")):
        by.setdefault(one.by[split], {})[one.by["month"]] = one
    values = sorted(
        found, key=lambda value: (value is None, -(found[value].value or 0), str(value))
    )
    shown = [value for value in values if value in by][:_MOST]
    sentence = sentences_sections.of_rate(
        [
            Named(customers_groups.named(split, value), one)
            for value, one in found.items()
            if value is not None
        ]
    )
    if not shown:
        page.text(sentence)
        return
    sentence = f"{_('Contacts per 100 customers a month.')} {sentence}"
    courses = [[by[value].get(month) for month in months] for value in shown]
    names = [customers_groups.title(split, value) for value in shown]
    key = f"contact-{split}"
    groups = [
        (
            name,
            [
                customers_groups.point(m, months, one, value)
                for m, one in zip(months, course, strict=True)
            ],
        )
        for name, value, course in zip(names, shown, courses, strict=True)
    ]
    page.chart(
        columns(
            [
                Strip(name, tuple(points), RATE.unit, named=customers_groups.highest(points))
                for name, points in groups
            ],
            alike=True,
        ),
        sentence,
        lambda: _by_month(
            filters.during(span.since, span.until), months, dict(zip(names, courses, strict=True))
        ),
        key,
        drill.choose(key),
        tell=(RATE, filters),
        below=drill.below(filters.during(span.since, span.until), key, customers_groups.choosable(groups, courses)),
    )  # fmt: skip


def _text(one: Result | None) -> str:
    return formats.value(one.value, RATE.unit) if one is not None else formats.NOTHING


def _by_month(
    filters: Filters, months: Sequence[str], courses: Mapping[str, Sequence[Result | None]]
) -> Table:
    heads: list[Column | str] = [_("Month"), *(Column(name, figures=True) for name in courses)]
    rows: list[list[Value]] = [
        [
            formats.bucket(month, "month", year=True),
            *(
                figures.shown(filters, one) if (one := course[place]) else _text(None)
                for course in courses.values()
            ),
        ]
        for place, month in enumerate(months)
    ]
    return table(_(RATE.title), heads, rows, tall=14)


def rows_of(filters: Filters, offered: Sequence[str]) -> Table:
    """Every group of every cross-section: contacts, rate, avoidable, right first time, satisfied."""
    rows: list[list[Value]] = []
    for dimension in offered:
        # Also whoever cannot be counted as a customer: without them contacts would not add up.
        found = {
            one.by[dimension]: one
            for one in data.ask((RATE.name,), filters, (dimension,))
            if one.n or one.denominator
        }
        beside: dict[tuple[str, str | None], Result] = {
            (one.kpi, one.by[dimension]): one for one in data.ask(BESIDE, filters, (dimension,))
        }
        for value in sorted(found, key=lambda v: (v is None, -(found[v].value or 0), str(v))):
            one = found[value]
            rows.append(
                [
                    Shown(
                        customers_groups.title(dimension, value),
                        under=customers_groups.dimension_title(dimension),
                    ),
                    figures.shown(filters, one, "n"),
                    formats.NOTHING
                    if one.too_few or one.value is None
                    else figures.shown(filters, one),
                    *(_share(filters, beside.get((name, value))) for name in BESIDE),
                ]
            )
    return table(
        _("Per kind of customer"),
        [
            _("Customers"),
            Column(_("Contacts"), figures=True),
            heads.of(RATE.name, title=_("Per 100 a month")),
            *(heads.of(name) for name in BESIDE),
        ],
        rows,
    )


def _share(filters: Filters, one: Result | None) -> Value:
    if one is None or one.too_few or one.value is None:
        return formats.NOTHING
    under = formats.interval(one.low, one.high, Unit.PERCENT)
    return figures.shown(filters, one, under=under)
