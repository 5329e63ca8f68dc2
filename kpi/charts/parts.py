"""One bar of a hundred per cent in up to three parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from kpi.charts.drawing import Drawing, bars_of, hover_text
from kpi.charts.kept import kept
from kpi.charts.theme import figure, look


@dataclass(frozen=True)
class Part:
    """One part of a whole: `share` from 0 to 100, and the lines that name it."""

    share: float
    figure: str
    label: str
    under: str = ""
    #: What a click on it tells.
    key: str = ""


@kept
def parts(whole: Sequence[Part], *, theme: str = "light") -> Drawing:
    """One bar of a hundred per cent in up to three parts; the first is the one that matters."""
    of = look(theme)
    fills = (of.ink, of.quiet, of.grid)
    traces = [
        bars_of(
            orientation="h",
            x=[part.share],
            y=[0],
            width=0.9,
            marker={"color": fill, "line": {"color": of.ground, "width": 2}},
            hoverinfo="text",
            hovertext=hover_text(part.label, [part.figure]),
            customdata=[[part.key]],
        )
        for part, fill in zip(whole, fills, strict=False)
    ]
    made = figure(traces, of, 112)
    made.update_layout(barmode="stack", margin={"t": 0, "b": 66, "l": 0, "r": 0})
    made.update_xaxes(range=[0, 100], showticklabels=False)
    made.update_yaxes(showticklabels=False, showgrid=False, range=[-0.5, 0.5])
    start = 0.0
    for place, part in enumerate(whole):
        # The outer ones at the ends, so that names never lie over one another.
        last = place == len(whole) - 1 and place > 0
        anchor = "left" if place == 0 else "right" if last else "center"
        middle = min(max(start + part.share / 2, 38), 62)
        made.add_annotation(
            text="<br>".join([f"<b>{escape(part.figure, quote=False)}</b>", escape(part.label, quote=False), escape(part.under, quote=False)]),
            x={"left": 0, "right": 100, "center": middle}[anchor],
            y=0, yref="paper", yanchor="top", xanchor=anchor, align=anchor,
            showarrow=False, font={"color": of.ink, "size": 13},
        )  # fmt: skip
        start += part.share
    return made
