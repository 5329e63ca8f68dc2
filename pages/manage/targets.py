"""Targets of a KPI: per process, with who set them and from when, read and set here."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from kpi import formats
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown
from kpi.i18n import _, language
from kpi.measures.arithmetic import aim
from kpi.model import Better, Kpi
from kpi.numbers.goals import goals
from kpi.store import StoreProblem
from pages.shared import data, page, places

#: Who is said to have done it until there is sign-in.
WHO = "dashboard"


def show(kpi: Kpi, process: str | None, on: date) -> None:
    """The targets there are, and a form for a new one."""
    page.section(_("Target"))
    if kpi.better is Better.CONTEXT:
        page.text(_("No target: this figure is read beside others."))
        return
    rows = _rows(kpi, on)
    of_all = _goals(kpi, on)
    if (rows or of_all) and kpi.target is not None and not _for_all(kpi, on):
        rows.append(
            [
                _("all other processes") if rows else _("each process"),
                Shown(aim(kpi, kpi.better, kpi.target), under=_("a sample")),
                "",
                "",
            ]
        )
    rows += of_all
    if rows:
        page.table(
            table(
                _("Target"),
                [
                    _("Customer process"),
                    Column(_("Target"), figures=True),
                    _("Set by"),
                    Column(_("From"), whole=True),
                ],
                rows,
            ),
            "targets",
        )
    elif kpi.target is not None:
        page.text(
            _("{value}, a sample: nobody has set a target yet.").format(
                value=aim(kpi, kpi.better, kpi.target)
            )
        )
    else:
        page.text(_("Nobody has set a target."))
    with st.expander(_("Set a target")):
        _form(kpi, process, on)


def _rows(kpi: Kpi, on: date) -> list[list[str | Shown]]:
    found = [
        row for row in data.store().configuration.versions("targets") if row["kpi"] == kpi.name
    ]
    found.sort(key=lambda row: (row["process"] != "", row["process"], row["valid_from"]))
    in_force = {
        (row["process"], row["valid_from"])
        for row in data.store().configuration.rows("targets", on)
        if row["kpi"] == kpi.name
    }
    return [_row(kpi, row, (row["process"], row["valid_from"]) in in_force) for row in found]


def _for_all(kpi: Kpi, on: date) -> bool:
    return any(
        row["kpi"] == kpi.name and not row["process"]
        for row in data.store().configuration.rows("targets", on)
    )


def _goals(kpi: Kpi, on: date) -> list[list[str | Shown]]:
    """What this year's goals ask of it: of the whole organisation, beside what processes should reach."""
    return [
        [
            Shown(
                _("the whole organisation"),
                under=_("goal of this year: {title}").format(title=goal.title(language())),
                href=places.path("goals"),
            ),
            Shown(aim(kpi, goal.better, goal.target), under=_("a sample") if goal.sample else ""),
            goal.row["owner"] or "",
            _("this year"),
        ]
        for goal in goals(data.store(), on)
        if goal.kpi is kpi and goal.target is not None
    ]


def _row(kpi: Kpi, row: dict[str, Any], in_force: bool) -> list[str | Shown]:
    said = aim(kpi, kpi.better, row["value"]) if not row["retired"] else _("none any more")
    under = _("a sample") if row["sample"] else ""
    return [
        Shown(
            data.title("process", row["process"]) if row["process"] else _("all processes"),
            mark="" if in_force else "quiet",
            under="" if in_force else _("not in force in this period"),
        ),
        Shown(said, under=under),
        row["owner"] or "",
        formats.day(row["valid_from"]) if row["valid_from"].year > 1900 else _("always"),
    ]


def _form(kpi: Kpi, process: str | None, on: date) -> None:
    known = data.processes(on)
    with st.form(f"target-{kpi.name}", border=False):
        about = st.selectbox(
            _("Customer process"),
            ["", *known],
            index=known.index(process) + 1 if process in known else 0,
            format_func=lambda one: data.title("process", one) if one else _("all processes"),
        )
        unit = formats.unit_name(kpi.unit)
        value = st.number_input(
            _("Target") + (f" ({unit})" if unit else ""), value=None, step=0.1, format="%.1f"
        )
        owner = st.text_input(_("Set by (a role, no name)"), max_chars=80)
        since = st.date_input(_("From"), value=on, format="DD-MM-YYYY")
        if not st.form_submit_button(_("Keep this target"), type="primary"):
            return
    if value is None or not owner.strip() or not isinstance(since, date):
        page.told(
            "warning",
            _("Fill in the target and who sets it: a target without an owner helps nobody."),
        )
        return
    row = {
        "kpi": kpi.name, "process": about or "", "valid_from": since, "value": float(value),
        "owner": owner.strip(), "sample": False, "retired": False,
    }  # fmt: skip
    try:
        changed = data.store().configure("targets", [row], WHO)
    except StoreProblem as problem:
        page.told("warning", str(problem))
        return
    if not changed:
        page.told("info", _("That target was set already."))
        return
    st.rerun()
