"""What is usual and what is not: a pale band between the limits, and a ring with a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kpi.charts.axis import faint, line
from kpi.charts.drawing import scatter_of
from kpi.charts.point import Point
from kpi.charts.theme import Look


@dataclass(frozen=True)
class Usual:
    """What is usual in one period: the centre, and the limits around it."""

    centre: float
    low: float
    high: float


@dataclass(frozen=True)
class Ring:
    """A ring around the point at `place`, with a word above or below it (none: the ring alone)."""

    place: int
    word: str
    up: bool


def usual_band(usual: Sequence[Usual | None], of: Look) -> list[Any]:
    """The band between the limits, step by step, and a thin line at the centre."""
    inside = [(place, one) for place, one in enumerate(usual) if one is not None]
    # Half a period to either side: a limit is of a whole period.
    places = [place + side for place, _one in inside for side in (-0.5, 0.5)]
    twice = [one for _place, one in inside for _side in (0, 1)]
    bare = {"width": 0}
    return [
        line(x=places, y=[one.low for one in twice], line=bare),
        line(
            x=places,
            y=[one.high for one in twice],
            fill="tonexty",
            fillcolor=faint(of.quiet, 0.15),
            line=bare,
        ),
        line(
            x=places,
            y=[one.centre for one in twice],
            line={"color": faint(of.quiet, 0.6), "width": 1},
        ),
    ]


def ringed(rings: Sequence[Ring], points: Sequence[Point], of: Look) -> list[Any]:
    """The rings, by hue and by shape; words only where there are any."""
    shown = [one for one in rings if points[one.place].value is not None]
    if not shown:
        return []
    return [
        scatter_of(
            x=[one.place for one in shown],
            y=[points[one.place].value for one in shown],
            mode="markers+text",
            marker={
                "symbol": "circle-open",
                "size": 15,
                "color": of.bad,
                "line": {"width": 1.8, "color": of.bad},
            },
            text=[one.word for one in shown],
            textposition=["top center" if one.up else "bottom center" for one in shown],
            textfont={"color": of.bad, "size": 12},
            hoverinfo="skip",
            cliponaxis=False,
        )
    ]
