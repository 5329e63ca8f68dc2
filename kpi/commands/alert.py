"""`ketenzicht alert`: look where every alert stands, and send what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.alerts import looking, outbox
from kpi.alerts.looking import Stands
from kpi.commands.output import plain, rendered
from kpi.i18n import _, ngettext

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

COLUMNS = ("alert", "title", "state", "since", "day", "value", "limit", "n", "snoozed")


def alert(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Print one record per alert; exit code 1 while something was not sent."""
    dry = bool(arguments.get("dry_run"))
    moment = looking.now()
    done = looking.look(store, moment, dry=dry)
    records = [_record(one) for one in done.alerts]
    form = arguments.get("as", "table")
    titles = {
        "alert": _("Alert"), "title": _("title"), "state": _("state"), "since": _("since"),
        "day": _("day"), "value": _("value"), "limit": _("limit"), "snoozed": _("snoozed"),
    }  # fmt: skip

    def cell(name: str, value: Any, row: Mapping[str, Any]) -> str:
        if name == "state":
            return words(str(value), known=bool(row["known"]))
        if isinstance(value, datetime | date):
            return value.isoformat()
        return plain(value)

    if records or form != "table":
        emit.out(rendered(records, form, COLUMNS, titles, cell))
    else:
        emit.err(_("There are no alerts yet: make one on the page Alerts.") + "\n")
    for letter in done.ready:
        said = _("would be told: {subject}") if dry else _("put ready: {subject}")
        emit.err(said.format(subject=letter.subject) + "\n")
    for message in done.sent:
        emit.err(_("sent to {name}: {subject}").format(
            name=message["recipient"], subject=message["subject"]) + "\n")  # fmt: skip
    return _trouble(store, moment, done, emit)


def _trouble(store: Store, moment: datetime, done: looking.Round, emit: Emit) -> int:
    """Say loudly what did not arrive; the exit code."""
    for message in done.failed:
        if not message.get("message_id"):
            said = _("The alert {name} could not be looked at; the log says why.")
            if message["problem"] == "make":
                said = _("The overview mail {name} could not be made; the log says why.")
            emit.err(said.format(name=message["about"]) + "\n")
    troubled = outbox.troubled(store, moment)
    if troubled:
        emit.err(
            ngettext(
                "{n} message did not arrive:", "{n} messages did not arrive:", len(troubled)
            ).format(n=len(troubled))
            + "\n"
        )
    for message in troubled:
        emit.err(f"  {message['recipient']}: {message['subject']} - {trouble(store, message)}\n")
    return 1 if troubled or not done.well else 0


def trouble(store: Store, message: Mapping[str, Any]) -> str:
    """What is the matter with a message, in words."""
    problem = message["problem"] or ""
    if message["state"] == outbox.Fate.WAITING:
        if problem and problem[-1] not in ".!?":
            problem += "."  # what a mail server said ends in nothing
        return (
            _("{problem} Tried again at {moment}.")
            .format(
                problem=problem,
                moment=formats.moment(message["next_at"], store.settings.time_zone),
            )
            .strip()
        )
    if message["state"] == outbox.Fate.UNSURE:
        return _("The program ended while it was being sent; it may have arrived.")
    return problem


def words(phase: str, *, known: bool = True) -> str:
    """Where an alert stands, in words."""
    said = {
        "ok": _("quiet"),
        "pending": _("pending"),
        "firing": _("going off"),
        "recovered": _("recovered"),
    }.get(phase, phase)
    return said if known else _("{state}, cannot be judged now").format(state=said)


def _record(one: Stands) -> dict[str, Any]:
    standing, seen = one.standing, one.standing.seen
    shown = seen is not None and seen.n >= 10
    return {
        "alert": one.rule.alert,
        "title": one.rule.title,
        "condition": one.rule.condition,
        "kpi": one.rule.kpi,
        "process": one.rule.process or None,
        "state": str(standing.phase),
        "known": standing.known,
        "since": standing.since,
        "day": standing.day,
        "value": seen.value if shown and seen else None,
        "low": seen.low if shown and seen else None,
        "high": seen.high if shown and seen else None,
        "n": seen.n if seen else 0,
        "limit": seen.bound if seen else None,
        "snoozed": one.snoozed,
    }
