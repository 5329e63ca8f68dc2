"""Setting goals: the samples to begin with, and a form to decide on each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from kpi import formats
from kpi.i18n import _, language
from kpi.measures import asked_by_show
from kpi.model import Better
from kpi.numbers.goals import Goal
from kpi.store import StoreProblem
from kpi.store.opening import default_configuration
from pages.shared import data, page

#: Who is said to have done it until there is sign-in.
WHO = "dashboard"


def begin(on: date) -> None:
    """No goals: what they are for, and three samples to begin with."""
    page.text(
        _(
            "A goal has a KPI that measures it, a target, and KPIs that serve it. Begin with three "
            "samples (cost, online, satisfaction) and decide on each of them."
        )
    )
    if st.button(_("Begin with the samples"), type="primary"):
        rows = [
            {**row, "valid_from": date(on.year, 1, 1), "year": None, "retired": False}
            for row in default_configuration()["goals"]
        ]
        _keep(rows)


def show(found: Sequence[Goal], on: date) -> None:
    """A form to decide on one of the goals."""
    with st.expander(_("Decide on a goal")):
        by = {goal.id: goal for goal in found}
        chosen = st.selectbox(
            _("Goal"), list(by), format_func=lambda one: by[one].title(language()), key="goal"
        )
        if chosen is not None:
            _form(by[chosen], on)


def _form(goal: Goal, on: date) -> None:
    kpis = {kpi.name: kpi for kpi in asked_by_show()}
    with st.form(f"goal-{goal.id}", border=False):
        title = st.text_input(_("What it is called"), value=goal.title(language()), max_chars=80)
        left, right = st.columns(2)
        kpi = left.selectbox(
            _("KPI that measures it"), list(kpis), index=list(kpis).index(goal.kpi.name),
            format_func=lambda name: _(kpis[name].title),
        )  # fmt: skip
        unit = formats.unit_name(goal.kpi.unit)
        target = right.number_input(
            _("Target") + (f" ({unit})" if unit else ""), value=goal.target, step=0.1, format="%.1f"
        )
        up = left.segmented_control(
            _("Which way"), ["up", "down"], default=goal.better.value
            if goal.better is not Better.CONTEXT else "up",
            format_func=lambda way: {"up": _("at least"), "down": _("at most")}[way],
        )  # fmt: skip
        owner = right.text_input(
            _("Who answers for it (a role, no name)"),
            value="" if goal.sample else goal.row["owner"] or "",
            max_chars=80,
        )
        serving = st.multiselect(
            _("KPIs that serve it"), list(kpis), default=[one.name for one in goal.serving],
            format_func=lambda name: _(kpis[name].title), placeholder=_("choose one or more …"),
        )  # fmt: skip
        since = st.date_input(_("From"), value=on.replace(month=1, day=1), format="DD-MM-YYYY")
        if not st.form_submit_button(_("Keep this goal"), type="primary"):
            return
    if target is None or not owner.strip() or not isinstance(since, date):
        page.told("warning", _("Fill in the target and who answers for it."))
        return
    _keep(
        [
            {
                "goal": goal.id, "valid_from": since, f"title_{language()}": title.strip(),
                "kpi": kpi, "direction": up or "up", "target": float(target),
                "kpis": ", ".join(serving), "owner": owner.strip(), "sample": False,
                "retired": False,
            }
        ]
    )  # fmt: skip


def _keep(rows: list[dict[str, Any]]) -> None:
    try:
        changed = data.store().configure("goals", rows, WHO)
    except StoreProblem as problem:
        page.told("warning", str(problem))
        return
    if changed:
        st.rerun()
    page.told("info", _("That was kept already."))
