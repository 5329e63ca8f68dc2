"""Widgets that show what a file is read with, whoever changed it.

A widget's value lives in the browser too. Where a value is changed by something else (a button that
adds three questions, another widget, the profile's text), the browser may still hold the old one when
the next run begins: it would be taken for a choice, and undo the change without a word. So a value
that was changed otherwise gets a new widget, that nobody has chosen anything in.

An event may also come late: of a widget as it stood before the file became another table, got other
columns or was let go of. It was about something else, so it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import streamlit as st

from pages.manage.upload import Given, given
from pages.shared.speech import callback

P = ParamSpec("P")

_ROUNDS = "_showing"


def shown(name: str, value: Any) -> str:
    """The key of the widget `name`, which shows `value`.

    The same key as long as the value changes through the widget itself, so that it keeps the focus.

    Args:
        name: what the widget is called; each once a page.
        value: what it is to show now.
    """
    rounds: dict[str, int] = st.session_state.setdefault(_ROUNDS, {})
    key = _key(name, rounds.get(name, 0))
    if key in st.session_state and st.session_state[key] != value:
        rounds[name] = rounds.get(name, 0) + 1
        key = _key(name, rounds[name])
    # Said in every run: a run that was cut off may not have reached the browser.
    st.session_state[key] = value
    return key


def on(one: Given, function: Callable[P, None]) -> Callable[P, None]:
    """`function` as the callback of a widget about this file, as the file is taken now.

    It does nothing when the file was let go of since, fills other tables, or has other columns.
    """
    seen = _taken_for(one)

    @wraps(function)
    def still(*args: P.args, **kwargs: P.kwargs) -> None:
        if held(one) and _taken_for(one) == seen:
            function(*args, **kwargs)

    return callback(still)


def held(one: Given) -> bool:
    """Whether the file is still in hand."""
    return any(other is one for other in given())


def _taken_for(one: Given) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a widget can be about: the tables that the file fills, and its columns."""
    profile = one.profile
    tables = tuple(feed.table for feed in profile.feeds) if profile else ()
    return tables, tuple(one.proposal.columns) if one.proposal else ()


def _key(name: str, number: int) -> str:
    return f"{name}--{number}" if number else name
