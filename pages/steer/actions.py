"""Verbeteracties: what runs, who does it, until when, whether it helped, and which are stuck."""

from __future__ import annotations

import streamlit as st

from kpi import formats
from kpi.i18n import _, ngettext
from kpi.measures import asked_by_show
from kpi.model import Better
from pages.shared import (
    action_edit,
    action_form,
    actions,
    choices,
    data,
    empty,
    frame,
    page,
    places,
    state,
)
from pages.shared.actions import Action


def show() -> None:
    process = state.chosen("process")
    frame.bare({"process": process, action_edit.OF: state.chosen(action_edit.OF)})
    if not data.loaded():
        empty.nothing_loaded()
        return
    on = data.told_day()
    found = actions.actions(on, process or None)
    with st.container(horizontal=True, gap="small", key="own"):
        _process(process)
    page.heading(_title(found), [_("as of {moment}").format(moment=formats.day(on))])
    _stuck([one for one in found if one.stuck])
    _part(_("Planned and running"), [one for one in found if one.live], "live")
    _part(_("Ended"), [one for one in found if not one.live], "over")
    with st.container(key="keep"):
        left, right = st.columns(2, gap="large")
        with left:
            action_edit.show(found, on)
        with right:
            _new(process)
    places.link("goals", _("Conflicting goals, and where help is needed"))


def _title(found: list[Action]) -> str:
    live = [one for one in found if one.live]
    stuck = [one for one in found if one.stuck]
    if not live:
        return _("No improvement action is planned or running")
    said = ngettext(
        "{n} improvement action is planned or running",
        "{n} improvement actions are planned or running",
        len(live),
    ).format(n=len(live))
    if not stuck:
        return _("{actions}, none is stuck").format(actions=said)
    return ngettext("{actions}, {n} is stuck", "{actions}, {n} are stuck", len(stuck)).format(
        actions=said, n=len(stuck)
    )


def _process(chosen: str) -> None:
    known = data.processes(data.default_day())
    options = known if not chosen or chosen in known else [*known, chosen]
    choices.choice(
        "process",
        _("Customer process"),
        ["", *options],
        lambda one: data.title("process", one) if one else _("all processes"),
        "",
        width=250,
    )


def _stuck(found: list[Action]) -> None:
    if not found:
        return
    page.section(_("Actions that are stuck"))
    page.table(actions.stuck_table(found, action_edit.link), "stuck")


def _part(title: str, found: list[Action], key: str) -> None:
    page.section(title)
    if not found:
        page.text(_("None."))
        return
    page.table(actions.listed(found, whose=True, link=action_edit.link), f"actions-{key}")


def _new(process: str) -> None:
    """An action of one's own: what it should move is chosen first."""
    page.section(_("A new action"))
    kpis = {kpi.name: kpi for kpi in asked_by_show() if kpi.better is not Better.CONTEXT}
    known = data.processes(data.default_day())
    left, right = st.columns(2)
    kpi = left.selectbox(
        _("KPI it should move"), list(kpis), format_func=lambda one: _(kpis[one].title),
        key="new-kpi",
    )  # fmt: skip
    whose = right.selectbox(
        _("Customer process"),
        ["", *known],
        index=known.index(process) + 1 if process in known else 0,
        format_func=lambda one: data.title("process", one) if one else _("all processes"),
        key="new-process",
    )
    if kpi is None:
        return
    draft = action_form.Draft(
        title="", kpi=kpi, direction=kpis[kpi].better.value, process=str(whose or "")
    )
    action_form.offer(draft, "new", _("Describe the action"))
