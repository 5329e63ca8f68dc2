"""The numbers behind trends as tables: every group and every period, with n, interval and note.

And with what the figure draws beside its line: what is usual, what is not, and the year before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kpi import formats
from kpi.bulletin.sentences_reported import Then
from kpi.bulletin.sources import Source
from kpi.bulletin.tables import Column, Shown, Table, Value, table
from kpi.bulletin.trend_beside import Around, Beside, places_of, written
from kpi.i18n import _
from kpi.model import Kpi, Result, Unit

#: More rows than this are said to be there, not shown: a page has to stay light.
MOST_ROWS = 2500
_TALL = 14
#: Where a number comes from, with its rows where they may be seen.
Origin = Callable[[Result], Source | None]
#: Where a figure draws nothing beside its line.
_NONE, _BARE = Around(), Beside()


def periods(
    kpi: Kpi,
    labels: Sequence[str],
    results: Sequence[Result | None],
    reported: Sequence[Then | None] = (),
    origin: Origin = lambda _one: None,
    drawn: Sequence[Beside] = (),
) -> Table:
    """One row a period; beside the value what was reported, where any of it was another one.

    `origin`: where a number comes from; `drawn`: what else the figure draws of each period.
    """
    beside = any(reported)
    then = reported if beside else [None] * len(results)
    also = list(drawn) or [_BARE] * len(results)
    more = Around.of(also)
    with formats.alike(kpi.unit, _numbers(results, also)):
        rows = [
            [label, *_with(_cells(kpi, one, origin, more, one_also), was, beside=beside)]
            for label, one, was, one_also in zip(labels, results, then, also, strict=True)
        ]
    heads = [Column(_("Period"), whole=True), *_columns(kpi, beside=beside, more=more)]
    return table(_(kpi.title), heads, rows, tall=_TALL)


def groups(
    kpi: Kpi,
    dimension: str,
    labels: Sequence[str],
    courses: Mapping[str, Sequence[Result | None]],
    links: Mapping[str, str],
    reported: Mapping[str, Sequence[Then | None]] | None = None,
    origin: Origin = lambda _one: None,
    drawn: Mapping[str, Sequence[Beside]] | None = None,
) -> Table:
    """One row a group and period, of what there is; groups in the order given.

    `links` gives an address to the groups that have one, `reported` what was reported of each,
    `origin` where a number comes from, `drawn` what else the figures draw of each.
    """
    then, also = reported or {}, drawn or {}
    beside = any(any(course) for course in then.values())
    more = Around.of([one for course in also.values() for one in course])
    every = [
        number
        for name, course in courses.items()
        for number in _numbers(course, also.get(name, ()))
    ]
    rows: list[list[Value]] = []
    total = 0
    for name, results in courses.items():
        group: Value = Shown(name, href=links[name]) if name in links else name
        course = then.get(name) or [None] * len(results)
        around = also.get(name) or [_BARE] * len(results)
        for label, one, was, one_also in zip(labels, results, course, around, strict=True):
            if one is None and was is None:
                continue
            total += 1
            if total <= MOST_ROWS:
                with formats.alike(kpi.unit, every):
                    cells = _with(_cells(kpi, one, origin, more, one_also), was, beside=beside)
                rows.append([group, label, *cells])
    note = _("A period without a row has nothing of that group.")
    if total > MOST_ROWS:
        note = _(
            "The first {shown} of {total} rows; choose longer periods or fewer groups for the rest."
        ).format(shown=formats.number(MOST_ROWS), total=formats.number(total))
    heads = [dimension, Column(_("Period"), whole=True), *_columns(kpi, beside=beside, more=more)]
    return table(_(kpi.title), heads, rows, note=note, tall=_TALL)


def hours(
    kpi: Kpi,
    cells: Mapping[str, Result],
    says: Mapping[str, str],
    *,
    per_hour: bool,
    origin: Origin = lambda _one: None,
) -> Table:
    """One row an hour of the week, with the hours open behind it where that is what divides."""
    rows: list[list[Value]] = []
    for name, one in cells.items():
        value, interval, n, note = _cells(kpi, one, origin)
        beside = formats.number(one.denominator) if per_hour else interval
        rows.append([says[name], value, beside, n, note])
    second = _("Hours open") if per_hour else _("95% interval")
    heads: list[Column | str] = [
        Column(_("Weekday and hour"), whole=True),
        Column(_value_head(kpi), figures=True),
        Column(second, figures=True),
        Column(_("n"), figures=True),
        _("Note"),
    ]
    return table(_(kpi.title), heads, rows, tall=_TALL)


def _columns(kpi: Kpi, *, beside: bool = False, more: Around = _NONE) -> list[Column | str]:
    values = [Column(_value_head(kpi), figures=True)]
    if beside:
        then = _("As it was when the month closed, where it is another value now")
        now = Column(
            f"{_('Now')} ({_value_head(kpi)})" if _is_bare(kpi) else _("Now"), figures=True
        )
        values = [Column(_("Reported"), figures=True, help=then), now]
    return [
        *values,
        Column(_("95% interval"), figures=True),
        Column(_("n"), figures=True),
        *more.columns(),
        _("Note"),
    ]


def _numbers(results: Sequence[Result | None], also: Sequence[Beside]) -> list[float | None]:
    """Every number that stands in the unit of the KPI, for one way to tell them."""
    values = [one.value for one in results if one is not None]
    return [*values, *(number for one in also for number in one.numbers)]


def _value_head(kpi: Kpi) -> str:
    return formats.unit_name(kpi.unit) if _is_bare(kpi) else _("Value")


def _is_bare(kpi: Kpi) -> bool:
    """Whether its values carry no unit of their own."""
    return kpi.unit in {Unit.PER_HOUR, Unit.PER_THOUSAND, Unit.PER_HUNDRED_MONTH, Unit.GRADE}


def _with(cells: list[Value], then: Then | None, *, beside: bool) -> list[Value]:
    """The cells of now, with what was reported before them and what changed it in the note."""
    if not beside:
        return cells
    if then is None:
        return ["", *cells]
    *numbers, note = cells
    notes = [text for text in (note, then.why) if isinstance(text, str) and text]
    return [Shown(then.value, under=then.as_of), *numbers, "; ".join(notes)]


def _cells(
    kpi: Kpi,
    one: Result | None,
    origin: Origin,
    more: Around = _NONE,
    also: Beside = _BARE,
) -> list[Value]:
    around = more.cells(kpi, one, also)
    if one is None:
        return [formats.NOTHING, "", "0", *around, _("no data in this period")]
    value = written(one, kpi.unit, places_of(kpi, one, also))
    mark = "quiet" if one.too_few else ""
    source = origin(one) if one.value is not None else None
    return [
        Shown(value, mark=mark, source=source) if mark or source else value,
        formats.interval(one.low, one.high, kpi.unit),
        formats.number(one.n),
        *around,
        one.note_in(_) or "",
    ]
