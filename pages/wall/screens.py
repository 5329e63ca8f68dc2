"""Informatieschermen: choose a view, look at it as it will hang there, and open it by its address."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from kpi.i18n import LANGUAGE_NAMES, LANGUAGES, _, language
from pages.shared import data, filters, page

VIEWS = ("complaints", "scoreboard")
THEMES = ("dark", "light")


def show() -> None:
    filters.bare()
    page.heading(
        _("Information screens"),
        [_("Full-screen pages for a work area: totals only, nobody's name, nothing below ten.")],
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="screen"):
        chosen = st.pills(
            _("Views"), VIEWS, selection_mode="multi", default=VIEWS[:1],
            key="view", format_func=_view_name,
        )  # fmt: skip
        views = [view for view in VIEWS if view in (chosen or VIEWS[:1])]
        turn = _turn() if len(views) > 1 else 0
        theme = _choice("theme", _("Look"), THEMES, _theme_name)
        spoken = _choice("speak", _("Language"), _own_first(), lambda one: LANGUAGE_NAMES[one])
        processes = st.multiselect(
            _("Customer processes"),
            data.processes(data.default_day()),
            format_func=lambda one: data.title("process", one),
            placeholder=_("all"),
            key="screen-processes",
            width=420,
        )
    pairs = [("lang", spoken), ("theme", theme), *(("process", one) for one in processes)]
    if turn:
        pairs.append(("turn", str(turn)))
    address = f"/wall/{','.join(views)}?{urlencode(pairs)}"
    st.link_button(_("Open full screen"), address, icon=":material/fullscreen:", type="primary")
    page.quiet(
        _(
            "Open it in the browser of the screen and press F11. It refreshes by itself, says when "
            "it hears nothing, and comes back after a restart. Several views take turns by the clock "
            "of the server, so screens side by side show the same one."
        )
    )
    with st.container(key="preview"):
        st.iframe(address, width=1120, height=630, alt=_("Preview of the screen"))


def _turn() -> int:
    return int(
        st.number_input(
            _("Seconds per view"),
            min_value=5,
            max_value=600,
            value=20,
            step=5,
            key="turn",
            width=140,
        )
    )


def _choice(key: str, label: str, options: tuple[str, ...], said: object) -> str:
    return str(
        st.segmented_control(
            label, options, default=options[0], required=True, key=key, format_func=said,
        )
    )  # fmt: skip


def _own_first() -> tuple[str, ...]:
    return (language(), *(one for one in LANGUAGES if one != language()))


def _view_name(view: str) -> str:
    return {"complaints": _("Top complaints"), "scoreboard": _("Customer processes")}[view]


def _theme_name(theme: str) -> str:
    return {"dark": _("dark"), "light": _("light")}[theme]
