"""Where the pages are: for links from one to another. The shell fills it on every run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

_KEY = "_places"


def register(pages: Mapping[str, Any]) -> None:
    """Make the pages known by name."""
    st.session_state[_KEY] = dict(pages)


def link(
    name: str, label: str, icon: str | None = None, query: Mapping[str, str] | None = None
) -> None:
    """A link to another page; `query` is what its URL says then."""
    st.page_link(st.session_state[_KEY][name], label=label, icon=icon, query_params=query)


def go(name: str) -> None:
    """Go to another page, with what was chosen; ends this run."""
    st.switch_page(st.session_state[_KEY][name])


def path(name: str) -> str:
    """The path of a page, for a link in our own HTML; relative, so that it holds below any root."""
    return st.session_state[_KEY][name].url_path or "."
