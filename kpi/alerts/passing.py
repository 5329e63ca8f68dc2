"""Alerts about a funnel: how many go on from a step to the next, or come through the whole of it.

Such an alert has `funnel:NAME` (or `funnel:NAME:STEP`, into that step) where others name a KPI. Only
configured funnels: the name of any other might be anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from kpi.access import SCREEN
from kpi.filters import Filters
from kpi.i18n import _
from kpi.model import NOT_CONFIGURED
from kpi.numbers import ask_funnel
from kpi.numbers.funnels import Funnel, configured_funnel, reads
from kpi.periods import full_days
from kpi.results.funnel import Passage, passage

if TYPE_CHECKING:
    from kpi.store import Store

_BEGIN = "funnel:"


@dataclass(frozen=True)
class Passing:
    """Which passage: into `step` from the one before it; without it from the first to the last."""

    funnel: str
    step: str = ""

    @property
    def kpi(self) -> str:
        """As it stands where an alert names its KPI."""
        return _BEGIN + ":".join(quote(one, safe=" ") for one in (self.funnel, self.step) if one)


def passing(kpi: str) -> Passing | None:
    """The passage that an alert's KPI names; None where it is a plain KPI."""
    if not kpi.startswith(_BEGIN):
        return None
    funnel, _colon, step = kpi.removeprefix(_BEGIN).partition(":")
    return Passing(unquote(funnel), unquote(step))


def tables(store: Store, one: Passing) -> tuple[str, ...]:
    """The tables that tell of it; none where it is not configured."""
    funnel = _known(store, one)
    return reads(funnel) if funnel else ()


def process(store: Store, one: Passing) -> str | None:
    """The process whose funnel it is; None where that is not said, or it is not configured."""
    funnel = _known(store, one)
    return funnel.process if funnel else None


def last_told(store: Store, one: Passing) -> date | None:
    """The last day of entry of which the outcome is known; None when nothing tells that."""
    funnel = _known(store, one)
    as_of = store.as_of(tables(store, one)) if funnel else None
    if funnel is None or as_of is None:
        return None
    window = timedelta(days=funnel.window_days)
    return full_days(as_of - window, store.settings.time_zone, 1).until


def passed(store: Store, one: Passing, filters: Filters) -> Passage | None:
    """How many of those who came in over the period of `filters` went on."""
    funnel = _known(store, one)
    if funnel is None:
        return None
    steps = ask_funnel(store, one.funnel, filters, scope=SCREEN, beside=False)
    place = _place(funnel, one)
    if place >= len(steps):
        return None
    return passage(steps[place - 1] if one.step else steps[0], steps[place])


def subject(store: Store, one: Passing) -> str:
    """What it is about, in configured words."""
    funnel = _known(store, one)
    if funnel is None:
        return f"{_('Funnel')}: {_(NOT_CONFIGURED)}"
    place = _place(funnel, one)
    before = funnel.steps[place - 1] if one.step else funnel.steps[0]
    said = _("Funnel: from {step} to {following}")
    if one.step:
        said = _("Funnel: going on from {step} to {following}")
    return said.format(step=funnel.title(before), following=funnel.title(funnel.steps[place]))


def _known(store: Store, one: Passing) -> Funnel | None:
    funnel = configured_funnel(store, one.funnel)
    if funnel is None or len(funnel.steps) < 2:
        return None
    # The first step is where one comes in: nobody passes into it.
    return funnel if not one.step or one.step in funnel.steps[1:] else None


def _place(funnel: Funnel, one: Passing) -> int:
    return funnel.steps.index(one.step) if one.step else len(funnel.steps) - 1
