"""Lying bars with their running share.

Nothing here is told by colour alone: what grew carries ▲ and what it was, what is unknown is
hollow, what is compared with is a small upright mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from kpi.charts.drawing import Drawing, bars_of, scatter_of
from kpi.charts.kept import kept
from kpi.charts.keys import Key, explain
from kpi.charts.rows import DRAWN, HEAD, ROW, bold, hover_text, show_column, show_rows
from kpi.charts.theme import Look, figure, look

_THICK = 0.36
#: How full the others are beside a chosen one: paler, and still 3 : 1 against the ground.
_BESIDE = 0.72
#: What the edge of a bar stands out before zero, of the longest one.
_EDGE = 0.006


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


@kept
def pareto(
    bars: Sequence[Bar], *, together: str = "", key: Key | None = None, theme: str = "light"
) -> Drawing:
    """Bars in the order given, the first on top; `together` heads the running shares, if any.

    `key` says above them what each kind of bar means, of those that there are.

    A click gives the bar's `id` as customdata.
    """
    of = look(theme)
    some = any(bar.chosen for bar in bars)
    drawn = bars_of(
        orientation="h",
        y=[place + DRAWN for place in range(len(bars))],
        x=[bar.value for bar in bars],
        customdata=[bar.id for bar in bars],
        width=_THICK,
        marker={
            "color": [_fill(bar, of) for bar in bars],
            "opacity": [1.0 if bar.chosen or not some else _BESIDE for bar in bars],
            "line": {
                "color": [of.quiet if bar.apart else _fill(bar, of) for bar in bars],
                "width": [1.2 if bar.apart else 0 for bar in bars],
            },
        },
        hoverinfo="text",
        # With what it ends in: that is covered by what is read when pointed at.
        hovertext=[hover_text(bar.label, [bar.end, *bar.facts]) for bar in bars],
    )
    # Behind the bar and behind its mark, whichever ends last.
    ends = scatter_of(
        x=[max(bar.value, bar.before or 0) for bar in bars],
        y=[place + DRAWN for place in range(len(bars))],
        # A small bar is hard to hit: its figures can be clicked too.
        customdata=[bar.id for bar in bars],
        mode="text",
        text=[f"\u00a0\u00a0{escape(bar.end, quote=False)}" for bar in bars],
        textposition="middle right",
        textfont={"color": of.ink, "size": 13},
        cliponaxis=False,
        hoverinfo="none",
    )
    made = figure([drawn, *_marks(bars, of), ends], of, HEAD + ROW * max(len(bars), 1))
    longest = max((max(bar.value, bar.before or 0) for bar in bars), default=0) or 1
    show_rows(made, [bold(bar.label, bar.chosen) for bar in bars], of)
    # A little before zero: else the near edge of a hollow bar is cut off.
    made.update_xaxes(range=[-_EDGE * longest, longest], domain=[0, 0.42], showticklabels=False)
    made.update_layout(margin={"t": 24, "b": 4}, bargap=0)
    if together:
        show_column(made, [escape(bar.together, quote=False) for bar in bars], together, of)
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
    if bar.grew:
        return of.bad
    return of.ink if bar.chosen else of.quiet


def _marks(bars: Sequence[Bar], of: Look) -> list[Any]:
    known = [(place, bar) for place, bar in enumerate(bars) if bar.before is not None]
    if not known:
        return []
    return [
        scatter_of(
            x=[bar.before for _place, bar in known],
            y=[place + DRAWN for place, _bar in known],
            mode="markers",
            marker={"symbol": "line-ns", "size": 15, "line": {"color": of.ink, "width": 2}},
            hoverinfo="skip",
        )
    ]
