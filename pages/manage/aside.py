"""Rows that were set aside: from which files, why, and which of them later imports corrected."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import formats
from kpi.bulletin import Column, table
from kpi.bulletin.tables import Shown, Value
from kpi.i18n import _, ngettext
from kpi.numbers.corrected import corrected
from kpi.results.quality import Aside
from pages.manage import control, words
from pages.shared import data, page

#: Rows of a table in sight before it scrolls; imports of which the rows can be fetched.
_TALL, _FETCHED = 12, 5


def show(rows_aside: Sequence[Aside]) -> None:
    """What was set aside, what of it is in by now, and the way to mend the rest."""
    page.section(_("Set aside"))
    if not rows_aside:
        page.text(_("No rows are set aside."))
        return
    count = sum(one.open for one in rows_aside)
    done = sum(one.corrected for one in rows_aside)
    if done:
        page.text(
            ngettext(
                "{n} row that was set aside is in by now: a later import brought it.",
                "{n} rows that were set aside are in by now: later imports brought them.",
                done,
            ).format(n=formats.number(done))
        )
    if count:
        page.text(
            ngettext(
                "{n} row could not be used. Download it, mend it and load it again.",
                "{n} rows could not be used. Download them, mend them and load them again.",
                count,
            ).format(n=formats.number(count))
        )
    rows: list[list[Value]] = [
        [
            Shown(one.file, under=_("import {number}").format(number=one.import_id)),
            words.table_title(one.table),
            formats.moment(one.loaded_at, data.zone()),
            formats.number(one.n),
            _corrected(one),
            Shown(
                f"{one.column or ''} {_(one.reason)}".strip(),
                under=ngettext("{n} row", "{n} rows", one.most).format(n=formats.number(one.most))
                if one.most < one.n
                else "",
            ),
        ]
        for one in rows_aside
    ]
    page.table(
        table(
            _("Set aside"),
            [
                _("File"),
                _("Table"),
                Column(_("Loaded"), whole=True),
                Column(_("Rows"), figures=True),
                Column(_("Corrected"), figures=True),
                _("Most often"),
            ],
            rows,
            tall=_TALL,
        ),
        "aside",
    )
    with st.container(horizontal=True, gap="medium"):
        for number in list(dict.fromkeys(one.import_id for one in rows_aside if one.open))[
            :_FETCHED
        ]:
            control.download_aside(number, _("Import {number}").format(number=number))


def _corrected(one: Aside) -> Value:
    """How many of the rows are in by now, and by which imports."""
    if not one.corrected:
        return Shown(formats.NOTHING, mark="quiet")
    said = _("all") if not one.open else formats.number(one.corrected)
    named = ", ".join(map(str, one.by))
    return Shown(said, under=ngettext("import {n}", "imports {n}", len(one.by)).format(n=named))


def told_of(number: int) -> None:
    """How many of the rows that an import set aside are in by now, after loading mended ones."""
    row = next((one for one in data.store().imports() if one["import_id"] == number), None)
    done = sum(one.rows for one in corrected(data.store(), number).values())
    if row is None or not done:
        return
    page.text(
        _("Of the {all} rows that import {number} set aside, {n} are in by now.").format(
            all=formats.number(row["quarantined"]), number=number, n=formats.number(done)
        )
    )
