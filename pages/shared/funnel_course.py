"""The course of one passage of a funnel, by week or month of entry: when it broke."""

from __future__ import annotations

from kpi import formats
from kpi.alerts.passing import Passing
from kpi.bulletin import sentences_trend, table
from kpi.bulletin.tables import Column, Shown, Table, Value
from kpi.charts import Point, trend
from kpi.charts.theme import INK, SERIES
from kpi.i18n import _
from kpi.model import TOO_FEW, Unit
from kpi.periods import buckets, days_of
from kpi.results.funnel import Passage, passages
from pages.shared import funnel_drill, funnels, page, state
from pages.shared.asked import Asked
from pages.shared.funnels import Course, Look


def show(asked: Asked, seen: Look, place: int) -> None:
    """The share that goes on from the step at `place` to the next, per bucket of entry."""
    found = seen.passages[place]
    page.section(
        _("Who go on from {step} to {following}").format(
            step=seen.funnel.title(found.step), following=seen.funnel.title(found.following)
        )
    )
    course = funnels.course(asked, seen.funnel)
    grain = course.grain
    names = [name for name, _days in buckets(course.span, grain)]
    points = [_point(name, course, place, names) for name in names]
    if sum(point.value is not None for point in points) < 2:
        page.quiet(_("Too few periods to see a course."))
        return
    figure = trend(
        points,
        Unit.PERCENT,
        colour=SERIES.get(seen.funnel.process or "", INK),
        title=seen.funnel.title(found.following),
    )
    page.chart(
        figure,
        _sentence(points, grain),
        lambda: _table(asked, seen, course, points, place),
        "funnel-course",
        lambda said: _choose(course, found, said),
        tell=Passing(seen.funnel.name, found.following).kpi,
        below=lambda: page.quiet(sentences_trend.band()),
    )


def _choose(course: Course, passage: Passage, said: list[str]) -> None:
    """Who came in in the period that is clicked and did not go on."""
    if said and said[0] in course.steps:
        state.choose("step", passage.step)
        state.choose("view", "")
        state.choose("entered", said[0])


def _point(name: str, course: Course, place: int, names: list[str]) -> Point:
    grain, steps = course.grain, course.steps.get(name)
    days = days_of(name, grain)
    label = formats.bucket(name, grain)
    if _new_year(name, names, grain):
        label = f"{label}<br>{name[:4]}"
    full = formats.bucket(name, grain, year=True)
    found = passages(steps)[place] if steps else None
    if found is None or not found.n + found.young:
        return Point(label, full, None, key=name)
    if not found.n:
        # All of them may still go on: what is known so far, drawn as unfinished.
        so_far = Passage(found.step, found.following, found.young, found.young - found.waiting)
        return Point(label, full, so_far.share, *so_far.interval, so_far.n, True, name)
    # Two days of a week are no week: their share would be its lowest or highest by chance.
    partial = bool(found.young) or days.within(course.span) != days
    return Point(label, full, found.share, *found.interval, found.n, partial, name)


def _new_year(name: str, names: list[str], grain: str) -> bool:
    place = names.index(name)
    if not place:
        return True
    return days_of(name, grain).since.year != days_of(names[place - 1], grain).since.year


def _sentence(points: list[Point], grain: str) -> str:
    whole = [point for point in points if _sure(point)]
    if len(whole) < 2:
        return _("Too few came in per period to see a course.")
    low = min(whole, key=lambda point: point.value or 0.0)
    high = max(whole, key=lambda point: point.value or 0.0)
    text = (
        _(
            "By week of entry between {low} ({when_low}) and {high} ({when_high}) go on; in the last "
            "week that is complete, {when}, {last}. The others drop out."
        )
        if grain == "week"
        else _(
            "By month of entry between {low} ({when_low}) and {high} ({when_high}) go on; in the last "
            "month that is complete, {when}, {last}. The others drop out."
        )
    )
    said = text.format(
        low=_value(low),
        when_low=low.full,
        high=_value(high),
        when_high=high.full,
        when=whole[-1].full,
        last=_value(whole[-1]),
    )
    ends = [point for point in points if point.value is not None][-1]
    if ends is whole[-1]:
        return said
    # The label at the end of the line is another number: say which.
    return f"{said} " + _(
        "The line ends at {last}, {when}: unfinished or too few, so that may still change."
    ).format(last=_value(ends), when=ends.full)


def _sure(point: Point) -> bool:
    return point.value is not None and not point.partial and point.n >= TOO_FEW


def _value(point: Point) -> str:
    return formats.value(point.value, Unit.PERCENT, point.low, point.high)


def _table(asked: Asked, seen: Look, course: Course, points: list[Point], place: int) -> Table:
    """The course with who is behind it: who reached the step, and who did not go on."""

    def who(point: Point, view: str) -> Value:
        steps = course.steps.get(point.key)
        if not steps:
            return "0"
        n = steps[place].entities if view else passages(steps)[place].lost
        step = seen.funnel.steps[place]
        return Shown(
            formats.number(n),
            href=funnel_drill.page_address(asked, seen, step, view, point.key) if n else "",
        )

    return table(
        _("Over time"),
        [
            _("Period"),
            Column(_("Go on"), figures=True),
            Column(_("95% interval"), figures=True),
            Column(_("n"), figures=True),
            Column(_("Reached"), figures=True),
            Column(_("Drop out"), figures=True),
            _("Note"),
        ],
        [
            [
                point.full,
                _value(point),
                formats.interval(point.low, point.high, Unit.PERCENT),
                formats.number(point.n),
                who(point, funnel_drill.REACHED),
                who(point, funnel_drill.LOST),
                _note(point),
            ]
            for point in points
        ],
        tall=14,
    )


def _note(point: Point) -> str:
    if point.value is None:
        return _("no data in this period")
    if point.n < TOO_FEW:
        return _("too few (n = {n})").format(n=formats.number(point.n))
    return _("not complete") if point.partial else ""
