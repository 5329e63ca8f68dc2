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
    AT_ONCE,
    CONTROL,
    IN_DIGEST,
    LATE,
    NO_DATA,
    SILENT,
    SURGE,
    TARGET,
    Rule,
)
from kpi.i18n import LANGUAGE_NAMES, LANGUAGES, _, language, ngettext, use
from kpi.measures import KPIS, asked_by_show
from kpi.model import Better
from kpi.store import StoreProblem
from pages.shared import data, page, state
from pages.shared.speech import callback
from pages.wall.kept import slug

#: Who is said to have done it until there is sign-in.
WHO = "dashboard"
CHOSEN = "alert-chosen"
_TOLD = "_alert-told"
_CONDITIONS = (TARGET, CONTROL, SURGE, SILENT, LATE, NO_DATA)
#: Conditions that are about a KPI somebody chooses.
_OF_KPI = frozenset({TARGET, CONTROL, NO_DATA})
_SURGES = ("offered_per_hour", "complaints")
_WEEK = 7


def show(known: Sequence[Rule], prefilled: str = "") -> None:
    """Which one, and its form."""
    told = st.session_state.pop(_TOLD, None)
    if told:
        page.told(*told)
    by_name = {rule.alert: rule for rule in known}
    with st.expander(
        _("Make or change an alert"),
        expanded=bool(prefilled) or not known,
        icon=":material/notifications:",
    ):
        chosen = st.selectbox(
            _("Alert"),
            ["", *by_name],
            format_func=lambda one: (by_name[one].title or one) if one else _("a new alert"),
            key=CHOSEN,
            width=420,
        )
        rule = by_name.get(chosen) or _prefilled(prefilled)
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
        return _("{what}: outside its control limits, by week").format(what=about)
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


def _prefilled(kpi: str) -> Rule:
    """A new alert, with what the link that led here says."""
    found = KPIS.get(kpi)
    condition = SURGE if kpi in _SURGES else SILENT if kpi == SILENT else TARGET
    day = data.default_day()
    if found is not None and condition == TARGET:
        aim = data.target(found, state.chosen("process") or None, day)
        condition = TARGET if aim is not None and found.better is not Better.CONTEXT else CONTROL
    rule = Rule(
        "", condition=condition, kpi=kpi if found else "within_norm",
        process=state.chosen("process"), channel=state.chosen("channel"),
        reason=state.chosen("reason"), calendar="office", language=language(), pending_days=2,
        recipients=tuple(data.store().settings.channels)[:1],
    )  # fmt: skip
    return replace(rule, title=words.subject(data.store(), rule)) if found else rule


def _form(rule: Rule) -> None:
    key = rule.alert or f"new-{rule.kpi}-{rule.process}"
    condition = st.segmented_control(
        _("Tell when"),
        _CONDITIONS,
        default=rule.condition,
        required=True,
        format_func=_condition,
        key=f"condition-{key}",
    )
    with st.form(f"alert-{key}-{condition}", border=False):
        made = _fields(replace(rule, condition=str(condition)), key)
        with st.container(horizontal=True, gap="small"):
            keeps = st.form_submit_button(_("Keep this alert"), type="primary")
            tries = st.form_submit_button(_("When would it have gone off?"))
    if tries:
        page.told("info", _preview(made))
    if keeps:
        _keep(made)


def _fields(rule: Rule, key: str) -> Rule:
    """The fields of a condition, and the rule that they say."""
    day = data.default_day()
    of_kpi = rule.condition in _OF_KPI or rule.condition == SURGE
    kpi, process, channel = rule.kpi, "", ""
    title = st.text_input(_("Name"), value=rule.title, max_chars=80, key=f"title-{key}")
    if rule.condition != LATE:
        columns = st.columns([2, 2, 1])
        if of_kpi:
            known = _kpis(rule.condition)
            kpi = columns[0].selectbox(
                _("KPI"), known, index=known.index(kpi) if kpi in known else 0,
                format_func=_kpi_name,
            )  # fmt: skip
        process = _one_of(
            columns[1], _("Customer process"), "process", data.processes(day), rule.process
        )
        channel = _one_of(columns[2], _("Channel"), "channel", data.channels(day), rule.channel)
    days, bound, band, pending, least = rule.days, rule.bound, rule.band, 1, rule.least_n
    if rule.condition in {TARGET, SILENT}:
        columns = st.columns(5)
        bound = columns[0].number_input(_("Limit (empty: the target)"), value=bound, step=0.5)
        band = columns[1].number_input(
            _("Recovered when it is better by"), value=float(band), min_value=0.0, step=0.5
        )
        if rule.condition == TARGET:
            days = columns[2].number_input(_("Over days"), 1, 92, days)
        least = columns[3].number_input(_("Fewest rows"), 10, 100_000, max(least, 10))
        pending = columns[4].number_input(_("Must hold days"), 1, 31, rule.pending_days)
    elif rule.condition == NO_DATA:
        days = st.number_input(_("Days without new data"), 1, 92, days, width=220)
    elif rule.condition == SURGE:
        least = st.number_input(_("Fewest contacts a day"), 10, 100_000, max(least, 10), width=220)
    columns = st.columns([2, 2, 1, 1, 1])
    owner = columns[0].text_input(_("Who acts (a role, no name)"), value=rule.owner, max_chars=80)
    settings = data.store().settings
    recipients = columns[1].multiselect(
        _("Recipients"),
        sorted({*settings.channels, *rule.recipients}),
        default=[*rule.recipients],
        placeholder=_("nobody"),
    )
    mode = columns[2].selectbox(
        _("When"), (AT_ONCE, IN_DIGEST), index=int(rule.mode == IN_DIGEST), format_func=_mode
    )
    calendars = ["", *sorted({str(r["calendar"]) for r in _rows("calendars")})]
    calendar = columns[3].selectbox(
        _("Only within"), calendars,
        index=calendars.index(rule.calendar) if rule.calendar in calendars else 0,
        format_func=_calendar,
    )  # fmt: skip
    spoken = columns[4].selectbox(
        _("Language"), LANGUAGES,
        index=LANGUAGES.index(rule.language) if rule.language in LANGUAGES else 0,
        format_func=lambda one: LANGUAGE_NAMES[one],
    )  # fmt: skip
    row = {
        **asdict(rule), "title": title.strip(), "kpi": kpi, "process": process, "channel": channel,
        "reason": rule.reason, "bound": bound, "band": float(band), "days": int(days),
        "pending_days": int(pending), "least_n": int(least), "owner": owner.strip(),
        "recipients": ", ".join(recipients), "mode": mode, "calendar": calendar,
        "language": spoken,
    }  # fmt: skip
    return Rule.of(row)


def _one_of(where: Any, label: str, kind: str, known: list[str], chosen: str) -> str:
    options = ["", *known] if chosen in known or not chosen else ["", *known, chosen]
    return str(
        where.selectbox(
            label,
            options,
            index=options.index(chosen),
            format_func=lambda one: data.title(kind, one) if one else _("all"),
        )
    )


def _keep(rule: Rule) -> None:
    if not rule.title:
        page.told("warning", _("Give the alert a name: it stands above every message."))
        return
    if not watching.fits(rule):
        page.told(
            "warning",
            _("{kpi} cannot be told apart like that: choose all processes or all channels.").format(
                kpi=_kpi_name(rule.kpi)
            ),
        )
        return
    name = rule.alert or _free(slug(rule.title) or "alert")
    row = _row(replace(rule, alert=name))
    if _configure(row):
        said = _("The alert is kept. It is looked at within a minute.")
        if not rule.recipients:
            said += " " + _("Nobody is told: it has no recipients.")
        st.session_state[_TOLD] = ("success", said)
        st.session_state.pop("_chosen_kpi", None)
        state.choose("kpi", "")
        st.rerun()


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
    question = (rule.print,)
    with st.spinner(_("Looking back over {n} days").format(n=watching.PREVIEW)):
        found = data.cached(
            "alert-preview",
            question,
            lambda: watching.preview(data.store(), rule, looking.now()),
        )
    if found is None:
        return _("That cannot be said of the past: it is about the clock, or nothing is loaded.")
    fired = [one for one in found if not one.recovered]
    if not fired:
        return _("In the last {n} days it would not have gone off.").format(n=watching.PREVIEW)
    said = ngettext(
        "In the last {days} days it would have gone off once:",
        "In the last {days} days it would have gone off {n} times:",
        len(fired),
    ).format(n=len(fired), days=watching.PREVIEW)
    return f"{said} {'; '.join(_episode(one, found) for one in fired[-6:])}."


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


def _kpis(condition: str) -> list[str]:
    if condition == SURGE:
        return [*_SURGES]
    return [
        kpi.name
        for kpi in asked_by_show()
        if condition != TARGET or kpi.better is not Better.CONTEXT
    ]


def _kpi_name(kpi: str) -> str:
    if kpi == "offered_per_hour":
        return _("Incoming contacts")
    return _(KPIS[kpi].title) if kpi in KPIS else kpi


def _condition(name: str) -> str:
    return {
        TARGET: _("a limit is missed"),
        CONTROL: _("it is outside its control limits"),
        SURGE: _("there is a rush"),
        SILENT: _("cases hear nothing"),
        LATE: _("a file is late"),
        NO_DATA: _("no data come in"),
    }[name]


def _mode(mode: str) -> str:
    return _("at once") if mode == AT_ONCE else _("in the overview mail")


def _calendar(name: str) -> str:
    known = {"": _("any hour"), "office": _("office hours"), "opening": _("opening hours")}
    return known.get(name, name.replace("_", " "))
