"""What loading did, and all that was loaded before, each to be taken back whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi import formats
from kpi.bulletin import Column, table
from kpi.bulletin.tables import Shown
from kpi.commands.who import who
from kpi.demo.fill import clear, demo_imports
from kpi.i18n import _, language, ngettext
from kpi.ingest import LoadOutcome, notes
from kpi.numbers import keep_month_ends
from pages.manage import check, words
from pages.shared import data, page, places
from pages.shared.speech import callback

_UNDO = "_undo"
#: Tables of an import that are named; of more it is said how many.
_NAMED = 3


def show(outcome: LoadOutcome) -> None:
    """The report of one load."""
    if outcome.refused is not None:
        page.told("warning", _("Nothing was loaded. {reason}").format(reason=outcome.refused))
        return
    if outcome.already_loaded is not None:
        page.told("info", outcome.warnings[0])
        return
    page.told("success", _sentence(outcome))
    page.table(_counts(outcome), "report")
    for warning in outcome.warnings:
        page.told("info", warning)
    set_aside = outcome.total("quarantined")
    if set_aside:
        page.text(
            ngettext(
                "{n} row was set aside; mend it in the source and load the file again.",
                "{n} rows were set aside; mend them in the source and load the file again.",
                set_aside,
            ).format(n=formats.number(set_aside))
        )
        page.table(check.aside([*outcome.problems[: check.ASIDE]]), "report-aside")
        _download(outcome.import_id)
    places.link("overview", _("See the numbers"), icon=":material/arrow_forward:")


def _sentence(outcome: LoadOutcome) -> str:
    kept = outcome.total("accepted") + outcome.total("updated") + outcome.total("unchanged")
    return ngettext(
        "{file} is loaded as import {number}: {n} row.",
        "{file} is loaded as import {number}: {n} rows.",
        kept,
    ).format(file=outcome.file, number=outcome.import_id, n=formats.number(kept))


def _counts(outcome: LoadOutcome) -> Any:
    titles = words.count_titles()
    return table(
        _("What happened to the rows"),
        [_("Table"), *(Column(title, figures=True) for title in titles.values())],
        [
            [
                words.table_title(feed.table),
                *(formats.number(getattr(feed, name)) for name in titles),
            ]
            for feed in outcome.feeds
        ],
    )


def _download(import_id: int | None) -> None:
    address = f"/download/quarantined/{import_id}?{urlencode({'lang': language()})}"
    st.link_button(_("Download the rows set aside (CSV)"), address, icon=":material/download:")


def imports() -> None:
    """Everything that was loaded, the latest first."""
    rows = data.store().imports()
    page.section(_("Loaded before"))
    if not rows:
        page.quiet(_("Nothing yet."))
        return
    page.table(_list(rows), "imports")
    live = {row["import_id"]: row for row in rows if not row["undone_at"]}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if live:
            _undo(live)
        aside = [number for number, row in live.items() if row["quarantined"]]
        if aside:
            _download(aside[0])


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


def _undo(live: Mapping[int, Mapping[str, Any]]) -> None:
    number = st.selectbox(
        _("Import to take back"),
        list(live),
        format_func=lambda one: f"{one} · {live[one]['file']}" if one in live else str(one),
        width=360,
    )
    if number is None:
        return
    with st.popover(_("Take back …")):
        page.text(
            _(
                "Everything becomes as if {file} had never been loaded. The file itself can be "
                "loaded again."
            ).format(file=live[number]["file"])
        )
        st.button(
            _("Yes, take import {number} back").format(number=number),
            on_click=_take_back,
            args=(number,),
            type="primary",
        )


@callback
def _take_back(number: int) -> None:
    from kpi.store.problems import StoreProblem

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


def undone() -> None:
    """What came of taking an import back, once."""
    told = st.session_state.pop(_UNDO, None)
    if told:
        page.told(*told)


def warnings_of(row: Mapping[str, Any]) -> list[str]:
    """The remarks kept with an import, in the language spoken now."""
    return [notes.shown(text) for text in row["warnings"]]
