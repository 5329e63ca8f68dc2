"""When a digest is due: the latest moment it should have been sent, once, however late we look."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from kpi.alerts import digests, outbox
from kpi.alerts.hours import calendar_of
from kpi.alerts.outbox import Letter
from kpi.alerts.rules import LATEST, names
from kpi.calendar import DEFAULT_CALENDAR, Calendar, minutes
from kpi.i18n import use
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

log = logging.getLogger(__name__)
_DAY = timedelta(days=1)
#: When a digest is sent that says no time: before the working day begins.
_AT = "08:00"
#: Days that are looked back for a working day, or a weekday.
_BACK = 14


def due(row: Mapping[str, Any], local: datetime, calendar: Calendar | None) -> date | None:
    """The day of the latest digest that should have been sent by `local`; None for none yet.

    Every working day, or every week on its weekday (put off to the next working day where that is
    a holiday): from its clock time on.
    """
    day = local.date()
    at = time(*divmod(minutes(row["at"] or _AT), 60))
    if local.time() < at:
        day -= _DAY
    for back in range(_BACK):
        one = day - back * _DAY
        if row["frequency"] == digests.DAY and _works(one, calendar):
            return one
        if row["frequency"] != digests.DAY and one == _of_week(one, row["weekday"] or 1, calendar):
            return one
    return None


def _works(day: date, calendar: Calendar | None) -> bool:
    return calendar is None or calendar.hours(day) is not None


def _of_week(day: date, weekday: int, calendar: Calendar | None) -> date:
    """The day on which the digest of the last such weekday up to `day` is sent."""
    wanted = day - ((day.isoweekday() - weekday) % 7) * _DAY
    if calendar is None:
        return wanted
    try:
        return calendar.next_working_day(wanted)
    except LookupError:
        return wanted


def post_due(store: Store, moment: datetime) -> tuple[list[Letter], list[str]]:
    """Put ready every digest that is due and was not yet; gives them, and which could not be made."""
    ready, unmade = [], []
    for row in store.configuration.rows("digests", LATEST):
        try:
            letter = _due_letter(store, row, moment)
        except Exception:
            log.exception("digest %s could not be made", row["digest"])
            unmade.append(str(row["digest"]))
            continue
        if letter is not None and outbox.post(
            store, letter, names(row["recipients"]), moment, moment
        ):
            ready.append(letter)
    return ready, unmade


def letter_of(
    store: Store, row: Mapping[str, Any], moment: datetime, thing: str, kind: str = "digest"
) -> Letter | None:
    """A digest as a letter about `thing`; None when nothing is loaded."""
    with use(row["language"] or store.settings.language):
        wanted = digests.Wanted(row["frequency"] or digests.WEEK, names(row["processes"]))
        made = digests.digest(store, wanted, moment, row["title"] or "")
        if made is None:
            return None
        return Letter(
            kind, row["digest"], thing, f"{made.title}: {made.sentence}", made.text, made.mail
        )


def _due_letter(store: Store, row: Mapping[str, Any], moment: datetime) -> Letter | None:
    local = to_local(moment, store.settings.time_zone)
    day = due(row, local, calendar_of(store, DEFAULT_CALENDAR))
    if day is None or day <= _made_on(store, row["digest"]):
        return None
    thing = f"digest {row['digest']} {day.isoformat()}"
    if outbox.told(store, thing):
        return None
    return letter_of(store, row, moment, thing)


def _made_on(store: Store, digest: str) -> date:
    """The day it was made: what would have been due earlier is nobody's."""
    versions = store.configuration.versions("digests")
    days: list[date] = [row["valid_from"] for row in versions if row["digest"] == digest]
    return min(days)
