"""The fields of an alert, by its condition, and what a link from a chart fills in."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import streamlit as st

from kpi.alerts import words
from kpi.alerts.passing import Passing, last_told, passed, passing, subject
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
from kpi.filters import Filters
from kpi.i18n import LANGUAGE_NAMES, LANGUAGES, _, language
from kpi.measures import KPIS, asked_by_show
from kpi.model import Better
from kpi.numbers.funnels import funnels
from pages.shared import data, state

CONDITIONS = (TARGET, CONTROL, SURGE, SILENT, LATE, NO_DATA)
#: Conditions that are about a KPI somebody chooses.
_OF_KPI = frozenset({TARGET, CONTROL, NO_DATA})
_SURGES = ("offered_per_hour", "complaints")


def prefilled(kpi: str) -> Rule:
    """A new alert, with what the link that led here says: a KPI, a passage of a funnel, a file."""
    known = kpi in KPIS or kpi == LATE or (passing(kpi) is not None and offered(kpi))
    rule = Rule(
        "", condition=_condition_of(kpi), kpi=kpi if known else "within_norm",
        process=state.chosen("process"), channel=state.chosen("channel"),
        reason=state.chosen("reason"), calendar="office", language=language(), pending_days=2,
        recipients=tuple(data.store().settings.channels)[:1],
    )  # fmt: skip
    if known and (through := passing(kpi)) is not None:
        rule = replace(rule, process="", channel="", reason="", bound=_lowest(through))
    if kpi == LATE:
        rule = replace(rule, kpi="")
    return replace(rule, title=_usual_name(rule)) if known else rule


def _usual_name(rule: Rule) -> str:
    """What an alert is called until somebody names it."""
    if rule.condition == LATE:
        return _("A file is late or could not be loaded")
    return words.subject(data.store(), rule)


def offered(kpi: str) -> bool:
    """Whether an alert can be about this: of funnels, about those that are configured."""
    return passing(kpi) is None or kpi in _passages()


def _condition_of(kpi: str) -> str:
    """The condition that fits a number best: a target where there is one, else what is usual."""
    own = {SILENT: SILENT, LATE: LATE, **dict.fromkeys(_SURGES, SURGE)}
    declared = KPIS.get(kpi)
    if kpi in own or declared is None:
        return own.get(kpi, TARGET)
    process = state.chosen("process") or None
    aim = data.target(declared, process, data.default_day(), whole=process is None)
    return TARGET if aim is not None and declared.better is not Better.CONTEXT else CONTROL


def _lowest(one: Passing) -> float | None:
    """A limit to begin with: below what chance makes of the last four weeks that are known."""
    last = last_told(data.store(), one)
    if last is None:
        return None
    filters = Filters.of(last - timedelta(days=4 * 7 - 1), last)
    found = data.cached("alert-passing", (one, filters), lambda: passed(data.store(), one, filters))
    low = found.interval[0] if found and not found.too_few else None
    return float(math.floor(low)) if low is not None else None


def fields(rule: Rule, key: str) -> Rule:
    """The fields of a condition, and the rule that they say."""
    day = data.default_day()
    of_kpi = rule.condition in _OF_KPI or rule.condition == SURGE
    kpi, process, channel, reason = rule.kpi, "", "", ""
    named = rule.title or (_usual_name(rule) if rule.alert else "")
    title = st.text_input(_("Name"), value=named, max_chars=80, key=f"title-{key}")
    if rule.condition != LATE:
        [*first, of_process, of_channel, of_reason] = st.columns([3, 3, 2, 3][not of_kpi :])
        if of_kpi:
            known = _kpis(rule.condition)
            kpi = first[0].selectbox(
                _("KPI"), known, index=known.index(kpi) if kpi in known else 0,
                format_func=kpi_name,
            )  # fmt: skip
        process = _one_of(
            of_process, _("Customer process"), "process", data.processes(day), rule.process
        )
        channel = _one_of(of_channel, _("Channel"), "channel", data.channels(day), rule.channel)
        reason = _one_of(of_reason, _("Reason"), "reason", _reasons(), rule.reason)
    days, bound, band, pending, least = rule.days, rule.bound, rule.band, 1, rule.least_n
    if rule.condition in {TARGET, SILENT}:
        columns = st.columns(5, vertical_alignment="bottom")
        bound = columns[0].number_input(
            _("Limit (empty: the target)"), value=bound, step=0.5, format="%g"
        )
        band = columns[1].number_input(
            _("Recovered when it is better by"),
            value=float(band),
            min_value=0.0,
            step=0.5,
            format="%g",
        )
        if rule.condition == TARGET:
            days = columns[2].number_input(_("Over days"), 1, 92, days)
        least = columns[3].number_input(_("Fewest rows"), 10, 100_000, max(least, 10))
        pending = columns[4].number_input(_("Must hold days"), 1, 31, rule.pending_days)
    elif rule.condition == NO_DATA:
        days = st.number_input(_("Days without new data"), 1, 92, days, width=220)
    elif rule.condition == CONTROL:
        least = st.number_input(_("Fewest rows a week"), 10, 100_000, max(least, 10), width=220)
    elif rule.condition == SURGE:
        least = st.number_input(_("Fewest contacts a day"), 10, 100_000, max(least, 10), width=220)
    columns = st.columns([3, 3, 2, 3, 2], vertical_alignment="bottom")
    owner = columns[0].text_input(
        _("Who is responsible (a role, not a name)"), value=rule.owner, max_chars=80
    )
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
    calendars = [
        "",
        *sorted({str(row["calendar"]) for row in data.store().configuration.versions("calendars")}),
    ]
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
        "reason": reason, "bound": bound, "band": float(band), "days": int(days),
        "pending_days": int(pending), "least_n": int(least), "owner": owner.strip(),
        "recipients": ", ".join(recipients), "mode": mode, "calendar": calendar,
        "language": spoken,
    }  # fmt: skip
    return Rule.of(row)


def _reasons() -> list[str]:
    """The configured reasons, by their words."""
    known = data.store().configuration.configured("reason", data.default_day())
    return sorted(known, key=lambda one: data.title("reason", one).casefold())


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


def _kpis(condition: str) -> list[str]:
    if condition == SURGE:
        return [*_SURGES]
    plain = [
        kpi.name
        for kpi in asked_by_show()
        if condition != TARGET or kpi.better is not Better.CONTEXT
    ]
    return [*plain, *_passages()] if condition == TARGET else plain


def _passages() -> list[str]:
    """Every passage of every configured funnel: the whole, and into each step."""
    known = data.cached("funnels", (None,), lambda: funnels(data.store(), None))
    return [
        Passing(one.name, step).kpi
        for one in known
        if one.configured and len(one.steps) > 1
        for step in ("", *one.steps[1:])
    ]


def kpi_name(kpi: str) -> str:
    """What an alert is about, to choose from."""
    one = passing(kpi)
    if one is not None:
        return subject(data.store(), one)
    if kpi == "offered_per_hour":
        return _("Incoming contacts")
    return _(KPIS[kpi].title) if kpi in KPIS else kpi


def condition_name(name: str) -> str:
    """A condition, to choose from."""
    return {
        TARGET: _("a limit is missed"),
        CONTROL: _("it is outside what is usual"),
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
