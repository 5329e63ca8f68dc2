"""Sentences of fact, made of numbers: titles of pages, and what stands beside a chart."""

from __future__ import annotations

from collections.abc import Sequence

from kpi import formats
from kpi.bulletin.states import URGENCY, State, overlap
from kpi.differences import changed
from kpi.i18n import _, ngettext
from kpi.model import Better, Kpi, Result, Unit

#: Two lead times nearer than this (share of the larger) are called the same.
_ALIKE = 0.1


def stands(title: str, kpi: Kpi, now: Result | None, before: Result | None, earlier: str) -> str:
    """What is most worth saying of a process: "Storingen: 78 % within norm, 12 points lower …"."""
    if now is None or now.value is None:
        return title
    if now.too_few and kpi.unit is not Unit.COUNT:
        # A number of cases is what it is; a share or a mean of so few says nothing.
        return _("{process}: too few to judge (n = {n})").format(
            process=title, n=formats.number(now.n)
        )
    value = formats.value(now.value, kpi.unit, now.low, now.high)
    value = f"{value} {formats.per(kpi.unit)}".rstrip()
    # "166 backlog" is neither Dutch nor English: but for shares and what is counted per hour the KPI
    # comes before its value.
    after = kpi.unit not in {Unit.PERCENT, Unit.PER_HOUR}
    text = _("{process}: {kpi} {value}") if after else _("{process}: {value} {kpi}")
    said = text.format(process=title, value=value, kpi=formats.lower_first(_(kpi.title)))
    if before is None or before.value is None or before.too_few or now.too_few or not earlier:
        return said
    change = changed(now, before, kpi.unit, Better.CONTEXT)
    if change is None:
        return said
    if not change.amount or overlap(now, before):
        # What may be chance is not news.
        return _("{said}, not clearly different from {period}").format(said=said, period=earlier)
    higher = now.value > before.value
    if kpi.unit in {Unit.DAYS, Unit.SECONDS}:
        text = (
            _("{said}, {amount} longer than in {period}")
            if higher
            else _("{said}, {amount} shorter than in {period}")
        )
    else:
        text = (
            _("{said}, {amount} higher than in {period}")
            if higher
            else _("{said}, {amount} lower than in {period}")
        )
    return text.format(said=said, amount=change.amount, period=earlier)


def two_lead_times(closed: Result | None, opened: Result | None) -> str:
    """Why the lead time of closed cases differs from that of the cases opened."""
    if closed is None or opened is None or closed.value is None:
        return ""
    with formats.alike(Unit.DAYS, (closed.value, opened.value)):
        return _two_lead_times(closed, closed.value, opened)


def _two_lead_times(closed: Result, half: float, opened: Result) -> str:
    still_open = int(opened.extras.get("open") or 0)
    said = _("Half of the {n} cases closed in this period took {time} or less.").format(
        n=formats.number(closed.n), time=formats.days(half)
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
    text = (
        ngettext(
            "Of the {n} cases opened in it, half are closed within {time}; {open} is still open and "
            "counts in that.",
            "Of the {n} cases opened in it, half are closed within {time}; {open} are still open "
            "and count in that.",
            still_open,
        )
        if still_open
        else _("Of the {n} cases opened in it, half are closed within {time}; none is still open.")
    )
    of_opened = text.format(
        n=formats.number(opened.n),
        time=formats.days(opened.value),
        open=formats.number(still_open),
    )
    untimed = int(opened.extras.get("left_out") or 0)
    if untimed:
        # Elsewhere on the page they are among the cases opened.
        of_opened += " " + ngettext(
            "{n} more cannot be timed and does not count.",
            "{n} more cannot be timed and do not count.",
            untimed,
        ).format(n=formats.number(untimed))
    larger = max(half, opened.value)
    if larger and abs(half - opened.value) / larger <= _ALIKE:
        why = _("The two agree: few cases stay open for long.")
    elif opened.value > half:
        why = _(
            "The first looks better than it is: cases that are still open do not count in it yet."
        )
    else:
        why = _(
            "The first is longer because old cases were closed in this period: backlog is being "
            "worked off."
        )
    return f"{said} {of_opened} {why}"


def backlog_beside(backlog: Result | None, opened: Result | None, day: str) -> str:
    """Why the backlog and the cases "still open" of the lead time are two numbers.

    `day`: the last day of the period, or the as-of day where that is earlier; to read.
    """
    if backlog is None or not backlog.value or opened is None:
        return ""
    if round(backlog.value) == round(opened.extras.get("open") or 0):
        return ""
    said = _(
        "The backlog counts differently: all {n} cases open at the end of {day}, those "
        "opened before this period included."
    )
    half = backlog.extras.get("p50")
    if half is not None and not backlog.too_few:
        said += " " + _("Half of them had been open for longer than {time}.")
    return said.format(n=formats.number(backlog.value), day=day, time=formats.days(half))


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
        with formats.alike(kpi.unit, [one.value for _label, one in known]):
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
