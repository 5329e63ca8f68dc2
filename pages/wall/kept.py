"""Screens that were made: looked up, changed, kept under a name, taken away."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from kpi.bulletin import table
from kpi.bulletin.tables import Shown
from kpi.i18n import LANGUAGE_NAMES, _
from kpi.store import StoreProblem
from kpi.web.asked import TURN, Turns, Wanted, kept_address, listed, read_turns, screen, written
from kpi.web.views import VIEWS
from pages.shared import data, page

#: The name of the screen that is being changed; none for a new one.
CHOSEN = "screen-chosen"
#: Who is said to have done it until there is sign-in.
WHO = "dashboard"
_LONGEST = 40


def show(made: list[dict[str, Any]]) -> None:
    """A table of them, and which one is to be changed."""
    page.table(
        table(
            _("Screens that were made"),
            [_("Screen"), _("Shows"), _("Customer processes"), _("Looks like")],
            [_row(row) for row in made],
        ),
        "screens",
    )
    st.selectbox(
        _("Screen"),
        ["", *(row["screen"] for row in made)],
        format_func=lambda one: named(made, one) if one else _("a new screen"),
        key=CHOSEN,
        width=420,
    )


def named(made: list[dict[str, Any]], name: str) -> str:
    """The name of a screen as somebody typed it."""
    row = next((row for row in made if row["screen"] == name), None)
    return str((row and (row["title_nl"] or row["title_en"])) or name)


def _row(row: dict[str, Any]) -> list[str | Shown]:
    turns, _unknown = read_turns(row["views"] or "", row["seconds"] or TURN)
    many = len(turns) > 1
    views = [
        _("{view} {n} s").format(view=_(VIEWS[view].title), n=seconds)
        if many
        else _(VIEWS[view].title)
        for view, seconds in turns
    ]
    processes = [data.title("process", one) for one in listed(row["processes"])]
    looks = [
        LANGUAGE_NAMES.get(row["language"], ""),
        _("light") if row["theme"] == "light" else _("dark"),
    ]
    return [
        Shown(row["title_nl"] or row["screen"], href=kept_address(row["screen"])),
        " · ".join(views),
        ", ".join(processes) or _("all"),
        ", ".join(one for one in looks if one),
    ]


def keep(chosen: dict[str, Any] | None, turns: Turns, wanted: Wanted, theme: str) -> None:
    """A name and a button that keeps it; of one that was made also a button that takes it away."""
    own = chosen["screen"] if chosen else ""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        typed = st.text_input(
            _("Name of the screen"),
            value=(chosen["title_nl"] or own) if chosen else "",
            max_chars=_LONGEST,
            placeholder=_("such as: Hall second floor"),
            key=f"screen-name-{own}",
            width=300,
        )
        wants = st.button(_("Keep this screen"), key=f"keep-{own}")
        if chosen and st.button(_("Take it away"), key=f"drop-{own}"):
            _configure({**chosen, "retired": True})
    if not wants:
        return
    name = own or slug(typed)
    if not name:
        page.told("warning", _("Give the screen a name: it stands in its address."))
        return
    if not own and screen(name) is not None:
        page.told("warning", _("There is a screen with that name already: choose it to change it."))
        return
    _configure(
        {
            "screen": name,
            "valid_from": chosen["valid_from"] if chosen else _first_day(name),
            "title_nl": typed.strip() or name,
            "title_en": typed.strip() or name,
            "views": written(turns),
            "seconds": turns[0][1],
            "processes": ", ".join(wanted.processes),
            "language": wanted.language,
            "theme": theme,
            "retired": False,
        }
    )


def slug(typed: str) -> str:
    """A name as it stands in an address: letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", typed).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST]


def _first_day(name: str) -> Any:
    """Today; of a screen that was taken away its own day, so that it is in use again."""
    versions = [
        row["valid_from"]
        for row in data.store().configuration.versions("screens")
        if row["screen"] == name
    ]
    return max(versions, default=datetime.now(UTC).date())


def _configure(row: dict[str, Any]) -> None:
    try:
        data.store().configure("screens", [row], WHO)
    except StoreProblem as problem:
        page.told("warning", str(problem))
        return
    st.rerun()
