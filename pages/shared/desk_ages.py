"""How old the open cases of a process are, and how many are past its norm."""

from __future__ import annotations

from kpi import formats
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.i18n import _, ngettext
from kpi.numbers.desk import Age, Due
from pages.shared import data, figures, page
from pages.shared.asked import Asked


def show(asked: Asked, found: Due | None) -> None:
    """By classes of age, each with its share; nothing without open cases."""
    if found is None:
        return
    ages = found.ages
    total = sum(one.n for one in ages)
    if not total:
        return
    page.section(_("How old the backlog is"))
    page.text(_age(total, ages[-1], page.as_of(found.as_of)))
    page.table(
        table(
            _("How old the backlog is"),
            [
                _("Open for"),
                Column(_("Cases"), figures=True),
                Column(_("Share"), figures=True),
                Column(_("Past the norm"), figures=True),
            ],
            [
                [
                    _("{least} days or more").format(least=one.least)
                    if one.most is None
                    else _("{least} to {most} days").format(least=one.least, most=one.most),
                    formats.number(one.n),
                    formats.percent(100 * one.n / total),
                    formats.number(one.late),
                ]
                for one in ages
            ]
            + [_all_open(asked, found, sum(one.late for one in ages))],
        ),
        "ages",
    )


def _age(total: int, old: Age, as_of: str) -> str:
    """How many of the open cases are old, and what to ask of these."""
    if not old.n:
        return _("None of the {n} open cases is older than {days} days ({as_of}).").format(
            n=formats.number(total), days=old.least, as_of=as_of
        )
    said = (
        ngettext(
            "The one open case is open for {days} days or longer",
            "All {n} open cases are open for {days} days or longer",
            total,
        )
        if old.n == total
        else ngettext(
            "Of the {n} open cases {old} is open for {days} days or longer",
            "Of the {n} open cases {old} are open for {days} days or longer",
            old.n,
        )
    ).format(n=formats.number(total), old=formats.number(old.n), days=old.least)
    asks = _("is anyone working on them, or were they never closed in the source?")
    return f"{said}: {asks} ({as_of})"


def _all_open(asked: Asked, found: Due, late: int) -> list[Value]:
    """The last row: every open case, and the way to them."""
    day = formats.in_zone(found.as_of, data.zone()).date()
    then = asked.filters.during(day, day)
    [backlog] = data.ask(("backlog",), then)
    return [
        Shown(_("Total"), mark="strong"),
        figures.shown(then, backlog),
        formats.percent(100),
        formats.number(late),
    ]
