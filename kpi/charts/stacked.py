"""Numbers of different units over one axis: a row of columns or a line each, on a scale of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from kpi import formats
from kpi.charts.drawing import Drawing, Trace, bars_of, hover_text
from kpi.charts.kept import kept
from kpi.charts.panels import show_time
from kpi.charts.point import Point
from kpi.charts.theme import Look, figure, look
from kpi.i18n import _
from kpi.model import Unit

_HEIGHT, _FOOT = 128, 40


@dataclass(frozen=True)
class Strip:
    """One number along the axis.

    `target` is a dashed line, named `target_label` beside the title; `named` are the places whose value is written
    (the last one too); `out` those that stand out.
    """

    title: str
    points: tuple[Point, ...]
    unit: Unit
    target: float | None = None
    target_label: str = ""
    named: tuple[int, ...] = ()
    out: tuple[int, ...] = ()


@kept
def stacked(strips: Sequence[Strip], *, theme: str = "light") -> Drawing:
    """The strips below each other, each with its name above it, over one axis.

    A click gives the point's key.
    """
    of = look(theme)
    count = max(len(strips), 1)
    made = figure(
        [_bars(strip, place, of) for place, strip in enumerate(strips)], of, _FOOT + _HEIGHT * count
    )
    layout: dict[str, Any] = {}
    for place, strip in enumerate(strips):
        known = [p.value for p in strip.points if p.value is not None]
        top = max([*known, strip.target or 0.0], default=1) or 1
        upper, lower = 1 - place / count, 1 - (place + 1) / count
        layout["yaxis" if place == 0 else f"yaxis{place + 1}"] = {
            "domain": [lower + 0.03, upper - 0.22 / count], "range": [0, 1.28 * top],
            "showticklabels": False, "showgrid": False, "zeroline": True, "zerolinecolor": of.grid,
            "fixedrange": True, "anchor": "x",
        }  # fmt: skip
        made.add_annotation(
            text=_title(strip, of), xref="paper", yref="paper", x=0,
            y=upper, xanchor="left", yanchor="top", showarrow=False,
            font={"color": of.ink, "size": 13},
        )  # fmt: skip
        if strip.target is not None:
            _target(made, strip.target, place, of)
    made.update_layout(**layout, margin={"t": 6, "b": 20}, bargap=0)
    made.update_xaxes(anchor="y" if count == 1 else f"y{count}")
    if strips:
        show_time(made, strips[0].points)
    return made


def _title(strip: Strip, of: Look) -> str:
    """Its name, and what the dashed line is."""
    name = f"<b>{escape(strip.title, quote=False)}</b>"
    if not strip.target_label:
        return name
    return f'{name}  <span style="color:{of.quiet}">- - {escape(strip.target_label, quote=False)}</span>'


def _bars(strip: Strip, place: int, of: Look) -> Trace:
    told = [i for i, p in enumerate(strip.points) if p.value is not None]
    named = {*strip.named, *strip.out, *told[-1:]}
    texts = [_text(point, strip.unit) for point in strip.points]
    written = of.ink if strip.target is None else of.ground
    return bars_of(
        x=list(range(len(strip.points))),
        y=[point.value for point in strip.points],
        width=0.7,
        yaxis="y" if place == 0 else f"y{place + 1}",
        marker={
            "color": [_fill(p, i in strip.out, of) for i, p in enumerate(strip.points)],
            "line": {
                "color": of.quiet,
                "width": [1.2 if p.partial or p.too_few else 0 for p in strip.points],
            },
        },
        text=[
            _written(p, text, of) if i in named else ""
            for i, (p, text) in enumerate(zip(strip.points, texts, strict=True))
        ],
        # Above a bar the line of a target would run through its figure.
        textposition="outside" if strip.target is None else "inside",
        insidetextanchor="end",
        cliponaxis=False,
        textangle=0,
        textfont={"color": written, "size": 12},
        hoverinfo="text",
        hovertext=[
            hover_text(p.full, [text, f"n = {formats.number(p.n)}", *_said(p)])
            for p, text in zip(strip.points, texts, strict=True)
        ],
        customdata=[[p.key] for p in strip.points],
    )


def _written(point: Point, text: str, of: Look) -> str:
    """The figure of a column; in a hollow one it cannot have the colour of the ground."""
    text = escape(text, quote=False)
    hollow = point.partial or point.too_few
    return f'<span style="color:{of.ink}">{text}</span>' if hollow else text


def _text(point: Point, unit: Unit) -> str:
    return formats.value(point.value, unit, point.low, point.high)


def _said(point: Point) -> list[str]:
    if point.too_few:
        return [_("too few for a conclusion")]
    return [_("not complete")] if point.partial else []


def _fill(point: Point, out: bool, of: Look) -> str:
    if point.partial or point.too_few:
        return of.ground
    return of.bad if out else of.quiet


def _target(made: Drawing, value: float, place: int, of: Look) -> None:
    axis = "y" if place == 0 else f"y{place + 1}"
    made.add_shape(
        type="line", xref="paper", x0=0, x1=1, yref=axis, y0=value, y1=value,
        line={"color": of.ink, "width": 1, "dash": "4px,4px"},
    )  # fmt: skip
