"""One round: see where every alert stands, put ready what is to be told, send what is due.

The state in the store decides, not who asks: the running application looks every minute, `ketenzicht
alert` from cron looks too, and each thing is told once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kpi.alerts import outbox, schedule, sending, words
from kpi.alerts.hours import not_before
from kpi.alerts.machine import News, Phase, Seen, Standing, run
from kpi.alerts.outbox import Fate, Letter
from kpi.alerts.rules import AT_ONCE, LATE, OF_THE_CLOCK, Rule, rules
from kpi.alerts.states import Stands, keep, kept, now, standings
from kpi.alerts.watching import last_day, see, unseen
from kpi.i18n import use
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

log = logging.getLogger(__name__)
#: Of which state of the store each alert was asked last: a minute later the data are the same.
_asked: dict[str, tuple[str, str]] = {}
#: Most messages sent in one round: the next round goes on.
_MOST = 50


@dataclass
class Round:
    """What a round did: where alerts stand, what was put ready, and what became of messages."""

    alerts: list[Stands] = field(default_factory=list)
    ready: list[Letter] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether everything that was to be sent is."""
        return not self.failed


def look(store: Store, moment: datetime, *, dry: bool = False) -> Round:
    """See, put ready and send; `dry` only tells what it would do."""
    done = Round()
    for rule in rules(store):
        try:
            _one(store, rule, moment, done, dry)
        except Exception:
            # One alert that cannot be asked must not silence the others.
            log.exception("alert %s could not be looked at", rule.alert)
            done.failed.append({"about": rule.alert, "recipient": "", "problem": "look"})
    if not dry:
        ready, unmade = schedule.post_due(store, moment)
        done.ready += ready
        done.failed += [{"about": one, "recipient": "", "problem": "make"} for one in unmade]
        send_due(store, moment, done)
    return done


def send_due(store: Store, moment: datetime, done: Round) -> None:
    """Send what is due, one by one, and write down what became of each."""
    outbox.recover(store, moment)
    for _place in range(_MOST):
        message = outbox.claim(store, moment)
        if message is None:
            return
        problem, again = "", True
        try:
            with use(store.settings.language):
                sending.send(
                    store.settings, message["recipient"], message["subject"], message["text"],
                    message["html"] or "", f"{message['message_id']} {message['made_at']}",
                )  # fmt: skip
        except sending.Undelivered as reason:
            problem, again = str(reason), reason.again
        except Exception as reason:
            # What a library did not expect; its words might hold an address with a password.
            problem = type(reason).__name__
        if problem and not again:
            message["tries"] = len(outbox.RETRY) + 1
        fate = outbox.settle(store, message, problem, moment, _again(store, message))
        told = {**message, "state": fate, "problem": problem}
        (done.failed if problem else done.sent).append(told)
        if problem:
            log.warning(
                "message %s to %s was not sent: %s",
                message["message_id"], message["recipient"], problem,
            )  # fmt: skip


def thing(rule: Rule, since: date, *, recovered: bool = False, many: int = 1) -> str:
    """What a message tells of, for it to be told once; of `many` where one alert is about several."""
    found = f"{rule.alert} {rule.print} {since.isoformat()}" + (" recovered" if recovered else "")
    return found if many < 2 else f"{found}{outbox.MORE}{many}"


def _many(rule: Rule, seen: Seen) -> int:
    """Of how many an alert tells: one about late files tells again when more of them are late."""
    return max(seen.n, 1) if rule.condition == LATE else 1


def _told_of(store: Store, rule: Rule, since: date) -> int:
    """Of how many it told since that day; 0 when it told nothing."""
    said = [
        row["thing"].rpartition(outbox.MORE)[2] for row in outbox.told(store, thing(rule, since))
    ]
    return max((int(text) if text.isdecimal() else 1 for text in said), default=0)


def _one(store: Store, rule: Rule, moment: datetime, done: Round, dry: bool) -> None:
    last = last_day(store, rule, moment)
    before = kept(store, rule)
    if last is None or (before.day is not None and last < before.day):
        done.alerts.append(Stands(rule, before, _snoozed(store, rule, moment)))
        return
    state = (store.state, rule.print)
    news: list[News] = []
    after = before
    if rule.condition in OF_THE_CLOCK or _asked.get(rule.alert) != state:
        seen = see(store, rule, unseen(rule, before, last), moment)
        after, news = run(before, seen, rule.pending_days)
    snoozed = _snoozed(store, rule, moment)
    done.alerts.append(Stands(rule, after, snoozed))
    if rule.mode == AT_ONCE:
        for letter in _letters(store, rule, after, news, snoozed):
            _post(store, rule, letter, moment, done, dry)
    if dry:
        return
    # Last: where the program ends before this, the next round tells what this one did not.
    if after != before:
        keep(store, rule, after, moment)
    _asked[rule.alert] = state


def _letters(
    store: Store, rule: Rule, standing: Standing, news: Sequence[News], snoozed: bool
) -> list[Letter]:
    """What is to be told now. A firing is told when it is not snoozed, so also once that is over.

    A recovery only to who was told of the firing; where that was not sent yet, instead of it.
    """
    found: list[Letter] = []
    recoveries = [one for one in news if one.recovered]
    for one in recoveries:
        known = outbox.told(store, thing(rule, one.since))
        fired = any(each.since == one.since and not each.recovered for each in news)
        if known or (fired and not snoozed):
            found.append(_letter(store, rule, one.since, one.seen, recovered=True))
    if standing.phase is not Phase.FIRING or snoozed:
        return found
    assert standing.since is not None
    assert standing.seen is not None
    if _many(rule, standing.seen) > _told_of(store, rule, standing.since):
        found.append(_letter(store, rule, standing.since, standing.seen, recovered=False))
    return found


def _letter(store: Store, rule: Rule, since: date, seen: Seen, *, recovered: bool) -> Letter:
    with use(rule.language or store.settings.language):
        note = words.note(store, rule, since, seen, recovered=recovered)
        return Letter(
            "recovery" if recovered else "alert",
            rule.alert,
            thing(rule, since, recovered=recovered, many=1 if recovered else _many(rule, seen)),
            f"{note.kind.split(' · ')[0]}: {note.title}",
            note.text,
            note.html,
        )


def _post(
    store: Store, rule: Rule, letter: Letter, moment: datetime, done: Round, dry: bool
) -> None:
    if dry:
        if rule.recipients and not outbox.told(store, letter.thing):
            done.ready.append(letter)
        return
    if letter.kind == "recovery":
        outbox.drop(store, letter.thing.removesuffix(" recovered"))
    ready_at = not_before(store, rule.calendar, moment)
    if outbox.post(store, letter, rule.recipients, moment, ready_at):
        done.ready.append(letter)


def _snoozed(store: Store, rule: Rule, moment: datetime) -> bool:
    return rule.snoozed(to_local(moment, store.settings.time_zone).date())


def _again(store: Store, message: dict[str, Any]) -> Any:
    calendars = {rule.alert: rule.calendar for rule in rules(store)}
    calendar = calendars.get(message["about"], "") if message["kind"] != "digest" else ""
    return lambda later: not_before(store, calendar, later)


__all__ = ["Fate", "Round", "Stands", "look", "now", "send_due", "standings", "thing"]
