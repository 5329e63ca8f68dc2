"""Screens elsewhere: let one in by the code it shows, choose what it shows, shut it out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi import formats
from kpi.i18n import _
from kpi.web.pairing import PairingProblem, pairing
from pages.shared import data, page
from pages.wall.kept import WHO, named


def show(made: list[dict[str, Any]]) -> None:
    """Nothing where the setting is off; else a form for a code, and the screens that were let in."""
    store = data.store()
    if store.settings.pair_screens != "yes":
        return
    page.section(_("Screens elsewhere"))
    if not made:
        page.text(_("Make a screen first: whoever is let in shows one that was made."))
        return
    page.text(
        _(
            "Open the address of this server with /wall on the screen. It shows a code; who types "
            "it here lets that screen in, to see totals only."
        )
    )
    names = [row["screen"] for row in made]
    with (
        st.form("let-in", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        code = st.text_input(_("Code on the screen"), max_chars=12, width=180)
        shows = st.selectbox(_("Shows"), names, format_func=lambda one: named(made, one), width=300)
        wants = st.form_submit_button(_("Let this screen in"), type="primary")
    if wants and code.strip():
        try:
            pairing(store).approve(store, code, shows, WHO)
        except PairingProblem as problem:
            page.told("warning", str(problem))
        else:
            st.rerun()
    for row in pairing(store).listed(store):
        _device(row, made, names)


def _device(row: dict[str, Any], made: list[dict[str, Any]], names: list[str]) -> None:
    store, number = data.store(), row["device_id"]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        shows = st.selectbox(
            _("Screen {n}, let in {moment}, {seen}").format(
                n=number, moment=formats.moment(row["paired_at"], data.zone()), seen=_seen(row)
            ),
            names,
            index=names.index(row["screen"]) if row["screen"] in names else None,
            format_func=lambda one: named(made, one),
            key=f"device-{number}",
            width=420,
        )
        if st.button(_("Shut it out"), key=f"out-{number}"):
            pairing(store).revoke(store, number, WHO)
            st.rerun()
    if shows and shows != row["screen"]:
        pairing(store).show(store, number, shows)


def _seen(row: dict[str, Any]) -> str:
    if row["seen"] is None:
        return _("not seen since Ketenzicht started")
    if row["seen"] < 120:
        return _("seen just now")
    return _("seen {time} ago").format(time=formats.duration(row["seen"] / 86400))
