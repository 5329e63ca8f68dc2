"""What the lines about what moved are asked of: a store, a question, and what the asker brings along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from kpi import formats
from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.measures import headlines
from kpi.numbers import AskProblem, default_period
from kpi.periods import Period

if TYPE_CHECKING:
    from kpi.store import Store

T = TypeVar("T")
#: The dictionary that the values of a dimension have their titles in, where it is called otherwise.
_KINDS = {"causing_department": "department"}
#: Dimensions whose values have titles.
_TITLED = frozenset({"process", "channel", "reason", "cause", "department", "moment"})


class Keep(Protocol):
    """Gives what `compute` gives, which it may remember: `question` holds all that it hangs on."""

    def __call__(self, name: str, question: tuple[Any, ...], compute: Callable[[], T], /) -> T: ...


def anew(_name: str, _question: tuple[Any, ...], compute: Callable[[], T], /) -> T:
    """Remember nothing."""
    return compute()


def nowhere(_page: str, _query: Mapping[str, Sequence[str]], /) -> str:
    """No address: on paper nothing is one click away."""
    return ""


@dataclass(frozen=True)
class Asking:
    """One question about what moved; `filters` name its period, `before` is what it is held against.

    Attributes:
        keep: what is remembered of answers.
        address: where a page is that shows this much of the data; empty where there is none.
    """

    store: Store
    filters: Filters
    before: Period | None
    scope: Scope = EVERYTHING
    keep: Keep = anew
    address: Callable[[str, Mapping[str, Sequence[str]]], str] = nowhere

    @property
    def period(self) -> Period:
        """The period asked about."""
        assert self.filters.since is not None
        assert self.filters.until is not None
        return Period(self.filters.since, self.filters.until)

    @property
    def zone(self) -> str:
        """The organisation's time zone."""
        return str(self.store.settings.time_zone)

    @cached_property
    def told_day(self) -> date | None:
        """The day that the data tell up to; None where that is not known."""
        as_of = self.store.as_of(("contacts",)) or self.store.as_of(("cases",))
        return formats.in_zone(as_of, self.zone).date() if as_of else None

    @cached_property
    def up_to(self) -> date:
        """The last day that is news: of the latest whole months, that of as-of in the month begun since."""
        until, told = self.period.until, self.told_day
        # Pages ask it under this name too: it takes the extent of every table.
        usual = self.keep("period", ((),), lambda: usual_period(self.store))
        return until if told is None or usual is None or until != usual[1] else max(until, told)

    @property
    def horizon(self) -> date:
        """The last day that anything is known of: what reaches out of a period is told whole."""
        return max(self.up_to, self.told_day or self.up_to)

    @property
    def goes_on(self) -> bool:
        """Whether what lasts up to `up_to` lasts up to now, as far as anything is known of now."""
        told = self.told_day
        return told is None or self.up_to >= told

    @property
    def news(self) -> Filters:
        """The filters over the period and what came since."""
        return self.filters.during(self.period.since, self.up_to)

    def of(self, process: str | None) -> Asking:
        """The same about one process; None: of all."""
        kept = [process] if process else []
        return replace(self, filters=self.filters.keeping("process", kept))

    def against(self, since: date, until: date) -> Asking:
        """The same about these days only, held against as many before them."""
        before = Period(since - (until - since), since)
        period = Period(since, min(until, self.up_to))
        filters = self.filters.during(period.since, period.until)
        return replace(self, filters=filters, before=before)

    def title(self, dimension: str, value: str | None) -> str:
        """The name on screen of a value of a dimension."""
        if value is None:
            return _("unknown")
        kind = _KINDS.get(dimension, dimension)
        if kind not in _TITLED:
            return value
        return str(self.store.configuration.title(kind, value, language()))

    def href(self, page: str, query: Mapping[str, Sequence[str]]) -> str:
        """The address of a page, in the language spoken now."""
        return self.address(page, {**query, "lang": [language()]})


def usual_period(store: Store) -> tuple[date, date] | None:
    """First and last day of the months that are shown where nobody chose any; None: nothing is loaded."""
    for names in ([kpi.name for kpi in headlines()], ["funnel"]):
        try:
            return default_period(store, names)
        except AskProblem:
            continue
    return None
