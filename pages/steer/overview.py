"""Overzicht: every customer process side by side, what needs attention first in sight."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from kpi import formats
from kpi.bulletin.cards import numbers_table
from kpi.i18n import _, language
from pages.shared import (
    cards,
    data,
    empty,
    filters,
    frame,
    helping,
    later,
    moved,
    page,
    places,
    state,
)
from pages.shared.asked import Asked, presets
from pages.shared.components import bulletin

#: That this visitor has seen numbers here: until others are there, these stay.
_SEEN = "_seen_numbers"
#: How long a browser beside the server takes to draw the first numbers, in seconds.
_BREATH = 0.06
#: Which of the two names the card on screen has.
_NAMED = "_card_named"


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    asked = filters.show(wait=True)
    current = state.chosen("process") or None
    # Numbers that are quickly there wait for no others; without any, nothing is drawn twice. Places
    # that are filled twice are made no earlier than there is something to put into them: an empty
    # one takes away what stood there.
    first = cards.at_once(asked, current)
    # Of a large store that was just opened nothing is counted yet: an empty page says nothing of that.
    waits = first is None and _SEEN not in st.session_state and not cards.known(asked, current)
    place = st.empty if first is not None or waits else st.container
    head = place()
    if waits:
        with head.container():
            page.heading(_("The numbers are being counted …"), [_period(asked)], at_once=True)
    if first is not None:
        with head.container():
            page.heading(first.sentence, [_period(asked)], at_once=True)
    # What moved stands above the numbers and takes longer to find: they do not wait for it.
    above, helped = st.container(key="moved-above"), st.container()
    numbers = _Numbers()
    if first is not None:
        numbers.draw(first.html)
    # What comes after it may take seconds: the filters do not wait for that.
    later.draw()
    if first is not None:
        # Nor does the browser: the rest takes every core that there is.
        time.sleep(_BREATH)
    card = cards.scorecard(asked, current=current)
    st.session_state[_SEEN] = True
    with head.container():
        if not card.rows:
            page.heading(_("No numbers in this period"), [_period(asked)])
            empty.not_in_period()
            return
        page.heading(card.sentence, [_period(asked), cards.as_of(asked), cards.volumes(asked)])
    numbers.draw(card.html)
    with above:
        shown = moved.html(moved.lines(asked, card), asked, *_further(asked))
        bulletin(shown, "moved")
    needed = helping.html(asked)
    if needed:
        with helped:
            bulletin(needed, "helping")
    page.folded(lambda: numbers_table(card), "scorecard-table")


class _Numbers:
    """The place of the card, which is drawn up to twice in a run.

    Its first drawing goes by the name of the card that stands there, for then the browser only
    changes what is in it; a card by another name is built up anew, which takes it twice as long. In
    one run no two can have the same name.
    """

    def __init__(self) -> None:
        self._place: DeltaGenerator | None = None

    def draw(self, html: str) -> None:
        """Show the card, instead of the one before."""
        name = st.session_state.get(_NAMED, 0)
        if self._place is None:
            # No earlier than there is something to put into it: a place takes away what stood there.
            self._place = st.empty()
        else:
            name = 1 - name
        st.session_state[_NAMED] = name
        with self._place:
            bulletin(html, f"scorecard-{name}")


def _further(asked: Asked) -> tuple[str, str]:
    """The way to what moved longer ago, from a shorter period: words and address."""
    year = presets(data.default_period().until)["12m"]
    if asked.period.days >= year.days:
        return "", ""
    where = [(name, value) for name, values in asked.filters.where for value in values]
    query = urlencode([("period", "12m"), *where, ("lang", language())])
    return _("What moved in the past twelve months"), f"{places.path('overview')}?{query}"


def _period(asked: Asked) -> str:
    return formats.period(asked.period.since, asked.period.until)
