"""Overzicht: every customer process side by side, what needs attention first in sight."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import streamlit as st

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
#: That this visitor was shown a card of what was there at once: it keeps its place for the next.
_EARLY = "_early_numbers"


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    asked = filters.show(wait=True)
    current = state.chosen("process") or None
    # Places keep what stands in them until something else does: they are made before it is there.
    # What moved stands above the numbers and takes longer to find: they do not wait for it.
    head, above, helped = st.container(), st.container(key="moved-above"), st.container()
    numbers, early = st.container(), st.container()
    # Numbers that are quickly there wait for no others; without any, nothing is drawn twice.
    first = cards.at_once(asked, current)
    # Of a large store that was just opened nothing is counted yet: an empty page says nothing of that.
    waits = first is None and _SEEN not in st.session_state and not cards.known(asked, current)
    if first is not None or _EARLY in st.session_state:
        # The numbers before their heading: what is sent first is drawn first.
        with early:
            html = first.html if first is not None else ""
            bulletin(html, "scorecard-early", instead_of="scorecard" if html else "")
        st.session_state[_EARLY] = True
    if first is not None or waits:
        head = head.empty()
        sentence = first.sentence if first is not None else _("The numbers are being counted …")
        with head.container():
            page.heading(sentence, [_period(asked)], at_once=True)
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
            empty.not_in_period(asked=asked)
            return
        page.heading(card.sentence, [_period(asked), cards.as_of(asked), cards.volumes(asked)])
    with numbers:
        bulletin(card.html, "scorecard", instead_of="scorecard-early")
    with above:
        shown = moved.html(moved.lines(asked, card), asked, *_further(asked))
        bulletin(shown, "moved")
    needed = helping.html(asked)
    if needed:
        with helped:
            bulletin(needed, "helping")
    page.folded(lambda: numbers_table(card), "scorecard-table")


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
