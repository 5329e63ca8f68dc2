"""Signals in words: what is usual, and what is not, since when."""

from __future__ import annotations

from collections.abc import Collection

from kpi import formats
from kpi.bulletin.sentences_trend import names
from kpi.i18n import _, ngettext
from kpi.model import Kpi
from kpi.results.signals import RUN, Charted, Method, Rule, Signal

#: Most periods outside the limits that are spelled out.
_NAMED = 4


def told(kpi: Kpi, found: Charted | None) -> str:
    """The signals within what was asked; that there are none; or that nothing can be said yet."""
    if found is None:
        return _(
            "Too few whole periods of ten rows or more to say what is usual: that takes twelve. "
            "Longer steps may have them."
        )
    if not found.signals:
        return _("No signal: {kpi} stays within what is usual.").format(
            kpi=formats.lower_first(_(kpi.title))
        )
    said = [*_runs(found), *_outside(found), *_near(found)]
    return _("Stands out: {what}.").format(what="; ".join(said))


def _runs(found: Charted) -> list[str]:
    said = []
    for one in (one for one in found.signals if one.rule is Rule.RUN):
        n = sum(found.control.limits[place] is not None for place in range(one.first, one.last + 1))
        long = _long(n, found.grain)
        first, last = _name(found, one.first), _name(found, one.last)
        if one in found.lasting:
            text = (
                _("{long} in a row above the usual, since {first}")
                if one.up
                else _("{long} in a row below the usual, since {first}")
            )
        else:
            text = (
                _("{long} in a row above the usual, {first} to {last}")
                if one.up
                else _("{long} in a row below the usual, {first} to {last}")
            )
        said.append(text.format(long=long, first=first, last=last))
    return said


def _outside(found: Charted) -> list[str]:
    said = []
    for up in (True, False):
        places = [one.first for one in found.signals if one.rule is Rule.OUTSIDE and one.up is up]
        places = [place for place in places if place >= found.asked]
        if not places:
            continue
        if len(places) > _NAMED:
            when = _long(len(places), found.grain)
        else:
            when = names([_name(found, place) for place in places])
        text = _("{when} higher than usual") if up else _("{when} lower than usual")
        said.append(text.format(when=when))
    return said


def _near(found: Charted) -> list[str]:
    said = []
    for one in (one for one in found.telling if one.rule is Rule.NEAR):
        text = (
            _("time and again at the high end of usual, {first} to {last}")
            if one.up
            else _("time and again at the low end of usual, {first} to {last}")
        )
        said.append(text.format(first=_name(found, one.first), last=_name(found, one.last)))
    return said


def word(one: Signal) -> str:
    """The word beside the ring of a signal."""
    if one.rule is Rule.RUN:
        return _("run")
    if one.rule is Rule.NEAR:
        return _("near")
    return _("above") if one.up else _("below")


def rings(drawn: Collection[str]) -> str:
    """What the words at the rings mean, those that are drawn only."""
    said = {
        _("above"): _("“above”: over the grey band of what is usual"),
        _("below"): _("“below”: under the grey band of what is usual"),
        _("run"): _("“run”: one of {n} periods or more in a row on one side of the grey line"),
        _("near"): _("“near”: two periods of three near the edge of the grey band"),
    }
    told = [text.format(n=RUN) for name, text in said.items() if name in drawn]
    return _("Ringed: {what}.").format(what="; ".join(told)) if told else ""


def made(found: Charted) -> str:
    """What the band of what is usual rests on, in plain words."""
    text = (
        _("Usual: as in {long}, {first} to {last}, without {apart}: what stood out is not usual.")
        if found.control.apart
        else _("Usual: as in {long}, {first} to {last}.")
    )
    said = text.format(**_baseline(found))
    if found.control.method is Method.XMR:
        return said
    return f"{said} " + _("The band is wider where there are fewer rows.")


def method(found: Charted) -> str:
    """How its limits are reckoned, by name, and on what: for who wants to know, beside the figures."""
    text = (
        _("What is usual: {how}; its limits are frozen on {long}, {first} to {last}, without {apart}.")
        if found.control.apart
        else _("What is usual: {how}; its limits are frozen on {long}, {first} to {last}.")
    )  # fmt: skip
    return text.format(how=_how(found.control.method), **_baseline(found))


def methods(found: Collection[Charted]) -> str:
    """The same of groups, each with limits of its own."""
    if not found:
        return ""
    how = dict.fromkeys(_how(one.control.method) for one in found)
    latest = max(found, key=lambda one: one.names[one.control.baseline[1]])
    return _(
        "What is usual of each group by itself: {how}; its limits are frozen, on periods up to {last}."
    ).format(how="; ".join(how), last=_name(latest, latest.control.baseline[1], year=True))


def _how(of: Method) -> str:
    return {
        Method.XMR: _("XmR chart: mean ± 2.66 × mean moving range"),
        Method.P: _("p' chart (Laney)"),
        Method.U: _("u' chart (Laney)"),
    }[of]


def _baseline(found: Charted) -> dict[str, str]:
    """What limits are frozen on, for a sentence."""
    first, last = found.control.baseline
    apart = found.control.apart
    within = [place for place in range(first, last + 1) if place not in apart]
    n = sum(found.control.limits[place] is not None for place in within)
    return {
        "long": _long(n, found.grain),
        "first": _name(found, first, year=True),
        "last": _name(found, last, year=True),
        "apart": names([_name(found, place) for place in apart]),
    }


def _long(n: int, grain: str) -> str:
    said = {
        "day": ngettext("{n} day", "{n} days", n),
        "week": ngettext("{n} week", "{n} weeks", n),
        "month": ngettext("{n} month", "{n} months", n),
        "quarter": ngettext("{n} quarter", "{n} quarters", n),
    }[grain]
    return said.format(n=formats.number(n))


def _name(found: Charted, place: int, *, year: bool = False) -> str:
    return formats.bucket(found.names[place], found.grain, year=year)
