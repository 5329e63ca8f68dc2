"""Werkvoorraad: what comes in and goes out, how old the rest is, what is about to be late, who is silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from kpi import formats
from kpi.bulletin import Table, table
from kpi.bulletin.tables import Column, Shown
from kpi.filters import Filters
from kpi.i18n import _, ngettext
from kpi.numbers import desk
from kpi.numbers.desk import Due
from pages.shared import case_links, data, desk_ages, desk_flow, drill, later, page, places
from pages.shared.asked import Asked

#: From so many hours on, tenths of one say nothing.
_LONG = 100


def show(asked: Asked) -> None:
    """The open work of one process."""
    assert asked.process is not None
    if data.store().as_of(("cases",)) is None:
        page.text(_("There are no cases yet: load an extract of the case system."))
        return
    due = partial(_due, asked)
    # Under each other, and beside each other where the screen has room for both.
    with st.container(key="beside"):
        later.behind(lambda: _at_risk(asked, due()))
        later.behind(lambda: _silent(asked))
    desk_flow.show(asked)
    later.behind(lambda: desk_ages.show(asked, due()))
    later.behind(lambda: case_links.form(data.default_day()))


def _due(asked: Asked) -> Due | None:
    process, where = asked.process, asked.filters.where
    assert process is not None
    return data.cached(
        "due",
        (process, where),
        lambda: desk.due(data.store(), process, where, data.SCOPE),
    )


def _at_risk(asked: Asked, found: Due | None) -> None:
    if found is None:
        # Taken back since the page began.
        return
    page.section(_("About to miss the norm"))
    page.text(_sentence(found))
    if asked.period.until < formats.in_zone(found.as_of, data.zone()).date():
        page.quiet(
            _(
                "The backlog of the tile above is that of {day}; the lists here are as of the reference date."
            ).format(day=formats.day(asked.period.until))
        )
    rows = _nearest(asked, found)
    if rows:
        title, left = _("About to miss the norm"), _("Working time left")
        shown = _list(title, left, "left_hours", rows, found.due)
        page.table(shown, "at-risk", personal=True)
        _every(asked, "backlog", found.as_of, "deadline_at", _("All open cases, by their norm"))
    if found.late and data.SCOPE.personal:
        title = ngettext(
            "{n} case past its norm", "{n} cases past their norm, the longest first", found.late
        ).format(n=formats.number(found.late))
        page.folded(lambda: _overdue(asked, found), "overdue", title, personal=True)


def _nearest(asked: Asked, found: Due) -> list[dict[str, Any]]:
    """Who they are, for who may see it; kept by no cache."""
    if not data.SCOPE.personal:
        return []
    assert asked.process is not None
    return desk.about_to_miss(data.store(), asked.process, found, asked.filters.where, data.SCOPE)


def _overdue(asked: Asked, found: Due) -> Table:
    assert asked.process is not None
    rows = desk.overdue(data.store(), asked.process, asked.filters.where, data.SCOPE)
    return _list(_("Past the norm"), _("Working time past it"), "late_hours", rows, found.late)


def _sentence(found: Due) -> str:
    soon = (
        ngettext(
            "{n} open case reaches its norm in the next two working days",
            "{n} open cases reach their norm in the next two working days",
            found.due,
        ).format(n=formats.number(found.due))
        if found.due
        else _("No open case reaches its norm in the next two working days")
    )
    late = ngettext("{n} is past it already", "{n} are past it already", found.late)
    later = ngettext("{n} has more time", "{n} have more time", found.later)
    others = ", ".join(
        text.format(n=formats.number(n))
        for text, n in ((late, found.late), (later, found.later))
        if n
    )
    return f"{'; '.join(filter(None, (soon, others)))} ({page.as_of(found.as_of)})."


def _list(title: str, head: str, hours: str, rows: Sequence[dict[str, Any]], total: int) -> Table:
    """One row a case; `hours`: which working time its last column tells, under `head`."""
    address = case_links.template("cases", data.default_day())
    heads: list[Column | str] = [
        Column(_("Case"), whole=True),
        _("Department"),
        _("Reason"),
        Column(_("Opened"), whole=True),
        Column(_("Norm"), whole=True),
        Column(
            head, figures=True,
            help=_("Only the hours that the calendar of this process is open count."),
        ),
    ]  # fmt: skip
    if address:
        heads.append(_("Source system"))
    return table(
        title,
        heads,
        [
            [
                case_links.case(row["case_id"]),
                data.title("department", row["department"]),
                data.title("reason", row["reason"]),
                _moment(row["opened_at"]),
                _moment(row["deadline_at"]),
                _("{hours} h").format(hours=formats.number(row[hours], int(row[hours] < _LONG))),
                *([case_links.in_source(address, row["case_id"])] if address else []),
            ]
            for row in rows
        ],
        note=_note(len(rows), total),
        tall=12 if len(rows) > 12 else 0,
    )


def _silent(asked: Asked) -> None:
    assert asked.process is not None
    page.section(_("No customer contact for 5 working days"))
    if not data.SCOPE.personal:
        page.quiet(_("Who they are is not yours to see; the numbers are."))
        return
    rows = desk.silent(data.store(), asked.process, asked.filters.where, data.SCOPE)
    if not rows:
        page.text(_("None: of every open case the customer heard something this week."))
        return
    as_of = data.store().as_of(("cases", "contacts"))
    assert as_of is not None
    n = len(rows)
    if n >= desk.MOST:
        [every] = data.ask(("silent_cases",), _on_the_day(asked, as_of))
        n = max(n, every.n)
    page.text(
        ngettext(
            "{n} open case ({as_of}).",
            "{n} open cases, the longest silent first ({as_of}).",
            n,
        ).format(n=formats.number(n), as_of=page.as_of(as_of))
    )
    address = case_links.template("cases", data.default_day())
    heads: list[Column | str] = [
        Column(_("Case"), whole=True),
        _("Department"),
        _("Reason"),
        Column(_("Opened"), whole=True),
        Column(_("Last contact"), whole=True),
        Column(_("Silent for"), figures=True),
    ]
    if address:
        heads.append(_("Source system"))
    page.table(
        table(
            _("No customer contact for 5 working days"),
            heads,
            [
                [
                    case_links.case(row["case_id"]),
                    data.title("department", row["department"]),
                    data.title("reason", row["reason"]),
                    _moment(row["opened_at"]),
                    Shown(
                        _moment(row["last_contact_at"]),
                        under=_("at the opening")
                        if row["last_contact_at"] == row["opened_at"]
                        else "",
                    ),
                    formats.days((as_of - row["last_contact_at"]).total_seconds() / 86_400, 0),
                    *([case_links.in_source(address, row["case_id"])] if address else []),
                ]
                for row in rows
            ],
            note=_note(len(rows), n),
            tall=10 if len(rows) > 10 else 0,
        ),
        "silent",
        personal=True,
    )
    _every(asked, "silent_cases", as_of, "silent_from", _("All of them, the longest silent first"))


def _note(shown: int, total: int) -> str:
    """That there are more than the list shows."""
    if total <= shown:
        return ""
    return _("The first {n} of {total}.").format(
        n=formats.number(shown), total=formats.number(total)
    )


def _on_the_day(asked: Asked, as_of: datetime) -> Filters:
    """The question about what is open as of the data, whatever the period."""
    day = formats.in_zone(as_of, data.zone()).date()
    return asked.filters.during(day, day)


def _every(asked: Asked, kpi: str, as_of: datetime, order: str, label: str) -> None:
    """The way to the whole list, to search and to take along, in the order of the part above."""
    rows = drill.query(kpi, _on_the_day(asked, as_of))
    if rows:
        places.link("rows", label, icon=":material/list:", query={**rows, "sort": order})


def _moment(moment: datetime) -> str:
    return formats.moment(moment, data.zone())
