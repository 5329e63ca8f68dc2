"""Overzicht: every customer process side by side, what needs attention first in sight."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from kpi import formats
from kpi.bulletin.cards import numbers_table
from kpi.i18n import _, language
from pages.shared import cards, data, empty, filters, helping, later, moved, page, places, state
from pages.shared.components import bulletin

#: That this visitor has seen numbers here: until others are there, these stay.
_SEEN = "_seen_numbers"


def show() -> None:
    if not data.loaded():
        filters.bare()
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
    numbers = place()
    if first is not None:
        with numbers:
            bulletin(first.html, "scorecard-at-once")
    # What comes after it may take seconds: the filters do not wait for that.
    later.draw()
    card = cards.scorecard(asked, current=current)
    st.session_state[_SEEN] = True
    with head.container():
        if not card.rows:
            page.heading(_("No numbers in this period"), [_period(asked)])
            empty.not_in_period()
            return
        page.heading(card.sentence, [_period(asked), cards.as_of(asked), cards.volumes(asked)])
    with numbers:
        bulletin(card.html, "scorecard")
    with above:
        shown = moved.html(moved.lines(asked, card), asked, *_further(asked))
        bulletin(shown, "moved")
    needed = helping.html(asked)
    if needed:
        with helped:
            bulletin(needed, "helping")
    page.folded(lambda: numbers_table(card), "scorecard-table")


def _further(asked: filters.Asked) -> tuple[str, str]:
    """The way to what moved longer ago, from a shorter period: words and address."""
    year = filters.presets(data.default_period().until)["12m"]
    if asked.period.days >= year.days:
        return "", ""
    where = [(name, value) for name, values in asked.filters.where for value in values]
    query = urlencode([("period", "12m"), *where, ("lang", language())])
    return _("What moved in the past twelve months"), f"{places.path('overview')}?{query}"


def _period(asked: filters.Asked) -> str:
    return formats.period(asked.period.since, asked.period.until)
