"""Deliveries on Datakwaliteit: which feeds are late or failed, and when each should come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from kpi import formats
from kpi.bulletin import Column, sentences_feeds, table
from kpi.bulletin.tables import Shown, Value
from kpi.commands.who import who
from kpi.i18n import _
from kpi.results.feeds import Every, FeedState
from kpi.store import StoreProblem
from kpi.store.deliveries import settle_failure
from kpi.zones import to_local
from pages.manage import words
from pages.shared import data, page
from pages.shared.speech import callback

_TALL = 12
_SAID = "_deliveries-said"


def show(known: Sequence[FeedState]) -> None:
    """Every feed, those that ask for attention first, and what can be done about them."""
    page.section(_("Deliveries"))
    said = st.session_state.pop(_SAID, None)
    if said:
        page.told(*said)
    if not known:
        page.text(_("Nothing was delivered yet."))
        return
    page.table(_table(known), "deliveries")
    failed = [one for one in known if one.failure is not None]
    if failed:
        with st.container(horizontal=True, gap="medium"):
            for one in failed:
                _settled(one)
    _agree([one for one in known if one.deliveries])


def _table(known: Sequence[FeedState]) -> object:
    zone = data.zone()
    rows: list[list[Value]] = []
    for one in known:
        tables = ", ".join(words.table_title(name) for name in one.tables[:3])
        more = len(one.tables) - 3
        rows.append(
            [
                Shown(sentences_feeds.name(one), under=tables + (f" +{more}" if more > 0 else "")),
                Shown(
                    sentences_feeds.state_word(one.state),
                    state=sentences_feeds.STATES[one.state],
                    under=one.failure.reason if one.failure else "",
                ),
                Shown(formats.moment(one.last_loaded, zone), under=one.last_file or ""),
                formats.as_of(one.as_of, zone) if one.as_of else formats.NOTHING,
                Shown(
                    formats.moment(one.due, zone) if one.due else formats.NOTHING,
                    under=sentences_feeds.rhythm(one.rhythm) if one.rhythm else "",
                ),
            ]
        )
    return table(
        _("Deliveries"),
        [
            _("Feed"),
            _("State"),
            _("Last loaded"),
            Column(_("Data up to"), whole=True),
            _("Expected by"),
        ],
        rows,
        tall=_TALL,
    )


def _settled(one: FeedState) -> None:
    assert one.failure is not None
    number = one.failure.failure_id

    @callback
    def settle() -> None:
        settle_failure(data.store(), number, who())

    st.button(
        _("{file} is dealt with").format(file=one.failure.file),
        key=f"settle-{number}",
        on_click=settle,
        help=_("It no longer asks for attention"),
    )


def _agree(known: Sequence[FeedState]) -> None:
    """Let it be said when a feed should come."""
    if not known:
        return
    units = {
        Every.WORKING_DAYS: _("working days"),
        Every.DAYS: _("days"),
        Every.HOURS: _("hours"),
    }
    with st.expander(_("Agree when a feed comes")), st.form("agree", border=False):
        names = {one.feed: sentences_feeds.name(one) for one in known}
        with st.container(horizontal=True, gap="medium"):
            feed = st.selectbox(
                _("Feed"), list(names), format_func=lambda name: names[name], width=260
            )
            every = st.number_input(_("One every"), min_value=1, value=1, step=1, width=110)
            unit = st.selectbox(
                _("Counted in"), list(units), format_func=lambda one: units[one], width=160
            )
            clock = st.text_input(
                _("By (local time, may be empty)"), placeholder="08:00", width=200
            )
        if st.form_submit_button(_("Keep")) and feed:
            st.session_state[_SAID] = _keep(feed, int(every), unit, clock.strip())
            st.rerun()


def _keep(feed: str, every: int, unit: Every, clock: str) -> tuple[str, str]:
    now = datetime.now(UTC).replace(tzinfo=None)
    row = {
        "profile": feed,
        "valid_from": to_local(now, data.zone()).date(),
        "every": every,
        "unit": str(unit),
        "by_time": clock or None,
    }
    try:
        data.store().configure("expected_feeds", [row], who())
    except StoreProblem as problem:
        return "warning", str(problem)
    return "success", _("It is kept: {feed} is held against it from now on.").format(feed=feed)
