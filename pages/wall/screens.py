"""Informatieschermen: make a screen, look at each of its views as it will hang there, and let it in."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi import formats
from kpi.bulletin.wall import THEMES
from kpi.i18n import LANGUAGE_NAMES, LANGUAGES, _, language, ngettext
from kpi.web.asked import (
    SHORTEST_TURN,
    TURN,
    Turns,
    Wanted,
    address,
    kept_address,
    listed,
    read_turns,
    screens,
)
from kpi.web.views import VIEWS
from pages.shared import data, frame, page
from pages.wall import kept, let_in

#: Longest turn that can be chosen here.
_LONGEST = 600


def show() -> None:
    frame.bare()
    made = screens()
    page.heading(
        ngettext(
            "{n} information screen is kept", "{n} information screens are kept", len(made)
        ).format(n=formats.number(len(made)))
        if made
        else _("No information screen is kept yet"),
        [_("Full-screen pages for a work area: totals only, nobody's name, nothing below ten.")],
    )
    if made:
        kept.show(made)
    chosen = _chosen(made)
    if made:
        page.section(_("Change this screen") if chosen else _("A new screen"))
    turns, wanted, theme = _asked(chosen)
    here = address(turns, wanted, theme)
    kept.keep(chosen, turns, wanted, theme)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        on_screen = kept_address(chosen["screen"]) if chosen else here
        said = _("Show it on the screen") if chosen else _("Open full screen")
        st.link_button(said, on_screen, icon=":material/fullscreen:", type="primary")
        page.quiet(
            _(
                "Open it in the browser of the screen and press F11. It refreshes by itself, says "
                "when it hears nothing, and comes back after a restart. Space pauses it. Several "
                "views take turns by the clock of the server, so screens side by side show the same "
                "one."
            )
        )
    _preview(turns, wanted, theme)
    let_in.show(made)


def _chosen(made: list[dict[str, Any]]) -> dict[str, Any] | None:
    name = st.session_state.get(kept.CHOSEN)
    return next((row for row in made if row["screen"] == name), None)


def _asked(chosen: dict[str, Any] | None) -> tuple[Turns, Wanted, str]:
    """What is to be shown, from the fields; `chosen` is the screen that is being changed."""
    row = chosen or {}
    own = row.get("screen", "")
    turns, _unknown = read_turns(row.get("views") or next(iter(VIEWS)), row.get("seconds") or TURN)
    lengths = dict(turns)
    views = st.multiselect(
        _("Views, in the order of their turns"), list(VIEWS), default=list(lengths),
        key=f"views-{own}", format_func=lambda one: _(VIEWS[one].title),
        placeholder=_("Choose one or more"),
    ) or [next(iter(VIEWS))]  # fmt: skip
    if len(views) > 1:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            for one in views:
                lengths[one] = _seconds(own, one, lengths.get(one, TURN))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="screen"):
        theme = _choice(f"theme-{own}", _("Look"), _first(row.get("theme"), THEMES), _theme_name)
        spoken = _choice(
            f"speak-{own}", _("Language"), _first(row.get("language") or language(), LANGUAGES),
            lambda one: LANGUAGE_NAMES[one],
        )  # fmt: skip
        known = data.processes(data.default_day())
        processes = st.multiselect(
            _("Customer processes"),
            known,
            default=[one for one in listed(row.get("processes")) if one in known],
            format_func=lambda one: data.title("process", one),
            placeholder=_("all"),
            key=f"screen-processes-{own}",
            width=420,
        )
    return (
        tuple((one, lengths.get(one, TURN)) for one in views),
        Wanted(spoken, tuple(sorted(processes))),
        theme,
    )


def _seconds(own: str, view: str, value: int) -> int:
    return int(
        st.number_input(
            _("{view}, seconds").format(view=_(VIEWS[view].title)),
            min_value=SHORTEST_TURN,
            max_value=_LONGEST,
            value=min(max(value, SHORTEST_TURN), _LONGEST),
            step=5,
            key=f"seconds-{own}-{view}",
            width=250,
        )
    )


def _preview(turns: Turns, wanted: Wanted, theme: str) -> None:
    """The wall itself; of several views the one that is chosen, so that each can be looked at."""
    views = [view for view, _seconds in turns]
    seen = views[0]
    if len(views) > 1:
        seen = str(
            st.pills(
                _("Preview of"), views, default=seen, required=True,
                key=f"preview-{'-'.join(views)}", format_func=lambda one: _(VIEWS[one].title),
            )
        )  # fmt: skip
    with st.container(key="preview"):
        st.iframe(
            address(((seen, TURN),), wanted, theme),
            width=1120,
            height=630,
            alt=_("Preview of the screen"),
        )


def _choice(key: str, label: str, options: tuple[str, ...], said: Any) -> str:
    return str(
        st.segmented_control(
            label, options, default=options[0], required=True, key=key, format_func=said,
        )
    )  # fmt: skip


def _first(one: str | None, all_of: tuple[str, ...]) -> tuple[str, ...]:
    """All of them, that one first."""
    return (one, *(other for other in all_of if other != one)) if one in all_of else all_of  # type: ignore[return-value]


def _theme_name(theme: str) -> str:
    return {"dark": _("dark"), "light": _("light")}[theme]
