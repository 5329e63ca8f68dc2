"""What may be drawn after the numbers: the browser shows first what it is told first.

When a filter changes, the controls above the numbers show already what was chosen; drawing them anew
takes the browser as long as the numbers do. So on a page that stands already their places are kept,
and they are drawn into these once numbers and figures are there. And what stands around figures (tables,
links, explanations) takes longer than the figures: on such a page it comes behind the last of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import state

T = TypeVar("T")
_WAITING, _BEHIND, _PLACE = "_later", "_behind", "_later_place"


def begin() -> None:
    """Nothing waits: of a run that was cut off nothing is drawn in the next."""
    st.session_state[_WAITING] = []
    st.session_state[_BEHIND] = []
    st.session_state[_PLACE] = None


@contextmanager
def into(place: DeltaGenerator, *, wait: bool) -> Iterator[None]:
    """What is `put` in this block is drawn in `place`: at once, or (`wait`) when `draw` is called.

    On a page that one just came to nothing waits: its controls are better than an empty screen.
    """
    with place:
        st.session_state[_PLACE] = place if wait and state.stayed() else None
        try:
            yield
        finally:
            st.session_state[_PLACE] = None


def put(draw: Callable[[], object]) -> None:
    """Draw it: now, or later where that is how the block around it was opened."""
    place = st.session_state.get(_PLACE)
    if place is None:
        draw()
    else:
        st.session_state[_WAITING].append((place, draw))


def numbers_first(heading: Callable[[], T], numbers: Callable[[], object]) -> T:
    """Draw a heading with the numbers below it; gives what `heading` gives.

    On a page that stands already the numbers come first: a sentence about them takes longer to find,
    and the one before stays in its place as long.
    """
    above, below = st.container(), st.container()
    early = state.stayed()
    if early:
        with below:
            numbers()
    with above:
        found = heading()
    if not early:
        with below:
            numbers()
    return found


def behind(draw: Callable[[], object]) -> None:
    """Draw it in this place: at once, or on a page that stands already when all figures are there."""
    place = st.container()
    if state.stayed():
        st.session_state[_BEHIND].append((place, draw))
    else:
        with place:
            draw()


def draw() -> None:
    """Draw what the numbers went before, each in its place."""
    _drawn(_WAITING)


def end() -> None:
    """Draw all that waits still: the page is done."""
    draw()
    _drawn(_BEHIND)


def _drawn(waiting: str) -> None:
    now = st.session_state.get(waiting, [])
    while now:
        # Taken off before it is drawn: what comes after one that fails still waits.
        place, one = now.pop(0)
        with place:
            one()
