"""All that was loaded before, each to be taken back whole, with what that would do said first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi import formats
from kpi.bulletin import Column, table
from kpi.bulletin.tables import Shown
from kpi.commands.who import who
from kpi.demo.fill import clear, demo_imports
from kpi.i18n import _, ngettext
from kpi.ingest import notes
from kpi.numbers import keep_month_ends
from kpi.store import StoreProblem
from kpi.store.undo import Undone
from pages.manage import control, words
from pages.shared import data, page
from pages.shared.speech import callback

_UNDO = "_undo"
#: Tables of an import that are named; of more it is said how many.
_NAMED = 3
#: Rows of a table in sight before it scrolls.
_TALL = 8


def show() -> None:
    """Everything that was loaded, the latest first."""
    rows = data.store().imports()
    page.section(_("Loaded before"))
    if not rows:
        page.quiet(_("Nothing yet."))
        return
    page.table(_list(rows), "imports")
    live = {row["import_id"]: row for row in rows if not row["undone_at"]}
    if not live:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        number = st.selectbox(
            _("Import"),
            list(live),
            format_func=lambda one: f"{one} · {live[one]['file']}" if one in live else str(one),
            width=360,
        )
        if number in live:
            with st.popover(_("Take back …"), key="take-back", on_change="rerun") as asked:
                if asked.open:
                    _ask(number, live[number])
            if any(data.store().totals_of(number)):
                control.download(number)
            if live[number]["quarantined"]:
                control.download_aside(number)


def _list(rows: list[dict[str, Any]]) -> Any:
    zone = data.zone()
    return table(
        _("Loaded before"),
        [
            Column(_("No."), figures=True),
            _("File"),
            Column(_("Loaded"), whole=True),
            Column(_("As of"), whole=True),
            *(Column(title, figures=True) for title in words.count_titles().values()),
            Column(_("State"), whole=True),
        ],
        [
            [
                str(row["import_id"]),
                Shown(row["file"], under=", ".join(_tables(row))),
                Shown(formats.moment(row["loaded_at"], zone), under=row["who"] or ""),
                formats.as_of(row["as_of"], zone),
                *(formats.number(row[name] or 0) for name in words.count_titles()),
                Shown(_("taken back"), mark="quiet", under=formats.moment(row["undone_at"], zone))
                if row["undone_at"]
                else _("counts"),
            ]
            for row in rows
        ],
        tall=12,
    )


def _tables(row: Mapping[str, Any]) -> list[str]:
    named = list(dict.fromkeys(words.table_title(feed["table_name"]) for feed in row["feeds"]))
    if len(named) <= _NAMED:
        return named
    more = _("{n} more tables").format(n=len(named) - _NAMED)
    return [*named[:_NAMED], more]


def _ask(number: int, row: Mapping[str, Any]) -> None:
    """What taking it back would do, and the button that does it."""
    try:
        found = data.store().undo_preview(number)
    except StoreProblem as problem:
        page.text(str(problem))
        return
    page.text(
        _(
            "Everything becomes as if {file} had never been loaded. The file itself can be "
            "loaded again."
        ).format(file=row["file"])
    )
    page.table(
        table(
            _("What taking it back does"),
            [
                _("Table"),
                Column(_("Rows that go"), figures=True),
                Column(_("Back as before"), figures=True),
                Column(_("Stay by a later import"), figures=True),
            ],
            [
                [
                    words.table_title(one.table),
                    *map(formats.number, (one.removed, one.restored, one.passed)),
                ]
                for one in found.tables
            ],
        ),
        "undo-preview",
    )
    for one in found.tables:
        if one.stays:
            _stays(one)
    if row["quarantined"]:
        page.quiet(
            ngettext(
                "{n} row that was set aside goes too.",
                "{n} rows that were set aside go too.",
                row["quarantined"],
            ).format(n=formats.number(row["quarantined"]))
        )
    st.button(
        _("Yes, take import {number} back").format(number=number),
        on_click=_take_back,
        args=(number,),
        type="primary",
    )


def _stays(one: Undone) -> None:
    """Which rows do not go, and the import that keeps each."""
    more = one.passed - len(one.stays)
    files = {row["import_id"]: row["file"] for row in data.store().imports()}
    title = ngettext("{n} row stays", "{n} rows stay", one.passed).format(
        n=formats.number(one.passed)
    )
    page.text(
        f"{words.table_title(one.table)}: {title}. "
        + _("A later import brought them too; what only this file said of them goes.")
    )
    page.table(
        table(
            title,
            [_("Row"), Column(_("Import"), figures=True), _("File")],
            [
                [" · ".join(filter(None, row.key)), str(row.by), files.get(row.by, "")]
                for row in one.stays
            ],
            note=_("and {n} more rows").format(n=formats.number(more)) if more > 0 else "",
            tall=_TALL,
        ),
        f"undo-stays-{one.table}",
    )


@callback
def _take_back(number: int) -> None:
    store = data.store()
    try:
        if number in demo_imports(store):
            clear(store, number, who())
        else:
            keep_month_ends(store)
            store.undo(number, who())
    except StoreProblem as problem:
        st.session_state[_UNDO] = ("warning", str(problem))
        return
    keep_month_ends(store)
    st.session_state[_UNDO] = ("success", _("Import {number} is taken back.").format(number=number))


def told() -> None:
    """What came of taking an import back, once."""
    said = st.session_state.pop(_UNDO, None)
    if said:
        page.told(*said)


def warnings_of(row: Mapping[str, Any]) -> list[str]:
    """The remarks kept with an import, in the language spoken now."""
    return [notes.shown(text) for text in row["warnings"]]
