"""The numbers of one process as its meeting reads them: against target, before and their course."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.access import Scope
from kpi.bulletin.agenda import Number
from kpi.bulletin.scorecard import Course, Process, Scorecard, Target, scorecard
from kpi.filters import Filters
from kpi.i18n import _
from kpi.numbers import Compared, agenda, ask
from kpi.periods import Period, add_months, buckets

if TYPE_CHECKING:
    from kpi.store import Store


def card_of(
    store: Store, process: Process, filters: Filters, compared: Mapping[str, Compared],
    before: Period | None, scope: Scope,
) -> Scorecard:  # fmt: skip
    """One row: the process by its KPIs, with twelve months of each."""
    assert filters.until is not None
    last = filters.until
    year = Period(add_months(last.replace(day=1), -11), last)
    months = [name for name, _days in buckets(year, "month")]
    courses: dict[str, dict[str | None, Any]] = {}
    span = filters.during(year.since, year.until)
    for one in ask(store, list(compared), span, ("month",), scope):
        courses.setdefault(one.kpi, {})[one.by["month"]] = one
    return scorecard(
        agenda.kpis(filters.where),
        [process],
        {(name, process.id): one.now for name, one in compared.items()},
        before={(name, process.id): one.before for name, one in compared.items() if one.before},
        courses={
            (name, process.id): Course(
                tuple(own[month].value if month in own else None for month in months),
                partial=months[-1] in own and own[months[-1]].partial,
            )
            for name, own in courses.items()
        },
        targets={
            (name, process.id): Target(one.target, one.sample)
            for name, one in compared.items()
            if one.target is not None
        },
        before_period=formats.period(before.since, before.until) if before else "",
    )


def numbers(
    store: Store, process: str, period: Period, card: Scorecard, compared: Mapping[str, Compared]
) -> list[Number]:
    """Those that rest on anything, each with what its owner wrote about it."""
    written = agenda.explanations(store, process, period)
    [row] = card.rows
    return [
        _number(head.title, cell, compared[cell.kpi], written.get(cell.kpi))
        for head, cell in zip(card.heads, row.cells, strict=True)
        if compared[cell.kpi].now.n
    ]


def _number(title: str, cell: Any, one: Compared, written: Mapping[str, Any] | None) -> Number:
    target = formats.aim(one.target, one.now.unit) if one.target is not None else ""
    if target and one.sample:
        target = _("{value} (sample)").format(value=target)
    said = str(written["text"]) if written else ""
    by = ""
    if written:
        by = _("{author}, {day}").format(
            author=written["author"] or _("unknown"), day=formats.day(written["valid_from"])
        )
    return Number(title, cell, target, said, by, beside=cell.kpi in agenda.BESIDE)
