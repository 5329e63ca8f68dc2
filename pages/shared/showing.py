"""Widgets that show a value which something else may change too.

A widget's value lives in the browser too. Where a value is changed by something else (a button that
adds three questions, another widget, a click in a chart), the browser may still hold the old one when
the next run begins: it would be taken for a choice, and undo the change without a word. So a value
that was changed otherwise gets a new widget, that nobody has chosen anything in.

What the browser holds may also come as an event: of a widget that was drawn until a moment ago, with
the value that it showed all along. `chosen` tells such an echo from a choice.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

_ROUNDS, _SHOWN = "_showing", "_shown"


def shown(name: str, value: Any) -> str:
    """The key of the widget `name`, which shows `value`.

    The same key as long as the value changes through the widget itself, so that it keeps the focus.

    Args:
        name: what the widget is called; each once a page.
        value: what it is to show now.
    """
    rounds: dict[str, int] = st.session_state.setdefault(_ROUNDS, {})
    last: dict[str, Any] = st.session_state.setdefault(_SHOWN, {})
    key = _key(name, rounds.get(name, 0))
    if key in st.session_state and st.session_state[key] != value:
        last.pop(key, None)
        rounds[name] = rounds.get(name, 0) + 1
        key = _key(name, rounds[name])
    # Said in every run: a run that was cut off may not have reached the browser.
    st.session_state[key] = last[key] = value
    return key


def chosen(key: str) -> bool:
    """Whether the event of a widget is a choice; in its callback.

    It is none when another widget took its place, or when it says what the widget showed.
    """
    last: dict[str, Any] = st.session_state.get(_SHOWN, {})
    if key not in last or key not in st.session_state or st.session_state[key] == last[key]:
        return False
    last[key] = st.session_state[key]
    return True


def _key(name: str, number: int) -> str:
    return f"{name}--{number}" if number else name
