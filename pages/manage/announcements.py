"""Mededelingen: outages, offers and messages, with their beginning and end; ended with one click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from kpi import formats
from kpi.alerts.looking import now
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.i18n import _, ngettext
from kpi.numbers.announcements import MESSAGE, OFFER, OUTAGE, Announcement, When, announcements
from kpi.store import StoreProblem
from kpi.zones import to_local, to_utc
from pages.shared import data, frame, page, sent_twice
from pages.shared.speech import callback
from pages.wall.kept import slug

WHO = "dashboard"
CHOSEN = "announcement-chosen"
_TOLD = "_announcement-told"
_KINDS = (OUTAGE, OFFER, MESSAGE)
#: Ended ones that are listed.
_MOST = 10


def show() -> None:
    """The page."""
    frame.bare()
    made = announcements(data.store())
    moment = now()
    by_when = {when: [one for one in made if one.stands(moment) is when] for when in When}
    page.heading(
        _sentence(by_when[When.CURRENT]),
        [
            _(
                "as it stands on {moment}, by the clock; numbers run up to the last day of the data"
            ).format(moment=formats.moment(moment, data.zone())),
            _("Shown on information screens, in overview mails and as a flag in every chart."),
        ],
    )
    told = st.session_state.pop(_TOLD, None)
    if told:
        page.told(*told)
    _current(by_when[When.CURRENT])
    _listed(_("Planned"), by_when[When.PLANNED], "planned")
    _form(made)
    _listed(_("Ended"), by_when[When.ENDED][:_MOST], "ended")


def _sentence(current: Sequence[Announcement]) -> str:
    outages = [one for one in current if one.kind == OUTAGE]
    if len(outages) == 1:
        return _("Outage: {title}").format(title=outages[0].title)
    if outages:
        return _("{n} outages are going on").format(n=len(outages))
    if current:
        return ngettext(
            "No outages, {n} announcement", "No outages, {n} announcements", len(current)
        ).format(n=len(current))
    return _("No outages, nothing to announce")


def _current(shown: Sequence[Announcement]) -> None:
    """What counts now, each with a button that ends it."""
    if not shown:
        return
    page.section(_("Going on now"))
    for one in shown:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(width="stretch"):
                page.text(_named(one))
                page.quiet(" · ".join(filter(None, (_when(one), _about(one), one.text))))
            st.button(
                _("End it now"), key=f"end-{one.id}", on_click=_end, args=(one.id,), width=130
            )


def _listed(title: str, shown: Sequence[Announcement], key: str) -> None:
    if not shown:
        return
    page.section(title)
    page.table(
        table(
            title,
            [_("Announcement"), _("Customer processes"), Column(_("From"), whole=True),
             Column(_("Until"), whole=True)],
            [_row(one) for one in shown],
        ),
        f"announcements-{key}",
    )  # fmt: skip


def _named(one: Announcement) -> str:
    return f"{_kind(one.kind)}: {one.named}" if one.named else one.title


def _row(one: Announcement) -> list[Value]:
    until = formats.moment(one.ends_at, data.zone()) if one.ends_at else _("further notice")
    return [
        Shown(_named(one), under=one.text),
        _about(one),
        formats.moment(one.starts_at, data.zone()),
        until,
    ]


def _form(made: Sequence[Announcement]) -> None:
    by_id = {one.id: one for one in made}
    with st.expander(_("Make or change an announcement"), expanded=not made):
        chosen = st.selectbox(
            _("Announcement"),
            ["", *by_id],
            format_func=lambda one: by_id[one].title if one else _("a new announcement"),
            key=CHOSEN,
            width=420,
        )
        _fields(by_id.get(chosen))
        if chosen:
            st.button(
                _("Take it away"), key="drop-announcement", on_click=_drop, args=(chosen,),
                help=_("As if it had never been made. What is over ends by itself."),
            )  # fmt: skip


def _fields(one: Announcement | None) -> None:
    row = one.row if one else {}
    local = _local(one.starts_at if one else now())
    ends = _local(one.ends_at) if one and one.ends_at else None
    with st.form(f"announcement-{one.id if one else ''}", border=False):
        columns = st.columns([1, 2, 2])
        kind = columns[0].selectbox(
            _("Kind"), _KINDS, index=_KINDS.index(one.kind) if one and one.kind in _KINDS else 0,
            format_func=_kind,
        )  # fmt: skip
        title_nl = columns[1].text_input(
            _("Title, Dutch"), value=row.get("title_nl") or "", max_chars=80
        )
        title_en = columns[2].text_input(
            _("Title, English"), value=row.get("title_en") or "", max_chars=80
        )
        columns = st.columns(2)
        body_nl = columns[0].text_area(
            _("What we tell customers, Dutch"),
            value=row.get("body_nl") or "",
            max_chars=400,
            height=80,
        )
        body_en = columns[1].text_area(
            _("What we tell customers, English"),
            value=row.get("body_en") or "",
            max_chars=400,
            height=80,
        )
        columns = st.columns(4, vertical_alignment="bottom")
        since = columns[0].date_input(_("From"), value=local.date(), format="DD-MM-YYYY")
        at = columns[1].time_input(_("at"), value=local.time(), step=timedelta(minutes=5))
        until = columns[2].date_input(
            _("Until (may be empty)"), value=ends.date() if ends else None,
            format="DD-MM-YYYY",
        )  # fmt: skip
        until_at = columns[3].time_input(
            _("at (end)"), value=ends.time() if ends else time(17), step=timedelta(minutes=5)
        )
        known = data.processes(data.default_day())
        processes = st.multiselect(
            _("Customer processes"), known,
            default=[name for name in (one.processes if one else ()) if name in known],
            format_func=lambda name: data.title("process", name), placeholder=_("all"),
        )  # fmt: skip
        if not st.form_submit_button(_("Keep this announcement"), type="primary"):
            return
    if not (title_nl.strip() or title_en.strip()):
        page.told("warning", _("Give it a title: that is what everybody reads."))
        return
    starts_at = _utc(since, at)
    ends_at = _utc(until, until_at) if isinstance(until, date) else None
    if starts_at is None or (ends_at is not None and ends_at <= starts_at):
        page.told("warning", _("It must end after it begins."))
        return
    name = one.id if one else _free(slug(title_nl or title_en) or kind)
    kept = {
        "announcement": name, "valid_from": _valid(name, starts_at), "kind": kind,
        "title_nl": title_nl.strip() or None, "title_en": title_en.strip() or None,
        "body_nl": body_nl.strip() or None, "body_en": body_en.strip() or None,
        "starts_at": starts_at, "ends_at": ends_at, "processes": ", ".join(processes) or None,
        "retired": False,
    }  # fmt: skip
    if _configure(kept if one else sent_twice.only("announcements", "announcement", kept)):
        st.session_state[_TOLD] = ("success", _("The announcement is kept."))
        st.rerun()


@callback
def _end(name: str) -> None:
    moment = now().replace(second=0, microsecond=0)
    row = next(one for one in announcements(data.store()) if one.id == name).row
    # One that began this very minute still ends after it began.
    ends = max(moment, row["starts_at"] + timedelta(minutes=1)) if row["starts_at"] else moment
    if _configure({**row, "ends_at": ends}):
        said = _("Ended at {moment}.").format(moment=formats.moment(ends, data.zone()))
        st.session_state[_TOLD] = ("success", said)


@callback
def _drop(name: str) -> None:
    keys = [
        {"announcement": name, "valid_from": row["valid_from"]}
        for row in _rows()
        if row["announcement"] == name
    ]
    data.store().remove_configuration("announcements", keys, WHO)
    st.session_state[CHOSEN] = ""
    st.session_state[_TOLD] = ("success", _("The announcement is taken away."))


def _configure(row: dict[str, Any]) -> bool:
    try:
        data.store().configure("announcements", [row], WHO)
    except StoreProblem as problem:
        st.session_state[_TOLD] = ("warning", str(problem))
        page.told("warning", str(problem))
        return False
    return True


def _valid(name: str, starts_at: datetime) -> date:
    """The day of its latest version, else the day on which it begins: charts look back."""
    days = [row["valid_from"] for row in _rows() if row["announcement"] == name]
    return max(days, default=_local(starts_at).date())


def _free(name: str) -> str:
    taken = {row["announcement"] for row in _rows()}
    numbered = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in numbered if one not in taken)


def _rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data.store().configuration.versions("announcements")
    return found


def _local(moment: datetime) -> datetime:
    return to_local(moment, data.zone()).replace(second=0, microsecond=0)


def _utc(day: Any, at: time | None) -> datetime | None:
    if not isinstance(day, date):
        return None
    return to_utc(datetime.combine(day, at or time()), data.zone()).utc


def _when(one: Announcement) -> str:
    since = formats.moment(one.starts_at, data.zone())
    if one.ends_at is None:
        return _("since {moment}, until further notice").format(moment=since)
    until = formats.moment(one.ends_at, data.zone())
    return _("from {since} until {until}").format(since=since, until=until)


def _about(one: Announcement) -> str:
    return ", ".join(data.title("process", name) for name in one.processes) or _("all processes")


def _kind(kind: str) -> str:
    return {OUTAGE: _("Outage"), OFFER: _("Offer")}.get(kind, _("Message"))
