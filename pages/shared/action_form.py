"""Makes an improvement action of what is seen: filled in beforehand, kept in the configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from kpi import formats
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.store import StoreProblem
from pages.shared import data, page, places, sent_twice

#: Who is said to have done it until there is sign-in.
WHO = "dashboard"
_NUMBERED = re.compile(r"A-(\d+)")
#: Days until it is looked at whether it helped.
_LASTS = 91
_KEPT = "_action-kept"


@dataclass(frozen=True)
class Draft:
    """What is known of an action before anybody has decided on it."""

    title: str
    kpi: str
    direction: str
    target: float | None = None
    process: str = ""
    reason: str = ""
    cause: str = ""
    department: str = ""
    result: str = ""

    @property
    def key(self) -> str:
        """Tells drafts apart: another one has a form of its own."""
        return "-".join((self.kpi, self.process, self.reason, self.cause, str(self.target)))


def next_id(actions: Iterable[str]) -> str:
    """The first free number: "A-6" after "A-5"."""
    numbers = [int(found[1]) for one in actions if (found := _NUMBERED.fullmatch(one))]
    return f"A-{max(numbers, default=0) + 1}"


def row_of(
    draft: Draft, action: str, *, title: str, owner: str, target: float | None,
    department: str, starts: date, stops: date, told: date,
) -> dict[str, Any]:  # fmt: skip
    """The row of the action; it counts from when it was written up, at the latest from its start."""
    return {
        "action": action, "valid_from": min(told, starts), "title": title.strip(),
        "process": draft.process or None, "moment": None, "reason": draft.reason or None,
        "cause": draft.cause or None, "kpi": draft.kpi, "direction": draft.direction,
        "target": target, "starts_on": starts, "stops_on": stops, "owner": owner.strip(),
        "department": department or None, "state": "planned", "result": draft.result or None,
        "retired": False,
    }  # fmt: skip


def offer(draft: Draft, key: str, label: str = "") -> None:
    """A form, closed until it is asked for; says where the action is to be found once it is kept."""
    offer_one([("", draft)], key, label)


def offer_one(drafts: Sequence[tuple[str, Draft]], key: str, label: str = "") -> None:
    """The same for one of several, each with what it is about in words; of none no form."""
    kept = st.session_state.pop(f"{_KEPT}-{key}", None)
    if kept:
        said, made = kept
        page.told("success", said)
        _follow(made)
    if not drafts:
        return
    named = label or _("Turn this into an improvement action")

    def draw() -> None:
        place = 0
        if len(drafts) > 1:
            place = st.selectbox(
                _("What it is about"), range(len(drafts)),
                format_func=lambda one: drafts[one][0], key=f"about-{key}",
            )  # fmt: skip
        _form(drafts[place or 0][1], key)

    page.fold(named, f"action-{key}-folded", draw)


def _form(draft: Draft, key: str) -> None:
    kpi = KPIS[draft.kpi]
    day = data.default_day() + timedelta(days=1)
    departments = [
        str(row["department"])
        for row in data.store().configuration.rows("departments", data.default_day())
    ]
    place = departments.index(draft.department) + 1 if draft.department in departments else 0
    with st.form(f"action-{key}-{draft.key}", border=False):
        title = st.text_input(_("What is done"), value=draft.title, max_chars=120)
        page.quiet(_aim(draft))
        left, right = st.columns(2)
        owner = left.text_input(_("Who is responsible (a role, not a name)"), max_chars=80)
        department = right.selectbox(
            _("Department that solves it"),
            ["", *departments],
            index=place,
            format_func=lambda one: data.title("department", one) if one else _("not decided"),
        )
        unit = formats.unit_name(kpi.unit)
        target = left.number_input(
            _("What it should reach") + (f" ({unit})" if unit else ""),
            value=round(float(draft.target), 1) if draft.target is not None else None,
            step=0.1,
            format="%g",
        )
        starts = right.date_input(_("Starts on"), value=day, format="DD-MM-YYYY")
        stops = right.date_input(
            _("Review on"), value=day + timedelta(days=_LASTS), format="DD-MM-YYYY"
        )
        if not st.form_submit_button(_("Keep this action"), type="primary"):
            return
    if not title.strip() or not owner.strip() or not isinstance(starts, date):
        page.told(
            "warning",
            _(
                "Fill in what is done and who is responsible: an action without an "
                "owner does not get done."
            ),
        )
        return
    if not isinstance(stops, date) or stops <= starts:
        page.told("warning", _("The review comes after the start, not before."))
        return
    _keep(
        row_of(
            draft, _next(), title=title, owner=owner, target=target,
            department=str(department or ""), starts=starts, stops=stops, told=data.default_day(),
        ),
        key,
        draft,
    )  # fmt: skip


def _aim(draft: Draft) -> str:
    kpi = KPIS[draft.kpi]
    way = _("up") if draft.direction == "up" else _("down")
    about = [
        data.title(kind, value)
        for kind, value in (
            ("process", draft.process), ("reason", draft.reason), ("cause", draft.cause),
        )
        if value
    ]  # fmt: skip
    said = _("Aims at {kpi}: {way}.").format(kpi=_(kpi.title), way=way)
    return said + (" " + _("About {what}.").format(what=" · ".join(about)) if about else "")


def _next() -> str:
    rows: list[Mapping[str, Any]] = data.store().configuration.versions("actions")
    return next_id(str(row["action"]) for row in rows)


def _keep(row: Mapping[str, Any], key: str, draft: Draft) -> None:
    row = sent_twice.only("actions", "action", row)
    try:
        data.store().configure("actions", [row], WHO)
    except StoreProblem as problem:
        page.told("warning", str(problem))
        return
    said = _("Action {action} is kept: it stands on every chart from {day} on.").format(
        action=row["action"], day=formats.day(row["starts_on"])
    )
    st.session_state[f"{_KEPT}-{key}"] = (said, draft)
    st.rerun()


def _follow(draft: Draft) -> None:
    query = {"kpi": draft.kpi} | ({"process": draft.process} if draft.process else {})
    places.link("trends", _("See it beside the course of this number"), query=query)
