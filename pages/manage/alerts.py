"""Meldingen: what goes off by itself, who is told, what was sent, and the overview mails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi import formats
from kpi.alerts import looking, outbox, words
from kpi.alerts.looking import Stands
from kpi.alerts.machine import Phase, Standing
from kpi.alerts.outbox import Fate
from kpi.alerts.rules import Rule, rules
from kpi.bulletin import table
from kpi.bulletin.states import State
from kpi.bulletin.tables import Column, Shown, Value
from kpi.commands.alert import trouble
from kpi.commands.alert import words as phase_words
from kpi.i18n import _, ngettext
from pages.manage import alert_form, digest_form
from pages.shared import data, frame, page, places, state

#: How each phase is shown: its shape stands beside its word.
_STATES = {
    Phase.OK: State.GOOD,
    Phase.PENDING: State.ATTENTION,
    Phase.FIRING: State.BAD,
    Phase.RECOVERED: State.GOOD,
}
_LOG = 25


def show() -> None:
    """The page."""
    frame.bare()
    known = rules(data.store())
    stands = looking.standings(data.store())
    page.heading(_sentence(known, stands), _about())
    _troubled()
    if known:
        _table(known, stands)
    else:
        page.text(
            _(
                "No alerts yet. Make one here, or below any chart: choose “Set an alert on "
                "this” and the number is filled in."
            )
        )
    alert_form.show(known, prefilled=state.chosen("kpi"))
    digest_form.show()
    _log()


def _sentence(known: Sequence[Rule], stands: dict[str, Stands]) -> str:
    firing = [one for one in stands.values() if one.standing.phase is Phase.FIRING]
    if firing:
        first = words.title(data.store(), firing[0].rule, _seen(firing[0].standing))
        if len(firing) == 1:
            return first
        return _("{n} of {total} alerts are going off").format(n=len(firing), total=len(known))
    return _("Alerts: all is quiet") if known else _("Alerts")


def _about() -> list[str]:
    names = sorted(data.store().settings.channels)
    if not names:
        return [
            _("Nobody can be notified yet: list recipients under [channels] in the settings file.")
        ]
    return [_("Recipients in the settings: {names}").format(names=", ".join(names))]


def _troubled() -> None:
    """What did not arrive, loudly, with a way to try again."""
    for message in outbox.troubled(data.store(), looking.now())[:5]:
        page.told(
            "error",
            _("Not arrived at {name}: “{subject}”. {problem}").format(
                name=message["recipient"],
                subject=message["subject"],
                problem=trouble(data.store(), message),
            ),
        )
        st.button(
            _("Send it again now"),
            key=f"again-{message['message_id']}",
            on_click=_again,
            args=(message["message_id"],),
        )


def _again(message_id: int) -> None:
    moment = looking.now()
    outbox.send_again(data.store(), message_id, moment)
    looking.send_due(data.store(), moment, looking.Round())


def _table(known: Sequence[Rule], stands: dict[str, Stands]) -> None:
    sent = outbox.last_sent(data.store())
    order = [Phase.FIRING, Phase.PENDING, Phase.RECOVERED, Phase.OK]
    at = {rule.alert: stands[rule.alert].standing for rule in known if rule.alert in stands}
    shown = sorted(known, key=lambda rule: order.index(at.get(rule.alert, Standing()).phase))
    page.table(
        table(
            _("Alerts"),
            [
                _("Alert"),
                Column(_("State"), whole=True),
                Column(_("Since"), whole=True),
                Column(_("Value"), figures=True),
                Column(_("Limit"), figures=True),
                _("Goes to"),
                Column(_("Last sent"), whole=True),
            ],
            [_row(rule, at.get(rule.alert), sent.get(rule.alert)) for rule in shown],
        ),
        "alerts",
    )


def _row(rule: Rule, standing: Standing | None, sent: Any) -> list[Value]:
    kpi = rule.of_kpi
    said = alert_form.sentence(rule)
    name = Shown(rule.title or said, under=said if rule.title else "", href=_leads(rule, standing))
    to = ", ".join(rule.recipients) or _("nobody")
    mode = _("in the overview mail") if rule.mode == "digest" else ""
    snoozed = ""
    if rule.snoozed(_today()) and rule.snoozed_until:
        snoozed = _("silent up to {day}").format(day=formats.day_short(rule.snoozed_until))
    last = formats.moment(sent, data.zone()) if sent else _("never")
    if standing is None:
        waiting = Shown(_("not looked at yet"), under=snoozed)
        return [name, waiting, "", "", "", Shown(to, under=mode), last]
    seen = standing.seen
    value = bound = ""
    if seen is not None and kpi is not None and seen.value is not None and seen.n >= 10:
        value = formats.value(seen.value, kpi.unit, seen.low, seen.high)
        if rule.condition == "surge":
            value = formats.number(seen.value)
    if seen is not None and kpi is not None and seen.bound is not None:
        bound = formats.value(seen.bound, kpi.unit)
    mark = _STATES[standing.phase] if standing.known else State.NOTHING
    why = "" if standing.known or seen is None else few(rule, seen.n)
    under = " · ".join(part for part in (why, snoozed) if part)
    where = Shown(phase_words(standing.phase, known=standing.known), mark, under=under)
    since = formats.day(standing.since) if standing.since else ""
    return [name, where, since, value, bound, Shown(to, under=mode), last]


def _leads(rule: Rule, standing: Standing | None) -> str:
    """Where the number stands that it is about, over the days that were looked at."""
    if standing is None or standing.seen is None:
        return ""
    query = words.screen(rule, standing.seen.day)
    return f"{places.path(words.place(rule))}?{urlencode(query, doseq=True)}"


def few(rule: Rule, n: int) -> str:
    """Why it cannot be judged now, where too few rows are why."""
    if rule.of_kpi is None or n >= rule.least_n:
        return ""
    return _("too few: n = {n}, from {least} on it is judged").format(
        n=formats.number(n), least=formats.number(rule.least_n)
    )


def _log() -> None:
    page.section(_("Sent and not sent"))
    rows = outbox.log(data.store(), _LOG)
    if not rows:
        page.quiet(_("Nothing was sent yet."))
        return
    page.table(
        table(
            _("Sent and not sent"),
            [Column(_("When"), whole=True), _("Message"), _("To"), _("What became of it")],
            [_logged(row) for row in rows],
            tall=12,
        ),
        "messages",
    )


def _logged(row: dict[str, Any]) -> list[Value]:
    fate = Fate(row["state"])
    said = {
        Fate.WAITING: _("waits until {moment}").format(
            moment=formats.moment(row["next_at"], data.zone())
        ),
        Fate.SENDING: _("being sent"),
        Fate.SENT: _("sent"),
        Fate.FAILED: _("failed"),
        Fate.UNSURE: _("not sure"),
        Fate.DROPPED: _("overtaken before it was sent"),
    }[fate]
    if (row["tries"] or 0) > 1:
        tried = ngettext("after {n} try", "after {n} tries", row["tries"])
        said += ", " + tried.format(n=row["tries"])
    bad = fate in {Fate.FAILED, Fate.UNSURE} or bool(row["problem"])
    under = trouble(data.store(), row) if bad else ""
    when = formats.moment(row["sent_at"] or row["made_at"], data.zone())
    return [when, row["subject"], row["recipient"], Shown(said, State.BAD if bad else None, under)]


def _seen(standing: Standing) -> Any:
    assert standing.seen is not None
    return standing.seen


def _today() -> date:
    return formats.in_zone(looking.now(), data.zone()).date()
