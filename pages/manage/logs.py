"""Event logs: a row is a step of a case, and one file gives the cases and their steps."""

from __future__ import annotations

import streamlit as st

from kpi.i18n import _
from kpi.ingest import Profile, Proposal
from kpi.ingest.event_log import Log, as_log, step_of
from kpi.ingest.profiles import Feed
from pages.manage import doubts, values
from pages.manage.late import on
from pages.manage.parts import feed_of, pick
from pages.manage.upload import Given
from pages.shared import page

#: Tables that the rows of an event log may be taken for.
_TAKEN_FOR = ("cases", "chain_events", "contacts")


def hint(given: Given, proposal: Proposal, now: Profile) -> None:
    """That the file looks like an event log, where it does: read so with a click."""
    first = now.feeds[0]
    guess = _guess(first, proposal, now)
    if len(now.feeds) > 1 or not _like_a_log(given, first, guess):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page.text(
            _("This looks like an event log: one row per step of a case; {header} is the step.")
            .format(header=guess["step"])
        )  # fmt: skip
        st.button(
            _("Read the cases too") if first.table == "chain_events"
            else _("Read the cases and their steps"),
            key=f"hint-{given.token}-log", on_click=on(given, _cases_too), args=(given, guess),
        )  # fmt: skip


def _like_a_log(given: Given, feed: Feed, guess: dict[str, str]) -> bool:
    """Whether rows look like steps of cases: each with its case, its step and its time."""
    if not (guess["case"] and guess["step"] and guess["moment"]):
        return False
    if feed.table == "cases":
        return _repeats(given)
    # Contacts that have no key of their own, and say in which step of a case they are.
    keyless = feed.table == "contacts" and bool(feed.columns["contact_id"].hash)
    return feed.table == "chain_events" or keyless


def _repeats(given: Given) -> bool:
    """Whether a case has two rows or more, as a rule: then a row is no case."""
    checked, proposal = given.checked, given.proposal
    found = checked.manifest.findings if checked else proposal.findings if proposal else ()
    rows = proposal.rows if proposal else 0
    return any(
        one.kind == "event_log" or (one.kind == "repeated_keys" and 2 * (one.rows or 0) >= rows)
        for one in found
        if one.feed == 0
    )


def _cases_too(given: Given, guess: dict[str, str]) -> None:
    now = given.profile
    if now is None:
        return
    cases = feed_of(given, "cases").columns
    ends = cases["closed_at"].sources[0] if "closed_at" in cases else ""
    log = Log(guess["case"], (guess["moment"],), guess["step"], ends)
    given.change(as_log(now, log, cases))
    # Which column is the case, the step and its time is said now, and can be changed beside it.
    for said in doubts.still_open(given):
        if doubts.of_mapping(said):
            given.confirmed.add(doubts.name_of(said))


def show(given: Given, proposal: Proposal, now: Profile) -> None:
    """One row an event: cases and their events out of one file."""
    first = now.feeds[0]
    if first.table not in _TAKEN_FOR or len(now.feeds) > 1:
        return
    with st.expander(_("This is an event log: one row per step of a case")):
        columns = list(proposal.columns)
        key = f"log-{given.token}"
        guess = _guess(first, proposal, now)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            case = pick(_("The case"), columns, guess["case"], f"{key}-case")
            moment = pick(_("When it happened"), columns, guess["moment"], f"{key}-moment")
            step = pick(_("Which step"), columns, guess["step"], f"{key}-step")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            closed = {
                "": _("is not in the file"), "last": _("with its last step"),
                **{name: _("in column {name}").format(name=name) for name in columns},
            }  # fmt: skip
            ends = st.selectbox(
                _("When a case is closed"), list(closed), format_func=lambda one: closed[one],
                key=f"{key}-closed", width=300,
                index=list(closed).index(guess["closed"]) if guess["closed"] in closed else 0,
            )  # fmt: skip
            kinds = values.kinds()
            kind = st.selectbox(
                _("A step is"), list(kinds), index=list(kinds).index("moment"),
                format_func=lambda one: kinds[one], key=f"{key}-kind", width=280,
            )  # fmt: skip
            made = Log(case or "", (moment,) if moment else (), step or "", ends, kind)
            st.button(
                _("Read it so"), key=f"{key}-use", disabled=not (case and moment and step),
                on_click=on(given, _as_log), args=(given, made),
            )  # fmt: skip


def _guess(feed: Feed, proposal: Proposal, now: Profile) -> dict[str, str]:
    def of(name: str) -> str:
        rule = feed.columns.get(name)
        return rule.sources[0] if rule and rule.sources else ""

    return {
        "case": of("case_id"),
        "moment": of("occurred_at") or of("opened_at") or of("started_at"),
        "step": of("value") or of("moment") or step_of(now, proposal.columns, proposal.values),
        "closed": of("closed_at"),
    }


def _as_log(given: Given, log: Log) -> None:
    now = given.profile
    if now is None:
        return
    cases = next((feed.columns for feed in now.feeds if feed.table == "cases"), None)
    if cases is None:
        cases = feed_of(given, "cases").columns
    given.change(as_log(now, log, cases))
