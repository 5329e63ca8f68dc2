"""Where the pages are: for links from one to another. The shell fills it on every run."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import streamlit as st

from pages.shared import data, state

_KEY, _HERE = "_places", "_here"
#: The same for the run that registered them: a page with a thousand links asks for theirs each time,
#: and each look into the session takes a lock.
_now: ContextVar[Mapping[str, Any] | None] = ContextVar("places", default=None)


def register(pages: Mapping[str, Any]) -> None:
    """Make the pages known by name."""
    st.session_state[_KEY] = known_now = dict(pages)
    _now.set(known_now)


def _pages() -> Mapping[str, Any]:
    # A click is told of before the run that it starts has come to register them.
    found = _now.get()
    return st.session_state.get(_KEY, {}) if found is None else found


def stand(section: str, page: str) -> None:
    """Note on which page one is; `section` is where the menu has it, empty for the bar itself."""
    st.session_state[_HERE] = (section, page)


def here() -> tuple[str, str]:
    """Section of the menu and title of the page one is on."""
    section, page = st.session_state.get(_HERE, ("", ""))
    return section, page


def link(
    name: str, label: str, icon: str | None = None, query: Mapping[str, str] | None = None
) -> None:
    """A link to another page; `query` is what its URL says then."""
    said = _asked({n: state.values(text) for n, text in (query or {}).items()})
    # Without a mark a link reads as one more line of text.
    mark = icon or ":material/arrow_forward:"
    st.page_link(_pages()[name], label=label, icon=mark, query_params=said)


def _asked(query: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    return dict(state.canonical(query, data.store().settings.language))


def path(name: str) -> str:
    """The path of a page, for a link in our own HTML; relative, so that it holds below any root."""
    return _pages()[name].url_path or "."


def known(name: str) -> bool:
    """Whether there is such a page for this visitor."""
    return name in _pages()
