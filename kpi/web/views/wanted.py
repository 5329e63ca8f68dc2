"""What an address asks of a view, and words that several views share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from kpi import formats
from kpi.access import SCREEN, Scope
from kpi.bulletin.wall import View
from kpi.i18n import _, language
from kpi.model import NOT_CONFIGURED
from kpi.store import Store
from kpi.store.properties import KIND

#: A feed older than this tells nothing of now.
FRESH = timedelta(hours=1)
#: Numbers that end longer ago are told to be old.
_OLD = timedelta(days=7)


@dataclass(frozen=True)
class Wanted:
    """What an address asks besides the view."""

    language: str
    processes: tuple[str, ...] = ()

    def scope(self, store: Store) -> Scope:
        """What the screen may see: aggregates, and only the processes it was made for.

        Of these only what is configured: an address may hold anything, and a process that merely
        occurs in the data may be a name.
        """
        if not self.processes:
            return SCREEN
        rows = store.configuration.versions("processes")
        known = frozenset(str(row["process"]) for row in rows)
        return Scope(processes=known.intersection(self.processes), screen=True)


#: Makes a view as it is at a moment (naive UTC).
Make = Callable[[Store, Wanted, datetime], View]


@dataclass(frozen=True)
class Kind:
    """One view that a screen can show.

    Attributes:
        title: message id of its name where a screen is made.
        make: what it shows now.
        by_clock: whether it changes with the clock and not only with the data.
        missing: why it has nothing to show now, as a sentence; empty when it has. Such a view
            loses its turn; asked alone, it says why.
    """

    title: str
    make: Make
    by_clock: bool = False
    missing: Callable[[Store, Wanted, datetime], str] | None = None


def pretended(store: Store, now: datetime) -> datetime:
    """Now; over the demo, whose data end somewhere, the moment up to which they tell."""
    if _kind(store, store.state):
        return store.as_of(("contacts", "cases")) or now
    return now


@lru_cache(maxsize=8)
def _kind(store: Store, state: str) -> str:
    del state  # another state may be of another kind
    return store.properties().get(KIND, "")


def stale(store: Store, tables: tuple[str, ...], now: datetime) -> str:
    """Why these tables tell nothing of now; empty where they do."""
    as_of = store.as_of(tables)
    if as_of is None:
        return _("Nothing has been loaded yet.")
    # Data that say they are of tomorrow tell nothing of now either.
    if abs(now - as_of) <= FRESH:
        return ""
    return _(
        "The latest data are of {moment}. This view only shows numbers of the past hour."
    ).format(moment=formats.moment(as_of, store.settings.time_zone))


def today(store: Store, now: datetime, least: date) -> date:
    """The local day of now, over the demo that of its data; never before `least`."""
    return max(formats.in_zone(pretended(store, now), store.settings.time_zone).date(), least)


def old(store: Store, as_of: datetime | None, now: datetime) -> bool:
    """Whether numbers up to then are too old to pass for what goes on now."""
    return as_of is not None and pretended(store, now) - as_of > _OLD


def foot(store: Store, as_of: datetime | None, *, old: bool = False) -> str:
    """The source's date; in words with its year where that is `old`."""
    if as_of is None:
        return ""
    if old:
        day = formats.in_zone(as_of, store.settings.time_zone).date()
        return _("data up to {day}").format(day=formats.day_full(day))
    return _("as of {moment}").format(moment=formats.as_of(as_of, store.settings.time_zone))


def reason_title(store: Store, reason: str | None) -> str:
    """The configured name of a reason; what nobody configured is told together."""
    if reason is None:
        return _("Reason unknown")
    if reason == NOT_CONFIGURED:
        return _("Other reasons")
    return store.configuration.title("reason", reason, language())


def cause_of(store: Store, reason: str | None, on: date) -> str | None:
    """The cause configured with a reason."""
    known = store.configuration.row("reasons", on, reason=reason) if reason else None
    return known["cause"] if known else None


def cause_title(store: Store, cause: str | None, title: str) -> str:
    """The cause in words, where these are other words than the reason's."""
    said = store.configuration.title("cause", cause, language()) if cause else ""
    return said if said != title else ""


def solving(store: Store, reason: str | None, cause: str | None, on: date) -> str:
    """Which department solves it, until when: from the running actions on this reason or cause.

    One about this very reason goes first; one about another reason solves this one by no cause.

    Args:
        on: the day of today. What should have been done by then is not promised any more.
    """
    if reason is None:
        return ""
    configuration = store.configuration
    rows = configuration.rows("actions", on)
    of_cause = [row for row in rows if not row["reason"] and cause and row["cause"] == cause]
    for row in (*(row for row in rows if row["reason"] == reason), *of_cause):
        if row["state"] not in {"planned", "running"} or not row["department"]:
            continue
        if row["department"] not in configuration.configured("department", on):
            continue  # only what is configured is shown: a typed name might be a person's
        who = configuration.title("department", row["department"], language())
        if row["stops_on"] is None:
            return _("{department} is solving it").format(department=who)
        return by_when(who, row["stops_on"], on)
    return ""


def by_when(department: str, stops: date, on: date) -> str:
    """Until when a department solves something, or that it should have done so; seen on `on`."""
    day = formats.day_long(stops) if stops.year == on.year else formats.day_full(stops)
    said = _("{department} solves it, by {day} at the latest")
    if stops < on:
        said = _("{department}: should have been done by {day}")
    return said.format(department=department, day=day)


def process_titles(store: Store, processes: tuple[str, ...]) -> str:
    """The processes a screen was made for, as far as they are configured."""
    known = {name for row in store.configuration.versions("processes") for name in [row["process"]]}
    titles = [
        store.configuration.title("process", one, language()) for one in processes if one in known
    ]
    return ", ".join(titles)


def choose() -> str:
    """What to do where the processes of a screen have nothing to show."""
    return _("Choose which processes it shows on the page Information screens.")


def load() -> str:
    """What to do where nothing was loaded."""
    return _("Load data on the page Load data; this screen shows it by itself.")
