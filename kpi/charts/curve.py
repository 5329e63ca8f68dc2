"""The share that is closed as the days since opening go by, as step lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi import formats
from kpi.charts.axis import Range, ticks
from kpi.charts.course import around, framed, whole
from kpi.charts.drawn import Drawn
from kpi.charts.ends import End
from kpi.charts.field import Field, polyline
from kpi.i18n import _
from kpi.model import Unit
from kpi.text import SPACE

#: A little more than all, and a little air before the first day.
_AXIS, _AIR = Range(0.0, 103.0), 0.02
#: About so many days are named, in a wide place and in a narrow one.
_NAMED = (("wide mid", 9), ("few", 4))


@dataclass(frozen=True)
class Steps:
    """A curve: at each of `days` the percent closed by then, and its colour as a style sheet has it.

    A click tells `key` and the days; `dots` are days that are marked as points to click.
    """

    name: str
    days: Sequence[float]
    share: Sequence[float]
    colour: str
    dashed: bool = False
    key: str = ""
    dots: Sequence[float] = ()


def said_days(days: float) -> str:
    """A number of days as a click tells it, and an address holds it."""
    return f"{days:.4f}".rstrip("0").rstrip(".")


def curve(steps: Sequence[Steps], until: float, height: int = 300) -> Drawn:
    """Share closed by days since opening, up to `until` days; each line named at its end.

    A mark tells the key of its curve and the days.
    """
    field = framed(_AXIS, height, -_AIR * until, until)
    parts = [*around(field, Unit.PERCENT, known=True), *_days(field, until)]
    said: list[tuple[str, ...]] = []
    keys: list[str] = []
    ends = []
    marks = []
    for place, one in enumerate(steps):
        inside = [(d, s) for d, s in zip(one.days, one.share, strict=True) if d <= until]
        level = inside[-1][1] if inside else 0.0
        inside.append((until, level))
        kind = "dashed" if one.dashed else "line"
        through = field.one_line([polyline(kind, _stairs(field, inside))])
        parts.append(f'<g style="--own: {one.colour}">{through}</g>')
        found = []
        for days, share in inside:
            dot = "dot" if days in one.dots else "bare"
            at = f'cx="{field.across(days)}" cy="{field.y(share):.1f}"'
            of = f'data-at="{len(keys)}" data-of="{place}"'
            found.append(f'<circle class="mark {dot}" {of} {at} r="4"/>')
            keys.append(f"{one.key} {said_days(days)}")
            said.append((one.name, _within(share, days)))
        marks.append(f'<g style="--own: {one.colour}">{"".join(found)}</g>')
        ends.append(
            End(until, level, "", one.colour, len(keys) - 1, one.name, place, dashed=one.dashed)
        )
    told = "; ".join(f"{one.name}: {_within(end.value, until)}" for one, end in zip(steps, ends, strict=True))  # fmt: skip
    html = whole(
        field, [*parts, *marks], ends, Unit.PERCENT, flagged=False, told=told, several=True
    )
    return Drawn(html, (tuple(said),), tuple(keys))


def _within(share: float, days: float) -> str:
    return _("{share} within {time}").format(
        share=formats.percent(share), time=formats.value(days, Unit.DAYS)
    )


def _stairs(field: Field, points: Sequence[tuple[float, float]]) -> list[str]:
    """A share holds until the next day that is known."""
    found: list[str] = []
    before = None
    for days, share in points:
        if before is not None and share != before:
            found.append(field.inside(days, before))
        found.append(field.inside(days, share))
        before = share
    return found


def _days(field: Field, until: float) -> list[str]:
    """Round numbers of days below."""
    unit = _("d")
    groups = []
    for kind, about in _NAMED:
        at, places = ticks(Range(0.0, until), about)
        names = [
            f'<text class="period" x="{field.across(days)}" y="{field.high + 17:g}">'
            f"{escape(formats.number(days, places))}{SPACE}{escape(unit)}</text>"
            for days in at
        ]
        groups.append(f'<g class="periods {kind}">{"".join(names)}</g>')
    return groups
