"""Two values per row as dots: one with its interval, and one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from kpi import formats
from kpi.charts.drawing import Drawing, scatter_of
from kpi.charts.kept import kept
from kpi.charts.rows import DRAWN, HEAD, ROW, bold, hover_text, show_column, show_rows
from kpi.charts.theme import figure, look


@dataclass(frozen=True)
class Pair:
    """A value with its interval (filled dot) beside another (hollow dot); `end` says both."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    other: float | None
    end: str
    #: Too few to judge: drawn pale.
    pale: bool = False
    stands_out: bool = False
    #: What is read when the one and the other are pointed at.
    facts: tuple[str, ...] = ()
    other_facts: tuple[str, ...] = ()
    #: What a click on the one and on the other tells; empty: nothing is chosen by it.
    key: str = ""
    other_key: str = ""


@kept
def pairs(rows: Sequence[Pair], *, filled: str, hollow: str, theme: str = "light") -> Drawing:
    """Per row, in percent, a filled dot with its interval and a hollow one; the head says which.

    A click gives the key of the dot.
    """
    of = look(theme)
    traces: list[Any] = []
    for place, row in enumerate(rows):
        ink = of.bad if row.stands_out else of.quiet if row.pale else of.ink
        pale = 0.45 if row.pale else 1.0
        if row.low is not None and row.high is not None:
            traces.append(
                scatter_of(
                    x=[row.low, row.high], y=[place + DRAWN, place + DRAWN], mode="lines", opacity=pale,
                    line={"color": ink, "width": 3 if row.stands_out else 2}, hoverinfo="skip",
                )
            )  # fmt: skip
        traces.append(
            scatter_of(
                x=[row.other, row.value], y=[place + DRAWN, place + DRAWN], mode="markers", opacity=pale,
                marker={
                    "color": [of.ground, ink], "size": 11, "opacity": 1, "line": {"color": ink, "width": 2},
                },
                hoverinfo="text",
                hovertext=[
                    hover_text(row.label, [f"○ {hollow}", *row.other_facts]),
                    hover_text(row.label, [f"● {filled}", *row.facts]),
                ],
                customdata=[[row.other_key], [row.key]],
            )
        )  # fmt: skip
    made = figure(traces, of, HEAD + 26 + ROW * max(len(rows), 1))
    highest = max((n for r in rows for n in (r.high, r.value, r.other) if n is not None), default=1)
    show_rows(made, [bold(row.label, row.stands_out) for row in rows], of)
    made.update_xaxes(
        range=[-0.02 * highest, 1.04 * highest], showgrid=True, tickangle=0,
        gridcolor=of.grid, nticks=5, ticksuffix=formats.percent(1).removeprefix("1"),
    )  # fmt: skip
    made.update_layout(margin={"t": 26, "b": 24})
    show_column(made, [escape(row.end, quote=False) for row in rows], of)
    made.add_annotation(
        text=f"● {escape(filled, quote=False)}   ○ {escape(hollow, quote=False)}",
        xref="paper", yref="paper", x=0, y=1, xanchor="left", yanchor="bottom",
        showarrow=False, font={"color": of.quiet, "size": 12},
    )  # fmt: skip
    return made
