"""Lying bars with their running share, one bar of a hundred per cent, pairs of dots, and columns.

Nothing here is told by colour alone: what grew carries ▲ and what it was, what is unknown is
hollow, what is compared with is a small upright mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go

from kpi import formats
from kpi.charts.keys import Key, explain
from kpi.charts.theme import Look, figure, look
from kpi.charts.trend import Point

#: Height of a row and of what stands above the rows, in pixels.
_ROW, _HEAD = 40, 30
#: Within a row (1 high): the name above, what is drawn below it.
_DRAWN, _NAME, _THICK = 0.23, 0.0, 0.36


@dataclass(frozen=True)
class Bar:
    """One bar of a Pareto.

    `value` is its length and `end` the figures at its end; `together` the share of it and all
    above it; `before` where it ended in the earlier period. `id` is given back on a click.
    `grew` stands out; `apart` is what is not ranked (unknown, the rest); `facts` are read on hover.
    """

    id: str
    label: str
    value: float
    end: str
    together: str = ""
    before: float | None = None
    grew: bool = False
    apart: bool = False
    chosen: bool = False
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part of a whole: `share` from 0 to 100, and the lines that name it."""

    share: float
    figure: str
    label: str
    under: str = ""


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
    facts: tuple[str, ...] = ()


def pareto(
    bars: Sequence[Bar], *, together: str = "", key: Key | None = None, theme: str = "light"
) -> go.Figure:
    """Bars in the order given, the first on top; `together` heads the running shares, if any.

    `key` says above them what each kind of bar means, of those that there are.

    A click gives the bar's `id` as customdata.
    """
    of = look(theme)
    some = any(bar.chosen for bar in bars)
    drawn = go.Bar(
        orientation="h",
        y=[place + _DRAWN for place in range(len(bars))],
        x=[bar.value for bar in bars],
        customdata=[bar.id for bar in bars],
        width=_THICK,
        marker={
            "color": [_fill(bar, of) for bar in bars],
            "opacity": [1.0 if bar.chosen or not some else 0.4 for bar in bars],
            "line": {
                "color": [of.quiet if bar.apart else _fill(bar, of) for bar in bars],
                "width": [1.2 if bar.apart else 0 for bar in bars],
            },
        },
        # A click chooses; it is not to fade the others on its own.
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        hoverinfo="text",
        hovertext=[_hover(bar.label, bar.facts) for bar in bars],
    )
    # Behind the bar and behind its mark, whichever ends last.
    ends = go.Scatter(
        x=[max(bar.value, bar.before or 0) for bar in bars],
        y=[place + _DRAWN for place in range(len(bars))],
        # A small bar is hard to hit: its figures can be clicked too.
        customdata=[bar.id for bar in bars],
        mode="text",
        text=[f"\u00a0\u00a0{escape(bar.end, quote=False)}" for bar in bars],
        textposition="middle right",
        textfont={"color": of.ink, "size": 13},
        cliponaxis=False,
        hoverinfo="none",
    )
    made = figure([drawn, *_marks(bars, of), ends], of, _HEAD + _ROW * max(len(bars), 1))
    longest = max((max(bar.value, bar.before or 0) for bar in bars), default=0) or 1
    _rows(made, [_bold(bar.label, bar.chosen) for bar in bars], of)
    made.update_xaxes(range=[0, longest], domain=[0, 0.42], showticklabels=False)
    made.update_layout(margin={"t": 24, "b": 4}, bargap=0)
    if together:
        _column(made, [escape(bar.together, quote=False) for bar in bars], together, of)
    if key is not None:
        ranked = [bar for bar in bars if not bar.apart]
        explain(
            made,
            [
                (of.bad, "■ ▲", key.grew if any(bar.grew for bar in ranked) else ""),
                (of.quiet, "■", key.other if any(not bar.grew for bar in ranked) else ""),
                (of.quiet, "□", key.apart if len(ranked) < len(bars) else ""),
                (of.ink, "|", key.before if any(bar.before is not None for bar in bars) else ""),
            ],
            of,
        )
    return made


def _fill(bar: Bar, of: Look) -> str:
    if bar.apart:
        return of.ground
    return of.bad if bar.grew else of.quiet


def _marks(bars: Sequence[Bar], of: Look) -> list[Any]:
    known = [(place, bar) for place, bar in enumerate(bars) if bar.before is not None]
    if not known:
        return []
    return [
        go.Scatter(
            x=[bar.before for _place, bar in known],
            y=[place + _DRAWN for place, _bar in known],
            mode="markers",
            marker={"symbol": "line-ns", "size": 15, "line": {"color": of.ink, "width": 2}},
            hoverinfo="skip",
        )
    ]


def _rows(made: go.Figure, labels: Sequence[str], of: Look) -> None:
    """Names the rows, the first on top, each above what is drawn: so a long name has the room."""
    made.update_yaxes(range=[len(labels) - 0.5, -0.5], showticklabels=False, showgrid=False)
    for place, label in enumerate(labels):
        made.add_annotation(
            text=label, xref="paper", x=0, xanchor="left", y=place + _NAME, yanchor="bottom",
            showarrow=False, font={"color": of.ink, "size": 13}, borderpad=0,
        )  # fmt: skip


def _bold(label: str, so: bool = False) -> str:
    text = escape(label, quote=False)
    return f"<b>{text}</b>" if so else text


def _column(made: go.Figure, texts: Sequence[str], head: str, of: Look) -> None:
    """Figures at the right of the names, where nothing drawn can reach them."""
    shared: dict[str, Any] = {"xref": "paper", "x": 1, "xanchor": "right", "showarrow": False}
    for place, text in enumerate(texts):
        made.add_annotation(
            text=text,
            y=place + _NAME,
            yanchor="bottom",
            font={"color": of.quiet, "size": 13},
            **shared,
        )
    made.add_annotation(
        text=escape(head, quote=False), yref="paper", y=1, yanchor="bottom",
        font={"color": of.quiet, "size": 12}, **shared,
    )  # fmt: skip


def _hover(title: str, facts: Sequence[str]) -> str:
    return "<br>".join(
        [f"<b>{escape(title, quote=False)}</b>", *(escape(fact, quote=False) for fact in facts)]
    )


def parts(whole: Sequence[Part], *, theme: str = "light") -> go.Figure:
    """One bar of a hundred per cent in up to three parts; the first is the one that matters."""
    of = look(theme)
    fills = (of.ink, of.quiet, of.grid)
    traces = [
        go.Bar(
            orientation="h",
            x=[part.share],
            y=[0],
            width=0.9,
            marker={"color": fill, "line": {"color": of.ground, "width": 2}},
            hoverinfo="text",
            hovertext=_hover(part.label, [part.figure]),
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


def pairs(rows: Sequence[Pair], *, filled: str, hollow: str, theme: str = "light") -> go.Figure:
    """Per row, in percent, a filled dot with its interval and a hollow one; the head says which."""
    of = look(theme)
    traces: list[Any] = []
    for place, row in enumerate(rows):
        ink = of.bad if row.stands_out else of.quiet if row.pale else of.ink
        pale = 0.45 if row.pale else 1.0
        if row.low is not None and row.high is not None:
            traces.append(
                go.Scatter(
                    x=[row.low, row.high], y=[place + _DRAWN, place + _DRAWN], mode="lines", opacity=pale,
                    line={"color": ink, "width": 3 if row.stands_out else 2}, hoverinfo="skip",
                )
            )  # fmt: skip
        traces.append(
            go.Scatter(
                x=[row.other, row.value], y=[place + _DRAWN, place + _DRAWN], mode="markers", opacity=pale,
                marker={
                    "color": [of.ground, ink], "size": 11, "opacity": 1, "line": {"color": ink, "width": 2},
                },
                hoverinfo="text", hovertext=_hover(row.label, row.facts),
            )
        )  # fmt: skip
    made = figure(traces, of, _HEAD + 26 + _ROW * max(len(rows), 1))
    highest = max((n for r in rows for n in (r.high, r.value, r.other) if n is not None), default=1)
    _rows(made, [_bold(row.label, row.stands_out) for row in rows], of)
    made.update_xaxes(
        range=[-0.02 * highest, 1.04 * highest], showgrid=True, tickangle=0,
        gridcolor=of.grid, nticks=5, ticksuffix=formats.percent(1).removeprefix("1"),
    )  # fmt: skip
    made.update_layout(margin={"t": 26, "b": 24})
    _column(made, [escape(row.end, quote=False) for row in rows], "", of)
    made.add_annotation(
        text=f"● {escape(filled, quote=False)}   ○ {escape(hollow, quote=False)}",
        xref="paper", yref="paper", x=0, y=1, xanchor="left", yanchor="bottom",
        showarrow=False, font={"color": of.quiet, "size": 12},
    )  # fmt: skip
    return made


def panels(
    groups: Sequence[tuple[str, Sequence[Point]]],
    texts: Sequence[Sequence[str]],
    peaks: Sequence[Sequence[int]] = (),
    *,
    theme: str = "light",
) -> go.Figure:
    """One row of columns per group, all on one scale and one time axis; the name stands above it.

    `texts` are the figures of the columns: those of `peaks` (places, per group), of the highest
    and of the last are written. Peaks stand out; an unfinished period is hollow.
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
            go.Bar(
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
                    _hover(p.full, [text, f"n = {p.n}"]) for p, text in zip(points, said, strict=True)
                ],
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
        _time_axis(made, groups[0][1])
    return made


def _column_fill(point: Point, peak: bool, of: Look) -> str:
    if point.partial:
        return of.ground
    return of.bad if peak else of.quiet


def _time_axis(made: go.Figure, points: Sequence[Point]) -> None:
    step = max(1, -(-len(points) // 13))
    shown = sorted(list(range(len(points)))[::-1][::step])
    made.update_xaxes(
        tickmode="array", tickvals=shown, ticktext=[points[i].label for i in shown],
        range=[-0.6, max(len(points), 1) - 0.4],
    )  # fmt: skip


def flow(
    came: Sequence[Point],
    went: Sequence[Point],
    *,
    came_label: str,
    went_label: str,
    theme: str = "light",
) -> go.Figure:
    """Columns up for who came and down for who went, with their figures; unfinished are hollow."""
    of = look(theme)
    traces = []
    for points, sign, fill in ((came, 1, of.quiet), (went, -1, of.ink)):
        traces.append(
            go.Bar(
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
                hovertext=[_hover(p.full, [formats.number(p.value)]) for p in points],
            )
        )  # fmt: skip
    most = max((p.value or 0 for p in (*came, *went)), default=1) or 1
    made = figure(traces, of, 300)
    made.update_layout(barmode="overlay", bargap=0, margin={"t": 26, "b": 24})
    made.update_yaxes(
        range=[-1.25 * most, 1.25 * most], showticklabels=False, showgrid=False,
        zeroline=True, zerolinecolor=of.quiet, zerolinewidth=1,
    )  # fmt: skip
    _time_axis(made, came)
    for label, y, anchor in ((came_label, 1, "bottom"), (went_label, 0.0, "bottom")):
        made.add_annotation(
            text=f"<b>{escape(label, quote=False)}</b>", xref="paper", yref="paper", x=0, y=y,
            xanchor="left", yanchor=anchor, showarrow=False, font={"color": of.ink, "size": 13},
        )  # fmt: skip
    return made
