"""What a visitor asks: the filters with their periods spelled out, and the words for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from kpi import formats
from kpi.filters import Comparison, Filters
from kpi.i18n import _, language
from kpi.periods import Period, add_months
from pages.shared.chips import KEPT, UNKNOWN
from pages.shared.dimensions import dimension, group_title

#: The period where nobody chose one, by its name in the URL.
USUAL = "3m"


@dataclass(frozen=True)
class Asked:
    """What the visitor asks: the filters, with the period and what it is held against spelled out.

    `process` is the one chosen, None for all; the filters hold it too.
    """

    filters: Filters
    period: Period
    before: Period | None
    process: str | None
    #: Whether the page can be kept to a channel: of one that cannot, "all channels" says nothing.
    by_channel: bool = True

    @property
    def before_text(self) -> str:
        """What is held against, to read: a period, or the whole organisation."""
        if self.filters.comparison is Comparison.WHOLE:
            return _("the whole organisation")
        return name_of(self.period, self.before) if self.before else ""

    def earlier(self) -> Filters | None:
        """The same question about the period held against; None without comparison."""
        return self.filters.during(self.before.since, self.before.until) if self.before else None

    def query(self, process: str | None = None) -> str:
        """The question as the end of an address, with nothing left to a default."""
        filters = self.filters if process is None else self.filters.keeping("process", [process])
        return _query(filters, language())


# A table asks for it in every row.
@lru_cache(maxsize=256)
def _query(filters: Filters, spoken: str) -> str:
    pairs = [
        (name, text or UNKNOWN) for name, texts in filters.to_query().items() for text in texts
    ]
    return "?" + urlencode([*pairs, ("lang", spoken)])


def presets(until: date) -> dict[str, Period]:
    """Periods that end with the last complete month, by their name in the URL."""
    start = until.replace(day=1)
    return {
        "1m": Period(start, until),
        USUAL: Period(add_months(start, -2), until),
        "12m": Period(add_months(start, -11), until),
        "year": Period(date(until.year, 1, 1), until),
    }


def name_of(period: Period, before: Period) -> str:
    """What a period is called that another one is held against."""
    if before.whole_months:
        return formats.period(before.since, before.until)
    if before.since == add_months(period.since, -12):
        return _("the same period a year before")
    return _("the period before")


def summary_of(asked: Asked, *, against: bool = False) -> str:
    """The whole question in one line: the period, and what is kept; what it is held `against` too."""
    said = formats.period(asked.period.since, asked.period.until)
    if against and asked.before_text:
        said += " " + _("against {period}").format(period=asked.before_text)
    return " · ".join(filter(None, (said, summary(asked))))


def summary(asked: Asked) -> str:
    """What is kept, in one line: process, channel, and whatever else."""
    said = []
    if asked.filters.values("process"):
        said.append(titles(asked, "process"))
    if asked.by_channel:
        said.append(titles(asked, "channel") or _("all channels"))
    said += [
        f"{dimension(name)}: {titles(asked, name)}"
        for name, _values in asked.filters.where
        if name in KEPT
    ]
    return " · ".join(said)


def titles(asked: Asked, name: str) -> str:
    """The values kept of a dimension, to read; empty where all are."""
    return ", ".join(group_title(name, one or None) for one in asked.filters.values(name))
