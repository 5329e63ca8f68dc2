"""Cross-sections of customers: with and without the portal, by value and by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi import formats
from kpi.bulletin import Table, table
from kpi.bulletin import sentences_customers as sentences
from kpi.bulletin.sentences_customers import Group
from kpi.bulletin.states import overlap
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts import Point
from kpi.charts.columns import Strip, columns
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Result, Unit
from kpi.numbers import Compared
from kpi.periods import Period, buckets, days_of, months_up_to
from pages.shared import data, drill, figures, kinds, page
from pages.shared.asked import Asked
from pages.shared.avoidable_causes import change_of
from pages.shared.chips import UNKNOWN

#: Told apart by what lasts: what a customer is says more than what one did lately, so the title
#: names only these.
LASTING = ("has_portal", "value_class", "segment")
DIMENSIONS = (*LASTING, "tenure", "products", "caller")
#: At least so many days of a period are drawn as they are; a shorter one among its twelve months.
_LONG = 300
_MOST = 6
#: All groups together, where a group is named by its value.
TOGETHER = "(together)"


def dimension_title(dimension: str) -> str:
    """What the customers are told apart by."""
    return {
        "has_portal": _("with and without personal portal"),
        "value_class": _("by customer value"),
        "segment": _("by segment"),
        "tenure": _("new and longer a customer"),
        "products": _("with few and many products"),
        "caller": _("with and without contact in the past year"),
    }.get(dimension, dimension)


def title(dimension: str, value: str | None) -> str:
    """The name of a group in a table or chart."""
    known = {
        ("has_portal", "yes"): _("With personal portal"),
        ("has_portal", "no"): _("Without personal portal"),
        ("value_class", "high"): _("High value"),
        ("value_class", "low"): _("Low value"),
        **{key: word[:1].upper() + word[1:] for key, word in kinds.values().items()},
    }
    if value is None:
        return _("Not known")
    return known.get((dimension, value), value)


def named(dimension: str, value: str | None) -> str:
    """The name of a group within a sentence."""
    known = {
        ("has_portal", "yes"): _("customers with a personal portal"),
        ("has_portal", "no"): _("customers without a personal portal"),
        ("value_class", "high"): _("customers of high value"),
        ("value_class", "low"): _("customers of low value"),
        ("tenure", "new"): _("new customers"),
        ("tenure", "long"): _("longer-standing customers"),
        ("products", "few"): _("customers with few products"),
        ("products", "many"): _("customers with many products"),
        ("caller", "yes"): _("customers who called or wrote in the past year"),
        ("caller", "no"): _("customers without contact"),
    }
    if value is None:
        return _("customers of whom it is not known")
    return known.get((dimension, value)) or _("customers in segment {segment}").format(
        segment=value
    )


def told_apart(filters: Filters) -> list[str]:
    """The dimensions that tell customers apart: with two known values at least."""
    return [
        dimension
        for dimension in DIMENSIONS
        if sum(
            one.n > 0 and one.by[dimension] is not None
            for one in data.ask(("churn",), filters, (dimension,))
        )
        > 1
    ]


def groups(filters: Filters, dimension: str) -> list[Group]:
    """The known groups of a cross-section, for the title."""
    return [
        Group(named(dimension, one.now.by[dimension]), one.now, one.before)
        for one in _compared(filters, dimension)
        if one.now.by[dimension] is not None
    ]


def _compared(filters: Filters, dimension: str) -> list[Compared]:
    found = [one for one in data.compare(("churn",), filters, (dimension,)) if one.now.n]
    return sorted(
        found,
        key=lambda one: (one.now.by[dimension] is None, -(one.now.value or 0), str(one.now.by)),
    )


def span_of(asked: Asked) -> Period:
    """The months that are drawn."""
    long = asked.period.days >= _LONG
    return asked.period if long else months_up_to(asked.period.until)


def show(asked: Asked, filters: Filters, dimension: str) -> None:
    """Churn per month of each group, all on one scale."""
    page.section(_("Who left: {groups}").format(groups=dimension_title(dimension)))
    span = span_of(asked)
    months = [name for name, _days in buckets(span, "month")]
    found: dict[str | None, dict[str | None, Result]] = {}
    for one in data.ask(("churn",), filters.during(span.since, span.until), (dimension, "month")):
        if one.n:
            found.setdefault(one.by[dimension], {})[one.by["month"]] = one
    values = [one.now.by[dimension] for one in _compared(filters, dimension)]
    shown = [value for value in values if value in found][:_MOST]
    if not shown:
        page.quiet(_("Nothing to draw in this period."))
        return
    courses = [[found[value].get(month) for month in months] for value in shown]
    told = [
        (named(dimension, value), course)
        for value, course in zip(shown, courses, strict=True)
        if value is not None
    ]
    key = f"churn-{dimension}"
    groups = [
        (title(dimension, value), _points(months, course, value))
        for value, course in zip(shown, courses, strict=True)
    ]
    page.chart(
        columns(
            [
                Strip(
                    name,
                    tuple(points),
                    Unit.PERCENT,
                    named=highest(points),
                    out=tuple(sentences.peaks(course).places) if value is not None else (),
                )
                for value, (name, points), course in zip(shown, groups, courses, strict=True)
            ],
            alike=True,
        ),
        _("Churn per month. {peak}").format(
            peak=sentences.of_course(
                told, [formats.bucket(month, "month", year=True) for month in months]
            )
        ),
        lambda: _by_month(
            filters.during(span.since, span.until),
            months,
            [(title(dimension, value), found[value]) for value in shown],
        ),
        key,
        drill.choose(key),
        tell=(KPIS["churn"], filters),
        below=drill.below(filters.during(span.since, span.until), key, choosable(groups, courses)),
    )


def show_table(
    asked: Asked, filters: Filters, dimension: str, whole: Compared, lost: Result | None = None
) -> None:
    """The groups over the period asked; the last row is all customers.

    `lost`: all that left, to say why that is more than left of those there were at the start.
    """
    page.section(formats.period(asked.period.since, asked.period.until))
    # Who changes kind while a customer neither came nor left by it.
    moves = _moves(filters, dimension) if dimension in LASTING else None
    page.table(
        rows_of(asked, filters, _compared(filters, dimension), dimension, whole, moves),
        f"groups-{dimension}",
    )
    why = sentences.of_bases(lost, whole.now)
    if why:
        page.quiet(why)


def _moves(filters: Filters, dimension: str) -> dict[str | None, dict[str, Result]]:
    """New customers and the balance, per group and (None without a value) together."""
    names = ("customers_new", "customers_net")
    found: dict[str | None, dict[str, Result]] = {}
    for one in data.ask(names, filters, (dimension,)):
        found.setdefault(one.by[dimension], {})[one.kpi] = one
    found[TOGETHER] = {one.kpi: one for one in data.ask(names, filters)}
    return found


def rows_of(
    asked: Asked,
    filters: Filters,
    compared: Sequence[Compared],
    dimension: str,
    whole: Compared,
    moves: Mapping[str | None, Mapping[str, Result]] | None = None,
) -> Table:
    """One row a group: at the start, left, churn, by own choice, change; new and balance of `moves`."""
    return table(
        _("Who left: {groups}").format(groups=dimension_title(dimension)),
        [
            _("Customers"),
            Column(_("Left"), figures=True),
            Column(_("Churn"), figures=True),
            Column(_("By own choice"), figures=True),
            Column(_("Change"), figures=True),
            *(
                [Column(_("New"), figures=True), Column(_("Balance"), figures=True)]
                if moves
                else []
            ),
        ],
        [
            *[
                [
                    *_row(filters, title(dimension, one.now.by[dimension]), one),
                    *_moved(filters, moves, one.now.by[dimension]),
                ]
                for one in compared
            ],
            [
                *_row(filters, _("Total"), whole, strong=True),
                *_moved(filters, moves, TOGETHER),
            ],
        ],
        note=_("Change against {period}.").format(period=asked.before_text) if asked.before else "",
    )


def _moved(
    filters: Filters, moves: Mapping[str | None, Mapping[str, Result]] | None, value: str | None
) -> list[Value]:
    if not moves:
        return []
    new, net = (moves.get(value, {}).get(name) for name in ("customers_new", "customers_net"))
    return [
        figures.shown(filters, new) if new else "0",
        figures.shown(filters, net, text=sentences.signed(net.value))
        if net and net.value is not None
        else formats.NOTHING,
    ]


def _row(filters: Filters, name: str, one: Compared, *, strong: bool = False) -> list[Value]:
    now, before = one.now, one.before
    share: Value = figures.shown(
        filters,
        now,
        under=formats.interval(now.low, now.high, Unit.PERCENT),
        mark="strong" if strong else "",
    )
    if now.too_few:
        share = Shown(
            formats.NOTHING, mark="quiet", under=now.notes[0].text(_) if now.notes else ""
        )
    moved = 0
    if before is not None and not (before.too_few or now.too_few or overlap(now, before)):
        moved = 1 if (now.value or 0) > (before.value or 0) else -1
    known = before is not None and not before.too_few and not now.too_few
    return [
        Shown(name, mark="strong" if strong else ""),
        figures.shown(
            filters,
            now,
            "numerator",
            under=_("of {n}").format(n=formats.number(now.denominator)),
        ),
        share,
        Shown(
            formats.value(now.extras.get("voluntary"), Unit.PERCENT, now.low, now.high),
            source=figures.beside(filters, now, "voluntary"),
        ),
        change_of(now, before if known else None, moved),
    ]


def _points(
    months: Sequence[str], results: Sequence[Result | None], group: str | None
) -> list[Point]:
    return [
        point(month, months, None if one is None or one.too_few else one, group)
        for month, one in zip(months, results, strict=True)
    ]


def point(month: str, months: Sequence[str], one: Result | None, group: str | None = "") -> Point:
    """A month of a group on the axis, the year under the first of it."""
    key = f"{month} {group or UNKNOWN}"
    label, full = formats.bucket(month, "month"), formats.bucket(month, "month", year=True)
    if month == months[0] or days_of(month, "month").since.month == 1:
        label = f"{label}<br>{month[:4]}"
    if one is None:
        return Point(label, full, None, key=key)
    return Point(label, full, one.value, one.low, one.high, one.n, one.partial, key)


def highest(points: Sequence[Point]) -> tuple[int, ...]:
    """The place of the highest value, which is written in a figure; none where there is no value."""
    known = [place for place, point in enumerate(points) if point.value is not None]
    return tuple(sorted(known, key=lambda place: -(points[place].value or 0))[:1])


def choosable(
    groups: Sequence[tuple[str, Sequence[Point]]], courses: Sequence[Sequence[Result | None]]
) -> dict[str, drill.Point]:
    """The columns that can be chosen, by their keys: each with its group and its month."""
    return {
        point.key: drill.Point(one, f"{name} · {point.full}")
        for (name, points), course in zip(groups, courses, strict=True)
        for point, one in zip(points, course, strict=True)
        if one is not None and point.value is not None
    }


def _text(one: Result | None) -> str:
    return formats.value(one.value, Unit.PERCENT, one.low, one.high) if one else formats.NOTHING


def _by_month(
    filters: Filters, months: Sequence[str], groups: Sequence[tuple[str, dict[str | None, Result]]]
) -> Table:
    rows = []
    for month in months:
        row: list[Value] = [formats.bucket(month, "month", year=True)]
        for _name, of in groups:
            one = of.get(month)
            interval = formats.interval(one.low, one.high, Unit.PERCENT) if one else ""
            left = (
                f"{formats.number(one.numerator)} / {formats.number(one.denominator)}"
                if one
                else formats.NOTHING
            )
            row += [
                figures.shown(filters, one, under=interval) if one else Shown(_text(one)),
                left,
            ]
        rows.append(row)
    heads: list[Column | str] = [_("Month")]
    for name, _of in groups:
        heads += [Column(name, figures=True), Column(_("left / at the start"), figures=True)]
    return table(_("Churn per month"), heads, rows, tall=14)
