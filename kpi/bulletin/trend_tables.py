"""The numbers behind trends as tables: every group and every period, with n, interval and note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi import formats
from kpi.bulletin.tables import Column, Shown, Table, Value, table
from kpi.i18n import _
from kpi.model import Kpi, Result, Unit

#: More rows than this are said to be there, not shown: a page has to stay light.
MOST_ROWS = 2500
_TALL = 14


def periods(kpi: Kpi, labels: Sequence[str], results: Sequence[Result | None]) -> Table:
    """One row a period."""
    rows = [[label, *_cells(kpi, one)] for label, one in zip(labels, results, strict=True)]
    return table(_(kpi.title), [_("Period"), *_columns(kpi)], rows, tall=_TALL)


def groups(
    kpi: Kpi,
    dimension: str,
    labels: Sequence[str],
    courses: Mapping[str, Sequence[Result | None]],
    links: Mapping[str, str],
) -> Table:
    """One row a group and period, of what there is; groups in the order given.

    `links` gives an address to the groups that have one.
    """
    rows: list[list[Value]] = []
    total = 0
    for name, results in courses.items():
        group: Value = Shown(name, href=links[name]) if name in links else name
        for label, one in zip(labels, results, strict=True):
            if one is None:
                continue
            total += 1
            if total <= MOST_ROWS:
                rows.append([group, label, *_cells(kpi, one)])
    note = _("A period without a row has nothing of that group.")
    if total > MOST_ROWS:
        note = _(
            "The first {shown} of {total} rows; choose longer periods or fewer groups for the rest."
        ).format(shown=formats.number(MOST_ROWS), total=formats.number(total))
    heads = [dimension, _("Period"), *_columns(kpi)]
    return table(_(kpi.title), heads, rows, note=note, tall=_TALL)


def hours(
    kpi: Kpi, cells: Mapping[str, Result], says: Mapping[str, str], *, per_hour: bool
) -> Table:
    """One row an hour of the week, with the hours open behind it where that is what divides."""
    rows: list[list[Value]] = []
    for name, one in cells.items():
        value, interval, n, note = _cells(kpi, one)
        beside = formats.number(one.denominator) if per_hour else interval
        rows.append([says[name], value, beside, n, note])
    second = _("Hours open") if per_hour else _("95 % interval")
    heads: list[Column | str] = [
        Column(_("Weekday and hour"), whole=True),
        Column(_value_head(kpi), figures=True),
        Column(second, figures=True),
        Column(_("n"), figures=True),
        _("Note"),
    ]
    return table(_(kpi.title), heads, rows, tall=_TALL)


def _columns(kpi: Kpi) -> list[Column | str]:
    return [
        Column(_value_head(kpi), figures=True),
        Column(_("95 % interval"), figures=True),
        Column(_("n"), figures=True),
        _("Note"),
    ]


def _value_head(kpi: Kpi) -> str:
    # Where the values carry no unit of their own.
    bare = {Unit.PER_HOUR, Unit.PER_THOUSAND, Unit.PER_HUNDRED_MONTH, Unit.GRADE}
    return formats.unit_name(kpi.unit) if kpi.unit in bare else _("Value")


def _cells(kpi: Kpi, one: Result | None) -> list[Value]:
    if one is None:
        return [formats.NOTHING, "", "0", _("no data in this period")]
    value = formats.value(one.value, kpi.unit, one.low, one.high)
    return [
        Shown(value, mark="quiet") if one.too_few else value,
        formats.interval(one.low, one.high, kpi.unit),
        formats.number(one.n),
        one.note_in(_) or "",
    ]
