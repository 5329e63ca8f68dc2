"""How fast cases are closed: the share closed within so many days, a line a way of counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kpi import formats
from kpi.charts.drawing import Drawing, scatter_of
from kpi.charts.kept import kept
from kpi.charts.theme import figure, look
from kpi.i18n import _
from kpi.model import Unit


@dataclass(frozen=True)
class Steps:
    """One way of counting: its name, days and percent closed by then, and its colour.

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


@kept
def curve(steps: Sequence[Steps], until: float, theme: str = "light") -> Drawing:
    """Share closed by days since opening, up to `until` days; each line named at its end."""
    of = look(theme)
    drawn: list[Any] = []
    for one in steps:
        inside = [(d, s) for d, s in zip(one.days, one.share, strict=True) if d <= until]
        last = inside[-1][1] if inside else 0.0
        days, share = [d for d, _s in inside] + [until], [s for _d, s in inside] + [last]
        hover = [
            f"{one.name}<br>"
            + _("{share} within {time}").format(
                share=formats.percent(s), time=formats.value(d, Unit.DAYS)
            )
            for d, s in zip(days, share, strict=True)
        ]
        drawn.append(
            scatter_of(
                x=days,
                y=share,
                mode="lines",
                customdata=[f"{one.key} {said_days(d)}" for d in days],
                hoverinfo="text",
                hovertext=hover,
                line={
                    "color": one.colour,
                    "width": 2,
                    "shape": "hv",
                    "dash": "dash" if one.dashed else "solid",
                },
            )
        )
        marked = [(d, s) for d, s in zip(days, share, strict=True) if d in one.dots]
        if marked:
            # Only looked at: the point of the line below it tells of itself. A mark for each of its points,
            # most of them of no size, takes the browser as long as the whole line.
            drawn.append(
                scatter_of(
                    x=[d for d, _s in marked],
                    y=[s for _d, s in marked],
                    mode="markers",
                    marker={"color": one.colour, "size": 8},
                    hoverinfo="skip",
                )
            )
    made = figure(drawn, of, 300)
    for one, shift in zip(steps, _shifts(steps, until), strict=True):
        level = max((s for d, s in zip(one.days, one.share, strict=True) if d <= until), default=0)
        made.add_annotation(
            x=until, y=level, text=one.name, showarrow=False, xanchor="left", xshift=6,
            yshift=shift, font={"color": one.colour, "size": 12},
        )  # fmt: skip
    shares = [0, 25, 50, 75, 100]
    made.update_yaxes(
        range=[0, 103], tickvals=shares, ticktext=[formats.percent(share) for share in shares]
    )
    # A little air before the first day: its name would stand over the lowest share's.
    made.update_xaxes(
        range=[-0.02 * until, until], ticksuffix=formats.SPACE + _("d"), nticks=9, showgrid=False
    )
    made.update_layout(margin={"r": 130})
    return made


def _shifts(steps: Sequence[Steps], until: float) -> list[float]:
    """How far each name moves up or down, so that names do not cover each other."""
    ends = [
        max((s for d, s in zip(one.days, one.share, strict=True) if d <= until), default=0.0)
        for one in steps
    ]
    if len(ends) == 2 and abs(ends[0] - ends[1]) < 7:
        return [8.0, -8.0] if ends[0] >= ends[1] else [-8.0, 8.0]
    return [0.0] * len(ends)
