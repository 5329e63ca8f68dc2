"""Changes an improvement action: who does it, until when, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi import formats
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.store import StoreProblem
from pages.shared import actions, choices, data, page, places
from pages.shared.action_form import WHO
from pages.shared.actions import Action, Row

#: The action that is changed, in the URL.
OF = "of"
STATES = ("planned", "running", "done", "stopped")


def link(row: Row) -> str:
    """The address where an action is changed."""
    return f"{places.path('actions')}?{urlencode({OF: row['action'], 'lang': language()})}"


def show(found: Sequence[Action], on: date) -> None:
    """The choice of an action, and its form."""
    if not found:
        return
    page.section(_("Change an action"))
    by = {str(one.row["action"]): one.row for one in found}
    chosen = choices.choice(
        OF, _("Action"), list(by), lambda one: f"{one} · {by[one]['title'] or ''}", next(iter(by)),
        width=430,
    )  # fmt: skip
    _form(by[chosen], on)


def _form(row: Row, on: date) -> None:
    kpi = KPIS.get(row["kpi"] or "")
    unit = formats.unit_name(kpi.unit) if kpi else ""
    with st.form(f"change-{row['action']}", border=False):
        title = st.text_input(_("What is done"), value=row["title"] or "", max_chars=120)
        left, right = st.columns(2)
        owner = left.text_input(
            _("Who is responsible (a role, not a name)"), value=row["owner"] or "", max_chars=80
        )
        now = right.selectbox(
            _("Where it stands"), STATES,
            index=STATES.index(row["state"]) if row["state"] in STATES else 0,
            format_func=actions.state,
        )  # fmt: skip
        target = left.number_input(
            _("What it should reach") + (f" ({unit})" if unit else ""),
            value=float(row["target"]) if row["target"] is not None else None,
            step=0.1, format="%g",
        )  # fmt: skip
        starts = right.date_input(_("Starts on"), value=row["starts_on"], format="DD-MM-YYYY")
        stops = right.date_input(_("Review on"), value=row["stops_on"], format="DD-MM-YYYY")
        result = left.text_input(
            _("What the customer notices"), value=row["result"] or "", max_chars=200
        )
        if not st.form_submit_button(_("Save the change"), type="primary"):
            return
    if not title.strip() or not owner.strip():
        page.told(
            "warning",
            _(
                "Fill in what is done and who is responsible: an action without an "
                "owner does not get done."
            ),
        )
        return
    if isinstance(starts, date) and isinstance(stops, date) and stops <= starts:
        page.told("warning", _("The review comes after the start, not before."))
        return
    _keep(
        {
            # It counts from the day that is looked at, or it would not be seen here.
            "action": row["action"], "valid_from": max(row["valid_from"], on),
            "title": title.strip(), "owner": owner.strip(), "state": now, "target": target,
            "starts_on": starts, "stops_on": stops, "result": result.strip() or None,
        }
    )  # fmt: skip


def _keep(row: dict[str, Any]) -> None:
    try:
        changed = data.store().configure("actions", [row], WHO)
    except StoreProblem as problem:
        page.told("warning", str(problem))
        return
    if changed:
        st.rerun()
    page.told("info", _("That was kept already."))
