"""One file per step of a funnel: several files read at once, each as its own step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import streamlit as st

from kpi import escape
from kpi.i18n import _
from kpi.ingest.profiles import Feed, Profile, Read, Rule
from kpi.ingest.shaping import lacking, with_rule
from pages.manage import doubts
from pages.manage.late import on
from pages.manage.parts import feed_of
from pages.manage.upload import Given
from pages.shared import page
from pages.shared.showing import shown
from pages.shared.speech import callback

_TABLE = "web_events"


def show(files: Sequence[Given]) -> None:
    """Let several files be the steps of one funnel, or show which step each is."""
    if any(one.proposal is None or one.proposal.refused for one in files):
        return
    those = [one for one in files if _number(one) is not None]
    if len(those) > 1:
        page.text(_("One file per step: which step is each?"))
        with st.container(horizontal=True, gap="small"):
            for one in those:
                _step(one)
            timeless = [one for one in those if _lacks_time(one)]
            if timeless:
                _when(timeless)
        return
    if all(one.profile is not None and one.profile.feeds for one in files):
        return
    # Where no file says what it is, this is likely what they are.
    likely = not any(one.profile is not None and one.profile.feeds for one in files)
    with (
        st.expander(_("Each file is one step of a funnel"), expanded=likely),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        name = st.text_input(_("Name of the funnel"), "order", key="steps-funnel", width=240)
        st.date_input(
                _("Day, where a file has none"), value=None, key="steps-day", width=280,
                format="DD-MM-YYYY",
            )  # fmt: skip
        st.button(
                _("Read them so"), key="steps-use", on_click=_read, args=(files,),
                disabled=not name.strip(),
            )  # fmt: skip


def asks_when(one: Given) -> bool:
    """Whether it is asked beside the steps when this one happened: nothing else is lacking."""
    profile = one.profile
    number = _number(one)
    return (
        profile is not None
        and number is not None
        and [column.name for column in lacking(profile.feeds[number])] == ["at"]
    )


def _number(one: Given) -> int | None:
    """Which feed of a file is steps of a funnel that it does not name itself."""
    for number, feed in enumerate(one.profile.feeds if one.profile else ()):
        rule = feed.columns.get("step")
        if feed.table == _TABLE and rule is not None and rule.value is not None:
            return number
    return None


def _lacks_time(one: Given) -> bool:
    number, profile = _number(one), one.profile
    return number is not None and profile is not None and "at" not in profile.feeds[number].columns


def _when(files: Sequence[Given]) -> None:
    """The day for files that say none: the funnel is counted on it."""

    @callback
    def chosen() -> None:
        day = st.session_state["steps-when"]
        for one in files:
            number, now = _number(one), one.profile
            if day is not None and number is not None and now is not None:
                one.change(with_rule(now, (number,), "at", _on(day)))

    st.date_input(
        _("▲ Day, where a file has none"), value=None, key="steps-when", width=280,
        format="DD-MM-YYYY", on_change=chosen,
    )  # fmt: skip


def _on(day: date) -> Rule:
    return Rule(value=f"{day.isoformat()} 00:00")


def _step(one: Given) -> None:
    number, profile = _number(one), one.profile
    assert number is not None
    assert profile is not None
    key = shown(f"step-{one.token}", profile.feeds[number].columns["step"].value)

    def changed() -> None:
        value, now = str(st.session_state[key]).strip(), one.profile
        if value and now is not None:
            one.change(with_rule(now, (number,), "step", Rule(value=value)))

    st.text_input(escape.markdown(one.name), key=key, on_change=on(one, changed, key), width=260)


@callback
def _read(files: Sequence[Given]) -> None:
    # What stands there now: typed and pressed at once, the button was drawn before it was typed.
    funnel = str(st.session_state["steps-funnel"]).strip()
    day: date | None = st.session_state["steps-day"]
    if not funnel:
        return
    for one in files:
        proposal = one.proposal
        if proposal is None or not proposal.columns:
            continue
        columns = dict(feed_of(one, _TABLE).columns)
        columns["entity_id"] = columns.get("entity_id") or Rule(sources=proposal.columns[:1])
        columns["funnel"] = Rule(value=funnel)
        columns["step"] = Rule(value=_named_after(one.name))
        if "at" not in columns and day is not None:
            columns["at"] = _on(day)
        read = one.profile.read if one.profile else Read()
        one.change(
            with_rule(Profile((Feed(_TABLE, columns),), name=funnel, read=read), (), "", None)
        )
        one.confirmed.update(doubts.name_of(said) for said in doubts.still_open(one))


def _named_after(file: str) -> str:
    """The step that a file is named after.

    >>> _named_after("payment_page_table.csv")
    'payment page'
    """
    words = Path(file).stem.replace("-", " ").replace("_", " ").split()
    kept = [word for word in words if word.casefold() not in {"table", "tabel", "export"}]
    return " ".join(kept or words)
