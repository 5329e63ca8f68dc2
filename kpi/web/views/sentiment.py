"""The sentiment of the last 24 hours: how much of what was said was negative."""

from __future__ import annotations

from datetime import datetime

from kpi import formats
from kpi.bulletin.wall import Figure, Line, Mood, Part, View
from kpi.formats import Change
from kpi.i18n import _, language
from kpi.model import INDICATIVE, TOO_FEW, Better, Unit
from kpi.numbers import lately
from kpi.results.lately import Mood as Counted
from kpi.stats import newcombe
from kpi.store import Store
from kpi.web.views import wanted as words
from kpi.web.views.wanted import Wanted


def missing(store: Store, _wanted: Wanted, now: datetime) -> str:
    """Why the last 24 hours cannot be told now; empty where they can."""
    return words.stale(store, lately.TEXTS, words.pretended(store, now))


def sentiment(store: Store, wanted: Wanted, now: datetime) -> View:
    """The share that is negative, the whole it is part of, and each process with enough texts."""
    title = _("Sentiment of the last 24 hours")
    why = missing(store, wanted, now)
    found = None if why else lately.feeling(store, wanted.scope(store))
    if found is None:
        as_of = store.as_of(lately.TEXTS)
        act = (
            _("It comes back by itself as soon as newer data are loaded.")
            if as_of
            else words.load()
        )
        return View("sentiment", title, foot=words.foot(store, as_of), why=why, act=act)
    foot = words.foot(store, found.as_of)
    if found.now.n < TOO_FEW:
        return View(
            "sentiment", title, foot=foot,
            why=_("Fewer than ten messages and contacts were given a sentiment."),
            act=_("A sentiment comes from the source of a post or from an employee's emotion code."),
        )  # fmt: skip
    about = _("messages and contacts, against the 28 days before")
    said = ""
    if found.n is not None:
        said = _("of {n} messages and contacts").format(n=formats.number(found.n))
    share = _share(found.now)
    figure = Figure(
        _("negative"), formats.percent(share), said, _change(found.now, found.before)
    )  # fmt: skip
    return View(
        "sentiment", title, about, foot, Mood(figure, _parts(found.now), _lines(store, found))
    )


def _share(mood: Counted) -> float:
    return 100.0 * mood.negative / mood.n


def _parts(mood: Counted) -> tuple[Part, ...]:
    return tuple(
        Part(title, mark, n / mood.n, formats.percent(100.0 * n / mood.n))
        for title, mark, n in (
            (_("negative"), "negative", mood.negative),
            (_("neutral"), "neutral", mood.neutral),
            (_("positive"), "positive", mood.positive),
        )
    )


def _change(now: Counted, before: Counted) -> Change | None:
    if before.n < TOO_FEW:
        return None
    change = formats.change(_share(now), _share(before), Unit.PERCENT, Better.DOWN)
    bounds = newcombe(now.negative, now.n, before.negative, before.n)
    certain = bounds is not None and (bounds[1] > 0 or bounds[2] < 0)
    if change is not None and change.amount and not certain:
        return Change(change.arrow, change.amount, "", None)
    return change


def _lines(store: Store, found: lately.Feeling) -> tuple[Line, ...]:
    """Per process; shares only, and of enough texts that one more or less is no news."""
    rows = [(process, mood) for process, mood in found.processes.items() if mood.n >= INDICATIVE]
    if len(rows) < 2:
        return ()
    rows.sort(key=lambda row: -_share(row[1]))
    return tuple(
        Line(
            0, store.configuration.title("process", process, language()),
            formats.percent(_share(mood)), _share(mood) / 100.0,
        )
        for process, mood in rows
    )  # fmt: skip
