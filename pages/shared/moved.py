"""What moved, as the pages ask it: with what they remember, and with the way to the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from kpi import formats, news
from kpi.bulletin import moved
from kpi.bulletin.moved import Moved
from kpi.bulletin.scorecard import Scorecard
from kpi.i18n import _
from kpi.news import Asking, acting, behind
from pages.shared import data, places
from pages.shared.asked import Asked


def asking(asked: Asked) -> Asking:
    """The question of a page as `kpi.news` takes it."""
    filters = asked.filters.during(asked.period.since, asked.period.until)
    return Asking(data.store(), filters, asked.before, data.SCOPE, data.cached, _address)


def _address(page: str, query: Mapping[str, Sequence[str]]) -> str:
    return f"{places.path(page)}?{urlencode(query, doseq=True)}"


def lines(asked: Asked, card: Scorecard) -> list[Moved]:
    """What is beyond chance, the surest and largest first, each with who is to act on it."""
    question = asking(asked)
    return [acting.shown(question, one) for one in news.found(question, card)]


def found(asked: Asked, card: Scorecard) -> list[Moved]:
    """The same without who acts."""
    return news.found(asking(asked), card)


def explain(asked: Asked, kpi: str, process: str | None, *, better: bool) -> str:
    """What stands behind the change of a KPI, of one process or of all; empty where nothing does."""
    return behind.explained(asking(asked), Moved("", "", "", better, process or "", kpi, ""))


def html(shown: Sequence[Moved], asked: Asked, more: str = "", more_href: str = "") -> str:
    """The lines as HTML, under what they are held against."""
    heading = (
        _("What changed against {period}").format(period=asked.before_text)
        if asked.before
        else _("What stands out")
    )
    last = asking(asked).up_to
    if last > asked.period.until:
        # What came since is news too, and in none of the numbers below.
        heading = _("{heading} (and what came after the period, up to {day})").format(
            heading=heading, day=formats.day(last)
        )
    return moved.html(shown, heading, more, more_href)
