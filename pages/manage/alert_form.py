"""One alert: made, changed, tried out on the past, tested, silenced, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from kpi import formats
from kpi.alerts import looking, sending, watching, words
from kpi.alerts.machine import News, Seen
from kpi.alerts.rules import (
    CONTROL,
    LATE,
    NO_DATA,
    SURGE,
    Rule,
)
from kpi.i18n import _, ngettext, use
from kpi.store import StoreProblem
from pages.manage import alert_fields as fields
from pages.shared import data, page, sent_twice, state
from pages.shared.speech import callback
from pages.wall.kept import slug

#: Who is said to have done it until there is sign-in.
WHO = "dashboard"
CHOSEN = "alert-chosen"
_TOLD = "_alert-told"
_WEEK = 7


def show(known: Sequence[Rule], prefilled: str = "") -> None:
    """Which one, and its form."""
    told = st.session_state.pop(_TOLD, None)
    if told:
        page.told(*told)
    if prefilled and not fields.offered(prefilled):
        page.told(
            "info",
            _("This funnel is not configured yet (table funnels): then an alert can be about it."),
        )
    by_name = {rule.alert: rule for rule in known}
    with st.expander(_("Make or change an alert"), expanded=bool(prefilled) or not known):
        chosen = st.selectbox(
            _("Alert"),
            ["", *by_name],
            format_func=lambda one: (
                (by_name[one].title or sentence(by_name[one])) if one else _("a new alert")
            ),
            key=CHOSEN,
            width=420,
        )
        rule = by_name.get(chosen) or fields.prefilled(prefilled)
        _form(rule)
        if chosen:
            _tools(rule)


def sentence(rule: Rule) -> str:
    """What an alert watches, in a sentence."""
    about = words.subject(data.store(), rule)
    kpi = rule.of_kpi
    if rule.condition == LATE:
        return _("A file is late or could not be loaded")
    if rule.condition == NO_DATA:
        return _("{what}: no new data for {n} days").format(what=about, n=rule.days)
    if rule.condition == SURGE:
        return _("{what}: a rush, far more than usual on that weekday").format(what=about)
    if rule.condition == CONTROL:
        return _("{what}: outside what is usual, by week").format(what=about)
    limit = _("its target")
    if rule.bound is not None and kpi is not None:
        limit = formats.value(rule.bound, kpi.unit)
    up = kpi is not None and watching.upward(kpi)
    said = (
        _("{what}: below {limit} over {n} days") if up else _("{what}: above {limit} over {n} days")
    )
    if rule.days == 1:
        said = _("{what}: below {limit} on a day") if up else _("{what}: above {limit} on a day")
    return said.format(what=about, limit=limit, n=rule.days)


def _form(rule: Rule) -> None:
    key = rule.alert or f"new-{rule.kpi}-{rule.process}"
    condition = st.segmented_control(
        _("Tell when"),
        fields.CONDITIONS,
        default=rule.condition,
        required=True,
        format_func=fields.condition_name,
        key=f"condition-{key}",
    )
    with st.form(f"alert-{key}-{condition}", border=False):
        made = fields.fields(replace(rule, condition=str(condition)), key)
        with st.container(horizontal=True, gap="small"):
            keeps = st.form_submit_button(_("Keep this alert"), type="primary")
            tries = st.form_submit_button(_("When would it have gone off?"))
    if tries:
        page.told("info", _preview(made))
    if keeps:
        _keep(made)


def _keep(rule: Rule) -> None:
    if not rule.title:
        page.told("warning", _("Give the alert a name: it stands above every message."))
        return
    if not watching.fits(rule):
        page.told("warning", _unfit(rule))
        return
    name = rule.alert or _free(slug(rule.title) or "alert")
    row = _row(replace(rule, alert=name))
    if _configure(row if rule.alert else sent_twice.only("alerts", "alert", row)):
        said = _("The alert is kept. It is looked at within a minute.")
        if not rule.recipients:
            said += " " + _("Nobody is told: it has no recipients.")
        st.session_state[_TOLD] = ("success", said)
        st.session_state.pop("_chosen_kpi", None)
        state.choose("kpi", "")
        st.rerun()


def _unfit(rule: Rule) -> str:
    if rule.passing is not None:
        return _(
            "An alert about a funnel is held against a limit of its own, over everybody who came in: "
            "fill in the limit, and choose all processes, channels and reasons."
        )
    return _("{kpi} cannot be split like that: choose all processes, channels or reasons.").format(
        kpi=fields.kpi_name(rule.kpi)
    )


def _tools(rule: Rule) -> None:
    """Silence it, try it, take it away."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        today = formats.in_zone(looking.now(), data.zone()).date()
        if rule.snoozed(today):
            st.button(_("No longer silent"), key="unsnooze", on_click=_snooze, args=(rule, None))
        else:
            for days, said in ((1, _("Silent until tomorrow")), (_WEEK, _("Silent for a week"))):
                until = today + timedelta(days=days - 1)
                st.button(said, key=f"snooze-{days}", on_click=_snooze, args=(rule, until))
        st.button(_("Send a test message"), key="test", on_click=_test, args=(rule,))
        st.button(_("Take it away"), key="drop-alert", on_click=_drop, args=(rule,))


@callback
def _snooze(rule: Rule, until: date | None) -> None:
    _configure({"alert": rule.alert, "valid_from": _valid(rule.alert), "snoozed_until": until})


@callback
def _drop(rule: Rule) -> None:
    if _configure({"alert": rule.alert, "valid_from": _valid(rule.alert), "retired": True}):
        st.session_state[CHOSEN] = ""
        st.session_state[_TOLD] = ("success", _("The alert is taken away."))


@callback
def _test(rule: Rule) -> None:
    """Send what it would say now, to whom it would, at once."""
    store = data.store()
    today = formats.in_zone(looking.now(), data.zone()).date()
    kept = looking.standings(store).get(rule.alert)
    seen = kept.standing.seen if kept else None
    day = seen.day if seen else watching.last_day(store, rule, looking.now()) or today
    seen = seen or Seen(day, None)
    failed = []
    for recipient in rule.recipients:
        with use(rule.language or store.settings.language):
            note = words.note(store, rule, seen.day, seen, recovered=False, test=True)
        try:
            sending.send(
                store.settings, recipient, f"{note.kind}: {note.title}", note.text, note.html
            )
        except sending.Undelivered as problem:
            failed.append(f"{recipient}: {problem}")
    if failed:
        st.session_state[_TOLD] = ("error", " ".join(failed))
    elif not rule.recipients:
        st.session_state[_TOLD] = ("warning", _("Nobody is told: it has no recipients."))
    else:
        said = _("A test message was sent to {names}.").format(names=", ".join(rule.recipients))
        st.session_state[_TOLD] = ("success", said)


def _preview(rule: Rule) -> str:
    """What it would have told over the last ninety days."""
    question = (rule.print, formats.in_zone(looking.now(), data.zone()).date())
    with st.spinner(_("Looking back over {n} days").format(n=watching.PREVIEW)):
        found = data.cached(
            "alert-preview",
            question,
            lambda: watching.preview(data.store(), rule, looking.now()),
        )
    if found is None:
        return _("Nothing is known of the past: nothing is loaded that tells of it.")
    fired = [one for one in found.news if not one.recovered]
    if not found.judged:
        return _(
            "On none of the last {n} days could it be judged: there is no limit and no target, or "
            "there were too few rows."
        ).format(n=found.days)
    if not fired:
        return _("In the last {n} days it would not have gone off.").format(n=found.days)
    said = ngettext(
        "In the last {days} days it would have gone off once:",
        "In the last {days} days it would have gone off {n} times:",
        len(fired),
    ).format(n=len(fired), days=found.days)
    return f"{said} {'; '.join(_episode(one, found.news) for one in fired[-6:])}."


def _episode(fired: News, found: Sequence[News]) -> str:
    over = next((one for one in found if one.recovered and one.since == fired.since), None)
    since = formats.day_short(fired.since)
    if over is None:
        return _("from {day}").format(day=since)
    return _("{first} to {last}").format(first=since, last=formats.day_short(over.seen.day))


def _row(rule: Rule) -> dict[str, Any]:
    row = {**asdict(rule), "recipients": ", ".join(rule.recipients), "retired": False}
    for name in ("kpi", "process", "channel", "reason", "calendar", "owner", "language"):
        row[name] = row[name] or None
    return {**row, "valid_from": _valid(rule.alert)}


def _valid(alert: str) -> date:
    """The day of its latest version: one that was taken away comes back on its own day."""
    days = [row["valid_from"] for row in _rows("alerts") if row["alert"] == alert]
    return max(days, default=formats.in_zone(looking.now(), data.zone()).date())


def _free(name: str) -> str:
    taken = {row["alert"] for row in _rows("alerts")}
    numbered = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in numbered if one not in taken)


def _rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data.store().configuration.versions(name)
    return found


def _configure(row: dict[str, Any]) -> bool:
    try:
        data.store().configure("alerts", [row], WHO)
    except StoreProblem as problem:
        st.session_state[_TOLD] = ("warning", str(problem))
        return False
    return True
