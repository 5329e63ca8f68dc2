"""Today so far: contacts and cases up to now, against the same weekday up to the same time."""

from __future__ import annotations

from datetime import datetime

from kpi import formats
from kpi.access import Scope
from kpi.bulletin.states import State
from kpi.bulletin.wall import Figure, Line, Today, View, longest
from kpi.filters import Filters
from kpi.formats import Change
from kpi.i18n import _, language, ngettext
from kpi.measures import KPIS
from kpi.numbers import compare, lately
from kpi.results.lately import Sofar
from kpi.store import Store
from kpi.web.views import wanted as words
from kpi.web.views.wanted import Wanted

#: Rows that fit.
LINES = 6


def missing(store: Store, _wanted: Wanted, now: datetime) -> str:
    """Why today cannot be told now; empty where it can."""
    return words.stale(store, lately.CONTACTS, words.pretended(store, now))


def today(store: Store, wanted: Wanted, now: datetime) -> View:
    """A few large numbers, and the contacts of each process."""
    title = _("Today so far")
    why = missing(store, wanted, now)
    found = None if why else lately.today(store, wanted.scope(store))
    if found is None:
        as_of = store.as_of(lately.CONTACTS)
        act = (
            _("It comes back by itself as soon as newer data are loaded.")
            if as_of
            else words.load()
        )
        return View("today", title, foot=words.foot(store, as_of), why=why, act=act)
    clock = f"{formats.in_zone(found.as_of, store.settings.time_zone):%H:%M}"
    about = _("{day} up to {time}").format(day=formats.day_long(found.day), time=clock)
    if found.weeks:
        about = ngettext(
            "{day} up to {time}, against the same weekday of the week before",
            "{day} up to {time}, against the same weekday of the {n} weeks before",
            found.weeks,
        ).format(day=formats.day_long(found.day), time=clock, n=found.weeks)
    kinds = [
        ("contacts", _("Contacts")), ("opened", _("Cases opened")), ("closed", _("Cases closed")),
    ]  # fmt: skip
    figures = [_figure(title, found.counts[k]) for k, title in kinds if k in found.counts]
    figures += _reachable(store, found, wanted.scope(store))
    rows = [
        (store.configuration.title("process", process, language()), one)
        for process, one in found.processes.items()
    ][:LINES]
    most = longest([max(one.n or 0, one.mean or 0) for _title, one in rows])
    lines = tuple(
        Line(
            0, name, formats.number(one.n), (one.n or 0) / most, _change(one),
            usual=None if one.n is None or one.mean is None else one.mean / most, said=_usually(one),
        )
        for name, one in rows
    )  # fmt: skip
    if all(one.n is None for one in found.counts.values()):
        why = _("Today there are too few to show.")
        return View("today", title, about, words.foot(store, found.as_of), why=why)
    foot = words.foot(store, found.as_of)
    # Of one process the number above says it all; of none there is nothing to say.
    told = len(rows) > 1 and any(one.n is not None for _title, one in rows)
    return View(
        "today",
        title,
        about,
        foot,
        Today(tuple(figures), lines if told else ()),
    )


def _figure(title: str, one: Sofar) -> Figure:
    if one.n is None:
        return Figure(title, formats.NOTHING, _("too few to show"), state=State.TOO_FEW)
    return Figure(title, formats.number(one.n), _usually(one), _change(one))


def _change(one: Sofar) -> Change | None:
    """More or less than usual, where that is no chance; neither good nor bad."""
    if one.n is None or one.mean is None or not one.beyond:
        return None
    more = one.n > one.mean
    amount = formats.number(abs(one.n - one.mean))
    return Change("▲" if more else "▼", amount, _("more") if more else _("fewer"), None)


def _usually(one: Sofar) -> str:
    if one.n is None:
        return _("too few to show")
    if one.mean is None:
        return ""
    return _("usually {n}").format(n=formats.number(one.mean))


def _reachable(store: Store, found: lately.Today, scope: Scope) -> list[Figure]:
    """How well people could be reached today, where waiting times are known."""
    kpi = KPIS["service_level"]
    [one] = compare(store, [kpi.name], Filters.of(found.day, found.day), (), scope)
    if one.now.value is None or one.now.too_few:
        return []
    said = ""
    if one.target is not None:
        said = _("target {value}").format(value=formats.aim(one.target, kpi.unit))
    value = formats.value(one.now.value, kpi.unit, one.now.low, one.now.high)
    return [Figure(_(kpi.title), value, said, state=one.state)]
