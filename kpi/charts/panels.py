"""Rows of columns on one scale and one time axis: groups over time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from kpi import formats
from kpi.charts.drawing import Drawing, bars_of, hover_text
from kpi.charts.kept import kept
from kpi.charts.point import Point
from kpi.charts.theme import Look, figure, look


@kept
def panels(
    groups: Sequence[tuple[str, Sequence[Point]]],
    texts: Sequence[Sequence[str]],
    peaks: Sequence[Sequence[int]] = (),
    *,
    theme: str = "light",
) -> Drawing:
    """One row of columns per group, all on one scale and one time axis; the name stands above it.

    `texts` are the figures of the columns: those of `peaks` (places, per group), of the highest
    and of the last are written. Peaks stand out; an unfinished period is hollow. A click gives the
    point's key.
    """
    of = look(theme)
    known = [p.value for _title, points in groups for p in points if p.value is not None]
    top = max(known, default=1) or 1
    traces: list[Any] = []
    for place, ((_title, points), said) in enumerate(zip(groups, texts, strict=True)):
        out = set(peaks[place]) if place < len(peaks) else set()
        told = [i for i, p in enumerate(points) if p.value is not None]
        named = {*out, *told[-1:], *sorted(told, key=lambda i: -(points[i].value or 0))[:1]}
        traces.append(
            bars_of(
                x=list(range(len(points))), y=[p.value for p in points], width=0.7,
                yaxis="y" if place == 0 else f"y{place + 1}",
                marker={
                    "color": [_column_fill(p, i in out, of) for i, p in enumerate(points)],
                    "line": {"color": of.quiet, "width": [1.2 if p.partial else 0 for p in points]},
                },
                text=[
                    escape(text, quote=False) if i in named else ""
                    for i, text in enumerate(said)
                ],
                textposition="outside", cliponaxis=False, textangle=0,
                textfont={"color": of.ink, "size": 12}, hoverinfo="text",
                hovertext=[
                    hover_text(p.full, [text, f"n = {formats.number(p.n)}"]) for p, text in zip(points, said, strict=True)
                ],
                customdata=[[p.key] for p in points],
            )
        )  # fmt: skip
    count = max(len(groups), 1)
    made = figure(traces, of, 40 + 112 * count)
    layout: dict[str, Any] = {}
    for place, (title, _points) in enumerate(groups):
        upper, lower = 1 - place / count, 1 - (place + 1) / count
        layout["yaxis" if place == 0 else f"yaxis{place + 1}"] = {
            "domain": [lower + 0.02, upper - 0.18 / count], "range": [0, 1.3 * top],
            "showticklabels": False, "showgrid": False, "zeroline": True, "zerolinecolor": of.grid,
            "fixedrange": True, "anchor": "x",
        }  # fmt: skip
        made.add_annotation(
            text=f"<b>{escape(title, quote=False)}</b>", xref="paper", yref="paper", x=0, y=upper,
            xanchor="left", yanchor="top", showarrow=False, font={"color": of.ink, "size": 13},
        )  # fmt: skip
    made.update_layout(**layout, margin={"t": 6, "b": 20}, bargap=0)
    # The time axis belongs below the last of them.
    made.update_xaxes(anchor="y" if count == 1 else f"y{count}")
    if groups:
        show_time(made, groups[0][1])
    return made


def _column_fill(point: Point, peak: bool, of: Look) -> str:
    if point.partial:
        return of.ground
    return of.bad if peak else of.quiet


def show_time(made: Drawing, points: Sequence[Point]) -> None:
    """Thirteen periods at most are named, the last one always."""
    step = max(1, -(-len(points) // 13))
    shown = sorted(list(range(len(points)))[::-1][::step])
    made.update_xaxes(
        tickmode="array", tickvals=shown, ticktext=[points[i].label for i in shown],
        range=[-0.6, max(len(points), 1) - 0.4],
    )  # fmt: skip
