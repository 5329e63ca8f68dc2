"""What the Overzicht tells, said again above its evidence: in a trend of few it cannot be seen.

A day's line counts what came while open, per hour; a week's complaints are too few to judge one by
one. Who comes from the sentence must find its numbers back here.
"""

from __future__ import annotations

from datetime import date

from kpi import formats, numbers
from kpi.bulletin import sentences_trend
from kpi.bulletin.moved import Moved, days, usual
from kpi.filters import Filters
from kpi.i18n import _
from kpi.model import Kpi
from kpi.news import complaints, rushes, weeks
from kpi.numbers.comparing import held_against
from kpi.periods import Period
from kpi.results.surge import Surge
from pages.shared import data, drill, moved, state
from pages.shared.asked import Asked

_COMPLAINTS = "complaints"
Ways = list[tuple[str, dict[str, str]]]


def sentences(asked: Asked, kpi: Kpi, grain: str) -> list[str]:
    """Of a process by day its busy days, of the complaints about one reason since when they rose."""
    asking = moved.asking(asked)
    if kpi.name == numbers.VOLUME and grain == "day" and asked.process:
        lines = [one for one in rushes.lines(asking) if one.process == asked.process]
        said = [_sentence(one) for one in lines]
        if said:
            said.append(usual(lines))
            said.append(_("Counted day and night; the line below is what came while we were open."))
        return said
    if kpi.name == _COMPLAINTS and len(asked.filters.values("reason")) == 1:
        lines = complaints.lines(asking)
        return [*map(_sentence, lines), *filter(None, [usual(lines)])]
    return []


def of_period(asked: Asked, kpi: Kpi, whose: str) -> str:
    """What a line said of a period within the one drawn, which its title does not say."""
    period = told()
    if period is None or period == asked.period or period.within(asked.period) != period:
        return ""
    before = held_against(period, asked.filters.comparison)
    [one] = data.compare((kpi.name,), asked.filters.during(period.since, period.until))
    earlier = Asked(asked.filters, period, before, asked.process).before_text
    return _("The line told of {period}: {said}.").format(
        period=formats.period(period.since, period.until),
        said=sentences_trend.standing(kpi, whose, one.now, one.before, earlier),
    )


def told() -> Period | None:
    """The period of the line that led here, as the address has it."""
    since, slash, until = state.chosen("told").partition("/")
    try:
        found = Period(date.fromisoformat(since), date.fromisoformat(until)) if slash else None
    except ValueError:
        # Somebody wrote it by hand.
        return None
    return found if found is None or found.since <= found.until else None


def rows(asked: Asked, kpi: Kpi, grain: str) -> Ways:
    """The ways to the rows that `sentences` counts, as words and query."""
    if kpi.name == numbers.VOLUME and grain == "day" and asked.process:
        return _busy(asked)
    if kpi.name == _COMPLAINTS and len(asked.filters.values("reason")) == 1:
        return _complaints(asked)
    return []


def _sentence(line: Moved) -> str:
    said = ", ".join(filter(None, (line.sentence, line.because)))
    beside = "; ".join(filter(None, (line.change, line.still)))
    return f"{said} ({beside})." if beside else f"{said}."


def _busy(asked: Asked) -> Ways:
    """The contacts of the busy days, a run of days each."""
    asking = moved.asking(asked)
    ways = []
    for process, busy in rushes.told(asking):
        of_process = asking.filters.keeping("process", [process])
        for one in busy:
            query = _contacts(of_process, one)
            said = _("The {n} contacts of {days}").format(
                n=formats.number(one.count), days=days(one.since, one.until)
            )
            if query:
                ways.append((said, query))
    return ways


def _contacts(named: Filters, one: Surge) -> dict[str, str]:
    """The question whose rows are the contacts of these days, day and night; empty where none is."""
    during = named.during(one.since, one.until)
    for name in (numbers.VOLUME, "contact_rate"):
        if numbers.applies(numbers.find(name), (), during.where):
            [found] = data.ask((name,), during)
            # The one leaves out the night, the other days that the customers' extract does not know.
            if found.numerator == one.count:
                return drill.query(name, during)
    return {}


def _complaints(asked: Asked) -> Ways:
    """The complaints in the weeks in which there were more."""
    asking = moved.asking(asked)
    ways = []
    for one in complaints.risen(asking):
        since, until = weeks.days(one)
        kept = asked.filters.keeping("reason", [one.group or ""]).during(since, until)
        [found] = data.ask((_COMPLAINTS,), kept)
        # That goes as far as the customers' extract does, which the weeks may not.
        if found.numerator == one.inside.hits:
            said = _("The {n} complaints of {days}").format(
                n=formats.number(one.inside.hits), days=days(since, until)
            )
            query = drill.query(_COMPLAINTS, kept)
            if query:
                ways.append((said, query))
    return ways
