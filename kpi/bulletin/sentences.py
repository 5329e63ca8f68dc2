"""Sentences of fact, made of numbers: titles of pages, and what stands beside a chart."""

from __future__ import annotations

from collections.abc import Sequence

from kpi import formats
from kpi.bulletin.states import URGENCY, State, overlap
from kpi.i18n import _, ngettext
from kpi.model import Better, Kpi, Result

#: Two lead times nearer than this (share of the larger) are called the same.
_ALIKE = 0.1


def stands(title: str, kpi: Kpi, now: Result | None, before: Result | None, earlier: str) -> str:
    """What is most worth saying of a process: "Storingen: 78 % within norm, 12 points lower …"."""
    if now is None or now.value is None:
        return title
    value = formats.value(now.value, kpi.unit, now.low, now.high)
    said = _("{process}: {value} {kpi}").format(
        process=title, value=value, kpi=formats.lower_first(_(kpi.title))
    )
    if before is None or before.value is None or before.too_few or now.too_few or not earlier:
        return said
    change = formats.change(now.value, before.value, kpi.unit, Better.CONTEXT)
    if change is None:
        return said
    if not change.amount or overlap(now, before):
        # What may be chance is not news.
        return _("{said}, about the same as in {period}").format(said=said, period=earlier)
    higher = now.value > before.value
    return (
        _("{said}, {amount} higher than in {period}")
        if higher
        else _("{said}, {amount} lower than in {period}")
    ).format(said=said, amount=change.amount, period=earlier)


def two_lead_times(closed: Result | None, opened: Result | None) -> str:
    """Why the lead time of closed cases differs from that of the cases opened."""
    if closed is None or opened is None or closed.value is None:
        return ""
    still_open = int(opened.extras.get("open") or 0)
    said = _("Half of the {n} cases closed in this period took {time} or less.").format(
        n=formats.number(closed.n), time=formats.duration(closed.value)
    )
    if opened.value is None:
        return (
            said
            + " "
            + _(
                "Of the {n} cases opened in it, half or more are still open ({open}): how long half "
                "of them take is not known yet."
            ).format(n=formats.number(opened.n), open=formats.number(still_open))
        )
    of_opened = ngettext(
        "Of the {n} cases opened in it, half are closed within {time}; {open} is still open and "
        "counts in that.",
        "Of the {n} cases opened in it, half are closed within {time}; {open} are still open and "
        "count in that.",
        still_open,
    ).format(
        n=formats.number(opened.n),
        time=formats.duration(opened.value),
        open=formats.number(still_open),
    )
    larger = max(closed.value, opened.value)
    if larger and abs(closed.value - opened.value) / larger <= _ALIKE:
        why = _("The two agree: few cases stay open for long.")
    elif opened.value > closed.value:
        why = _(
            "The first looks better than it is: cases that are still open do not count in it yet."
        )
    else:
        why = _(
            "The first is longer because old cases were closed in this period: backlog is being "
            "worked off."
        )
    return f"{said} {of_opened} {why}"


def course(kpi: Kpi, labels: Sequence[str], results: Sequence[Result | None]) -> str:
    """What a trend shows, in a sentence: lowest, highest and last."""
    known = [
        (label, result)
        for label, result in zip(labels, results, strict=True)
        if result is not None and result.value is not None and not result.partial
    ]
    title = _(kpi.title)
    if len(known) < 2:
        return _("{kpi}: too few periods to see a course.").format(kpi=title)

    def said(result: Result) -> str:
        return formats.value(result.value, kpi.unit, result.low, result.high)

    def value(pair: tuple[str, Result]) -> float:
        return pair[1].value or 0.0

    low, high = min(known, key=value), max(known, key=value)
    last = known[-1]
    if said(low[1]) == said(high[1]):
        return _("{kpi}: {value} throughout.").format(kpi=title, value=said(last[1]))
    return _(
        "{kpi}: between {low} ({when_low}) and {high} ({when_high}); in the last whole period, "
        "{when}, {last}."
    ).format(
        kpi=title,
        low=said(low[1]),
        when_low=low[0],
        high=said(high[1]),
        when_high=high[0],
        when=last[0],
        last=said(last[1]),
    )


def most_urgent(states: Sequence[State]) -> State:
    """The state that needs looking at first."""
    return min(states, key=URGENCY.index, default=State.NOTHING)
