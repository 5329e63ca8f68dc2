"""Columns up for who came and down for who went."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kpi import formats
from kpi.charts.drawing import Drawing, bars_of, hover_text
from kpi.charts.kept import kept
from kpi.charts.panels import show_time
from kpi.charts.point import Point
from kpi.charts.theme import figure, look


@kept
def flow(
    came: Sequence[Point],
    went: Sequence[Point],
    *,
    came_label: str,
    went_label: str,
    theme: str = "light",
) -> Drawing:
    """Columns up for who came and down for who went, with their figures; unfinished are hollow.

    A click gives the point's key.
    """
    of = look(theme)
    traces = []
    for points, sign, fill in ((came, 1, of.quiet), (went, -1, of.ink)):
        traces.append(
            bars_of(
                x=list(range(len(points))),
                y=[None if p.value is None else sign * p.value for p in points],
                width=0.7,
                marker={
                    "color": [of.ground if p.partial else fill for p in points],
                    "line": {"color": fill, "width": [1.2 if p.partial else 0 for p in points]},
                },
                text=["" if p.value is None else formats.number(p.value) for p in points],
                textposition="outside", cliponaxis=False, textangle=0,
                textfont={"color": of.ink, "size": 12}, hoverinfo="text",
                hovertext=[hover_text(p.full, [formats.number(p.value)]) for p in points],
                customdata=[[p.key] for p in points],
            )
        )  # fmt: skip
    most = max((p.value or 0 for p in (*came, *went)), default=1) or 1
    made = figure(traces, of, 300)
    made.update_layout(barmode="overlay", bargap=0, margin={"t": 26, "b": 24})
    made.update_yaxes(
        range=[-1.25 * most, 1.25 * most], showticklabels=False, showgrid=False,
        zeroline=True, zerolinecolor=of.quiet, zerolinewidth=1,
    )  # fmt: skip
    show_time(made, came)
    for label, y, anchor in ((came_label, 1, "bottom"), (went_label, 0.0, "bottom")):
        made.add_annotation(
            text=f"<b>{escape(label, quote=False)}</b>", xref="paper", yref="paper", x=0, y=y,
            xanchor="left", yanchor=anchor, showarrow=False, font={"color": of.ink, "size": 13},
        )  # fmt: skip
    return made
