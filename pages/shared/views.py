"""Parts of a page, one shown at a time; which one stands in the URL."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpi.i18n import _
from pages.shared import state

NAME = "view"


def chosen(names: Mapping[str, str]) -> str:
    """The part asked for; the first where another page's is."""
    wanted = state.chosen(NAME)
    if wanted not in names:
        state.refuse(NAME, wanted)
    return wanted if wanted in names else next(iter(names))


def in_url(names: Mapping[str, str]) -> str:
    """What of it the URL says: nothing for the first."""
    found = chosen(names)
    return "" if found == next(iter(names)) else found


def show(names: Mapping[str, str]) -> str:
    """The parts by name and title, side by side; gives the one shown."""
    key = state.key(NAME, chosen(names))
    st.segmented_control(
        _("Part of the page"),
        list(names),
        required=True,
        key=key,
        on_change=state.changed,
        args=(NAME, key),
        format_func=lambda name: names[name],
        label_visibility="collapsed",
    )
    return chosen(names)
