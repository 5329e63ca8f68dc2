"""The frame of every page: its tools, and what of its address no page knows."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from kpi import escape
from kpi.i18n import LANGUAGES, _, closest, language
from pages.shared import data, state
from pages.shared.components import chrome
from pages.shared.page import FILTERED

#: Unknown names of a link that are spelled out.
_MOST_NAMED = 5


def bare(own: Mapping[str, str] | None = None) -> None:
    """The frame of a page that is not filtered: a link to it, and the language.

    `own`: what of the page belongs in the URL, by the names in `state.NAMES`.
    """
    said = {name: text for name, text in (own or {}).items() if text}
    st.session_state[FILTERED] = ""
    with row():
        tools("?" + urlencode({**said, "lang": language()}), "")
    state.write(said | language_shown())
    not_known()


def row() -> st.delta_generator.DeltaGenerator:
    """The row above a page: its filters to the left, its tools to the right."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key="frame")


def tools(query: str, summary: str) -> None:
    """The link to copy and the language, in the row that is open."""
    with st.container(width="stretch", key="tools"):
        chrome(summary, query, _("Copy link"), _("The link is copied."))
    name = "lang"
    key = state.key(name, language())
    st.segmented_control(
        _("Language"),
        LANGUAGES,
        required=True,
        key=key,
        on_change=state.changed,
        args=(name, key),
        format_func=str.upper,
        label_visibility="collapsed",
    )


def language_shown() -> dict[str, str]:
    """What the address says of the language: nothing of the usual one."""
    wanted = state.chosen("lang")
    if wanted and not closest(wanted, ""):
        state.refuse("lang", wanted)
    return {"lang": "" if language() == data.store().settings.language else language()}


def not_known() -> None:
    """What the link asked for that no page knows: one line, for it changes what one thinks to see."""
    names = state.unknown()
    if not names:
        return
    said = _("The link also asks for {names}: that cannot be asked here and is left out.")
    shown = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
    more = " …" if len(names) > _MOST_NAMED else ""
    st.caption(escape.markdown(said.format(names=shown + more)))
