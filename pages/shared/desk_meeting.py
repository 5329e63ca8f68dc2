"""Acties en overleg: what runs, the owner's word on each deviation, decisions and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi import formats
from kpi.bulletin import table
from kpi.bulletin.scorecard import Cell, Row, Scorecard
from kpi.bulletin.states import State
from kpi.bulletin.tables import Column, Shown, Value
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.model import Better
from kpi.numbers import agenda
from kpi.store import StoreProblem
from pages.shared import (
    action_edit,
    action_form,
    actions,
    data,
    desk_moved,
    figures,
    page,
    sent_twice,
)
from pages.shared.asked import Asked

#: Who is said to have done it until there is sign-in.
WHO = "dashboard"
STATES = ("open", "done", "dropped")
_LONGEST = 2000
#: How many decisions were added in this session.
_KEPT = "_meeting_kept"


def show(asked: Asked, card: Scorecard, row: Row) -> None:
    """Actions, explanations and decisions of one process, and the agenda made of them."""
    assert asked.process is not None
    st.link_button(
        _("Agenda for the process meeting"),
        f"/agenda?{urlencode(agenda_query(asked), doseq=True)}",
        icon=":material/print:",
        type="primary",
    )
    desk_moved.show(asked, card)
    _actions(asked, card, row)
    _explanations(asked, card, row)
    _decisions(asked)


def agenda_query(asked: Asked) -> dict[str, list[str]]:
    """The question as the agenda's address has it."""
    return {**asked.filters.to_query(), "lang": [language()]}


def today() -> date:
    """The day something is written on, where the organisation is."""
    return formats.in_zone(datetime.now(UTC).replace(tzinfo=None), data.zone()).date()


def _actions(asked: Asked, card: Scorecard, row: Row) -> None:
    page.section(_("Improvement actions"))
    found = actions.actions(data.told_day(), asked.process)
    if found:
        page.table(actions.listed(found, link=action_edit.link), "actions")
    else:
        page.text(_("No improvement action is about this process."))
    deviating = _deviating(row)
    kpis = [KPIS[head.kpi] for head in card.heads if head.kpi in KPIS]
    # What deviates asks for an action first.
    kpis.sort(key=lambda kpi: kpi.name not in deviating)
    drafts = [
        (
            _(kpi.title),
            action_form.Draft("", kpi.name, kpi.better.value, process=asked.process or ""),
        )
        for kpi in kpis
        if kpi.better is not Better.CONTEXT
    ]
    action_form.offer_one(drafts, "meeting", _("Start an improvement action"))


def _explanations(asked: Asked, card: Scorecard, row: Row) -> None:
    assert asked.process is not None
    page.section(_("The owner's explanation"))
    deviating = _deviating(row)
    titles = {head.kpi: head.title for head in card.heads}
    written = agenda.explanations(data.store(), asked.process, asked.period)
    cells = {cell.kpi: cell for cell in row.cells}
    shown = [kpi for kpi in titles if kpi in deviating or kpi in written]
    if not shown:
        page.text(_("Nothing deviates in this period: there is nothing to explain."))
    else:
        page.table(
            table(
                _("The owner's explanation"),
                [_("KPI"), Column(_("Value"), figures=True), _("Change"), _("Explanation")],
                [_explained(asked, titles[kpi], cells[kpi], written.get(kpi)) for kpi in shown],
            ),
            "explanations",
        )
    if any(name != "process" for name, _values in asked.filters.where):
        page.quiet(_("Explanations are about the whole process, whatever the page is kept to."))
    with st.expander(_("Write an explanation")):
        _explain(asked, [*shown, *(kpi for kpi in titles if kpi not in shown)], titles, written)


def _deviating(row: Row) -> set[str]:
    """KPIs off target or surely changed for the worse."""
    return {
        cell.kpi
        for cell in row.cells
        if cell.state is State.BAD
        or (cell.change is not None and cell.change.good is False and cell.strength > 0)
    }


def _explained(
    asked: Asked, title: str, cell: Cell, written: Mapping[str, Any] | None
) -> list[Value]:
    said: Value = Shown(_("not explained yet"), mark="quiet")
    if written:
        by = _("{author}, {day}").format(
            author=written["author"], day=formats.day(written["valid_from"])
        )
        said = Shown(written["text"], under=by)
    return [
        Shown(title, href=figures.definition(cell.kpi, asked.filters)),
        Shown(cell.value, cell.state, source=cell.source),
        # What may be chance is grey here as on the tiles above.
        Shown(cell.change.told(cell.certain), mark="" if cell.certain else "quiet")
        if cell.change
        else "",
        said,
    ]


def _explain(
    asked: Asked, kpis: Sequence[str], titles: Mapping[str, str], written: Mapping[str, Any]
) -> None:
    assert asked.process is not None
    kpi = st.selectbox(
        _("KPI"), kpis, format_func=lambda name: titles[name], key="explain-kpi", width=340
    )
    if kpi is None:
        return
    with st.form(f"explain-{kpi}", border=False):
        before = written.get(kpi)
        text = st.text_area(
            _("Why it is so, and what is done"),
            value=before["text"] if before else "",
            max_chars=_LONGEST,
        )
        author = st.text_input(
            _("Who writes this (a role, no name)"), value=_owner(asked), max_chars=80
        )
        if not st.form_submit_button(_("Keep the explanation"), type="primary"):
            return
    if not text.strip() or not author.strip():
        page.told("warning", _("Fill in the explanation and who writes it."))
        return
    _keep(
        "explanations",
        {
            "process": asked.process, "kpi": kpi, "period": agenda.period_name(asked.period),
            "valid_from": today(), "text": text.strip(), "author": author.strip(),
            "retired": False,
        },
    )  # fmt: skip


def _owner(asked: Asked) -> str:
    row = data.store().configuration.row("processes", asked.period.until, process=asked.process)
    return str((row or {}).get("owner") or "")


def _decisions(asked: Asked) -> None:
    assert asked.process is not None
    page.section(_("Decisions of the process meeting"))
    found = agenda.decisions(data.store(), asked.process)
    if found:
        page.table(
            table(
                _("Decisions of the process meeting"),
                [
                    _("Decision"),
                    Column(_("Decided on"), whole=True),
                    _("Who"),
                    Column(_("Ready by"), whole=True),
                    _("What became of it"),
                ],
                [_decided(row) for row in found],
            ),
            "decisions",
        )
    else:
        page.text(_("No decisions are kept yet: add those of the next meeting below."))
    with st.expander(_("Add a decision")):
        _add(asked)
    if found:
        with st.expander(_("What became of a decision")):
            _became(found)


def _decided(row: Mapping[str, Any]) -> list[Value]:
    overdue = row["state"] == "open" and row["due"] and row["due"] < today()
    return [
        Shown(row["text"] or "", under=_action_of(row)),
        formats.day(row["decided_on"]) if row["decided_on"] else "",
        row["owner"] or _("nobody"),
        Shown(
            formats.day(row["due"]) if row["due"] else "",
            under=_("past") if overdue else "",
            mark="worse" if overdue else "",
        ),
        Shown(state(row["state"]), under=row["outcome"] or ""),
    ]


def _action_of(row: Mapping[str, Any]) -> str:
    if not row["action"]:
        return ""
    known = data.store().configuration.row("actions", data.default_day(), action=row["action"])
    return _("action {action}: {title}").format(
        action=row["action"], title=(known or {}).get("title") or formats.NOTHING
    )


def state(name: str | None) -> str:
    """Where a decision stands, in words."""
    return {"open": _("still open"), "done": _("done"), "dropped": _("dropped")}.get(
        name or "", _("still open")
    )


def _add(asked: Asked) -> None:
    known = [
        row["action"] for row in data.store().configuration.rows("actions", asked.period.until)
    ]
    # Another form once it is kept: to clear it when it is sent would take what was not kept too.
    with st.form(f"decision-{st.session_state.get(_KEPT, 0)}", border=False):
        text = st.text_input(_("What was decided"), max_chars=300)
        left, right = st.columns(2)
        owner = left.text_input(_("Who does it (a role)"), max_chars=80)
        action = right.selectbox(
            _("Improvement action it led to"),
            ["", *known],
            format_func=lambda one: one or _("none"),
        )
        decided = left.date_input(_("Day of the meeting"), value=today(), format="DD-MM-YYYY")
        due = right.date_input(_("To be done by"), value=None, format="DD-MM-YYYY")
        if not st.form_submit_button(_("Keep the decision"), type="primary"):
            return
    if not text.strip() or not owner.strip():
        page.told("warning", _("Fill in what was decided and who does it."))
        return
    numbers = [int(one["decision"].split("-")[-1]) for one in agenda.every_decision(data.store())]
    made = {
            "decision": f"B-{max(numbers, default=0) + 1}", "valid_from": today(),
            "process": asked.process, "decided_on": decided, "text": text.strip(),
            "owner": owner.strip(), "due": due, "action": action or None, "state": "open",
            "retired": False,
    }  # fmt: skip
    _keep("decisions", sent_twice.only("decisions", "decision", made), adds=True)


def _became(found: Sequence[Mapping[str, Any]]) -> None:
    by = {row["decision"]: row for row in found}
    decision = st.selectbox(
        _("Decision"), list(by), format_func=lambda one: str(by[one]["text"] or one), key="became"
    )
    if decision is None:
        return
    row = by[decision]
    with st.form(f"became-{decision}", border=False):
        now = st.segmented_control(
            _("Where it stands"), STATES, default=row["state"] or "open", format_func=state
        )
        outcome = st.text_input(_("What became of it"), value=row["outcome"] or "", max_chars=300)
        if not st.form_submit_button(_("Keep what became of it"), type="primary"):
            return
    _keep(
        "decisions",
        {
            "decision": decision, "valid_from": max(today(), row["valid_from"]),
            "state": now or "open", "outcome": outcome.strip() or None,
        },
    )  # fmt: skip


def _keep(name: str, row: Mapping[str, Any], *, adds: bool = False) -> None:
    """Keep a row; `adds`: by the form for another decision, which begins anew."""
    try:
        changed = data.store().configure(name, [row], WHO)
    except StoreProblem as problem:
        page.told("warning", str(problem))
        return
    if changed:
        if adds:
            st.session_state[_KEPT] = st.session_state.get(_KEPT, 0) + 1
        st.rerun()
    page.told("info", _("That was kept already."))
