"""The way from a page to a number: the only cache, keyed by everything that decides an answer.

A cached answer is never wrong, only unused: its key holds the state of the store, which every
import, undo and configuration change makes another one, besides the question, the scope and the
language.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from kpi import formats, measures, numbers
from kpi.access import EVERYTHING, Scope
from kpi.bulletin.scorecard import Target
from kpi.calendar import DEFAULT_CALENDAR
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.model import Kpi, Result
from kpi.news.question import usual_period
from kpi.numbers import goals
from kpi.periods import Period
from kpi.results.reported import Reported
from kpi.results.rows import Rows
from kpi.results.signals import Charted
from kpi.web import running
from pages.shared.remembered import Remembered

T = TypeVar("T")

#: What everybody may see until there is sign-in; every question carries it from the start.
SCOPE = EVERYTHING


def store() -> Any:
    """The open store; raises `kpi.web.running.NotReady` with a sentence when there is none."""
    return running.store()


def zone() -> str:
    """The organisation's time zone."""
    return str(store().settings.time_zone)


#: A day's work of answers: what has not been asked for since the morning is found anew.
_ANSWERS = Remembered(most=2000, seconds=12 * 60 * 60)


def cached(name: str, question: tuple[Hashable, ...], compute: Callable[[], T]) -> T:
    """What `compute` gives, kept until the data, the scope or the language is another one.

    `question` must hold all that `compute` depends on besides these, as plain values. The answer is
    everybody's: it is read and never changed.
    """
    return _ANSWERS.get(_key(name, question), compute)


def answered(name: str, question: tuple[Hashable, ...]) -> bool:
    """Whether `cached` was asked this before, so that it answers at once."""
    return _key(name, question) in _ANSWERS


def _key(name: str, question: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
    return (name, store().state, SCOPE.key, language(), question)


def ask(
    names: Sequence[str], filters: Filters, by: Sequence[str] = (), scope: Scope = SCOPE
) -> list[Result]:
    """`kpi.numbers.ask`, remembered."""
    return cached(
        "ask",
        (tuple(names), filters, tuple(by), scope),
        lambda: numbers.ask(store(), names, filters, by, scope),
    )


def compare(
    names: Sequence[str], filters: Filters, by: Sequence[str] = (), scope: Scope = SCOPE
) -> list[numbers.Compared]:
    """`kpi.numbers.compare`, remembered."""
    return cached(
        "compare",
        (tuple(names), filters, tuple(by), scope),
        lambda: numbers.compare(store(), names, filters, by, scope),
    )


def quickly(names: Sequence[str], filters: Filters, by: Sequence[str] = ()) -> list[str]:
    """`kpi.numbers.quickly`; asked anew each time, for sums are made while pages are looked at."""
    return numbers.quickly(store(), names, filters, by)


def reported(name: str, filters: Filters, by: Sequence[str] = ()) -> list[Reported]:
    """`kpi.numbers.reported`, remembered."""
    return cached(
        "reported",
        (name, filters, tuple(by), SCOPE),
        lambda: numbers.reported(store(), name, filters, by, SCOPE),
    )


def signals(
    name: str, filters: Filters, by: Sequence[str] = (), grain: str = ""
) -> dict[tuple[str | None, ...], Charted]:
    """`kpi.numbers.signals`, remembered."""
    return cached(
        "signals",
        (name, filters, tuple(by), grain, SCOPE),
        lambda: numbers.signals(store(), name, filters, by, SCOPE, grain=grain),
    )


def divided(name: str, filters: Filters, by: str) -> numbers.Divided | None:
    """`kpi.numbers.divided`, remembered."""
    return cached(
        "divided",
        (name, filters, by, SCOPE),
        lambda: numbers.divided(store(), name, filters, by, SCOPE),
    )


def rows(
    name: str, filters: Filters, group: Mapping[str, str | None], part: str = "", **more: Any
) -> Rows:
    """`kpi.numbers.rows`. Not remembered: rows about customers are kept by no cache."""
    return numbers.rows(store(), name, filters, group, part, scope=SCOPE, **more)


def headlines() -> list[Kpi]:
    """The KPIs of the scorecard, in their order."""
    return measures.headlines()


def loaded() -> bool:
    """Whether there is anything that these numbers rest on, and it says up to when it tells."""
    names = tuple(kpi.name for kpi in headlines())
    return cached("period", (names,), lambda: _period_of(names)) is not None


def funnels_loaded() -> bool:
    """Whether there is anything that a funnel rests on; web events alone are enough."""
    return cached("period", ((),), _default_period) is not None


def loaded_tables() -> list[str]:
    """The tables that live imports fill: what there is, also where no number rests on it."""
    live = [row for row in store().imports() if not row["undone_at"]]
    found = [feed["table_name"] for row in live for feed in row["feeds"] if feed["rows"]]
    return list(dict.fromkeys(found))


def default_period() -> Period:
    """The last twelve complete months up to as-of, as the command line takes them.

    Only where `loaded` or `funnels_loaded`: without data nothing tells which months those are.
    """
    found = cached("period", ((),), _default_period)
    assert found is not None
    return Period(*found)


def _default_period() -> tuple[date, date] | None:
    return usual_period(store())


def _period_of(names: Sequence[str]) -> tuple[date, date] | None:
    try:
        return numbers.default_period(store(), names)
    except numbers.AskProblem:
        return None


def default_day() -> date:
    """A day on which today's configuration counts: that of as-of, or long ago with no data."""
    return default_period().until if funnels_loaded() else date(2100, 1, 1)


def told_day() -> date:
    """The day that the data tell up to; the last of the usual period where that is not known."""
    known = [at for name in ("cases", "contacts") if (at := store().as_of((name,))) is not None]
    return formats.in_zone(max(known), zone()).date() if known else default_day()


def first_day() -> date | None:
    """The first day of which a case or a contact tells."""
    return cached("first_day", (), lambda: numbers.first_day(store()))


def open_in(period: Period, process: str | None) -> bool:
    """Whether there is a day with opening hours in it, by the calendar of the process or the usual one."""
    row = store().configuration.row("processes", period.until, process=process) if process else None
    calendar = numbers.working_calendar(
        store(), str((row or {}).get("calendar") or DEFAULT_CALENDAR)
    )
    days = (period.until - period.since).days + 1
    return any(calendar.hours(period.since + timedelta(days=one)) for one in range(days))


def title(kind: str, value: str | None) -> str:
    """The name on screen of a coded value; "unknown" where there is none."""
    if value is None:
        return _("unknown")
    return str(store().configuration.title(kind, value, language()))


def processes(on: date) -> list[str]:
    """Configured processes, in their order on screen."""
    return [str(row["process"]) for row in store().configuration.processes(on)]


def channels(on: date) -> list[str]:
    """Configured channels, in their order on screen."""
    return [str(row["channel"]) for row in store().configuration.channels(on)]


def target(kpi: Kpi, process: str | None, on: date, *, whole: bool = False) -> Target | None:
    """What a KPI should reach: as configured, else its sample target; None where there is none.

    Of the `whole` organisation this year's goal comes before the sample.
    """
    found = goals.target(store(), kpi, process, on, whole=whole)
    return Target(*found) if found is not None else None
